//! Telling files apart, and saying where a broken one breaks.

use esign::asn1::{Error, Reader, Rules, tag};
use esign::certificate::{Certificate, MalformedCode};
use esign::pkcs12::Pkcs12Error;
use esign::verdict::Code;

use super::shape::{self, Break, Field};
use super::sheet::Sheet;
use super::{certificate, container, extension, grammar, message, revocation};

/// What a file may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Certificate,
    RevocationList,
    OcspResponse,
    Message,
    TimeStampResponse,
    Container,
    PrivateKey,
    EncryptedPrivateKey,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Certificate,
        Self::RevocationList,
        Self::OcspResponse,
        Self::Message,
        Self::TimeStampResponse,
        Self::Container,
        Self::PrivateKey,
        Self::EncryptedPrivateKey,
    ];

    const fn grammar(self) -> (&'static Field, Rules) {
        match self {
            Self::Certificate => (&grammar::CERTIFICATE, Rules::Der),
            Self::RevocationList => (&grammar::REVOCATION_LIST, Rules::Der),
            Self::OcspResponse => (&grammar::OCSP_RESPONSE, Rules::Der),
            Self::Message => (&grammar::MESSAGE, Rules::Ber),
            Self::TimeStampResponse => (&grammar::TIME_STAMP_RESPONSE, Rules::Ber),
            Self::Container => (&grammar::CONTAINER, Rules::Ber),
            Self::PrivateKey => (&grammar::PRIVATE_KEY, Rules::Ber),
            Self::EncryptedPrivateKey => (&grammar::ENCRYPTED_PRIVATE_KEY, Rules::Ber),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::RevocationList => "revocation_list",
            Self::OcspResponse => "ocsp_response",
            Self::Message => "cms",
            Self::TimeStampResponse => "time_stamp_response",
            Self::Container => "pkcs12",
            Self::PrivateKey | Self::EncryptedPrivateKey => "private_key",
        }
    }

    /// The code of a structure that is not what the standard says, and the clause that says it.
    const fn rule(self) -> (&'static str, &'static str) {
        match self {
            Self::Certificate => (
                Code::CertificateMalformed.as_str(),
                Code::CertificateMalformed.clause(),
            ),
            Self::Message => (Code::CmsMalformed.as_str(), Code::CmsMalformed.clause()),
            Self::Container => (Pkcs12Error::Malformed.code(), Pkcs12Error::Malformed.clause()),
            Self::RevocationList => ("revocation_list.malformed", "RFC 5280 §5.1"),
            Self::OcspResponse => ("ocsp_response.malformed", "RFC 6960 §4.2.1"),
            Self::TimeStampResponse => ("time_stamp.malformed", "RFC 3161 §2.4.2"),
            Self::PrivateKey => ("private_key.malformed", "RFC 5958 §2"),
            Self::EncryptedPrivateKey => ("private_key.malformed", "RFC 5958 §3"),
        }
    }

    /// That a private key is there, and nothing of it.
    pub(super) fn hidden(self) -> Sheet {
        Sheet::of(self.name()).with("note", "private parts are never shown")
    }

    fn broken(self, offset: usize, place: &str, problem: &str) -> Sheet {
        let (code, clause) = self.rule();
        Sheet::of("broken")
            .with("seems_to_be", self.name())
            .with("code", code)
            .with("clause", clause)
            .with("offset", offset)
            .with("place", place)
            .with("problem", problem)
    }

    fn read(self, bytes: &[u8], password: Option<&str>) -> Result<Sheet, Sheet> {
        let located = |error: Error| self.broken(0, self.grammar().0.name(), &error.to_string());
        match self {
            Self::Certificate => Certificate::parse(bytes)
                .map(|certificate| certificate::sheet(&certificate))
                .map_err(|error| self.broken(refused_at(bytes, error), "Certificate", &error.to_string())),
            Self::RevocationList => revocation::list(bytes).map_err(located),
            Self::OcspResponse => match revocation::inner_break(bytes) {
                Some((start, broken)) => Err(self.broken_at(start, &broken)),
                None => revocation::answer(bytes).map_err(located),
            },
            Self::Message if !message::is_time_stamp(bytes) => message::sheet(bytes).map_err(located),
            Self::Message | Self::TimeStampResponse => match message::inner_break(bytes) {
                Some((start, broken)) => Err(Self::TimeStampResponse.broken_at(start, &broken)),
                None if self == Self::Message => message::time_stamp(bytes).map_err(located),
                None => message::time_stamp_response(bytes).map_err(located),
            },
            Self::Container => container::sheet(bytes, password).map_err(located),
            Self::PrivateKey | Self::EncryptedPrivateKey => Ok(self.hidden()),
        }
    }

    fn broken_at(self, start: usize, broken: &Break) -> Sheet {
        self.broken(
            start + broken.offset,
            &broken.path.join("."),
            &broken.error.to_string(),
        )
    }
}

