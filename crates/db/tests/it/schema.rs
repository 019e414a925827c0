//! The tables of this suite.

use db::{Error, Migration, Timestamp, Tx, params};

pub(crate) static SCHEMA: &[Migration] = &[Migration {
    number: 1,
    name: "lamps",
    sql: "create table lamp (id bytea primary key, room text not null, light text not null, watts bigint, \
              seen_at bigint not null, photo bytea);
          create table counter (name text primary key, value bigint not null);
          create table act (number bigint primary key);
          create table trace (number bigint primary key);",
    guards: &[],
}];

db::id! {
    /// Names a lamp.
    pub(crate) LampId
}

db::text_enum! {
    /// What a lamp does.
    pub(crate) enum Light {
        /// It shines.
        On = "on",
        /// It does not.
        Off = "off",
    }
}

db::record! {
    /// A lamp.
    #[derive(PartialEq, Eq)]
    pub(crate) struct Lamp {
        pub(crate) id: LampId,
        pub(crate) room: String,
        pub(crate) light: Light,
        pub(crate) watts: Option<i64>,
        pub(crate) seen_at: Timestamp,
        pub(crate) photo: Option<Vec<u8>>,
    }
}

pub(crate) fn insert_act(tx: &mut Tx<'_>, number: i64) -> Result<(), Error> {
    tx.execute("insert into act (number) values ($1)", params![number])
        .map(drop)
}

pub(crate) fn acts(tx: &mut Tx<'_>) -> Result<Vec<i64>, Error> {
    tx.list("select number from act order by number", &[])
}

pub(crate) fn set_counter(tx: &mut Tx<'_>, name: &str, value: i64) -> Result<(), Error> {
    let sql = "insert into counter (name, value) values ($1, $2) on conflict (name) do update set value = $2";
    tx.execute(sql, params![name, value]).map(drop)
}

pub(crate) fn counter(tx: &mut Tx<'_>, name: &str) -> Result<i64, Error> {
    tx.one("select value from counter where name = $1", params![name])
}
