//! `/sign-in`

use std::time::Duration;

use axum::http::{Method, StatusCode};
use data_encoding::BASE64;
use serde_json::json;
use testkit::pki::{Authority, EMAIL_PROTECTION, aigul, askhat};
use web::{Allowance, Proxies};

use crate::app::TestApp;

#[tokio::test]
async fn a_1_one_button_leads_to_sign_in() {
    let app = TestApp::new();
    let browser = app.browser();
    let start = browser.get("/").await;
    assert_eq!(start.status, StatusCode::OK);
    assert!(start.body.contains("href=\"/sign-in\""), "{}", start.body);
    assert!(start.body.contains("1308"), "A-13: support on every page");
}

#[tokio::test]
async fn a_7_a_certificate_of_a_new_person_opens_a_cabinet() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    let before = browser.cookie("__Host-kabinet-form");
    let answer = browser.sign_in(&key).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.location(), "/cabinet");
    assert!(browser.is_signed_in());
    assert_ne!(
        browser.cookie("__Host-kabinet-form"),
        before,
        "tokens of the visit before are dead"
    );
    let page = browser.get("/first-entry").await;
    assert!(page.body.contains("Сериков Асхат Қайратұлы"), "{}", page.body);
}

#[tokio::test]
async fn a_1_b_a_person_who_is_in_is_not_asked_again() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    assert!(browser.get("/").await.body.contains("Сериков Асхат"));
    assert_eq!(
        browser
            .get("/sign-in?return_to=/profile/contacts")
            .await
            .location(),
        "/profile/contacts"
    );
    assert_eq!(browser.get("/sign-in/password").await.location(), "/cabinet");
}

#[tokio::test]
async fn cms_1_a_replayed_answer_is_refused() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    let cms = browser.answer("/sign-in", &key).await;
    let thief = app.browser();
    thief.get("/sign-in").await;
    let stolen = thief.post("/sign-in/certificate", &[("cms", &cms)]).await;
    assert_eq!(stolen.status, StatusCode::UNPROCESSABLE_ENTITY, "another browser");
    assert!(stolen.body.contains("challenge.gone") && !thief.is_signed_in());
    assert_eq!(
        browser
            .post("/sign-in/certificate", &[("cms", &cms)])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    browser.cookies.borrow_mut().remove("__Host-kabinet");
    browser.get("/sign-in").await;
    let again = browser.post("/sign-in/certificate", &[("cms", &cms)]).await;
    assert!(again.body.contains("challenge.gone"), "{}", again.body);
    assert!(!browser.is_signed_in());
}

#[tokio::test]
async fn cms_1_of_parallel_copies_one_enters() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    let cms = browser.answer("/sign-in", &key).await;
    let fields = [("cms", cms.as_str())];
    let (a, b, c, d) = tokio::join!(
        browser.post("/sign-in/certificate", &fields),
        browser.post("/sign-in/certificate", &fields),
        browser.post("/sign-in/certificate", &fields),
        browser.post("/sign-in/certificate", &fields),
    );
    let entered = [a, b, c, d]
        .iter()
        .filter(|answer| answer.status == StatusCode::SEE_OTHER)
        .count();
    assert_eq!(entered, 1);
    assert_eq!(app.count("select count(*) from session").await, 1);
}

#[tokio::test]
async fn cms_1_a_challenge_lives_five_minutes() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    let cms = browser.answer("/sign-in", &key).await;
    app.advance(Duration::from_mins(5));
    let late = browser.post("/sign-in/certificate", &[("cms", &cms)]).await;
    assert!(late.body.contains("challenge.gone"), "{}", late.body);
}

#[tokio::test]
async fn cms_2_cms_3_the_text_names_host_purpose_time_browser_and_network() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.get("/sign-in").await;
    let posed = browser
        .json(
            Method::POST,
            "/sign-in/challenge",
            &json!({ "purpose": "sign-in" }),
        )
        .await
        .json();
    let text = posed["text"].as_str().unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("Kabinet/1 sign-in"));
    for part in [
        "Вход в личный кабинет",
        "kabinet.example",
        "22.11.2026, 15:00 (UTC+5)",
        "Firefox, Linux",
        "nonce: ",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(
        posed["at"], "2026-11-22T10:00:00Z",
        "A-6.c: signed with the server's time"
    );
}

#[tokio::test]
async fn cms_2_a_signature_over_anything_else_is_refused() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.get("/sign-in").await;
    let posed = browser
        .json(Method::POST, "/sign-in/challenge", &json!({}))
        .await
        .json();
    let relayed = posed["text"]
        .as_str()
        .unwrap()
        .replace("kabinet.example", "kabinet-example.evil");
    let cms = BASE64.encode(&key.sign(relayed.as_bytes(), app.now()));
    let answer = browser.post("/sign-in/certificate", &[("cms", &cms)]).await;
    assert!(answer.body.contains("cms.content_mismatch"), "{}", answer.body);
    assert_eq!(
        app.count("select count(*) from account").await,
        0,
        "nothing is stored"
    );
}

