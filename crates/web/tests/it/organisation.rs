//! B-1, B-7: finding an organisation, entering through it, moving between organisations.

use std::time::Duration;

use axum::http::{Method as Verb, StatusCode};
use cabinet::account::{AccountId, Name};
use cabinet::organisation::{
    self, KindId, Method, NewOrganisation, NewStaff, OfferedMethods, OrganisationCode, OrganisationScope,
    SupportEntry, SupportWay, UserName,
};
use cabinet::{Demand, Visit};
use serde_json::json;
use testkit::pki::askhat;
use testkit::visit::visit;
use web::{Allowance, Proxies};

use crate::app::{Browser, TestApp};

const EMAIL: &str = "askhat@example.kz";
const PASSWORD: &str = "верблюд-скрипка-47-облако";

pub(crate) fn school(code: &str, name: &str, methods: &[&str]) -> NewOrganisation {
    NewOrganisation {
        code: OrganisationCode::parse(code).unwrap(),
        kind: KindId::parse("education").unwrap(),
        region: "Сахалинская обл.".to_owned(),
        locality: "Луговое".to_owned(),
        name: name.to_owned(),
        short_name: name.to_owned(),
        support: vec![SupportEntry {
            label: "Приёмная".to_owned(),
            way: SupportWay::Phone("+7 4242 30-30-30".to_owned()),
        }],
        methods: OfferedMethods::new(methods.iter().map(|word| Method::parse(word).unwrap())),
        second_factor: Demand::Nobody,
        is_closed: false,
    }
}

pub(crate) async fn bring(app: &TestApp, rows: Vec<NewOrganisation>) {
    let import = app
        .app
        .db
        .write(move |tx| organisation::import(tx, &visit(), &rows));
    import.await.unwrap();
}

/// Makes the person of `account` a member with a user name.
#[expect(clippy::disallowed_methods, reason = "the test is the operator")]
pub(crate) async fn employ(app: &TestApp, code: &'static str, account: AccountId, user_name: &'static str) {
    let employ = app.app.db.write(move |tx| {
        let visit: Visit = visit();
        let code = OrganisationCode::parse(code).unwrap();
        let found = organisation::find_by_code(tx, &code)?.unwrap();
        let scope = OrganisationScope::of_operator(found.id);
        let staff = NewStaff {
            name: Name {
                surname: "Сериков".to_owned(),
                given_name: "Асхат".to_owned(),
                patronymic: String::new(),
            },
            position: "учитель".to_owned(),
            ..NewStaff::default()
        };
        let staff = organisation::add_staff(tx, &visit, &scope, &staff)?;
        organisation::join(tx, &visit, &scope, staff, account)?;
        let name = UserName::parse(user_name).unwrap();
        organisation::set_user_name(tx, &visit, &scope, account, &name)
    });
    employ.await.unwrap().unwrap();
}

/// A person with a password, signed out.
async fn with_password(app: &TestApp) -> AccountId {
    let (browser, key) = (app.browser(), app.key(&askhat()));
    browser.enter(&key, EMAIL).await;
    browser.step_up(&key).await;
    let set = browser.post("/profile/password", &[("password", PASSWORD)]).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.body);
    let me = browser.get("/api/v1/me").await.json();
    me["account"].as_str().unwrap().parse().unwrap()
}

async fn enter(browser: &Browser<'_>, code: &str, login: &str, password: &str) -> crate::app::Answer {
    let page = format!("/o/{code}");
    browser.get(&page).await;
    browser
        .post(
            &page,
            &[("login", login), ("password", password), ("remember", "yes")],
        )
        .await
}

