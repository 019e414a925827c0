//! `/sign-in/phone`, `/step-up/phone`, and what the app asks at `/egov`.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use data_encoding::BASE64;
use serde_json::{Value, json};
use testkit::pki::{EMAIL_PROTECTION, Key, Person, aigul, askhat};
use web::{EgovMobile, RemoteKeys};

use crate::app::{Answer, Browser, TestApp};

fn app() -> TestApp {
    TestApp::with(|app| {
        app.remote_keys = RemoteKeys {
            egov_mobile: Some(EgovMobile {
                organisation: ["Акимат", "Әкімдік", "City"].map(str::to_owned),
                bin: "940140000385".into(),
            }),
            ..RemoteKeys::default()
        };
    })
}

/// The phone: it has nothing of the browser but the code.
struct Phone<'a> {
    app: &'a TestApp,
    address: String,
}

impl Browser<'_> {
    /// A code of the page, for a phone.
    async fn code(&self, page: &str) -> Phone<'_> {
        self.get(page).await;
        let shown = self.post(&format!("{page}/phone"), &[]).await;
        assert_eq!(shown.location(), format!("{page}/phone"), "{}", shown.body);
        let waiting = self.get(&format!("{page}/phone")).await;
        let (_, rest) = waiting.body.split_once("data-code=\"mobileSign:").unwrap();
        let address = rest.split('"').next().unwrap();
        assert!(!address.contains(' '));
        Phone {
            app: self.app,
            address: address
                .strip_prefix("https://kabinet.example")
                .unwrap()
                .to_owned(),
        }
    }

    async fn state(&self, page: &str) -> String {
        let state = self.get(&format!("{page}/phone/state")).await;
        state.json()["state"].as_str().unwrap().to_owned()
    }
}

impl Phone<'_> {
    /// A request without cookies, tokens or anything that a browser says of itself.
    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let body = body.map(Value::to_string).unwrap_or_default();
        let headers = [("content-type", "application/json")];
        self.app.browser().send(method, path, &headers, &body).await
    }

    async fn document(&self) -> Value {
        let who = self.ask(Method::GET, &self.address, None).await.json();
        let uri = who["document"]["uri"].as_str().unwrap().to_owned();
        let path = uri.strip_prefix("https://kabinet.example").unwrap();
        self.ask(Method::GET, path, None).await.json()
    }

    /// Signs what API-2 gave, in its place, and sends it back.
    async fn sign(&self, key: &Key) -> Answer {
        let mut document = self.document().await;
        let data = &mut document["documentsToSign"][0]["document"]["file"]["data"];
        let text = BASE64.decode(data.as_str().unwrap().as_bytes()).unwrap();
        *data = BASE64.encode(&key.sign(&text, self.app.now())).into();
        self.bring(&document).await
    }

    async fn bring(&self, document: &Value) -> Answer {
        let path = format!("{}/document", self.address);
        self.ask(Method::PUT, &path, Some(document)).await
    }
}

#[tokio::test]
async fn egov_mobile_opens_the_cabinet_of_whoever_signed() {
    let app = app();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    let phone = browser.code("/sign-in").await;
    assert_eq!(browser.state("/sign-in").await, "waiting");
    assert_eq!(phone.sign(&key).await.status, StatusCode::OK);
    assert_eq!(browser.state("/sign-in").await, "signed");
    let card = browser.get("/sign-in/phone").await;
    assert!(card.body.contains("Сериков Асхат"), "A-7: {}", card.body);
    assert!(!browser.is_signed_in());
    let entered = browser.post("/sign-in/phone/enter", &[]).await;
    assert_eq!(entered.location(), "/cabinet", "{}", entered.body);
    assert!(browser.is_signed_in());
    assert_eq!(browser.state("/sign-in").await, "gone");
}

#[tokio::test]
async fn api_1_and_api_2_are_as_the_app_expects_them() {
    let app = app();
    let browser = app.browser();
    let phone = browser.code("/sign-in").await;
    let who = phone.ask(Method::GET, &phone.address, None).await;
    assert_eq!(who.header("content-type"), "application/json");
    let who = who.json();
    assert_eq!(who["organisation"]["bin"], "940140000385");
    assert_eq!(who["organisation"]["nameKz"], "Әкімдік");
    assert_eq!(who["document"]["auth_type"], "None");
    let expiry = who["expiry_date"].as_str().unwrap();
    assert!(expiry.ends_with(".000+0500") && expiry.len() == 28, "{expiry}");
    let document = phone.document().await;
    assert_eq!(document["signMethod"], "CMS_WITH_DATA");
    let [only] = document["documentsToSign"].as_array().unwrap().as_slice() else {
        panic!("{document}");
    };
    assert_eq!(only["document"]["file"]["mime"], "");
    let text = only["document"]["file"]["data"].as_str().unwrap();
    let text = String::from_utf8(BASE64.decode(text.as_bytes()).unwrap()).unwrap();
    assert!(text.starts_with("Kabinet/1 sign-in\n"), "CMS-2: {text}");
    let said = only["meta"].to_string();
    for part in ["kabinet.example", "Firefox", "22.11.2026"] {
        assert!(
            text.contains(part) && said.contains(part),
            "CMS-3, {part}: {text} {said}"
        );
    }
    assert!(only["nameRu"].as_str().unwrap().contains("kabinet.example"));
}

