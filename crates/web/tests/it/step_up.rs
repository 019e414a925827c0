//! `/step-up`

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::json;
use testkit::pki::{aigul, askhat};

use crate::app::TestApp;

#[tokio::test]
async fn cms_3_a_sign_in_signature_is_no_step_up() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    let unused = browser.answer("/sign-in", &key).await;
    browser.enter(&key, "askhat@example.kz").await;
    browser.get("/step-up").await;
    let refused = browser.post("/step-up/certificate", &[("cms", &unused)]).await;
    assert!(refused.body.contains("challenge.gone"), "{}", refused.body);
    let step_up = browser.answer("/step-up", &key).await;
    let other = app.browser();
    other.get("/sign-in").await;
    let refused = other.post("/sign-in/certificate", &[("cms", &step_up)]).await;
    assert!(refused.body.contains("challenge.gone"), "{}", refused.body);
}

#[tokio::test]
async fn ses_5_the_key_of_another_person_proves_nothing() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    app.browser().enter(&app.key(&aigul()), "aigul@example.kz").await;
    let refused = browser.step_up(&app.key(&aigul())).await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        refused.body
    );
    assert!(
        refused.body.contains("action=\"/step-up/certificate\""),
        "the dialog is shown again"
    );
}

#[tokio::test]
async fn ses_5_the_challenge_names_the_act() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.enter(&app.key(&askhat()), "askhat@example.kz").await;
    browser.get("/step-up").await;
    let posed = browser
        .json(
            Method::POST,
            "/step-up/challenge",
            &json!({ "purpose": "step-up" }),
        )
        .await;
    let text = posed.json()["text"].as_str().unwrap().to_owned();
    assert!(
        text.starts_with("Kabinet/1 step-up\n") && text.contains("СЕРИКОВ АСХАТ"),
        "{text}"
    );
}

#[tokio::test]
async fn strangers_and_newcomers_are_sent_where_they_belong() {
    let app = TestApp::new();
    let browser = app.browser();
    assert!(browser.get("/step-up").await.location().starts_with("/sign-in"));
    let posed = browser.json(Method::POST, "/step-up/challenge", &json!({})).await;
    assert_eq!(posed.status, StatusCode::FORBIDDEN, "no token yet");
    browser.get("/").await;
    let posed = browser.json(Method::POST, "/step-up/challenge", &json!({})).await;
    assert_eq!(posed.status, StatusCode::UNAUTHORIZED);
    assert_eq!(posed.json()["code"], "session.gone");
}

#[tokio::test]
async fn ses_1_a_client_that_only_acts_is_not_idle() {
    let form = json!({ "email": "", "phone": "", "extra_email": "", "extra_phone": "", "version": 1 });
    let acts = [
        (Method::POST, "/step-up/challenge", StatusCode::OK),
        (Method::PUT, "/api/v1/contacts", StatusCode::FORBIDDEN),
    ];
    for (method, path, expected) in acts {
        let app = TestApp::new();
        let browser = app.browser();
        browser.enter(&app.key(&askhat()), "askhat@example.kz").await;
        browser.get("/cabinet").await;
        for _ in 0..3 {
            app.advance(Duration::from_mins(20));
            let answer = browser.json(method.clone(), path, &form).await;
            assert_eq!(answer.status, expected, "{path} {}", answer.body);
        }
        app.advance(Duration::from_mins(30));
        let late = browser.json(method, path, &form).await;
        assert_eq!(late.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}
