//! What every request must get past: host, token, origin, form.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use testkit::pki::askhat;

use crate::app::{HOST, TestApp};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Every address that changes something, for people who are signed in and for others.
pub(crate) const CHANGES: [&str; 83] = [
    "/language",
    "/sign-in/challenge",
    "/sign-in/certificate",
    "/sign-in/password",
    "/new-certificate/account",
    "/new-certificate/register",
    "/new-certificate/code",
    "/new-certificate/confirm",
    "/new-certificate/cancel",
    "/o/lugovoe-30",
    "/profile/organisations",
    "/profile/merge",
    "/profile/merge/challenge",
    "/profile/merge/certificate",
    "/profile/merge/password",
    "/profile/merge/confirm",
    "/profile/merge/cancel",
    "/profile/merge/01k4/undo",
    "/sign-out",
    "/first-entry",
    "/first-entry/code",
    "/first-entry/resend",
    "/profile/contacts",
    "/profile/contacts/email/confirm",
    "/profile/contacts/email/resend",
    "/profile/contacts/email/cancel",
    "/profile/password",
    "/profile/certificates/00000000-0000-7000-8000-000000000000/remove",
    "/profile/sessions/00000000-0000-7000-8000-000000000000/end",
    "/profile/sessions/end-others",
    "/profile/certificates/00000000-0000-7000-8000-000000000000/default",
    "/profile/renewals/new",
    "/profile/renewals/challenge",
    "/profile/renewals/sign",
    "/profile/renewals/00000000-0000-7000-8000-000000000000/revoke",
    "/step-up/challenge",
    "/step-up/certificate",
    "/step-up/password",
    "/sign-in/passkey/challenge",
    "/sign-in/passkey",
    "/step-up/passkey/challenge",
    "/step-up/passkey",
    "/second-factor/code",
    "/second-factor/sms",
    "/second-factor/passkey/challenge",
    "/second-factor/passkey",
    "/recover",
    "/recover/assisted",
    "/recover/code",
    "/recover/contact",
    "/recover/factor",
    "/recover/password",
    "/recover/methods",
    "/recover/finish",
    "/profile/totp",
    "/profile/totp/confirm",
    "/profile/sms-factor",
    "/profile/recovery-codes",
    "/profile/second-factors/00000000-0000-7000-8000-000000000000/remove",
    "/profile/passkeys/challenge",
    "/profile/passkeys",
    "/profile/passkeys/00000000-0000-7000-8000-000000000000/remove",
    "/sign-in/provider/state",
    "/sign-in/provider/account",
    "/sign-in/provider/cancel",
    "/profile/merge/passkey",
    "/profile/merge/provider/state",
    "/profile/linking",
    "/profile/linking/cancel",
    "/profile/identities/state/link",
    "/profile/identities/00000000-0000-7000-8000-000000000000/unlink",
    "/step-up/provider/state",
    "/api/v1/providers/state/callback",
    "/api/v1/linking",
    "/confirm",
    "/undo",
    "/not-me",
    "/api/v1/sign-out",
    "/api/v1/confirm",
    "/api/v1/undo",
    "/api/v1/not-me",
    "/api/v1/sign-in/password",
    "/api/v1/sessions/end-others",
];

#[tokio::test]
async fn ses_3_ses_4_nothing_changes_without_the_token() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    for path in CHANGES {
        for body in [
            "",
            "csrf=",
            "csrf=0000000000000000000000000000000000000000000000000000000000000000",
            "x=1",
        ] {
            let answer = browser.send(Method::POST, path, &[FORM], body).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {body:?}");
        }
    }
    assert_eq!(
        browser.get("/cabinet").await.status,
        StatusCode::OK,
        "still signed in"
    );
}

