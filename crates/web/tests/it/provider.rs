//! `/sign-in/provider`, `/profile/linking`, `/profile/identities`: against a provider that lies on request.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::{Method, StatusCode};
use cabinet::provider::{ProviderLabel, ProviderRules};
use esign::time::UnixTime;
use remote::http::{HttpClient, HttpSettings};
use remote::oidc::{ClaimMapping, ClientProof, ClientSecret, OidcSettings, RelyingParty};
use remote::provider::{Label, Provider, ProviderSettings, Providers, Trusts};
use serde_json::{Value, json};
use testkit::pki::{Key, aigul, askhat};
use testkit::provider::{self, CLIENT_ID, CLIENT_SECRET, Lie, Return};
use testkit::visit::NOW;
use url::Url;

use crate::app::{Answer, Browser, TestApp};
use crate::merge::{begin, end_certificate_of, two};
use crate::organisation::{bring, employ, school};

const ADDRESS: &str = "askhat@example.kz";

/// Асхат, as the provider knows him.
fn there() -> Value {
    json!({
        "sub": "askhat", "iin": "900101300007",
        "family_name": "Сериков", "given_name": "Асхат", "middle_name": "Қайратұлы",
        "email": "askhat@state.example", "email_verified": true,
    })
}

/// A cabinet beside a provider.
async fn town() -> (provider::Provider, TestApp) {
    let honest = provider::Provider::start(NOW.as_seconds()).await;
    honest.person(there());
    let known = known(&honest, "state");
    let app = TestApp::with(move |app| {
        app.providers = Providers::new(vec![known]);
        Arc::make_mut(&mut app.rules).providers = vec![ProviderRules {
            key: "state".parse().unwrap(),
            label: ProviderLabel {
                ru: "Госуслуги".to_owned(),
                kk: "Мемқызмет".to_owned(),
                en: "State services".to_owned(),
            },
            proves_anew: true,
            offered: cabinet::provider::Offered::Everywhere,
            demand: cabinet::Demand::Nobody,
        }];
    });
    (honest, app)
}

fn known(honest: &provider::Provider, id: &str) -> Provider {
    let http = HttpClient::new(&HttpSettings {
        internal_hosts: vec!["127.0.0.1".to_owned()],
        authorities: Vec::new(),
    });
    let oidc = OidcSettings {
        client_proof: Some(ClientProof::Secret(ClientSecret::new(CLIENT_SECRET.to_owned()))),
        mapping: ClaimMapping {
            person_ids: BTreeMap::from([("KZ:IIN".parse().unwrap(), "iin".to_owned())]),
            ..ClaimMapping::default()
        },
        ..OidcSettings::new(honest.issuer().parse().unwrap(), CLIENT_ID)
    };
    let settings = ProviderSettings {
        trusts: Trusts {
            email: true,
            phone: false,
        },
        states: vec!["KZ:IIN".parse().unwrap()],
        ..ProviderSettings::new(id.parse().unwrap(), Label::everywhere("Госуслуги"))
    };
    let now = Arc::new(|| UnixTime(NOW.as_seconds()));
    Provider::oidc(settings, RelyingParty::new(oidc, http.unwrap(), now))
}

/// Where the page on the way out leads.
fn address(departing: &Answer) -> Url {
    assert_eq!(departing.status, StatusCode::OK, "{}", departing.body);
    let refresh = departing.header("refresh");
    refresh.strip_prefix("0; url=").unwrap().parse().unwrap()
}

/// What the browser brings back, as the address it opens.
fn callback(back: &Return) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    match &back.answer {
        Ok(code) => query.append_pair("code", code),
        Err(error) => query.append_pair("error", error),
    };
    query.append_pair("state", &back.state);
    if let Some(issuer) = &back.issuer {
        query.append_pair("iss", issuer);
    }
    format!("/sign-in/provider/state/callback?{}", query.finish())
}

