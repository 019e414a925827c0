//! Accounts of a Windows domain: Kerberos tickets that a browser hands over (SPNEGO, RFC 4559).
//!
//! The system's MIT Kerberos judges the tickets: the build feature `kerberos` needs it, and nothing else does. Its
//! acceptor holds one service's keys and keeps a replay cache (threat SPN-1).

mod keytab;
mod settings;

#[cfg(not(feature = "kerberos"))]
#[path = "absent.rs"]
mod acceptor;
#[cfg(feature = "kerberos")]
#[path = "gssapi.rs"]
mod acceptor;

use std::sync::Arc;

use tokio::sync::Semaphore;

use self::acceptor::Acceptor;
use crate::provider::{Claims, ProviderFailure};

pub use settings::{KerberosProblem, KerberosSettings, MalformedService, ServiceName};

/// Tickets that are judged at once.
const AT_ONCE: usize = 8;
/// Longest ticket: those of people in hundreds of groups have some ten thousand octets (threat SPN-2).
const MAX_TICKET: usize = 48 * 1024;
/// How tokens of GSS-API begin (RFC 2743 §3.1); those of NTLM do not.
const INITIAL_TOKEN: u8 = 0x60;

/// One service in a realm.
pub struct Kerberos {
    realms: Vec<String>,
    acceptor: Arc<Acceptor>,
    places: Semaphore,
}

/// Who handed a ticket over.
#[derive(Debug)]
pub struct Accepted {
    /// Who they are.
    pub claims: Claims,
    /// What proves to them who we are (mutual authentication).
    pub reply: Option<Vec<u8>>,
}

/// What the acceptor says of a ticket.
struct Judged {
    principal: String,
    reply: Option<Vec<u8>>,
}

impl Kerberos {
    /// Reads the keys; asks nobody.
    pub fn new(settings: KerberosSettings) -> Result<Self, KerberosProblem> {
        keytab::check(&settings)?;
        let mut realms = settings.realms.clone();
        if realms.is_empty() {
            realms.push(settings.service.realm().to_owned());
        }
        Ok(Self {
            realms,
            acceptor: Arc::new(Acceptor::open(&settings)?),
            places: Semaphore::new(AT_ONCE),
        })
    }

    /// Who hands this ticket over. It says nothing of when they proved themselves, and is good once.
    pub(crate) async fn accept(&self, ticket: Vec<u8>) -> Result<Accepted, ProviderFailure> {
        if ticket.first() != Some(&INITIAL_TOKEN) || ticket.len() > MAX_TICKET {
            return Err(ProviderFailure::NoTicket("no token of GSS-API".to_owned()));
        }
        let place = self.places.acquire().await;
        let _place = place.map_err(|_| ProviderFailure::Unreachable("it is closed".to_owned()))?;
        let acceptor = self.acceptor.clone();
        let judged = tokio::task::spawn_blocking(move || acceptor.judge(&ticket)).await;
        let judged =
            judged.map_err(|_| ProviderFailure::Unusable("the acceptor broke down".to_owned()))??;
        let realm = self.realm_of(&judged.principal)?;
        Ok(Accepted {
            claims: Claims {
                issuer: realm.to_owned(),
                subject: judged.principal,
                name: None,
                person_ids: Vec::new(),
                contacts: Vec::new(),
                assurance: None,
                authenticated_at: None,
            },
            reply: judged.reply,
        })
    }

    /// The realm of a person: not of a service or computer, and one of those that are configured (RFC 1964 §2.1.1).
    fn realm_of(&self, principal: &str) -> Result<&str, ProviderFailure> {
        let parts = principal.split_once('@');
        let is_person = |name: &str| {
            let is_plain = |c: char| !c.is_control() && !matches!(c, '/' | '\\' | '@');
            !name.is_empty() && !name.ends_with('$') && name.len() <= 256 && name.chars().all(is_plain)
        };
        let known = parts
            .filter(|(name, _)| is_person(name))
            .and_then(|(_, realm)| self.realms.iter().find(|known| *known == realm));
        known.map(String::as_str).ok_or_else(|| {
            ProviderFailure::NoTicket("its owner is no person of a realm that is configured".to_owned())
        })
    }
}