#[tokio::test]
async fn ses_3_the_token_of_another_visit_is_no_token() {
    let app = TestApp::new();
    let (mine, theirs) = (app.browser(), app.browser());
    mine.get("/").await;
    theirs.get("/").await;
    let form = format!("csrf={}&language=kk", theirs.token());
    assert_eq!(
        mine.post_raw("/language", &form).await.status,
        StatusCode::FORBIDDEN
    );
    let bare = app.browser();
    assert_eq!(
        bare.post_raw("/language", &form).await.status,
        StatusCode::FORBIDDEN,
        "no cookie at all"
    );
    assert_eq!(
        theirs.post_raw("/language", &form).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn ses_3_another_site_changes_nothing_even_with_the_token() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, "askhat@example.kz").await;
    let form = format!("csrf={}", browser.token());
    for path in CHANGES {
        for header in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let answer = browser.send(Method::POST, path, &[FORM, header], &form).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {header:?}");
        }
    }
    assert_eq!(
        browser.get("/cabinet").await.status,
        StatusCode::OK,
        "still signed in"
    );
}

#[tokio::test]
async fn ses_3_json_in_disguise_is_refused() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.get("/sign-in/password").await;
    let token = browser.token();
    for media in [
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/jsonx",
        "",
    ] {
        let headers = [("content-type", media), ("x-csrf-token", token.as_str())];
        let answer = browser
            .send(Method::POST, "/api/v1/sign-in/password", &headers, "{}")
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{media}");
    }
    let form = format!("csrf={token}&login=1&password=2");
    let answer = browser
        .send(Method::POST, "/api/v1/sign-in/password", &[FORM], &form)
        .await;
    assert_eq!(
        answer.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "a form is not JSON"
    );
    let answer = browser
        .send(
            Method::GET,
            "/sign-out",
            &[("x-http-method-override", "POST"), ("x-csrf-token", &token)],
            "",
        )
        .await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn ses_3_tokens_die_with_sign_in_and_sign_out_but_not_with_a_step_up() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.get("/").await;
    let before = format!("csrf={}&language=ru", browser.token());
    browser.enter(&key, "askhat@example.kz").await;
    assert_eq!(
        browser.post_raw("/language", &before).await.status,
        StatusCode::FORBIDDEN,
        "before sign-in"
    );
    browser.get("/cabinet").await;
    let inside = format!("csrf={}&language=ru", browser.token());
    let session = browser.cookie("__Host-kabinet");
    browser.step_up(&key).await;
    assert_ne!(
        browser.cookie("__Host-kabinet"),
        session,
        "SES-1: a new session id"
    );
    assert_eq!(
        browser.post_raw("/language", &inside).await.status,
        StatusCode::SEE_OTHER,
        "another tab goes on"
    );
    browser.post("/sign-out", &[]).await;
    browser.get("/").await;
    assert_eq!(
        browser.post_raw("/language", &inside).await.status,
        StatusCode::FORBIDDEN,
        "after sign-out"
    );
}

#[tokio::test]
async fn pwd_6_only_our_own_name_is_answered_to() {
    let app = TestApp::new();
    let ask = async |hosts: &[&str], uri: &str| {
        let mut request = Request::builder().uri(uri);
        for host in hosts {
            request = request.header("host", *host);
        }
        app.send(request.body(Body::empty()).unwrap()).await.status
    };
    assert_eq!(ask(&[HOST], "/").await, StatusCode::OK);
    assert_eq!(ask(&["KABINET.example"], "/").await, StatusCode::OK);
    assert_eq!(ask(&[HOST], "http://kabinet.example/").await, StatusCode::OK);
    for hosts in [
        &["evil.example"][..],
        &[],
        &[HOST, "evil.example"],
        &[HOST, HOST],
        &["kabinet.example:8443"],
    ] {
        assert_eq!(
            ask(hosts, "/").await,
            StatusCode::MISDIRECTED_REQUEST,
            "{hosts:?}"
        );
    }
    assert_eq!(
        ask(&[HOST], "http://evil.example/").await,
        StatusCode::MISDIRECTED_REQUEST
    );
    assert_eq!(
        ask(&["10.0.0.7"], "/health").await,
        StatusCode::OK,
        "probes know only an address"
    );
}

