use std::collections::BTreeMap;
use std::fmt;

use esign::profile::PersonIdKind;

use crate::http::Endpoint;

/// How a provider knows us, and what we ask of it.
#[derive(Debug, Clone)]
pub struct OidcSettings {
    /// Its name for itself, compared byte by byte; discovery begins there.
    pub issuer: Endpoint,
    /// Other hosts that its metadata may name.
    pub hosts: Vec<String>,
    /// Our name there.
    pub client_id: String,
    /// What proves that it is us; nothing where the provider registered us without.
    pub client_secret: Option<ClientSecret>,
    /// What is asked for; `openid` is added where it is missing.
    pub scopes: Vec<String>,
    /// Where it puts what we read.
    pub mapping: ClaimMapping,
}

/// The secret that we share with a provider.
#[derive(Clone)]
pub struct ClientSecret(String);

impl ClientSecret {
    /// The secret of this text.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(…)")
    }
}

/// The names of a provider's claims.
#[derive(Debug, Clone)]
pub struct ClaimMapping {
    /// фамилия
    pub surname: String,
    /// имя
    pub given_name: String,
    /// отчество
    pub patronymic: String,
    /// the whole name, where there are no parts
    pub name: String,
    /// the e-mail address; whether it is verified stands in the claim with `_verified` behind this name
    pub email: String,
    /// the phone number; likewise
    pub phone: String,
    /// numbers of the person
    pub person_ids: BTreeMap<PersonIdKind, String>,
}

/// The standard claims (OpenID Connect Core 1.0 §5.1).
impl Default for ClaimMapping {
    fn default() -> Self {
        Self {
            surname: "family_name".to_owned(),
            given_name: "given_name".to_owned(),
            patronymic: "middle_name".to_owned(),
            name: "name".to_owned(),
            email: "email".to_owned(),
            phone: "phone_number".to_owned(),
            person_ids: BTreeMap::new(),
        }
    }
}
