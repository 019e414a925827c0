//! From `[outgoing]`, `[revocation]` and the sources of the anchor groups to what keeps knowledge of revocation fresh.

use std::fs;
use std::sync::Arc;

use esign::time::UnixTime;
use esign::trust::TrustStore;
use remote::crl::Source;
use remote::http::{Endpoint, HttpClient, HttpSettings};
use remote::revocation::{Revocation, Sources};

use super::sections::AnchorGroupSection;
use super::trust::in_group;
use super::{Config, Problem};
use crate::{clock, pem};

impl Config {
    /// The one way out to the web.
    pub(crate) fn http(&self) -> Result<HttpClient, Problem> {
        let authorities = self.outgoing.authorities.iter().map(|file| {
            let file = self.path(file);
            fs::read(&file).map_err(|error| Problem::unreadable(&file, &error))
        });
        let settings = HttpSettings {
            internal_hosts: self.outgoing.internal_hosts.clone(),
            authorities: authorities.collect::<Result<_, _>>()?,
        };
        HttpClient::new(&settings).map_err(|error| Problem::new(format!("[outgoing] {error}")))
    }

    /// Reads the lists that the groups name and those that were fetched before, and lets the store know them. Nothing
    /// where no group has a source.
    pub(crate) fn revocation(&self, trust: &Arc<TrustStore>) -> Result<Option<Arc<Revocation>>, Problem> {
        let http = self.http()?;
        let sources = self.anchor_group.iter().map(|group| self.sources(group, &http));
        let sources: Vec<Sources> = sources.collect::<Result<_, _>>()?;
        if sources.iter().all(is_empty) {
            return Ok(None);
        }
        let now = Arc::new(|| UnixTime(clock::now().as_seconds()));
        let folder = self.path(&self.revocation.folder);
        match Revocation::open(trust.clone(), http, now, folder, sources) {
            Ok(revocation) => Ok(Some(Arc::new(revocation))),
            Err(error) => Err(Problem::new(format!("{error}; fetch the file again"))),
        }
    }

    fn sources(&self, section: &AnchorGroupSection, http: &HttpClient) -> Result<Sources, Problem> {
        let files = self.files(&section.crls, pem::REVOCATION_LIST)?.into_iter();
        let files = files.map(|file| Ok(Source::File(file)));
        let fetched = section.crl_sources.iter();
        let fetched = fetched.map(|text| endpoint(section, "crl_sources", text, http).map(Source::Web));
        let responders = section.ocsp.iter();
        let responders = responders.map(|text| endpoint(section, "ocsp", text, http));
        Ok(Sources {
            group: section.id.clone(),
            lists: files.chain(fetched).collect::<Result<_, Problem>>()?,
            responders: responders.collect::<Result<_, _>>()?,
            responder_hosts: section.ocsp_hosts.clone(),
        })
    }
}

fn is_empty(sources: &Sources) -> bool {
    sources.lists.is_empty() && sources.responders.is_empty() && sources.responder_hosts.is_empty()
}

/// An address that is refused when it is asked is refused when it is read, where that can be known (threat NET-2).
fn endpoint(
    section: &AnchorGroupSection,
    key: &str,
    text: &str,
    http: &HttpClient,
) -> Result<Endpoint, Problem> {
    let wrong = |why: &dyn std::fmt::Display| in_group(section, &format!("{key}: \"{text}\": {why}"));
    let endpoint: Endpoint = text.parse().map_err(|error| wrong(&error))?;
    http.allows(&endpoint).map_err(|error| wrong(&error))?;
    Ok(endpoint)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{EXAMPLE, read};

    fn refused(folder: &Path, keys: &str) -> String {
        let toml = EXAMPLE.replace("crls = [\"anchors/authority.crl\"]", keys);
        let config = read::parse(&toml, "example.toml", &[]).unwrap();
        let config = Config {
            folder: folder.to_owned(),
            ..config
        };
        let store = Arc::new(TrustStore::default());
        let refused = config.revocation(&store).err().map(|problem| problem.to_string());
        refused.unwrap_or_else(|| "taken".to_owned())
    }

    #[test]
    fn net_2_an_address_that_will_never_be_asked_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        for (keys, why) in [
            (
                "crl_sources = [\"file:///etc/passwd\"]",
                "not an http or https address",
            ),
            (
                "crl_sources = [\"ldap://directory/CN=CA\"]",
                "not an http or https address",
            ),
            (
                "crl_sources = [\"http://2130706433/a.crl\"]",
                "127.0.0.1, which is not on the public internet",
            ),
            (
                "ocsp = \"http://[::ffff:10.0.0.7]/\"",
                "which is not on the public internet",
            ),
            ("ocsp = \"ocsp.example\"", "not an http or https address"),
            (
                "ocsp = [\"http://ocsp.example/\", \"ocsp.example\"]",
                "not an http or https address",
            ),
        ] {
            let refused = refused(folder.path(), keys);
            assert!(
                refused.starts_with("[[anchor_group]] \"kz-national\": "),
                "{refused}"
            );
            assert!(refused.contains(why), "{refused}");
        }
        for ocsp in [
            "\"http://ocsp.example/\"",
            "[\"http://a.example/\", \"http://b.example/\"]",
        ] {
            assert_eq!(refused(folder.path(), &format!("ocsp = {ocsp}")), "taken");
        }
        assert_eq!(refused(folder.path(), ""), "taken");
        assert_eq!(
            folder.path().read_dir().unwrap().count(),
            0,
            "a check leaves nothing behind"
        );
    }

    #[test]
    fn a_list_that_is_not_there_is_told_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let refused = refused(folder.path(), "crls = [\"anchors/lost.crl\"]");
        assert!(refused.contains("anchors/lost.crl: "), "{refused}");
    }
}
