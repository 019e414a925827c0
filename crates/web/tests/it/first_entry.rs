//! `/first-entry`

use std::time::Duration;

use axum::http::{Method, StatusCode};
use cabinet::FirstEntry;
use serde_json::json;
use testkit::pki::{aigul, askhat};

use crate::app::TestApp;

#[tokio::test]
async fn a_8_nothing_opens_before_the_address_is_confirmed() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.sign_in(&key).await;
    for page in ["/cabinet", "/profile/binding", "/profile/password"] {
        assert_eq!(browser.get(page).await.location(), "/first-entry/code", "{page}");
    }
    assert_eq!(
        browser.get("/first-entry/code").await.location(),
        "/first-entry",
        "nothing was sent yet"
    );
    let refused = browser.get("/api/v1/sessions").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.json()["code"], "first_entry.required");
    assert_eq!(
        browser.post("/sign-out", &[]).await.location(),
        "/signed-out",
        "A-8.a: a way out"
    );
}

#[tokio::test]
async fn a_8_a_mistyped_address_is_corrected() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.sign_in(&key).await;
    let mistake = browser
        .post("/first-entry", &[("kind", "email"), ("email", "askhat@")])
        .await;
    assert_eq!(mistake.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        mistake.body.contains("value=\"askhat@\""),
        "what was typed stays: {}",
        mistake.body
    );
    browser
        .post(
            "/first-entry",
            &[("kind", "email"), ("email", "askat@example.kz")],
        )
        .await;
    let stale = app.code("askat@example.kz").await;
    browser
        .post(
            "/first-entry",
            &[("kind", "email"), ("email", "askhat@example.kz")],
        )
        .await;
    let page = browser.get("/first-entry/code").await;
    assert!(page.body.contains("askhat@example.kz"), "{}", page.body);
    let code = app.code("askhat@example.kz").await;
    if stale != code {
        let wrong = browser.post("/first-entry/code", &[("code", &stale)]).await;
        assert_eq!(
            wrong.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "OTP-2: a new code kills the old"
        );
    }
    assert_eq!(
        browser
            .post("/first-entry/code", &[("code", &code)])
            .await
            .location(),
        "/cabinet"
    );
    assert_eq!(browser.get("/cabinet").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_8_b_it_resumes_tomorrow() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.sign_in(&key).await;
    browser
        .post(
            "/first-entry",
            &[("kind", "email"), ("email", "askhat@example.kz")],
        )
        .await;
    app.advance(Duration::from_hours(20));
    let tomorrow = app.browser();
    tomorrow.sign_in(&key).await;
    assert_eq!(tomorrow.get("/cabinet").await.location(), "/first-entry/code");
    assert!(
        tomorrow
            .get("/first-entry/code")
            .await
            .body
            .contains("askhat@example.kz")
    );
    let resent = tomorrow.post("/first-entry/resend", &[]).await;
    assert_eq!(
        resent.location(),
        "/first-entry/code?resent=true",
        "{}",
        resent.body
    );
    let code = app.code("askhat@example.kz").await;
    assert_eq!(
        tomorrow
            .post("/first-entry/code", &[("code", &code)])
            .await
            .location(),
        "/cabinet"
    );
    assert_eq!(app.count("select count(*) from account").await, 1);
}

#[tokio::test]
async fn a_8_c_an_address_of_somebody_else_looks_the_same() {
    let app = TestApp::new();
    app.browser()
        .enter(&app.key(&askhat()), "common@example.kz")
        .await;
    let second = app.browser();
    second.sign_in(&app.key(&aigul())).await;
    let asked = second
        .post(
            "/first-entry",
            &[("kind", "email"), ("email", "common@example.kz")],
        )
        .await;
    assert_eq!(asked.location(), "/first-entry/code");
    let page = second.get("/first-entry/code").await;
    assert!(
        page.status == StatusCode::OK && page.body.contains("common@example.kz"),
        "{}",
        page.body
    );
    let told = app.notices("common@example.kz").await;
    assert!(
        told.contains(&cabinet::message::Notice::AddressInUse),
        "its owner is told instead"
    );
}

#[tokio::test]
async fn a_8_d_the_operator_decides_what_is_required() {
    let app = TestApp::with_rules(|rules| rules.first_entry = FirstEntry::Nothing);
    let browser = app.browser();
    browser.sign_in(&app.key(&askhat())).await;
    assert_eq!(browser.get("/cabinet").await.status, StatusCode::OK);

    let app = TestApp::with_rules(|rules| rules.first_entry = FirstEntry::Either);
    let browser = app.browser();
    browser.sign_in(&app.key(&askhat())).await;
    let asked = browser
        .post(
            "/first-entry",
            &[("kind", "phone"), ("phone", "8 (707) 555-55-55")],
        )
        .await;
    assert_eq!(asked.location(), "/first-entry/code", "{}", asked.body);
    let code = app.code("+77075555555").await;
    assert_eq!(
        browser
            .post("/first-entry/code", &[("code", &code)])
            .await
            .location(),
        "/cabinet"
    );
}

#[tokio::test]
async fn otp_2_the_sixth_try_of_the_right_code_is_refused() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.sign_in(&app.key(&askhat())).await;
    browser
        .post(
            "/first-entry",
            &[("kind", "email"), ("email", "askhat@example.kz")],
        )
        .await;
    let code = app.code("askhat@example.kz").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let answer = browser.post("/first-entry/code", &[("code", wrong)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let sixth = browser.post("/first-entry/code", &[("code", &code)]).await;
    assert!(sixth.body.contains("contact.too_many_tries"), "{}", sixth.body);
}

#[tokio::test]
async fn a_8_d_a_person_with_another_contact_than_the_required_one_proves_afresh_and_comes_back() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.sign_in(&key).await;
    // As it is after the operator, who took either, asks for an e-mail.
    let given = app.app.db.write(|tx| {
        tx.execute(
            "insert into contact (account_id, slot, value, key, confirmed_at)
             select id, 'phone', '+77075555555', '+77075555555', created_at from account",
            &[],
        )
    });
    assert_eq!(given.await.unwrap(), 1);
    let email = [("kind", "email"), ("email", "askhat@example.kz")];
    let asked = browser.post("/first-entry", &email).await;
    assert_eq!(asked.location(), "/step-up?return_to=%2Ffirst-entry");
    let whole = browser
        .json(
            Method::PUT,
            "/api/v1/contacts",
            &json!({ "email": "", "phone": "", "extra_email": "", "extra_phone": "", "version": 0 }),
        )
        .await;
    assert_eq!(whole.json()["code"], "first_entry.required");

    browser.step_up(&key).await;
    browser.get("/help").await;
    let asked = browser.post("/first-entry", &email).await;
    assert_eq!(asked.location(), "/first-entry/code", "{}", asked.body);
    let code = app.code("askhat@example.kz").await;
    let confirmed = browser.post("/first-entry/code", &[("code", &code)]).await;
    assert_eq!(confirmed.location(), "/cabinet", "{}", confirmed.body);
}
