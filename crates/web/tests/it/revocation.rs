//! What is known about revocation when somebody signs in (threats, NET-4; requirements, 4.1.5).

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use esign::time::UnixTime;
use esign::trust::{RevocationPolicy, RevocationRule, TrustStore, UnknownStatus};
use remote::crl::Source;
use remote::http::{HttpClient, HttpSettings};
use remote::revocation::{Revocation, Sources};
use testkit::pki::{Authority, askhat};
use testkit::visit::NOW;
use tokio::net::TcpListener;
use tokio::time::Instant;
use web::App;

use crate::app::TestApp;

/// Asks about everybody, by these sources.
fn asking(app: &mut App, unknown: UnknownStatus, sources: Sources) -> Arc<AtomicI64> {
    let mut group = app.trust.groups()[0].clone();
    group.revocation = RevocationPolicy::uniform(RevocationRule::Required { unknown });
    app.trust = Arc::new(TrustStore::new(vec![group]));
    let settings = HttpSettings {
        internal_hosts: vec!["127.0.0.1".to_owned()],
        authorities: Vec::new(),
    };
    let clock = Arc::new(AtomicI64::new(NOW.as_seconds()));
    let now = clock.clone();
    let revocation = Revocation::open(
        app.trust.clone(),
        HttpClient::new(&settings).unwrap(),
        Arc::new(move || UnixTime(now.load(Ordering::SeqCst))),
        std::env::temp_dir(),
        vec![Sources {
            group: "main".to_owned(),
            ..sources
        }],
    );
    app.revocation = Some(Arc::new(revocation.unwrap()));
    clock
}

fn by_file(file: &Path) -> Sources {
    Sources {
        lists: vec![Source::File(file.to_owned())],
        ..Sources::default()
    }
}

/// What the lines of the history about such an act say, the newest first.
async fn details(app: &TestApp, act: &'static str) -> Vec<String> {
    let read = app.app.db.read(move |tx| {
        tx.list::<(String,)>(
            "select detail from audit_line where act = $1 order by seq desc",
            db::params![act],
        )
    });
    read.await.unwrap().into_iter().map(|(detail,)| detail).collect()
}

async fn detail(app: &TestApp, act: &'static str) -> String {
    details(app, act).await.remove(0)
}

#[tokio::test]
async fn net_4_a_silent_responder_costs_less_than_three_seconds_and_the_operators_rule_decides() {
    // It takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let entering = async |unknown| {
        let sources = Sources {
            responders: vec![url.parse().unwrap()],
            ..Sources::default()
        };
        let app = TestApp::with(|app| {
            asking(app, unknown, sources);
        });
        let (browser, key) = (app.browser(), app.key(&askhat()));
        let started = Instant::now();
        let answer = browser.sign_in(&key).await;
        assert!(
            started.elapsed() < Duration::from_secs(3),
            "{:?}",
            started.elapsed()
        );
        (app, answer)
    };
    let (allowed, refused) = tokio::join!(entering(UnknownStatus::Allow), entering(UnknownStatus::Refuse));
    let (app, answer) = allowed;
    assert_eq!(answer.location(), "/cabinet", "{}", answer.body);
    let detail = detail(&app, "session.opened").await;
    for part in [
        "\"status\":\"unknown\"",
        "\"reason\":\"certificate.status_unknown\"",
        "\"decision\":\"allowed\"",
    ] {
        assert!(detail.contains(part), "{detail}");
    }
    let (_, answer) = refused;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert!(
        answer
            .body
            .contains("Не удалось узнать, не отозван ли сертификат"),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn net_5_a_list_that_is_replaced_keeps_out_at_once_and_the_trail_says_what_counted() {
    let (authority, folder) = (Authority::new("ОРТАЛЫҚ"), tempfile::tempdir().unwrap());
    let (file, key) = (folder.path().join("a.crl"), authority.issue(&askhat()));
    let now = UnixTime(NOW.as_seconds());
    std::fs::write(&file, authority.revocation_list(0x1a, now, &[])).unwrap();
    let mut clock = None;
    let app = TestApp::of(authority, |app| {
        clock = Some(asking(app, UnknownStatus::Refuse, by_file(&file)));
    });
    assert_eq!(app.browser().sign_in(&key).await.location(), "/cabinet");
    let opened = detail(&app, "session.opened").await;
    assert!(
        opened.contains("\"status\":\"good\"") && opened.contains("\"crl\":\"1a\""),
        "{opened}"
    );

    let next = folder.path().join("next");
    std::fs::write(&next, app.authority.revocation_list(0x1b, now, &[&key])).unwrap();
    std::fs::rename(&next, &file).unwrap();
    clock.unwrap().fetch_add(60, Ordering::SeqCst);
    app.app.revocation.as_ref().unwrap().refresh().await;
    let refused = app.browser().sign_in(&key).await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        refused.body
    );
    let line = detail(&app, "sign_in.refused").await;
    assert!(line.contains("certificate.revoked"), "{line}");
}

#[tokio::test]
async fn net_4_a_step_up_refused_because_of_the_status_leaves_one_line() {
    let (authority, folder) = (Authority::new("ОРТАЛЫҚ"), tempfile::tempdir().unwrap());
    let (file, key) = (folder.path().join("a.crl"), authority.issue(&askhat()));
    let now = UnixTime(NOW.as_seconds());
    std::fs::write(&file, authority.revocation_list(0x1a, now, &[])).unwrap();
    let mut clock = None;
    let app = TestApp::of(authority, |app| {
        clock = Some(asking(app, UnknownStatus::Refuse, by_file(&file)));
    });
    let browser = app.browser();
    browser.enter(&key, "askhat@example.kz").await;

    let next = folder.path().join("next");
    std::fs::write(&next, app.authority.revocation_list(0x1b, now, &[&key])).unwrap();
    std::fs::rename(&next, &file).unwrap();
    clock.unwrap().fetch_add(60, Ordering::SeqCst);
    app.app.revocation.as_ref().unwrap().refresh().await;
    let cms = browser.answer("/step-up", &key).await;
    for again in [false, true] {
        let refused = browser.post("/step-up/certificate", &[("cms", &cms)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{again}");
    }
    let lines = details(&app, "session.step_up_refused").await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].contains("certificate.revoked") && !lines[0].contains("\"authenticator\":null"),
        "{lines:?}"
    );
    assert!(details(&app, "sign_in.refused").await.is_empty());
}
