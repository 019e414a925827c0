//! An emulator of ESIA: version 2 of `ac`, version 3 of `te`, and the person's data. It checks what ESIA checks.
#![expect(clippy::indexing_slicing, reason = "JSON: assigning makes what is missing")]

mod identity;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::{BASE64URL_NOPAD, HEXUPPER};
use esign::algorithm::{Gost, Hash, SignatureAlgorithm};
use esign::certificate::Certificate;
use esign::provider::native;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use url::Url;
use url::form_urlencoded::parse;

use crate::provider::server::{self, Asked, Reply};

pub use identity::Identity;

/// The mnemonic of the portal.
pub const CLIENT_ID: &str = "CABINET01";
/// ESIA's name for itself, whatever its host.
pub const ISSUER: &str = "http://esia-portal1.test.gosuslugi.ru/";

/// A running emulator.
pub struct Esia {
    shared: Arc<Shared>,
    host: String,
    _serving: JoinSet<()>,
}

/// A way in which it breaks its protocol, or says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mood {
    /// another state in the answer to the exchange
    OtherState,
    /// a token of a certificate that is not pinned
    StrangeSigner,
    /// a token of another issuer
    OtherIssuer,
    /// a token for another system
    OtherAudience,
    /// a token of yesterday
    Expired,
    /// a proof of yesterday, until the person signs out
    OldProof,
    /// not a word on when the person proved themselves
    NoProofTime,
    /// data that the person did not consent to
    Withheld,
    /// data of another person
    OtherPerson,
    /// an account that is not confirmed
    Unconfirmed,
    /// a refusal at `ac`, in the words of ESIA
    RefusesEntry(&'static str),
    /// a refusal at `te`
    RefusesExchange(&'static str),
}

/// What a browser brings back: the parameters of the callback.
pub type Return = HashMap<String, String>;

struct Shared {
    client: Certificate,
    signer: Identity,
    stranger: Identity,
    now: i64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    moods: HashSet<Mood>,
    /// The PKCE challenge behind each code.
    codes: HashMap<String, String>,
    issued: usize,
    /// What consent was asked for last.
    permissions: Value,
}

impl Esia {
    /// Knows one system by its certificate, and signs tokens as this identity.
    pub async fn start(client: Certificate, signer: Identity, now: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let host = format!("http://{}", listener.local_addr().expect("an address"));
        let shared = Arc::new(Shared {
            client,
            signer,
            stranger: Identity::rsa(),
            now,
            state: Mutex::default(),
        });
        let mut serving = JoinSet::new();
        let answering = shared.clone();
        serving.spawn(server::serve(
            listener,
            || {},
            Arc::new(move |asked: &Asked| answering.answer(asked)),
        ));
        Self {
            shared,
            host,
            _serving: serving,
        }
    }

    /// Where it listens.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// From now on it behaves in these ways and in no others.
    pub fn moods(&self, moods: &[Mood]) {
        self.shared.state().moods = moods.iter().copied().collect();
    }

    /// What consent was asked for last.
    pub fn permissions(&self) -> Value {
        self.shared.state().permissions.clone()
    }

    /// Where a browser is led that signs out here; the next proof is a new one.
    pub fn sign_out(&self, to: &Url) -> Url {
        assert_eq!(to.path(), "/idp/ext/Logout");
        let asked: HashMap<String, String> = to.query_pairs().into_owned().collect();
        assert_eq!(of(&asked, "client_id"), CLIENT_ID);
        self.shared.state().moods.remove(&Mood::OldProof);
        of(&asked, "redirect_url").parse().expect("an address")
    }

    /// What a browser brings back that was sent to this address.
    pub fn come_back(&self, to: &Url) -> Return {
        assert_eq!(to.path(), "/aas/oauth2/v2/ac");
        let asked: HashMap<String, String> = to.query_pairs().into_owned().collect();
        let mut back = Return::from([("state".to_owned(), of(&asked, "state"))]);
        match self.shared.enter(&asked) {
            Ok(code) => back.insert("code".to_owned(), code),
            Err(refused) => {
                back.insert("error_description".to_owned(), refused.to_owned());
                back.insert("error".to_owned(), "invalid_request".to_owned())
            }
        };
        back
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is(&self, mood: Mood) -> bool {
        self.state().moods.contains(&mood)
    }

    fn refusal(&self, of: impl Fn(&Mood) -> Option<&'static str>) -> Option<&'static str> {
        self.state().moods.iter().find_map(of)
    }

    fn enter(&self, asked: &HashMap<String, String>) -> Result<String, &'static str> {
        let refuses = |mood: &Mood| match mood {
            Mood::RefusesEntry(words) => Some(*words),
            _ => None,
        };
        if let Some(words) = self.refusal(refuses) {
            return Err(words);
        }
        self.is_signed(asked)?;
        if of(asked, "response_type") != "code" || of(asked, "access_type") != "online" {
            return Err("ESIA-007014: parameter");
        }
        if of(asked, "code_challenge_method") != "S256" {
            return Err("ESIA-007039: PKCE");
        }
        let permissions = permissions(&of(asked, "permissions"))?;
        let mut state = self.state();
        state.permissions = permissions;
        state.issued += 1;
        let code = format!("code-{}", state.issued);
        state.codes.insert(code.clone(), of(asked, "code_challenge"));
        Ok(code)
    }

    /// The values in their order, without separators, under the key of the certificate that is registered.
    fn is_signed(&self, asked: &HashMap<String, String>) -> Result<(), &'static str> {
        let hash = native().digest(Hash::Streebog256, self.client.der());
        if of(asked, "client_id") != CLIENT_ID
            || of(asked, "client_certificate_hash") != HEXUPPER.encode(&hash)
        {
            return Err("ESIA-007002: certificate");
        }
        if !is_timestamp(&of(asked, "timestamp")) {
            return Err("ESIA-007015: timestamp");
        }
        let order = [
            "client_id",
            "scope",
            "scope_org",
            "timestamp",
            "state",
            "redirect_uri",
            "code",
        ];
        let message: String = order.iter().map(|name| of(asked, name)).collect();
        let signature = BASE64URL_NOPAD.decode(of(asked, "client_secret").as_bytes());
        let signature = signature.map_err(|_| "ESIA-007053: client_secret")?;
        let algorithm = SignatureAlgorithm::Gost(Gost::Russian256);
        native()
            .verify(&algorithm, self.client.spki(), message.as_bytes(), &signature)
            .map_err(|_| "ESIA-007053: client_secret")
    }

    fn answer(&self, asked: &Asked) -> Reply {
        match asked.path.as_str() {
            "/aas/oauth2/v3/te" => match self.exchange(asked) {
                Ok(tokens) => Reply::Json(200, tokens.to_string()),
                Err(words) => {
                    let refused = json!({"error": "invalid_request", "error_description": words});
                    Reply::Json(400, refused.to_string())
                }
            },
            "/rs/prns/1000299" if self.is(Mood::Withheld) => {
                let refused = json!({"code": "ESIA-007019", "message": "no permission"});
                Reply::Json(403, refused.to_string())
            }
            "/rs/prns/1000299" if asked.query == "embed=(contacts.elements)" => self.person(asked),
            _ => Reply::Json(404, String::new()),
        }
    }

    fn exchange(&self, asked: &Asked) -> Result<Value, &'static str> {
        let refuses = |mood: &Mood| match mood {
            Mood::RefusesExchange(words) => Some(*words),
            _ => None,
        };
        if let Some(words) = self.refusal(refuses) {
            return Err(words);
        }
        let form: HashMap<String, String> = parse(asked.body.as_bytes()).into_owned().collect();
        self.is_signed(&form)?;
        let challenge = self.state().codes.remove(&of(&form, "code"));
        let challenge = challenge.ok_or("ESIA-007011: code")?;
        let verifier = of(&form, "code_verifier");
        if BASE64URL_NOPAD.encode(digest(&SHA256, verifier.as_bytes()).as_ref()) != challenge {
            return Err("ESIA-007040: PKCE");
        }
        let state = if self.is(Mood::OtherState) {
            "another".to_owned()
        } else {
            of(&form, "state")
        };
        Ok(json!({
            "access_token": "the-access-token", "id_token": self.id_token(), "state": state,
            "token_type": "Bearer", "expires_in": 3600,
        }))
    }

    fn id_token(&self) -> String {
        let mut claims = json!({
            "iss": ISSUER, "aud": CLIENT_ID, "sub": 1_000_299,
            "iat": self.now, "nbf": self.now, "exp": self.now + 10_800, "auth_time": self.now,
            "amr": "PWD", "urn:esia:amd": "PWD",
            "urn:esia:sbj": {"urn:esia:sbj:typ": "P", "urn:esia:sbj:is_tru": true, "urn:esia:sbj:oid": 1_000_299},
        });
        if self.is(Mood::OtherIssuer) {
            claims["iss"] = json!("http://esia.gosuslugi.ru/");
        }
        if self.is(Mood::OtherAudience) {
            claims["aud"] = json!("OTHER01");
        }
        if self.is(Mood::Expired) {
            claims["exp"] = json!(self.now - 86_400);
        }
        if self.is(Mood::OldProof) {
            claims["auth_time"] = json!(self.now - 86_400);
        }
        if self.is(Mood::NoProofTime) {
            claims["auth_time"] = Value::Null;
        }
        let signer = if self.is(Mood::StrangeSigner) {
            &self.stranger
        } else {
            &self.signer
        };
        let header = json!({"ver": 0, "typ": "JWT", "sbt": "id", "alg": signer.algorithm()});
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = BASE64URL_NOPAD.encode(&signer.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    fn person(&self, asked: &Asked) -> Reply {
        if asked.headers.get("authorization").map(String::as_str) != Some("Bearer the-access-token") {
            return Reply::Json(401, String::new());
        }
        let mut person = json!({
            "firstName": "Ирина", "lastName": "Ковалёва", "middleName": "Сергеевна",
            "birthDate": "12.07.1991", "gender": "F", "citizenship": "RUS",
            "snils": "112-233-445 95", "inn": "500100732259", "trusted": !self.is(Mood::Unconfirmed),
            "contacts": {"size": 2, "elements": [
                {"id": 1, "type": "EML", "value": "irina@example.ru", "vrfStu": "VERIFIED"},
                {"id": 2, "type": "MBT", "value": "+7(916)1234567", "vrfStu": "NOT_VERIFIED"},
            ]},
        });
        if self.is(Mood::OtherPerson) {
            person["oid"] = json!(1_000_300);
        }
        Reply::Json(200, person.to_string())
    }
}

fn of(asked: &HashMap<String, String>, name: &str) -> String {
    asked.get(name).cloned().unwrap_or_default()
}

/// An array of kinds of consent, each with its lists of names; `null` where none is asked for.
fn permissions(text: &str) -> Result<Value, &'static str> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    let wrong = "ESIA-036701: permissions";
    let json = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| wrong)?;
    let all: Value = serde_json::from_slice(&json).map_err(|_| wrong)?;
    let is_list = |list: &Value| {
        let names = list.as_array();
        names.is_some_and(|names| names.iter().all(|name| name["sysname"].is_string()))
    };
    let is_kind = |kind: &Value| {
        kind["sysname"].is_string()
            && ["actions", "purposes", "scopes"]
                .iter()
                .all(|list| is_list(&kind[*list]))
    };
    match all.as_array() {
        Some(kinds) if kinds.iter().all(is_kind) => Ok(all),
        _ => Err(wrong),
    }
}

/// `2026.11.22 21:30:00 +0000`
fn is_timestamp(text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    shape == "0000.00.00 00:00:00 +0000"
}
