//! Statements on a connection of SQLite.

use super::fault;
use crate::{
    Error, Param, Record, Row,
    record::Cells,
    value::{Mismatch, Value},
};
use rusqlite::{
    CachedStatement, Connection, Statement, ToSql,
    types::{ToSqlOutput, ValueRef},
};

pub(crate) fn each<R: Record>(
    connection: &Connection,
    sql: &'static str,
    params: &[&dyn Param],
    mut sink: impl FnMut(R) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut statement = prepare(connection, sql, params)?;
    let found = statement.column_count();
    if found != R::COLUMNS {
        return Err(Error::Columns {
            sql,
            expected: R::COLUMNS,
            found,
        });
    }
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(|cause| fault::statement(sql, cause))? {
        sink(R::read(&mut Row::new(Cells::Sqlite(row)))?)?;
    }
    Ok(())
}

pub(crate) fn execute(
    connection: &Connection,
    sql: &'static str,
    params: &[&dyn Param],
) -> Result<u64, Error> {
    let mut statement = prepare(connection, sql, params)?;
    let changed = statement
        .raw_execute()
        .map_err(|cause| fault::statement(sql, cause))?;
    Ok(changed.try_into().unwrap_or(u64::MAX))
}

pub(crate) fn batch(connection: &Connection, sql: &'static str) -> Result<(), Error> {
    connection
        .execute_batch(sql)
        .map_err(|cause| fault::statement(sql, cause))
}

pub(crate) fn cell<'a>(row: &'a rusqlite::Row<'_>, column: usize) -> Result<Value<'a>, Mismatch> {
    match row.get_ref(column) {
        Ok(ValueRef::Null) => Ok(Value::Null),
        Ok(ValueRef::Integer(integer)) => Ok(Value::Integer(integer)),
        Ok(ValueRef::Blob(bytes)) => Ok(Value::Bytes(bytes)),
        Ok(ValueRef::Text(text)) => str::from_utf8(text)
            .map(Value::Text)
            .map_err(|_| Mismatch::expected("a text in UTF-8")),
        Ok(ValueRef::Real(_)) => Err(Mismatch::expected("no fraction")),
        Err(_) => Err(Mismatch::expected("a column")),
    }
}

fn prepare<'a>(
    connection: &'a Connection,
    sql: &'static str,
    params: &[&dyn Param],
) -> Result<CachedStatement<'a>, Error> {
    let mut statement = connection
        .prepare_cached(sql)
        .map_err(|cause| fault::statement(sql, cause))?;
    let expected = statement.parameter_count();
    if expected != params.len() {
        return Err(Error::Parameters {
            sql,
            expected,
            given: params.len(),
        });
    }
    bind(&mut statement, params).map_err(|cause| fault::statement(sql, cause))?;
    Ok(statement)
}

fn bind(statement: &mut Statement<'_>, params: &[&dyn Param]) -> rusqlite::Result<()> {
    for (number, param) in (1..).zip(params) {
        // SQLite counts `$n` by first appearance, whatever n is: a text out of order would bind askew.
        if cfg!(debug_assertions) && statement.parameter_name(number) != Some(&format!("${number}")) {
            return Err(fault::unsuitable(
                "parameters must first appear in the order of their numbers",
            ));
        }
        statement.raw_bind_parameter(number, Bound(param.value()))?;
    }
    Ok(())
}

struct Bound<'a>(Value<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Integer(integer) => ValueRef::Integer(integer),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
