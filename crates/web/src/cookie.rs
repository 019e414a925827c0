//! The cookies of this site. All are `__Host-`: no sibling host, path or plain-text page can set or read them.

use axum::http::{HeaderMap, HeaderValue, header};

/// The session of a person who is signed in; ends with the browser.
pub(crate) const SESSION: &str = "__Host-kabinet";
/// The mark of this browser: unfinished acts are bound to it, and a device is known by it.
pub(crate) const BROWSER: &str = "__Host-kabinet-browser";
/// What the tokens of forms are made of; replaced at every sign-in and sign-out.
pub(crate) const FORM: &str = "__Host-kabinet-form";
/// The language chosen on a page.
pub(crate) const LANGUAGE: &str = "__Host-kabinet-language";
/// The code of the organisation chosen last on this device (B-7.a).
pub(crate) const ORGANISATION: &str = "__Host-kabinet-organisation";
/// The form that waits for a fresh proof.
pub(crate) const DRAFT: &str = "__Host-kabinet-draft";
/// A first proof that waits for its second factor.
pub(crate) const ENTRY: &str = "__Host-kabinet-entry";
/// A page that waits for a signature from a phone.
pub(crate) const PHONE: &str = "__Host-kabinet-phone";
/// A recovery under way.
pub(crate) const RECOVERY: &str = "__Host-kabinet-recovery";
/// The token of a link from a message, taken out of the address.
pub(crate) const LINK: &str = "__Host-kabinet-link";

/// Who came from a provider and is to be linked.
pub(crate) const LINKING: &str = "__Host-kabinet-linking";

/// A certificate that no account holds, and that waits for the proof of one.
pub(crate) const CERTIFICATE: &str = "__Host-kabinet-certificate";

/// A merge of two accounts that was begun.
pub(crate) const MERGING: &str = "__Host-kabinet-merging";

const YEAR: u32 = 365 * 24 * 60 * 60;

/// How long a browser keeps a cookie.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Life {
    /// Until it is closed.
    Browser,
    Year,
    /// So many seconds.
    Seconds(u32),
}

/// What all our names begin with.
const OURS: &str = "__Host-kabinet";

/// Our cookies among those of a request.
pub(crate) struct Cookies<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Cookies<'a> {
    pub(crate) fn read(headers: &'a HeaderMap) -> Self {
        let lines = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok());
        let pairs = lines
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim_start().split_once('='))
            .filter(|(name, _)| name.starts_with(OURS));
        Self(pairs.map(|(name, value)| (name, value.trim_end())).collect())
    }

    /// The value of the cookie `name`. Sent twice it is nobody's: the answer to a doubt is no.
    pub(crate) fn find(&self, name: &str) -> Option<&'a str> {
        let mut found = self.0.iter().filter(|(key, _)| *key == name);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }
}

/// `Set-Cookie` for a value of our own alphabet (hexadecimal, codes of languages and organisations); anything else
/// deletes the cookie.
pub(crate) fn set(name: &str, value: &str, life: Life) -> HeaderValue {
    let life = match life {
        Life::Browser => String::new(),
        Life::Year => format!("; Max-Age={YEAR}"),
        Life::Seconds(seconds) => format!("; Max-Age={seconds}"),
    };
    let line = [
        name,
        "=",
        value,
        "; Path=/; Secure; HttpOnly; SameSite=Lax",
        &life,
    ]
    .concat();
    let plain = value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    HeaderValue::try_from(line)
        .ok()
        .filter(|_| plain)
        .unwrap_or_else(|| clear(name))
}

/// `Set-Cookie` that deletes the cookie.
pub(crate) fn clear(name: &str) -> HeaderValue {
    let line = format!("{name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    HeaderValue::try_from(line).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(headers: &HeaderMap, name: &str) -> Option<String> {
        Cookies::read(headers).find(name).map(str::to_owned)
    }

    fn headers(lines: &[&'static str]) -> HeaderMap {
        lines
            .iter()
            .map(|line| (header::COOKIE, HeaderValue::from_static(line)))
            .collect()
    }

    #[test]
    fn ses_2_flags() {
        let cookie = set(SESSION, "ab12", Life::Browser);
        assert_eq!(
            cookie,
            "__Host-kabinet=ab12; Path=/; Secure; HttpOnly; SameSite=Lax"
        );
        assert_eq!(set(SESSION, "a; Domain=evil", Life::Browser), clear(SESSION));
    }

    #[test]
    fn web_9_a_cookie_sent_twice_is_nobodys() {
        assert_eq!(
            find(&headers(&["a=1; __Host-kabinet=x"]), SESSION),
            Some("x".into())
        );
        assert_eq!(
            find(&headers(&["__Host-kabinet=x; __Host-kabinet=y"]), SESSION),
            None
        );
        assert_eq!(
            find(&headers(&["__Host-kabinet=x", "__Host-kabinet=y"]), SESSION),
            None
        );
        assert_eq!(find(&headers(&["__Host-kabinet-browser=x"]), SESSION), None);
        assert_eq!(find(&headers(&[]), SESSION), None);
    }
}
