//! Just enough JSON writing for the answers of the module.

/// An object being written.
pub(crate) struct Object<'a>(&'a mut String);

/// Writes one object.
pub(crate) fn object(out: &mut String, fields: impl FnOnce(&mut Object<'_>)) {
    out.push('{');
    fields(&mut Object(out));
    out.push('}');
}

/// Writes an array, one element per item.
pub(crate) fn array<T>(
    out: &mut String,
    items: impl IntoIterator<Item = T>,
    mut element: impl FnMut(&mut String, T),
) {
    out.push('[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        element(out, item);
    }
    out.push(']');
}

/// Writes a string.
pub(crate) fn string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\0'..' ' => {
                out.push_str("\\u00");
                push_hex(
                    out,
                    u8::try_from(character).unwrap_or_default(),
                    b"0123456789abcdef",
                );
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Two hexadecimal digits from the given alphabet.
pub(crate) fn push_hex(out: &mut String, byte: u8, digits: &[u8; 16]) {
    for digit in [byte >> 4, byte & 15] {
        out.extend(digits.get(usize::from(digit)).map(|digit| char::from(*digit)));
    }
}

impl Object<'_> {
    /// A field whose value is written by the function.
    pub(crate) fn field(&mut self, name: &str, value: impl FnOnce(&mut String)) {
        if !self.0.ends_with('{') {
            self.0.push(',');
        }
        string(self.0, name);
        self.0.push(':');
        value(self.0);
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) {
        self.field(name, |out| string(out, value));
    }

    pub(crate) fn optional_text(&mut self, name: &str, value: Option<&str>) {
        self.field(name, |out| match value {
            Some(value) => string(out, value),
            None => out.push_str("null"),
        });
    }

    pub(crate) fn flag(&mut self, name: &str, value: bool) {
        self.field(name, |out| out.push_str(if value { "true" } else { "false" }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_inside_its_string() {
        let mut out = String::new();
        object(&mut out, |key| {
            key.text("owner", "\"},{\"x\":\\\n\u{1f} Өмірбекқызы");
            key.optional_text("surname", None);
            key.field("eku", |out| array(out, ["1.2", "1.3"], string));
        });
        assert_eq!(
            out,
            r#"{"owner":"\"},{\"x\":\\\u000a\u001f Өмірбекқызы","surname":null,"eku":["1.2","1.3"]}"#
        );
    }
}
