//! What holds on every address.

use axum::http::Method;
use testkit::pki::askhat;

use crate::app::{Answer, TestApp};
use crate::request::CHANGES;

/// Every page that can be opened, with the headers of pages that sign marked.
const PAGES: [(&str, bool); 52] = [
    ("/", false),
    ("/sign-in", true),
    ("/sign-in/password", false),
    ("/sign-in/shown/absent", false),
    ("/sign-in/shown/gone", false),
    ("/sign-in/phone", false),
    ("/sign-in/phone/state", false),
    ("/sign-in/ended", false),
    ("/new-certificate", false),
    ("/new-certificate/code", false),
    ("/new-certificate/organisation", false),
    ("/signed-out", false),
    ("/first-entry", false),
    ("/first-entry/code", false),
    ("/cabinet", false),
    ("/profile/contacts", false),
    ("/profile/binding", false),
    ("/profile/certificates", false),
    ("/profile/renewals/new", false),
    ("/profile/password", false),
    ("/profile/merge", false),
    ("/profile/merge/prove", true),
    ("/profile/merge/confirm", false),
    ("/profile/organisations", false),
    ("/organisations", false),
    ("/organisations/found?q=30", false),
    ("/o/lugovoe-30", false),
    ("/recover", false),
    ("/recover/assisted", false),
    ("/recover/code", false),
    ("/recover/proof", false),
    ("/recover/password", false),
    ("/recover/methods", false),
    ("/recover/finish", false),
    ("/api/v1/organisations?q=30", false),
    ("/api/v1/organisation-kinds", false),
    ("/step-up", true),
    ("/second-factor", false),
    ("/profile/totp", false),
    ("/profile/passkeys/new", false),
    ("/confirm", false),
    ("/undo", false),
    ("/not-me", false),
    ("/help", false),
    ("/help/certificate", false),
    ("/check", true),
    ("/accessibility", false),
    ("/health", false),
    ("/api/v1/session", false),
    ("/api/v1/openapi.json", false),
    ("/no-such-page", false),
    ("/metrics", false),
];

#[tokio::test]
async fn web_2_web_3_web_6_web_9_headers_are_on_every_answer() {
    let app = TestApp::new();
    let (stranger, person) = (app.browser(), app.browser());
    person.enter(&app.key(&askhat()), "askhat@example.kz").await;
    for (path, signs) in PAGES {
        for browser in [&stranger, &person] {
            let answer = browser.get(path).await;
            assert!(!answer.status.is_server_error(), "{path}: {}", answer.body);
            let signs = signs && answer.status.is_success();
            check(path, &answer, signs);
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
    }
    for path in CHANGES {
        check(path, &stranger.send(Method::POST, path, &[], "").await, false);
    }
}

fn check(path: &str, answer: &Answer, signs: bool) {
    let policy = answer.header("content-security-policy");
    for rule in [
        "default-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types kabinet",
    ] {
        assert!(
            policy.split("; ").any(|stated| stated == rule),
            "{path}: {rule} in {policy}"
        );
    }
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("http"),
        "{path}: {policy}"
    );
    assert_eq!(policy.contains("'wasm-unsafe-eval'"), signs, "{path}: {policy}");
    assert_eq!(policy.contains("worker-src 'self'"), signs, "{path}: {policy}");
    for (name, value) in [
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("strict-transport-security", "max-age=31536000"),
    ] {
        assert_eq!(answer.header(name), value, "{path}: {name}");
    }
    for cookie in answer.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.starts_with("__Host-"), "{path}: {cookie}");
        for flag in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
            assert!(cookie.contains(flag), "{path}: {cookie}");
        }
    }
}

#[tokio::test]
async fn web_2_pages_hold_nothing_inline() {
    let app = TestApp::new();
    let person = app.browser();
    person.enter(&app.key(&askhat()), "askhat@example.kz").await;
    for (path, _) in PAGES {
        let page = person.get(path).await.body;
        assert!(!page.contains(" style=\"") && !page.contains("<style"), "{path}");
        for (at, _) in page.match_indices("<script") {
            let tag = page[at..].split('>').next().unwrap();
            let data = tag.contains("type=\"application/json\"");
            assert!(data || tag.contains("src=\"/assets/"), "{path}: {tag}");
        }
    }
}

#[tokio::test]
async fn assets_are_kept_for_ever_and_compressed() {
    let app = TestApp::new();
    let browser = app.browser();
    let page = browser.get("/sign-in").await.body;
    let mut assets: Vec<&str> = page
        .split('"')
        .filter(|piece| piece.starts_with("/assets/"))
        .collect();
    assets.sort_unstable();
    assets.dedup();
    assert!(assets.len() > 4, "{assets:?}");
    for asset in assets {
        let plain = browser.get(asset).await;
        assert!(plain.status.is_success(), "{asset}");
        assert_eq!(
            plain.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        let small = browser
            .send(Method::GET, asset, &[("accept-encoding", "br, gzip")], "")
            .await;
        let is_small_already = asset.contains(".svg");
        assert!(
            is_small_already || small.header("content-encoding") == "gzip",
            "{asset}"
        );
        let known = browser
            .send(Method::GET, asset, &[("if-none-match", plain.header("etag"))], "")
            .await;
        assert_eq!(known.status.as_u16(), 304, "{asset}");
        assert!(known.body.is_empty());
    }
    assert_eq!(browser.get("/assets/../Cargo.toml").await.status.as_u16(), 404);
}
