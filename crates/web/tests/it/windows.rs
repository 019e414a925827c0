//! `/sign-in/provider/{id}/windows`: tickets of a real KDC, as browsers hand them over. With the feature `kerberos` alone.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use cabinet::Demand;
use cabinet::provider::{self, ProviderLabel, ProviderRules};
use data_encoding::BASE64;
use remote::kerberos::{Kerberos, KerberosSettings};
use remote::provider::{Label, Offered, Provider, ProviderSettings, Providers};
use serde_json::json;
use testkit::kerberos::{Realm, SERVICE};
use testkit::pki::askhat;

use crate::app::{Answer, Browser, TestApp};
use crate::connections::Server;
use crate::organisation::{bring, employ, school};

const ADDRESS: &str = "askhat@example.kz";
const DOOR: &str = "/sign-in/provider/windows";
/// What Windows sends that is in no domain (NTLMSSP, type 1).
const NTLM: &str = "TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKAO5CAAAADw==";

/// A cabinet beside a school with a domain.
async fn town() -> Option<(Realm, TestApp)> {
    let realm = Realm::start(&["askhat", "aigul"])?;
    let app = beside(&realm);
    let schools = vec![
        school("lugovoe-30", "МБОУ СОШ № 30", &["password", "provider/windows"]),
        school("lugovoe-5", "МБОУ СОШ № 5", &["password"]),
    ];
    bring(&app, schools).await;
    Some((realm, app))
}

fn beside(realm: &Realm) -> TestApp {
    let label = "Учётная запись Windows".to_owned();
    let settings = ProviderSettings {
        offered: Offered::ByOrganisation,
        ..ProviderSettings::new("windows".parse().unwrap(), Label::everywhere(&label))
    };
    let kerberos = Kerberos::new(KerberosSettings {
        service: SERVICE.parse().unwrap(),
        keytab: realm.keytab(),
        realms: Vec::new(),
    });
    let windows = Provider::kerberos(settings, kerberos.unwrap());
    TestApp::with(move |app| {
        app.providers = Providers::new(vec![windows]);
        Arc::make_mut(&mut app.rules).providers = vec![ProviderRules {
            key: "windows".parse().unwrap(),
            label: ProviderLabel {
                ru: label.clone(),
                kk: label.clone(),
                en: label,
            },
            proves_anew: false,
            offered: provider::Offered::ByOrganisation,
            demand: Demand::Enrolled,
        }];
    })
}

impl Browser<'_> {
    /// By the button of the school's page to the address that takes tickets.
    async fn to_ticket(&self) -> String {
        self.get("/o/lugovoe-30").await;
        let way = self.post(DOOR, &[("organisation", "lugovoe-30")]).await;
        assert_eq!(way.status, StatusCode::SEE_OTHER, "{}", way.body);
        way.location().to_owned()
    }

    /// What a browser does by itself when it is asked for a ticket.
    async fn hand_over(&self, way: &str, token: &str) -> Answer {
        let asked = self.get(way).await;
        assert_eq!(asked.status, StatusCode::UNAUTHORIZED, "{}", asked.body);
        assert_eq!(asked.header("www-authenticate"), "Negotiate");
        assert!(
            asked.body.contains("не подтвердил учётную запись Windows"),
            "who has none reads why"
        );
        self.send_ticket(way, token).await
    }

    async fn send_ticket(&self, way: &str, token: &str) -> Answer {
        let ticket = format!("Negotiate {token}");
        self.send(Method::GET, way, &[("authorization", &ticket)], "")
            .await
    }

    async fn link_windows(&self, app: &TestApp, realm: &Realm) {
        let key = app.key(&askhat());
        self.enter(&key, ADDRESS).await;
        self.step_up(&key).await;
        let way = self.post("/profile/identities/windows/link", &[]).await;
        let token = realm.token(&realm.sign_in("askhat"), "localhost");
        let back = self.hand_over(way.location(), &token).await;
        self.confirm_link(&back).await;
    }
}

#[tokio::test]
async fn b_7_c_a_windows_account_opens_the_account_it_was_linked_to() {
    let Some((realm, app)) = town().await else { return };
    let owner = app.browser();
    owner.link_windows(&app, &realm).await;
    let me = owner.get("/api/v1/me").await.json();
    employ(
        &app,
        "lugovoe-30",
        me["account"].as_str().unwrap().parse().unwrap(),
        "askhat",
    )
    .await;

    let browser = app.browser();
    let way = browser.to_ticket().await;
    let token = realm.token(&realm.sign_in("askhat"), "localhost");
    let entered = browser.hand_over(&way, &token).await;
    assert_eq!(entered.location(), "/cabinet", "{}", entered.body);
    let reply = entered
        .header("www-authenticate")
        .strip_prefix("Negotiate ")
        .unwrap();
    assert!(
        BASE64.decode(reply.as_bytes()).unwrap().len() > 16,
        "mutual authentication"
    );
    assert_eq!(browser.get("/api/v1/me").await.json()["account"], me["account"]);
}

#[tokio::test]
async fn b_3_a_windows_account_that_is_not_linked_makes_nothing() {
    let Some((realm, app)) = town().await else { return };
    let browser = app.browser();
    let way = browser.to_ticket().await;
    let token = realm.token(&realm.sign_in("aigul"), "localhost");
    let arrived = browser.hand_over(&way, &token).await;
    assert_eq!(arrived.location(), "/sign-in/provider", "{}", arrived.body);
    assert!(!browser.is_signed_in());
    assert_eq!(app.count("select count(*) from account").await, 0, "LNK-1");
}