#[tokio::test]
async fn a_5_a_a_6_b_every_refusal_has_its_own_words() {
    let app = TestApp::new();
    let strangers = Authority::new("Чужой центр");
    let keys = [
        (
            "certificate.expired",
            app.key(&testkit::pki::Person {
                years: [2024, 2025],
                ..askhat()
            }),
        ),
        (
            "certificate.not_yet_valid",
            app.key(&testkit::pki::Person {
                years: [2027, 2028],
                ..askhat()
            }),
        ),
        (
            "certificate.wrong_purpose",
            app.key(&testkit::pki::Person {
                purposes: vec![EMAIL_PROTECTION],
                ..askhat()
            }),
        ),
        ("certificate.unknown_issuer", strangers.issue(&askhat())),
        (
            "certificate.no_person_id",
            app.key(&testkit::pki::Person {
                iin: None,
                ..askhat()
            }),
        ),
    ];
    for (code, key) in keys {
        let browser = app.browser();
        let answer = browser.sign_in(&key).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
        let words = text::refusal::by_code(text::Lang::Ru, code).unwrap();
        assert!(
            answer.body.contains(words.what) && answer.body.contains(code),
            "{code}: {}",
            answer.body
        );
        assert!(!browser.is_signed_in());
    }
    assert_eq!(app.count("select count(*) from account").await, 0);
}

#[tokio::test]
async fn cms_10_sizes_are_limited_before_anything_is_read() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.get("/sign-in").await;
    let large = "A".repeat(360 * 1024);
    assert!(
        browser
            .post("/sign-in/certificate", &[("cms", &large)])
            .await
            .body
            .contains("cms.too_large")
    );
    assert!(
        browser
            .post("/sign-in/certificate", &[("cms", "%%%")])
            .await
            .body
            .contains("cms.malformed")
    );
    assert!(
        browser
            .post("/sign-in/certificate", &[("cms", "")])
            .await
            .body
            .contains("challenge.gone")
    );
}

#[tokio::test]
async fn a_2_a_both_tabs_lead_to_one_account() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    browser.step_up(&key).await;
    browser.get("/profile/password").await;
    let set = browser
        .post("/profile/password", &[("password", "верблюд-скрипка-47-облако")])
        .await;
    assert_eq!(
        set.location(),
        "/profile/binding?done=password-set",
        "{}",
        set.body
    );
    for login in ["900101300007", " 9001 0130 0007 ", "Askhat@Example.kz"] {
        let other = app.browser();
        other.get("/sign-in/password").await;
        let fields = [
            ("login", login),
            ("password", "верблюд-скрипка-47-облако"),
            ("return_to", "/profile/binding"),
        ];
        let answer = other.post("/sign-in/password", &fields).await;
        assert_eq!(answer.location(), "/profile/binding", "{login}: {}", answer.body);
    }
    assert_eq!(app.count("select count(*) from account").await, 1);
}

#[tokio::test]
async fn pwd_5_known_and_unknown_logins_get_the_same_page() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    let stranger = app.browser();
    stranger.get("/sign-in/password").await;
    let mut pages = Vec::new();
    for login in ["900101300007", "850615400026"] {
        let answer = stranger
            .post(
                "/sign-in/password",
                &[("login", login), ("password", "guess guess guess")],
            )
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            !answer.body.contains("guess guess"),
            "a password is never shown again"
        );
        pages.push(without_reference(&answer.body).replace(login, "LOGIN"));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn pwd_4_a_huge_password_is_refused_at_once() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.get("/sign-in/password").await;
    let huge = "x".repeat(10 * 1024 * 1024);
    let answer = browser
        .post(
            "/sign-in/password",
            &[("login", "900101300007"), ("password", &huge)],
        )
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_1_c_only_own_pages_are_returned_to() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    browser.post("/sign-out", &[]).await;
    for (asked, lands) in [
        ("/profile/binding", "/profile/binding"),
        ("//evil.example", "/cabinet"),
        ("https://evil.example/", "/cabinet"),
        ("/\\evil.example", "/cabinet"),
        ("/%2f%2fevil.example", "/cabinet"),
        ("javascript:alert(1)", "/cabinet"),
    ] {
        let browser = app.browser();
        let cms = browser.answer("/sign-in", &key).await;
        let answer = browser
            .post("/sign-in/certificate", &[("cms", &cms), ("return_to", asked)])
            .await;
        assert_eq!(answer.location(), lands, "{asked}");
    }
}

