//! The code flow against a certified provider: npm `oidc-provider`, run by `tests/provider/provider.mjs`.

use std::collections::HashMap;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RsaKeyPair};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use esign::time::UnixTime;
use remote::http::{HttpClient, HttpSettings};
use remote::oidc::{ClientKey, ClientProof, ClientSecret, OidcSettings, RelyingParty};
use remote::provider::{
    AuthorisationRequest, Callback, ClaimedName, Freshness, Label, Provider, ProviderFailure,
    ProviderSettings, Sent, Trusts,
};
use testkit::http::{Answer, Connection, Cookies};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use url::Url;

const REDIRECT: &str = "https://cabinet.example/sign-in/provider/certified/callback";
const SECRET: &str = "a-long-test-secret:+/=% that must be encoded";
const VERIFIER: &str = "a-verifier-of-forty-three-characters-at-least";

/// A running provider; it ends with its input.
struct Certified {
    port: u16,
    _process: Child,
    /// Nobody reads on, but a program whose words go nowhere ends.
    _lines: Lines<BufReader<ChildStdout>>,
}

impl Certified {
    /// `public_key` is the client's, as SPKI in base64; empty: it has a secret. None, with a message, where the package is not installed.
    async fn start(public_key: &str) -> Option<Self> {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/provider"));
        if !folder.join("node_modules/oidc-provider").is_dir() {
            let required = std::env::var_os("KABINET_REQUIRE_PEERS").is_some();
            assert!(
                !required,
                "oidc-provider is required here: npm ci in tests/provider"
            );
            println!("skipped: oidc-provider is not installed (npm ci in tests/provider)");
            return None;
        }
        let mut process = Command::new("node")
            .args(["provider.mjs", REDIRECT])
            .current_dir(folder)
            .env("CLIENT_KEY", public_key)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.next_line().await.unwrap().unwrap();
        Some(Self {
            port: port.parse().unwrap(),
            _process: process,
            _lines: lines,
        })
    }

    fn provider(&self, proof: ClientProof) -> Provider {
        let http = HttpClient::new(&HttpSettings {
            internal_hosts: vec!["127.0.0.1".to_owned()],
            authorities: Vec::new(),
        });
        let oidc = OidcSettings {
            client_proof: Some(proof),
            scopes: vec!["profile".to_owned(), "email".to_owned()],
            ..OidcSettings::new(
                format!("http://127.0.0.1:{}", self.port).parse().unwrap(),
                "kabinet",
            )
        };
        let settings = ProviderSettings {
            trusts: Trusts {
                email: true,
                phone: true,
            },
            ..ProviderSettings::new("certified".parse().unwrap(), Label::everywhere("Certified"))
        };
        Provider::oidc(settings, RelyingParty::new(oidc, http.unwrap(), Arc::new(now)))
    }

    /// What a browser does there: signs in under a name, agrees, and is sent back.
    fn visit(&self, to: &Url, login: &str) -> HashMap<String, String> {
        let mut browser = Browser {
            cookies: Cookies::default(),
            host: format!("127.0.0.1:{}", self.port),
        };
        let target = format!("{}?{}", to.path(), to.query().unwrap());
        let mut at = browser.follow(browser.request("GET", &target, ""));
        for form in [
            format!("prompt=login&login={login}&password=any"),
            "prompt=consent".to_owned(),
        ] {
            let path = at
                .strip_prefix(&format!("http://{}", browser.host))
                .unwrap_or(&at);
            at = browser.follow(browser.request("POST", path, &form));
        }
        let back: Url = at.parse().unwrap();
        assert!(at.starts_with(REDIRECT), "{at}");
        back.query_pairs().into_owned().collect()
    }
}

struct Browser {
    cookies: Cookies,
    host: String,
}

impl Browser {
    fn request(&self, method: &str, path: &str, form: &str) -> String {
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n{}Content-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{form}",
            self.host,
            self.cookies.line(),
            form.len()
        )
    }

    /// The address where redirects end: a page of the provider with a form, or one of somebody else.
    fn follow(&mut self, request: String) -> String {
        let mut answer = self.send(&request);
        let mut at = String::new();
        while let Some(location) = answer.header("location").map(str::to_owned) {
            let root = format!("http://{}", self.host);
            at.clone_from(&location);
            let Some(path) = location
                .strip_prefix(&root)
                .or(location.starts_with('/').then_some(&location))
            else {
                break;
            };
            answer = self.send(&self.request("GET", path, ""));
        }
        at
    }

    fn send(&mut self, request: &str) -> Answer {
        let mut connection = Connection::open(self.host.parse().unwrap()).unwrap();
        let answer = connection.send(request.as_bytes()).unwrap();
        self.cookies.keep(&answer);
        answer
    }
}

#[expect(clippy::disallowed_methods, reason = "the other side has a real clock")]
fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    UnixTime(since.as_secs().try_into().unwrap())
}

