//! Places in organisations: those of the other account move where the account that stays has none there.

use cabinet::account::AccountId;
use cabinet::account::Name;
use cabinet::merge::{Fate, KeptPassword, Subject};
use cabinet::organisation::{self, NewStaff, OrganisationCode, OrganisationScope, UserName};
use testkit::entry::World;
use testkit::storage::on_both;
use testkit::visit::visit;

use super::pair::Pair;
use crate::organisation::school;

/// Makes somebody a member of the school with this code, under this user name.
#[expect(clippy::disallowed_methods, reason = "the test is the operator")]
async fn employ(world: &World, code: &'static str, account: AccountId, user_name: &'static str) {
    let employed = world
        .write(&visit(), move |tx, _, visit| {
            let code = OrganisationCode::parse(code).unwrap();
            let found = organisation::find_by_code(tx, &code)?.unwrap();
            let scope = OrganisationScope::of_operator(found.id);
            let staff = NewStaff {
                name: Name {
                    surname: "Сериков".to_owned(),
                    ..Name::default()
                },
                ..NewStaff::default()
            };
            let staff = organisation::add_staff(tx, visit, &scope, &staff)?;
            organisation::join(tx, visit, &scope, staff, account)?;
            let name = UserName::parse(user_name).unwrap();
            organisation::set_user_name(tx, visit, &scope, account, &name)
        })
        .await;
    employed.unwrap();
}

async fn places(world: &World, account: AccountId) -> Vec<String> {
    let mut places: Vec<String> = world
        .read(&visit(), move |tx, _, _| {
            organisation::list_memberships(tx, account)
        })
        .await
        .into_iter()
        .map(|place| place.short_name)
        .collect();
    places.sort();
    places
}

#[test]
fn lnk_14_a_place_moves_with_its_user_name_unless_the_account_that_stays_has_one_there() {
    on_both(|db| async {
        let pair = Pair::new(&World::new(db)).await;
        let rows = vec![
            school("one", "Алматы", "Алматы", "Школа № 1"),
            school("two", "Алматы", "Алматы", "Школа № 2"),
        ];
        let world = &pair.world;
        world
            .write(&visit(), move |tx, _, visit| {
                organisation::import(tx, visit, &rows)
            })
            .await;
        let kept = pair.session().await.account;
        let other = pair.other.session(&visit()).await.account;
        employ(world, "one", kept, "aigul").await;
        employ(world, "one", other, "serikov").await;
        employ(world, "two", other, "serikov").await;
        let before = pair.rows().await;

        let secret = pair.begin().await;
        let secret = pair.prove(&secret, &pair.other.key).await.unwrap();
        let preview = pair.preview(&secret).await.unwrap();
        let fate = |name: &str| {
            let mut places = preview
                .items
                .iter()
                .filter(|item| item.subject == Subject::Membership);
            places.find(|item| item.name == name).map(|item| item.fate)
        };
        assert_eq!(fate("Школа № 1"), Some(Fate::Stays));
        assert_eq!(fate("Школа № 2"), Some(Fate::Moves));
        let done = pair.confirm(&secret, KeptPassword::Own).await.unwrap();
        assert_eq!(places(world, kept).await, ["Школа № 1", "Школа № 2"]);
        assert_eq!(
            places(world, other).await,
            ["Школа № 1"],
            "nobody is two colleagues"
        );
        let named = world
            .read(&visit(), |tx, _, _| {
                let named: Vec<(AccountId,)> = tx.list(
                    "select account_id from organisation_user_name where folded = 'serikov' order by account_id",
                    &[],
                )?;
                Ok(named)
            })
            .await;
        let mut expected = [(kept,), (other,)];
        expected.sort();
        assert_eq!(
            named, expected,
            "the user name of the second school goes with the place"
        );

        let id = done.id;
        let undone = pair
            .act(&visit(), move |tx, rules, visit, by| {
                cabinet::merge::undo(tx, rules, visit, by, id)
            })
            .await;
        assert_eq!(undone, Ok(()));
        assert_eq!(pair.rows().await, before);
    });
}
