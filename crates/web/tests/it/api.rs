//! `/api/v1`

use axum::http::{Method, StatusCode};
use data_encoding::BASE64;
use serde_json::{Value, json};
use testkit::pki::{Key, askhat};

use crate::app::{Answer, Browser, TestApp};

async fn prove(client: &Browser<'_>, door: &str, key: &Key) -> Answer {
    let posed = client
        .json(Method::POST, &format!("/api/v1/{door}/challenge"), &json!({}))
        .await
        .json();
    let text = posed["text"].as_str().unwrap();
    let cms = BASE64.encode(&key.sign(text.as_bytes(), client.app.now()));
    let answer = client
        .json(
            Method::POST,
            &format!("/api/v1/{door}/certificate"),
            &json!({ "cms": cms }),
        )
        .await;
    client.get("/api/v1/session").await;
    answer
}

async fn call(client: &Browser<'_>, method: Method, path: &str, body: Value) -> (u16, Value) {
    let answer = client.json(method, &format!("/api/v1/{path}"), &body).await;
    (
        answer.status.as_u16(),
        if answer.body.is_empty() {
            Value::Null
        } else {
            answer.json()
        },
    )
}

#[tokio::test]
async fn every_act_of_the_pages_has_its_twin() {
    let app = TestApp::new();
    let (client, key) = (app.browser(), app.key(&askhat()));
    assert_eq!(client.get("/api/v1/session").await.json()["signed_in"], false);
    let entered = prove(&client, "sign-in", &key).await;
    assert_eq!(
        (entered.status, &entered.json()["created"]),
        (StatusCode::CREATED, &json!(true))
    );
    let me = client.get("/api/v1/me").await.json();
    assert_eq!(
        (&me["surname"], &me["person_ids"][0]["value"]),
        (&json!("СЕРИКОВ"), &json!("900101300007"))
    );

    let first = json!({ "address": "askhat@example.kz" });
    assert_eq!(
        call(&client, Method::POST, "first-entry", first).await.1["slot"],
        "email"
    );
    let code = json!({ "code": app.code("askhat@example.kz").await });
    assert_eq!(
        call(&client, Method::POST, "contacts/email/confirm", code)
            .await
            .0,
        204
    );

    let mut contacts = client.get("/api/v1/contacts").await.json();
    assert_eq!(contacts["email"]["value"], "askhat@example.kz");
    let form = json!({ "email": "askhat@example.kz", "phone": "87075555555", "extra_email": "", "extra_phone": "",
        "version": contacts["version"].take() });
    let stale = call(&client, Method::PUT, "contacts", form.clone()).await;
    assert_eq!((stale.0, &stale.1["code"]), (403, &json!("step_up.required")));
    assert_eq!(
        prove(&client, "step-up", &key).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        call(&client, Method::PUT, "contacts", form.clone()).await,
        (200, json!({ "asked": ["phone"], "removed": [] }))
    );
    let conflict = call(&client, Method::PUT, "contacts", form).await;
    assert_eq!((conflict.0, &conflict.1["code"]), (409, &json!("contact.stale")));
    assert_eq!(
        call(&client, Method::POST, "contacts/phone/resend", json!({}))
            .await
            .0,
        429,
        "too soon"
    );
    assert_eq!(
        call(&client, Method::POST, "contacts/phone/cancel", json!({}))
            .await
            .0,
        204
    );

    let password = json!({ "password": "верблюд-скрипка-47-облако" });
    assert_eq!(call(&client, Method::PUT, "password", password).await.0, 204);
    let ways = client.get("/api/v1/authenticators").await.json();
    assert_eq!(ways.as_array().unwrap().len(), 2);
    let sessions = client.get("/api/v1/sessions").await.json();
    assert_eq!(
        (sessions.as_array().unwrap().len(), &sessions[0]["current"]),
        (1, &json!(true))
    );
    assert_eq!(
        call(&client, Method::POST, "sessions/end-others", json!({})).await,
        (200, json!({ "ended": 0 }))
    );
    let history = client.get("/api/v1/history?limit=3").await.json();
    assert_eq!(
        (history.as_array().unwrap().len(), &history[0]["act"]),
        (3, &json!("password.set"))
    );
    assert_eq!(
        call(&client, Method::PUT, "me/language", json!({ "language": "kk" }))
            .await
            .0,
        204
    );
    assert_eq!(call(&client, Method::POST, "sign-out", json!({})).await.0, 204);
    assert_eq!(client.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);

    client.get("/api/v1/session").await;
    let login = json!({ "login": "900101300007", "password": "верблюд-скрипка-47-облако" });
    assert_eq!(
        call(&client, Method::POST, "sign-in/password", login).await.0,
        201
    );
}

