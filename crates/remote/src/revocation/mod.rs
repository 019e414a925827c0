//! What is known about revocation, kept fresh in the background and completed when somebody signs in (threats NET-1,
//! NET-4, NET-5).

mod group;
mod report;

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use esign::certificate::Certificate;
use esign::revocation::Evidence;
use esign::time::UnixTime;
use esign::trust::TrustStore;
use tokio::sync::watch;
use tokio::task::JoinSet;

use self::group::Group;
use crate::crl::{ListError, Round, Source};
use crate::http::{Endpoint, HttpClient};

pub use report::{ListReport, Report, ResponderReport, SourceLists};

/// Tells the time; tests move it.
pub type Clock = Arc<dyn Fn() -> UnixTime + Send + Sync>;

/// How long a list is left alone at most, so that a clock that was set does not go unnoticed.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// Where a group's evidence comes from.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// the id of the anchor group
    pub group: String,
    /// its lists, complete and delta
    pub lists: Vec<Source>,
    /// who is asked about the certificates of people: of several those whose host a certificate names, else all
    pub responders: Vec<Endpoint>,
    /// hosts whose responders are asked where a certificate names them
    pub responder_hosts: Vec<String>,
}

/// A file that was named cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{source_name}: {error}")]
pub struct UnusableList {
    /// which
    pub source_name: String,
    /// why
    #[source]
    pub error: ListError,
}

/// The evidence of all groups.
pub struct Revocation {
    trust: Arc<TrustStore>,
    http: HttpClient,
    clock: Clock,
    groups: Vec<Group>,
    publishing: Mutex<()>,
}

impl Revocation {
    /// Reads the files that are named, which must be there, and what was fetched before the last stop, which need not.
    /// Fetched lists are kept in `folder`.
    pub fn open(
        trust: Arc<TrustStore>,
        http: HttpClient,
        clock: Clock,
        folder: PathBuf,
        sources: Vec<Sources>,
    ) -> Result<Self, UnusableList> {
        let groups = sources
            .into_iter()
            .map(|sources| Group::open(sources, &folder, &trust))
            .collect::<Result<_, _>>()?;
        let revocation = Self {
            trust,
            http,
            clock,
            groups,
            publishing: Mutex::new(()),
        };
        for group in &revocation.groups {
            revocation.publish(group);
        }
        Ok(revocation)
    }

    /// Whether there is anybody to be asked when somebody signs in.
    pub fn has_responders(&self) -> bool {
        self.groups.iter().any(Group::has_responders)
    }

    /// Asks the responders of a group about a path from a person's certificate to the anchor. The path must have been
    /// validated: certificates on it may say who is to be asked (threat NET-1). Takes two seconds at most.
    pub async fn ask(&self, group: &str, path: &[Certificate]) -> Evidence {
        match self.groups.iter().find(|known| known.id() == group) {
            Some(group) => group.ask(&self.http, path, (self.clock)()).await,
            None => Evidence::new(),
        }
    }

    /// Asks every source whose time has come.
    pub async fn refresh(&self) {
        for (group, list) in self.places() {
            self.refresh_one(group, list).await;
        }
    }

    /// Keeps every list fresh until `stop` ends.
    pub async fn keep_fresh(self: Arc<Self>, stop: impl Future<Output = ()>) {
        let (order, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for (group, list) in self.places() {
            tasks.spawn(self.clone().keep_one_fresh(group, list, stopped.clone()));
        }
        stop.await;
        let _ = order.send(true);
        // A download under way is given up; its list is what it was.
        tasks.shutdown().await;
    }

    async fn keep_one_fresh(self: Arc<Self>, group: usize, list: usize, mut stopped: watch::Receiver<bool>) {
        loop {
            let pause = self.refresh_one(group, list).await;
            tokio::select! {
                () = tokio::time::sleep(pause.clamp(SHORTEST_PAUSE, LONGEST_PAUSE)) => {}
                _ = stopped.wait_for(|stopped| *stopped) => return,
            }
        }
    }

    /// Gives how long the source may be left alone now.
    async fn refresh_one(&self, group: usize, list: usize) -> Duration {
        let Some(group) = self.groups.get(group) else {
            return LONGEST_PAUSE;
        };
        let Some(list) = group.lists().get(list) else {
            return LONGEST_PAUSE;
        };
        let now = (self.clock)();
        if list.refresh(&self.http, &group.judge(&self.trust), now).await == Round::New {
            self.publish(group);
        }
        list.pause(now)
    }

    fn places(&self) -> Vec<(usize, usize)> {
        let places =
            |(index, group): (usize, &Group)| (0..group.lists().len()).map(move |list| (index, list));
        self.groups.iter().enumerate().flat_map(places).collect()
    }

    /// From now on the group is judged by its newest lists.
    fn publish(&self, group: &Group) {
        // Of two lists that arrive at once the second to publish must see the first.
        let _turn = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        self.trust.replace_evidence(group.id(), &group.evidence());
    }
}
