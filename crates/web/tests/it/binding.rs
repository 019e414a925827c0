//! `/profile/binding`

use std::time::Duration;

use axum::http::StatusCode;
use testkit::pki::askhat;

use crate::app::TestApp;

const PASSWORD: &str = "верблюд-скрипка-47-облако";

#[tokio::test]
async fn lnk_11_a_certificate_is_removed_after_a_fresh_proof_and_the_last_one_stays() {
    let app = TestApp::new();
    let (browser, old, new) = (app.browser(), app.key(&askhat()), app.key(&askhat()));
    browser.enter(&old, "askhat@example.kz").await;
    app.advance(Duration::from_mins(1));
    browser.sign_in(&new).await;
    let page = browser.get("/profile/binding").await;
    let removals: Vec<String> = page
        .body
        .split("action=\"")
        .filter_map(|rest| rest.split_once('"').map(|(action, _)| action.to_owned()))
        .filter(|action| action.starts_with("/profile/certificates/"))
        .collect();
    let [newer, older] = removals.as_slice() else {
        panic!("two certificates can be removed: {removals:?}");
    };

    let asked = browser.post(older, &[]).await;
    assert_eq!(asked.location(), "/step-up?return_to=%2Fprofile%2Fbinding");
    browser.step_up(&new).await;
    let page = browser.get("/profile/binding").await;
    assert!(page.body.contains(older), "nothing is removed without the proof");
    let removed = browser.post(older, &[]).await;
    assert_eq!(removed.location(), "/profile/binding?done=certificate-removed");
    assert!(!browser.get("/profile/binding").await.body.contains(older));
    assert_eq!(
        app.browser().sign_in(&old).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );

    let last = browser.post(newer, &[]).await;
    assert_eq!(last.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(last.body.contains("binding.last_usable"), "{}", last.body);
}

#[tokio::test]
async fn req_4_10_1_the_page_says_first_whether_all_is_well() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    let page = browser.get("/profile/binding").await;
    assert!(
        page.body.contains("Войти можно только ключом ЭЦП"),
        "{}",
        page.body
    );
    let told = browser.get("/api/v1/security").await.json();
    assert_eq!(told["findings"][0]["code"], "only_way");
    assert_eq!(told["findings"][0]["kind"], "certificate");
    assert!(told["last_entry"].is_null());

    browser.step_up(&key).await;
    browser.get("/profile/password").await;
    browser.post("/profile/password", &[("password", PASSWORD)]).await;
    let page = browser.get("/profile/binding").await;
    assert!(page.body.contains("Второй шаг не включён"), "{}", page.body);

    app.advance(Duration::from_mins(1));
    app.browser().sign_in(&key).await;
    let page = browser.get("/profile/binding").await.body;
    assert!(page.contains("Вход с нового устройства"), "{page}");
    let mark = page.find("новое устройство").unwrap();
    assert!(
        page.find("id=\"history\"").unwrap() < mark,
        "the history marks it too"
    );
    let told = browser.get("/api/v1/security").await.json();
    assert_eq!(told["findings"][0]["code"], "new_device");
    assert_eq!(told["last_entry"]["by"], "certificate");
    assert_eq!(browser.get("/api/v1/history").await.json()[0]["new_device"], true);
}
