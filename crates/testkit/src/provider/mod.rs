//! A provider of OpenID Connect that lies on request.
#![expect(clippy::indexing_slicing, reason = "JSON: assigning makes what is missing")]

mod lie;
pub(crate) mod server;
mod token;

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use url::Url;
use url::form_urlencoded::parse;

use self::server::{Asked, Reply};
use self::token::{Keys, encoded, unsigned};

pub use lie::Lie;
pub use token::Algorithm;

/// The client's name at every provider of tests.
pub const CLIENT_ID: &str = "kabinet";
/// And its secret, with characters that `client_secret_basic` must encode.
pub const CLIENT_SECRET: &str = "s3cret:+/=%ж";

/// A running provider.
pub struct Provider {
    shared: Arc<Shared>,
    address: SocketAddr,
    _serving: JoinSet<()>,
}

/// What a browser brings back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// the code, or the error
    pub answer: Result<String, String>,
    /// the `state` that was sent
    pub state: String,
    /// `iss`
    pub issuer: Option<String>,
}

struct Shared {
    issuer: String,
    keys: Keys,
    strangers: Keys,
    now: AtomicI64,
    connections: AtomicUsize,
    state: Mutex<State>,
}

struct State {
    lies: HashSet<Lie>,
    algorithm: Algorithm,
    person: Value,
    /// What each code and each access token was issued for.
    grants: HashMap<String, Grant>,
    asked: HashMap<String, usize>,
}

#[derive(Clone)]
struct Grant {
    redirect_uri: String,
    nonce: String,
    challenge: String,
    person: Value,
    /// The ID token, where it was signed in advance.
    prepared: Option<String>,
}

impl Provider {
    /// An honest one on this machine, at this moment.
    pub async fn start(now: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            issuer: format!("http://{address}"),
            keys: Keys::new(),
            strangers: Keys::new(),
            now: AtomicI64::new(now),
            connections: AtomicUsize::new(0),
            state: Mutex::new(State {
                lies: HashSet::new(),
                algorithm: Algorithm::Es256,
                person: alice(),
                grants: HashMap::new(),
                asked: HashMap::new(),
            }),
        });
        let mut serving = JoinSet::new();
        let (counting, answering) = (shared.clone(), shared.clone());
        serving.spawn(server::serve(
            listener,
            move || {
                counting.connections.fetch_add(1, Ordering::SeqCst);
            },
            Arc::new(move |asked: &Asked| answering.answer(asked)),
        ));
        Self {
            shared,
            address,
            _serving: serving,
        }
    }

    /// Its name for itself.
    pub fn issuer(&self) -> &str {
        &self.shared.issuer
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on it lies in these ways and in no others.
    pub fn lie(&self, lies: &[Lie]) {
        self.shared.state().lies = lies.iter().copied().collect();
    }

    /// From now on tokens are signed so.
    pub fn sign_by(&self, algorithm: Algorithm) {
        self.shared.state().algorithm = algorithm;
    }

    /// Who signs in there from now on: the claims, `sub` among them.
    pub fn person(&self, claims: Value) {
        self.shared.state().person = claims;
    }

    /// Its clock.
    pub fn set_clock(&self, now: i64) {
        self.shared.now.store(now, Ordering::SeqCst);
    }

    /// How often a path was asked.
    pub fn asked(&self, path: &str) -> usize {
        self.shared.state().asked.get(path).copied().unwrap_or(0)
    }

    /// How many connections it was sent.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// An ID token of whoever signs in there, as it would be issued now.
    pub fn id_token(&self, nonce: &str) -> String {
        // looked up before: the state is asked again while the token is made
        let person = self.shared.state().person.clone();
        self.shared.id_token(&Grant {
            redirect_uri: String::new(),
            nonce: nonce.to_owned(),
            challenge: String::new(),
            person,
            prepared: None,
        })
    }

    /// What `jwks_uri` says.
    pub fn published_keys(&self) -> Value {
        self.shared.keys.published()
    }

    /// What a browser brings back that was sent to this address and signed in there.
    pub fn come_back(&self, to: &Url) -> Return {
        self.shared.authorise(to.query().unwrap_or_default()).0
    }

    /// Signs the ID token for a code now, so that nobody waits for it when the code is exchanged.
    pub fn prepare(&self, code: &str) {
        let grant = self.shared.state().grants.get(code).cloned();
        let token = grant.map(|grant| self.shared.id_token(&grant));
        if let Some(grant) = self.shared.state().grants.get_mut(code) {
            grant.prepared = token;
        }
    }
}

