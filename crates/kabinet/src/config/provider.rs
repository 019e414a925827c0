//! From `[[provider]]` to those with whom people may prove who they are.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use cabinet::Demand;
use cabinet::provider::{self, ProviderLabel, ProviderRules};
use esign::profile::PersonIdKind;
use esign::time::UnixTime;
use remote::esia::Esia;
use remote::http::HttpClient;
use remote::oidc::{
    Algorithms, ClaimMapping, ClientKey, ClientProof, ClientSecret, Issuer, OidcSettings, RelyingParty,
};
use remote::provider::{Label, Offered, Provider, ProviderSettings, Providers, Trusts};

use super::assemble::demand;
use super::sections::{self, ClaimsSection, LabelSection, ProviderKind, ProviderSection};
use super::{Config, Problem, secret};
use crate::{clock, pem};

impl Config {
    /// Every provider, ready to be asked; none is asked yet.
    pub(crate) fn providers(&self) -> Result<Providers, Problem> {
        let directories = self.directory.iter().map(|section| &section.id);
        let others = directories.chain(self.kerberos.iter().map(|section| &section.id));
        let mut ids = HashSet::new();
        let mut all = self.provider.iter().map(|section| &section.id).chain(others);
        if let Some(twice) = all.find(|id| !ids.insert(*id)) {
            return Err(Problem::new(format!(
                "the provider \"{twice}\" stands there twice; give each an id of its own"
            )));
        }
        let http = self.http()?;
        let providers = self.provider.iter().map(|section| self.provider(section, &http));
        let directories = self.directory.iter().map(|section| self.directory(section));
        let domains = self.kerberos.iter().map(|section| self.kerberos(section));
        providers
            .chain(directories)
            .chain(domains)
            .collect::<Result<_, _>>()
            .map(Providers::new)
    }

    /// The same, as the domain knows them.
    pub(crate) fn provider_rules(&self) -> Result<Vec<ProviderRules>, Problem> {
        let rules = self.provider.iter().map(|section| {
            let key = section.id.parse();
            Ok(ProviderRules {
                key: key.map_err(|error| in_provider(section, &format!("id: {error}")))?,
                label: section.label.to_provider_label(),
                // both say when the person proved themselves
                proves_anew: true,
                offered: section.offered.into(),
                // providers ask for a second factor of their own
                demand: section.second_factor.map_or(Demand::Nobody, demand),
            })
        });
        let directories = self.directory.iter().map(|section| self.directory_rules(section));
        let domains = self.kerberos.iter().map(|section| self.kerberos_rules(section));
        rules.chain(directories).chain(domains).collect()
    }

    fn provider(&self, section: &ProviderSection, http: &HttpClient) -> Result<Provider, Problem> {
        let person_ids = person_ids(&section.person_ids).map_err(|what| in_provider(section, &what))?;
        let settings = ProviderSettings {
            id: section
                .id
                .parse()
                .map_err(|error| in_provider(section, &format!("id: {error}")))?,
            label: section.label.to_label(),
            offered: section.offered.into(),
            required_assurance: section.required_assurance.clone(),
            trusts: Trusts {
                email: section.trusts_email,
                phone: section.trusts_phone,
            },
            states: person_ids.keys().cloned().collect(),
        };
        let now = Arc::new(|| UnixTime(clock::now().as_seconds()));
        match section.kind {
            ProviderKind::Oidc => {
                let oidc = self.oidc(section, person_ids, http)?;
                let party = RelyingParty::new(oidc, http.clone(), now);
                Ok(Provider::oidc(settings, party))
            }
            ProviderKind::Esia => {
                let esia = Esia::new(self.esia(section, http)?, http.clone(), now);
                Ok(Provider::esia(settings, esia))
            }
        }
    }

    fn oidc(
        &self,
        section: &ProviderSection,
        person_ids: BTreeMap<PersonIdKind, String>,
        http: &HttpClient,
    ) -> Result<OidcSettings, Problem> {
        let algorithms = section.algorithms.as_deref().map(Algorithms::named);
        Ok(OidcSettings {
            issuer: issuer(section, http)?,
            other_hosts: section.hosts.clone(),
            client_id: section.client_id.clone(),
            client_proof: self.client_proof(section)?,
            scopes: scopes(section, &["profile", "email", "phone"]),
            algorithms: algorithms
                .transpose()
                .map_err(|error| in_provider(section, &format!("algorithms: {error}")))?
                .unwrap_or_default(),
            mapping: mapping(&section.claims, ClaimMapping::default(), person_ids),
        })
    }
}

impl Config {
    /// What proves to the provider that it is us, if it wants to know.
    fn client_proof(&self, section: &ProviderSection) -> Result<Option<ClientProof>, Problem> {
        match (&section.client_secret_file, &section.client_key_file) {
            (None, None) => Ok(None),
            (Some(file), None) => {
                let secret = secret::read(&self.path(file))?;
                Ok(Some(ClientProof::Secret(ClientSecret::new(secret))))
            }
            (None, Some(file)) => {
                let text = secret::read(&self.path(file))?;
                let blocks = pem::read(text.as_bytes(), "PRIVATE KEY").unwrap_or_default();
                let der = blocks.first().map(Vec::as_slice).unwrap_or_default();
                let key = ClientKey::new(der, section.client_key_id.clone());
                let wrong = |why| in_provider(section, &format!("`client_key_file` is {why}"));
                Ok(Some(ClientProof::Key(key.map_err(wrong)?)))
            }
            (Some(_), Some(_)) => Err(in_provider(
                section,
                "either `client_secret_file` or `client_key_file`; leave one of them",
            )),
        }
    }
}

