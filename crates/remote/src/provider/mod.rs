//! The providers with whom people may prove who they are. What a provider says becomes [`Claims`] only after every rule
//! of its protocol was checked (threats OIDC-3 to OIDC-8); what follows from them is decided elsewhere.

mod claims;
mod failure;
mod id;
mod request;

use esign::profile::PersonIdKind;
use url::Url;

use crate::esia::Esia;
use crate::kerberos::{Accepted, Kerberos};
use crate::ldap::Directory;
use crate::oidc::RelyingParty;

pub use claims::{ClaimedContact, ClaimedName, Claims, ContactKind};
pub use failure::{ProviderFailure, TokenFault};
pub use id::{MalformedProviderId, ProviderId};
pub use request::{Answer, AuthorisationRequest, Callback, Freshness, Sent};

/// Every configured provider, in the order of the configuration.
#[derive(Default)]
pub struct Providers(Vec<Provider>);

/// One provider.
pub struct Provider {
    settings: ProviderSettings,
    protocol: Protocol,
}

/// What holds for a provider whatever protocol it speaks.
#[derive(Debug, Clone)]
pub struct ProviderSettings {
    /// Its name in the configuration, in addresses and in the database.
    pub id: ProviderId,
    /// What the button says.
    pub label: Label,
    /// Where it is offered.
    pub offered: Offered,
    /// One of these levels must have been reached (`acr`); any will do where there is none.
    pub required_assurance: Vec<String>,
    /// Whose word counts for contacts (threat LNK-5).
    pub trusts: Trusts,
    /// Which numbers of people it may state.
    pub states: Vec<PersonIdKind>,
}

/// A name in the languages of the interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Russian
    pub ru: String,
    /// Kazakh
    pub kk: String,
    /// English
    pub en: String,
}

/// Who is offered a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// Everybody.
    Everywhere,
    /// The people of organisations that switched it on.
    ByOrganisation,
}

/// Which contacts count as confirmed when the provider says that they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Trusts {
    /// its word on e-mail addresses
    pub email: bool,
    /// its word on phone numbers
    pub phone: bool,
}

/// The protocol a provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProtocolKind {
    /// OpenID Connect Core 1.0
    Oidc,
    /// ЕСИА (Госуслуги)
    Esia,
    /// A directory that checks passwords (LDAP)
    Directory,
    /// Tickets of a Windows domain (Kerberos)
    Kerberos,
}

enum Protocol {
    Oidc(Box<RelyingParty>),
    Esia(Box<Esia>),
    Directory(Box<Directory>),
    Kerberos(Box<Kerberos>),
}

impl ProviderSettings {
    /// The usual: offered to everybody, any level of assurance, trusted in nothing.
    pub const fn new(id: ProviderId, label: Label) -> Self {
        Self {
            id,
            label,
            offered: Offered::Everywhere,
            required_assurance: Vec::new(),
            trusts: Trusts {
                email: false,
                phone: false,
            },
            states: Vec::new(),
        }
    }
}

impl Label {
    /// The same in every language.
    pub fn everywhere(text: &str) -> Self {
        Self {
            ru: text.to_owned(),
            kk: text.to_owned(),
            en: text.to_owned(),
        }
    }
}

impl Providers {
    /// The set; of two with one id the first counts.
    pub fn new(providers: Vec<Provider>) -> Self {
        Self(providers)
    }

    /// The provider of that id.
    pub fn get(&self, id: &ProviderId) -> Option<&Provider> {
        self.iter().find(|provider| provider.id() == id)
    }

    /// All of them, in the order of the configuration.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.0.iter()
    }
}

impl Provider {
    /// A provider of OpenID Connect.
    pub fn oidc(settings: ProviderSettings, party: RelyingParty) -> Self {
        Self {
            settings,
            protocol: Protocol::Oidc(Box::new(party)),
        }
    }

    /// ESIA.
    pub fn esia(settings: ProviderSettings, esia: Esia) -> Self {
        Self {
            settings,
            protocol: Protocol::Esia(Box::new(esia)),
        }
    }

    /// A directory of an organisation.
    pub fn directory(settings: ProviderSettings, directory: Directory) -> Self {
        Self {
            settings,
            protocol: Protocol::Directory(Box::new(directory)),
        }
    }

