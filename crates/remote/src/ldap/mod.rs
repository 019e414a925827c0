//! Directories that check passwords: LDAP v3 (RFC 4511), Active Directory among them.
//!
//! A client of our own and no larger than its task: what is published parses what comes in the clear, before StartTLS,
//! by unbounded recursion. Here every answer has a budget, and there is no filter text that somebody could break out of.

mod connection;
mod message;
mod server;
mod settings;

use std::sync::Arc;

use rustls::ClientConfig;
use serde_json::{Map, Value};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use self::connection::{Broken, Connection, SUCCESS};
use self::message::{Entry, Filter, Outcome, Scope};
use crate::http::{HttpSettingsError, client_config};
use crate::oidc::Said;
use crate::provider::{Claims, ProviderFailure};
use crate::revocation::Clock;

pub use server::{MalformedServer, Server};
pub use settings::{
    BindPassword, DirectorySettings, DnTemplate, Identity, Lookup, MalformedTemplate, UnknownIdentity,
};

/// Longer ones are nobody's user name.
const MAX_LOGIN: usize = 128;
/// Longer ones are nobody's password (threat PWD-4).
const MAX_PASSWORD: usize = 1024;

/// `sizeLimitExceeded`, `noSuchObject` (RFC 4511 appendix A).
const TOO_MANY: u32 = 4;
const NO_SUCH_OBJECT: u32 = 32;

/// One organisation's directory.
pub struct Directory {
    settings: DirectorySettings,
    tls: Arc<ClientConfig>,
    clock: Clock,
    /// Passwords that are checked at once; the others wait, within their time.
    places: Semaphore,
}

impl Directory {
    /// Asks nobody yet: a directory that is down does not keep the server from starting.
    pub fn new(settings: DirectorySettings, clock: Clock) -> Result<Self, HttpSettingsError> {
        Ok(Self {
            tls: client_config(&settings.authorities)?,
            places: Semaphore::new(settings.at_once),
            settings,
            clock,
        })
    }

    /// Who somebody is, if this is their password. Nobody is asked about an empty one (threat SPN-3).
    pub(crate) async fn claims(&self, login: &str, password: &str) -> Result<Claims, ProviderFailure> {
        let login = login.trim();
        let fits = (1..=MAX_LOGIN).contains(&login.len()) && (1..=MAX_PASSWORD).contains(&password.len());
        if !fits || !login.chars().all(is_of_login) || password.contains('\0') {
            return Err(ProviderFailure::PasswordWrong);
        }
        let check = async {
            let place = self.places.acquire().await;
            let _place = place.map_err(|_| ProviderFailure::Unreachable("it is closed".to_owned()))?;
            let mut connection = self.connect().await?;
            let entry = match &self.settings.lookup {
                Lookup::Search { .. } => self.search(&mut connection, login, password).await?,
                Lookup::Template(template) => {
                    let dn = template.fill(login);
                    self.prove(&mut connection, &dn, password).await?;
                    self.read(&mut connection, &dn).await?
                }
            };
            self.speak_of(&entry)
        };
        let late = |_| ProviderFailure::Unreachable("no answer in time".to_owned());
        timeout(self.settings.patience, check).await.map_err(late)?
    }

    /// The first server that answers, in the order of the configuration.
    async fn connect(&self) -> Result<Connection, ProviderFailure> {
        let mut last = None;
        let each = self.settings.patience / 2;
        for server in &self.settings.servers {
            match timeout(each, Connection::open(server, &self.tls)).await {
                Ok(Ok(connection)) => return Ok(connection),
                Ok(Err(error)) => last = Some(error.to_string()),
                Err(_) => last = Some("no connection in time".to_owned()),
            }
        }
        Err(ProviderFailure::Unreachable(last.unwrap_or_default()))
    }

    /// Looks the person up, then tries their password. Where there is nobody, as much is asked (threat PWD-5).
    async fn search(
        &self,
        connection: &mut Connection,
        login: &str,
        password: &str,
    ) -> Result<Entry, ProviderFailure> {
        let Lookup::Search {
            account,
            account_password,
            base,
            logins,
            object_class,
            member_of,
        } = &self.settings.lookup
        else {
            return Err(ProviderFailure::Unusable("nobody looks people up".to_owned()));
        };
        let outcome = connection.bind(account, account_password.expose()).await?;
        if outcome.code != SUCCESS {
            return Err(unusable("our own account is refused", &outcome));
        }
        let names = logins.iter().map(|name| Filter::Equal(name, login)).collect();
        let mut terms = vec![Filter::Equal("objectClass", object_class), Filter::Or(names)];
        terms.extend(member_of.as_deref().map(|group| Filter::Equal("memberOf", group)));
        let filter = Filter::And(terms);
        let (found, outcome) = connection
            .search(base, Scope::Subtree, &filter, &self.attributes())
            .await?;
        if !matches!(outcome.code, SUCCESS | TOO_MANY) {
            return Err(unusable("the search fails", &outcome));
        }
        let mut found = found.into_iter();
        match (found.next(), found.next(), outcome.code) {
            (Some(entry), None, SUCCESS) => {
                self.prove(connection, &entry.dn, password).await?;
                Ok(entry)
            }
            (first, ..) => {
                if first.is_some() {
                    tracing::warn!("a user name fits several entries of a directory, and therefore nobody");
                }
                let nobody = format!("cn=nobody,{base}");
                let _ = connection.bind(&nobody, password).await?;
                Err(ProviderFailure::PasswordWrong)
            }
        }
    }

