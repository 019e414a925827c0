//! `/profile/password` and the sessions it ends.

use axum::http::StatusCode;
use testkit::pki::{EMAIL_PROTECTION, ExtendedKeyUsagePurpose, Person, askhat};

use crate::app::TestApp;

const GOOD: &str = "верблюд-скрипка-47-облако";

#[tokio::test]
async fn ses_5_a_password_needs_a_fresh_proof() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    let page = browser.get("/profile/password").await;
    assert_eq!(
        page.location(),
        "/step-up?return_to=%2Fprofile%2Fpassword",
        "before anything is typed"
    );
    browser.get("/cabinet").await;
    let asked = browser.post("/profile/password", &[("password", GOOD)]).await;
    assert_eq!(asked.location(), "/step-up?return_to=%2Fprofile%2Fpassword");
    assert_eq!(app.count("select count(*) from password").await, 0);
    let kept = app
        .count("select count(*) from ticket where purpose = 'draft'")
        .await;
    assert_eq!(kept, 1, "a way back, without the password");
}

#[tokio::test]
async fn weak_passwords_are_refused_with_words() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    browser.step_up(&key).await;
    browser.get("/profile/password").await;
    for (password, code) in [
        ("short", "password.too_short"),
        ("passwordpassword", "password.too_weak"),
    ] {
        let refused = browser.post("/profile/password", &[("password", password)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let words = text::refusal::by_code(text::Lang::Ru, code).unwrap();
        assert!(refused.body.contains(words.what), "{}", refused.body);
        assert!(
            !refused.body.contains(&format!("value=\"{password}\"")),
            "never shown again"
        );
    }
}

#[tokio::test]
async fn a_new_password_ends_other_sessions() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    let other = app.browser();
    other.sign_in(&key).await;
    assert_eq!(other.get("/cabinet").await.status, StatusCode::OK);
    browser.step_up(&key).await;
    browser.get("/profile/password").await;
    let set = browser.post("/profile/password", &[("password", GOOD)]).await;
    assert_eq!(
        set.location(),
        "/profile/binding?done=password-set",
        "{}",
        set.body
    );
    assert!(other.get("/cabinet").await.location().starts_with("/signed-out"));
    assert_eq!(
        browser.get("/profile/binding?done=password-set").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let app = TestApp::new();
    let (browser, other, key) = (app.browser(), app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    other.sign_in(&key).await;
    let page = browser.get("/profile/binding").await.body;
    let end = page
        .split("action=\"")
        .find(|piece| piece.starts_with("/profile/sessions/0"))
        .unwrap();
    let end = end.split('"').next().unwrap();
    assert_eq!(
        browser.post(end, &[]).await.location(),
        "/profile/binding?done=session-ended"
    );
    assert!(other.get("/cabinet").await.location().starts_with("/signed-out"));
    assert_eq!(
        browser.post(end, &[]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "it is over already"
    );
    other.get("/").await;
    other.sign_in(&key).await;
    let ended = browser.post("/profile/sessions/end-others", &[]).await;
    assert_eq!(ended.location(), "/profile/binding?done=others-ended");
    assert!(other.get("/cabinet").await.location().starts_with("/signed-out"));
    assert_eq!(browser.get("/cabinet").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_6_a_the_certificate_is_found_in_the_profile_with_all_its_data() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.enter(&app.key(&askhat()), "askhat@example.kz").await;
    let page = browser.get("/profile/binding").await.body;
    for part in [
        "Вход (AUTH)",
        "Физическое лицо",
        "Сериков Асхат",
        "900101300007",
        "ТЕСТ ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ",
        "(UTC+5)",
        "ECDSA",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[tokio::test]
async fn a_6_a_a_key_of_an_organisation_names_it_and_the_capacity() {
    let app = TestApp::new();
    let browser = app.browser();
    let head = Person {
        attributes: vec![
            (&[2, 5, 4, 10], "АО \"ТЕСТ\""),
            (&[2, 5, 4, 11], "BIN940140000385"),
        ],
        purposes: vec![
            ExtendedKeyUsagePurpose::ClientAuth,
            EMAIL_PROTECTION,
            ExtendedKeyUsagePurpose::Other(vec![1, 2, 398, 3, 3, 4, 1, 2, 1]),
        ],
        lasting: true,
        ..askhat()
    };
    browser.enter(&app.key(&head), "askhat@example.kz").await;
    let page = browser.get("/profile/binding").await.body;
    for part in [
        "Вход и подпись",
        "Первый руководитель",
        "АО &#34;ТЕСТ&#34;",
        "БИН",
        "940140000385",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let ways = browser.get("/api/v1/authenticators").await.body;
    for part in [
        r#""role":"head""#,
        r#""purpose":"both""#,
        r#""value":"940140000385""#,
    ] {
        assert!(ways.contains(part), "{part} in {ways}");
    }
}