fn callback(back: &HashMap<String, String>) -> Callback {
    let of = |name: &str| back.get(name).cloned();
    Callback::new(of("code"), of("error"), of("error_description"), of("iss")).unwrap()
}

fn secret() -> ClientProof {
    ClientProof::Secret(ClientSecret::new(SECRET.to_owned()))
}

fn request(freshness: Freshness) -> AuthorisationRequest {
    let challenge = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, VERIFIER.as_bytes());
    AuthorisationRequest {
        state: "the-state".to_owned(),
        nonce: "the-nonce".to_owned(),
        code_challenge: BASE64URL_NOPAD.encode(challenge.as_ref()),
        redirect_uri: REDIRECT.parse().unwrap(),
        language: "ru",
        freshness,
    }
}

fn sent(nonce: &str, freshness: Freshness) -> Sent {
    Sent {
        state: "the-state".to_owned(),
        nonce: nonce.to_owned(),
        code_verifier: VERIFIER.to_owned(),
        redirect_uri: REDIRECT.parse().unwrap(),
        freshness,
    }
}

#[tokio::test]
async fn oidc_3_the_code_flow_with_a_certified_provider() {
    let Some(certified) = Certified::start("").await else {
        return;
    };
    let provider = certified.provider(secret());
    let freshness = Freshness::Since(now());
    let sent = |nonce: &str| sent(nonce, freshness);
    let to = provider.authorise(&request(freshness)).await.unwrap();
    let back = certified.visit(&to, "alice");
    assert_eq!(back["state"], "the-state");
    assert_eq!(back["iss"], format!("http://127.0.0.1:{}", certified.port));
    let claims = provider
        .claims(callback(&back), &sent("the-nonce"))
        .await
        .unwrap();
    assert_eq!(claims.subject, "alice");
    assert!(matches!(claims.name, Some(ClaimedName::Parts { surname, .. }) if surname == "Ковалёва"));
    assert!(claims.contacts[0].is_verified);
    let again = provider.claims(callback(&back), &sent("the-nonce")).await;
    assert_eq!(again, Err(ProviderFailure::CodeSpent));

    let back = certified.visit(&to, "mallory");
    let claims = provider
        .claims(callback(&back), &sent("the-nonce"))
        .await
        .unwrap();
    assert!(!claims.contacts[0].is_verified, "LNK-5");
    let back = certified.visit(&to, "alice");
    let refused = provider.claims(callback(&back), &sent("another nonce")).await;
    assert_eq!(refused.unwrap_err().code(), "provider.token_invalid");
}

/// `private_key_jwt` (RFC 7523), by RS256 and by ES256: what is signed by the registered key alone buys tokens.
#[tokio::test]
async fn oidc_3_a_key_of_ours_proves_that_it_is_us() {
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let p256 = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let pairs: [(Vec<u8>, Vec<u8>); 2] = [
        (
            AsDer::<Pkcs8V1Der<'_>>::as_der(&rsa).unwrap().as_ref().to_vec(),
            AsDer::<PublicKeyX509Der<'_>>::as_der(rsa.public_key())
                .unwrap()
                .as_ref()
                .to_vec(),
        ),
        (
            p256.to_pkcs8v1().unwrap().as_ref().to_vec(),
            AsDer::<PublicKeyX509Der<'_>>::as_der(p256.public_key())
                .unwrap()
                .as_ref()
                .to_vec(),
        ),
    ];
    let stranger = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let stranger = stranger.to_pkcs8v1().unwrap();
    for (private, public) in pairs {
        let Some(certified) = Certified::start(&BASE64.encode(&public)).await else {
            return;
        };
        let key =
            |private: &[u8]| ClientProof::Key(ClientKey::new(private, Some("kabinet-1".to_owned())).unwrap());
        let buy = async |proof: ClientProof| {
            let provider = certified.provider(proof);
            let to = provider.authorise(&request(Freshness::Any)).await.unwrap();
            let back = certified.visit(&to, "alice");
            provider
                .claims(callback(&back), &sent("the-nonce", Freshness::Any))
                .await
                .map(|claims| claims.subject)
        };
        assert_eq!(buy(key(&private)).await.unwrap(), "alice");
        for other in [key(stranger.as_ref()), secret()] {
            let refused = buy(other).await.unwrap_err();
            assert_eq!(refused.code(), "provider.rejected");
        }
    }
}

#[test]
fn oidc_10_a_key_that_cannot_sign_is_refused_and_none_is_shown() {
    assert!(ClientKey::new(b"no key", None).is_err());
    let p256 = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let key = ClientKey::new(p256.to_pkcs8v1().unwrap().as_ref(), None).unwrap();
    assert_eq!(format!("{key:?}"), "ClientKey(ES256, …)");
}