    /// Binds as the person.
    async fn prove(
        &self,
        connection: &mut Connection,
        dn: &str,
        password: &str,
    ) -> Result<(), ProviderFailure> {
        let outcome = connection.bind(dn, password).await?;
        match outcome.code {
            SUCCESS => Ok(()),
            // busy, unavailable
            51 | 52 => Err(ProviderFailure::Unreachable(outcome.words)),
            // inappropriateAuthentication, invalidCredentials, constraintViolation, insufficientAccessRights,
            // unwillingToPerform: the account is locked or has no password, says this server or that
            19 | 48 | 49 | 50 | 53 | NO_SUCH_OBJECT => Err(ProviderFailure::PasswordWrong),
            _ => Err(unusable("a bind fails", &outcome)),
        }
    }

    /// The person's own entry, by themselves.
    async fn read(&self, connection: &mut Connection, dn: &str) -> Result<Entry, ProviderFailure> {
        let filter = Filter::Present("objectClass");
        let (found, outcome) = connection
            .search(dn, Scope::Base, &filter, &self.attributes())
            .await?;
        match found.into_iter().next() {
            Some(entry) if outcome.code == SUCCESS => Ok(entry),
            _ => Err(unusable("a person may not read their own entry", &outcome)),
        }
    }

    fn attributes(&self) -> Vec<&str> {
        let mapping = &self.settings.mapping;
        let mut names = vec![
            self.settings.identity.attribute(),
            &mapping.surname,
            &mapping.given_name,
            &mapping.patronymic,
            &mapping.name,
            &mapping.email,
            &mapping.phone,
        ];
        names.extend(mapping.person_ids.values().map(String::as_str));
        names
    }

    fn speak_of(&self, entry: &Entry) -> Result<Claims, ProviderFailure> {
        let (identity, mapping) = (self.settings.identity, &self.settings.mapping);
        let [value] = entry.values(identity.attribute()) else {
            let attribute = identity.attribute();
            return Err(ProviderFailure::Unusable(format!(
                "an entry has no {attribute}, or several"
            )));
        };
        let said = said(entry, &self.attributes());
        let nothing = Map::new();
        let said = Said([&said, &nothing]);
        Ok(Claims {
            issuer: format!("ldap:{}", identity.attribute()),
            subject: identity.read(value)?,
            name: said.name(mapping),
            person_ids: said.person_ids(&mapping.person_ids)?,
            contacts: said.contacts(mapping),
            assurance: None,
            authenticated_at: Some((self.clock)()),
        })
    }
}

/// Servers take a name for the same with letters written otherwise, or with signs in between that nobody sees (RFC 4518):
/// each would be another name for whoever counts guesses.
const fn is_of_login(c: char) -> bool {
    c.is_ascii_graphic() || matches!(c, ' ' | '\u{400}'..='\u{52f}')
}

/// The first value of each attribute, as claims. A directory vouches for its contacts as a whole; whether its word counts is
/// said by the configuration.
fn said(entry: &Entry, attributes: &[&str]) -> Map<String, Value> {
    let values = attributes.iter().filter_map(|name| {
        let value = std::str::from_utf8(entry.values(name).first()?).ok()?;
        Some((*name, value))
    });
    values
        .flat_map(|(name, value)| {
            [
                (name.to_owned(), Value::from(value)),
                (format!("{name}_verified"), Value::Bool(true)),
            ]
        })
        .collect()
}

fn unusable(what: &str, outcome: &Outcome) -> ProviderFailure {
    ProviderFailure::Unusable(format!("{what}: {} {}", outcome.code, outcome.words))
}

impl From<Broken> for ProviderFailure {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Protocol => Self::Unusable(broken.to_string()),
            Broken::Io(_) | Broken::Name(_) | Broken::NoTls(_) => Self::Unreachable(broken.to_string()),
        }
    }
}
