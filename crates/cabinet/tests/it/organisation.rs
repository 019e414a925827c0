//! B-7: organisations are brought in, found, and entered by the ways they offer.

use std::sync::Arc;

use cabinet::account::AccountId;
use cabinet::binding::{self, NewPassword};
use cabinet::organisation::{
    self, Entrance, Imported, KindId, Method, NewOrganisation, NewStaff, OfferedMethods, OrganisationCode,
    OrganisationScope, Right, StaffId, UserName, UserNameRefusal, Wanted,
};
use cabinet::session::Session;
use cabinet::sign_in::{self, CheckedPassword, Opened, SignInRefusal};
use cabinet::{Demand, Visit};
use db::{Db, params};
use testkit::entry::{World, opened};
use testkit::pki::{aigul, askhat};
use testkit::storage::on_both;
use testkit::visit::{browser, visit};

fn kind(id: &str) -> KindId {
    KindId::parse(id).unwrap()
}

pub(crate) fn school(code: &str, region: &str, locality: &str, name: &str) -> NewOrganisation {
    NewOrganisation {
        code: OrganisationCode::parse(code).unwrap(),
        kind: kind("education"),
        region: region.to_owned(),
        locality: locality.to_owned(),
        name: format!("Коммунальное учреждение «{name}»"),
        short_name: name.to_owned(),
        support: Vec::new(),
        methods: None,
        second_factor: Demand::Nobody,
        is_closed: false,
    }
}

fn town() -> Vec<NewOrganisation> {
    vec![
        school(
            "lugovoe-30",
            "Сахалинская обл.",
            "Луговое",
            "МБОУ СОШ № 30 п/р Луговое",
        ),
        school("lugovoe-5", "Сахалинская обл.", "Луговое", "МБОУ СОШ № 5"),
        school("lugovoe-52", "Сахалинская обл.", "Луговое", "МБОУ СОШ № 52"),
        school("almaty-30", "Алматы", "Алматы", "Школа-гимназия № 30"),
        school("oskemen", "ШҚО", "Өскемен", "Қалалық №12 «Болашақ» лицейі"),
        NewOrganisation {
            kind: kind("authority"),
            ..school(
                "uo-almaty",
                "Алматы",
                "Алматы",
                "Управление образования города Алматы",
            )
        },
        NewOrganisation {
            is_closed: true,
            ..school("closed", "Алматы", "Алматы", "Закрытая школа № 1")
        },
    ]
}

async fn import(world: &World, visit: &Visit, rows: Vec<NewOrganisation>) -> Imported {
    world
        .write(visit, move |tx, _, visit| organisation::import(tx, visit, &rows))
        .await
}

/// Short names of what a text finds anywhere.
async fn found(world: &World, text: &str) -> Vec<String> {
    let text = text.to_owned();
    world
        .read(&visit(), move |tx, _, _| {
            let wanted = Wanted {
                kind: None,
                region: None,
                locality: None,
                text: &text,
                after: None,
                limit: 10,
            };
            let found = organisation::search(tx, &wanted)?;
            Ok(found
                .organisations
                .into_iter()
                .map(|found| found.short_name)
                .collect())
        })
        .await
}

#[test]
fn b_7_a_a_part_of_the_name_finds_the_organisation() {
    on_both(async |db: Db| {
        let world = World::new(db);
        let imported = import(&world, &visit(), town()).await;
        assert_eq!(imported.added, 7);
        assert_eq!(found(&world, "луговое 30").await, ["МБОУ СОШ № 30 п/р Луговое"]);
        assert_eq!(found(&world, "№5 луг").await, ["МБОУ СОШ № 5"]);
        assert_eq!(found(&world, "болашак").await, ["Қалалық №12 «Болашақ» лицейі"]);
        assert_eq!(
            found(&world, "ЛАШАҚ оскемен").await,
            ["Қалалық №12 «Болашақ» лицейі"]
        );
        assert_eq!(found(&world, "lugovoe-52").await, ["МБОУ СОШ № 52"]);
        assert_eq!(
            found(&world, "сош").await,
            ["МБОУ СОШ № 5", "МБОУ СОШ № 30 п/р Луговое", "МБОУ СОШ № 52"],
            "numbers stand in their order"
        );
        for nothing in ["", "а", "%", "_____", "закрытая", "нет такой", "' or 1=1 --"] {
            assert_eq!(found(&world, nothing).await, Vec::<String>::new(), "{nothing}");
        }
    });
}

