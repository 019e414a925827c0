//! `/profile/merge`, and the same by the API.

use axum::http::{Method, StatusCode};
use cabinet::Demand;
use db::params;
use serde_json::json;
use testkit::pki::{Key, aigul, askhat};

use crate::app::{Browser, TestApp};
use crate::second_factor::{add_passkey, answered};

/// Two people with an address each; the first states no number any more.
pub(crate) async fn two<'a>(app: &'a TestApp, keys: &[Key; 2]) -> [Browser<'a>; 2] {
    let [kept, other] = [app.browser(), app.browser()];
    kept.enter(&keys[0], "aigul@example.kz").await;
    other.enter(&keys[1], "askhat@example.kz").await;
    app.app
        .db
        .write(|tx| {
            tx.execute(
                "delete from person_id where account_id in
                     (select account_id from contact where value = 'aigul@example.kz')",
                params![],
            )
        })
        .await
        .unwrap();
    [kept, other]
}

pub(crate) async fn begin(browser: &Browser<'_>, key: &Key) {
    browser.get("/profile/merge").await;
    let asked = browser.post("/profile/merge", &[]).await;
    assert_eq!(asked.location(), "/step-up?return_to=%2Fprofile%2Fmerge");
    browser.step_up(key).await;
    browser.get("/profile/merge").await;
    let begun = browser.post("/profile/merge", &[]).await;
    assert_eq!(begun.location(), "/profile/merge/prove");
}

#[tokio::test]
async fn lnk_14_req_4_10_3_merged_and_undone_without_leaving_the_own_account() {
    let app = TestApp::new();
    let keys = [app.key(&aigul()), app.key(&askhat())];
    let [kept, other] = two(&app, &keys).await;
    let own = kept.get("/api/v1/me").await.json()["account"].clone();
    begin(&kept, &keys[0]).await;
    let early = kept.get("/profile/merge/confirm").await;
    assert!(early.body.contains("merge.not_proven"), "{}", early.body);
    assert!(!early.body.contains("askhat@example.kz"));

    let cms = kept.answer("/profile/merge", &keys[0]).await;
    let same = kept.post("/profile/merge/certificate", &[("cms", &cms)]).await;
    assert!(same.body.contains("merge.same_account"), "{}", same.body);
    let cms = kept.answer("/profile/merge", &keys[1]).await;
    let proven = kept.post("/profile/merge/certificate", &[("cms", &cms)]).await;
    assert_eq!(proven.location(), "/profile/merge/confirm", "{}", proven.body);
    assert_eq!(kept.get("/api/v1/me").await.json()["account"], own, "still here");
    assert_eq!(
        other.get("/cabinet").await.status,
        StatusCode::OK,
        "nothing is done yet"
    );

    let page = kept.get("/profile/merge/confirm").await;
    assert!(page.body.contains("askhat@example.kz"), "{}", page.body);
    let done = kept.post("/profile/merge/confirm", &[]).await;
    assert_eq!(done.location(), "/profile/merge?done=merged", "{}", done.body);
    assert!(other.get("/cabinet").await.location().starts_with("/signed-out"));
    let again = app.browser();
    again.sign_in(&keys[1]).await;
    assert_eq!(again.get("/api/v1/me").await.json()["account"], own);

    let page = kept.get("/profile/merge?done=merged").await.body;
    assert!(page.contains("Кабинеты объединены"), "{page}");
    let undo = page
        .split("action=\"")
        .find(|rest| rest.contains("/undo\""))
        .unwrap();
    let undo = undo.split('"').next().unwrap().to_owned();
    let undone = kept.post(&undo, &[]).await;
    assert_eq!(undone.location(), "/profile/merge?done=undone", "{}", undone.body);
    let apart = app.browser();
    apart.sign_in(&keys[1]).await;
    assert_ne!(apart.get("/api/v1/me").await.json()["account"], own);
}

#[tokio::test]
async fn lnk_14_the_api_does_what_the_pages_do() {
    let app = TestApp::new();
    let keys = [app.key(&aigul()), app.key(&askhat())];
    let [kept, _] = two(&app, &keys).await;
    let refused = kept.json(Method::POST, "/api/v1/merge", &json!({})).await;
    assert_eq!(refused.json()["code"], "step_up.required");
    kept.step_up(&keys[0]).await;
    kept.get("/profile/merge").await;
    let begun = kept.json(Method::POST, "/api/v1/merge", &json!({})).await;
    assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.body);
    let early = kept.get("/api/v1/merge").await;
    assert_eq!(early.json()["code"], "merge.not_proven");
    let cms = kept.answer("/profile/merge", &keys[1]).await;
    let proven = kept
        .json(Method::POST, "/api/v1/merge/certificate", &json!({ "cms": cms }))
        .await;
    assert_eq!(proven.status, StatusCode::NO_CONTENT, "{}", proven.body);
    let preview = kept.get("/api/v1/merge").await.json();
    assert_eq!(preview["items"][0]["kind"], "certificate");
    assert_eq!(preview["items"][0]["moves"], true);
    let done = kept
        .json(
            Method::POST,
            "/api/v1/merge/confirm",
            &json!({ "password": null }),
        )
        .await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    let id = done.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(kept.get("/api/v1/merges").await.json()[0]["id"], id.as_str());
    let undo = format!("/api/v1/merges/{id}/undo");
    let undone = kept.json(Method::POST, &undo, &json!({})).await;
    assert_eq!(undone.status, StatusCode::NO_CONTENT, "{}", undone.body);
    let again = kept.json(Method::POST, &undo, &json!({})).await;
    assert_eq!(again.json()["code"], "merge.undo_over");
}

