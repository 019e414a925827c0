//! How texts get into HTML: nearly all of them hold nothing to escape, so that is looked for first.

use std::fmt;

use askama::filters::{Escaper, Html};

/// The escaper of all templates.
#[derive(Debug, Clone, Copy)]
pub struct Quick;

impl Escaper for Quick {
    fn write_escaped_str<W: fmt::Write>(&self, mut dest: W, text: &str) -> fmt::Result {
        if is_plain(text) {
            dest.write_str(text)
        } else {
            Html.write_escaped_str(dest, text)
        }
    }
}

/// Whether no byte means anything in HTML: sixteen at once, the last sixteen over some of those before.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(last) = bytes.last_chunk::<16>() else {
        return !holds_markup(bytes);
    };
    let (chunks, _) = bytes.as_chunks::<16>();
    !holds_markup(last) && !chunks.iter().any(|chunk| holds_markup(chunk))
}

/// It never stops early: a loop without branches is done by wide instructions.
fn holds_markup(bytes: &[u8]) -> bool {
    let means = |byte: u8| matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'');
    bytes.iter().fold(false, |found, byte| found | means(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_1_it_escapes_as_askama_does() {
        let escaped = |escaper: &dyn Fn(&mut String, &str) -> fmt::Result, text: &str| {
            let mut out = String::new();
            escaper(&mut out, text).unwrap();
            out
        };
        for text in [
            "",
            "Әбді",
            "<b>",
            "a & b",
            "\"",
            "it's",
            "0123456789 0123456789 0123456789 <",
            "ж>ж",
        ] {
            let quick = escaped(&|out, text| Quick.write_escaped_str(out, text), text);
            assert_eq!(
                quick,
                escaped(&|out, text| Html.write_escaped_str(out, text), text)
            );
        }
    }
}
