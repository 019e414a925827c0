//! `/sign-in/shown`, `/step-up/shown`: certificates shown at the door, by real handshakes and by the header of a proxy.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::http::StatusCode;
use data_encoding::BASE64;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ProtocolVersion, RootCertStore, version};
use testkit::pki::{Authority, EMAIL_PROTECTION, Key, Person, aigul, askhat, server};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use web::{CertificateAddress, Door, ProxiedDoor, Proxies, RemoteKeys, TlsDoor};

use crate::app::{Answer, Browser, TestApp};

const DOOR: &str = "https://kabinet.example:8443/";
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A door on this machine, and what clients believe it by.
struct OpenDoor {
    address: SocketAddr,
    certificate: CertificateDer<'static>,
}

fn app(change: impl FnOnce(&mut CertificateAddress)) -> TestApp {
    let mut address = CertificateAddress {
        url: DOOR.parse().unwrap(),
        steps_up: false,
        header: None,
    };
    change(&mut address);
    TestApp::with(|app| {
        app.remote_keys = RemoteKeys {
            certificates: Some(address),
            ..RemoteKeys::default()
        };
    })
}

async fn open(app: &TestApp, door: Door) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(web::serve_door(
        listener,
        door,
        app.app.clone(),
        std::future::pending(),
    ));
    address
}

async fn open_tls(app: &TestApp) -> OpenDoor {
    let (certificate, key) = server("kabinet.example");
    let tls = TlsDoor::new(certificate.as_bytes(), key.as_bytes(), &app.app.trust).unwrap();
    OpenDoor {
        address: open(app, Door::Tls(tls)).await,
        certificate: CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap(),
    }
}

async fn open_proxied(app: &TestApp, header: &str) -> SocketAddr {
    let proxies = Proxies::parse(&["127.0.0.1".to_owned()]).unwrap();
    let door = ProxiedDoor::new(proxies, header, SECRET).unwrap();
    open(app, Door::Proxied(Arc::new(door))).await
}

impl OpenDoor {
    fn client(
        &self,
        key: Option<&Key>,
        versions: &[&'static rustls::SupportedProtocolVersion],
    ) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots);
        match key {
            None => builder.with_no_client_auth(),
            Some(key) => {
                let chain = vec![CertificateDer::from(key.certificate().der().to_vec())];
                let private = PrivateKeyDer::try_from(key.pkcs8().to_vec()).unwrap();
                builder.with_client_auth_cert(chain, private).unwrap()
            }
        }
    }

    /// Opens the path that a page led to, as a browser that shows the certificate of `key`.
    async fn show(&self, path: &str, key: Option<&Key>) -> String {
        let client = Arc::new(self.client(key, &[&version::TLS13, &version::TLS12]));
        self.show_by(&client, path).await.0
    }

    async fn show_by(&self, client: &Arc<ClientConfig>, path: &str) -> (String, ProtocolVersion) {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let name = ServerName::try_from("kabinet.example").unwrap();
        let mut stream = TlsConnector::from(client.clone())
            .connect(name, stream)
            .await
            .unwrap();
        let protocol = stream.get_ref().1.protocol_version().unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: kabinet.example:8443\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        (String::from_utf8(answer).unwrap(), protocol)
    }
}

/// Where an answer of the door leads, as a path of the site.
fn led_to(answer: &str) -> String {
    let location = answer.lines().find_map(|line| line.strip_prefix("location: "));
    let location = location.unwrap_or_else(|| panic!("{answer}"));
    assert!(location.starts_with("https://kabinet.example/"), "{location}");
    location["https://kabinet.example".len()..].to_owned()
}

impl Browser<'_> {
    /// To the door: the path that the page of departure leads to.
    async fn depart(&self, page: &str) -> String {
        self.get(page).await;
        let departing = self.post(&format!("{page}/shown"), &[]).await;
        assert_eq!(departing.status, StatusCode::OK, "{}", departing.body);
        let (_, rest) = departing.body.split_once(DOOR).unwrap();
        format!("/{}", rest.split('"').next().unwrap())
    }

    async fn enter_shown(&self, page: &str, shown: &str) -> Answer {
        let secret = shown.rsplit('/').next().unwrap();
        self.post(&format!("{page}/shown/enter"), &[("shown", secret)])
            .await
    }
}

#[tokio::test]
async fn d_4_a_certificate_of_the_browser_opens_the_cabinet() {
    let app = app(|_| {});
    let (door, browser, key) = (open_tls(&app).await, app.browser(), app.key(&askhat()));
    let way = browser.depart("/sign-in").await;
    let shown = led_to(&door.show(&way, Some(&key)).await);
    assert!(shown.starts_with("/sign-in/shown/"), "{shown}");
    let card = browser.get(&shown).await;
    assert!(card.body.contains("Сериков Асхат"), "{}", card.body);
    assert!(!browser.is_signed_in(), "A-7: look first, enter second");
    assert_eq!(
        browser.enter_shown("/sign-in", &shown).await.location(),
        "/cabinet"
    );
    assert!(browser.is_signed_in());
    browser.get("/help").await;
    let again = browser.enter_shown("/sign-in", &shown).await;
    assert!(again.says("challenge.gone"), "{}", again.body);
    // the same cabinet as by any other way of the same person
    let other = app.browser();
    other.sign_in(&app.key(&askhat())).await;
    assert_eq!(app.count("select count(*) from account").await, 1);
}