/// What the bytes are and say; where they are nothing whole, what they are most like and where that breaks.
pub(super) fn sheet(bytes: &[u8], password: Option<&str>) -> Sheet {
    let mut closest: Option<(Kind, Break)> = None;
    for kind in Kind::ALL {
        let (grammar, rules) = kind.grammar();
        match shape::check(grammar, bytes, rules) {
            Ok(()) => return kind.read(bytes, password).unwrap_or_else(|broken| broken),
            Err(broken) => {
                let is_closer = |(_, known): &(Kind, Break)| broken.depth() > known.depth();
                if closest.as_ref().is_none_or(is_closer) {
                    closest = Some((kind, broken));
                }
            }
        }
    }
    match (request(bytes), closest) {
        (Some(problem), _) => unknown(problem),
        (None, Some((kind, broken))) if broken.offset > 0 => kind.broken_at(0, &broken),
        _ => unknown("no certificate, revocation list, OCSP answer, CMS signature, time stamp or PKCS#12"),
    }
}

fn unknown(problem: &str) -> Sheet {
    Sheet::of("unknown")
        .with("code", "file.unknown")
        .with("clause", "X.690 §8.1")
        .with("offset", 0_usize)
        .with("problem", problem)
}

/// What of an authority is asked for, which is easily taken for what it gives.
fn request(bytes: &[u8]) -> Option<&'static str> {
    let requests: [(&Field, &str); 3] = [
        (
            &grammar::CERTIFICATION_REQUEST,
            "a request for a certificate (PKCS#10), not the certificate",
        ),
        (
            &grammar::TIME_STAMP_REQUEST,
            "a request for a time stamp, not the time stamp",
        ),
        (
            &grammar::OCSP_REQUEST,
            "a question to an OCSP responder, not its answer",
        ),
    ];
    let found = requests
        .iter()
        .find(|(grammar, _)| shape::check(grammar, bytes, Rules::Der).is_ok());
    found.map(|(_, what)| *what)
}

/// A PEM block whose text is no base64.
pub(super) fn broken_armour(label: &str) -> Sheet {
    Sheet::of("broken")
        .with("seems_to_be", format!("PEM {}", extension::shown(label)))
        .with("code", "file.unknown")
        .with("clause", "RFC 7468 §2")
        .with("problem", "the text between BEGIN and END is not base64")
}