#[tokio::test]
async fn pwd_6_links_in_messages_name_the_configured_host() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.sign_in(&key).await;
    let form = format!("csrf={}&kind=email&email=askhat@example.kz", browser.token());
    let headers = [
        FORM,
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example"),
    ];
    let asked = browser.send(Method::POST, "/first-entry", &headers, &form).await;
    assert_eq!(asked.location(), "/first-entry/code");
    let told = format!("{:?}", app.notices("askhat@example.kz").await);
    assert!(
        told.contains("https://kabinet.example/confirm/") && !told.contains("evil"),
        "{told}"
    );
}

#[tokio::test]
async fn pwd_7_a_field_given_twice_is_nobodys() {
    let app = TestApp::new();
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.sign_in(&key).await;
    let twice = format!(
        "csrf={}&kind=email&email=a@example.kz&email=evil@example.kz",
        browser.token()
    );
    assert_eq!(
        browser.post_raw("/first-entry", &twice).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    for address in [
        "a@example.kz,evil@example.kz",
        "a@example.kz\r\nBcc: evil@example.kz",
        "a@example.kz evil@example.kz",
    ] {
        let answer = browser
            .post("/first-entry", &[("kind", "email"), ("email", address)])
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{address:?}");
    }
    assert_eq!(app.count("select count(*) from message").await, 0);
}

#[tokio::test]
async fn web_8_more_than_a_mebibyte_is_too_much() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.get("/").await;
    let answer = browser
        .post("/language", &[("language", &"x".repeat(1024 * 1024))])
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("<html"), "an error has a page too");
}

#[tokio::test]
async fn errors_have_pages_and_problem_documents() {
    let app = TestApp::new();
    let browser = app.browser();
    let page = browser.get("/no-such-page").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(
        page.body.contains("lang=\"ru\"") && page.body.contains("1308"),
        "{}",
        page.body
    );
    let problem = browser.get("/api/v1/no-such-thing").await;
    assert_eq!(problem.status, StatusCode::NOT_FOUND);
    assert_eq!(problem.header("content-type"), "application/problem+json");
    assert_eq!(problem.json()["code"], "page.not_found");
    assert_eq!(
        browser.get("/sign-out").await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn the_language_is_chosen_on_the_page_then_by_account_then_by_browser() {
    let app = TestApp::new();
    let browser = app.browser();
    let english = Request::get("/")
        .header("host", HOST)
        .header("accept-language", "de, en;q=0.8, ru;q=0.1");
    assert!(
        app.send(english.body(Body::empty()).unwrap())
            .await
            .body
            .contains("<html lang=\"en\">")
    );
    assert!(browser.get("/").await.body.contains("<html lang=\"ru\">"));
    let chosen = browser
        .post("/language", &[("language", "kk"), ("return_to", "/help")])
        .await;
    assert_eq!(chosen.location(), "/help");
    assert!(browser.get("/help").await.body.contains("<html lang=\"kk\">"));
    assert_eq!(
        browser.post("/language", &[("language", "xx")]).await.status,
        StatusCode::BAD_REQUEST
    );
    let key = app.key(&askhat());
    browser.enter(&key, "askhat@example.kz").await;
    let elsewhere = app.browser();
    elsewhere.sign_in(&key).await;
    assert!(
        elsewhere
            .get("/cabinet")
            .await
            .body
            .contains("<html lang=\"kk\">"),
        "the account's language"
    );
}

#[tokio::test]
async fn web_9_another_site_reads_nothing_of_a_person() {
    let app = TestApp::new();
    let browser = app.browser();
    browser.enter(&app.key(&askhat()), "askhat@example.kz").await;
    let ask = async |site| {
        browser
            .send(Method::GET, "/api/v1/me", &[("sec-fetch-site", site)], "")
            .await
            .status
    };
    assert_eq!(ask("cross-site").await, StatusCode::FORBIDDEN);
    assert_eq!(ask("same-site").await, StatusCode::FORBIDDEN);
    assert_eq!(ask("same-origin").await, StatusCode::OK);
}
