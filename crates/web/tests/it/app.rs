//! The server as tests drive it: the real router over an in-memory database, with a clock that tests move and
//! browsers that keep cookies.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use cabinet::account::Language;
use cabinet::message::Notice;
use cabinet::{Entropy, MIGRATIONS, Rules, Visit, recovery};
use data_encoding::BASE64;
use db::{Db, Engine, Timestamp};
use esign::time::UnixTime;
use http_body_util::BodyExt as _;
use remote::provider::Providers;
use serde_json::Value;
use testkit::pki::{Authority, Key, Person};
use testkit::visit::{NOW, rules, visit};
use text::date::Zone;
use tower::ServiceExt as _;
use web::view::{Support, SupportKind};
use web::{Allowance, App, KeySources, Limits, Metrics, Operator, Pool, Probe, Proxies, RemoteKeys, Site};

pub(crate) const HOST: &str = "kabinet.example";

pub(crate) struct TestApp {
    pub(crate) router: Router,
    pub(crate) app: Arc<App>,
    pub(crate) authority: Authority,
    clock: Arc<AtomicI64>,
}

/// What the server said.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// A browser: it keeps cookies, and the token of the last page it was shown.
pub(crate) struct Browser<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) cookies: RefCell<BTreeMap<String, String>>,
    token: RefCell<String>,
    pub(crate) agent: &'static str,
}

impl TestApp {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// A server that `change` was made to before it starts.
    pub(crate) fn with(change: impl FnOnce(&mut App)) -> Self {
        Self::of(Authority::new("ТЕСТ ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ"), change)
    }

    /// The same, where `authority` issues the certificates.
    pub(crate) fn of(authority: Authority, change: impl FnOnce(&mut App)) -> Self {
        let clock = Arc::new(AtomicI64::new(NOW.as_seconds()));
        let mut app = App {
            db: Db::open(
                Engine::Sqlite {
                    path: ":memory:".into(),
                },
                MIGRATIONS,
            )
            .unwrap(),
            rules: Arc::new(rules()),
            trust: Arc::new(authority.trust()),
            revocation: None,
            providers: Providers::default(),
            clock: Box::new({
                let clock = clock.clone();
                move || Timestamp::from_seconds(clock.load(Ordering::SeqCst))
            }),
            entropy: Entropy::system(),
            site: Site {
                support: vec![Support {
                    label: "Справка".into(),
                    kind: SupportKind::Phone,
                    value: "1308".into(),
                }]
                .into(),
                zone: Zone::named("Asia/Almaty").unwrap(),
                language: Language::Ru,
                keys: KeySources::default(),
                demo: false,
            },
            proxies: Proxies::default(),
            limits: Limits::default(),
            remote_keys: RemoteKeys::default(),
            challenges: Allowance::default(),
            searches: Allowance::for_searches(),
            operator: Operator::Loopback,
            probe: Probe::default(),
            metrics: Metrics::new(),
            signatures: Pool::new(2, 8),
            passwords: Pool::new(2, 8),
        };
        change(&mut app);
        let app = Arc::new(app);
        Self {
            router: web::router(app.clone()),
            app,
            authority,
            clock,
        }
    }

    /// The same with other rules.
    pub(crate) fn with_rules(change: impl FnOnce(&mut Rules)) -> Self {
        Self::with(|app| change(Arc::make_mut(&mut app.rules)))
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.clock
            .fetch_add(i64::try_from(by.as_secs()).unwrap(), Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> UnixTime {
        UnixTime(self.clock.load(Ordering::SeqCst))
    }

    /// A fresh key with a certificate of the trusted authority.
    pub(crate) fn key(&self, person: &Person) -> Key {
        self.authority.issue(person)
    }

    /// What was said to an address or number, the oldest first.
    pub(crate) async fn notices(&self, to: &str) -> Vec<Notice> {
        let (rules, to) = (self.app.rules.clone(), to.to_owned());
        let read = self.app.db.read(move |tx| {
            let rows: Vec<(Vec<u8>,)> = tx.list(
                "select notice from message where recipient = $1 and notice is not null order by created_at, id",
                db::params![to.as_str()],
            )?;
            let open = |(sealed,): (Vec<u8>,)| {
                serde_json::from_slice(&rules.server_key.open("message.notice", &sealed).unwrap()).unwrap()
            };
            Ok::<_, db::Error>(rows.into_iter().map(open).collect())
        });
        read.await.unwrap()
    }

    /// The newest code sent to an address or number.
    pub(crate) async fn code(&self, to: &str) -> String {
        let mut codes = self
            .notices(to)
            .await
            .into_iter()
            .filter_map(|notice| match notice {
                Notice::EmailCode { code, .. }
                | Notice::PhoneCode { code, .. }
                | Notice::RecoveryBegun { code, .. } => Some(code),
                _ => None,
            });
        codes
            .next_back()
            .unwrap_or_else(|| panic!("no code was sent to {to}"))
    }

    /// Looks into requests for recovery, as the worker does.
    pub(crate) async fn answer_recoveries(&self) {
        loop {
            let rules = self.app.rules.clone();
            let visit = Visit {
                now: (self.app.clock)(),
                ..visit()
            };
            let sent = self
                .app
                .db
                .write(move |tx| recovery::send_next(tx, &rules, &visit));
            if !sent.await.unwrap() {
                return;
            }
        }
    }

    /// Any number that one statement gives.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let counted = self.app.db.read(move |tx| tx.one::<(i64,)>(sql, &[]));
        counted.await.unwrap().0
    }

    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser {
            app: self,
            cookies: RefCell::default(),
            token: RefCell::default(),
            agent: "Mozilla/5.0 (X11; Linux) Firefox/140.0",
        }
    }

