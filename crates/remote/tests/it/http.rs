//! NET-2: the one way out.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use remote::http::{Download, Endpoint, HttpClient, HttpError, HttpSettings, Limits, Post, Validators};
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;

use crate::server::{Deed, Server, answer, ok, serve};

fn client(internal_hosts: &[&str]) -> HttpClient {
    let settings = HttpSettings {
        internal_hosts: internal_hosts.iter().map(|host| (*host).to_owned()).collect(),
        authorities: Vec::new(),
    };
    HttpClient::new(&settings).unwrap()
}

fn resolving(client: HttpClient, to: Vec<SocketAddr>) -> (HttpClient, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let client = client.with_resolver(Arc::new(move |_, _| {
        count.fetch_add(1, Ordering::SeqCst);
        let addresses = to.clone();
        Box::pin(async move { Ok(addresses) })
    }));
    (client, asked)
}

async fn get(client: &HttpClient, url: &str) -> Result<Vec<u8>, HttpError> {
    let mut body = Vec::new();
    let endpoint: Endpoint = url.parse().unwrap();
    let known = Validators::default();
    client
        .download(&endpoint, &known, &Limits::default(), &mut body)
        .await
        .map(|_| body)
}

#[tokio::test]
async fn net_2_no_spelling_of_an_internal_address_is_reached() {
    let server = Server::start(|_| ok("secret")).await;
    let port = server.address.port();
    let strict = client(&[]);
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "017700000001",
        "0177.0.0.1",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "localhost",
        "LOCALHOST.",
        "１２７.０.０.１",
    ] {
        let refused = get(&strict, &format!("http://{host}:{port}/")).await.unwrap_err();
        assert!(
            matches!(refused, HttpError::Internal { .. } | HttpError::Unresolved(_)),
            "{host}: {refused}"
        );
    }
    assert!(server.asked().is_empty());
    let allowed = client(&["127.0.0.1"]);
    assert_eq!(get(&allowed, &server.url("/a")).await.unwrap(), b"secret");
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn net_2_a_name_with_one_internal_address_is_refused_as_a_whole() {
    let server = Server::start(|_| ok("secret")).await;
    let public: SocketAddr = "198.41.0.4:80".parse().unwrap();
    for addresses in [vec![server.address], vec![public, server.address]] {
        let (strict, _) = resolving(client(&["other.example"]), addresses);
        let refused = get(&strict, "http://moved.example/").await.unwrap_err();
        assert!(matches!(refused, HttpError::Internal { .. }), "{refused}");
    }
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn net_2_the_connection_goes_to_the_address_that_was_checked() {
    let server = Server::start(|_| ok("list")).await;
    let (client, resolved) = resolving(client(&["CA.example."]), vec![server.address]);
    assert_eq!(get(&client, "http://ca.example/a.crl").await.unwrap(), b"list");
    assert_eq!(resolved.load(Ordering::SeqCst), 1);
    let head = server.asked().pop().unwrap().head;
    assert!(head.starts_with("get /a.crl http/1.1\r\n"), "{head}");
    assert!(head.contains("\r\nhost: ca.example\r\n"), "{head}");
    // a name is checked each time: what it meant yesterday does not count
    assert_eq!(get(&client, "http://ca.example/a.crl").await.unwrap(), b"list");
    assert_eq!(resolved.load(Ordering::SeqCst), 2);
}

#[test]
fn net_2_a_configuration_that_names_an_internal_number_is_refused_at_once() {
    let endpoint = |text: &str| text.parse::<Endpoint>().unwrap();
    assert!(client(&[]).allows(&endpoint("http://2130706433/ocsp")).is_err());
    assert!(
        client(&["127.0.0.1"])
            .allows(&endpoint("http://0x7f.1/ocsp"))
            .is_ok()
    );
    assert!(client(&["::1"]).allows(&endpoint("http://[::1]/ocsp")).is_err());
    assert!(client(&["[::1]"]).allows(&endpoint("http://[::1]/ocsp")).is_ok());
    assert!(client(&[]).allows(&endpoint("http://ocsp.example/")).is_ok());
}

#[tokio::test]
async fn net_2_a_redirect_is_not_followed() {
    let inside = Server::start(|_| ok("secret")).await;
    let location = format!("location: {}\r\n", inside.url("/"));
    let server = Server::start(move |_| answer("302 Found", &location, "")).await;
    let refused = get(&client(&["127.0.0.1"]), &server.url("/")).await;
    assert_eq!(refused, Err(HttpError::Status(302)));
    assert!(inside.asked().is_empty());
}

#[tokio::test]
async fn net_2_an_answer_without_end_is_cut_off() {
    let limits = Limits {
        body: 64 * 1024,
        ..Limits::default()
    };
    let announced = || answer("200 OK", "", vec![0; 64 * 1024 + 1]);
    let endless = || {
        let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
        Deed::Flood(
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec(),
            chunk.into_bytes(),
        )
    };
    let endless_head = || Deed::Flood(b"HTTP/1.1 200 OK\r\n".to_vec(), b"x-more: and more\r\n".to_vec());
    let client = client(&["127.0.0.1"]);
    for (deed, expected) in [(announced(), true), (endless(), true), (endless_head(), false)] {
        let server = Server::start(move |_| deed.clone()).await;
        let mut body = Vec::new();
        let endpoint = server.url("/").parse().unwrap();
        let refused = client
            .download(&endpoint, &Validators::default(), &limits, &mut body)
            .await
            .unwrap_err();
        assert_eq!(refused == HttpError::TooLarge, expected, "{refused}");
        assert!(body.len() <= 64 * 1024);
    }
}

#[tokio::test]
async fn net_2_what_is_not_a_whole_http_answer_is_refused() {
    let client = client(&["127.0.0.1"]);
    for bytes in [
        "",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
    ] {
        let server = Server::start(|_| Deed::Say(bytes.as_bytes().to_vec())).await;
        let refused = get(&client, &server.url("/")).await.unwrap_err();
        assert!(matches!(refused, HttpError::Broken(_)), "{bytes}: {refused}");
    }
    let unasked = Server::start(|_| answer("304 Not Modified", "", "")).await;
    assert_eq!(get(&client, &unasked.url("/")).await, Err(HttpError::Status(304)));
}

#[tokio::test(start_paused = true)]
async fn net_2_nobody_is_waited_for_longer_than_ten_seconds() {
    let client = client(&["127.0.0.1"]);
    for head in ["", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"] {
        let server = Server::start(move |_| Deed::Hang(head.as_bytes().to_vec())).await;
        let started = Instant::now();
        assert_eq!(get(&client, &server.url("/")).await, Err(HttpError::TimedOut));
        assert!(
            started.elapsed() <= Duration::from_secs(11),
            "{:?}",
            started.elapsed()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn net_2_a_name_server_that_is_silent_costs_five_seconds() {
    let silent = client(&[]).with_resolver(Arc::new(|_, _| Box::pin(std::future::pending())));
    let started = Instant::now();
    assert_eq!(get(&silent, "http://ca.example/").await, Err(HttpError::TimedOut));
    assert!(started.elapsed() <= Duration::from_secs(6));
}

#[tokio::test]
async fn a_second_download_asks_whether_there_is_a_newer_version() {
    let server = Server::start(|asked| {
        if asked.head.contains("if-none-match: \"v1\"") {
            answer("304 Not Modified", "", "")
        } else {
            let headers = "etag: \"v1\"\r\nlast-modified: Sun, 22 Nov 2026 10:00:00 GMT\r\n";
            answer("200 OK", headers, "list")
        }
    })
    .await;
    let (client, endpoint) = (client(&["127.0.0.1"]), server.url("/").parse().unwrap());
    let (limits, mut body) = (Limits::default(), Vec::new());
    let first = client
        .download(&endpoint, &Validators::default(), &limits, &mut body)
        .await;
    let Ok(Download::Complete(validators)) = first else {
        panic!("{first:?}")
    };
    let second = client.download(&endpoint, &validators, &limits, &mut body).await;
    assert_eq!(
        (second, body.as_slice()),
        (Ok(Download::NotModified), &b"list"[..])
    );
    let head = server.asked().pop().unwrap().head;
    assert!(
        head.contains("if-modified-since: sun, 22 nov 2026 10:00:00 gmt"),
        "{head}"
    );
}

#[tokio::test]
async fn what_is_posted_arrives_whole() {
    let server = Server::start(|asked| ok(&asked.body)).await;
    let post = Post {
        media_type: "application/ocsp-request",
        accept: "application/ocsp-response",
        body: &[0, 1, 2, 255],
    };
    let endpoint = server.url("/ocsp/").parse().unwrap();
    let answer = client(&["127.0.0.1"])
        .post(&endpoint, post, &Limits::default())
        .await;
    assert_eq!(answer.unwrap(), [0, 1, 2, 255]);
    let head = server.asked().pop().unwrap().head;
    assert!(head.starts_with("post /ocsp/ http/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/ocsp-request"), "{head}");
    assert!(head.contains("accept: application/ocsp-response"), "{head}");
}

#[tokio::test]
async fn over_https_the_server_must_prove_its_name() {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["ca.example".to_owned()])
        .unwrap()
        .self_signed(&key)
        .unwrap();
    let address = encrypted(&certificate, &key).await;
    let believing = |authorities| {
        let settings = HttpSettings {
            internal_hosts: vec!["ca.example".to_owned(), "other.example".to_owned()],
            authorities,
        };
        resolving(HttpClient::new(&settings).unwrap(), vec![address]).0
    };
    let known = believing(vec![certificate.pem().into_bytes()]);
    assert_eq!(get(&known, "https://ca.example/").await.unwrap(), b"list");
    let other = get(&known, "https://other.example/").await;
    assert!(matches!(other, Err(HttpError::Tls(_))), "{other:?}");
    let unknown = get(&believing(Vec::new()), "https://ca.example/").await;
    assert!(matches!(unknown, Err(HttpError::Tls(_))), "{unknown:?}");
    let settings = HttpSettings {
        authorities: vec![b"no certificate".to_vec()],
        ..HttpSettings::default()
    };
    assert!(HttpClient::new(&settings).is_err());
}

async fn encrypted(certificate: &rcgen::Certificate, key: &rcgen::KeyPair) -> SocketAddr {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            key.serialize_der().try_into().unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(stream) = acceptor.accept(stream).await {
                serve(stream, &|_| ok("list"), &Mutex::default()).await;
            }
        }
    });
    address
}
