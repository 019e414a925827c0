//! Values in PostgreSQL's binary form.

use crate::{
    Param,
    value::{Kind, Mismatch, Value},
};
use ::postgres::{
    Row,
    types::{FromSql, IsNull, ToSql, Type, private::BytesMut},
};
use std::error::Error;

type Outcome<T> = Result<T, Box<dyn Error + Sync + Send>>;

pub(super) fn type_of(kind: Kind) -> Type {
    match kind {
        Kind::Integer => Type::INT8,
        Kind::Text => Type::TEXT,
        Kind::Bytes => Type::BYTEA,
    }
}

pub(crate) fn cell(row: &Row, column: usize) -> Result<Value<'_>, Mismatch> {
    match row.try_get(column) {
        Ok(Cell(value)) => Ok(value),
        Err(_) => Err(Mismatch::expected("a bigint, a text or a bytea")),
    }
}

/// A parameter on its way to the server.
#[derive(Debug)]
pub(super) struct Bound<'a> {
    kind: Kind,
    value: Value<'a>,
}

impl<'a> Bound<'a> {
    pub(super) fn of(param: &'a dyn Param) -> Self {
        Self {
            kind: param.kind(),
            value: param.value(),
        }
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Outcome<IsNull> {
        // The statement was prepared by its first use; a later one of other types would be read askew.
        if *ty != type_of(self.kind) {
            return Err(Mismatch::expected("a parameter of the type of its first use").into());
        }
        match self.value {
            Value::Null => return Ok(IsNull::Yes),
            Value::Integer(integer) => out.extend_from_slice(&integer.to_be_bytes()),
            Value::Text(text) => out.extend_from_slice(text.as_bytes()),
            Value::Bytes(bytes) => out.extend_from_slice(bytes),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Outcome<IsNull> {
        self.to_sql(ty, out)
    }
}

struct Cell<'a>(Value<'a>);

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Outcome<Self> {
        let value = match *ty {
            Type::INT8 => Value::Integer(i64::from_be_bytes(raw.try_into()?)),
            // What literals and `exists (…)` are.
            Type::INT4 => Value::Integer(i64::from(i32::from_be_bytes(raw.try_into()?))),
            Type::BOOL => Value::Integer(i64::from(raw != [0])),
            Type::BYTEA => Value::Bytes(raw),
            _ => Value::Text(str::from_utf8(raw)?),
        };
        Ok(Self(value))
    }

    fn from_sql_null(_: &Type) -> Outcome<Self> {
        Ok(Self(Value::Null))
    }

    fn accepts(ty: &Type) -> bool {
        [
            Type::INT8,
            Type::INT4,
            Type::BOOL,
            Type::BYTEA,
            Type::TEXT,
            Type::VARCHAR,
            Type::NAME,
        ]
        .contains(ty)
    }
}
