//! As much of DER as the objects need.

/// One value: its tag, all its bytes and what is in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value<'d> {
    pub(crate) tag: u8,
    pub(crate) whole: &'d [u8],
    pub(crate) content: &'d [u8],
}

impl<'d> Value<'d> {
    /// The first value in `bytes`.
    pub(crate) fn read(bytes: &'d [u8]) -> Self {
        let (start, length) = match bytes[1] {
            short @ 0..=0x7F => (2, usize::from(short)),
            long => {
                let count = usize::from(long & 0x7F);
                let octets = &bytes[2..2 + count];
                (
                    2 + count,
                    octets.iter().fold(0, |sum, octet| sum << 8 | usize::from(*octet)),
                )
            }
        };
        Self {
            tag: bytes[0],
            whole: &bytes[..start + length],
            content: &bytes[start..start + length],
        }
    }

    /// The values in this one.
    pub(crate) fn children(&self) -> Vec<Self> {
        let (mut rest, mut children) = (self.content, Vec::new());
        while !rest.is_empty() {
            let child = Self::read(rest);
            rest = &rest[child.whole.len()..];
            children.push(child);
        }
        children
    }

    /// The value at the end of a path of positions.
    pub(crate) fn at(&self, path: &[usize]) -> Self {
        path.iter()
            .fold(*self, |value, position| value.children()[*position])
    }
}

/// The DER of the first PEM block, or the bytes themselves.
pub(crate) fn from_pem(bytes: Vec<u8>) -> Vec<u8> {
    let Some(text) = std::str::from_utf8(&bytes)
        .ok()
        .filter(|text| text.contains("-----BEGIN"))
    else {
        return bytes;
    };
    let body: String = text
        .lines()
        .skip_while(|line| !line.starts_with("-----BEGIN"))
        .skip(1)
        .take_while(|line| !line.starts_with("-----"))
        .collect();
    data_encoding::BASE64.decode(body.trim().as_bytes()).unwrap()
}