#[tokio::test]
async fn both_versions_of_tls_prove_a_key_and_no_session_is_resumed() {
    let app = app(|_| {});
    let (door, key) = (open_tls(&app).await, app.key(&askhat()));
    for (offered, expected) in [
        (&version::TLS12, ProtocolVersion::TLSv1_2),
        (&version::TLS13, ProtocolVersion::TLSv1_3),
    ] {
        let client = Arc::new(door.client(Some(&key), &[offered]));
        for _ in 0..2 {
            let browser = app.browser();
            let way = browser.depart("/sign-in").await;
            let (answer, protocol) = door.show_by(&client, &way).await;
            assert_eq!(protocol, expected);
            assert!(led_to(&answer).len() > 64, "{answer}");
            assert!(answer.contains("connection: close"), "PRX-3: {answer}");
        }
        let stream = TcpStream::connect(door.address).await.unwrap();
        let name = ServerName::try_from("kabinet.example").unwrap();
        let stream = TlsConnector::from(client).connect(name, stream).await.unwrap();
        let kind = stream.get_ref().1.handshake_kind();
        assert_eq!(kind, Some(rustls::HandshakeKind::Full));
    }
}

#[tokio::test]
async fn without_a_certificate_the_way_stays_open() {
    let app = app(|_| {});
    let (door, browser, key) = (open_tls(&app).await, app.browser(), app.key(&askhat()));
    let way = browser.depart("/sign-in").await;
    let absent = led_to(&door.show(&way, None).await);
    assert_eq!(absent, "/sign-in/shown/absent");
    assert!(browser.get(&absent).await.says("shown.absent"));
    let shown = led_to(&door.show(&way, Some(&key)).await);
    assert_eq!(browser.get(&shown).await.status, StatusCode::OK);
    let twice = led_to(&door.show(&way, Some(&key)).await);
    assert_eq!(twice, "/sign-in/shown/gone");
    assert!(browser.get(&twice).await.says("challenge.gone"));
}

#[tokio::test]
async fn cms_3_what_was_shown_is_of_no_use_in_another_browser() {
    let app = app(|_| {});
    let (door, attacker, victim) = (open_tls(&app).await, app.browser(), app.browser());
    victim.get("/").await;
    let way = attacker.depart("/sign-in").await;
    // somebody is lured to the door by the address of another person's way
    let shown = led_to(&door.show(&way, Some(&app.key(&askhat()))).await);
    assert!(victim.get(&shown).await.says("challenge.gone"));
    let refused = victim.enter_shown("/sign-in", &shown).await;
    assert!(refused.says("challenge.gone"), "{}", refused.body);
    assert!(!victim.is_signed_in());
    // and whoever began the way has nothing but the way
    let secret = way.trim_start_matches('/');
    let guessed = attacker.enter_shown("/sign-in", &format!("/{secret}")).await;
    assert!(guessed.says("challenge.gone"), "{}", guessed.body);
    assert_eq!(app.count("select count(*) from session").await, 0);
}

