//! The state between the calls of the page.

use esign::certificate::Certificate;
use esign::cms::claimed_signer;
use esign::cms::sign::{Form, Request, sign};
use esign::pkcs12::{self, Container, Pkcs12Error};
use esign::private_key::Random;
use esign::time::UnixTime;
use esign::verdict::Code;
use zeroize::Zeroizing;

use crate::{json, key};

/// An opened key file and the last answer.
#[derive(Default)]
pub struct Signer {
    opened: Option<Container>,
    buffers: Vec<Zeroizing<Vec<u8>>>,
    answer: Vec<u8>,
}

impl Signer {
    /// A signer without a key file.
    pub const fn new() -> Self {
        Self {
            opened: None,
            buffers: Vec::new(),
            answer: Vec::new(),
        }
    }

    /// Makes room for an argument and says where. The buffer belongs to the signer until a call takes it back.
    pub fn allocate(&mut self, length: usize) -> *mut u8 {
        // one byte more, so that every buffer has an address of its own
        let mut buffer = Zeroizing::new(vec![0; length.saturating_add(1)]);
        buffer.truncate(length);
        let address = buffer.as_mut_ptr();
        self.buffers.push(buffer);
        address
    }

    /// The argument at this address; nothing if there is none.
    pub fn take(&mut self, address: *const u8) -> Zeroizing<Vec<u8>> {
        let position = self.buffers.iter().position(|buffer| buffer.as_ptr() == address);
        position
            .map(|position| self.buffers.swap_remove(position))
            .unwrap_or_default()
    }

    /// Opens a key file. The answer is JSON: `{"keys":[…]}` or `{"code":"key_file.…"}`.
    pub fn open(&mut self, file: &[u8], password: &[u8]) {
        self.opened = None;
        let opened = match std::str::from_utf8(password) {
            Ok(password) => pkcs12::open(file, password),
            Err(_) => Err(Pkcs12Error::WrongPassword),
        };
        let mut text = String::new();
        match opened {
            Ok(container) => {
                json::object(&mut text, |answer| {
                    answer.field("keys", |out| {
                        json::array(out, container.keys.iter().enumerate(), |out, (index, key)| {
                            key::describe(out, index, key);
                        });
                    });
                });
                self.opened = Some(container);
            }
            Err(error) => refuse(&mut text, error.code()),
        }
        self.answer = text.into_bytes();
    }

    /// Reads a certificate of a key that is kept elsewhere. The answer is JSON: `{"key":{…}}` or `{"code":"…"}`.
    pub fn look(&mut self, certificate: &[u8]) {
        self.answer_key(Certificate::parse(certificate).map_err(|_| Code::CertificateMalformed.as_str()));
    }

    /// Reads whose certificate a message over this content names as its signer's. Nothing is verified: the server does
    /// that. The answer is as that of [`Self::look`].
    pub fn look_at_signed(&mut self, message: &[u8], content: &[u8]) {
        self.answer_key(claimed_signer(message, content).map_err(|problem| problem.code().as_str()));
    }

    fn answer_key(&mut self, certificate: Result<Certificate, &'static str>) {
        let mut text = String::new();
        match certificate {
            Ok(certificate) => json::object(&mut text, |answer| {
                answer.field("key", |out| key::describe_elsewhere(out, &certificate));
            }),
            Err(code) => refuse(&mut text, code),
        }
        self.answer = text.into_bytes();
    }

    /// Signs the content, which travels inside the message. On success the answer is the CMS message, otherwise
    /// JSON with a code.
    pub fn sign(&mut self, index: usize, content: &[u8], at: UnixTime, random: Random<'_>) -> bool {
        let signed = self.try_sign(index, content, at, random);
        let success = signed.is_ok();
        self.answer = signed.unwrap_or_else(|code| {
            let mut text = String::new();
            refuse(&mut text, code);
            text.into_bytes()
        });
        success
    }

    fn try_sign(
        &self,
        index: usize,
        content: &[u8],
        at: UnixTime,
        random: Random<'_>,
    ) -> Result<Vec<u8>, &'static str> {
        const NO_KEY: &str = "key_file.no_key";
        let container = self.opened.as_ref().ok_or(NO_KEY)?;
        let key = container.keys.get(index).ok_or(NO_KEY)?;
        if let Some(code) = key::refusal(key) {
            return Err(code);
        }
        let request = Request {
            key: key.private_key.as_ref().ok_or(NO_KEY)?,
            certificate: &key.certificate,
            others: &container.others,
            content,
            at,
            form: Form::Attached,
        };
        sign(&request, random).ok_or(NO_KEY)
    }

    /// The answer to the last call.
    pub fn answer(&self) -> &[u8] {
        &self.answer
    }

    /// Forgets everything.
    pub fn close(&mut self) {
        *self = Self::new();
    }
}

fn refuse(text: &mut String, code: &str) {
    json::object(text, |answer| answer.text("code", code));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_taken_once_and_by_its_own_address() {
        let mut signer = Signer::new();
        let empty = [signer.allocate(0), signer.allocate(0)];
        let filled = signer.allocate(3);
        assert_ne!(empty[0], empty[1]);
        assert_eq!(signer.take(filled).len(), 3);
        assert!(signer.take(filled).is_empty(), "it is gone");
        assert!(signer.take(std::ptr::null()).is_empty());
        assert_eq!(signer.buffers.len(), 2);
    }

    #[test]
    fn nothing_is_signed_before_a_file_is_opened() {
        let mut signer = Signer::new();
        let mut random = |_: &mut [u8]| {};
        assert!(!signer.sign(0, b"text", UnixTime(0), &mut random));
        assert_eq!(signer.answer(), br#"{"code":"key_file.no_key"}"#);
    }
}
