//! What is written to the log.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use testkit::pki::askhat;
use tracing_subscriber::fmt::MakeWriter;

use crate::app::TestApp;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn aud_2_nothing_secret_and_nobody_by_name() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_writer(lines.clone())
        .with_max_level(tracing::Level::TRACE);
    // For the whole process: what other tests say in the meantime must hold to the same.
    tracing::subscriber::set_global_default(subscriber.finish()).unwrap();

    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    let code = app.code("askhat@example.kz").await;
    browser.get("/confirm/6d61726b6572").await;
    browser.get("/profile/contacts?marker-query=1").await;
    browser
        .post("/step-up/password", &[("password", "marker-password")])
        .await;
    browser.get("/no-such-page-marker").await;
    let stranger = app.browser();
    stranger.get("/sign-in/password").await;
    stranger
        .post(
            "/sign-in/password",
            &[("login", "900101300007"), ("password", "marker-password")],
        )
        .await;

    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("\"route\":\"/confirm/{token}\"") && log.contains("\"status\":303"),
        "{log}"
    );
    assert!(log.contains("\"outcome\":\"password.wrong\""), "{log}");
    let cookies = browser.cookies.borrow();
    let secrets = cookies.values().map(String::as_str);
    let markers = [
        "marker",
        "6d61726b6572",
        "900101300007",
        "askhat",
        "СЕРИКОВ",
        "Сериков",
        &code,
    ];
    for secret in secrets.chain(markers) {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