#[tokio::test]
async fn codes_of_refusals_are_stable_and_have_words() {
    let app = TestApp::new();
    let client = app.browser();
    client.get("/api/v1/session").await;
    let expired = app.key(&testkit::pki::Person {
        years: [2024, 2025],
        ..askhat()
    });
    let refused = prove(&client, "sign-in", &expired).await;
    assert_eq!(refused.header("content-type"), "application/problem+json");
    let problem = refused.json();
    assert_eq!(problem["code"], "certificate.expired");
    assert_eq!(problem["clause"], "RFC 5280 §6.1.3(a)(2)");
    assert_eq!(problem["type"], "urn:kabinet:problem:certificate.expired");
    assert_eq!(
        problem["title"],
        text::refusal::by_code(text::Lang::Ru, "certificate.expired")
            .unwrap()
            .what
    );
    assert_eq!(problem["reference"].as_str().unwrap().len(), 16);
}

#[tokio::test]
async fn api_2_input_is_exactly_what_is_asked_for() {
    let app = TestApp::new();
    let client = app.browser();
    client.get("/api/v1/session").await;
    let token = client.token();
    let headers = [
        ("content-type", "application/json"),
        ("x-csrf-token", token.as_str()),
    ];
    for (body, status) in [
        ("{", 400),
        ("[]", 422),
        ("null", 422),
        (r#"{"login": "1"}"#, 422),
        (r#"{"login": ["1", "2"], "password": "x"}"#, 422),
        (r#"{"login": "1", "password": "x", "admin": true}"#, 422),
        (r#"{"login": "1", "login": "2", "password": "x"}"#, 422),
        (r#"{"login": 1e400, "password": "x"}"#, 400),
    ] {
        let answer = client
            .send(Method::POST, "/api/v1/sign-in/password", &headers, body)
            .await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.body);
        assert_eq!(answer.json()["code"], "request.malformed");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let answer = client
        .send(Method::POST, "/api/v1/sign-in/password", &headers, &deep)
        .await;
    assert!(answer.status.is_client_error());
    assert_eq!(
        client.get("/api/v1/history?limit=-1").await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        client.get("/api/v1/history?limit=1&sort=x").await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn pwd_5_known_and_unknown_logins_get_the_same_answer() {
    let app = TestApp::new();
    app.browser()
        .enter(&app.key(&askhat()), "askhat@example.kz")
        .await;
    let client = app.browser();
    client.get("/api/v1/session").await;
    let mut answers = Vec::new();
    for login in ["askhat@example.kz", "nobody@example.kz"] {
        let body = json!({ "login": login, "password": "guess guess guess" });
        let (status, mut problem) = call(&client, Method::POST, "sign-in/password", body).await;
        problem["reference"] = Value::Null;
        answers.push((status, problem));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn a_detached_signature_names_its_challenge() {
    let app = TestApp::new();
    let client = app.browser();
    client.get("/api/v1/session").await;
    let posed = client
        .json(Method::POST, "/api/v1/sign-in/challenge", &json!({}))
        .await
        .json();
    let body = json!({ "cms": BASE64.encode(b"nothing"), "nonce": posed["nonce"] });
    let (status, problem) = call(&client, Method::POST, "sign-in/certificate", body).await;
    assert_eq!(
        (status, &problem["code"]),
        (422, &json!("cms.malformed")),
        "the challenge was found"
    );
}

#[tokio::test]
async fn openapi_describes_every_address() {
    let app = TestApp::new();
    let document = app.browser().get("/api/v1/openapi.json").await.json();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            assert!(
                operation["responses"]["default"].is_object(),
                "{method} {path} tells of problems"
            );
        }
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&document).unwrap());
}