/// The extension or algorithm that made a well-formed certificate unacceptable.
fn refused_at(der: &[u8], error: MalformedCode) -> usize {
    let offset = |part: &[u8]| part.as_ptr() as usize - der.as_ptr() as usize;
    let find = || -> esign::asn1::Result<usize> {
        let mut outer = Reader::der(der).sequence()?;
        let tbs = outer.element()?;
        if error == MalformedCode::AlgorithmMismatch {
            return Ok(offset(outer.rest()));
        }
        let mut fields = tbs.children()?;
        while fields
            .peek()
            .is_some_and(|found| found != tag::context_constructed(3))
        {
            fields.element()?;
        }
        let mut list = fields.element()?.child()?.sequence()?;
        let mut seen = Vec::new();
        while !list.is_empty() {
            let here = offset(list.rest());
            let extension = extension::read(&mut list)?;
            if seen.contains(&extension.oid) || !extension::is_readable(extension) {
                return Ok(here);
            }
            seen.push(extension.oid);
        }
        Ok(offset(tbs.raw()))
    };
    find().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use esign::algorithm::Hash;
    use esign::provider::native;
    use esign::revocation::OcspRequest;
    use esign::tsp::{Imprint, TimeStampRequest};

    use super::super::sheet::Fact;
    use super::*;

    fn certificate() -> Vec<u8> {
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::new(["example.org".to_owned()])
            .unwrap()
            .self_signed(&key)
            .unwrap();
        certificate.der().to_vec()
    }

    fn text<'a>(sheet: &'a Sheet, key: &str) -> Option<&'a str> {
        match sheet.get(key) {
            Some(Fact::Text(text)) => Some(text),
            _ => None,
        }
    }

    #[test]
    fn a_whole_certificate_is_told_by_its_content() {
        let found = sheet(&certificate(), None);
        assert_eq!(text(&found, "kind"), Some("certificate"));
        assert!(found.get("code").is_none());
    }

    #[test]
    fn cms_10_every_truncation_and_every_wrong_octet_is_answered_with_code_clause_and_place() {
        let whole = certificate();
        for length in 0..whole.len() {
            let found = sheet(&whole[..length], None);
            assert!(text(&found, "code").is_some(), "{length}");
            assert!(text(&found, "clause").is_some(), "{length}");
            let Some(Fact::Number(offset)) = found.get("offset") else {
                panic!("no place at {length}");
            };
            assert!(*offset <= length as u64, "{offset} of {length}");
        }
        for index in 0..whole.len() {
            for wrong in [0x00, 0x30, 0x7f, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[index] = wrong;
                let found = sheet(&bytes, None);
                let placed = found.get("offset").is_some();
                assert_eq!(found.get("code").is_some(), placed, "{wrong:02x} at {index}");
            }
        }
    }

    #[test]
    fn the_place_of_a_break_is_named() {
        let mut bytes = certificate();
        // the tag of notBefore
        let at = bytes
            .windows(2)
            .position(|pair| pair == [tag::UTC_TIME, 13] || pair == [tag::GENERALIZED_TIME, 15])
            .unwrap();
        bytes[at] = tag::INTEGER;
        let found = sheet(&bytes, None);
        assert_eq!(text(&found, "code"), Some("certificate.malformed"));
        assert_eq!(
            text(&found, "place"),
            Some("Certificate.tbsCertificate.validity.notBefore")
        );
        assert!(matches!(found.get("offset"), Some(Fact::Number(offset)) if *offset == at as u64));
    }

    #[test]
    fn what_is_asked_for_is_not_taken_for_the_answer() {
        let problem = |bytes: &[u8]| {
            text(&sheet(bytes, None), "problem")
                .unwrap_or_default()
                .to_owned()
        };
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(["example.org".to_owned()]).unwrap();
        let asked = params.serialize_request(&key).unwrap();
        assert!(problem(asked.der()).starts_with("a request for a certificate"));
        let certificate = Certificate::parse(certificate()).unwrap();
        let asked = OcspRequest::new(&certificate, &certificate, Some([7; 32])).to_der();
        assert!(problem(&asked).starts_with("a question to an OCSP responder"));
        let imprint = Imprint::of(b"", Hash::Sha256, native());
        let asked = TimeStampRequest::new(imprint).with_nonce(&[7; 8]).to_der();
        assert!(problem(&asked).starts_with("a request for a time stamp"));
    }

    #[test]
    fn what_is_nothing_of_this_is_said_so() {
        for bytes in [&b""[..], b"hello", &[0xfe, 0xed, 0xfe, 0xed]] {
            assert_eq!(
                text(&sheet(bytes, None), "code"),
                Some("file.unknown"),
                "{bytes:?}"
            );
        }
    }
}
