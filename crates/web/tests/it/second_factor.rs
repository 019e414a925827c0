//! `/second-factor`, and the same by the API.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use cabinet::Demand;
use data_encoding::BASE64URL_NOPAD;
use db::Timestamp;
use serde_json::{Value, json};
use testkit::factor::{Device, code_of};
use testkit::pki::{Key, askhat};

use crate::app::{Browser, TestApp};

const IIN: &str = "900101300007";
const PASSWORD: &str = "верблюд-скрипка-47-облако";
const MINUTE: Duration = Duration::from_secs(60);

/// Enters by a key, sets a password, connects an app; gives its secret and the sheet.
async fn enrol(app: &TestApp, browser: &Browser<'_>, key: &Key) -> (String, Vec<String>) {
    browser.enter(key, "askhat@example.kz").await;
    browser.step_up(key).await;
    browser.get("/profile/password").await;
    browser.post("/profile/password", &[("password", PASSWORD)]).await;
    let offer = browser.json(Method::POST, "/api/v1/totp", &json!({})).await;
    assert_eq!(offer.status, StatusCode::CREATED, "{}", offer.body);
    let secret = offer.json()["secret"].as_str().unwrap().to_owned();
    let first = json!({ "code": shown(app, &secret) });
    let set = browser.json(Method::PUT, "/api/v1/totp", &first).await;
    assert_eq!(set.status, StatusCode::CREATED, "{}", set.body);
    let sheet = set.json()["recovery_codes"].as_array().unwrap().clone();
    let sheet = sheet.iter().map(|code| code.as_str().unwrap().to_owned());
    (secret, sheet.collect())
}

fn shown(app: &TestApp, secret: &str) -> String {
    code_of(secret, Timestamp::from_seconds(app.now().as_seconds()))
}

async fn by_password(browser: &Browser<'_>) -> crate::app::Answer {
    browser.get("/sign-in/password").await;
    let fields = [
        ("login", IIN),
        ("password", PASSWORD),
        ("return_to", "/profile/contacts"),
    ];
    browser.post("/sign-in/password", &fields).await
}

#[tokio::test]
async fn a_password_leads_to_the_second_step_and_that_to_where_the_person_was() {
    let app = TestApp::new();
    let (first, key) = (app.browser(), app.key(&askhat()));
    let (secret, _) = enrol(&app, &first, &key).await;
    app.advance(2 * MINUTE);
    let browser = app.browser();
    let asked = by_password(&browser).await;
    assert_eq!(asked.location(), "/second-factor?return_to=%2Fprofile%2Fcontacts");
    assert!(!browser.is_signed_in(), "no session before the second step");
    let page = browser.get(asked.location()).await;
    assert!(page.body.contains("inputmode=\"numeric\""), "{}", page.body);
    assert!(page.body.contains("way=recovery-code"), "{}", page.body);
    let empty = browser
        .post("/second-factor/code", &[("way", "totp"), ("code", " ")])
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = browser
        .post("/second-factor/code", &[("way", "totp"), ("code", "000000")])
        .await;
    assert!(wrong.body.contains("second_factor.wrong"), "{}", wrong.body);
    let code = shown(&app, &secret);
    let fields = [
        ("way", "totp"),
        ("code", code.as_str()),
        ("return_to", "/profile/contacts"),
    ];
    let passed = browser.post("/second-factor/code", &fields).await;
    assert_eq!(passed.location(), "/profile/contacts", "{}", passed.body);
    assert!(browser.is_signed_in() && browser.cookie("__Host-kabinet-entry").is_none());
}

#[tokio::test]
async fn the_api_names_the_ways_and_a_client_without_the_first_proof_has_none() {
    let app = TestApp::new();
    let (first, key) = (app.browser(), app.key(&askhat()));
    let (_, sheet) = enrol(&app, &first, &key).await;
    let browser = app.browser();
    browser.get("/api/v1/session").await;
    let nothing = browser.get("/api/v1/second-factor").await;
    assert_eq!(nothing.status, StatusCode::GONE, "{}", nothing.body);
    let typed = json!({ "login": IIN, "password": PASSWORD });
    let asked = browser
        .json(Method::POST, "/api/v1/sign-in/password", &typed)
        .await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    assert_eq!(asked.json()["code"], "second_factor.needed");
    assert_eq!(asked.json()["ways"], json!(["totp", "recovery-code"]));
    let waits = browser.get("/api/v1/second-factor").await;
    assert_eq!(waits.json()["waiting_for"], "entry");
    let code = json!({ "way": "recovery-code", "code": sheet[0] });
    let stolen = app.browser();
    stolen.get("/api/v1/session").await;
    let elsewhere = stolen.json(Method::POST, "/api/v1/second-factor", &code).await;
    assert_eq!(elsewhere.status, StatusCode::GONE, "{}", elsewhere.body);
    let opened = browser.json(Method::POST, "/api/v1/second-factor", &code).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    browser.get("/api/v1/session").await;
    let ways = browser.get("/api/v1/authenticators").await.json();
    let left = ways
        .as_array()
        .unwrap()
        .iter()
        .find_map(|way| way["codes_left"].as_i64());
    assert_eq!(left, Some(9), "{ways}");
}