/// Browsers hand tickets over by themselves, also to an image on another site's page.
#[tokio::test]
async fn spn_1_a_ticket_without_the_button_signs_nobody_in() {
    let Some((realm, app)) = town().await else { return };
    app.browser().link_windows(&app, &realm).await;
    let token = || realm.token(&realm.sign_in("askhat"), "localhost");
    let foreign = app.browser().to_ticket().await;
    for way in ["/sign-in/provider/windows/windows", &foreign] {
        let browser = app.browser();
        let ticket = format!("Negotiate {}", token());
        let headers = [
            ("authorization", ticket.as_str()),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-dest", "image"),
        ];
        let refused = browser.send(Method::GET, way, &headers, "").await;
        assert!(refused.says("federation.gone"), "{}", refused.body);
        assert!(!browser.is_signed_in());
        let unasked = browser.get(way).await;
        assert_eq!(unasked.status, StatusCode::GONE);
        assert_eq!(
            unasked.headers.get("www-authenticate"),
            None,
            "nobody is asked for a ticket"
        );
    }
    let browser = app.browser();
    let way = browser.to_ticket().await;
    let token = token();
    let entered = browser.hand_over(&way, &token).await;
    assert_eq!(entered.location(), "/cabinet", "{}", entered.body);
    let again = browser.send_ticket(&way, &token).await;
    assert!(
        again.says("federation.used"),
        "a way is taken up once: {}",
        again.body
    );
}

#[tokio::test]
async fn spn_1_ntlm_and_other_schemes_are_told_no_and_not_asked_again() {
    let Some((_realm, app)) = town().await else { return };
    let browser = app.browser();
    let way = browser.to_ticket().await;
    for token in [NTLM, "YA==", "", "@@@"] {
        let refused = browser.send_ticket(&way, token).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{token}");
        assert!(refused.says("provider.no_ticket"), "{}", refused.body);
        assert_eq!(refused.headers.get("www-authenticate"), None);
    }
    let basic = [("authorization", "Basic YTpi")];
    let refused = browser.send(Method::GET, &way, &basic, "").await;
    assert!(refused.says("provider.no_ticket") && !browser.is_signed_in());
}

#[tokio::test]
async fn lnk_9_nobody_is_asked_for_a_ticket_where_no_organisation_offers_it() {
    let Some((realm, app)) = town().await else { return };
    app.browser().link_windows(&app, &realm).await;
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
    let way = browser.to_ticket().await;
    let gone = app
        .app
        .db
        .write(|tx| tx.execute("delete from organisation_method", &[]));
    gone.await.unwrap();
    let token = realm.token(&realm.sign_in("askhat"), "localhost");
    for answer in [browser.get(&way).await, browser.send_ticket(&way, &token).await] {
        assert!(answer.says("organisation.method_not_offered"), "{}", answer.body);
        assert_eq!(answer.headers.get("www-authenticate"), None);
    }
    assert!(!browser.is_signed_in());
}

#[tokio::test]
async fn req_4_12_6_a_program_enters_with_a_ticket_as_a_browser_does() {
    let Some((realm, app)) = town().await else { return };
    app.browser().link_windows(&app, &realm).await;
    let client = app.browser();
    client.get("/sign-in").await;
    let begun = "/api/v1/providers/windows/sign-in?organisation=lugovoe-30";
    let begun = client.json(Method::POST, begun, &json!({})).await.json();
    let state = begun["address"]
        .as_str()
        .unwrap()
        .split("state=")
        .nth(1)
        .unwrap()
        .to_owned();
    let ticket = realm.token(&realm.sign_in("askhat"), "localhost");
    let sent = json!({ "state": state, "ticket": ticket });
    let entered = client
        .json(Method::POST, "/api/v1/providers/windows/ticket", &sent)
        .await;
    assert_eq!(entered.json()["outcome"], "signed_in", "{}", entered.body);
    assert!(entered.header("www-authenticate").starts_with("Negotiate "));
}

/// Tickets of people in many groups are long.
#[tokio::test]
async fn spn_2_a_long_ticket_is_heard_at_its_address_and_nothing_as_long_elsewhere() {
    let Some((_realm, app)) = town().await else { return };
    let (server, usual) = (Server::start(&app).await, TestApp::new());
    let usual = Server::start(&usual).await;
    let long = "A".repeat(40 * 1024);
    let request = |path: &str, line: &str| {
        format!("GET {path} HTTP/1.1\r\nhost: kabinet.example\r\nconnection: close\r\n{line}{long}\r\n\r\n")
    };
    let ticket = request("/sign-in/provider/windows/windows", "authorization: Negotiate ");
    let heard = server.ask(&ticket).await;
    assert!(heard.starts_with("HTTP/1.1 410"), "{heard}");
    let too_long = [
        server.ask(&request("/sign-in", "cookie: a=")).await,
        server
            .ask(&request(
                "/sign-in/provider/windows/password",
                "authorization: Negotiate ",
            ))
            .await,
        usual.ask(&ticket).await,
    ];
    for answer in too_long {
        assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    }
}
