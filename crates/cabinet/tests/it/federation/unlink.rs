use std::sync::Arc;

use cabinet::binding::{self, AuthenticatorId, NewPassword, RemovalRefusal};
use cabinet::sign_in::federation::{Arrived, Choice};
use testkit::storage::on_both;
use testkit::visit::{browser, visit};

use super::traveller::{Owner, arrival, email, enters, state, world};

/// Adds a password and removes the certificate: an identity and a password are left.
async fn with_password_for_certificate(owner: &Owner) {
    let hash = NewPassword::check("верблюд-скрипка-47-облако", &[])
        .unwrap()
        .hash(&visit().entropy)
        .unwrap();
    owner
        .with_proof(move |tx, rules, visit, by| binding::set_password(tx, rules, visit, by, &hash))
        .await;
    without_certificate(owner).await;
}

async fn without_certificate(owner: &Owner) {
    let id = certificate(owner).await;
    owner
        .with_proof(move |tx, rules, visit, by| binding::remove_certificate(tx, rules, visit, by, id))
        .await
        .unwrap();
}

async fn certificate(owner: &Owner) -> AuthenticatorId {
    let account = owner.session(&visit()).await.account;
    let ways = owner
        .world
        .read(&visit(), move |tx, rules, visit| {
            binding::list(tx, rules, visit.now, account)
        })
        .await;
    ways.into_iter().find(|way| way.certificate.is_some()).unwrap().id
}

async fn unlink(owner: &Owner, id: AuthenticatorId) -> Result<(), RemovalRefusal> {
    owner
        .with_proof(move |tx, rules, visit, by| binding::unlink(tx, rules, visit, by, id))
        .await
}

#[test]
fn b_14_lnk_13_unlinking_ends_the_sessions_of_the_link() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        let linked = owner.links(&arrival("1")).await;
        let Arrived::Opened(opened) = enters(&world, &visit(), browser(7), &arrival("1")).await.unwrap()
        else {
            panic!("not in");
        };
        unlink(&owner, linked.authenticator).await.unwrap();
        assert!(world.session(&visit(), &opened.secret).await.is_none());
        assert!(world.session(&visit(), &owner.secret).await.is_some());
        let twice = unlink(&owner, linked.authenticator).await;
        assert_eq!(twice.unwrap_err(), RemovalRefusal::NotFound);
    });
}

#[test]
fn lnk_12_after_unlinking_nothing_weaker_matches() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        let secret = owner.ready(&arrival("1")).await;
        let choice = Choice {
            contacts: vec![email("askhat@state.example", true).key()],
            ..Choice::default()
        };
        let linked = owner.confirms(&visit(), &secret, choice).await.unwrap();
        unlink(&owner, linked.authenticator).await.unwrap();
        // the very same, and another subject with the same verified address and number
        for subject in ["1", "2"] {
            let arrived = enters(&world, &visit(), browser(7), &arrival(subject)).await;
            assert!(matches!(arrived, Ok(Arrived::NotLinked(_))), "{arrived:?}");
        }
        // whoever it was is free to be linked again
        owner.links(&arrival("1")).await;
    });
}

#[test]
fn lnk_11_the_last_usable_way_in_cannot_be_unlinked() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        let linked = owner.links(&arrival("1")).await;
        let owner = owner.again_through(&arrival("1")).await;
        without_certificate(&owner).await;
        let last = unlink(&owner, linked.authenticator).await;
        assert_eq!(last.unwrap_err(), RemovalRefusal::LastUsable);
        let account = owner.session(&visit()).await.account;
        let ways = world
            .read(&visit(), move |tx, rules, visit| {
                binding::list(tx, rules, visit.now, account)
            })
            .await;
        let identity = ways.iter().find(|way| way.identity.is_some()).unwrap();
        assert!(identity.is_only_way, "the page says why");
    });
}

#[test]
fn lnk_11_an_identity_of_a_provider_that_is_off_is_no_way_in() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        owner.links(&arrival("1")).await;
        world
            .write(&visit(), |tx, _, visit| {
                cabinet::provider::disable(tx, visit, &state(), "test")
            })
            .await;
        let id = certificate(&owner).await;
        let last = owner
            .with_proof(move |tx, rules, visit, by| binding::remove_certificate(tx, rules, visit, by, id))
            .await;
        assert_eq!(last.unwrap_err(), RemovalRefusal::LastUsable);
    });
}

#[test]
fn lnk_11_race_two_ways_removed_at_once_never_leave_none() {
    on_both(|db| async {
        let world = world(db);
        for (round, iin) in (1..).zip(["900101300007", "850615400026", "010229500016", "010101500401"]) {
            let mut person = testkit::pki::askhat();
            person.iin = Some(iin);
            let owner = Owner::of(&world, round, world.authority.issue(&person)).await;
            let mut theirs = arrival(iin);
            theirs.person_ids.clear();
            let linked = owner.links(&theirs).await;
            let certificate = certificate(&owner).await;
            // the first removal may end the session before the second begins
            let session = Arc::new(owner.session(&visit()).await);
            let removals = [certificate, linked.authenticator].map(|id| {
                let (world, session) = (owner.world.clone(), session.clone());
                tokio::spawn(async move {
                    world
                        .write(&visit(), move |tx, rules, visit| {
                            match session.step_up(tx, rules, visit)? {
                                Ok(by) => binding::remove(tx, rules, visit, &by, id).map(Some),
                                Err(_) => Ok(None),
                            }
                        })
                        .await
                })
            });
            let mut removed = 0;
            for removal in removals {
                removed += u32::from(removal.await.unwrap() == Some(Ok(())));
            }
            assert_eq!(removed, 1, "{iin}");
        }
    });
}

#[test]
fn b_14_a_password_is_way_enough_to_unlink() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        let linked = owner.links(&arrival("1")).await;
        let owner = owner.again_through(&arrival("1")).await;
        with_password_for_certificate(&owner).await;
        assert_eq!(unlink(&owner, linked.authenticator).await, Ok(()));
    });
}

#[test]
fn only_the_owner_resumes_or_unlinks_an_identity() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        let id = owner.links(&arrival("1")).await.authenticator;
        let stranger = Owner::of(&world, 2, world.authority.issue(&testkit::pki::aigul())).await;
        for (one, may) in [(&owner, true), (&stranger, false)] {
            let resumed = one
                .with_proof(move |tx, _, visit, by| binding::resume_identity(tx, visit, by, id))
                .await;
            assert_eq!(resumed.is_ok(), may);
        }
        assert_eq!(unlink(&stranger, id).await, Err(RemovalRefusal::NotFound));
    });
}