#[tokio::test]
async fn b_7_by_place_by_name_and_by_link() {
    let app = TestApp::new();
    let browser = app.browser();
    assert!(
        !browser.get("/").await.body.contains("/organisations"),
        "nothing to look for"
    );
    bring(
        &app,
        vec![
            school("lugovoe-30", "МБОУ СОШ № 30", &[]),
            school("lugovoe-5", "МБОУ СОШ № 5", &[]),
        ],
    )
    .await;
    app.advance(Duration::from_secs(10));
    assert!(browser.get("/").await.body.contains("/organisations"));
    let page = browser.get("/organisations").await.body;
    let region = page
        .split("/organisations?kind=education&#38;region=")
        .nth(1)
        .unwrap();
    let region = &region[..36];
    // the only place of the region is chosen by itself
    let place = browser
        .get(&format!("/organisations?kind=education&region={region}"))
        .await
        .body;
    assert!(
        place.contains("/o/lugovoe-30") && place.contains("/o/lugovoe-5"),
        "{place}"
    );
    let found = browser
        .get("/organisations/found?q=%D0%9B%D0%A3%D0%93+30")
        .await
        .json();
    assert_eq!(found["groups"][0]["picks"][0]["href"], "/o/lugovoe-30", "{found}");
    assert_eq!(
        browser
            .get("/organisations?organisation=lugovoe-30")
            .await
            .location(),
        "/o/lugovoe-30"
    );
    let one = browser.get("/o/lugovoe-30").await;
    assert!(
        one.body.contains("МБОУ СОШ № 30") && one.body.contains("+7 4242 30-30-30"),
        "A-13.a"
    );
    assert_eq!(browser.get("/o/nowhere").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn b_7_a_user_name_enters_and_the_device_remembers_only_if_asked() {
    let app = TestApp::new();
    bring(
        &app,
        vec![
            school("lugovoe-30", "МБОУ СОШ № 30", &[]),
            school("lugovoe-5", "МБОУ СОШ № 5", &[]),
        ],
    )
    .await;
    let account = with_password(&app).await;
    employ(&app, "lugovoe-30", account, "A.Serikov").await;
    let browser = app.browser();
    let elsewhere = enter(&browser, "lugovoe-5", "a.serikov", PASSWORD).await;
    assert_eq!(
        elsewhere.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a user name is one organisation's"
    );
    let entered = enter(&browser, "lugovoe-30", "a.serikov", PASSWORD).await;
    assert_eq!(entered.location(), "/cabinet", "{}", entered.body);
    assert!(browser.get("/cabinet").await.body.contains("МБОУ СОШ № 30"));
    browser.post("/sign-out", &[]).await;
    assert_eq!(
        browser.get("/organisations").await.location(),
        "/o/lugovoe-30",
        "remembered"
    );
    browser.get("/o/lugovoe-30").await;
    browser
        .post("/o/lugovoe-30", &[("login", EMAIL), ("password", PASSWORD)])
        .await;
    assert!(browser.is_signed_in() && browser.cookie("__Host-kabinet-organisation").is_none());
}

#[tokio::test]
async fn lnk_9_a_hidden_form_of_an_organisation_is_refused_and_the_session_asks_again() {
    let app = TestApp::new();
    bring(
        &app,
        vec![school("lugovoe-30", "МБОУ СОШ № 30", &["certificate"])],
    )
    .await;
    let account = with_password(&app).await;
    employ(&app, "lugovoe-30", account, "serikov").await;
    let browser = app.browser();
    let page = browser.get("/o/lugovoe-30").await.body;
    assert!(!page.contains("name=\"password\"") && page.contains("/sign-in?organisation=lugovoe-30"));
    let refused = enter(&browser, "lugovoe-30", "serikov", PASSWORD).await;
    assert!(!browser.is_signed_in() && refused.body.contains("organisation.method_not_offered"));
    let asked = json!({ "login": "serikov", "password": PASSWORD, "organisation": "lugovoe-30" });
    let refused = browser.json(Verb::POST, "/api/v1/sign-in/password", &asked).await;
    assert_eq!(refused.json()["code"], "organisation.method_not_offered");
    let key = app.key(&askhat());
    let cms = browser.answer("/sign-in", &key).await;
    let fields = [("cms", cms.as_str()), ("organisation", "lugovoe-30")];
    assert_eq!(
        browser.post("/sign-in/certificate", &fields).await.location(),
        "/cabinet"
    );
    assert!(browser.get("/cabinet").await.body.contains("МБОУ СОШ № 30"));
}

#[tokio::test]
async fn pwd_5_known_and_unknown_user_names_get_one_answer() {
    let app = TestApp::new();
    bring(&app, vec![school("lugovoe-30", "МБОУ СОШ № 30", &[])]).await;
    let account = with_password(&app).await;
    employ(&app, "lugovoe-30", account, "serikov").await;
    let said = async |login: &str| {
        let browser = app.browser();
        let answer = enter(&browser, "lugovoe-30", login, "wrong").await;
        assert!(answer.body.contains("password.wrong"), "{login}: {}", answer.body);
        let at = answer.body.find("<main").unwrap()..answer.body.find("</main>").unwrap();
        let main = answer.body[at].replace(login, "…").replace(&browser.token(), "…");
        let (before, rest) = main.split_once("class=\"reference\"").unwrap();
        (
            answer.status,
            format!("{before}{}", rest.split_once("</p>").unwrap().1),
        )
    };
    assert_eq!(said("serikov").await, said("nobody-x").await);
}

#[tokio::test]
async fn b_7_b_one_cabinet_several_organisations() {
    let app = TestApp::new();
    let rows = vec![
        school("lugovoe-30", "МБОУ СОШ № 30", &[]),
        school("lugovoe-5", "МБОУ СОШ № 5", &[]),
        school("strict", "Строгая школа", &["certificate"]),
        school("foreign", "Чужая школа", &[]),
    ];
    bring(&app, rows).await;
    let account = with_password(&app).await;
    for code in ["lugovoe-30", "lugovoe-5", "strict"] {
        employ(&app, code, account, "serikov").await;
    }
    let browser = app.browser();
    enter(&browser, "lugovoe-30", "serikov", PASSWORD).await;
    let mine = browser.get("/api/v1/me/organisations").await.json();
    let id = |name: &str| {
        let all = mine.as_array().unwrap();
        let one = all.iter().find(|one| one["short_name"] == name).unwrap();
        one["organisation"].as_str().unwrap().to_owned()
    };
    assert_eq!(mine.as_array().unwrap().len(), 3);
    browser.get("/profile/organisations").await;
    let moved = browser
        .post("/profile/organisations", &[("organisation", &id("МБОУ СОШ № 5"))])
        .await;
    assert_eq!(moved.location(), "/profile/organisations");
    let now = browser.get("/api/v1/me/organisations").await.json();
    let current = now
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["current"] == true)
        .unwrap();
    assert_eq!(current["short_name"], "МБОУ СОШ № 5");
    let refused = browser
        .post(
            "/profile/organisations",
            &[("organisation", &id("Строгая школа"))],
        )
        .await;
    assert!(refused.body.contains("organisation.other_method"), "4.5.7");
    let foreign = app.app.db.read(|tx| {
        let code = OrganisationCode::parse("foreign").unwrap();
        Ok::<_, cabinet::Failure>(organisation::find_by_code(tx, &code)?.unwrap().id)
    });
    let foreign = foreign.await.unwrap().to_string();
    let refused = browser
        .post("/profile/organisations", &[("organisation", &foreign)])
        .await;
    assert!(refused.body.contains("organisation.not_member"), "rule 11");
    browser
        .post("/profile/organisations", &[("organisation", "")])
        .await;
    assert!(!browser.get("/cabinet").await.body.contains("<small>"));
}

#[tokio::test]
async fn b_1_an_organisation_that_is_closed_takes_nobody_in() {
    let app = TestApp::new();
    let closed = NewOrganisation {
        is_closed: true,
        ..school("closed", "Закрытая школа", &[])
    };
    bring(&app, vec![closed]).await;
    with_password(&app).await;
    let browser = app.browser();
    assert!(
        browser
            .get("/o/closed")
            .await
            .body
            .contains("organisation.closed")
    );
    let refused = enter(&browser, "closed", EMAIL, PASSWORD).await;
    assert!(refused.body.contains("organisation.closed") && !browser.is_signed_in());
}

#[tokio::test]
async fn net_7_one_network_looks_for_organisations_only_so_often() {
    let app = TestApp::with(|app| {
        app.searches = Allowance::new(3, 1);
        app.proxies = Proxies::parse(&["0.0.0.0".to_owned()]).unwrap();
    });
    bring(&app, vec![school("lugovoe-30", "МБОУ СОШ № 30", &[])]).await;
    let browser = app.browser();
    let look = async |path, client| {
        let headers = [("x-forwarded-for", client)];
        browser.send(Verb::GET, path, &headers, "").await.status
    };
    let doors = [
        "/organisations?q=30",
        "/organisations/found?q=30",
        "/api/v1/organisations?q=30",
    ];
    for door in doors {
        assert_eq!(look(door, "192.0.2.1").await, StatusCode::OK, "{door}");
    }
    for door in doors {
        assert_eq!(
            look(door, "192.0.2.2").await,
            StatusCode::TOO_MANY_REQUESTS,
            "{door}"
        );
    }
    assert_eq!(
        look(doors[0], "198.51.100.1").await,
        StatusCode::OK,
        "another network"
    );
    app.advance(Duration::from_secs(5));
    assert_eq!(look(doors[0], "192.0.2.1").await, StatusCode::OK);
}