    /// Any request, exactly as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}

impl Browser<'_> {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], "").await
    }

    /// Sends a form of this site's own page.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token();
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &token).extend_pairs(fields);
        self.post_raw(path, &form.finish()).await
    }

    /// Sends a form as it is, with what a browser says of its own page.
    pub(crate) async fn post_raw(&self, path: &str, form: &str) -> Answer {
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://kabinet.example"),
        ];
        self.send(Method::POST, path, &headers, form).await
    }

    /// Calls the API as a script of this site's page does.
    pub(crate) async fn json(&self, method: Method, path: &str, body: &Value) -> Answer {
        let token = self.token();
        let headers = [
            ("content-type", "application/json"),
            ("x-csrf-token", token.as_str()),
        ];
        self.send(method, path, &headers, &body.to_string()).await
    }

    /// Any request of this browser.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .borrow()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, HOST)
            .header(header::USER_AGENT, self.agent)
            .header(header::ACCEPT_LANGUAGE, "ru");
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self
            .app
            .send(request.body(Body::from(body.to_owned())).unwrap())
            .await;
        self.keep(&answer);
        answer
    }

    /// The token this browser's forms repeat.
    pub(crate) fn token(&self) -> String {
        self.token.borrow().clone()
    }

    fn keep(&self, answer: &Answer) {
        let mut cookies = self.cookies.borrow_mut();
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let (pair, attributes) = line.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let told = ["name=\"csrf\" value=\"", "\"csrf_token\":\""];
        if let Some((_, rest)) = told.iter().find_map(|mark| answer.body.split_once(mark)) {
            rest.split('"')
                .next()
                .unwrap()
                .clone_into(&mut self.token.borrow_mut());
        }
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().get(name).cloned()
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.cookie("__Host-kabinet").is_some()
    }

    /// A challenge of `/sign-in` or `/step-up`, signed by `key`, as the page's script sends it.
    pub(crate) async fn answer(&self, door: &str, key: &Key) -> String {
        self.get(door).await;
        let posed = self
            .json(Method::POST, &format!("{door}/challenge"), &serde_json::json!({}))
            .await;
        assert_eq!(posed.status, StatusCode::OK, "{}", posed.body);
        let text = posed.json()["text"].as_str().unwrap().to_owned();
        BASE64.encode(&key.sign(text.as_bytes(), self.app.now()))
    }

    /// Enters by a key.
    pub(crate) async fn sign_in(&self, key: &Key) -> Answer {
        let cms = self.answer("/sign-in", key).await;
        let answer = self.post("/sign-in/certificate", &[("cms", &cms)]).await;
        self.get("/help").await;
        answer
    }

    /// Proves afresh who one is.
    pub(crate) async fn step_up(&self, key: &Key) -> Answer {
        let cms = self.answer("/step-up", key).await;
        self.post(
            "/step-up/certificate",
            &[("cms", &cms), ("return_to", "/profile/contacts")],
        )
        .await
    }

    /// Confirms the link that a provider's answer led to.
    pub(crate) async fn confirm_link(&self, back: &Answer) {
        assert_eq!(back.location(), "/profile/linking", "{}", back.body);
        self.get("/profile/linking").await;
        let linked = self.post("/profile/linking", &[]).await;
        assert_eq!(
            linked.location(),
            "/profile/binding?done=linked",
            "{}",
            linked.body
        );
    }

    /// Enters by a key and completes the first entry with an address.
    pub(crate) async fn enter(&self, key: &Key, email: &str) {
        assert_eq!(self.sign_in(key).await.location(), "/cabinet");
        self.confirm_first_entry(email).await;
    }

    /// Completes the first entry with an address.
    pub(crate) async fn confirm_first_entry(&self, email: &str) {
        let asked = self
            .post("/first-entry", &[("kind", "email"), ("email", email)])
            .await;
        assert_eq!(asked.location(), "/first-entry/code", "{}", asked.body);
        let code = self.app.code(email).await;
        let confirmed = self.post("/first-entry/code", &[("code", &code)]).await;
        assert_eq!(confirmed.location(), "/cabinet", "{}", confirmed.body);
    }
}

impl Answer {
    /// Where a redirect leads.
    pub(crate) fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Whether the page says this refusal.
    pub(crate) fn says(&self, code: &str) -> bool {
        self.body.contains(&format!("data-code=\"{code}\""))
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}
