//! `/profile/contacts`

use axum::http::StatusCode;
use testkit::pki::askhat;

use crate::app::{Browser, TestApp};

const SAVED: &str = "askhat@example.kz";

/// The form as a person sends it, filled from the page as it is now.
async fn form(browser: &Browser<'_>, phone: &str) -> Vec<(&'static str, String)> {
    let page = browser.get("/profile/contacts").await.body;
    let version = page
        .split("name=\"version\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    vec![
        ("email", SAVED.into()),
        ("phone", phone.into()),
        ("extra_email", String::new()),
        ("extra_phone", "+7 (___) ___-____".into()),
        ("version", version.into()),
    ]
}

fn fields<'a>(form: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    form.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[tokio::test]
async fn a_11_a_12_a_phone_is_given_confirmed_and_shown() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, SAVED).await;
    browser.step_up(&key).await;
    let form = form(&browser, "87075555555").await;
    let saved = browser.post("/profile/contacts", &fields(&form)).await;
    assert_eq!(
        saved.location(),
        "/profile/contacts?done=pending",
        "{}",
        saved.body
    );
    let page = browser.get("/profile/contacts?done=pending").await;
    assert!(page.body.contains("+7 (707) 555-5555"), "{}", page.body);
    let code = app.code("+77075555555").await;
    let confirmed = browser
        .post("/profile/contacts/phone/confirm", &[("code", &code)])
        .await;
    assert_eq!(
        confirmed.location(),
        "/profile/contacts?done=confirmed-phone",
        "{}",
        confirmed.body
    );
}

#[tokio::test]
async fn a_12_b_without_a_fresh_proof_nothing_is_saved_and_nothing_typed_is_lost() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, SAVED).await;
    let form = form(&browser, "8 707 555 55 55 typed").await;
    let asked = browser.post("/profile/contacts", &fields(&form)).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    assert_eq!(asked.location(), "/step-up?return_to=%2Fprofile%2Fcontacts");
    assert_eq!(app.count("select count(*) from contact_change").await, 0);
    let proven = browser.step_up(&key).await;
    assert_eq!(proven.location(), "/profile/contacts", "{}", proven.body);
    let page = browser.get("/profile/contacts").await;
    assert!(
        page.body.contains("8 707 555 55 55 typed"),
        "the form is prefilled: {}",
        page.body
    );
    let stranger = app.browser();
    stranger
        .enter(&app.key(&testkit::pki::aigul()), "aigul@example.kz")
        .await;
    let draft = browser.cookie("__Host-kabinet-draft").unwrap();
    stranger
        .cookies
        .borrow_mut()
        .insert("__Host-kabinet-draft".into(), draft);
    assert!(
        !stranger
            .get("/profile/contacts")
            .await
            .body
            .contains("555 55 55 typed"),
        "nobody else sees it"
    );
}

#[tokio::test]
async fn net_7_one_draft_of_a_sane_size_is_kept() {
    let drafts = "select count(*) from ticket where purpose = 'draft' and used_at is null";
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, SAVED).await;
    let mut form = form(&browser, &"x".repeat(100_000)).await;
    for _ in 0..3 {
        browser.post("/profile/contacts", &fields(&form)).await;
        assert_eq!(app.count(drafts).await, 1, "an account has one draft");
    }
    let sealed = app.count("select max(length(payload)) from ticket where purpose = 'draft'");
    assert!(sealed.await < 1_000);
    browser.step_up(&key).await;
    let page = browser.get("/profile/contacts").await.body;
    assert!(page.contains(&"x".repeat(512)) && !page.contains(&"x".repeat(513)));
    app.advance(std::time::Duration::from_mins(5));
    for (_, value) in &mut form[..4] {
        *value = "𐌀".repeat(512);
    }
    let asked = browser.post("/profile/contacts", &fields(&form)).await;
    assert_eq!(asked.location(), "/step-up?return_to=%2Fprofile%2Fcontacts");
    assert_eq!(app.count(drafts).await, 0, "what is too large is not kept");
}

#[tokio::test]
async fn ses_5_a_proof_counts_for_five_minutes() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, SAVED).await;
    browser.step_up(&key).await;
    app.advance(std::time::Duration::from_mins(5));
    let form = form(&browser, "87075555555").await;
    let late = browser.post("/profile/contacts", &fields(&form)).await;
    assert!(late.location().starts_with("/step-up"), "{}", late.location());
}

#[tokio::test]
async fn a_12_c_two_tabs_never_overwrite_silently() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, SAVED).await;
    browser.step_up(&key).await;
    let (one, other) = (
        form(&browser, "87075555555").await,
        form(&browser, "87076666666").await,
    );
    assert_eq!(
        browser.post("/profile/contacts", &fields(&one)).await.status,
        StatusCode::SEE_OTHER
    );
    let conflict = browser.post("/profile/contacts", &fields(&other)).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(
        conflict.body.contains("87076666666") && conflict.body.contains("+7 (707) 555-5555"),
        "{}",
        conflict.body
    );
    assert!(app.notices("+77076666666").await.is_empty());
}

#[tokio::test]
async fn a_11_every_mistake_is_tied_to_its_field() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, SAVED).await;
    browser.step_up(&key).await;
    let mut form = form(&browser, "123").await;
    form[2].1 = SAVED.to_uppercase();
    let refused = browser.post("/profile/contacts", &fields(&form)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("value=\"123\""), "what was typed stays");
    assert!(refused.body.contains("phone-error"), "{}", refused.body);
}

#[tokio::test]
async fn con_2_nothing_but_the_code_confirms() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, SAVED).await;
    browser.step_up(&key).await;
    let mut form = form(&browser, "87075555555").await;
    form.push(("verified", "true".into()));
    browser.post("/profile/contacts", &fields(&form)).await;
    assert_eq!(
        app.count("select count(*) from contact where slot = 'phone'")
            .await,
        0
    );
    let code = app.code("+77075555555").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let refused = browser
        .post("/profile/contacts/phone/confirm", &[("code", wrong)])
        .await;
    assert!(
        refused.body.contains(&format!("value=\"{wrong}\"")),
        "the code typed stays: {}",
        refused.body
    );
    let cancelled = browser.post("/profile/contacts/phone/cancel", &[]).await;
    assert_eq!(cancelled.location(), "/profile/contacts?done=cancelled-phone");
    let late = browser
        .post("/profile/contacts/phone/confirm", &[("code", &code)])
        .await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        browser.post("/profile/contacts/fax/cancel", &[]).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_code_survives_a_step_up_between() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, SAVED).await;
    browser.step_up(&key).await;
    let form = form(&browser, "87075555555").await;
    browser.post("/profile/contacts", &fields(&form)).await;
    app.advance(std::time::Duration::from_mins(6));
    browser.step_up(&key).await;
    let code = app.code("+77075555555").await;
    let confirmed = browser
        .post("/profile/contacts/phone/confirm", &[("code", &code)])
        .await;
    assert_eq!(
        confirmed.location(),
        "/profile/contacts?done=confirmed-phone",
        "{}",
        confirmed.body
    );
}
