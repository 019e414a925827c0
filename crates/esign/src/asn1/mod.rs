//! ASN.1 as it arrives: a reader over borrowed bytes, a BER → DER transcoder, a small DER writer (X.690).
//!
//! The reader never recurses and never allocates for a length it has not seen the bytes of. Nesting is counted:
//! children of children stop at [`MAX_DEPTH`].

mod element;
mod oid;
mod reader;
mod transcode;
mod writer;

pub use element::Element;
pub(crate) use oid::constants;
pub use oid::{Oid, oids};
pub(crate) use reader::encoded_size;
pub use reader::{Reader, Rules, only};
pub use transcode::to_der;
pub use writer::{
    concat, context, integer, null, object_identifier, octet_string, sequence, set_of, tlv, utf8_string,
};

/// How deep elements may be nested.
pub const MAX_DEPTH: u8 = 32;

/// Identifier octets. Tag numbers above 30 do not occur in certificates or CMS and are refused.
pub mod tag {
    /// BOOLEAN
    pub const BOOLEAN: u8 = 0x01;
    /// INTEGER
    pub const INTEGER: u8 = 0x02;
    /// BIT STRING
    pub const BIT_STRING: u8 = 0x03;
    /// OCTET STRING
    pub const OCTET_STRING: u8 = 0x04;
    /// NULL
    pub const NULL: u8 = 0x05;
    /// OBJECT IDENTIFIER
    pub const OID: u8 = 0x06;
    /// ENUMERATED
    pub const ENUMERATED: u8 = 0x0a;
    /// UTF8String
    pub const UTF8_STRING: u8 = 0x0c;
    /// NumericString
    pub const NUMERIC_STRING: u8 = 0x12;
    /// PrintableString
    pub const PRINTABLE_STRING: u8 = 0x13;
    /// TeletexString
    pub const TELETEX_STRING: u8 = 0x14;
    /// IA5String
    pub const IA5_STRING: u8 = 0x16;
    /// UTCTime
    pub const UTC_TIME: u8 = 0x17;
    /// GeneralizedTime
    pub const GENERALIZED_TIME: u8 = 0x18;
    /// VisibleString
    pub const VISIBLE_STRING: u8 = 0x1a;
    /// UniversalString
    pub const UNIVERSAL_STRING: u8 = 0x1c;
    /// BMPString
    pub const BMP_STRING: u8 = 0x1e;
    /// SEQUENCE, SEQUENCE OF
    pub const SEQUENCE: u8 = 0x30;
    /// SET, SET OF
    pub const SET: u8 = 0x31;
    /// The bit that says "constructed".
    pub const CONSTRUCTED: u8 = 0x20;

    /// `[number]` of a primitive element.
    pub const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// `[number]` of a constructed element.
    pub const fn context_constructed(number: u8) -> u8 {
        0xa0 | number
    }
}

/// Why bytes could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// The input ends before the element does.
    Truncated,
    /// Bytes follow where nothing may follow.
    Trailing,
    /// A length that the rules forbid.
    Length,
    /// Another element than expected.
    Tag,
    /// The content is not a value of its type.
    Value,
    /// Nested deeper than [`MAX_DEPTH`].
    Depth,
    /// More elements or bytes than the budget allows.
    TooLarge,
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Truncated => "the input ends inside an element",
            Self::Trailing => "bytes after the last element",
            Self::Length => "a length the encoding rules forbid",
            Self::Tag => "unexpected element",
            Self::Value => "malformed value",
            Self::Depth => "nested too deeply",
            Self::TooLarge => "larger than allowed",
        })
    }
}

impl core::error::Error for Error {}

/// What reading gives.
pub type Result<T> = core::result::Result<T, Error>;
