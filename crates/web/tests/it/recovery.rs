//! `/recover`, and the same by the API.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use cabinet::account::AccountId;
use cabinet::recovery::{self, Officer, Request};
use cabinet::{Failure, Visit};
use serde_json::json;
use testkit::pki::{Key, askhat};
use testkit::visit::visit;

use crate::app::{Browser, TestApp};
use crate::organisation::{bring, employ, school};

const EMAIL: &str = "askhat@example.kz";
const PASSWORD: &str = "верблюд-скрипка-47-облако";
const NEW: &str = "ласточка-гранит-93-ветер";
/// The certificates of the tests have ended by then.
const YEARS: Duration = Duration::from_secs(1200 * 24 * 3600);

/// Somebody with an e-mail and a password, whose key is of no use any more.
async fn settle(app: &TestApp, browser: &Browser<'_>) -> Key {
    let key = app.key(&askhat());
    browser.enter(&key, EMAIL).await;
    browser.step_up(&key).await;
    browser.get("/profile/password").await;
    browser.post("/profile/password", &[("password", PASSWORD)]).await;
    app.advance(YEARS);
    key
}

async fn by_password(browser: &Browser<'_>, password: &str) -> StatusCode {
    browser.get("/sign-in/password").await;
    let fields = [("login", EMAIL), ("password", password)];
    browser.post("/sign-in/password", &fields).await.status
}