#[test]
fn b_7_region_locality_organisation() {
    on_both(async |db: Db| {
        let world = World::new(db);
        import(&world, &visit(), town()).await;
        let (regions, places, page, rest) = world
            .read(&visit(), |tx, _, _| {
                let kind = kind("education");
                let regions = organisation::list_regions(tx, &kind)?;
                let sakhalin = regions
                    .iter()
                    .find(|region| region.name.starts_with("Сах"))
                    .unwrap();
                let places = organisation::list_localities(tx, &kind, sakhalin.id, "луг")?;
                assert!(organisation::list_localities(tx, &kind, sakhalin.id, "алм")?.is_empty());
                let mut wanted = Wanted {
                    kind: Some(&kind),
                    region: None,
                    locality: Some(places[0].id),
                    text: "",
                    after: None,
                    limit: 2,
                };
                let page = organisation::search(tx, &wanted)?;
                wanted.after = page.organisations.last().map(|last| last.id);
                let rest = organisation::search(tx, &wanted)?;
                Ok((regions, places, page, rest))
            })
            .await;
        let names = |found: &organisation::Found| {
            let names = found.organisations.iter().map(|found| found.short_name.clone());
            names.collect::<Vec<_>>()
        };
        let regions: Vec<_> = regions.into_iter().map(|region| region.name).collect();
        assert_eq!(regions, ["Алматы", "Сахалинская обл.", "ШҚО"]);
        assert_eq!(places.len(), 1);
        assert_eq!(names(&page), ["МБОУ СОШ № 5", "МБОУ СОШ № 30 п/р Луговое"]);
        assert!(page.has_more && !rest.has_more);
        assert_eq!(names(&rest), ["МБОУ СОШ № 52"]);
    });
}

#[test]
fn an_import_repeated_makes_no_duplicates() {
    on_both(async |db: Db| {
        let world = World::new(db);
        import(&world, &visit(), town()).await;
        let again = import(&world, &visit(), town()).await;
        assert_eq!((again.added, again.changed, again.same), (0, 0, 7));
        let mut rows = town();
        rows[0].short_name = "МБОУ СОШ № 30 имени героя".to_owned();
        rows[1].methods = OfferedMethods::new([Method::Certificate]);
        let changed = import(&world, &visit(), rows).await;
        assert_eq!((changed.added, changed.changed, changed.same), (0, 2, 5));
        assert_eq!(found(&world, "геро").await, ["МБОУ СОШ № 30 имени героя"]);
        assert_eq!(
            found(&world, "п/р").await,
            Vec::<String>::new(),
            "the old name is forgotten"
        );
    });
}

#[test]
fn b_1_a_methods_are_the_organisations_own_or_the_installations() {
    on_both(async |db: Db| {
        let world = World::new(db);
        let mut rows = town();
        rows[0].methods =
            OfferedMethods::new(["provider/egov", "password"].map(|word| Method::parse(word).unwrap()));
        import(&world, &visit(), rows).await;
        world
            .read(&visit(), |tx, rules, _| {
                let offered = |tx: &mut _, code| {
                    let code = OrganisationCode::parse(code).unwrap();
                    let found = organisation::find_by_code(tx, &code)?.unwrap();
                    organisation::methods(tx, rules, found.id)
                };
                let own = offered(tx, "lugovoe-30")?;
                assert_eq!(own.primary().word(), "provider/egov");
                assert!(own.offers(&Method::Password) && !own.offers(&Method::Certificate));
                assert_eq!(offered(tx, "lugovoe-5")?, rules.organisation.methods);
                Ok(())
            })
            .await;
    });
}

const PASSWORD: &str = "верблюд-скрипка-47-облако";

/// Asks for the one organisation with this code; the operator's leave for it.
#[expect(clippy::disallowed_methods, reason = "the test is the operator")]
async fn scope(world: &World, code: &'static str) -> OrganisationScope {
    let found = world
        .read(&visit(), move |tx, _, _| {
            organisation::find_by_code(tx, &OrganisationCode::parse(code).unwrap())
        })
        .await;
    OrganisationScope::of_operator(found.unwrap().id)
}

/// A person with a password; gives the account.
async fn with_password(world: &World) -> AccountId {
    let key = world.authority.issue(&askhat());
    let opened = world.enter(&visit(), browser(1), &key).await.unwrap();
    let secret = world.step_up(&visit(), &opened.secret, &key).await.unwrap();
    let session = world.session(&visit(), &secret).await.unwrap();
    let hash = NewPassword::check(PASSWORD, &[])
        .unwrap()
        .hash(&visit().entropy)
        .unwrap();
    world
        .write(&visit(), move |tx, rules, visit| {
            let by = session.step_up(tx, rules, visit)?.unwrap();
            binding::set_password(tx, rules, visit, &by, &hash)
        })
        .await;
    opened.account
}

