//! A transaction: what a closure can do to the database.

use crate::{Error, Param, Record, postgres, sqlite};

/// A transaction. Its snapshot does not change while it lasts.
///
/// `$1`, `$2`, … stand for the parameters and first appear in that order. Statements are prepared once per
/// connection. After a failed statement the transaction cannot be committed, whatever the closure returns.
pub struct Tx<'a> {
    session: Session<'a>,
    failure: Option<Error>,
}

pub(crate) enum Session<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut postgres::Connection),
}

impl<'a> Tx<'a> {
    pub(crate) fn new(session: Session<'a>) -> Self {
        Self {
            session,
            failure: None,
        }
    }

    /// The row that the statement returns, if it returns one.
    #[inline]
    pub fn optional<R: Record>(
        &mut self,
        sql: &'static str,
        params: &[&dyn Param],
    ) -> Result<Option<R>, Error> {
        let mut found = None;
        self.each(sql, params, |record| match found.replace(record) {
            None => Ok(()),
            Some(_) => Err(Error::Ambiguous { sql }),
        })?;
        Ok(found)
    }

    /// The one row that the statement returns; it is an error if there is none.
    #[inline]
    pub fn one<R: Record>(&mut self, sql: &'static str, params: &[&dyn Param]) -> Result<R, Error> {
        self.optional(sql, params)?.ok_or(Error::Missing { sql })
    }

    /// All rows that the statement returns.
    pub fn list<R: Record>(&mut self, sql: &'static str, params: &[&dyn Param]) -> Result<Vec<R>, Error> {
        let mut records = Vec::new();
        self.each(sql, params, |record| {
            records.push(record);
            Ok(())
        })?;
        Ok(records)
    }

    /// Runs a statement that returns no rows; says how many it changed.
    pub fn execute(&mut self, sql: &'static str, params: &[&dyn Param]) -> Result<u64, Error> {
        let done = match &mut self.session {
            Session::Sqlite(connection) => sqlite::execute(connection, sql, params),
            Session::Postgres(connection) => connection.execute(sql, params),
        };
        self.note(done)
    }

    /// Runs several statements separated by `;`, without parameters.
    pub(crate) fn batch(&mut self, sql: &'static str) -> Result<(), Error> {
        let done = match &mut self.session {
            Session::Sqlite(connection) => sqlite::batch(connection, sql),
            Session::Postgres(connection) => connection.batch(sql),
        };
        self.note(done)
    }

    /// The text in the common SQL, but for the engine in use, where the two have no word in common.
    pub(crate) fn either(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self.session {
            Session::Sqlite(_) => sqlite,
            Session::Postgres(_) => postgres,
        }
    }

    /// What made this transaction impossible to commit.
    #[inline]
    pub(crate) fn failure(&self) -> Option<Error> {
        self.failure.clone()
    }

    #[inline]
    fn each<R: Record>(
        &mut self,
        sql: &'static str,
        params: &[&dyn Param],
        sink: impl FnMut(R) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let done = match &mut self.session {
            Session::Sqlite(connection) => sqlite::each(connection, sql, params, sink),
            Session::Postgres(connection) => connection.each(sql, params, sink),
        };
        self.note(done)
    }

    #[inline]
    fn note<T>(&mut self, done: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &done {
            self.failure.get_or_insert_with(|| error.clone());
        }
        done
    }
}