impl Browser<'_> {
    async fn leave(&self, honest: &provider::Provider, door: &str) -> String {
        self.leave_with(honest, door, &[]).await
    }

    async fn leave_with(&self, honest: &provider::Provider, door: &str, form: &[(&str, &str)]) -> String {
        self.get("/sign-in/password").await;
        self.get("/help").await;
        let departing = self.post(door, form).await;
        callback(&honest.come_back(&address(&departing)))
    }

    /// There and back.
    async fn through(&self, honest: &provider::Provider, door: &str) -> Answer {
        let back = self.leave(honest, door).await;
        self.get(&back).await
    }

    async fn sign_in_there(&self, honest: &provider::Provider) -> Answer {
        self.through(honest, "/sign-in/provider/state").await
    }

    /// From the settings to the page with both identities.
    async fn to_both(&self, honest: &provider::Provider, key: &Key) -> Answer {
        self.enter(key, ADDRESS).await;
        self.step_up(key).await;
        let back = self.through(honest, "/profile/identities/state/link").await;
        assert_eq!(back.location(), "/profile/linking", "{}", back.body);
        back
    }

    async fn link(&self, honest: &provider::Provider, key: &Key) {
        let back = self.to_both(honest, key).await;
        self.confirm_link(&back).await;
    }
}

#[tokio::test]
async fn req_4_2_1_linked_in_settings_then_entered_by_the_provider() {
    let (honest, app) = town().await;
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, ADDRESS).await;
    browser.get("/profile/binding").await;
    let early = browser.post("/profile/identities/state/link", &[]).await;
    assert!(
        early.location().starts_with("/step-up"),
        "B-10.a: {}",
        early.location()
    );

    let browser = app.browser();
    browser.sign_in(&key).await;
    browser.step_up(&key).await;
    let back = browser.through(&honest, "/profile/identities/state/link").await;
    assert_eq!(back.location(), "/profile/linking", "{}", back.body);
    let both = browser.get("/profile/linking").await;
    for word in ["Госуслуги", "совпадает", "900101300007", "askhat@state.example"] {
        assert!(both.body.contains(word), "{word}: {}", both.body);
    }
    let linked = browser
        .post("/profile/linking", &[("contact", "askhat@state.example")])
        .await;
    assert_eq!(
        linked.location(),
        "/profile/binding?done=linked",
        "{}",
        linked.body
    );
    let told = app.notices(ADDRESS).await;
    assert!(
        told.iter().any(|notice| notice.kind() == "identity-linked"),
        "{told:?}"
    );

    let other = app.browser();
    let entered = other.sign_in_there(&honest).await;
    assert_eq!(entered.location(), "/cabinet", "{}", entered.body);
    assert!(other.is_signed_in());
    assert_eq!(app.count("select count(*) from account").await, 1);
}

#[tokio::test]
async fn lnk_9_at_the_page_of_an_organisation_its_own_rules_count() {
    let (honest, app) = town().await;
    let (owner, key) = (app.browser(), app.key(&askhat()));
    owner.link(&honest, &key).await;
    let me = owner.get("/api/v1/me").await.json();
    let account = me["account"].as_str().unwrap().parse().unwrap();
    let schools = vec![
        school("lugovoe-30", "МБОУ СОШ № 30", &["provider/state"]),
        school("lugovoe-5", "МБОУ СОШ № 5", &["password"]),
        school("lugovoe-7", "МБОУ СОШ № 7", &["provider/state"]),
    ];
    bring(&app, schools).await;
    employ(&app, "lugovoe-30", account, "askhat").await;
    employ(&app, "lugovoe-5", account, "askhat").await;
    let browser = app.browser();
    browser.get("/sign-in/password").await;
    let form = [("organisation", "lugovoe-5")];
    let refused = browser.post("/sign-in/provider/state", &form).await;
    assert!(!browser.is_signed_in());
    let words = text::refusal::by_code(text::Lang::Ru, "organisation.method_not_offered").unwrap();
    assert!(refused.body.contains(words.what), "{}", refused.body);
    // who does not work there enters their own cabinet, not the organisation's
    for (code, inside) in [("lugovoe-7", 0), ("lugovoe-30", 1)] {
        let browser = app.browser();
        let form = [("organisation", code)];
        let back = browser
            .leave_with(&honest, "/sign-in/provider/state", &form)
            .await;
        let entered = browser.get(&back).await;
        assert_eq!(entered.location(), "/cabinet", "{code}: {}", entered.body);
        let own = "select count(*) from session where organisation_id is not null";
        assert_eq!(app.count(own).await, inside, "{code}");
    }
}

