//! Links and sessions that are over say how, and nothing typed is lost with them.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use cabinet::message::Notice;
use serde_json::{Value, json};
use testkit::pki::{aigul, askhat};
use text::Lang;

use crate::app::{Browser, TestApp};

const MINUTE: Duration = Duration::from_secs(60);

async fn token(app: &TestApp, to: &str, find: impl Fn(&Notice) -> Option<String>) -> String {
    let link = app.notices(to).await.iter().rev().find_map(find).unwrap();
    link.rsplit('/').next().unwrap().to_owned()
}

async fn confirmation(app: &TestApp, to: &str) -> String {
    token(app, to, |notice| match notice {
        Notice::EmailCode { link, .. } => Some(link.clone()),
        _ => None,
    })
    .await
}

async fn opened(app: &TestApp, token: &str) -> String {
    let reader = app.browser();
    reader.get(&format!("/confirm/{token}")).await;
    reader.get("/confirm").await.body
}

async fn give_email(person: &Browser<'_>, email: &str) {
    person
        .post("/first-entry", &[("kind", "email"), ("email", email)])
        .await;
}

#[tokio::test]
async fn rule_3_a_link_that_does_nothing_says_why_to_its_owner() {
    let app = TestApp::new();
    let person = app.browser();
    person.sign_in(&app.key(&askhat())).await;
    give_email(&person, "mistyped@example.kz").await;
    let replaced = confirmation(&app, "mistyped@example.kz").await;
    give_email(&person, "askhat@example.kz").await;
    let link = confirmation(&app, "askhat@example.kz").await;
    assert!(
        opened(&app, &replaced)
            .await
            .contains(text::link::replaced_why(Lang::Ru))
    );
    assert!(opened(&app, &link).await.contains("action=\"/confirm\""));
    app.advance(25 * 60 * MINUTE);
    assert!(
        opened(&app, &link)
            .await
            .contains(text::link::expired_confirm(Lang::Ru))
    );
    let stranger = "A".repeat(link.len());
    assert!(
        opened(&app, &stranger)
            .await
            .contains(text::link::unknown_why(Lang::Ru))
    );
}

#[tokio::test]
async fn ses_2_the_page_after_a_session_says_how_it_ended() {
    let app = TestApp::new();
    let (person, elsewhere, key) = (app.browser(), app.browser(), app.key(&askhat()));
    person.enter(&key, "askhat@example.kz").await;
    let chosen = person.post("/sign-out", &[]).await;
    assert_eq!(chosen.location(), "/signed-out");
    let page = person.get("/signed-out").await.body;
    assert!(page.contains(text::start::signed_out(Lang::Ru)), "{page}");

    person.sign_in(&key).await;
    elsewhere.sign_in(&key).await;
    elsewhere.step_up(&key).await;
    elsewhere.post("/profile/sessions/end-others", &[]).await;
    let ended = person.get("/cabinet").await;
    assert!(
        ended.location().starts_with("/signed-out?reason=ended"),
        "{}",
        ended.location()
    );
    let page = person.get(ended.location()).await.body;
    assert!(page.contains(text::start::ended_elsewhere(Lang::Ru)), "{page}");

    app.advance(31 * MINUTE);
    let late = elsewhere.get("/cabinet").await;
    assert!(
        late.location().starts_with("/signed-out?reason=timed-out"),
        "{}",
        late.location()
    );
}

#[tokio::test]
async fn a_12_contacts_typed_in_a_session_that_ended_come_back_after_sign_in() {
    let app = TestApp::new();
    let (person, key) = (app.browser(), app.key(&askhat()));
    person.enter(&key, "askhat@example.kz").await;
    person.get("/profile/contacts").await;
    app.advance(31 * MINUTE);
    let fields = [
        ("email", "new@example.kz"),
        ("phone", "87075555555"),
        ("version", "2"),
    ];
    let over = person.post("/profile/contacts", &fields).await;
    let expected = "/signed-out?reason=timed-out&return_to=%2Fprofile%2Fcontacts";
    assert_eq!(over.location(), expected);
    assert!(
        person
            .get(expected)
            .await
            .body
            .contains(text::start::kept(Lang::Ru))
    );

    let other = app.key(&aigul());
    person.enter(&other, "aigul@example.kz").await;
    let page = person.get("/profile/contacts").await.body;
    assert!(!page.contains("new@example.kz"), "another person sees it");

    person.sign_in(&key).await;
    let page = person.get("/profile/contacts").await.body;
    assert!(page.contains("new@example.kz") && page.contains("555"), "{page}");
}

