//! B-7: organisations are brought in, found, and entered by the ways they offer.

use cabinet::Visit;
use cabinet::organisation::{
    self, Imported, KindId, Method, NewOrganisation, OfferedMethods, OrganisationCode, Wanted,
};
use db::Db;
use testkit::entry::World;
use testkit::storage::on_both;
use testkit::visit::visit;

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
