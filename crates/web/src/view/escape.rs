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

/// Whether no byte means anything in HTML: eight at once, the last eight over some of those before. A `#` is taken for
/// one that may.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(last) = bytes.last_chunk::<8>() else {
        let means = |byte: &u8| matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'');
        return !bytes.iter().any(means);
    };
    let (words, _) = bytes.as_chunks::<8>();
    words
        .iter()
        .fold(marks(*last), |found, word| found | marks(*word))
        == 0
}

/// Not zero where a byte is one of `<>` or of `"#&'`. Each of the two sets is all values of a byte without one or two
/// of its bits; compared byte by byte this takes ten times as long, on each of some hundred texts of a page.
fn marks(word: [u8; 8]) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let word = u64::from_ne_bytes(word);
    let angles = (word | (EACH * 0b010)) ^ (EACH * 0x3e);
    let quotes = (word | (EACH * 0b101)) ^ (EACH * 0x27);
    // the highest bit of each byte that is zero
    let zeros = |word: u64| word.wrapping_sub(EACH) & !word & (EACH << 7);
    zeros(angles) | zeros(quotes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_1_no_byte_is_overlooked_at_any_place() {
        for byte in 0..=127_u8 {
            for place in 0..20 {
                let mut text = "әбвгд0123456789".to_owned();
                text.extend(std::iter::repeat_n('я', 3));
                let Some((at, _)) = text.char_indices().nth(place) else {
                    continue;
                };
                text.insert(at, char::from(byte));
                let means = b"<>&\"'#".contains(&byte);
                assert_eq!(is_plain(&text), !means, "{text}");
            }
        }
    }

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
