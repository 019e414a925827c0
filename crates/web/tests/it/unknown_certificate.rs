//! `/new-certificate`: a certificate that no account holds.

use axum::http::{Method, StatusCode};
use cabinet::message::Notice;
use cabinet::{Newcomer, SamePersonId};
use serde_json::json;
use testkit::pki::{aigul, askhat};

use crate::app::TestApp;

const MAIL: &str = "askhat@example.kz";

fn proving() -> TestApp {
    TestApp::with_rules(|rules| rules.sign_in.new_certificate.usual.same_person = SamePersonId::Prove)
}

#[tokio::test]
async fn req_4_3_1_the_old_certificate_adds_the_new_one_and_one_is_inside() {
    let app = proving();
    let (old, new) = (app.key(&askhat()), app.key(&askhat()));
    app.browser().enter(&old, MAIL).await;
    let browser = app.browser();
    let unknown = browser.sign_in(&new).await;
    assert_eq!(unknown.location(), "/new-certificate", "{}", unknown.body);
    assert!(!browser.is_signed_in());
    let page = browser.get("/new-certificate").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("Сериков Асхат") && page.body.contains("/new-certificate/code"));
    assert!(
        !page.body.contains(MAIL) && !page.body.contains("/new-certificate/register"),
        "D-7.d"
    );
    let proof = browser
        .get("/sign-in/password?return_to=%2Fnew-certificate")
        .await;
    assert!(proof.body.contains("Вы добавляете сертификат"), "{}", proof.body);
    let inside = browser.sign_in(&old).await;
    assert_eq!(
        inside.location(),
        "/profile/certificates?done=added",
        "{}",
        inside.body
    );
    assert!(browser.is_signed_in());
    let told = app.notices(MAIL).await;
    assert!(
        told.iter()
            .any(|notice| matches!(notice, Notice::CertificateBound { .. })),
        "{told:?}"
    );
    let again = app.browser();
    assert_eq!(again.sign_in(&new).await.location(), "/cabinet");
}

#[tokio::test]
async fn d_8_b_the_certificate_of_somebody_else_ends_on_a_page_with_a_way_out() {
    let app = TestApp::with_rules(|rules| rules.sign_in.new_certificate.usual.newcomer = Newcomer::Ask);
    let own = app.key(&askhat());
    let browser = app.browser();
    browser.sign_in(&own).await;
    let registered = browser.post("/new-certificate/register", &[]).await;
    assert_eq!(registered.location(), "/cabinet", "{}", registered.body);
    browser.get("/help").await;
    browser.confirm_first_entry(MAIL).await;
    browser.cookies.borrow_mut().remove("__Host-kabinet");
    assert_eq!(
        browser.sign_in(&app.key(&aigul())).await.location(),
        "/new-certificate"
    );
    browser.sign_in(&own).await;
    let stopped = browser.get("/new-certificate").await;
    assert_eq!(
        stopped.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        stopped.body
    );
    assert!(
        stopped.body.contains("certificate.person_id_differs") && stopped.body.contains("администратору")
    );
    let forgotten = browser.post("/new-certificate/cancel", &[]).await;
    assert_eq!(forgotten.location(), "/profile/binding");
    assert!(browser.cookie("__Host-kabinet-certificate").is_none());
}

#[tokio::test]
async fn d_9_the_api_tells_what_can_be_done_and_registers() {
    let app = TestApp::with_rules(|rules| rules.sign_in.new_certificate.usual.newcomer = Newcomer::Ask);
    let (browser, key) = (app.browser(), app.key(&askhat()));
    let cms = browser.answer("/sign-in", &key).await;
    let unknown = browser
        .json(
            Method::POST,
            "/api/v1/sign-in/certificate",
            &json!({ "cms": cms }),
        )
        .await;
    assert_eq!(unknown.status, StatusCode::FORBIDDEN);
    assert!(unknown.body.contains("certificate.unknown"), "{}", unknown.body);
    let seen = browser.get("/api/v1/new-certificate").await;
    assert!(seen.body.contains("\"why\":\"newcomer\"") && seen.body.contains("\"may_register\":true"));
    let registered = browser
        .json(Method::POST, "/api/v1/new-certificate/register", &json!({}))
        .await;
    assert_eq!(registered.status, StatusCode::CREATED, "{}", registered.body);
    assert!(browser.is_signed_in());
}