/// Somebody with a verified address.
pub fn alice() -> Value {
    json!({
        "sub": "alice",
        "family_name": "Ковалёва", "given_name": "Ирина", "middle_name": "Сергеевна",
        "email": "alice@example.test", "email_verified": true,
        "phone_number": "+77010000001", "phone_number_verified": true,
        "iin": "910712401035",
    })
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lies(&self, lie: Lie) -> bool {
        self.state().lies.contains(&lie)
    }

    fn answer(&self, asked: &Asked) -> Reply {
        *self.state().asked.entry(asked.path.clone()).or_default() += 1;
        if self.lies(Lie::Down) {
            return Reply::Json(503, String::new());
        }
        match asked.path.as_str() {
            "/.well-known/openid-configuration" => self.metadata(),
            "/keys" if self.lies(Lie::BrokenKeys) => Reply::Json(200, "<html>".to_owned()),
            "/keys" => Reply::Json(200, self.keys.published().to_string()),
            "/authorise" => Reply::Redirect(self.authorise(&asked.query).1),
            "/token" => self.tokens(asked),
            "/userinfo" => self.userinfo(asked),
            _ => Reply::Json(404, String::new()),
        }
    }

    fn metadata(&self) -> Reply {
        if self.lies(Lie::SlowMetadata) {
            return Reply::Nothing;
        }
        if self.lies(Lie::RedirectedMetadata) {
            return Reply::Redirect(format!("{}/elsewhere", self.issuer));
        }
        let place = |path: &str| format!("{}{path}", self.issuer);
        let mut metadata = json!({
            "issuer": self.issuer,
            "authorization_endpoint": place("/authorise"),
            "token_endpoint": place("/token"),
            "userinfo_endpoint": place("/userinfo"),
            "jwks_uri": place("/keys"),
            "end_session_endpoint": place("/end"),
            "authorization_response_iss_parameter_supported": true,
        });
        if self.lies(Lie::MetadataOfAnotherIssuer) {
            metadata["issuer"] = json!("https://other.example");
        }
        if self.lies(Lie::ForeignTokenEndpoint) {
            metadata["token_endpoint"] = json!("https://thief.example/token");
        }
        if self.lies(Lie::HugeMetadata) {
            metadata["padding"] = json!("x".repeat(300 * 1024));
        }
        Reply::Json(200, metadata.to_string())
    }

    /// What is brought back, and the address that brings it.
    fn authorise(&self, query: &str) -> (Return, String) {
        let asked: HashMap<String, String> = parse(query.as_bytes()).into_owned().collect();
        let of = |name: &str| asked.get(name).cloned().unwrap_or_default();
        let mut state = self.state();
        let code = format!("code-{}", state.grants.len());
        let grant = Grant {
            redirect_uri: of("redirect_uri"),
            nonce: of("nonce"),
            challenge: of("code_challenge"),
            person: state.person.clone(),
            prepared: None,
        };
        let answer = if state.lies.contains(&Lie::Declined) {
            Err("access_denied".to_owned())
        } else {
            state.grants.insert(code.clone(), grant);
            Ok(code)
        };
        let issuer = if state.lies.contains(&Lie::NamelessCallback) {
            None
        } else if state.lies.contains(&Lie::CallbackOfAnother) {
            Some("https://other.example".to_owned())
        } else {
            Some(self.issuer.clone())
        };
        let returned = Return {
            answer,
            state: of("state"),
            issuer,
        };
        let address = returned.address(&of("redirect_uri"));
        (returned, address)
    }

    fn tokens(&self, asked: &Asked) -> Reply {
        let form: HashMap<String, String> = parse(asked.body.as_bytes()).into_owned().collect();
        let of = |name: &str| form.get(name).cloned().unwrap_or_default();
        let refused = |error: &str| Reply::Json(400, json!({ "error": error }).to_string());
        if asked.headers.get("authorization") != Some(&expected_authorization()) {
            return Reply::Json(401, json!({"error": "invalid_client"}).to_string());
        }
        if self.lies(Lie::SlowTokens) {
            return Reply::Nothing;
        }
        if self.lies(Lie::RedirectedTokens) {
            return Reply::Redirect(format!("{}/elsewhere", self.issuer));
        }
        let grant = {
            let mut state = self.state();
            if state.lies.contains(&Lie::CodeTwice) {
                state.grants.get(&of("code")).cloned()
            } else {
                state.grants.remove(&of("code"))
            }
        };
        let Some(grant) = grant else {
            return refused("invalid_grant");
        };
        let verifier = of("code_verifier");
        let challenge = encoded(digest(&SHA256, verifier.as_bytes()).as_ref());
        if challenge != grant.challenge || of("redirect_uri") != grant.redirect_uri {
            return refused("invalid_grant");
        }
        let access_token = format!("access-{}", of("code"));
        let mut tokens = json!({
            "access_token": access_token, "token_type": "Bearer", "expires_in": 300,
            "id_token": grant.prepared.clone().unwrap_or_else(|| self.id_token(&grant)),
        });
        if self.lies(Lie::NoIdToken) {
            tokens["id_token"] = Value::Null;
        }
        if self.lies(Lie::HugeTokens) {
            tokens["padding"] = json!("x".repeat(300 * 1024));
        }
        self.state().grants.insert(access_token, grant);
        Reply::Json(200, tokens.to_string())
    }

    fn id_token(&self, grant: &Grant) -> String {
        let now = self.now.load(Ordering::SeqCst);
        let mut claims = json!({
            "iss": self.issuer, "sub": grant.person["sub"], "aud": CLIENT_ID, "nonce": grant.nonce,
            "iat": now, "exp": now + 300, "auth_time": now, "acr": "high",
        });
        let algorithm = self.state().algorithm;
        let (alg, kid) = match algorithm {
            Algorithm::Es256 => ("ES256", "es"),
            Algorithm::Rs256 => ("RS256", "rs"),
        };
        let mut header = json!({"alg": alg, "kid": kid, "typ": "JWT"});
        let lies = self.state().lies.clone();
        for lie in &lies {
            match lie {
                Lie::WrongIssuer => claims["iss"] = json!("https://other.example"),
                Lie::AlmostTheIssuer => claims["iss"] = json!(format!("{}/", self.issuer)),
                Lie::WrongAudience => claims["aud"] = json!("other"),
                Lie::SeveralAudiences => claims["aud"] = json!([CLIENT_ID, "other"]),
                Lie::OtherParty => claims["azp"] = json!("other"),
                Lie::Expired => claims["exp"] = json!(now - 120),
                Lie::FromTheFuture => claims["iat"] = json!(now + 120),
                Lie::OtherNonce => claims["nonce"] = json!("n".repeat(grant.nonce.len())),
                Lie::NoNonce => claims["nonce"] = Value::Null,
                Lie::NumberedSubject => claims["sub"] = json!(1),
                Lie::LowAssurance => claims["acr"] = json!("low"),
                Lie::OldProof => claims["auth_time"] = json!(now - 86_400),
                Lie::Critical => header["crit"] = json!(["b64"]),
                Lie::UnknownKey => header["kid"] = json!("unknown"),
                Lie::Unsigned => return unsigned(&claims),
                Lie::KeyConfusion => return self.keys.confused(&claims),
                _ => {}
            }
        }
        if lies.contains(&Lie::ForgedKey) || lies.contains(&Lie::UnknownKey) {
            return self.strangers.signed(&header, &claims, algorithm);
        }
        let token = self.keys.signed(&header, &claims, algorithm);
        if lies.contains(&Lie::WrongSignature) {
            let (signed, signature) = token.rsplit_once('.').expect("a token of ours");
            let (first, rest) = signature.split_at(1);
            let other = if first == "A" { "B" } else { "A" };
            return format!("{signed}.{other}{rest}");
        }
        token
    }

    fn userinfo(&self, asked: &Asked) -> Reply {
        let bearer = asked.headers.get("authorization");
        let token = bearer.and_then(|bearer| bearer.strip_prefix("Bearer "));
        let grant = token.and_then(|token| self.state().grants.get(token).cloned());
        let Some(grant) = grant else {
            return Reply::Json(401, String::new());
        };
        let mut claims = grant.person;
        if self.lies(Lie::OtherSubject) {
            claims["sub"] = json!("mallory");
        }
        if self.lies(Lie::NoSubject) {
            claims["sub"] = Value::Null;
        }
        if self.lies(Lie::VerifiedInText) {
            claims["email_verified"] = json!("true");
        }
        Reply::Json(200, claims.to_string())
    }
}

impl Return {
    fn address(&self, redirect_uri: &str) -> String {
        let Ok(mut url) = Url::parse(redirect_uri) else {
            return "/".to_owned();
        };
        let mut query = url.query_pairs_mut();
        match &self.answer {
            Ok(code) => query.append_pair("code", code),
            Err(error) => query.append_pair("error", error),
        };
        query.append_pair("state", &self.state);
        if let Some(issuer) = &self.issuer {
            query.append_pair("iss", issuer);
        }
        drop(query);
        url.into()
    }
}

/// RFC 6749 §2.3.1, written out.
fn expected_authorization() -> String {
    let pair = "kabinet:s3cret%3A%2B%2F%3D%25%D0%B6";
    format!("Basic {}", data_encoding::BASE64.encode(pair.as_bytes()))
}
