//! The keys of a `[[provider]]` that is ESIA.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use esign::certificate::Certificate;
use esign::private_key::{PrivateKey, SigningAlgorithm};
use remote::esia::{EsiaSettings, Permission, Signer};
use remote::http::{Endpoint, HttpClient};

use super::provider::{in_provider, scopes};
use super::sections::{PermissionSection, ProviderSection};
use super::{Config, Problem, secret};
use crate::pem;

impl Config {
    pub(super) fn esia(&self, section: &ProviderSection, http: &HttpClient) -> Result<EsiaSettings, Problem> {
        let trusted = self.certificates(&section.trusted)?;
        if trusted.is_empty() {
            return Err(in_provider(
                section,
                "`trusted` names no certificate that ESIA signs tokens with",
            ));
        }
        let certificate = self.own_certificate(section)?;
        Ok(EsiaSettings {
            host: host(section, http)?,
            issuer: section.issuer.clone(),
            client_id: section.client_id.clone(),
            scopes: scopes(section, &["fullname", "snils", "email", "mobile"]),
            organisation_scopes: section.organisation_scopes.clone(),
            permissions: section.permissions.iter().map(permission).collect(),
            signer: self.signer(section, &certificate)?,
            certificate,
            trusted,
        })
    }

    fn own_certificate(&self, section: &ProviderSection) -> Result<Certificate, Problem> {
        let file = section.certificate.as_ref().ok_or_else(|| {
            in_provider(
                section,
                "ESIA needs `certificate`, ours as it is registered there",
            )
        })?;
        let mut certificates = self.certificates(std::slice::from_ref(file))?.into_iter();
        match (certificates.next(), certificates.next()) {
            (Some(certificate), None) => Ok(certificate),
            _ => Err(in_provider(section, "`certificate` must hold exactly one")),
        }
    }

    fn signer(&self, section: &ProviderSection, certificate: &Certificate) -> Result<Signer, Problem> {
        let command = section.sign_command.as_deref().and_then(<[String]>::split_first);
        match (&section.key_file, command) {
            (Some(file), None) => self.key(section, file, certificate),
            (None, Some((program, arguments))) => Ok(Signer::Command {
                program: program.into(),
                arguments: arguments.to_vec(),
            }),
            _ => Err(in_provider(
                section,
                "ESIA needs either `key_file` or `sign_command`; leave exactly one of them",
            )),
        }
    }

    /// The key must be the certificate's: ESIA would only say that the signature is wrong.
    fn key(
        &self,
        section: &ProviderSection,
        file: &Path,
        certificate: &Certificate,
    ) -> Result<Signer, Problem> {
        let file = self.path(file);
        secret::refuse_open_permissions(&file)?;
        let bytes = fs::read(&file).map_err(|error| Problem::unreadable(&file, &error))?;
        let blocks = pem::read(&bytes, "PRIVATE KEY").unwrap_or_default();
        let key = blocks.first().and_then(|der| PrivateKey::from_pkcs8(der).ok());
        let key = key.filter(|key| matches!(key.algorithm(), Some(SigningAlgorithm::Gost(_))));
        match key {
            Some(key) if key.belongs_to(certificate.spki()) => Ok(Signer::Key(Arc::new(key))),
            Some(_) => Err(in_provider(section, "`key_file` is not the key of `certificate`")),
            None => Err(in_provider(
                section,
                "`key_file` is no key of GOST R 34.10-2012 in PKCS#8",
            )),
        }
    }
}

fn permission(section: &PermissionSection) -> Permission {
    Permission {
        name: section.name.clone(),
        responsible: section.responsible.clone(),
        minutes: section.minutes,
        actions: section.actions.clone(),
        purposes: section.purposes.clone(),
        scopes: section.scopes.clone(),
    }
}

fn host(section: &ProviderSection, http: &HttpClient) -> Result<Endpoint, Problem> {
    let text = section.host.as_deref().unwrap_or("https://esia.gosuslugi.ru");
    let wrong = |why: &dyn std::fmt::Display| in_provider(section, &format!("host: \"{text}\": {why}"));
    let endpoint: Endpoint = text.parse().map_err(|error| wrong(&error))?;
    http.allows(&endpoint).map_err(|error| wrong(&error))?;
    Ok(endpoint)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use testkit::esia::Identity;

    use super::*;
    use crate::config::{EXAMPLE, read};

    fn outcome(certificate: &Identity, key: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("esia")).unwrap();
        for file in ["esia/system.crt", "esia/tokens.crt"] {
            fs::write(folder.path().join(file), certificate.certificate().der()).unwrap();
        }
        let file = folder.path().join("esia/system.key");
        fs::write(&file, Identity::gost_pkcs8(3)).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let toml = EXAMPLE
            .replace("kind = \"oidc\"", "kind = \"esia\"")
            .replace("#certificate = \"esia", "certificate = \"esia")
            .replace("#trusted = [\"esia", "trusted = [\"esia")
            .replace("#key_file = \"esia/system.key\"", key);
        let config = read::parse(&toml, "kabinet.toml", &[]).unwrap();
        let config = Config {
            folder: folder.path().to_owned(),
            ..config
        };
        let problem = config.providers().err().map(|problem| problem.to_string());
        problem.unwrap_or_else(|| "taken".to_owned())
    }

    #[test]
    fn a_key_must_be_that_of_the_certificate() {
        let key = "key_file = \"esia/system.key\"";
        assert_eq!(outcome(&Identity::gost(3), key), "taken");
        assert!(outcome(&Identity::gost(4), key).contains("not the key of `certificate`"));
        assert!(outcome(&Identity::gost(3), "").contains("either `key_file` or `sign_command`"));
    }
}
