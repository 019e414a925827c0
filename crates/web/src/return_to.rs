//! Where a person lands after sign-in: only ever a page of this site.

use url::Url;

const LIMIT: usize = 1024;

/// A path of this origin, with its query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReturnTo(String);

impl ReturnTo {
    /// `text` as the URL parser reads it from a page of this site; nothing where that is anywhere else, or where
    /// another reader (a proxy that decodes, a lenient browser) might see another site in it.
    pub(crate) fn parse(base: &Url, text: &str) -> Option<Self> {
        let suspicious = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
        if text.len() > LIMIT || !text.starts_with('/') || text.contains(suspicious) {
            return None;
        }
        let url = base.join(text).ok()?;
        let own = url.origin() == base.origin() && url.username().is_empty() && url.password().is_none();
        if !own || leaves_site(url.path()) {
            return None;
        }
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        Some(Self(format!("{}{query}", url.path())))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a path, decoded once or twice by somebody on the way, would read as another site's address.
fn leaves_site(path: &str) -> bool {
    let once = decode(path.as_bytes());
    let twice = decode(&once);
    [path.as_bytes(), &once, &twice].into_iter().any(|path| {
        matches!(path, [b'/', b'/' | b'\\', ..])
            || path.iter().any(|&byte| byte == b'\\' || byte.is_ascii_control())
    })
}

fn decode(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = match (first, tail) {
            (b'%', [high, low, after @ ..]) => hex(*high)
                .zip(hex(*low))
                .map(|(high, low)| (high << 4 | low, after)),
            _ => None,
        };
        let (byte, after) = escaped.unwrap_or((first, tail));
        decoded.push(byte);
        rest = after;
    }
    decoded
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_1_c_oidc_9_only_own_pages() {
        let base = Url::parse("https://kabinet.example/").unwrap();
        let evil = [
            "//evil.example",
            "///evil.example",
            "////evil.example/%2f..",
            "/\\evil.example",
            "\\/evil.example",
            "\\\\evil.example",
            "https:evil.example",
            "https://evil.example/",
            "http://kabinet.example/",
            "https://kabinet.example.evil.example/",
            "https://kabinet.example@evil.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "/%09/evil.example",
            "/%2f%2fevil.example",
            "/%2Fevil.example",
            "/%5cevil.example",
            "/%252f%252fevil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "/%2e/%2e%2e//evil.example",
            "evil.example",
            "",
            "/profile\r\nSet-Cookie: a=b",
            "/\u{2028}/evil.example",
        ];
        for text in evil {
            assert_eq!(ReturnTo::parse(&base, text), None, "{text:?}");
        }
    }

    #[test]
    fn a_1_c_own_pages_are_kept_whole() {
        let base = Url::parse("https://kabinet.example/").unwrap();
        for text in [
            "/",
            "/cabinet",
            "/profile/contacts?tab=1&x=%2F",
            "/help/certificate",
        ] {
            assert_eq!(ReturnTo::parse(&base, text).unwrap().as_str(), text);
        }
        assert_eq!(
            ReturnTo::parse(&base, "/a/../cabinet#x").unwrap().as_str(),
            "/cabinet"
        );
        assert_eq!(ReturnTo::parse(&base, &format!("/{}", "a".repeat(LIMIT))), None);
    }
}
