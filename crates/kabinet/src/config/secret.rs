//! Secrets come from files that only their owner may read.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use data_encoding::HEXLOWER;

use super::Problem;

/// The text of a secret file without the line end; refused where others may read it.
pub(crate) fn read(file: &Path) -> Result<String, Problem> {
    refuse_open_permissions(file)?;
    let text = fs::read_to_string(file).map_err(|error| Problem::unreadable(file, &error))?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err(Problem::new(format!("{}: the secret is empty", file.display())));
    }
    Ok(secret.to_owned())
}

/// Writes a new random secret of 32 bytes that only its owner may read.
pub(crate) fn create(file: &Path) -> Result<(), Problem> {
    let failed = |error| Problem::new(format!("{}: cannot be written ({error})", file.display()));
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|error| failed(std::io::Error::other(error)))?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(file).map_err(failed)?;
    opened
        .write_all(HEXLOWER.encode(&bytes).as_bytes())
        .and_then(|()| opened.sync_all())
        .map_err(failed)
}

#[cfg(unix)]
pub(super) fn refuse_open_permissions(file: &Path) -> Result<(), Problem> {
    use std::os::unix::fs::PermissionsExt as _;

    let metadata = fs::metadata(file).map_err(|error| Problem::unreadable(file, &error))?;
    let mode = metadata.permissions().mode() & 0o777;
    let of_others = mode & 0o077;
    if of_others == 0 {
        return Ok(());
    }
    Err(Problem::new(format!(
        "{0}: others may read this secret (mode {mode:04o}); run: chmod 600 {0}",
        file.display()
    )))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the other platform can refuse")]
pub(super) fn refuse_open_permissions(_file: &Path) -> Result<(), Problem> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn sec_1_a_secret_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret.key");
        fs::write(&file, "abc\n").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(read(&file).unwrap_err().to_string().contains("chmod 600"));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(read(&file).unwrap(), "abc");
    }

    #[test]
    fn sec_1_a_new_secret_is_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret.key");
        create(&file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(read(&file).unwrap().len(), 64);
        create(&file).unwrap_err();
    }
}