#[tokio::test]
async fn b_3_who_is_not_linked_is_told_and_nothing_is_made() {
    let (honest, app) = town().await;
    let (first, key) = (app.browser(), app.key(&askhat()));
    first.enter(&key, ADDRESS).await;
    let browser = app.browser();
    let arrived = browser.sign_in_there(&honest).await;
    assert_eq!(arrived.location(), "/sign-in/provider", "{}", arrived.body);
    assert!(!browser.is_signed_in());
    let page = browser.get("/sign-in/provider").await;
    assert!(page.body.contains("Сериков"), "{}", page.body);
    assert_eq!(app.count("select count(*) from account").await, 1, "LNK-1");

    let chosen = browser.post("/sign-in/provider/account", &[]).await;
    assert_eq!(chosen.location(), "/sign-in?return_to=%2Fprofile%2Flinking");
    for page in [chosen.location(), "/sign-in", "/sign-in/password"] {
        let (own, strange) = (browser.get(page).await, app.browser().get(page).await);
        assert!(own.body.contains("Вы привязываете"), "B-4: {page}");
        assert!(
            !strange.body.contains("Вы привязываете"),
            "{page} is for everybody"
        );
    }
    browser.sign_in(&key).await;
    let both = browser.get("/profile/linking").await;
    assert!(both.location().starts_with("/step-up"), "CMS-3: {}", both.body);
    browser.step_up(&key).await;
    browser.get("/profile/linking").await;
    let linked = browser.post("/profile/linking", &[]).await;
    assert_eq!(
        linked.location(),
        "/profile/binding?done=linked",
        "{}",
        linked.body
    );
}

#[tokio::test]
async fn oidc_1_a_callback_in_another_browser_sets_no_session() {
    let (honest, app) = town().await;
    app.browser().link(&honest, &app.key(&askhat())).await;
    let (one, other) = (app.browser(), app.browser());
    let back = one.leave(&honest, "/sign-in/provider/state").await;
    other.get("/sign-in").await;
    let asked = honest.asked("/token");
    let refused = other.get(&back).await;
    assert_eq!(refused.status, StatusCode::GONE, "{}", refused.body);
    assert!(refused.body.contains("federation.gone") && !other.is_signed_in());
    assert_eq!(honest.asked("/token"), asked, "no code left the server");
}

#[tokio::test]
async fn oidc_3_a_callback_works_once() {
    let (honest, app) = town().await;
    app.browser().link(&honest, &app.key(&askhat())).await;
    honest.lie(&[Lie::CodeTwice]);
    let browser = app.browser();
    let back = browser.leave(&honest, "/sign-in/provider/state").await;
    assert_eq!(browser.get(&back).await.location(), "/cabinet");
    let asked = honest.asked("/token");
    let again = browser.get(&back).await;
    assert!(again.body.contains("federation.used"), "{}", again.body);
    assert_eq!(honest.asked("/token"), asked);
}

#[tokio::test]
async fn oidc_2_begun_by_one_finished_by_another_links_nothing() {
    let (honest, app) = town().await;
    let browser = app.browser();
    browser.enter(&app.key(&askhat()), ADDRESS).await;
    let key = app.key(&askhat());
    browser.sign_in(&key).await;
    browser.step_up(&key).await;
    let back = browser.leave(&honest, "/profile/identities/state/link").await;
    browser.get("/cabinet").await;
    browser.post("/sign-out", &[]).await;
    browser.get("/sign-in").await;
    browser.enter(&app.key(&aigul()), "aigul@example.kz").await;
    let refused = browser.get(&back).await;
    assert!(
        refused.body.contains("federation.other_session"),
        "{}",
        refused.body
    );
    assert_eq!(app.count("select count(*) from external_identity").await, 0);
}