/// An issuer that will never be reached is refused when it is read, where that can be known (threat NET-2).
fn issuer(section: &ProviderSection, http: &HttpClient) -> Result<Issuer, Problem> {
    let wrong =
        |why: &dyn std::fmt::Display| in_provider(section, &format!("issuer: \"{}\": {why}", section.issuer));
    let issuer: Issuer = section.issuer.parse().map_err(|error| wrong(&error))?;
    http.allows(issuer.endpoint()).map_err(|error| wrong(&error))?;
    Ok(issuer)
}

/// The configured ones, or the usual.
pub(super) fn scopes(section: &ProviderSection, usual: &[&str]) -> Vec<String> {
    let usual = || usual.iter().map(|scope| (*scope).to_owned()).collect();
    section.scopes.clone().unwrap_or_else(usual)
}

pub(super) fn person_ids(
    section: &BTreeMap<String, String>,
) -> Result<BTreeMap<PersonIdKind, String>, String> {
    let stated = section.iter().map(|(kind, claim)| {
        let kind = kind.parse().map_err(|error| format!("person_ids: {error}"))?;
        Ok((kind, claim.clone()))
    });
    stated.collect()
}

/// Where the section says nothing, the standard.
pub(super) fn mapping(
    section: &ClaimsSection,
    standard: ClaimMapping,
    person_ids: BTreeMap<PersonIdKind, String>,
) -> ClaimMapping {
    let named = |claim: &Option<String>, standard: String| claim.clone().unwrap_or(standard);
    ClaimMapping {
        surname: named(&section.surname, standard.surname),
        given_name: named(&section.given_name, standard.given_name),
        patronymic: named(&section.patronymic, standard.patronymic),
        name: named(&section.name, standard.name),
        email: named(&section.email, standard.email),
        phone: named(&section.phone, standard.phone),
        person_ids,
    }
}

impl LabelSection {
    pub(super) fn to_label(&self) -> Label {
        let Self { ru, kk, en } = self.clone();
        Label { ru, kk, en }
    }

    pub(super) fn to_provider_label(&self) -> ProviderLabel {
        let Self { ru, kk, en } = self.clone();
        ProviderLabel { ru, kk, en }
    }
}

impl From<sections::Offered> for Offered {
    fn from(offered: sections::Offered) -> Self {
        match offered {
            sections::Offered::Everywhere => Self::Everywhere,
            sections::Offered::ByOrganisation => Self::ByOrganisation,
        }
    }
}

impl From<sections::Offered> for provider::Offered {
    fn from(offered: sections::Offered) -> Self {
        match offered {
            sections::Offered::Everywhere => Self::Everywhere,
            sections::Offered::ByOrganisation => Self::ByOrganisation,
        }
    }
}

pub(super) fn in_provider(section: &ProviderSection, what: &str) -> Problem {
    Problem::new(format!("[[provider]] \"{}\": {what}", section.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{EXAMPLE, read};

    fn providers(change: (&str, &str)) -> Result<Providers, Problem> {
        let toml = EXAMPLE.replace(change.0, change.1);
        assert_ne!(toml, EXAMPLE, "{change:?}");
        read::parse(&toml, "kabinet.toml", &[]).unwrap().providers()
    }

    #[test]
    fn the_example_has_a_provider() {
        let providers = providers(("#person_ids = {", "person_ids = {")).unwrap();
        let city = providers.get(&"city".parse().unwrap()).unwrap();
        assert_eq!(city.settings().states, ["KZ:IIN".parse().unwrap()]);
        assert_eq!(
            city.settings().trusts,
            Trusts::default(),
            "nobody is trusted unasked"
        );
        assert_eq!(city.origins(), ["https://id.city.example"]);
    }

    #[test]
    fn a_mistake_in_a_provider_is_told_with_its_place() {
        for (change, told) in [
            (("id = \"city\"", "id = \"City\""), "id: expected 1 to 32"),
            (
                ("https://id.city", "ldap://id.city"),
                "not an http or https address",
            ),
            (
                ("https://id.city.example", "http://127.0.0.1:9000"),
                "127.0.0.1, which is not on the public internet",
            ),
            (
                ("#algorithms = [\"RS256\"", "algorithms = [\"HS256\""),
                "\"HS256\" is none of RS256",
            ),
            (
                ("#person_ids = { \"KZ:IIN\"", "person_ids = { \"IIN\""),
                "expected a country and a kind",
            ),
        ] {
            let refused = providers(change).err().unwrap().to_string();
            assert!(refused.starts_with("[[provider]] \""), "{refused}");
            assert!(refused.contains(told), "{refused}");
        }
    }

    #[test]
    fn oidc_4_two_providers_never_share_an_address() {
        let section = EXAMPLE.split("[[provider]]").nth(1).unwrap();
        let section = section.split("\n[").next().unwrap();
        let twice = format!("[[provider]]{section}\n[[anchor_group]]");
        let refused = providers(("[[anchor_group]]", &twice)).err().unwrap().to_string();
        assert!(refused.contains("stands there twice"), "{refused}");
    }

    #[test]
    fn an_unknown_key_of_a_provider_is_refused_with_its_line() {
        let toml = EXAMPLE.replace("client_id =", "client_it =");
        let line = EXAMPLE
            .lines()
            .position(|line| line.starts_with("client_id"))
            .unwrap()
            + 1;
        assert_eq!(
            read::parse(&toml, "kabinet.toml", &[]).unwrap_err().to_string(),
            format!("kabinet.toml:{line}: unknown key `client_it` in [provider]; did you mean `client_id`?")
        );
    }
}
