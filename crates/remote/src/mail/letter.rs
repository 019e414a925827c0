//! From a letter to the bytes on the wire. The same letter always makes the same bytes.

use std::time::{Duration, SystemTime};

use lettre::{
    Message,
    message::{Mailbox, MultiPart, SinglePart, header},
};

/// One letter to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The part of the Message-ID before the `@`: the same in every attempt.
    pub id: String,
    /// When it was written, in seconds since 1970.
    pub written_at: u64,
    /// One plain address.
    pub to: String,
    /// The language of the texts: `ru`, `kk`, `en`.
    pub language: String,
    /// The subject, any script.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// A letter that cannot be put into bytes: the address or a header is not what it should be.
#[derive(Debug, thiserror::Error)]
#[error("the letter cannot be written: {0}")]
pub(super) struct Unwritable(String);

impl Letter {
    /// The letter as RFC 5322 bytes in 7 bit, with its envelope.
    pub(super) fn compose(&self, from: &Mailbox) -> Result<Message, Unwritable> {
        let to = self
            .to
            .parse()
            .map_err(|error| Unwritable(format!("recipient: {error}")))?;
        if self.id.is_empty()
            || !self
                .id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        {
            return Err(Unwritable("message id".into()));
        }
        // A line break in a subject would begin a header of somebody else's choice.
        let subject: String = self
            .subject
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let body = MultiPart::alternative()
            .boundary(format!("=_{}", self.id))
            .singlepart(self.part(header::ContentType::TEXT_PLAIN, &self.text))
            .singlepart(self.part(header::ContentType::TEXT_HTML, &self.html));
        Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .date(SystemTime::UNIX_EPOCH + Duration::from_secs(self.written_at))
            .message_id(Some(format!("<{}@{}>", self.id, from.email.domain())))
            .header(AutoSubmitted)
            .multipart(body)
            .map_err(|error| Unwritable(error.to_string()))
    }

    fn part(&self, kind: header::ContentType, text: &str) -> SinglePart {
        SinglePart::builder()
            .header(kind)
            .header(ContentLanguage(self.language.clone()))
            .body(text.to_owned())
    }
}

/// Asks vacation responders not to answer (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".into())
    }
}

/// The language of a part (RFC 3282), for readers that speak it aloud.
#[derive(Clone)]
struct ContentLanguage(String);

impl header::Header for ContentLanguage {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Content-Language")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.into()))
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            id: "0192-abc".into(),
            written_at: 1_795_000_000,
            to: "asan@mail.kz".into(),
            language: "kk".into(),
            subject: "Растау коды: Ә Ғ Қ Ң Ө Ұ Ү Һ І".into(),
            text: "Код 123456\n.\nөз ісіңіз".into(),
            html: "<p>Код <b>123456</b></p>".into(),
        }
    }

    fn bytes(letter: &Letter) -> Result<String, Unwritable> {
        let from = "Личный кабинет <no-reply@city.kz>".parse().unwrap();
        letter
            .compose(&from)
            .map(|message| String::from_utf8(message.formatted()).unwrap())
    }

    #[test]
    fn rendering_is_the_same_bytes_every_time() {
        let first = bytes(&letter()).unwrap();
        assert_eq!(first, bytes(&letter()).unwrap());
        assert!(first.contains("Message-ID: <0192-abc@city.kz>\r\n"), "{first}");
        assert!(first.is_ascii());
        assert!(first.contains("text/plain; charset=utf-8") && first.contains("text/html; charset=utf-8"));
        assert!(first.contains("Content-Language: kk") && first.contains("Auto-Submitted: auto-generated"));
    }

    #[test]
    fn msg_3_no_line_break_reaches_a_header() {
        let subject = "Тема\r\nBcc: evil@x.kz";
        let sent = bytes(&Letter {
            subject: subject.into(),
            ..letter()
        })
        .unwrap();
        let (headers, _) = sent.split_once("\r\n\r\n").unwrap();
        assert!(!headers.lines().any(|line| line.starts_with("Bcc")), "{headers}");
        for to in [
            "v@x.kz\r\nBcc: a@evil.kz",
            "v@x.kz, a@evil.kz",
            "v@x.kz>\r\nRCPT TO:<a@evil.kz",
            "",
        ] {
            assert!(
                bytes(&Letter {
                    to: to.into(),
                    ..letter()
                })
                .is_err(),
                "{to:?}"
            );
        }
        for id in ["", "a>\r\nBcc: x", "a b"] {
            assert!(
                bytes(&Letter {
                    id: id.into(),
                    ..letter()
                })
                .is_err(),
                "{id:?}"
            );
        }
    }
}