#[tokio::test]
async fn a_9_an_error_page_shows_who_is_signed_in() {
    let app = TestApp::new();
    let person = app.browser();
    person.enter(&app.key(&askhat()), "askhat@example.kz").await;
    let page = person.get("/no-such-page").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.body.contains("Сериков"), "{}", page.body);
    assert!(!app.browser().get("/no-such-page").await.body.contains("Сериков"));
}

async fn api(client: &Browser<'_>, path: &str, token: &str) -> (u16, Value) {
    client.get("/api/v1/session").await;
    let answer = client
        .json(
            Method::POST,
            &format!("/api/v1/{path}"),
            &json!({ "token": token }),
        )
        .await;
    (answer.status.as_u16(), answer.json())
}

#[tokio::test]
async fn every_link_of_a_message_has_its_twin() {
    let app = TestApp::new();
    let (person, key, client) = (app.browser(), app.key(&askhat()), app.browser());
    person.sign_in(&key).await;
    give_email(&person, "askhat@example.kz").await;
    let link = confirmation(&app, "askhat@example.kz").await;
    for _ in 0..3 {
        let (status, seen) = api(&client, "confirm/preview", &link).await;
        assert_eq!(
            (status, &seen["slot"], &seen["value"]),
            (200, &json!("email"), &json!("a***t@example.kz"))
        );
    }
    assert_eq!(api(&client, "confirm", &link).await.0, 200);
    let again = api(&client, "confirm", &link).await;
    assert_eq!((again.0, &again.1["code"]), (410, &json!("link.used")));
    let stranger = api(&client, "confirm/preview", &"A".repeat(link.len())).await;
    assert_eq!((stranger.0, &stranger.1["code"]), (404, &json!("link.gone")));

    person.step_up(&key).await;
    let password = [("password", "верблюд-скрипка-47-облако")];
    person.get("/profile/password").await;
    person.post("/profile/password", &password).await;
    let told = token(&app, "askhat@example.kz", |notice| match notice {
        Notice::PasswordSet { link, .. } => Some(link.clone()),
        _ => None,
    })
    .await;
    let seen = api(&client, "not-me/preview", &told).await;
    assert_eq!((seen.0, &seen.1["remedy"]), (200, &json!("password_removed")));
    let reader = app.browser();
    reader.get(&format!("/not-me/{told}")).await;
    let page = reader.get("/not-me").await.body;
    assert!(page.contains(text::link::not_me_password(Lang::Ru)), "{page}");
    let done = api(&client, "not-me", &told).await;
    assert_eq!(done, (200, json!({ "remedy": "password_removed" })));
    assert!(person.get("/cabinet").await.location().starts_with("/signed-out"));

    person.sign_in(&key).await;
    person.step_up(&key).await;
    let page = person.get("/profile/contacts").await.body;
    let version = page.split("name=\"version\" value=\"").nth(1).unwrap();
    let version = version.split('"').next().unwrap();
    let thief = [("email", "thief@example.kz"), ("version", version)];
    person.post("/profile/contacts", &thief).await;
    let undo = token(&app, "askhat@example.kz", |notice| match notice {
        Notice::ContactChanged { undo_link, .. } => Some(undo_link.clone()),
        _ => None,
    })
    .await;
    let seen = api(&client, "undo/preview", &undo).await;
    assert_eq!((seen.0, &seen.1["new"]), (200, &json!("t***f@example.kz")));
    let undone = api(&client, "undo", &undo).await;
    assert_eq!((undone.0, &undone.1["slot"]), (200, &json!("email")));
}
