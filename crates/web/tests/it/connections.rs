//! Connections: slow, silent and many clients; a graceful end.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::http::StatusCode;
use testkit::pki::askhat;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use web::{Limits, Pool};

use crate::app::TestApp;

pub(crate) struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<std::io::Result<()>>,
}

impl Server {
    pub(crate) async fn start(app: &TestApp) -> Self {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .await
            .unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(web::serve(listener, app.app.clone(), async {
            let _ = stopped.await;
        }));
        Self {
            address,
            stop,
            running,
        }
    }

    async fn send(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    pub(crate) async fn ask(&self, text: &str) -> String {
        rest(self.send(text).await).await
    }
}

async fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

const HEALTH: &str = "GET /health HTTP/1.1\r\nhost: kabinet.example\r\nconnection: close\r\n\r\n";

#[tokio::test(start_paused = true)]
async fn web_8_silent_and_dribbling_clients_are_closed() {
    let app = TestApp::new();
    let server = Server::start(&app).await;
    for beginning in ["", "GET /hea", "GET /health HTTP/1.1\r\nhost: kabinet.exa"] {
        let slow = server.send(beginning).await;
        let closed = tokio::time::timeout(Duration::from_secs(11), rest(slow)).await;
        assert!(closed.is_ok(), "{beginning:?} was held");
    }
    let body = "POST /language HTTP/1.1\r\nhost: kabinet.example\r\ncontent-length: 100\r\n\
                content-type: application/x-www-form-urlencoded\r\n\r\ncsrf=";
    let slow = tokio::time::timeout(Duration::from_secs(11), rest(server.send(body).await))
        .await
        .unwrap();
    assert!(slow.starts_with("HTTP/1.1 4"), "{slow}");
}

#[tokio::test]
async fn web_8_two_lengths_are_refused() {
    let app = TestApp::new();
    let server = Server::start(&app).await;
    for lengths in [
        "content-length: 5\r\ntransfer-encoding: chunked",
        "content-length: 5\r\ncontent-length: 6",
    ] {
        let smuggled =
            format!("POST /language HTTP/1.1\r\nhost: kabinet.example\r\n{lengths}\r\n\r\n0\r\n\r\n{HEALTH}");
        let answer = server.ask(&smuggled).await;
        assert!(!answer.contains("HTTP/1.1 200"), "{lengths}: {answer}");
        assert!(answer.starts_with("HTTP/1.1 4"), "{lengths}: {answer}");
    }
    let large = format!(
        "GET / HTTP/1.1\r\nhost: kabinet.example\r\ncookie: {}\r\n\r\n",
        "x".repeat(40 * 1024)
    );
    assert!(
        server.ask(&large).await.starts_with("HTTP/1.1 431"),
        "SPN-2: a huge head"
    );
}

#[tokio::test]
async fn web_8_a_crowd_of_idle_clients_keeps_nobody_out() {
    let app = TestApp::with(|app| {
        app.limits = Limits {
            connections: 40,
            per_address: 20,
        };
    });
    let server = Server::start(&app).await;
    let mut crowd = Vec::new();
    for _ in 0..100 {
        crowd.push(server.send("GET / HTTP/1.1\r\nhost:").await);
    }
    assert!(server.ask(HEALTH).await.starts_with("HTTP/1.1 200"));
    let first = crowd.swap_remove(0);
    assert_eq!(rest(first).await, "", "the longest silent were sent away");
}

#[tokio::test]
async fn requests_under_way_are_finished_when_the_server_stops() {
    let app = TestApp::new();
    let server = Server::start(&app).await;
    let mut under_way = server
        .send("POST /language HTTP/1.1\r\nhost: kabinet.example\r\ncontent-length: 4\r\nconnection: close\r\n\r\n")
        .await;
    assert!(server.ask(HEALTH).await.contains("200 OK"));
    server.stop.send(()).unwrap();
    tokio::task::yield_now().await;
    under_way.write_all(b"a=bc").await.unwrap();
    assert!(
        rest(under_way).await.starts_with("HTTP/1.1 403"),
        "it was answered"
    );
    server.running.await.unwrap().unwrap();
    assert!(
        TcpStream::connect(server.address).await.is_err(),
        "nobody is served any more"
    );
}

#[tokio::test]
async fn net_7_beyond_the_queue_the_answer_is_503_and_other_pages_go_on() {
    let app = TestApp::with(|app| app.signatures = Pool::new(0, 0));
    let browser = app.browser();
    let key = app.key(&askhat());
    let answer = browser.sign_in(&key).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "5");
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}