#[tokio::test]
async fn crt_1_a_certificate_is_judged_as_at_every_other_way() {
    let app = app(|_| {});
    let door = open_tls(&app).await;
    let stranger = Authority::new("ЧУЖОЙ ЦЕНТР").issue(&askhat());
    let for_documents = app.key(&Person {
        purposes: vec![EMAIL_PROTECTION],
        ..askhat()
    });
    let expired = app.key(&Person {
        years: [2024, 2025],
        ..askhat()
    });
    for (key, code) in [
        (&stranger, "certificate.unknown_issuer"),
        (&for_documents, "certificate.wrong_purpose"),
        (&expired, "certificate.expired"),
    ] {
        let browser = app.browser();
        let way = browser.depart("/sign-in").await;
        let shown = led_to(&door.show(&way, Some(key)).await);
        let card = browser.get(&shown).await;
        assert_eq!(card.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(card.says(code), "{code}: {}", card.body);
        let refused = browser.enter_shown("/sign-in", &shown).await;
        assert!(refused.says(code), "{code}: {}", refused.body);
        assert!(!browser.is_signed_in());
    }
}

#[tokio::test]
async fn ses_5_a_silent_handshake_confirms_nothing_unless_the_operator_says_so() {
    let silent = app(|_| {});
    let browser = silent.browser();
    browser.enter(&silent.key(&askhat()), "askhat@example.kz").await;
    browser.get("/step-up").await;
    let refused = browser.post("/step-up/shown", &[]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);

    let app = app(|address| address.steps_up = true);
    let (door, browser, key) = (open_tls(&app).await, app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    let other = app.key(&aigul());
    app.browser().enter(&other, "aigul@example.kz").await;
    let way = browser.depart("/step-up").await;
    let shown = led_to(&door.show(&way, Some(&other)).await);
    let refused = browser.enter_shown("/step-up", &shown).await;
    assert!(refused.says("certificate.other_person"), "{}", refused.body);
    let way = browser.depart("/step-up").await;
    let shown = led_to(&door.show(&way, Some(&key)).await);
    assert!(shown.starts_with("/step-up/shown/"), "{shown}");
    assert!(
        browser
            .enter_shown("/sign-in", &shown)
            .await
            .says("challenge.gone"),
        "CMS-2: what was shown to confirm does not let in"
    );
    let before = browser.cookie("__Host-kabinet");
    let done = browser.enter_shown("/step-up", &shown).await;
    assert_eq!(done.location(), "/profile/contacts", "{}", done.body);
    assert_ne!(browser.cookie("__Host-kabinet"), before, "SES-1");
}

async fn ask(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut request = format!("GET {path} HTTP/1.1\r\nhost: kabinet.example:8443\r\n");
    for (name, value) in headers {
        request.extend([name, ": ", value, "\r\n"]);
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

fn escaped_pem(key: &Key) -> String {
    let body = BASE64.encode(key.certificate().der());
    let pem = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    let escaped = pem.bytes().map(|byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    escaped.collect()
}

#[tokio::test]
async fn prx_1_a_proxy_that_is_believed_shows_certificates() {
    let app = app(|address| address.header = Some("x-ssl-client-cert".parse().unwrap()));
    let key = app.key(&askhat());
    let pem = escaped_pem(&key);
    let address = open_proxied(&app, "x-ssl-client-cert").await;
    let browser = app.browser();
    let way = browser.depart("/sign-in").await;
    for headers in [
        vec![("x-ssl-client-cert", pem.as_str())],
        vec![("x-kabinet-proxy-secret", "guessed"), ("x-ssl-client-cert", &pem)],
        vec![
            ("x-kabinet-proxy-secret", SECRET),
            ("x-ssl-client-cert", &pem),
            ("x_ssl_client_cert", &pem),
        ],
    ] {
        let refused = ask(address, &way, &headers).await;
        assert!(refused.starts_with("HTTP/1.1 400"), "{refused}");
    }
    let sent = [
        ("x-kabinet-proxy-secret", SECRET),
        ("x-ssl-client-cert", pem.as_str()),
    ];
    let shown = led_to(&ask(address, &way, &sent).await);
    assert_eq!(
        browser.enter_shown("/sign-in", &shown).await.location(),
        "/cabinet"
    );
    let none = ask(address, &way, &sent[..1]).await;
    assert_eq!(led_to(&none), "/sign-in/shown/absent");
}

#[tokio::test]
async fn prx_1_rfc_9440_is_read_and_an_untrusted_certificate_refused() {
    let app = app(|address| address.header = Some("client-cert".parse().unwrap()));
    let address = open_proxied(&app, "Client-Cert").await;
    let stranger = Authority::new("ЧУЖОЙ ЦЕНТР").issue(&askhat());
    for (key, code) in [
        (app.key(&askhat()), None),
        (stranger, Some("certificate.unknown_issuer")),
    ] {
        let browser = app.browser();
        let way = browser.depart("/sign-in").await;
        let value = format!(":{}:", BASE64.encode(key.certificate().der()));
        let sent = [
            ("x-kabinet-proxy-secret", SECRET),
            ("client-cert", value.as_str()),
        ];
        let shown = led_to(&ask(address, &way, &sent).await);
        let entered = browser.enter_shown("/sign-in", &shown).await;
        match code {
            None => assert_eq!(entered.location(), "/cabinet"),
            Some(code) => assert!(entered.says(code), "{}", entered.body),
        }
    }
}

#[tokio::test]
async fn prx_1_the_pages_refuse_a_certificate_in_a_header() {
    let app = app(|address| address.header = Some("x-ssl-client-cert".parse().unwrap()));
    let browser = app.browser();
    for name in [
        "client-cert",
        "client_cert",
        "x-ssl-client-cert",
        "x_ssl_client_cert",
    ] {
        let refused = browser
            .send(axum::http::Method::GET, "/sign-in", &[(name, "x")], "")
            .await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{name}");
    }
}

#[tokio::test]
async fn switched_off_there_is_no_such_way() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.get("/sign-in").await;
    for page in ["/sign-in/shown", "/sign-in/phone"] {
        assert_eq!(
            browser.post(page, &[]).await.status,
            StatusCode::NOT_FOUND,
            "{page}"
        );
    }
}
