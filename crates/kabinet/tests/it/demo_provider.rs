//! The provider beside the demo: a person chooses, agrees, and the portal is told.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64URL_NOPAD;
use esign::time::UnixTime;
use remote::http::{HttpClient, HttpSettings};
use remote::oidc::{ClaimMapping, OidcSettings, RelyingParty};
use remote::provider::{
    AuthorisationRequest, Callback, Claims, Freshness, Label, Provider, ProviderFailure, ProviderSettings,
    Sent,
};
use serde_json::Value;
use testkit::http::{Answer, Connection};
use url::Url;
use url::form_urlencoded::Serializer;

use crate::demo::{Demo, get, guide};

const VERIFIER: &str = "a-verifier-of-forty-three-characters-at-least";

struct Visit {
    provider: Provider,
    redirect_uri: Url,
    host: String,
}

impl Visit {
    fn new(guide: &Value) -> Self {
        let issuer = guide["provider"]["issuer"].as_str().unwrap();
        let http = HttpClient::new(&HttpSettings {
            internal_hosts: vec!["127.0.0.1".to_owned()],
            authorities: Vec::new(),
        });
        let kind: esign::profile::PersonIdKind = "KZ:IIN".parse().unwrap();
        let oidc = OidcSettings {
            mapping: ClaimMapping {
                person_ids: [(kind.clone(), "iin".to_owned())].into(),
                ..ClaimMapping::default()
            },
            ..OidcSettings::new(issuer.parse().unwrap(), "kabinet-demo")
        };
        let settings = ProviderSettings {
            required_assurance: vec!["confirmed".to_owned()],
            states: vec![kind],
            ..ProviderSettings::new("demo-gov".parse().unwrap(), Label::everywhere("Демо"))
        };
        let base_url: Url = guide["base_url"].as_str().unwrap().parse().unwrap();
        Self {
            redirect_uri: base_url.join(&settings.id.callback_path()).unwrap(),
            provider: Provider::oidc(settings, RelyingParty::new(oidc, http.unwrap(), Arc::new(now))),
            host: issuer.strip_prefix("http://").unwrap().to_owned(),
        }
    }

    async fn begin(&self) -> Url {
        let challenge = digest(&SHA256, VERIFIER.as_bytes());
        let request = AuthorisationRequest {
            state: "state".to_owned(),
            nonce: "nonce".to_owned(),
            code_challenge: BASE64URL_NOPAD.encode(challenge.as_ref()),
            redirect_uri: self.redirect_uri.clone(),
            language: "kk",
            freshness: Freshness::Any,
        };
        self.provider.authorise(&request).await.unwrap()
    }

    fn ask(&self, request: &str) -> Answer {
        let mut connection = Connection::open(self.host.parse().unwrap()).unwrap();
        connection.send(request.as_bytes()).unwrap()
    }

    fn get(&self, target: &str) -> Answer {
        self.ask(&format!("GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host))
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{form}",
            self.host,
            form.len()
        ))
    }

    /// What the portal learns when somebody comes back from there.
    async fn arrive(&self, answer: &Answer) -> Result<Claims, ProviderFailure> {
        assert_eq!(answer.status, 303);
        let back: Url = answer.header("location").unwrap().parse().unwrap();
        assert_eq!(back.path(), self.redirect_uri.path());
        let of = |name: &str| {
            let mut pairs = back.query_pairs();
            pairs
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.into_owned())
        };
        assert_eq!(of("state").as_deref(), Some("state"));
        let sent = Sent {
            state: "state".to_owned(),
            nonce: "nonce".to_owned(),
            code_verifier: VERIFIER.to_owned(),
            redirect_uri: self.redirect_uri.clone(),
            freshness: Freshness::Any,
        };
        let callback = Callback::new(of("code"), of("error"), None, of("iss"))?;
        self.provider.claims(callback, &sent).await
    }
}

#[expect(clippy::disallowed_methods, reason = "the other side has a real clock")]
fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    UnixTime(since.as_secs().try_into().unwrap())
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

#[tokio::test]
async fn a_8_d_the_demo_has_a_provider_of_its_own() {
    let parent = tempfile::tempdir().unwrap();
    let folder: &Path = &parent.path().join("city");
    let demo = Demo::start(folder);
    let guide = guide(folder);
    let visit = Visit::new(&guide);
    let to = visit.begin().await;
    let request = to.query().unwrap();

    let page = visit.get(&format!("/authorise?{request}"));
    assert_eq!(page.status, 200);
    assert!(text(&page).contains("Демо-Мемқызмет") && text(&page).contains("Ковалёва Ирина"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains(guide["base_url"].as_str().unwrap()), "{policy}");
    let consent = visit.post("/consent", &[("request", request), ("subject", "1000301")]);
    assert!(text(&consent).contains("910712401035"));
    let agree = |subject| {
        let fields = [("request", request), ("subject", subject), ("answer", "allow")];
        visit.post("/answer", &fields)
    };
    let claims = visit.arrive(&agree("1000301")).await.unwrap();
    assert_eq!(claims.subject, "1000301");
    assert_eq!(claims.person_ids[0].to_string(), "KZ:IIN:910712401035");
    let simple = visit.arrive(&agree("1000305")).await;
    assert_eq!(simple, Err(ProviderFailure::TooWeak));

    let declined = visit.post("/answer", &[("request", request), ("answer", "cancel")]);
    assert_eq!(visit.arrive(&declined).await, Err(ProviderFailure::Declined));
    let failed = visit.post("/answer", &[("request", request), ("answer", "fail")]);
    assert_eq!(
        visit.arrive(&failed).await.unwrap_err().code(),
        "provider.unreachable"
    );
    for stranger in [
        request.replace("kabinet-demo", "somebody"),
        request.replace("callback", "elsewhere"),
        request.replace("S256", "plain"),
    ] {
        assert_eq!(visit.get(&format!("/authorise?{stranger}")).status, 400);
        let sent_back = visit.post("/answer", &[("request", stranger.as_str()), ("answer", "cancel")]);
        assert_eq!(sent_back.status, 400);
    }
    assert!(get(&guide, "/ready").starts_with("HTTP/1.1 200"));
    assert_eq!(demo.stop(), Some(0));
}