#[tokio::test]
async fn four_10_2_a_code_by_mail_leads_to_a_new_password_and_to_the_ways_in() {
    let app = TestApp::new();
    settle(&app, &app.browser()).await;
    let old = app.browser();
    assert_eq!(by_password(&old, PASSWORD).await, StatusCode::SEE_OTHER);

    let browser = app.browser();
    let page = browser.get("/recover").await;
    assert_eq!(page.status, StatusCode::OK);
    let asked = browser.post("/recover", &[("login", EMAIL)]).await;
    assert_eq!(asked.location(), "/recover/code", "{}", asked.body);
    app.answer_recoveries().await;
    let page = browser.get("/recover/code").await.body;
    assert!(page.contains(EMAIL), "{page}");
    let early = browser.get("/recover/password").await;
    assert_eq!(early.location(), "/recover/code", "PWD-8");
    let early = browser.post("/recover/password", &[("password", NEW)]).await;
    assert!(early.body.contains("recovery.step_missing"), "{}", early.body);

    let code = app.code(EMAIL).await;
    let wrong = browser.post("/recover/code", &[("code", "00000x")]).await;
    assert!(wrong.body.contains("recovery.code_wrong"), "{}", wrong.body);
    let given = browser.post("/recover/code", &[("code", &code)]).await;
    assert_eq!(given.location(), "/recover/proof", "{}", given.body);
    assert_eq!(
        browser.get("/recover/proof").await.location(),
        "/recover/password"
    );
    browser.get("/recover/password").await;
    let weak = browser
        .post("/recover/password", &[("password", "askhat@example.kz")])
        .await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = browser.post("/recover/password", &[("password", NEW)]).await;
    assert_eq!(done.location(), "/recover/methods", "{}", done.body);
    assert!(browser.is_signed_in() && browser.cookie("__Host-kabinet-recovery").is_none());

    assert!(
        old.get("/cabinet").await.location().starts_with("/signed-out"),
        "LNK-2"
    );
    let page = browser.get("/recover/methods").await.body;
    assert!(page.contains("name=\"remove\""), "{page}");
    let kept = browser.post("/recover/methods", &[]).await;
    assert_eq!(
        kept.location(),
        "/profile/binding?done=recovered",
        "{}",
        kept.body
    );
    assert_eq!(
        browser.get("/recover/methods").await.location(),
        "/profile/binding"
    );
    assert_eq!(
        by_password(&app.browser(), PASSWORD).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(by_password(&app.browser(), NEW).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn pwd_5_the_answer_for_an_unknown_login_is_the_same_and_as_many_rows_are_written() {
    let app = TestApp::new();
    settle(&app, &app.browser()).await;
    let mut seen = Vec::new();
    for login in [EMAIL, "nobody@example.kz"] {
        let browser = app.browser();
        browser.get("/recover").await;
        let asked = browser.post("/recover", &[("login", login)]).await;
        let page = browser.get("/recover/code").await;
        app.answer_recoveries().await;
        let after = browser.get("/recover/code").await;
        let wrong = browser.post("/recover/code", &[("code", "00000x")]).await;
        let plain = |body: &str| {
            let body = body.replace(login, "LOGIN").replace(&browser.token(), "TOKEN");
            let (before, rest) = body.split_once("class=\"reference\"").unwrap_or((&body, ""));
            format!("{before}{}", rest.split_once("</p>").map_or("", |(_, rest)| rest))
        };
        seen.push((
            (asked.status, asked.location().to_owned()),
            [&page, &after, &wrong].map(|answer| (answer.status, plain(&answer.body))),
        ));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn pwd_6_under_another_name_nothing_begins() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.get("/recover").await;
    let form = format!("csrf={}&login={EMAIL}", browser.token());
    for host in ["evil.example", "kabinet.example.evil"] {
        let request = axum::http::Request::post("/recover")
            .header("host", host)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(axum::body::Body::from(form.clone()))
            .unwrap();
        assert_eq!(app.send(request).await.status, StatusCode::MISDIRECTED_REQUEST);
    }
    assert_eq!(app.count("select count(*) from recovery_request").await, 0);
}

#[tokio::test]
async fn without_anything_under_way_every_step_says_so_and_offers_to_begin() {
    let app = TestApp::new();
    let browser = app.browser();
    for page in ["/recover/code", "/recover/proof", "/recover/password"] {
        let gone = browser.get(page).await;
        assert_eq!(gone.status, StatusCode::GONE, "{page}");
        assert!(gone.body.contains("action=\"/recover\""), "{}", gone.body);
    }
    let gone = browser.post("/recover/password", &[("password", NEW)]).await;
    assert_eq!(gone.status, StatusCode::GONE);
}

#[tokio::test]
async fn four_10_2_who_has_a_key_ends_what_was_before_by_a_fresh_proof() {
    let app = TestApp::new();
    let (first, key) = (app.browser(), app.key(&askhat()));
    first.enter(&key, EMAIL).await;
    let stranger = app.browser();
    stranger.sign_in(&key).await;
    let browser = app.browser();
    let cms = browser.answer("/sign-in", &key).await;
    let fields = [("cms", cms.as_str()), ("return_to", "/recover/finish")];
    let entered = browser.post("/sign-in/certificate", &fields).await;
    assert_eq!(entered.location(), "/recover/finish", "{}", entered.body);
    browser.get("/recover/finish").await;
    let asked = browser.post("/recover/finish", &[]).await;
    assert!(asked.location().starts_with("/step-up"), "{}", asked.location());
    browser.step_up(&key).await;
    browser.get("/recover/finish").await;
    let done = browser.post("/recover/finish", &[]).await;
    assert_eq!(done.location(), "/recover/methods", "{}", done.body);
    assert!(
        stranger
            .get("/cabinet")
            .await
            .location()
            .starts_with("/signed-out")
    );
    let page = browser.get("/recover/methods").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
}

#[tokio::test]
async fn lnk_3_before_a_contact_is_confirmed_no_second_way_in_can_be_added() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.sign_in(&key).await;
    browser.step_up(&key).await;
    browser.get("/help").await;
    for (method, path, body) in [
        (Method::PUT, "/api/v1/password", json!({ "password": NEW })),
        (Method::POST, "/api/v1/totp", json!({})),
        (Method::POST, "/api/v1/passkeys/challenge", json!({})),
        (Method::POST, "/api/v1/recovery-codes", json!({})),
    ] {
        let refused = browser.json(method, path, &body).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}: {}", refused.body);
        assert_eq!(refused.json()["code"], "first_entry.required", "{path}");
    }
    assert_eq!(app.count("select count(*) from authenticator").await, 1);
}

#[tokio::test]
async fn the_api_leads_back_step_by_step() {
    let app = TestApp::new();
    settle(&app, &app.browser()).await;
    let client = app.browser();
    client.get("/api/v1/session").await;
    let login = json!({ "login": EMAIL });
    let asked = client.json(Method::POST, "/api/v1/recovery", &login).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    let several = json!({ "login": [EMAIL, "a@evil.kz"] });
    let several = client.json(Method::POST, "/api/v1/recovery", &several).await;
    assert_eq!(
        several.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "PWD-7: {}",
        several.body
    );
    app.answer_recoveries().await;
    let waits = client.get("/api/v1/recovery").await.json();
    assert_eq!(
        (&waits["step"], &waits["sent_to"]),
        (&json!("code"), &json!(null))
    );
    let password = json!({ "password": NEW });
    let early = client
        .json(Method::PUT, "/api/v1/recovery/password", &password)
        .await;
    assert_eq!(early.json()["code"], "recovery.step_missing", "PWD-8");
    let code = json!({ "code": app.code(EMAIL).await });
    let given = client.json(Method::POST, "/api/v1/recovery/code", &code).await;
    assert_eq!(given.status, StatusCode::NO_CONTENT, "{}", given.body);
    assert_eq!(client.get("/api/v1/recovery").await.json()["step"], "password");
    let opened = client
        .json(Method::PUT, "/api/v1/recovery/password", &password)
        .await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    client.get("/api/v1/session").await;
    let methods = client.get("/api/v1/recovery/methods").await.json();
    let key = methods[0]["id"].clone();
    assert_eq!(methods[0]["kind"], "certificate");
    let removed = json!({ "remove": [key] });
    let removed = client
        .json(Method::POST, "/api/v1/recovery/methods", &removed)
        .await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{}", removed.body);
    let over = client.get("/api/v1/recovery/methods").await;
    assert_eq!(over.json()["code"], "recovery.review_over");
}

#[tokio::test]
async fn four_10_2_two_people_of_the_operator_lead_back() {
    let app = TestApp::new();
    settle(&app, &app.browser()).await;
    for by_api in [false, true] {
        let [first, second] = helped(&app).await;
        let browser = app.browser();
        let page = browser.get("/recover").await.body;
        assert!(page.contains("/recover/assisted"), "{page}");
        browser.get("/recover/assisted").await;
        let empty = browser.post("/recover/assisted", &[("first", &first)]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let halves = [("first", first.as_str()), ("second", second.as_str())];
        let early = browser.post("/recover/assisted", &halves).await;
        assert!(early.says("recovery.too_early"), "{}", early.body);
        app.advance(Duration::from_secs(73 * 3600));
        if by_api {
            let halves = json!({ "first": first, "second": second });
            let given = browser
                .json(Method::POST, "/api/v1/recovery/assisted", &halves)
                .await;
            assert_eq!(given.status, StatusCode::NO_CONTENT, "{}", given.body);
        } else {
            let given = browser.post("/recover/assisted", &halves).await;
            assert_eq!(given.location(), "/recover/proof", "{}", given.body);
        }
        browser.get("/recover/password").await;
        let done = browser.post("/recover/password", &[("password", NEW)]).await;
        assert_eq!(done.location(), "/recover/methods", "{}", done.body);
    }
}

/// Two people of the operator ask and approve; gives the halves of the code.
async fn helped(app: &TestApp) -> [String; 2] {
    let (rules, now) = (app.app.rules.clone(), (app.app.clock)());
    let helped = app.app.db.write(move |tx| {
        let visit = Visit { now, ..visit() };
        let officer = |name| Officer::named(name).unwrap();
        let (account, _, _) = recovery::find_named(tx, &rules, &visit, EMAIL, None)?.unwrap();
        let request = Request {
            account,
            reason: "пришёл сам, показал удостоверение".to_owned(),
            skips_second_factor: false,
        };
        let asked = recovery::ask(tx, &rules, &visit, &officer("Дана Омарова"), &request)?.unwrap();
        let approved = recovery::approve(tx, &rules, &visit, &officer("Серик Ахметов"), asked.id)?.unwrap();
        Ok::<_, Failure>([asked.half.printed(), approved.half.printed()])
    });
    helped.await.unwrap()
}

#[tokio::test]
async fn four_10_2_a_user_name_leads_back_at_its_organisation_alone() {
    let app = TestApp::new();
    let browser = app.browser();
    settle(&app, &browser).await;
    bring(&app, vec![school("lugovoe-30", "МБОУ СОШ № 30", &["password"])]).await;
    let account = app
        .app
        .db
        .read(|tx| tx.one::<(AccountId,)>("select id from account", &[]))
        .await;
    employ(&app, "lugovoe-30", account.unwrap().0, "serikov").await;

    let browser = app.browser();
    let page = browser.get("/o/lugovoe-30").await.body;
    assert!(page.contains("/recover?organisation=lugovoe-30"), "{page}");
    browser.get("/recover").await;
    let nowhere = browser.post("/recover", &[("login", "serikov")]).await;
    assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = browser.get("/recover?organisation=lugovoe-30").await.body;
    assert!(page.contains("МБОУ СОШ № 30"), "{page}");
    let fields = [("login", "serikov"), ("organisation", "lugovoe-30")];
    let asked = browser.post("/recover", &fields).await;
    assert_eq!(asked.location(), "/recover/code", "{}", asked.body);
    app.answer_recoveries().await;
    let code = app.code(EMAIL).await;
    browser.get("/recover/code").await;
    let given = browser.post("/recover/code", &[("code", &code)]).await;
    assert_eq!(given.location(), "/recover/proof", "{}", given.body);

    let client = app.browser();
    client.get("/api/v1/session").await;
    let named = json!({ "login": "serikov", "organisation": "lugovoe-30" });
    let asked = client.json(Method::POST, "/api/v1/recovery", &named).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.body);
    let unknown = json!({ "login": "serikov", "organisation": "nowhere" });
    let unknown = client.json(Method::POST, "/api/v1/recovery", &unknown).await;
    assert_eq!(unknown.json()["code"], "organisation.unknown");
}
