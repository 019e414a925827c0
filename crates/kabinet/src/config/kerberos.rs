//! From `[[kerberos]]` to what judges the tickets of a Windows domain.

use std::path::PathBuf;

use cabinet::Demand;
use cabinet::provider::ProviderRules;
use remote::kerberos::{Kerberos, KerberosSettings, ServiceName};
use remote::provider::{Provider, ProviderSettings, Trusts};
use serde::Deserialize;

use super::assemble::demand;
use super::sections::{self, LabelSection, Offered, default};
use super::{Config, Problem, secret};

#[derive(Debug, Deserialize)]
pub(crate) struct KerberosSection {
    pub(crate) id: String,
    label: LabelSection,
    service: String,
    keytab: PathBuf,
    #[serde(default)]
    realms: Vec<String>,
    #[serde(default = "default::by_organisation")]
    offered: Offered,
    second_factor: Option<sections::Demand>,
}

impl Config {
    /// A domain whose keys were read.
    pub(super) fn kerberos(&self, section: &KerberosSection) -> Result<Provider, Problem> {
        let wrong = |what: &dyn std::fmt::Display| section.problem(what);
        let settings = ProviderSettings {
            id: section
                .id
                .parse()
                .map_err(|error| wrong(&format_args!("id: {error}")))?,
            label: section.label.to_label(),
            offered: section.offered.into(),
            required_assurance: Vec::new(),
            trusts: Trusts::default(),
            states: Vec::new(),
        };
        let service: ServiceName = section
            .service
            .parse()
            .map_err(|error| wrong(&format_args!("service: {error}")))?;
        let keytab = self.path(&section.keytab);
        if keytab.exists() {
            secret::refuse_open_permissions(&keytab)?;
        }
        let kerberos = Kerberos::new(KerberosSettings {
            service,
            keytab,
            realms: section.realms.clone(),
        });
        Ok(Provider::kerberos(
            settings,
            kerberos.map_err(|error| wrong(&error))?,
        ))
    }

    /// The same, as the domain knows it.
    #[expect(clippy::unused_self, reason = "as for other providers")]
    pub(super) fn kerberos_rules(&self, section: &KerberosSection) -> Result<ProviderRules, Problem> {
        let key = section.id.parse();
        Ok(ProviderRules {
            key: key.map_err(|error| section.problem(&format_args!("id: {error}")))?,
            label: section.label.to_provider_label(),
            // a ticket comes by itself, from whoever sits at the computer
            proves_anew: false,
            offered: section.offered.into(),
            demand: section.second_factor.map_or(Demand::Enrolled, demand),
        })
    }
}

impl KerberosSection {
    fn problem(&self, what: &dyn std::fmt::Display) -> Problem {
        Problem::new(format!("[[kerberos]] \"{}\": {what}", self.id))
    }
}

#[cfg(test)]
mod tests {
    use crate::config::read;

    fn outcome(service: &str) -> String {
        let section = format!(
            "{}\n[[kerberos]]\nid = \"windows\"\nlabel = {{ ru = \"Windows\", kk = \"Windows\", en = \"Windows\" }}\n\
             service = \"{service}\"\nkeytab = \"windows.keytab\"\n",
            crate::config::EXAMPLE
        );
        let config = read::parse(&section, "kabinet.toml", &[]).unwrap();
        let problem = config.providers().err();
        problem.map_or_else(|| "taken".to_owned(), |problem| problem.to_string())
    }

    #[test]
    fn spn_1_a_service_is_named_whole() {
        assert!(outcome("cabinet.example").contains("expected HTTP/host@REALM"));
    }

    /// A section that could do nothing is never passed over in silence.
    #[test]
    fn a_program_without_kerberos_says_so_and_what_to_do() {
        let refused = outcome("HTTP/cabinet.example@SCHOOL.EXAMPLE");
        if cfg!(feature = "kerberos") {
            assert!(refused.contains("`keytab` cannot be read"), "{refused}");
        } else {
            assert!(
                refused.contains("was built without Kerberos; take a release"),
                "{refused}"
            );
        }
    }
}