async fn employ(world: &World, code: &'static str, account: AccountId, user_name: &'static str) -> StaffId {
    let scope = Arc::new(scope(world, code).await);
    world
        .write(&visit(), move |tx, _, visit| {
            let staff = organisation::add_staff(tx, visit, &scope, &NewStaff::default())?;
            organisation::join(tx, visit, &scope, staff, account)?;
            let name = UserName::parse(user_name).unwrap();
            organisation::set_user_name(tx, visit, &scope, account, &name)?.unwrap();
            Ok(staff)
        })
        .await
}

async fn attempt(
    world: &World,
    code: &'static str,
    login: &'static str,
) -> Result<Arc<CheckedPassword>, SignInRefusal> {
    let entrance = Entrance {
        organisation: scope(world, code).await.organisation(),
        method: Method::Password,
    };
    let attempt = world
        .write(&visit(), move |tx, rules, visit| {
            sign_in::password_attempt(tx, rules, visit, login, Some(&entrance))
        })
        .await?;
    Ok(Arc::new(sign_in::check_password(
        attempt,
        PASSWORD,
        &visit().entropy,
    )))
}

async fn enter(world: &World, checked: Arc<CheckedPassword>) -> Result<Opened, SignInRefusal> {
    world
        .write(&visit(), move |tx, rules, visit| {
            sign_in::with_password(tx, rules, visit, browser(2), &checked)
        })
        .await
        .map(opened)
}

async fn entered(world: &World, code: &'static str, login: &'static str) -> Session {
    let opened = enter(world, attempt(world, code, login).await.unwrap())
        .await
        .unwrap();
    world.session(&visit(), &opened.secret).await.unwrap()
}

#[test]
fn b_7_a_user_name_means_somebody_at_one_organisation_only() {
    on_both(async |db: Db| {
        let world = World::new(db);
        import(&world, &visit(), town()).await;
        let account = with_password(&world).await;
        employ(&world, "lugovoe-30", account, "Сериков.А").await;
        let session = entered(&world, "lugovoe-30", "СЕРИКОВ.а").await;
        assert_eq!(
            session.organisation.unwrap().short_name,
            "МБОУ СОШ № 30 п/р Луговое"
        );
        let elsewhere = attempt(&world, "lugovoe-5", "сериков.а").await.unwrap();
        assert_eq!(
            enter(&world, elsewhere).await.unwrap_err(),
            SignInRefusal::PasswordWrong
        );
        let stranger = entered(&world, "lugovoe-5", "900101300007").await;
        assert!(
            stranger.organisation.is_none(),
            "no member: only the own cabinet opens"
        );
    });
}

#[test]
fn lnk_9_what_is_offered_is_read_again_when_the_session_is_made() {
    on_both(async |db: Db| {
        let world = World::new(db);
        import(&world, &visit(), town()).await;
        let account = with_password(&world).await;
        employ(&world, "lugovoe-30", account, "serikov").await;
        let checked = attempt(&world, "lugovoe-30", "serikov").await.unwrap();
        let scope = Arc::new(scope(&world, "lugovoe-30").await);
        world
            .write(&visit(), move |tx, _, visit| {
                let only = OfferedMethods::new([Method::Certificate]);
                organisation::set_methods(tx, visit, &scope, only.as_ref())
            })
            .await;
        assert_eq!(
            enter(&world, checked).await.unwrap_err(),
            SignInRefusal::MethodNotOffered
        );
        assert_eq!(
            attempt(&world, "lugovoe-30", "serikov").await.unwrap_err(),
            SignInRefusal::MethodNotOffered
        );
    });
}

#[test]
fn risk_2_what_an_organisation_asks_of_its_people_holds_at_every_door() {
    on_both(async |db: Db| {
        let world = World::new(db);
        let strict = |second_factor, is_closed| NewOrganisation {
            second_factor,
            is_closed,
            ..school("lugovoe-30", "Сахалинская обл.", "Луговое", "МБОУ СОШ № 30")
        };
        import(&world, &visit(), vec![strict(Demand::Everybody, false)]).await;
        let account = with_password(&world).await;
        let key = world.authority.issue(&askhat());
        let owes = async || {
            let by_key = world.enter(&visit(), browser(3), &key).await.unwrap();
            assert_eq!(by_key.account, account);
            let session = world.session(&visit(), &by_key.secret).await.unwrap();
            session.owes_second_factor
        };
        assert!(!owes().await, "not one of its people yet");
        employ(&world, "lugovoe-30", account, "serikov").await;
        assert!(owes().await);
        assert!(entered(&world, "lugovoe-30", "serikov").await.owes_second_factor);
        let changed = import(&world, &visit(), vec![strict(Demand::Enrolled, false)]).await;
        assert_eq!(changed.changed, 1);
        assert!(!owes().await);
        import(&world, &visit(), vec![strict(Demand::Everybody, true)]).await;
        assert!(!owes().await, "a closed one asks nothing");
    });
}

