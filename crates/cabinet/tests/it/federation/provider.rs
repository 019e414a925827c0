use cabinet::provider::{self, Lockout};
use cabinet::sign_in::federation::{Arrived, Choice, FederationRefusal};
use testkit::pki::aigul;
use testkit::storage::on_both;
use testkit::visit::{browser, visit};

use super::traveller::{Owner, arrival, arrives, begins, city, enters, resumes, state, world};

async fn switch_off(world: &testkit::entry::World) -> bool {
    world
        .write(&visit(), |tx, _, visit| {
            provider::disable(tx, visit, &state(), "operator")
        })
        .await
}

#[test]
fn lnk_9_switched_off_between_redirect_and_callback() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        owner.links(&arrival("1")).await;
        let waiting = owner.ready(&arrival("2")).await;
        let Arrived::Opened(opened) = enters(&world, &visit(), browser(7), &arrival("1")).await.unwrap()
        else {
            panic!("not in");
        };
        let begun = begins(&world, &visit(), browser(1), state()).await.unwrap();
        let taken_up = begins(&world, &visit(), browser(1), state()).await.unwrap();
        let taken_up = resumes(&world, &visit(), browser(1), &state(), taken_up)
            .await
            .unwrap();

        assert!(switch_off(&world).await);
        assert!(!switch_off(&world).await, "once");
        // before the code is sent anywhere, after it, at the beginning, at the confirmation, in what it opened
        let back = resumes(&world, &visit(), browser(1), &state(), begun).await;
        assert_eq!(back.unwrap_err(), FederationRefusal::ProviderOff);
        let back = arrives(&world, &visit(), None, taken_up, &arrival("1")).await;
        assert_eq!(back.unwrap_err(), FederationRefusal::ProviderOff);
        let anew = begins(&world, &visit(), browser(1), state()).await;
        assert_eq!(anew.unwrap_err(), FederationRefusal::ProviderOff);
        let replace = Choice {
            replace: true,
            ..Choice::default()
        };
        let linked = owner.confirms(&visit(), &waiting, replace).await;
        assert_eq!(linked.unwrap_err(), FederationRefusal::ProviderOff);
        assert!(world.session(&visit(), &opened.secret).await.is_none());

        let on = world
            .write(&visit(), |tx, _, visit| {
                provider::enable(tx, visit, &state(), "operator")
            })
            .await;
        assert!(on);
        let again = enters(&world, &visit(), browser(7), &arrival("1")).await.unwrap();
        assert!(matches!(again, Arrived::Opened(_)), "{again:?}");
    });
}

#[test]
fn lnk_9_a_provider_that_is_not_configured_opens_nothing() {
    on_both(|db| async {
        let world = world(db);
        let unknown = begins(&world, &visit(), browser(1), "other".parse().unwrap()).await;
        assert_eq!(unknown.unwrap_err(), FederationRefusal::ProviderOff);
    });
}

#[test]
fn b_15_who_would_be_locked_out_is_known_before() {
    on_both(|db| async {
        let world = world(db);
        let (free, bound) = (
            Owner::new(&world, 1).await,
            Owner::of(&world, 2, world.authority.issue(&aigul())).await,
        );
        free.links(&arrival("1")).await;
        let mut hers = arrival("2");
        hers.person_ids.clear();
        let secret = bound.ready(&hers).await;
        let seen = Choice {
            difference_seen: true,
            ..Choice::default()
        };
        bound.confirms(&visit(), &secret, seen).await.unwrap();
        let account = bound.session(&visit()).await.account;
        let certificate = world
            .read(&visit(), move |tx, rules, visit| {
                cabinet::binding::list(tx, rules, visit.now, account)
            })
            .await
            .into_iter()
            .find(|way| way.certificate.is_some())
            .unwrap()
            .id;
        bound
            .with_proof(move |tx, rules, visit, by| {
                cabinet::binding::remove_certificate(tx, rules, visit, by, certificate)
            })
            .await
            .unwrap();
        let told = async |key| {
            world
                .read(&visit(), move |tx, rules, visit| {
                    provider::lockout(tx, rules, visit, &key)
                })
                .await
        };
        let expected = Lockout {
            linked: 2,
            locked_out: vec![account],
        };
        assert_eq!(told(state()).await, expected);
        assert_eq!(told(city()).await, Lockout::default());
    });
}
