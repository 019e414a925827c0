use super::{Element, Error, MAX_DEPTH, Result, tag};

/// Which encodings a [`Reader`] accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// X.690 §10: definite, minimal lengths; primitive strings; 00/FF booleans.
    Der,
    /// X.690 §8: also indefinite and non-minimal lengths and strings in chunks, as many signing tools emit.
    Ber,
}

/// Most elements inside one of indefinite length, which is walked through to find its end. Content of a gigabyte in
/// chunks of a kilobyte has as many.
const MAX_INDEFINITE: u32 = 1_000_000;

/// Walks the elements of borrowed bytes.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
    rules: Rules,
    depth: u8,
}

/// The one element that `input` consists of; anything after it is an error.
pub fn only(input: &[u8], rules: Rules) -> Result<Element<'_>> {
    let mut reader = Reader::new(input, rules);
    let element = reader.element()?;
    reader.finish()?;
    Ok(element)
}

/// How long the element will be that begins with these octets.
pub(crate) fn encoded_size(head: &[u8], rules: Rules) -> Result<usize> {
    let header = Header::read(head, rules)?;
    let length = header.length.ok_or(Error::Length)?;
    header.size.checked_add(length).ok_or(Error::TooLarge)
}

impl<'a> Reader<'a> {
    /// A reader that insists on DER.
    pub const fn der(input: &'a [u8]) -> Self {
        Self::new(input, Rules::Der)
    }

    /// A reader that accepts BER.
    pub const fn ber(input: &'a [u8]) -> Self {
        Self::new(input, Rules::Ber)
    }

    /// A reader under the given rules.
    pub const fn new(input: &'a [u8], rules: Rules) -> Self {
        Self {
            rest: input,
            rules,
            depth: MAX_DEPTH,
        }
    }

    pub(super) const fn nested(input: &'a [u8], rules: Rules, depth: u8) -> Self {
        Self {
            rest: input,
            rules,
            depth,
        }
    }

    /// Whether everything was read.
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The bytes not yet read.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The identifier octet of the next element.
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is.
    pub fn element(&mut self) -> Result<Element<'a>> {
        let header = Header::read(self.rest, self.rules)?;
        let (content_end, end) = match header.length {
            Some(length) => {
                let end = header.size.checked_add(length).ok_or(Error::Truncated)?;
                (end, end)
            }
            None => end_of_indefinite(self.rest, header.size)?,
        };
        let raw = self.rest.get(..end).ok_or(Error::Truncated)?;
        let content = raw.get(header.size..content_end).ok_or(Error::Truncated)?;
        self.rest = self.rest.get(end..).ok_or(Error::Truncated)?;
        Ok(Element::new(header.tag, raw, content, self.rules, self.depth))
    }

    /// The next element, which must carry `tag`.
    pub fn expect(&mut self, tag: u8) -> Result<Element<'a>> {
        if self.peek() != Some(tag) {
            return Err(if self.is_empty() {
                Error::Truncated
            } else {
                Error::Tag
            });
        }
        self.element()
    }

    /// The next element if it carries `tag`.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>> {
        if self.peek() == Some(tag) {
            self.element().map(Some)
        } else {
            Ok(None)
        }
    }

    /// The elements of a SEQUENCE.
    pub fn sequence(&mut self) -> Result<Reader<'a>> {
        self.expect(tag::SEQUENCE)?.children()
    }

    /// The elements of a SET.
    pub fn set(&mut self) -> Result<Reader<'a>> {
        self.expect(tag::SET)?.children()
    }

    /// Fails if anything is left.
    pub const fn finish(self) -> Result<()> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(Error::Trailing)
        }
    }

    /// All elements that are left, at most `limit`.
    pub fn collect(mut self, limit: usize) -> Result<Vec<Element<'a>>> {
        let mut elements = Vec::new();
        while !self.is_empty() {
            if elements.len() == limit {
                return Err(Error::TooLarge);
            }
            elements.push(self.element()?);
        }
        Ok(elements)
    }
}

struct Header {
    tag: u8,
    size: usize,
    /// `None` for the indefinite form.
    length: Option<usize>,
}

impl Header {
    fn read(input: &[u8], rules: Rules) -> Result<Self> {
        let tag = *input.first().ok_or(Error::Truncated)?;
        if tag & 0x1f == 0x1f || tag == 0 {
            return Err(Error::Tag);
        }
        let first = *input.get(1).ok_or(Error::Truncated)?;
        match first {
            0..0x80 => Ok(Self {
                tag,
                size: 2,
                length: Some(usize::from(first)),
            }),
            0x80 if rules == Rules::Ber && tag & tag::CONSTRUCTED != 0 => Ok(Self {
                tag,
                size: 2,
                length: None,
            }),
            0x80 | 0xff => Err(Error::Length),
            _ => {
                let octets = usize::from(first & 0x7f);
                let bytes = input.get(2..2 + octets).ok_or(Error::Truncated)?;
                if rules == Rules::Der && bytes.first() == Some(&0) {
                    return Err(Error::Length);
                }
                let length = bytes.iter().try_fold(0_usize, |length, byte| {
                    length
                        .checked_mul(256)
                        .map(|length| length | usize::from(*byte))
                        .ok_or(Error::Truncated)
                })?;
                if rules == Rules::Der && length < 0x80 {
                    return Err(Error::Length);
                }
                Ok(Self {
                    tag,
                    size: 2 + octets,
                    length: Some(length),
                })
            }
        }
    }
}

/// Finds the end-of-contents octets that close an element of indefinite length whose content begins at `start`.
/// Gives the end of the content and the end of the element.
fn end_of_indefinite(input: &[u8], start: usize) -> Result<(usize, usize)> {
    let mut open = 1_u8;
    let mut at = start;
    for _ in 0..MAX_INDEFINITE {
        let rest = input.get(at..).ok_or(Error::Truncated)?;
        if let [0, 0, ..] = rest {
            open -= 1;
            if open == 0 {
                return Ok((at, at + 2));
            }
            at += 2;
            continue;
        }
        let header = Header::read(rest, Rules::Ber)?;
        at += header.size;
        match header.length {
            Some(length) => at = at.checked_add(length).ok_or(Error::Truncated)?,
            None if open == MAX_DEPTH => return Err(Error::Depth),
            None => open += 1,
        }
    }
    Err(Error::TooLarge)
}
