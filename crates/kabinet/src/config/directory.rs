//! From `[[directory]]` to what checks the passwords of an organisation's people.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cabinet::provider::ProviderRules;
use esign::time::UnixTime;
use remote::ldap::{BindPassword, Directory, DirectorySettings, Lookup};
use remote::oidc::ClaimMapping;
use remote::provider::{Provider, ProviderSettings, Trusts};
use serde::Deserialize;

use super::assemble::demand;
use super::provider::{mapping, person_ids};
use super::sections::{ClaimsSection, Demand, LabelSection, Offered, default};
use super::{Config, Problem, secret};
use crate::clock;

/// Passwords that one directory checks at once.
const AT_ONCE: usize = 8;

#[derive(Debug, Deserialize)]
pub(crate) struct DirectorySection {
    pub(crate) id: String,
    label: LabelSection,
    servers: Vec<String>,
    #[serde(default)]
    authorities: Vec<PathBuf>,
    account: Option<String>,
    account_password_file: Option<PathBuf>,
    base: Option<String>,
    login: Option<Vec<String>>,
    object_class: Option<String>,
    member_of: Option<String>,
    dn: Option<String>,
    identity: String,
    #[serde(default)]
    attributes: ClaimsSection,
    #[serde(default)]
    person_ids: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    trusts_email: bool,
    #[serde(default)]
    trusts_phone: bool,
    #[serde(default = "default::by_organisation")]
    offered: Offered,
    second_factor: Option<Demand>,
    #[serde(default = "default::directory_seconds")]
    seconds: u64,
}

impl Config {
    /// A directory, ready to be asked; it is not asked yet.
    pub(super) fn directory(&self, section: &DirectorySection) -> Result<Provider, Problem> {
        let wrong = |what: &str| section.problem(what);
        let stated = person_ids(&section.person_ids).map_err(|what| wrong(&what))?;
        let settings = ProviderSettings {
            id: section
                .id
                .parse()
                .map_err(|error| wrong(&format!("id: {error}")))?,
            label: section.label.to_label(),
            offered: section.offered.into(),
            required_assurance: Vec::new(),
            trusts: Trusts {
                email: section.trusts_email,
                phone: section.trusts_phone,
            },
            states: stated.keys().cloned().collect(),
        };
        let servers = section.servers.iter().map(|server| {
            let parsed = server.parse();
            parsed.map_err(|error| wrong(&format!("servers: \"{server}\": {error}")))
        });
        let servers: Vec<_> = servers.collect::<Result<_, _>>()?;
        if servers.is_empty() {
            return Err(wrong("`servers` names none"));
        }
        let authorities = section.authorities.iter().map(|file| {
            let file = self.path(file);
            fs::read(&file).map_err(|error| Problem::unreadable(&file, &error))
        });
        let directory = DirectorySettings {
            servers,
            authorities: authorities.collect::<Result<_, _>>()?,
            lookup: self.lookup(section)?,
            identity: section
                .identity
                .parse()
                .map_err(|error| wrong(&format!("identity: {error}")))?,
            mapping: mapping(&section.attributes, usual_attributes(), stated),
            patience: Duration::from_secs(section.seconds),
            at_once: AT_ONCE,
        };
        let now = Arc::new(|| UnixTime(clock::now().as_seconds()));
        let directory =
            Directory::new(directory, now).map_err(|error| wrong(&format!("authorities: {error}")))?;
        Ok(Provider::directory(settings, directory))
    }

