use cabinet::account::AccountId;
use cabinet::binding::{self, AuthenticatorId, RemovalRefusal, SecondFactor};
use cabinet::sign_in::Entered;
use testkit::entry::World;
use testkit::storage::on_both;
use testkit::visit::{browser, visit};

use super::Owner;

async fn factors(owner: &Owner, account: AccountId) -> Vec<(SecondFactor, AuthenticatorId)> {
    let now = visit();
    let own = owner
        .world
        .read(&now, move |tx, _, _| binding::list_second_factors(tx, account));
    let set_up = own.await.into_iter();
    set_up.filter_map(|own| Some((own.factor, own.id?))).collect()
}

#[test]
fn otp_1_a_removed_app_is_not_asked_for_and_its_sheet_goes_with_it() {
    on_both(|db| async {
        let owner = Owner::new(&World::new(db)).await;
        let account = owner.session(&visit()).await.account;
        owner.connect_app(&visit()).await;
        let own = factors(&owner, account).await;
        assert_eq!(own.len(), 2, "an app and a sheet: {own:?}");
        let (_, app) = *own
            .iter()
            .find(|(factor, _)| *factor == SecondFactor::Totp)
            .unwrap();
        let now = visit();
        let remove = |id| {
            owner.act(&now, move |tx, rules, visit, by| {
                binding::remove(tx, rules, visit, by, id)
            })
        };
        assert_eq!(remove(app).await, Ok(()));
        assert_eq!(factors(&owner, account).await, []);
        let entered = owner.enter(&visit(), browser(2)).await.unwrap();
        assert!(matches!(entered, Entered::Opened(_)), "{entered:?}");
        assert_eq!(remove(app).await, Err(RemovalRefusal::NotFound));
    });
}
