//! The floors that pages are compared with: `floor ADDRESS DATABASE` serves `/hello`, `/page` (11 KB, static
//! template) and `/read` (one rusqlite point read by a 32-byte key), all on one axum.

use std::cell::RefCell;

use anyhow::{Context, Result};
use axum::response::Html;
use axum::routing::get;
use rusqlite::{Connection, OpenFlags};

thread_local! {
    static CONNECTION: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

fn read(path: &str) -> Result<String> {
    CONNECTION.with_borrow_mut(|slot| {
        let connection = match slot {
            Some(connection) => connection,
            None => slot.insert(Connection::open_with_flags(
                path,
                OpenFlags::SQLITE_OPEN_READ_ONLY,
            )?),
        };
        let mut statement = connection.prepare_cached("select id, name, at from item where key = ?1")?;
        Ok(statement.query_row([[7_u8; 32]], |row| row.get::<_, String>(1))?)
    })
}

fn fill(path: &str) -> Result<()> {
    let connection = Connection::open(path)?;
    connection.execute_batch("pragma journal_mode = wal; create table if not exists item(id integer primary key, key blob unique, name text, at integer)")?;
    connection.execute(
        "insert or ignore into item(key, name, at) values (?1, 'Ахметова Гүлнұр Қайратқызы', 1)",
        [[7_u8; 32]],
    )?;
    Ok(())
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().context("floor ADDRESS DATABASE")?;
    let path = arguments.next().context("floor ADDRESS DATABASE")?;
    fill(&path)?;
    let page: &'static str = "<p>Вход в личный кабинет</p>\n".repeat(11 * 1024 / 44).leak();
    let app = axum::Router::new()
        .route("/hello", get(|| async { "hello" }))
        .route("/page", get(move || async move { Html(page) }))
        .route(
            "/read",
            get(move || async move { read(&path).unwrap_or_else(|e| e.to_string()) }),
        );
    let listener = tokio::net::TcpListener::bind(&address).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