    /// Accounts of a Windows domain.
    pub fn kerberos(settings: ProviderSettings, kerberos: Kerberos) -> Self {
        Self {
            settings,
            protocol: Protocol::Kerberos(Box::new(kerberos)),
        }
    }

    /// Its name in the configuration.
    pub fn id(&self) -> &ProviderId {
        &self.settings.id
    }

    /// What the configuration says of it.
    pub fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    /// The protocol it speaks.
    pub fn kind(&self) -> ProtocolKind {
        match self.protocol {
            Protocol::Oidc(_) => ProtocolKind::Oidc,
            Protocol::Esia(_) => ProtocolKind::Esia,
            Protocol::Directory(_) => ProtocolKind::Directory,
            Protocol::Kerberos(_) => ProtocolKind::Kerberos,
        }
    }

    /// The origins that [`Self::authorise`] may send a browser to, for a page's `form-action` (CSP Level 3 §6.4.2).
    pub fn origins(&self) -> Vec<String> {
        match &self.protocol {
            Protocol::Oidc(party) => party.origins(),
            Protocol::Esia(esia) => esia.origins(),
            Protocol::Directory(_) | Protocol::Kerberos(_) => Vec::new(),
        }
    }

    /// Where the browser goes.
    pub async fn authorise(&self, request: &AuthorisationRequest) -> Result<Url, ProviderFailure> {
        match &self.protocol {
            Protocol::Oidc(party) => party.authorise(request, &self.settings.required_assurance).await,
            Protocol::Esia(esia) => esia.authorise(request).await,
            Protocol::Directory(_) | Protocol::Kerberos(_) => Err(not_so()),
        }
    }

    /// What the provider says of whoever came back. The code is spent afterwards, whatever the outcome.
    pub async fn claims(&self, callback: Callback, sent: &Sent) -> Result<Claims, ProviderFailure> {
        let claims = match &self.protocol {
            Protocol::Oidc(party) => party.claims(callback, sent).await?,
            Protocol::Esia(esia) => esia.claims(callback, sent).await?,
            Protocol::Directory(_) | Protocol::Kerberos(_) => return Err(not_so()),
        };
        self.vouched(claims)
    }

    /// What a directory says of whoever knows this password.
    pub async fn claims_by_password(&self, login: &str, password: &str) -> Result<Claims, ProviderFailure> {
        match &self.protocol {
            Protocol::Directory(directory) => self.vouched(directory.claims(login, password).await?),
            Protocol::Oidc(_) | Protocol::Esia(_) | Protocol::Kerberos(_) => Err(not_so()),
        }
    }

    /// Who hands this ticket of Kerberos over.
    pub async fn claims_by_ticket(&self, ticket: Vec<u8>) -> Result<Accepted, ProviderFailure> {
        let Protocol::Kerberos(kerberos) = &self.protocol else {
            return Err(not_so());
        };
        let Accepted { claims, reply } = kerberos.accept(ticket).await?;
        let claims = self.vouched(claims)?;
        Ok(Accepted { claims, reply })
    }

    /// Where the browser goes to sign out there, too; `None` where the provider has no such page or is not known yet.
    pub fn end_session(&self, return_to: &Url) -> Option<Url> {
        match &self.protocol {
            Protocol::Oidc(party) => party.end_session(return_to),
            Protocol::Esia(esia) => esia.end_session(return_to),
            Protocol::Directory(_) | Protocol::Kerberos(_) => None,
        }
    }

    fn vouched(&self, claims: Claims) -> Result<Claims, ProviderFailure> {
        self.is_strong_enough(&claims)?;
        Ok(claims.limited_to(&self.settings.states, self.settings.trusts))
    }

    /// The level is read in the answer: that it was asked for proves nothing (threat OIDC-8).
    fn is_strong_enough(&self, claims: &Claims) -> Result<(), ProviderFailure> {
        let required = &self.settings.required_assurance;
        let reached = claims.assurance.as_ref();
        if required.is_empty() || reached.is_some_and(|level| required.contains(level)) {
            return Ok(());
        }
        Err(ProviderFailure::TooWeak)
    }
}

/// People do not prove themselves there in the way that was asked.
fn not_so() -> ProviderFailure {
    ProviderFailure::Unusable("this provider is not asked in this way".to_owned())
}
