//! A connection: its transaction, its prepared statements.

use super::{
    Mode, fault,
    target::{Target, Use},
    value::{Bound, type_of},
};
use crate::{Error, Param, Record, Row, record::Cells};
use ::postgres::{
    Client, Statement,
    types::{ToSql, Type},
};
use std::{collections::HashMap, sync::Arc};

/// Writes see the world as if they were alone. Reads see one moment of it; that costs others nothing.
const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE";
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

/// A commit must never be cut short: cancelled, it may be visible here and missing on a standby.
const COMMIT: &str = "SET LOCAL statement_timeout = 0; COMMIT";

pub(crate) struct Connection {
    client: Client,
    target: Arc<Target>,
    generation: u64,
    mode: Mode,
    statements: HashMap<&'static str, Statement>,
}

impl Connection {
    pub(super) fn open(target: &Arc<Target>, purpose: Use) -> Result<Self, Error> {
        let generation = target.generation();
        Ok(Self {
            client: target.connect(purpose)?,
            target: Arc::clone(target),
            generation,
            mode: Mode::Read,
            statements: HashMap::new(),
        })
    }

    pub(super) fn is_usable(&self) -> bool {
        self.generation == self.target.generation() && !self.client.is_closed()
    }

    /// A server that will not begin is of no use, whatever it says: a standby refuses SERIALIZABLE.
    pub(super) fn begin(&mut self, mode: Mode) -> Result<(), Error> {
        self.mode = mode;
        let begin = match mode {
            Mode::Read => BEGIN_READ,
            Mode::Write => BEGIN_WRITE,
        };
        self.client.batch_execute(begin).map_err(fault::connecting)
    }

    pub(super) fn commit(&mut self) -> Result<(), Error> {
        self.client.batch_execute(COMMIT).map_err(fault::commit)
    }

    pub(super) fn roll_back(&mut self) -> Result<(), Error> {
        self.client.batch_execute("ROLLBACK").map_err(fault::connecting)
    }

    pub(crate) fn each<R: Record>(
        &mut self,
        sql: &'static str,
        params: &[&dyn Param],
        mut sink: impl FnMut(R) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let statement = self.prepare(sql, params)?;
        let found = statement.columns().len();
        if found != R::COLUMNS {
            return Err(Error::Columns {
                sql,
                expected: R::COLUMNS,
                found,
            });
        }
        let bound: Vec<Bound<'_>> = params.iter().map(|param| Bound::of(*param)).collect();
        let rows = self
            .client
            .query(&statement, &as_sql(&bound))
            .map_err(|cause| self.fault(sql, cause))?;
        rows.iter()
            .try_for_each(|row| sink(R::read(&mut Row::new(Cells::Postgres(row)))?))
    }

    pub(crate) fn execute(&mut self, sql: &'static str, params: &[&dyn Param]) -> Result<u64, Error> {
        let statement = self.prepare(sql, params)?;
        let bound: Vec<Bound<'_>> = params.iter().map(|param| Bound::of(*param)).collect();
        self.client
            .execute(&statement, &as_sql(&bound))
            .map_err(|cause| self.fault(sql, cause))
    }

    pub(crate) fn batch(&mut self, sql: &'static str) -> Result<(), Error> {
        self.client
            .batch_execute(sql)
            .map_err(|cause| self.fault(sql, cause))
    }

    fn prepare(&mut self, sql: &'static str, params: &[&dyn Param]) -> Result<Statement, Error> {
        let statement = if let Some(statement) = self.statements.get(sql) {
            statement.clone()
        } else {
            let types: Vec<Type> = params.iter().map(|param| type_of(param.kind())).collect();
            let prepared = self.client.prepare_typed(sql, &types);
            let statement = prepared.map_err(|cause| self.fault(sql, cause))?;
            self.statements.insert(sql, statement.clone());
            statement
        };
        let expected = statement.params().len();
        if expected != params.len() {
            return Err(Error::Parameters {
                sql,
                expected,
                given: params.len(),
            });
        }
        Ok(statement)
    }

    fn fault(&self, sql: &'static str, cause: ::postgres::Error) -> Error {
        if self.mode == Mode::Write && fault::is_read_only(&cause) {
            self.target.turned_read_only();
            return Error::Unavailable(Arc::new(cause));
        }
        fault::statement(sql, cause)
    }
}

fn as_sql<'a>(bound: &'a [Bound<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    bound.iter().map(|bound| bound as _).collect()
}
