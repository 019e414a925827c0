//! Links from messages.

use axum::http::{Method, StatusCode};
use cabinet::message::Notice;
use testkit::pki::askhat;

use crate::app::TestApp;

async fn link(app: &TestApp, to: &str, find: impl Fn(&Notice) -> Option<String>) -> String {
    let link = app.notices(to).await.iter().rev().find_map(find).unwrap();
    link.strip_prefix("https://kabinet.example").unwrap().to_owned()
}

async fn confirm_link(app: &TestApp, to: &str) -> String {
    link(app, to, |notice| match notice {
        Notice::EmailCode { link, .. } => Some(link.clone()),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn msg_1_scanners_use_nothing_up() {
    let app = TestApp::new();
    let person = app.browser();
    person.sign_in(&app.key(&askhat())).await;
    person
        .post(
            "/first-entry",
            &[("kind", "email"), ("email", "askhat@example.kz")],
        )
        .await;
    let link = confirm_link(&app, "askhat@example.kz").await;
    for _ in 0..10 {
        let scanner = app.browser();
        let landed = scanner.get(&link).await;
        assert_eq!(
            (landed.status, landed.location()),
            (StatusCode::SEE_OTHER, "/confirm")
        );
        assert_eq!(
            scanner.send(Method::HEAD, &link, &[], "").await.status,
            StatusCode::SEE_OTHER
        );
        let page = scanner.get("/confirm").await.body;
        assert!(page.contains("method=\"post\" action=\"/confirm\""), "{page}");
    }
    assert_eq!(app.count("select count(*) from contact").await, 0);

    let reader = app.browser();
    reader.get(&link).await;
    reader.get("/confirm").await;
    let done = reader.post("/confirm", &[]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert_eq!(app.count("select count(*) from contact").await, 1);
    assert!(!reader.is_signed_in(), "a link opens nothing");
    assert_eq!(
        person.get("/cabinet").await.status,
        StatusCode::OK,
        "the session that asked goes on"
    );
    let again = reader.post("/confirm", &[]).await;
    let dead = text::link::used_title(text::Lang::Ru);
    assert!(again.body.contains(dead), "{}", again.body);
}

#[tokio::test]
async fn msg_1_a_post_needs_the_landing_page() {
    let app = TestApp::new();
    let person = app.browser();
    person.sign_in(&app.key(&askhat())).await;
    person
        .post(
            "/first-entry",
            &[("kind", "email"), ("email", "askhat@example.kz")],
        )
        .await;
    let link = confirm_link(&app, "askhat@example.kz").await;
    let robot = app.browser();
    robot.get("/").await;
    robot.post("/confirm", &[]).await;
    assert_eq!(
        robot.post(&link, &[]).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
    assert_eq!(app.count("select count(*) from contact").await, 0);
}

#[tokio::test]
async fn msg_2_no_page_holds_the_token() {
    let app = TestApp::new();
    let person = app.browser();
    person.sign_in(&app.key(&askhat())).await;
    person
        .post(
            "/first-entry",
            &[("kind", "email"), ("email", "askhat@example.kz")],
        )
        .await;
    let link = confirm_link(&app, "askhat@example.kz").await;
    let token = link.rsplit('/').next().unwrap();
    let landed = person.get(&link).await;
    assert!(!landed.location().contains(token) && !landed.body.contains(token));
    assert!(!person.get("/confirm").await.body.contains(token));
    let nonsense = person.get("/confirm/nonsense").await;
    assert_eq!(nonsense.location(), "/confirm");
    let page = person.get("/confirm").await;
    assert!(
        page.body.contains(text::link::unknown_title(text::Lang::Ru)),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn con_1_the_old_address_takes_a_change_back() {
    let app = TestApp::new();
    let (thief, key) = (app.browser(), app.key(&askhat()));
    thief.enter(&key, "askhat@example.kz").await;
    thief.step_up(&key).await;
    let page = thief.get("/profile/contacts").await.body;
    let version = page
        .split("name=\"version\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let fields = [("email", "thief@example.kz"), ("version", version)];
    let saved = thief.post("/profile/contacts", &fields).await;
    assert_eq!(
        saved.location(),
        "/profile/contacts?done=pending",
        "{}",
        saved.body
    );
    let undo = link(&app, "askhat@example.kz", |notice| match notice {
        Notice::ContactChanged { undo_link, .. } => Some(undo_link.clone()),
        _ => None,
    })
    .await;
    let owner = app.browser();
    assert_eq!(owner.get(&undo).await.location(), "/undo");
    assert!(owner.get("/undo").await.body.contains("action=\"/undo\""));
    assert_eq!(
        thief.get("/cabinet").await.status,
        StatusCode::OK,
        "a GET changed nothing"
    );
    assert_eq!(owner.post("/undo", &[]).await.status, StatusCode::OK);
    assert!(
        thief.get("/cabinet").await.location().starts_with("/signed-out"),
        "all sessions are over"
    );
    let code = app.code("thief@example.kz").await;
    thief.sign_in(&key).await;
    let late = thief
        .post("/profile/contacts/email/confirm", &[("code", &code)])
        .await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn cms_3_this_was_not_me_ends_all_sessions() {
    let app = TestApp::new();
    let (owner, thief, key) = (app.browser(), app.browser(), app.key(&askhat()));
    owner.enter(&key, "askhat@example.kz").await;
    thief.sign_in(&key).await;
    let told = link(&app, "askhat@example.kz", |notice| match notice {
        Notice::NewDevice { link, .. } => Some(link.clone()),
        _ => None,
    })
    .await;
    let mailbox = app.browser();
    assert_eq!(mailbox.get(&told).await.location(), "/not-me");
    assert!(mailbox.get("/not-me").await.body.contains("action=\"/not-me\""));
    let done = mailbox.post("/not-me", &[]).await;
    assert!(
        done.body.contains(text::link::not_me_done_title(text::Lang::Ru)),
        "{}",
        done.body
    );
    assert!(thief.get("/cabinet").await.location().starts_with("/signed-out"));
    assert_eq!(
        app.count("select count(*) from session where ended_at is null")
            .await,
        0
    );
}
