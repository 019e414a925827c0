//! What a parameter may be and what a column may hold: three kinds, and absence.

use crate::Timestamp;
use uuid::Uuid;

/// The three column types of the common SQL: `bigint`, `text`, `bytea`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `bigint`
    Integer,
    /// `text`
    Text,
    /// `bytea`
    Bytes,
}

/// A value on its way into or out of a row, borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// No value.
    Null,
    /// Of a `bigint` column.
    Integer(i64),
    /// Of a `text` column.
    Text(&'a str),
    /// Of a `bytea` column.
    Bytes(&'a [u8]),
}

/// A stored value is not what the code takes it for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}")]
pub struct Mismatch {
    /// What would have been right.
    pub expected: &'static str,
}

impl Mismatch {
    /// The value is not `expected`.
    pub const fn expected(expected: &'static str) -> Self {
        Self { expected }
    }
}

/// A type that can be a parameter.
pub trait Encode {
    /// The column type it is stored in.
    const KIND: Kind;
    /// The value to store.
    fn encode(&self) -> Value<'_>;
}

/// A type that a column can be read as.
pub trait Decode: Sized {
    /// Reads a column's value; a value that does not fit is an error, never a guess.
    fn decode(value: Value<'_>) -> Result<Self, Mismatch>;
}

/// A parameter of a statement; every [`Encode`] type is one. Made by [`params!`](crate::params).
pub trait Param: Sync {
    /// The column type.
    fn kind(&self) -> Kind;
    /// The value.
    fn value(&self) -> Value<'_>;
}

impl<T: Encode + Sync> Param for T {
    fn kind(&self) -> Kind {
        T::KIND
    }

    fn value(&self) -> Value<'_> {
        self.encode()
    }
}

/// The parameters of a statement, in the order of `$1`, `$2`, …
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$(&$value as &dyn $crate::Param),*]
    };
}

impl<T: Encode + ?Sized> Encode for &T {
    const KIND: Kind = T::KIND;

    fn encode(&self) -> Value<'_> {
        (**self).encode()
    }
}

impl<T: Encode> Encode for Option<T> {
    const KIND: Kind = T::KIND;

    fn encode(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, Encode::encode)
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Null => Ok(None),
            some => T::decode(some).map(Some),
        }
    }
}

impl Encode for i64 {
    const KIND: Kind = Kind::Integer;

    fn encode(&self) -> Value<'_> {
        Value::Integer(*self)
    }
}

impl Decode for i64 {
    fn decode(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Integer(integer) => Ok(integer),
            _ => Err(Mismatch::expected("an integer")),
        }
    }
}

impl Encode for u32 {
    const KIND: Kind = Kind::Integer;

    fn encode(&self) -> Value<'_> {
        Value::Integer(i64::from(*self))
    }
}

impl Decode for u32 {
    fn decode(value: Value<'_>) -> Result<Self, Mismatch> {
        i64::decode(value)?
            .try_into()
            .map_err(|_| Mismatch::expected("an integer of 32 bits, not negative"))
    }
}

impl Encode for bool {
    const KIND: Kind = Kind::Integer;

    fn encode(&self) -> Value<'_> {
        Value::Integer(i64::from(*self))
    }
}

impl Decode for bool {
    fn decode(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Integer(0) => Ok(false),
            Value::Integer(1) => Ok(true),
            _ => Err(Mismatch::expected("0 or 1")),
        }
    }
}

impl Encode for Timestamp {
    const KIND: Kind = Kind::Integer;

    fn encode(&self) -> Value<'_> {
        Value::Integer(self.as_micros())
    }
}

impl Decode for Timestamp {
    fn decode(value: Value<'_>) -> Result<Self, Mismatch> {
        i64::decode(value).map(Self::from_micros)
    }
}

impl Encode for str {
    const KIND: Kind = Kind::Text;

    fn encode(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Encode for String {
    const KIND: Kind = Kind::Text;

    fn encode(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Decode for String {
    fn decode(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Text(text) => Ok(text.to_owned()),
            _ => Err(Mismatch::expected("a text")),
        }
    }
}

impl Encode for [u8] {
    const KIND: Kind = Kind::Bytes;

    fn encode(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl Encode for Vec<u8> {
    const KIND: Kind = Kind::Bytes;

    fn encode(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl Decode for Vec<u8> {
    fn decode(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Bytes(bytes) => Ok(bytes.to_vec()),
            _ => Err(Mismatch::expected("bytes")),
        }
    }
}

impl<const N: usize> Encode for [u8; N] {
    const KIND: Kind = Kind::Bytes;

    fn encode(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl<const N: usize> Decode for [u8; N] {
    fn decode(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Bytes(bytes) => bytes
                .try_into()
                .map_err(|_| Mismatch::expected("bytes of another length")),
            _ => Err(Mismatch::expected("bytes")),
        }
    }
}

impl Encode for Uuid {
    const KIND: Kind = Kind::Bytes;

    fn encode(&self) -> Value<'_> {
        Value::Bytes(self.as_bytes())
    }
}

impl Decode for Uuid {
    fn decode(value: Value<'_>) -> Result<Self, Mismatch> {
        <[u8; 16]>::decode(value)
            .map(Self::from_bytes)
            .map_err(|_| Mismatch::expected("an id of 16 bytes"))
    }
}
