use db::Tx;
use serde::{Deserialize, Serialize};

use super::{OrganisationId, OrganisationScope, store};
use crate::audit::{self, Act, Event};
use crate::provider::{self, ProviderKey};
use crate::{Failure, Rules, Visit};

/// A way in that an organisation may offer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Method {
    /// User name, phone or ИИН with a password.
    Password,
    /// A state-issued certificate.
    Certificate,
    /// A passkey.
    Passkey,
    /// A configured provider of identities: a state portal, a Windows account, a mobile signature (B-7.c).
    Provider(ProviderKey),
}

impl Method {
    /// Reads what [`Self::word`] wrote: `password`, `certificate`, `passkey`, `provider/egov`.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "password" => Some(Self::Password),
            "certificate" => Some(Self::Certificate),
            "passkey" => Some(Self::Passkey),
            _ => word
                .strip_prefix("provider/")
                .and_then(|name| name.parse().ok())
                .map(Self::Provider),
        }
    }

    /// The stable word.
    pub fn word(&self) -> String {
        match self {
            Self::Password => "password".to_owned(),
            Self::Certificate => "certificate".to_owned(),
            Self::Passkey => "passkey".to_owned(),
            Self::Provider(key) => format!("provider/{}", key.as_str()),
        }
    }
}

/// The ways in that are offered: at least one, the primary one first, none twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedMethods {
    primary: Method,
    others: Vec<Method>,
}

impl OfferedMethods {
    /// From a list whose first is the primary one; nothing from an empty list.
    pub fn new(methods: impl IntoIterator<Item = Method>) -> Option<Self> {
        let mut methods = methods.into_iter();
        let primary = methods.next()?;
        let mut others = Vec::new();
        for method in methods {
            if method != primary && !others.contains(&method) {
                others.push(method);
            }
        }
        Some(Self { primary, others })
    }

    /// A password, and below it a certificate.
    pub(crate) fn usual() -> Self {
        Self {
            primary: Method::Password,
            others: vec![Method::Certificate],
        }
    }

    /// The one that the page shows first.
    pub const fn primary(&self) -> &Method {
        &self.primary
    }

    /// The others, in the organisation's order.
    pub fn others(&self) -> &[Method] {
        &self.others
    }

    /// All of them, the primary one first.
    pub fn iter(&self) -> impl Iterator<Item = &Method> {
        std::iter::once(&self.primary).chain(&self.others)
    }

    /// Whether this way in is offered.
    pub fn offers(&self, method: &Method) -> bool {
        self.iter().any(|offered| offered == method)
    }

    /// Providers, in the organisation's order.
    pub fn providers(&self) -> impl Iterator<Item = &ProviderKey> {
        self.iter().filter_map(|method| match method {
            Method::Provider(key) => Some(key),
            _ => None,
        })
    }
}

/// The ways in that an organisation offers: its own, or those of the installation (B-1.a). Ask in the transaction that
/// opens the session (threats, LNK-9).
pub fn methods(
    tx: &mut Tx<'_>,
    rules: &Rules,
    organisation: OrganisationId,
) -> Result<OfferedMethods, Failure> {
    let own = store::list_methods(tx, organisation)?;
    // an unknown word is no way in: an older program must not offer what it does not know
    let own = OfferedMethods::new(own.iter().filter_map(|word| Method::parse(word)));
    Ok(own.unwrap_or_else(|| rules.organisation.methods.clone()))
}

/// Those of [`methods`] that open something now, for pages: a provider that is switched off is not shown. May be empty.
pub fn usable_methods(
    tx: &mut Tx<'_>,
    rules: &Rules,
    organisation: OrganisationId,
) -> Result<Vec<Method>, Failure> {
    let mut usable = Vec::new();
    for method in methods(tx, rules, organisation)?.iter() {
        let is_usable = match method {
            Method::Provider(key) => provider::is_on(tx, rules, key)?,
            Method::Password | Method::Certificate | Method::Passkey => true,
        };
        if is_usable {
            usable.push(method.clone());
        }
    }
    Ok(usable)
}

/// Chooses the ways in of an organisation; nothing chosen: those of the installation.
pub fn set_methods(
    tx: &mut Tx<'_>,
    visit: &Visit,
    scope: &OrganisationScope,
    chosen: Option<&OfferedMethods>,
) -> Result<(), Failure> {
    store::delete_methods(tx, scope)?;
    let words: Vec<String> = chosen
        .into_iter()
        .flat_map(OfferedMethods::iter)
        .map(Method::word)
        .collect();
    for (rank, word) in (0_i64..).zip(&words) {
        store::insert_method(tx, scope, rank, word)?;
    }
    let detail = serde_json::json!({ "methods": words });
    audit::record(
        tx,
        visit,
        Event::of(scope, Act::OrganisationMethodsChanged, detail),
    )
}