#[tokio::test]
async fn cms_3_only_the_browser_that_showed_the_code_gets_in() {
    let app = app();
    let (attacker, victim) = (app.browser(), app.browser());
    let phone = attacker.code("/sign-in").await;
    phone.sign(&app.key(&askhat())).await;
    victim.get("/sign-in").await;
    assert_eq!(victim.state("/sign-in").await, "gone");
    let stolen = attacker.cookie("__Host-kabinet-phone").unwrap();
    victim
        .cookies
        .borrow_mut()
        .insert("__Host-kabinet-phone".into(), stolen);
    assert_eq!(
        victim.state("/sign-in").await,
        "gone",
        "the cookie alone is nothing"
    );
    victim.post("/sign-in/phone/enter", &[]).await;
    assert!(!victim.is_signed_in());
}

#[tokio::test]
async fn used_expired_cancelled_and_unknown_are_told_apart() {
    let app = app();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    let used = browser.code("/sign-in").await;
    used.sign(&key).await;
    let cancelled = browser.code("/sign-in").await;
    assert_eq!(
        browser.post("/sign-in/phone/cancel", &[]).await.location(),
        "/sign-in"
    );
    let expired = browser.code("/sign-in").await;
    app.advance(Duration::from_mins(6));
    let unknown = Phone {
        app: &app,
        address: format!("/egov/{}", "0".repeat(64)),
    };
    let mut said = Vec::new();
    for phone in [used, cancelled, expired, unknown] {
        let path = format!("{}/document", phone.address);
        for (method, path) in [
            (Method::GET, &phone.address),
            (Method::GET, &path),
            (Method::PUT, &path),
        ] {
            let answer = phone.ask(method, path, Some(&json!({}))).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
            said.push(answer.json()["message"].as_str().unwrap().to_owned());
        }
    }
    said.dedup();
    assert_eq!(said.len(), 4, "{said:?}");
    let over = browser.get("/sign-in/phone").await;
    assert!(over.says("challenge.gone"), "{}", over.body);
}

#[tokio::test]
async fn a_signature_is_brought_once() {
    let app = app();
    let (browser, key, other) = (app.browser(), app.key(&askhat()), app.key(&aigul()));
    let phone = browser.code("/sign-in").await;
    let mut document = phone.document().await;
    let data = document["documentsToSign"][0]["document"]["file"]["data"].clone();
    let text = BASE64.decode(data.as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(phone.sign(&key).await.status, StatusCode::OK);
    document["documentsToSign"][0]["document"]["file"]["data"] =
        BASE64.encode(&other.sign(&text, app.now())).into();
    assert_eq!(phone.bring(&document).await.status, StatusCode::FORBIDDEN);
    let card = browser.get("/sign-in/phone").await;
    assert!(card.body.contains("Сериков Асхат"), "{}", card.body);
}

#[tokio::test]
async fn a_bad_signature_is_refused_in_words_and_another_may_come() {
    let app = app();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    let phone = browser.code("/sign-in").await;
    let of = |data: String| json!({ "documentsToSign": [{ "document": { "file": { "data": data } } }] });
    let other_document = BASE64.encode(&key.sign("Договор".as_bytes(), app.now()));
    for wrong in [
        json!({}),
        json!([]),
        json!("CMS"),
        json!({ "documentsToSign": [] }),
        of("-----BEGIN CMS-----".into()),
        of(other_document),
    ] {
        let refused = phone.bring(&wrong).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{wrong}");
        assert!(!refused.json()["message"].as_str().unwrap().is_empty());
    }
    let refused = phone.bring(&json!({})).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);

    let phone = browser.code("/sign-in").await;
    let for_documents = app.key(&Person {
        purposes: vec![EMAIL_PROTECTION],
        ..askhat()
    });
    phone.sign(&for_documents).await;
    assert_eq!(browser.state("/sign-in").await, "refused");
    let page = browser.get("/sign-in/phone").await;
    assert!(page.says("certificate.wrong_purpose"), "{}", page.body);
    assert_eq!(phone.sign(&key).await.status, StatusCode::OK);
    assert_eq!(browser.state("/sign-in").await, "signed");
}

#[tokio::test]
async fn cms_10_a_flood_of_bad_signatures_ends_the_code() {
    let app = app();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    let phone = browser.code("/sign-in").await;
    for _ in 0..5 {
        phone.bring(&json!({})).await;
    }
    assert_eq!(phone.sign_late(&key).await, StatusCode::FORBIDDEN);
    let large =
        json!({ "documentsToSign": [{ "document": { "file": { "data": "A".repeat(400 * 1024) } } }] });
    let phone = browser.code("/sign-in").await;
    assert_eq!(phone.bring(&large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let path = format!("{}/document", phone.address);
    let form = app
        .browser()
        .send(Method::PUT, &path, &[("content-type", "text/plain")], "{}")
        .await;
    assert_eq!(form.status, StatusCode::BAD_REQUEST);
}

impl Phone<'_> {
    async fn sign_late(&self, key: &Key) -> StatusCode {
        let signed = key.sign(b"late", self.app.now());
        let document =
            json!({ "documentsToSign": [{ "document": { "file": { "data": BASE64.encode(&signed) } } }] });
        self.bring(&document).await.status
    }
}

#[tokio::test]
async fn ses_5_a_phone_confirms_a_change_under_a_text_that_says_so() {
    let app = app();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    let other = app.key(&aigul());
    app.browser().enter(&other, "aigul@example.kz").await;
    let phone = browser.code("/step-up").await;
    assert_eq!(browser.state("/sign-in").await, "gone", "CMS-2");
    phone.sign(&other).await;
    let refused = browser.post("/step-up/phone/enter", &[]).await;
    assert!(refused.says("certificate.other_person"), "{}", refused.body);
    let phone = browser.code("/step-up").await;
    phone.sign(&key).await;
    assert_eq!(browser.state("/step-up").await, "signed");
    let done = browser.post("/step-up/phone/enter", &[]).await;
    assert_eq!(done.location(), "/profile/contacts", "{}", done.body);
}