    fn lookup(&self, section: &DirectorySection) -> Result<Lookup, Problem> {
        let DirectorySection {
            account,
            account_password_file,
            base,
            login,
            dn,
            ..
        } = section;
        match (account, account_password_file, base, login, dn) {
            (Some(account), Some(file), Some(base), Some(login), None) if !login.is_empty() => {
                Ok(Lookup::Search {
                    account: account.clone(),
                    account_password: BindPassword::new(secret::read(&self.path(file))?),
                    base: base.clone(),
                    logins: login.clone(),
                    object_class: section
                        .object_class
                        .clone()
                        .unwrap_or_else(|| "person".to_owned()),
                    member_of: section.member_of.clone(),
                })
            }
            (None, None, None, None, Some(template)) => template
                .parse()
                .map(Lookup::Template)
                .map_err(|error| section.problem(&format!("dn: \"{template}\": {error}"))),
            _ => Err(section.problem(
                "needs either `account`, `account_password_file`, `base` and `login`, or `dn` alone",
            )),
        }
    }

    /// The same, as the domain knows it.
    pub(super) fn directory_rules(&self, section: &DirectorySection) -> Result<ProviderRules, Problem> {
        let key = section.id.parse();
        Ok(ProviderRules {
            key: key.map_err(|error| section.problem(&format!("id: {error}")))?,
            label: section.label.to_provider_label(),
            proves_anew: true,
            offered: section.offered.into(),
            // a password is what it is, whoever checks it
            demand: demand(section.second_factor.unwrap_or(self.second_factor.password)),
        })
    }
}

impl DirectorySection {
    fn problem(&self, what: &str) -> Problem {
        Problem::new(format!("[[directory]] \"{}\": {what}", self.id))
    }
}

/// `inetOrgPerson` (RFC 2798) and Active Directory.
fn usual_attributes() -> ClaimMapping {
    ClaimMapping {
        surname: "sn".to_owned(),
        given_name: "givenName".to_owned(),
        patronymic: "middleName".to_owned(),
        name: "displayName".to_owned(),
        email: "mail".to_owned(),
        phone: "mobile".to_owned(),
        person_ids: std::collections::BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::read;

    const SCHOOL: &str = r#"
[[directory]]
id = "school"
label = { ru = "Школа", kk = "Мектеп", en = "School" }
servers = ["ldaps://dc1.school.example"]
dn = "uid={login},ou=people,dc=school,dc=example"
identity = "entryUUID"
"#;

    fn outcome(from: &str, to: &str) -> String {
        let changed = SCHOOL.replace(from, to);
        assert!(changed != SCHOOL || from == to, "{from}");
        let changed = format!("{}{changed}", crate::config::EXAMPLE);
        let config = read::parse(&changed, "kabinet.toml", &[]).unwrap();
        let refused = config.providers().err().or_else(|| config.provider_rules().err());
        refused.map_or_else(|| "taken".to_owned(), |problem| problem.to_string())
    }

    #[test]
    fn a_directory_is_a_provider_that_organisations_switch_on() {
        assert_eq!(outcome("", ""), "taken");
        let toml = format!("{}{SCHOOL}", crate::config::EXAMPLE);
        let config = read::parse(&toml, "kabinet.toml", &[]).unwrap();
        let rules = config.provider_rules().unwrap();
        let school = rules.iter().find(|rules| rules.key.as_str() == "school").unwrap();
        assert_eq!(school.offered, cabinet::provider::Offered::ByOrganisation);
        assert_eq!(
            school.demand,
            cabinet::Demand::Enrolled,
            "as after any other password"
        );
    }

    #[test]
    fn a_mistake_in_a_directory_is_told_with_its_place() {
        for (from, to, told) in [
            ("id = \"school\"", "id = \"School\"", "id: expected 1 to 32"),
            ("id = \"school\"", "id = \"city\"", "stands there twice"),
            ("ldaps://dc1", "http://dc1", "expected ldaps://host"),
            ("[\"ldaps://dc1.school.example\"]", "[]", "names none"),
            (
                "identity = \"entryUUID\"",
                "identity = \"mail\"",
                "may pass from person to person",
            ),
            (
                "uid={login},ou",
                "{login}@school,ou",
                "expected a DN with {login}",
            ),
            ("dn = \"uid", "base = \"dc=a\"\ndn = \"uid", "needs either"),
        ] {
            let refused = outcome(from, to);
            assert!(refused.contains(told), "{refused}");
        }
    }
}
