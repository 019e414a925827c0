//! Revocation lists that are kept fresh (threat NET-5).
//!
//! A list is written to disk as it arrives, read and judged there, and only then takes the place of the one before
//! it. Whatever goes wrong on the way, the one before it stays.

mod read;
mod schedule;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use esign::provider::sha256;
use esign::revocation::Crl;
use esign::time::UnixTime;
use tokio::fs;

use crate::http::{Download, Endpoint, HttpClient, Limits, Validators};

pub use read::ListError;

/// Lists of tens of megabytes are normal; nobody waits for this.
const LIMITS: Limits = Limits {
    connect: Duration::from_secs(5),
    total: Duration::from_secs(600),
    body: read::MAX_SIZE,
};

/// Where lists come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file that somebody else keeps fresh. It is read again when it changes.
    File(PathBuf),
    /// The web.
    Web(Endpoint),
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Web(endpoint) => endpoint.fmt(f),
        }
    }
}

/// Says whether an authority of the group signed the list.
pub(crate) type Judge = Arc<dyn Fn(&Crl) -> bool + Send + Sync>;

/// What one source gave last, and when it is asked next.
pub(crate) struct List {
    source: Source,
    /// where the list is read from
    file: PathBuf,
    state: Mutex<State>,
    turn: tokio::sync::Mutex<()>,
}

/// What is known of a list.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) crls: Vec<Crl>,
    pub(crate) failures: u32,
    pub(crate) problem: Option<String>,
    due: Option<UnixTime>,
    validators: Validators,
    changed: Option<SystemTime>,
}

/// Whether a round brought something new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Round {
    New,
    Same,
}

impl List {
    pub(crate) fn new(source: Source, folder: &Path) -> Self {
        let file = match &source {
            Source::File(path) => path.clone(),
            Source::Web(endpoint) => folder.join(file_name(endpoint)),
        };
        Self {
            source,
            file,
            state: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }

    pub(crate) const fn source(&self) -> &Source {
        &self.source
    }

    pub(crate) fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Reads what is there at the start: the file, or what the web gave before.
    pub(crate) fn load(&self, judge: &Judge) -> Result<(), ListError> {
        let is_first = matches!(self.source, Source::Web(_)) && !self.file.exists();
        if is_first {
            return Ok(());
        }
        let changed = changed(&self.file);
        let crls = read::lists(&self.file, &[], judge)?;
        self.change(|state| {
            state.crls = crls;
            state.changed = changed;
        });
        Ok(())
    }

    /// What was kept cannot be used; the operator sees why until something newer arrives.
    pub(crate) fn lack(&self, error: &ListError) {
        self.change(|state| state.problem = Some(error.to_string()));
    }

    /// How long the source may be left alone.
    pub(crate) fn pause(&self, now: UnixTime) -> Duration {
        let due = self.state().due.unwrap_or(now);
        Duration::from_secs(u64::try_from(due.0 - now.0).unwrap_or(0))
    }

    /// Asks the source if it is time to.
    pub(crate) async fn refresh(&self, http: &HttpClient, judge: &Judge, now: UnixTime) -> Round {
        let _turn = self.turn.lock().await;
        if self.pause(now) > Duration::ZERO {
            return Round::Same;
        }
        let asked = match &self.source {
            Source::File(path) => self.reread(path, judge).await,
            Source::Web(endpoint) => self.fetch(http, endpoint, judge).await,
        };
        if let Err(error) = &asked {
            tracing::warn!(source = %self.source, %error, "a revocation list was not refreshed");
        }
        self.change(|state| match &asked {
            Ok(_) => {
                (state.failures, state.problem) = (0, None);
                state.due = Some(match self.source {
                    Source::File(_) => schedule::next_look(now),
                    Source::Web(_) => schedule::next_fetch(&state.crls, now),
                });
            }
            Err(error) => {
                state.failures = state.failures.saturating_add(1);
                state.problem = Some(error.to_string());
                state.due = Some(match self.source {
                    Source::File(_) => schedule::next_look(now),
                    Source::Web(_) => schedule::next_try(state.failures, now),
                });
            }
        });
        asked.unwrap_or(Round::Same)
    }

    async fn reread(&self, path: &Path, judge: &Judge) -> Result<Round, ListError> {
        let changed = changed(path);
        let state = self.state();
        if state.problem.is_none() && changed == state.changed {
            return Ok(Round::Same);
        }
        let crls = judged(path, &[], judge).await?;
        self.change(|state| {
            state.crls = crls;
            state.changed = changed;
        });
        Ok(Round::New)
    }

    async fn fetch(&self, http: &HttpClient, from: &Endpoint, judge: &Judge) -> Result<Round, ListError> {
        let part = self.file.with_extension("part");
        let state = self.state();
        let fetched = self.fetch_into(&part, http, from, &state, judge).await;
        if fetched.is_err() {
            // What is left behind is overwritten by the next try.
            let _ = fs::remove_file(&part).await;
        }
        fetched
    }

    async fn fetch_into(
        &self,
        part: &Path,
        http: &HttpClient,
        from: &Endpoint,
        state: &State,
        judge: &Judge,
    ) -> Result<Round, ListError> {
        if let Some(folder) = part.parent() {
            fs::create_dir_all(folder).await?;
        }
        let mut file = fs::File::create(part).await?;
        let validators = match http.download(from, &state.validators, &LIMITS, &mut file).await? {
            Download::NotModified => {
                fs::remove_file(part).await?;
                return Ok(Round::Same);
            }
            Download::Complete(validators) => validators,
        };
        file.sync_all().await?;
        drop(file);
        let crls = judged(part, &state.crls, judge).await?;
        fs::rename(part, &self.file).await?;
        self.change(|state| {
            state.crls = crls;
            state.validators = validators;
        });
        Ok(Round::New)
    }
}

/// Reads and judges where it holds up nobody.
async fn judged(path: &Path, before: &[Crl], judge: &Judge) -> Result<Vec<Crl>, ListError> {
    let (path, before, judge) = (path.to_owned(), before.to_owned(), judge.clone());
    let read = tokio::task::spawn_blocking(move || read::lists(&path, &before, &judge));
    read.await.map_err(|_| ListError::Panicked)?
}

fn changed(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|data| data.modified()).ok()
}

/// A name that no address can choose.
fn file_name(endpoint: &Endpoint) -> String {
    use std::fmt::Write as _;
    let mut name = String::new();
    for byte in sha256(endpoint.as_str().as_bytes()).iter().take(16) {
        // Writing into a `String` does not fail.
        let _ = write!(name, "{byte:02x}");
    }
    name + ".crl"
}