#[tokio::test]
async fn risk_2_who_owes_a_second_step_gets_to_the_page_where_it_is_set_up_and_no_further() {
    let app = TestApp::with_rules(|rules| rules.second_factor.password = Demand::Everybody);
    let (first, key) = (app.browser(), app.key(&askhat()));
    first.enter(&key, "askhat@example.kz").await;
    first.step_up(&key).await;
    first.get("/profile/password").await;
    first.post("/profile/password", &[("password", PASSWORD)]).await;
    let browser = app.browser();
    by_password(&browser).await;
    assert!(browser.is_signed_in());
    let kept_out = browser.get("/profile/contacts").await;
    assert_eq!(kept_out.location(), "/profile/binding");
    let page = browser.get("/profile/binding").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Настройте второй шаг"), "{}", page.body);
}

#[tokio::test]
async fn pky_1_a_passkey_is_added_by_the_api_and_opens_the_page() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    let unproven = browser
        .json(Method::POST, "/api/v1/passkeys/challenge", &json!({}))
        .await;
    assert_eq!(unproven.json()["code"], "step_up.required");
    browser.step_up(&key).await;
    let options = browser
        .json(Method::POST, "/api/v1/passkeys/challenge", &json!({}))
        .await;
    let options = options.json();
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    let mut device = add_passkey(&browser).await;
    let page = browser.get("/profile/binding").await;
    assert!(page.body.contains("Ноутбук"), "{}", page.body);

    let stranger = app.browser();
    stranger.get("/sign-in/password").await;
    let asked = stranger
        .json(Method::POST, "/sign-in/passkey/challenge", &json!({}))
        .await;
    let credential = answered(&mut device, &asked.json()).to_string();
    let entered = stranger
        .post("/sign-in/passkey", &[("credential", &credential)])
        .await;
    assert_eq!(entered.location(), "/cabinet", "{}", entered.body);
    let garbage = app.browser();
    garbage.get("/sign-in/password").await;
    let refused = garbage.post("/sign-in/passkey", &[("credential", "{}")]).await;
    assert!(refused.body.contains("passkey.malformed"), "{}", refused.body);
}

/// Adds a passkey to the account of a browser that has just proven its owner.
pub(crate) async fn add_passkey(browser: &Browser<'_>) -> Device {
    let options = browser
        .json(Method::POST, "/api/v1/passkeys/challenge", &json!({}))
        .await;
    let options = options.json();
    let user = BASE64URL_NOPAD.decode(options["user"]["id"].as_str().unwrap().as_bytes());
    let device = Device::new(b"laptop", &user.unwrap());
    let made = device.attest(&challenge(&options));
    let new = json!({ "name": "Ноутбук", "credential": { "response": {
        "clientDataJSON": BASE64URL_NOPAD.encode(&made.client_data),
        "attestationObject": BASE64URL_NOPAD.encode(&made.object),
    }}});
    let added = browser.json(Method::POST, "/api/v1/passkeys", &new).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
    device
}

/// What a device answers to the options that a page gave it.
pub(crate) fn answered(device: &mut Device, options: &Value) -> Value {
    let answer = device.assert(&challenge(options));
    json!({ "rawId": BASE64URL_NOPAD.encode(&answer.credential_id), "response": {
        "clientDataJSON": BASE64URL_NOPAD.encode(&answer.client_data),
        "authenticatorData": BASE64URL_NOPAD.encode(&answer.authenticator_data),
        "signature": BASE64URL_NOPAD.encode(&answer.signature),
        "userHandle": BASE64URL_NOPAD.encode(&answer.user_handle.unwrap()),
    }})
}

fn challenge(options: &Value) -> cabinet::Secret {
    cabinet::Secret::parse_base64url(options["challenge"].as_str().unwrap()).unwrap()
}
