//! From `[client_certificate]` and `[egov_mobile]` to what takes keys that answer the server.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::http::HeaderName;
use esign::trust::TrustStore;
use serde::Deserialize;
use url::Url;
use web::{CertificateAddress, Door, EgovMobile, ProxiedDoor, Proxies, RemoteKeys, TlsDoor};

use super::sections::LabelEntry;
use super::{Config, Problem, secret};

/// The header of nginx's own examples.
const HEADER: &str = "x-ssl-client-cert";

#[derive(Debug, Deserialize)]
pub(crate) struct ClientCertificateSection {
    pub(crate) listen: SocketAddr,
    url: String,
    certificate: Option<PathBuf>,
    key_file: Option<PathBuf>,
    #[serde(default)]
    proxies: Vec<String>,
    header: Option<String>,
    proxy_secret_file: Option<PathBuf>,
    #[serde(default)]
    step_up: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct EgovMobileSection {
    organisation: LabelEntry,
    bin: String,
}

impl Config {
    /// What the pages know of these keys.
    pub(crate) fn remote_keys(&self) -> Result<RemoteKeys, Problem> {
        let certificates = self.client_certificate.as_ref();
        let egov_mobile = self.egov_mobile.as_ref();
        Ok(RemoteKeys {
            certificates: certificates
                .map(|section| self.certificate_address(section))
                .transpose()?,
            egov_mobile: egov_mobile.map(egov).transpose()?,
        })
    }

    /// What takes certificates, and where it listens.
    pub(crate) fn door(&self, trust: &TrustStore) -> Result<Option<(SocketAddr, Door)>, Problem> {
        let Some(section) = &self.client_certificate else {
            return Ok(None);
        };
        let door = match (
            &section.certificate,
            &section.key_file,
            &section.proxy_secret_file,
        ) {
            (Some(certificate), Some(key), None) => {
                let (certificate, key) = (self.path(certificate), self.path(key));
                let chain =
                    fs::read(&certificate).map_err(|error| Problem::unreadable(&certificate, &error))?;
                let key = secret::read(&key)?;
                let tls = TlsDoor::new(&chain, key.as_bytes(), trust);
                Door::Tls(tls.map_err(|error| wrong(format_args!("certificate, key_file: {error}")))?)
            }
            (None, None, Some(secret)) => {
                let secret = secret::read(&self.path(secret))?;
                let proxies = Proxies::parse(&section.proxies).map_err(|text| {
                    wrong(format_args!(
                        "proxies: \"{text}\" is neither an address nor a network"
                    ))
                })?;
                if section.proxies.is_empty() {
                    return Err(wrong(format_args!("proxies: name the address of the proxy")));
                }
                let proxied = ProxiedDoor::new(proxies, section.header_name(), &secret);
                Door::Proxied(Arc::new(proxied.ok_or_else(|| {
                    wrong(format_args!(
                        "header is no name of a header, or the secret has less than 32 characters"
                    ))
                })?))
            }
            _ => {
                return Err(wrong(format_args!(
                    "needs either certificate and key_file, or proxies and proxy_secret_file"
                )));
            }
        };
        Ok(Some((section.listen, door)))
    }

    fn certificate_address(&self, section: &ClientCertificateSection) -> Result<CertificateAddress, Problem> {
        let url = Url::parse(&section.url).ok();
        let url = url.filter(|url| url.scheme() == "https" && url.path() == "/" && url.query().is_none());
        let url = url
            .filter(|url| Url::parse(&self.server.base_url).is_ok_and(|base| base.origin() != url.origin()));
        let header: Result<HeaderName, _> = section.header_name().parse();
        Ok(CertificateAddress {
            url: url.ok_or_else(|| {
                wrong(format_args!(
                    "url = \"{}\" is not the root of an https site with a host or port other than base_url",
                    section.url
                ))
            })?,
            steps_up: section.step_up,
            header: header.ok().filter(|_| section.proxy_secret_file.is_some()),
        })
    }
}

impl ClientCertificateSection {
    fn header_name(&self) -> &str {
        self.header.as_deref().unwrap_or(HEADER)
    }
}

fn wrong(what: std::fmt::Arguments<'_>) -> Problem {
    Problem::new(format!("[client_certificate] {what}"))
}

fn egov(section: &EgovMobileSection) -> Result<EgovMobile, Problem> {
    let bin = &section.bin;
    if bin.len() != 12 || !bin.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(Problem::new(format!(
            "[egov_mobile] bin = \"{bin}\" is no БИН: it has twelve digits"
        )));
    }
    let LabelEntry { ru, kk, en } = section.organisation.clone();
    Ok(EgovMobile {
        organisation: [ru, kk, en],
        bin: bin.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{EXAMPLE, read};

    fn outcome(section: &str) -> String {
        let config = read::parse(&format!("{EXAMPLE}\n{section}"), "kabinet.toml", &[]).unwrap();
        let problem = config
            .remote_keys()
            .err()
            .or_else(|| config.door(&TrustStore::default()).err());
        problem.map_or_else(|| "taken".to_owned(), |problem| problem.to_string())
    }

    #[test]
    fn prx_1_certificates_come_by_one_way_or_not_at_all() {
        let section = "[client_certificate]\nlisten = \"127.0.0.1:0\"\n";
        let url = "url = \"https://cabinet.example.kz:8443\"\n";
        assert!(outcome(&format!("{section}{url}")).contains("needs either"));
        let both = "certificate = \"a\"\nkey_file = \"b\"\nproxy_secret_file = \"c\"\n";
        assert!(outcome(&format!("{section}{url}{both}")).contains("needs either"));
        for same in [
            "https://cabinet.example.kz",
            "http://cabinet.example.kz:8443",
            "https://x.example/y",
        ] {
            let refused = outcome(&format!("{section}url = \"{same}\"\n"));
            assert!(refused.contains("is not the root of an https site"), "{refused}");
        }
    }

    #[test]
    fn a_bin_has_twelve_digits() {
        let section = |bin: &str| {
            format!(
                "[egov_mobile]\norganisation = {{ ru = \"А\", kk = \"Ә\", en = \"A\" }}\nbin = \"{bin}\"\n"
            )
        };
        assert_eq!(outcome(&section("940140000385")), "taken");
        assert!(outcome(&section("94014000038")).contains("twelve digits"));
    }
}