#[test]
fn org_5_a_membership_that_ended_opens_nothing_and_shows_nothing() {
    on_both(async |db: Db| {
        let world = World::new(db);
        import(&world, &visit(), town()).await;
        let account = with_password(&world).await;
        employ(&world, "lugovoe-30", account, "serikov").await;
        let opened = enter(&world, attempt(&world, "lugovoe-30", "serikov").await.unwrap())
            .await
            .unwrap();
        world
            .write(&visit(), move |tx, _, visit| {
                let sql = "update membership set ended_at = $1 where account_id = $2";
                Ok(tx.execute(sql, params![visit.now, account])?)
            })
            .await;
        let session = world.session(&visit(), &opened.secret).await.unwrap();
        assert!(session.organisation.is_none());
        let checked = attempt(&world, "lugovoe-30", "serikov").await.unwrap();
        assert_eq!(
            enter(&world, checked).await.unwrap_err(),
            SignInRefusal::PasswordWrong
        );
    });
}

#[test]
fn org_1_leave_for_an_organisation_comes_from_a_right_in_it() {
    on_both(async |db: Db| {
        let world = World::new(db);
        import(&world, &visit(), town()).await;
        let account = with_password(&world).await;
        employ(&world, "lugovoe-30", account, "serikov").await;
        let session = entered(&world, "lugovoe-30", "serikov").await;
        let may = async |right: Right| {
            let session = session.clone();
            let leave = world
                .read(&visit(), move |tx, _, _| {
                    organisation::authorise(tx, &session, right)
                })
                .await;
            leave.map(|scope| scope.organisation())
        };
        assert_eq!(may(Right::Staff).await, None, "a member has no right by itself");
        let here = session.organisation.as_ref().unwrap().id;
        world
            .write(&visit(), move |tx, _, _| {
                let sql = "insert into membership_right (organisation_id, account_id, right_name) values ($1, $2, $3)";
                Ok(tx.execute(sql, params![here, account, Right::Staff])?)
            })
            .await;
        assert_eq!(may(Right::Staff).await, Some(here));
        assert_eq!(may(Right::Sign).await, None);
    });
}

#[test]
fn org_1_a_staff_record_of_another_organisation_is_not_joined() {
    on_both(async |db: Db| {
        let world = World::new(db);
        import(&world, &visit(), town()).await;
        let account = with_password(&world).await;
        let staff = employ(&world, "lugovoe-30", account, "serikov").await;
        let foreign = scope(&world, "lugovoe-5").await;
        let joined = world
            .db
            .write(move |tx| organisation::join(tx, &visit(), &foreign, staff, account))
            .await;
        assert!(joined.is_err());
    });
}

#[test]
fn a_user_name_is_unique_in_its_organisation_whatever_its_case() {
    on_both(async |db: Db| {
        let world = World::new(db);
        import(&world, &visit(), town()).await;
        let account = with_password(&world).await;
        employ(&world, "lugovoe-30", account, "serikov").await;
        let key = world.authority.issue(&aigul());
        let other = world.enter(&visit(), browser(3), &key).await.unwrap().account;
        let scope = Arc::new(scope(&world, "lugovoe-30").await);
        let given = async |account, name: &'static str| {
            let scope = scope.clone();
            world
                .write(&visit(), move |tx, _, visit| {
                    organisation::set_user_name(tx, visit, &scope, account, &UserName::parse(name).unwrap())
                })
                .await
        };
        assert_eq!(given(other, "SERIKOV").await, Err(UserNameRefusal::Taken));
        assert_eq!(
            given(account, "Serikov").await,
            Ok(()),
            "one's own in other letters"
        );
        for wrong in ["", "a", "77075555555", "a@b", "a b", "900101300007"] {
            assert_eq!(UserName::parse(wrong), Err(UserNameRefusal::Malformed), "{wrong}");
        }
    });
}
