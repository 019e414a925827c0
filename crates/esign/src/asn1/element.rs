use std::borrow::Cow;

use super::{Error, Oid, Reader, Result, Rules, tag};

/// How deep chunks of a string may hold chunks. Each level of indefinite length is walked once more.
const MAX_CHUNK_DEPTH: u8 = 4;
const OCTET_STRING_IN_CHUNKS: u8 = tag::OCTET_STRING | tag::CONSTRUCTED;

/// One element: identifier, content, and the bytes it came in.
#[derive(Debug, Clone, Copy)]
pub struct Element<'a> {
    tag: u8,
    raw: &'a [u8],
    content: &'a [u8],
    rules: Rules,
    depth: u8,
}

impl<'a> Element<'a> {
    pub(super) const fn new(tag: u8, raw: &'a [u8], content: &'a [u8], rules: Rules, depth: u8) -> Self {
        Self {
            tag,
            raw,
            content,
            rules,
            depth,
        }
    }

    /// The identifier octet.
    pub const fn tag(&self) -> u8 {
        self.tag
    }

    /// The whole element as received.
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The content octets as received (of a string in chunks: the chunks with their headers).
    pub const fn content(&self) -> &'a [u8] {
        self.content
    }

    /// Whether the element consists of elements.
    pub const fn is_constructed(&self) -> bool {
        self.tag & tag::CONSTRUCTED != 0
    }

    /// A reader over the elements inside.
    pub const fn children(&self) -> Result<Reader<'a>> {
        if !self.is_constructed() {
            return Err(Error::Tag);
        }
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Reader::nested(self.content, self.rules, depth)),
            None => Err(Error::Depth),
        }
    }

    /// A reader over the elements of a SEQUENCE.
    pub const fn sequence(&self) -> Result<Reader<'a>> {
        if self.tag == tag::SEQUENCE {
            self.children()
        } else {
            Err(Error::Tag)
        }
    }

    /// The one element inside, as in `[0] EXPLICIT`.
    pub fn child(&self) -> Result<Element<'a>> {
        let mut children = self.children()?;
        let child = children.element()?;
        children.finish()?;
        Ok(child)
    }

    fn expect(&self, tag: u8) -> Result<&'a [u8]> {
        if self.tag == tag {
            Ok(self.content)
        } else {
            Err(Error::Tag)
        }
    }

    /// The octets of an OCTET STRING; in BER also one in chunks, joined.
    pub fn octets(&self) -> Result<Cow<'a, [u8]>> {
        if self.tag & !tag::CONSTRUCTED == tag::OCTET_STRING {
            self.joined()
        } else {
            Err(Error::Tag)
        }
    }

    /// The octets of an implicitly tagged OCTET STRING, whatever its tag; in BER also one in chunks, joined.
    pub fn joined(&self) -> Result<Cow<'a, [u8]>> {
        if !self.is_constructed() {
            return Ok(Cow::Borrowed(self.content));
        }
        if self.rules == Rules::Der {
            return Err(Error::Tag);
        }
        let mut octets = Vec::with_capacity(self.content.len());
        self.join_chunks(MAX_CHUNK_DEPTH, &mut octets)?;
        Ok(Cow::Owned(octets))
    }

    fn join_chunks(&self, depth: u8, octets: &mut Vec<u8>) -> Result<()> {
        let depth = depth.checked_sub(1).ok_or(Error::Depth)?;
        let mut chunks = self.children()?;
        while !chunks.is_empty() {
            let chunk = chunks.element()?;
            match chunk.tag {
                tag::OCTET_STRING => octets.extend_from_slice(chunk.content),
                OCTET_STRING_IN_CHUNKS => chunk.join_chunks(depth, octets)?,
                _ => return Err(Error::Tag),
            }
        }
        Ok(())
    }

    /// The value of a BOOLEAN.
    pub fn boolean(&self) -> Result<bool> {
        match (self.expect(tag::BOOLEAN)?, self.rules) {
            ([0], _) => Ok(false),
            ([0xff], _) | ([_], Rules::Ber) => Ok(true),
            _ => Err(Error::Value),
        }
    }

    /// The two's complement octets of an INTEGER, checked to be minimal.
    pub fn integer(&self) -> Result<&'a [u8]> {
        match self.expect(tag::INTEGER)? {
            [] | [0, 0..0x80, ..] | [0xff, 0x80..=0xff, ..] => Err(Error::Value),
            octets => Ok(octets),
        }
    }

    /// The magnitude of an INTEGER that is not negative, without leading zeros (empty for zero).
    pub fn unsigned(&self) -> Result<&'a [u8]> {
        match self.integer()? {
            [0x80..=0xff, ..] => Err(Error::Value),
            [0, magnitude @ ..] | magnitude => Ok(magnitude),
        }
    }

    /// An INTEGER that is not negative and fits 32 bits.
    pub fn small(&self) -> Result<u32> {
        let magnitude = self.unsigned()?;
        if magnitude.len() > 4 {
            return Err(Error::Value);
        }
        Ok(magnitude
            .iter()
            .fold(0, |value, byte| value << 8 | u32::from(*byte)))
    }

    /// The value of an OBJECT IDENTIFIER.
    pub fn oid(&self) -> Result<Oid<'a>> {
        Oid::from_content(self.expect(tag::OID)?).ok_or(Error::Value)
    }

    /// The octets of a BIT STRING that is a whole number of octets: keys and signatures.
    pub fn bit_octets(&self) -> Result<&'a [u8]> {
        match self.expect(tag::BIT_STRING)? {
            [0, octets @ ..] => Ok(octets),
            _ => Err(Error::Value),
        }
    }

    /// The octets of a BIT STRING with named bits, unused bits checked to be zero and fewer than eight.
    pub fn named_bits(&self) -> Result<&'a [u8]> {
        match self.expect(tag::BIT_STRING)? {
            [0] => Ok(&[]),
            [unused @ 0..8, octets @ ..]
                if octets
                    .last()
                    .is_some_and(|last| last.trailing_zeros() >= u32::from(*unused)) =>
            {
                Ok(octets)
            }
            _ => Err(Error::Value),
        }
    }

    /// Whether the element and all inside it are DER as far as tags, lengths and nesting go.
    pub fn is_der(&self) -> bool {
        fn walk(element: Element<'_>) -> Result<()> {
            let mut children = element.children()?;
            while !children.is_empty() {
                let child = children.element()?;
                if child.is_constructed() {
                    walk(child)?;
                }
            }
            Ok(())
        }
        let Ok(element) = super::only(self.raw, Rules::Der) else {
            return false;
        };
        !element.is_constructed() || walk(element).is_ok()
    }
}
