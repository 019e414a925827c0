//! `/sign-in/provider/{id}/password`: a password that a real slapd checks.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use cabinet::Demand;
use cabinet::provider::{self, ProviderLabel, ProviderRules};
use esign::time::UnixTime;
use remote::ldap::{BindPassword, Directory, DirectorySettings, Identity, Lookup};
use remote::oidc::ClaimMapping;
use remote::provider::{Label, Offered, Provider, ProviderSettings, Providers};
use serde_json::json;
use testkit::directory::{self, ACCOUNT, BASE, Member, PASSWORD};
use testkit::pki::{aigul, askhat};
use testkit::visit::NOW;

use crate::app::{Answer, Browser, TestApp};
use crate::organisation::{bring, employ, school};

const ADDRESS: &str = "askhat@example.kz";
const DOOR: &str = "/sign-in/provider/network";

fn network(servers: &[String], authorities: &[&str]) -> Provider {
    let settings = ProviderSettings {
        offered: Offered::ByOrganisation,
        ..ProviderSettings::new("network".parse().unwrap(), Label::everywhere("Школьная сеть"))
    };
    let directory = DirectorySettings {
        servers: servers.iter().map(|server| server.parse().unwrap()).collect(),
        authorities: authorities.iter().map(|pem| pem.as_bytes().to_vec()).collect(),
        lookup: Lookup::Search {
            account: ACCOUNT[0].to_owned(),
            account_password: BindPassword::new(ACCOUNT[1].to_owned()),
            base: BASE.to_owned(),
            logins: vec!["uid".to_owned()],
            object_class: "inetOrgPerson".to_owned(),
            member_of: None,
        },
        identity: Identity::EntryUuid,
        mapping: ClaimMapping {
            surname: "sn".to_owned(),
            given_name: "givenName".to_owned(),
            email: "mail".to_owned(),
            ..ClaimMapping::default()
        },
        patience: Duration::from_secs(20),
        at_once: 8,
    };
    let now = Arc::new(|| UnixTime(NOW.as_seconds()));
    Provider::directory(settings, Directory::new(directory, now).unwrap())
}

/// A cabinet beside a school whose people are in a directory.
async fn town() -> Option<(directory::Directory, TestApp)> {
    let people = [
        Member {
            login: "askhat",
            name: ["Сериков", "Асхат"],
            attributes: &[("mail", ADDRESS)],
        },
        Member {
            login: "aigul",
            name: ["Серикова", "Айгүл"],
            attributes: &[("mail", ADDRESS)],
        },
    ];
    let network_of_school = directory::Directory::start(&people)?;
    let app = beside(network(
        &[network_of_school.encrypted()],
        &[&network_of_school.authority],
    ));
    let schools = vec![
        school("lugovoe-30", "МБОУ СОШ № 30", &["provider/network", "password"]),
        school("lugovoe-5", "МБОУ СОШ № 5", &["password"]),
    ];
    bring(&app, schools).await;
    Some((network_of_school, app))
}

fn beside(network: Provider) -> TestApp {
    let label = "Школьная сеть".to_owned();
    TestApp::with(move |app| {
        app.providers = Providers::new(vec![network]);
        Arc::make_mut(&mut app.rules).providers = vec![ProviderRules {
            key: "network".parse().unwrap(),
            label: ProviderLabel {
                ru: label.clone(),
                kk: label.clone(),
                en: label,
            },
            proves_anew: true,
            offered: provider::Offered::ByOrganisation,
            demand: Demand::Enrolled,
        }];
    })
}

impl Browser<'_> {
    /// By the button of the school's page to the form; gives its address.
    async fn to_form(&self) -> String {
        self.get("/o/lugovoe-30").await;
        let form = self.post(DOOR, &[("organisation", "lugovoe-30")]).await;
        assert_eq!(form.status, StatusCode::SEE_OTHER, "{}", form.body);
        form.location().to_owned()
    }

    async fn type_in(&self, form: &str, login: &str, password: &str) -> Answer {
        self.post(form, &[("login", login), ("password", password)]).await
    }

    async fn by_network(&self, login: &str) -> Answer {
        let form = self.to_form().await;
        assert!(self.get(&form).await.body.contains("Школьная сеть"));
        self.type_in(&form, login, PASSWORD).await
    }

    /// The account of this key, linked in its settings.
    async fn link_network(&self, app: &TestApp) {
        let key = app.key(&askhat());
        self.enter(&key, ADDRESS).await;
        self.step_up(&key).await;
        let form = self.post("/profile/identities/network/link", &[]).await;
        let form = form.location().to_owned();
        self.get(&form).await;
        let back = self.type_in(&form, "askhat", PASSWORD).await;
        self.confirm_link(&back).await;
    }
}

