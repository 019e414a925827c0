//! `/health`, `/ready`, `/metrics`

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;
use web::{Operator, Proxies};

use crate::app::TestApp;

/// What this machine itself is told.
async fn ask_locally(app: &TestApp, path: &str, headers: &str) -> String {
    ask(app, path, "127.0.0.1:8080", headers).await
}

/// What a client on this machine is told that asks for `host`.
async fn ask(app: &TestApp, path: &str, host: &str, headers: &str) -> String {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
        .await
        .unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(web::serve(listener, app.app.clone(), async {
        let _ = stopped.await;
    }));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
    answer
}

#[tokio::test]
async fn sec_3_strangers_see_no_detail() {
    let app = TestApp::new();
    let ask = async |path| app.send(Request::get(path).body(Body::empty()).unwrap()).await;
    assert_eq!(ask("/metrics").await.status, StatusCode::NOT_FOUND);
    let ready = ask("/ready").await;
    assert_eq!((ready.status, ready.body.as_str()), (StatusCode::OK, "ready\n"));
    assert_eq!(ask("/health").await.body, "ok\n");
}

#[tokio::test]
async fn the_operator_sees_requests_sign_ins_pools_and_outbox() {
    let app = TestApp::new();
    let browser = app.browser();
    browser
        .enter(&app.key(&testkit::pki::askhat()), "askhat@example.kz")
        .await;
    let metrics = ask_locally(&app, "/metrics", "").await;
    for line in [
        "kabinet_requests_total{method=\"POST\",route=\"/sign-in/certificate\",status=\"303\"} 1",
        "kabinet_sign_ins_total{method=\"certificate\",outcome=\"entered\"} 1",
        "kabinet_pool_waiting{pool=\"signatures\"} 0",
        "kabinet_outbox_messages{state=\"queued\"} ",
        "kabinet_request_seconds_bucket{",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    assert!(
        !metrics.contains("askhat") && !metrics.contains("900101300007"),
        "AUD-2"
    );
    let ready = ask_locally(&app, "/ready", "").await;
    assert!(
        ready.contains("\"write_micros\":"),
        "a real write is measured: {ready}"
    );
}

#[tokio::test]
async fn sec_3_a_proxy_on_this_machine_is_not_the_operator() {
    let app = TestApp::new();
    let behind = ask_locally(&app, "/metrics", "x-forwarded-for: 203.0.113.7\r\n").await;
    assert!(behind.starts_with("HTTP/1.1 404"), "{behind}");
    let app = TestApp::with(|app| app.proxies = Proxies::parse(&["127.0.0.1".to_owned()]).unwrap());
    let behind = ask_locally(&app, "/metrics", "x-forwarded-for: 127.0.0.1\r\n").await;
    assert!(behind.starts_with("HTTP/1.1 404"), "{behind}");
    let app = TestApp::with(|app| app.operator = Operator::Listener);
    let elsewhere = ask_locally(&app, "/metrics", "").await;
    assert!(elsewhere.starts_with("HTTP/1.1 404"), "{elsewhere}");
}

#[tokio::test]
async fn sec_3_a_proxy_that_hides_the_client_is_not_the_operator() {
    let app = TestApp::new();
    for header in [
        "forwarded: for=203.0.113.7",
        "via: 1.1 proxy",
        "x-real-ip: 203.0.113.7",
        "x-forwarded-proto: https",
        "x-forwarded-host: kabinet.example",
    ] {
        let behind = ask_locally(&app, "/metrics", &format!("{header}\r\n")).await;
        assert!(behind.starts_with("HTTP/1.1 404"), "{header}: {behind}");
    }
    for host in [
        "kabinet.example",
        "127.0.0.1.kabinet.example",
        "192.0.2.1",
        "::1:x",
    ] {
        let behind = ask(&app, "/metrics", host, "").await;
        assert!(!behind.starts_with("HTTP/1.1 200"), "{host}: {behind}");
        let ready = ask(&app, "/ready", host, "").await;
        assert!(!ready.contains("write_micros"), "{host}: {ready}");
    }
    for host in ["localhost", "LOCALHOST:8080", "127.0.0.1", "[::1]:8080"] {
        let direct = ask(&app, "/metrics", host, "").await;
        assert!(direct.starts_with("HTTP/1.1 200"), "{host}: {direct}");
    }
}

#[tokio::test]
async fn net_7_readiness_is_written_once_a_second_however_many_ask() {
    let app = TestApp::new();
    let ask = async || {
        app.send(Request::get("/ready").body(Body::empty()).unwrap())
            .await
    };
    let changes_of_hands = "select fence from lease where job = 'readiness'";
    ask().await;
    let first = app.count(changes_of_hands).await;
    for _ in 0..20 {
        assert_eq!(ask().await.body, "ready\n");
    }
    assert_eq!(app.count(changes_of_hands).await, first);
    app.advance(Duration::from_secs(1));
    ask().await;
    assert_eq!(app.count(changes_of_hands).await, first + 1);
}

#[tokio::test]
async fn sec_3_the_operators_own_listener_tells_everything_and_nothing_else() {
    let app = TestApp::with(|app| app.operator = Operator::Listener);
    let router = web::operator_router(app.app.clone());
    let ask = async |path| {
        let answer = router
            .clone()
            .oneshot(Request::get(path).body(Body::empty()).unwrap())
            .await;
        answer.unwrap().status()
    };
    assert_eq!(ask("/metrics").await, StatusCode::OK);
    assert_eq!(ask("/ready").await, StatusCode::OK);
    for page in ["/", "/sign-in", "/api/v1/session"] {
        assert_ne!(ask(page).await, StatusCode::OK, "{page}");
    }
}
