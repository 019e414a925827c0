//! Everything a request needs, put together once by the binary.

use std::sync::Arc;

use cabinet::account::Language;
use cabinet::{Entropy, Rules};
use db::{Db, Timestamp};
use esign::trust::TrustStore;
use remote::provider::{ProtocolKind, Providers};
use remote::revocation::Revocation;
use text::date::Zone;

use crate::allowance::Allowance;
use crate::key_sources::KeySources;
use crate::listener::Limits;
use crate::metrics::Metrics;
use crate::operator::Probe;
use crate::pool::Pool;
use crate::proxy::Proxies;
use crate::remote_key::RemoteKeys;
use crate::view::Support;

/// The server, as the operator configured it.
pub struct App {
    /// The storage.
    pub db: Db,
    /// What use cases obey.
    pub rules: Arc<Rules>,
    /// Whose certificates count.
    pub trust: Arc<TrustStore>,
    /// What keeps its knowledge of revocation fresh; nothing where no source is configured.
    pub revocation: Option<Arc<Revocation>>,
    /// With whom people may prove who they are.
    pub providers: Providers,
    /// The time of every act.
    pub clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// The source of ids and secrets.
    pub entropy: Entropy,
    /// What pages say of the installation.
    pub site: Site,
    /// Whose word counts for a client's address.
    pub proxies: Proxies,
    /// Keys that answer the server.
    pub remote_keys: RemoteKeys,
    /// How many connections are held.
    pub limits: Limits,
    /// How many challenges to sign in one network is given.
    pub challenges: Allowance,
    /// How often one network may look for organisations.
    pub searches: Allowance,
    /// Where `/metrics` and `/ready` are answered.
    pub operator: Operator,
    /// The last durable write for `/ready`.
    pub probe: Probe,
    /// Counters.
    pub metrics: Metrics,
    /// Signature checks.
    pub signatures: Pool,
    /// Password hashes.
    pub passwords: Pool,
}

/// What pages say of the installation.
#[derive(Debug, Clone)]
pub struct Site {
    /// Who helps, in the operator's order.
    pub support: Arc<[Support]>,
    /// The zone in which times are shown.
    pub zone: Zone,
    /// The language of visitors whose own is not spoken here.
    pub language: Language,
    /// Where people may have their keys.
    pub keys: KeySources,
    /// The demo runs: `/demo/messages` shows every message.
    pub demo: bool,
}

/// Where `/metrics` and `/ready` are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// On the main listener, to this machine itself.
    Loopback,
    /// On a listener of their own ([`crate::serve_operator`]), and nowhere else.
    Listener,
}

impl App {
    /// Whether people may enter with tickets of Kerberos.
    pub(crate) fn takes_tickets(&self) -> bool {
        let mut providers = self.providers.iter();
        providers.any(|provider| provider.kind() == ProtocolKind::Kerberos)
    }

    /// A pool for signature checks or password hashes on this machine: as many at once as there are cores, and a
    /// queue that is worked off within a second or two.
    pub fn pool() -> Pool {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Pool::new(cores, 32 * cores)
    }
}