#[tokio::test]
async fn req_4_1_6_a_password_of_the_directory_opens_the_account_it_was_linked_to() {
    let Some((_network, app)) = town().await else {
        return;
    };
    let owner = app.browser();
    owner.link_network(&app).await;
    let me = owner.get("/api/v1/me").await.json();
    let account = me["account"].as_str().unwrap().parse().unwrap();
    employ(&app, "lugovoe-30", account, "askhat").await;

    let browser = app.browser();
    let page = browser.get("/o/lugovoe-30").await;
    assert!(page.body.contains("Войти: Школьная сеть"), "B-7: {}", page.body);
    let entered = browser.by_network("Askhat").await;
    assert_eq!(entered.location(), "/cabinet", "{}", entered.body);
    assert_eq!(browser.get("/api/v1/me").await.json()["account"], me["account"]);
    let inside = "select count(*) from session where organisation_id is not null";
    assert_eq!(app.count(inside).await, 1, "for the school whose page it was");
}

/// Both have the address of Асхат's account in the directory: an address links nobody (LNK-6).
#[tokio::test]
async fn b_3_whoever_of_the_directory_is_not_linked_is_told_and_nothing_is_made() {
    let Some((_network, app)) = town().await else {
        return;
    };
    app.browser().link_network(&app).await;
    let browser = app.browser();
    let arrived = browser.by_network("aigul").await;
    assert_eq!(arrived.location(), "/sign-in/provider", "{}", arrived.body);
    assert!(!browser.is_signed_in());
    let page = browser.get("/sign-in/provider").await;
    assert!(page.body.contains("Серикова Айгүл"), "{}", page.body);
    assert_eq!(app.count("select count(*) from account").await, 1, "LNK-1");
    browser.post("/sign-in/provider/account", &[]).await;
    browser.enter(&app.key(&aigul()), "aigul@example.kz").await;
    let both = browser.get("/profile/linking").await;
    assert!(both.location().starts_with("/step-up"), "{}", both.body);
}

/// The same form, the same words, whether the name is known or not; the way goes on.
#[tokio::test]
async fn pwd_5_a_wrong_password_and_a_stranger_get_the_same_form_again() {
    let Some((_network, app)) = town().await else {
        return;
    };
    app.browser().link_network(&app).await;
    let browser = app.browser();
    let form = browser.to_form().await;
    let wrong = browser.type_in(&form, "askhat", "wrong").await;
    let unknown = browser.type_in(&form, "asqhat", "wrong").await;
    assert!(wrong.says("provider.password_wrong"), "{}", wrong.body);
    assert_eq!(wrong.status, unknown.status);
    let plain = |answer: &Answer, login: &str| {
        let reference = answer.body.split("<p class=\"reference\">").nth(1).unwrap();
        let reference = reference.split("</p>").next().unwrap();
        answer.body.replace(reference, "").replace(login, "")
    };
    assert_eq!(plain(&wrong, "askhat"), plain(&unknown, "asqhat"));
    let entered = browser.type_in(&form, "askhat", PASSWORD).await;
    assert_eq!(entered.location(), "/cabinet", "{}", entered.body);
    browser.get("/cabinet").await;
    let again = browser.type_in(&form, "askhat", PASSWORD).await;
    assert!(
        again.says("federation.used"),
        "a way is taken up once: {}",
        again.body
    );
}

#[tokio::test]
async fn pwd_1_parallel_guesses_at_a_directory_are_counted_before_it_is_asked() {
    let Some((network, app)) = town().await else {
        return;
    };
    let browser = app.browser();
    let form = browser.to_form().await;
    browser.get(&form).await;
    let guess = |password| browser.type_in(&form, "askhat", password);
    let four = async || {
        let (first, second, third, fourth) = tokio::join!(guess("a"), guess("b"), guess("c"), guess("d"));
        [first, second, third, fourth]
    };
    let (some, others) = tokio::join!(four(), four());
    let answers = some.iter().chain(&others);
    let held = answers.filter(|answer| answer.says("password.too_many_tries"));
    assert_eq!(held.count(), 3);
    let right = browser.type_in(&form, "askhat", PASSWORD).await;
    assert!(right.says("password.too_many_tries"), "{}", right.body);
    app.advance(Duration::from_secs(2));
    let arrived = browser.type_in(&form, "askhat", PASSWORD).await;
    assert_eq!(arrived.location(), "/sign-in/provider", "{}", arrived.body);
    let told = network.stop();
    let tried = told
        .iter()
        .filter(|line| line.contains("BIND dn=\"uid=") && line.contains("method="));
    assert_eq!(tried.count(), 6, "{told:#?}");
}