#[tokio::test]
async fn oidc_4_another_issuer_or_none_sends_no_code() {
    let (honest, app) = town().await;
    for lie in [Lie::CallbackOfAnother, Lie::NamelessCallback] {
        honest.lie(&[lie]);
        let refused = app.browser().sign_in_there(&honest).await;
        assert!(refused.body.contains("provider.wrong_sender"), "{}", refused.body);
    }
    assert_eq!(honest.asked("/token"), 0);
}

#[tokio::test]
async fn b_2_a_lies_and_refusals_end_on_a_readable_page_without_a_session() {
    let (honest, app) = town().await;
    app.browser().link(&honest, &app.key(&askhat())).await;
    for (lie, code) in [
        (Lie::Declined, "provider.declined"),
        (Lie::OtherNonce, "provider.token_invalid"),
        (Lie::WrongSignature, "provider.token_invalid"),
        (Lie::OtherSubject, "provider.other_person"),
        (Lie::NoIdToken, "provider.unusable"),
    ] {
        honest.lie(&[lie]);
        let browser = app.browser();
        let refused = browser.sign_in_there(&honest).await;
        assert!(refused.status.is_client_error(), "{lie:?}: {}", refused.status);
        assert!(refused.body.contains(code), "{lie:?}: {}", refused.body);
        assert!(refused.body.contains("<h1>") && !browser.is_signed_in());
    }
    honest.lie(&[]);
    for wrong in ["", "?code=x", "?state=x&code=y", "?error=access_denied&state=00"] {
        let refused = app
            .browser()
            .get(&format!("/sign-in/provider/state/callback{wrong}"))
            .await;
        assert!(refused.status.is_client_error(), "{wrong}: {}", refused.status);
    }
    let nobody = app.browser().get("/sign-in/provider/NO/callback").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn lnk_8_an_address_alone_begins_nothing() {
    let (_honest, app) = town().await;
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, ADDRESS).await;
    browser.step_up(&key).await;
    for path in ["/profile/identities/state/link", "/sign-in/provider/state"] {
        browser.get(path).await;
        browser.post_raw(path, "").await;
    }
    let sql = "select count(*) from ticket where purpose = 'provider'";
    assert_eq!(app.count(sql).await, 0);
}

#[tokio::test]
async fn lnk_10_another_cabinets_identity_is_a_conflict_without_a_name() {
    let (honest, app) = town().await;
    app.browser().link(&honest, &app.key(&askhat())).await;
    let (browser, key) = (app.browser(), app.key(&aigul()));
    browser.enter(&key, "aigul@example.kz").await;
    browser.step_up(&key).await;
    let refused = browser.through(&honest, "/profile/identities/state/link").await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    assert!(refused.body.contains("federation.linked_elsewhere"));
    assert!(
        !refused.body.contains("Сериков") && !refused.body.contains("askhat"),
        "{}",
        refused.body
    );
}

#[tokio::test]
async fn lnk_5_an_address_that_was_not_verified_waits_for_a_code() {
    for unverified in [json!("true"), json!(1), json!(false), json!(null)] {
        let (honest, app) = town().await;
        let mut claims = there();
        claims["email_verified"] = unverified;
        honest.person(claims);
        let (browser, key) = (app.browser(), app.key(&askhat()));
        browser.to_both(&honest, &key).await;
        browser.get("/profile/linking").await;
        let linked = browser
            .post("/profile/linking", &[("contact", "askhat@state.example")])
            .await;
        assert_eq!(
            linked.location(),
            "/profile/binding?done=linked-contacts",
            "{}",
            linked.body
        );
        let sql = "select count(*) from contact where value = 'askhat@state.example'";
        assert_eq!(app.count(sql).await, 0);
    }
}