#[tokio::test]
async fn a_1_c_the_page_asked_for_survives_sign_in() {
    let app = TestApp::new();
    let browser = app.browser();
    let turned_away = browser.get("/profile/contacts?tab=1").await;
    assert_eq!(turned_away.status, StatusCode::SEE_OTHER);
    assert_eq!(
        turned_away.location(),
        "/sign-in?return_to=%2Fprofile%2Fcontacts%3Ftab%3D1"
    );
    let page = browser.get(turned_away.location()).await;
    assert!(
        page.body
            .contains("name=\"return_to\" value=\"/profile/contacts?tab=1\""),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn cms_3_a_new_device_is_told_of() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    app.browser().sign_in(&key).await;
    let told = app.notices("askhat@example.kz").await;
    let link = told.iter().find_map(|notice| match notice {
        cabinet::message::Notice::NewDevice { link, .. } => Some(link.clone()),
        _ => None,
    });
    assert!(link.unwrap().starts_with("https://kabinet.example/not-me/"));
}

#[tokio::test]
async fn ses_1_ses_2_sign_out_ends_the_session_on_the_server() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&aigul()));
    browser.enter(&key, "aigul@example.kz").await;
    let stolen = browser.cookies.borrow().clone();
    let out = browser.post("/sign-out", &[]).await;
    assert_eq!(out.location(), "/signed-out");
    assert_eq!(out.header("clear-site-data"), "\"cache\"");
    assert!(!browser.is_signed_in());
    let thief = app.browser();
    thief.cookies.replace(stolen);
    let replay = thief.get("/cabinet").await;
    assert!(
        replay.location().starts_with("/signed-out?reason=ended"),
        "{}",
        replay.location()
    );
    assert!(!thief.is_signed_in(), "the dead cookie is taken away");
}

#[tokio::test]
async fn ses_1_a_second_sign_in_ends_the_first_session_of_the_browser() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.sign_in(&key).await;
    let first = browser.cookie("__Host-kabinet");
    let cms = {
        let posed = browser
            .json(Method::POST, "/sign-in/challenge", &json!({}))
            .await
            .json();
        BASE64.encode(&key.sign(posed["text"].as_str().unwrap().as_bytes(), app.now()))
    };
    browser.post("/sign-in/certificate", &[("cms", &cms)]).await;
    assert_ne!(browser.cookie("__Host-kabinet"), first);
    assert_eq!(
        app.count("select count(*) from session where ended_at is null")
            .await,
        1
    );
}

/// A page without the reference of its request and its token.
pub(crate) fn without_reference(page: &str) -> String {
    let mut plain = String::new();
    let hex = |c: char| c.is_ascii_hexdigit();
    for piece in page.split_inclusive(|c| !hex(c)) {
        let run = piece.trim_end_matches(|c| !hex(c));
        plain.push_str(if run.len() == 16 || run.len() == 64 {
            &piece[run.len()..]
        } else {
            piece
        });
    }
    plain
}

#[tokio::test]
async fn net_7_one_network_is_given_only_so_many_challenges() {
    let app = TestApp::with(|app| {
        app.challenges = Allowance::new(3, 1);
        app.proxies = Proxies::parse(&["0.0.0.0".to_owned()]).unwrap();
    });
    let browser = app.browser();
    browser.get("/sign-in").await;
    let token = browser.token();
    let ask = async |path, client| {
        let headers = [
            ("content-type", "application/json"),
            ("x-csrf-token", token.as_str()),
            ("x-forwarded-for", client),
        ];
        browser.send(Method::POST, path, &headers, "{}").await
    };
    let doors = ["/sign-in/challenge", "/api/v1/sign-in/challenge"];
    for path in [doors[0], doors[1], doors[0]] {
        assert_eq!(ask(path, "192.0.2.1").await.status, StatusCode::OK);
    }
    for path in doors {
        let refused = ask(path, "192.0.2.2").await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        assert_eq!(refused.header("retry-after"), "60");
        assert_eq!(refused.json()["code"], "request.too_many");
    }
    assert_eq!(
        app.count("select count(*) from ticket").await,
        3,
        "nothing is written"
    );
    assert_eq!(
        ask(doors[0], "198.51.100.1").await.status,
        StatusCode::OK,
        "others go on"
    );
    app.advance(Duration::from_secs(1));
    assert_eq!(ask(doors[0], "192.0.2.2").await.status, StatusCode::OK);
}

#[tokio::test]
async fn pages_for_strangers_hold_their_own_token_and_the_time() {
    let app = TestApp::new();
    for path in ["/", "/sign-in", "/sign-in/password"] {
        let (first, second) = (app.browser(), app.browser());
        let page = first.get(path).await;
        app.advance(Duration::from_secs(61));
        let other = second.get(path).await;
        assert_ne!(first.token(), second.token(), "{path}");
        assert!(
            other.body.contains(&second.token()) && !other.body.contains(&first.token()),
            "{path}"
        );
        assert!(!other.body.contains('\u{10fffd}'), "{path}");
        assert_eq!(page.body.len(), other.body.len(), "{path}");
        let chosen = second
            .post("/language", &[("language", "kk"), ("return_to", path)])
            .await;
        assert_eq!(chosen.location(), path);
        assert!(
            second.get(path).await.body.contains("<html lang=\"kk\">"),
            "{path}"
        );
    }
    let page = app.browser().get("/sign-in").await.body;
    assert!(
        page.contains("\"now\":\"2026-11-22T10:03:03Z\""),
        "the server's time: {page}"
    );
}