#[tokio::test]
async fn lnk_14_accounts_of_two_people_stay_two() {
    let app = TestApp::new();
    let keys = [app.key(&aigul()), app.key(&askhat())];
    let [kept, other] = [app.browser(), app.browser()];
    kept.enter(&keys[0], "aigul@example.kz").await;
    other.enter(&keys[1], "askhat@example.kz").await;
    begin(&kept, &keys[0]).await;
    let cms = kept.answer("/profile/merge", &keys[1]).await;
    kept.post("/profile/merge/certificate", &[("cms", &cms)]).await;
    let page = kept.get("/profile/merge/confirm").await;
    assert!(page.body.contains("merge.person_id_differs"), "{}", page.body);
    let refused = kept.post("/profile/merge/confirm", &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.get("/cabinet").await.status, StatusCode::OK);
}

/// The certificate of the other account is over: something else is its strongest way from now on.
pub(crate) async fn end_certificate_of(app: &TestApp, address: &'static str) {
    let ended = app.app.db.write(move |tx| {
        tx.execute(
            "update certificate set not_after = 0 where authenticator_id in
                 (select a.id from authenticator a join contact c on c.account_id = a.account_id where c.value = $1)",
            params![address],
        )
    });
    assert_eq!(ended.await.unwrap(), 1);
}

#[tokio::test]
async fn lnk_14_a_passkey_proves_the_other_account_on_the_page_and_by_the_api() {
    for by_api in [false, true] {
        let app = TestApp::new();
        let keys = [app.key(&aigul()), app.key(&askhat())];
        let [kept, other] = two(&app, &keys).await;
        other.step_up(&keys[1]).await;
        let mut device = add_passkey(&other).await;
        end_certificate_of(&app, "askhat@example.kz").await;
        begin(&kept, &keys[0]).await;
        let page = kept.get("/profile/merge/prove?way=other").await.body;
        assert!(page.contains("/profile/merge/passkey"), "{page}");
        let asked = kept
            .json(Method::POST, "/sign-in/passkey/challenge", &json!({}))
            .await;
        let credential = answered(&mut device, &asked.json());
        if by_api {
            let proven = kept
                .json(Method::POST, "/api/v1/merge/passkey", &credential)
                .await;
            assert_eq!(proven.status, StatusCode::NO_CONTENT, "{}", proven.body);
        } else {
            let fields = [("credential", credential.to_string())];
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            let proven = kept.post("/profile/merge/passkey", &fields).await;
            assert_eq!(proven.location(), "/profile/merge/confirm", "{}", proven.body);
        }
        let page = kept.get("/profile/merge/confirm").await;
        assert!(page.body.contains("askhat@example.kz"), "{}", page.body);
    }
}

#[tokio::test]
async fn lnk_14_by_the_api_a_passkey_is_the_second_factor_of_the_other_account() {
    let app = TestApp::with_rules(|rules| rules.second_factor.password = Demand::Enrolled);
    let keys = [app.key(&aigul()), app.key(&askhat())];
    let [kept, other] = two(&app, &keys).await;
    other.step_up(&keys[1]).await;
    other.get("/profile/password").await;
    let password = "верблюд-скрипка-47-облако";
    other.post("/profile/password", &[("password", password)]).await;
    let mut device = add_passkey(&other).await;
    begin(&kept, &keys[0]).await;
    let login = json!({ "login": "askhat@example.kz", "password": password });
    let first = kept.json(Method::POST, "/api/v1/merge/password", &login).await;
    assert_eq!(first.json()["code"], "second_factor.needed", "{}", first.body);
    let asked = kept
        .json(
            Method::POST,
            "/api/v1/second-factor/passkey/challenge",
            &json!({}),
        )
        .await;
    let credential = answered(&mut device, &asked.json());
    let second = kept
        .json(Method::POST, "/api/v1/merge/second-factor/passkey", &credential)
        .await;
    // the password with a passkey beside it is a password still: a certificate opens the account
    assert_eq!(second.json()["code"], "merge.weak_proof", "{}", second.body);
}
