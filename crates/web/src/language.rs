//! Which language a visitor reads: as chosen on a page, else as the browser asks, else the installation's.

use axum::http::{HeaderMap, header};
use cabinet::account::Language;
use text::Lang;

use crate::cookie::{self, Cookies};

/// The language chosen on a page of this browser.
pub(crate) fn chosen(cookies: &Cookies<'_>) -> Option<Language> {
    cookies.find(cookie::LANGUAGE).and_then(from_code)
}

/// The best language of `Accept-Language` that there is.
pub(crate) fn preferred(headers: &HeaderMap) -> Option<Language> {
    let line = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best = None;
    for range in line.split(',').take(20) {
        let (tag, weight) = range.split_once(";q=").unwrap_or((range, "1"));
        let weight: f32 = weight.trim().parse().unwrap_or(0.0);
        let Some(language) = from_code(tag.trim().split('-').next().unwrap_or_default()) else {
            continue;
        };
        if weight > best.map_or(0.0, |(weight, _)| weight) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

pub(crate) fn from_code(code: &str) -> Option<Language> {
    match code {
        "ru" => Some(Language::Ru),
        "kk" => Some(Language::Kk),
        "en" => Some(Language::En),
        _ => None,
    }
}

/// The same language, as the texts name it.
pub(crate) fn lang(language: Language) -> Lang {
    match language {
        Language::Ru => Lang::Ru,
        Language::Kk => Lang::Kk,
        Language::En => Lang::En,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_browsers_order_counts() {
        let preferred = |line: &'static str| {
            preferred(&HeaderMap::from_iter([(
                header::ACCEPT_LANGUAGE,
                HeaderValue::from_static(line),
            )]))
        };
        assert_eq!(preferred("kk-KZ,kk;q=0.9,ru;q=0.8"), Some(Language::Kk));
        assert_eq!(preferred("de, en;q=0.3, ru;q=0.7"), Some(Language::Ru));
        assert_eq!(preferred("de"), None);
        assert_eq!(preferred("ru;q=0, en;q=x"), None);
        assert_eq!(preferred(";;;,,,q=1"), None);
    }
}