#[tokio::test]
async fn b_14_unlinked_by_page_and_by_api() {
    let (honest, app) = town().await;
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.link(&honest, &key).await;
    let ways = browser
        .json(Method::GET, "/api/v1/authenticators", &json!(null))
        .await
        .json();
    let ways = ways.as_array().unwrap().clone();
    let identity = ways
        .iter()
        .find(|way| way["kind"] == "external-identity")
        .unwrap();
    assert_eq!(identity["identity"]["state"], "in_force");
    assert_eq!(identity["is_only"], false);
    let id = identity["id"].as_str().unwrap();
    browser.get("/profile/binding").await;
    let gone = browser
        .post(&format!("/profile/identities/{id}/unlink"), &[])
        .await;
    assert_eq!(gone.location(), "/profile/binding?done=unlinked", "{}", gone.body);
    let path = format!("/api/v1/authenticators/{id}");
    let twice = browser.json(Method::DELETE, &path, &json!(null)).await;
    assert_eq!(twice.status, StatusCode::NOT_FOUND, "{}", twice.body);
}

#[tokio::test]
async fn the_api_does_what_the_pages_do() {
    let (honest, app) = town().await;
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, ADDRESS).await;
    browser.step_up(&key).await;
    browser.get("/help").await;
    let begun = browser
        .json(Method::POST, "/api/v1/providers/state/link", &json!({}))
        .await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.body);
    let to: Url = begun.json()["address"].as_str().unwrap().parse().unwrap();
    let back = honest.come_back(&to);
    let body = json!({ "code": back.answer.unwrap(), "state": back.state, "iss": back.issuer });
    let came = browser
        .json(Method::POST, "/api/v1/providers/state/callback", &body)
        .await;
    assert_eq!(came.json()["outcome"], "ready_to_confirm", "{}", came.body);
    let both = browser
        .json(Method::GET, "/api/v1/linking", &json!(null))
        .await
        .json();
    assert_eq!(both["names"], "same");
    let made = browser
        .json(Method::POST, "/api/v1/linking", &json!({ "contacts": [] }))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let again = browser.json(Method::POST, "/api/v1/linking", &json!({})).await;
    assert_eq!(again.status, StatusCode::GONE, "{}", again.body);
}

#[tokio::test]
async fn lnk_14_a_linked_identity_proves_the_other_account_by_a_fresh_proof_alone() {
    let (honest, app) = town().await;
    let keys = [app.key(&aigul()), app.key(&askhat())];
    let [kept, other] = two(&app, &keys).await;
    begin(&kept, &keys[0]).await;
    let page = kept.get("/profile/merge/prove?way=other").await.body;
    assert!(page.contains("/profile/merge/provider/state"), "{page}");
    let door = "/profile/merge/provider/state";
    let unknown = kept.through(&honest, door).await;
    assert!(unknown.says("federation.opens_nothing"), "{}", unknown.body);

    other.step_up(&keys[1]).await;
    let back = other.through(&honest, "/profile/identities/state/link").await;
    other.confirm_link(&back).await;
    let weak = kept.through(&honest, door).await;
    assert!(
        weak.says("merge.weak_proof"),
        "a key opens it, too: {}",
        weak.body
    );
    end_certificate_of(&app, ADDRESS).await;
    honest.lie(&[Lie::OldProof]);
    let stale = kept.through(&honest, door).await;
    assert!(stale.says("provider.not_fresh"), "{}", stale.body);
    assert!(
        stale.body.contains("/end?client_id="),
        "out of there first: {}",
        stale.body
    );
    honest.lie(&[]);
    let proven = kept.through(&honest, door).await;
    assert_eq!(proven.location(), "/profile/merge/confirm", "{}", proven.body);
    let page = kept.get("/profile/merge/confirm").await;
    assert!(page.body.contains(ADDRESS), "{}", page.body);
    let stranger = app.browser();
    stranger.get("/sign-in").await;
    let refused = stranger.post(door, &[]).await;
    assert!(
        refused.location().starts_with("/sign-in"),
        "{}",
        refused.location()
    );
}