#[tokio::test]
async fn spn_3_an_empty_password_asks_nobody() {
    let Some((network, app)) = town().await else {
        return;
    };
    let browser = app.browser();
    let form = browser.to_form().await;
    for (login, password) in [("askhat", ""), ("", PASSWORD), ("", "")] {
        let again = browser.type_in(&form, login, password).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("aria-invalid"), "{}", again.body);
    }
    let injected = browser.type_in(&form, "*)(uid=*", PASSWORD).await;
    assert!(injected.says("provider.password_wrong"), "{}", injected.body);
    let told = network.stop();
    assert!(
        !told.iter().any(|line| line.contains("BIND dn=\"uid=")),
        "{told:#?}"
    );
}

#[tokio::test]
async fn lnk_9_a_directory_opens_doors_only_where_an_organisation_offers_it() {
    let Some((_network, app)) = town().await else {
        return;
    };
    app.browser().link_network(&app).await;
    let browser = app.browser();
    browser.get("/sign-in").await;
    for form in [vec![], vec![("organisation", "lugovoe-5")]] {
        let refused = browser.post(DOOR, &form).await;
        assert!(
            refused.says("organisation.method_not_offered"),
            "{}",
            refused.body
        );
    }
    assert!(!browser.get("/sign-in").await.body.contains("Школьная сеть"));
    let form = browser.to_form().await;
    let gone = app
        .app
        .db
        .write(|tx| tx.execute("delete from organisation_method", &[]));
    gone.await.unwrap();
    for answer in [
        browser.get(&form).await,
        browser.type_in(&form, "askhat", PASSWORD).await,
    ] {
        assert!(answer.says("organisation.method_not_offered"), "{}", answer.body);
    }
    assert!(!browser.is_signed_in());
}

#[tokio::test]
async fn oidc_1_a_way_belongs_to_the_browser_that_began_it() {
    let Some((_network, app)) = town().await else {
        return;
    };
    app.browser().link_network(&app).await;
    let form = app.browser().to_form().await;
    let stranger = app.browser();
    stranger.get("/sign-in").await;
    for answer in [
        stranger.get(&form).await,
        stranger.type_in(&form, "askhat", PASSWORD).await,
        stranger.get("/sign-in/provider/network/password").await,
    ] {
        assert!(answer.says("federation.gone"), "{}", answer.body);
        assert_eq!(answer.status, StatusCode::GONE);
    }
    assert!(!stranger.is_signed_in());
}

#[tokio::test]
async fn ses_5_a_password_of_the_directory_is_a_fresh_proof() {
    let Some((_network, app)) = town().await else {
        return;
    };
    app.browser().link_network(&app).await;
    let browser = app.browser();
    browser.by_network("askhat").await;
    browser.get("/step-up").await;
    let form = browser
        .post("/step-up/provider/network", &[("return_to", "/profile/binding")])
        .await;
    let form = form.location().to_owned();
    browser.get(&form).await;
    let other = browser.type_in(&form, "aigul", PASSWORD).await;
    assert!(other.says("federation.other_person"), "{}", other.body);
    browser.get("/step-up").await;
    let form = browser.post("/step-up/provider/network", &[]).await;
    let form = form.location().to_owned();
    browser.get(&form).await;
    let stronger = browser.type_in(&form, "askhat", PASSWORD).await;
    assert_eq!(stronger.status, StatusCode::SEE_OTHER, "{}", stronger.body);
    assert!(
        !stronger.location().starts_with("/sign-in"),
        "{}",
        stronger.location()
    );
}

#[tokio::test]
async fn a_directory_that_is_down_is_said_to_be_and_nothing_else_is_tried() {
    let app = beside(network(&["ldaps://127.0.0.1:1".to_owned()], &[]));
    bring(
        &app,
        vec![school("lugovoe-30", "МБОУ СОШ № 30", &["provider/network"])],
    )
    .await;
    let browser = app.browser();
    let answer = browser.by_network("askhat").await;
    assert!(answer.says("provider.unreachable"), "{}", answer.body);
    assert!(!browser.is_signed_in());
}

#[tokio::test]
async fn req_4_12_6_a_program_enters_by_the_directory_as_a_page_does() {
    let Some((_network, app)) = town().await else {
        return;
    };
    app.browser().link_network(&app).await;
    let client = app.browser();
    client.get("/sign-in").await;
    let begun = "/api/v1/providers/network/sign-in?organisation=lugovoe-30";
    let begun = client.json(Method::POST, begun, &json!({})).await;
    let address = begun.json()["address"].as_str().unwrap().to_owned();
    let state = address.split("state=").nth(1).unwrap();
    let typed = |password: &str| json!({ "state": state, "login": "askhat", "password": password });
    let door = "/api/v1/providers/network/password";
    let wrong = client.json(Method::POST, door, &typed("wrong")).await;
    assert_eq!(wrong.json()["code"], "provider.password_wrong");
    let entered = client.json(Method::POST, door, &typed(PASSWORD)).await;
    assert_eq!(entered.json()["outcome"], "signed_in", "{}", entered.body);
}
