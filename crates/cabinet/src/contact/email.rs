//! E-mail addresses: one address, plain characters, nothing that a header or a list could be made of.

use std::fmt;

/// RFC 5321: a path of 256 with its brackets.
const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;
const LONGEST_LABEL: usize = 63;

/// One e-mail address, as its owner wrote it (apart from the domain, which is in lower case).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

/// The text is not one plain e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmailError;

/// Reads one address; surrounding white space is forgiven, an empty field means "no address".
///
/// Stricter than RFC 5322 on purpose: no quoting, comments, groups, lists or address literals, so
/// that the text is harmless in any header (PWD-7, MSG-3). Domains in other scripts are accepted
/// in their ASCII form (`xn--…`).
pub fn parse(text: &str) -> Result<Option<Email>, EmailError> {
    let text = text.trim_matches([' ', '\t', '\u{a0}']);
    if text.is_empty() {
        return Ok(None);
    }
    let (local, domain) = text.rsplit_once('@').ok_or(EmailError)?;
    if text.len() > LONGEST || !is_local(local) || !is_domain(domain) {
        return Err(EmailError);
    }
    Ok(Some(Email(format!("{local}@{}", domain.to_ascii_lowercase()))))
}

impl Email {
    /// Takes back what [`Email::as_str`] gave, as a database row holds it.
    pub(super) fn stored(text: String) -> Option<Self> {
        let is_harmless = text.bytes().all(|byte| byte.is_ascii_graphic());
        (is_harmless && text.contains('@')).then_some(Self(text))
    }

    /// The address to write to and to show.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What addresses are compared by: without regard to case (4.4.5).
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Enough to be recognised by its owner and by nobody else: `a***n@mail.kz`.
    pub fn masked(&self) -> String {
        let Some((local, domain)) = self.0.rsplit_once('@') else {
            return "***".into();
        };
        let mut letters = local.chars();
        let first: String = letters.by_ref().take(1).collect();
        let last: String = letters
            .next_back()
            .filter(|_| local.len() > 3)
            .into_iter()
            .collect();
        format!("{first}***{last}@{domain}")
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Dot-atom of RFC 5322.
fn is_local(local: &str) -> bool {
    local.len() <= LONGEST_LOCAL
        && local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.bytes().all(is_atom_byte))
}

fn is_atom_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// At least two labels of letters, digits and inner hyphens; the last is no number.
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = domain.rsplit_once('.').map(|(_, top)| top);
    top.is_some_and(|top| top.len() > 1 && !top.bytes().all(|byte| byte.is_ascii_digit()))
        && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pwd_7_anything_but_one_address_is_refused() {
        let long = format!("{}@example.kz", "a".repeat(65));
        let longer = format!("a@{}kz", "label.".repeat(50));
        let wrong = [
            "v@x.kz,a@evil.kz",
            "v@x.kz;a@evil.kz",
            "v@x.kz a@evil.kz",
            "[\"v@x.kz\",\"a@evil.kz\"]",
            "v@x.kz\r\nBcc: a@evil.kz",
            "v@x.kz\nBcc:",
            "v@x.kz%0aBcc:a@evil.kz",
            "Asan <v@x.kz>",
            "<v@x.kz>",
            "\"v w\"@x.kz",
            "v(comment)@x.kz",
            "a@b@x.kz",
            "v@[127.0.0.1]",
            "v@127.0.0.1",
            "v@localhost",
            "v@x..kz",
            ".v@x.kz",
            "v.@x.kz",
            "v@-x.kz",
            "v@x.kz.",
            "v@почта.рф",
            "асан@x.kz",
            "@x.kz",
            "v@",
            "v",
            "v\0@x.kz",
            long.as_str(),
            longer.as_str(),
        ];
        for text in wrong {
            assert_eq!(parse(text), Err(EmailError), "{text:?}");
        }
    }

    #[test]
    fn a_11_an_ordinary_address_is_kept_as_written() {
        for text in [
            "asan.serikov@mail.kz",
            "O'Brien+kz@sub.example.org",
            "a_b-c@xn--e1aybc.xn--p1ai",
            "1@2.kz",
        ] {
            assert_eq!(
                parse(text).map(|email| email.unwrap().to_string()),
                Ok(text.to_owned())
            );
        }
        assert_eq!(
            parse("  Asan@MAIL.kz ").unwrap().unwrap().as_str(),
            "Asan@mail.kz"
        );
        assert_eq!(parse("   "), Ok(None));
    }

    #[test]
    fn pwd_7_a_stored_address_comes_back_or_is_refused() {
        let stored = |text: &str| Email::stored(text.to_owned());
        assert_eq!(stored("Asan@mail.kz"), parse("Asan@mail.kz").unwrap());
        for wrong in [
            "",
            "v",
            "+77075555555",
            "v@x.kz\r\nBcc: a@evil.kz",
            "v w@x.kz",
            "асан@x.kz",
        ] {
            assert_eq!(stored(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn four_4_5_addresses_are_compared_without_regard_to_case() {
        let key = |text: &str| parse(text).unwrap().unwrap().key();
        assert_eq!(key("Asan@Mail.KZ"), key("asan@mail.kz"));
    }

    #[test]
    fn a_12_b_a_masked_address_hides_its_owner() {
        let masked = |text: &str| parse(text).unwrap().unwrap().masked();
        assert_eq!(masked("asan.serikov@mail.kz"), "a***v@mail.kz");
        assert_eq!(masked("abc@mail.kz"), "a***@mail.kz");
    }
}
