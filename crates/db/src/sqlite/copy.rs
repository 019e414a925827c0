//! A copy of the file before its schema changes, so that the step back is a step back.

use super::{connection::Place, fault, tx};
use crate::{Error, Migration, error::Cause, migration};
use rusqlite::Connection;
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Copies the database to `FILE.before-NUMBER` if a step is to be applied to it, and removes older copies.
pub(super) fn before_migrations(
    place: &Place,
    connection: &Connection,
    migrations: &'static [Migration],
) -> Result<(), Error> {
    let Some(file) = place.file() else { return Ok(()) };
    if migration::next_of_old(&mut tx(connection), migrations)?.is_none() {
        return Ok(());
    }
    let no_copy = |what: String, cause| Error::Open {
        reason: format!("no copy before {what}"),
        cause: Some(cause),
    };
    let _turn = one_at_a_time(file).map_err(|cause| no_copy("the migrations".to_owned(), cause))?;
    // Whoever had the turn before may have migrated meanwhile.
    let Some(next) = migration::next_of_old(&mut tx(connection), migrations)? else {
        return Ok(());
    };
    let copy = with_suffix(file, &format!(".before-{:04}", next.number));
    make(connection, file, &copy)
        .map_err(|cause| no_copy(format!("migration {}: {}", next.number, copy.display()), cause))?;
    tracing::info!(copy = %copy.display(), "the database was copied before its schema changes");
    remove_others(file, &copy);
    Ok(())
}

/// Several processes may start on one file; the lock ends with what is given, and with the process.
fn one_at_a_time(file: &Path) -> Result<File, Cause> {
    let shared = |error: io::Error| -> Cause { Arc::new(error) };
    let turn = File::create(with_suffix(file, ".copying")).map_err(shared)?;
    turn.lock().map_err(shared)?;
    Ok(turn)
}

/// Under another name until it is whole; readable by whoever may read the original.
fn make(connection: &Connection, file: &Path, copy: &Path) -> Result<(), Cause> {
    let shared = |error: io::Error| -> Cause { Arc::new(error) };
    let part = with_suffix(copy, ".part");
    let permissions = fs::metadata(file).map_err(shared)?.permissions();
    let target = File::create(&part).map_err(shared)?;
    target.set_permissions(permissions).map_err(shared)?;
    let name = part.to_string_lossy();
    connection
        .execute("vacuum into $1", [name.as_ref()])
        .map_err(|error| -> Cause { Arc::new(fault::transaction(error)) })?;
    target.sync_all().map_err(shared)?;
    fs::rename(&part, copy).map_err(shared)
}

/// One step back is enough, and each copy is as large as the database.
fn remove_others(file: &Path, kept: &Path) {
    let Some(prefix) = with_suffix(file, ".before-").file_name().map(ToOwned::to_owned) else {
        return;
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let Ok(entries) = fs::read_dir(folder.unwrap_or(Path::new("."))) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_copy = name.as_encoded_bytes().starts_with(prefix.as_encoded_bytes());
        if is_copy && Some(name.as_os_str()) != kept.file_name() {
            // It costs room and nothing else.
            drop(fs::remove_file(entry.path()));
        }
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
