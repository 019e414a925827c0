use std::time::Duration;

use cabinet::sign_in::federation::{self, Arrived, FederationRefusal};
use testkit::storage::on_both;
use testkit::visit::{Elsewhere, browser, visit};

use super::traveller::{Owner, arrival, arrives, begins, city, email, enters, resumes, state, world};

#[test]
fn b_12_a_linked_identity_opens_the_same_account() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        owner.links(&arrival("1")).await;
        let Arrived::Opened(opened) = enters(&world, &visit(), browser(7), &arrival("1")).await.unwrap()
        else {
            panic!("not in");
        };
        assert_eq!(opened.account, owner.session(&visit()).await.account);
        assert!(!opened.created);
    });
}

#[test]
fn lnk_1_lnk_6_an_unknown_subject_makes_no_account_whatever_its_address() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        owner.links(&arrival("1")).await;
        // same address and number, another subject; same subject at another provider; same at another issuer
        let mut elsewhere = arrival("1");
        elsewhere.provider = city();
        let mut tenant = arrival("1");
        tenant.issuer = "https://state.example/other".to_owned();
        for stranger in [arrival("2"), elsewhere, tenant] {
            let arrived = enters(&world, &visit(), browser(7), &stranger).await.unwrap();
            let Arrived::NotLinked(pending) = arrived else {
                panic!("{arrived:?}");
            };
            let shown = world
                .read(&visit(), move |tx, rules, visit| {
                    federation::waiting(tx, rules, visit, browser(7), &pending.secret)
                })
                .await;
            assert_eq!(shown.unwrap().arrival, stranger);
        }
    });
}

#[test]
fn oidc_1_a_way_is_taken_up_in_its_own_browser_once_and_in_time() {
    on_both(|db| async {
        let world = world(db);
        let begin = async || begins(&world, &visit(), browser(1), state()).await.unwrap();
        let take =
            async |visit, number, begun| resumes(&world, &visit, browser(number), &state(), begun).await;

        let foreign = take(visit(), 2, begin().await).await;
        assert_eq!(foreign.unwrap_err(), FederationRefusal::Gone);

        let (first, again) = (begin().await, begin().await);
        let copy = federation_copy(&first);
        assert!(take(visit(), 1, first).await.is_ok());
        assert_eq!(take(visit(), 1, copy).await.unwrap_err(), FederationRefusal::Used);

        let late = visit().later(Duration::from_secs(16 * 60));
        assert_eq!(take(late, 1, again).await.unwrap_err(), FederationRefusal::Gone);
    });
}

/// What an attacker who saw the address has.
fn federation_copy(begun: &federation::Begun) -> federation::Begun {
    federation::Begun {
        state: begun.state.clone(),
        nonce: begun.nonce.clone(),
        code_challenge: begun.code_challenge.clone(),
        anew: begun.anew,
    }
}

#[test]
fn oidc_3_the_challenge_is_of_the_verifier_that_stayed_here() {
    on_both(|db| async {
        let world = world(db);
        let begun = begins(&world, &visit(), browser(1), state()).await.unwrap();
        let challenge = begun.code_challenge.clone();
        let resumed = resumes(&world, &visit(), browser(1), &state(), begun)
            .await
            .unwrap();
        let digest =
            aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, resumed.verifier.expose().as_bytes());
        assert_eq!(challenge, data_encoding::BASE64URL_NOPAD.encode(digest.as_ref()));
        assert!(
            (43..=128).contains(&resumed.verifier.expose().len()),
            "RFC 7636, 4.1"
        );
    });
}

#[test]
fn oidc_4_the_address_of_another_provider_takes_nothing_up() {
    on_both(|db| async {
        let world = world(db);
        let begun = begins(&world, &visit(), browser(1), state()).await.unwrap();
        let mixed = resumes(&world, &visit(), browser(1), &city(), begun).await;
        assert_eq!(mixed.unwrap_err(), FederationRefusal::Gone);
    });
}

#[test]
fn oidc_2_a_way_to_enter_cannot_link_and_one_to_link_cannot_enter_elsewhere() {
    on_both(|db| async {
        let world = world(db);
        let (one, other) = (Owner::new(&world, 1).await, Owner::new(&world, 1).await);
        // begun to link in the first session, finished in the second of the same browser, and in none
        for session in [Some(other.session(&visit()).await), None] {
            let resumed = one.resumes(&arrival("1")).await;
            let refused = arrives(&world, &visit(), session, resumed, &arrival("1")).await;
            assert_eq!(refused.unwrap_err(), FederationRefusal::OtherSession);
        }
        // begun to enter, finished while signed in: nothing is linked
        let begun = begins(&world, &visit(), browser(1), state()).await.unwrap();
        let resumed = resumes(&world, &visit(), browser(1), &state(), begun)
            .await
            .unwrap();
        let session = Some(one.session(&visit()).await);
        let arrived = arrives(&world, &visit(), session, resumed, &arrival("1")).await;
        assert!(matches!(arrived.unwrap(), Arrived::NotLinked(_)));
    });
}

#[test]
fn b_13_b_what_changes_at_the_provider_is_offered_and_never_applied() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        owner.links(&arrival("1")).await;
        let mut moved = arrival("1");
        moved.contacts.push(email("new@state.example", true));
        moved.assurance = Some("simplified".to_owned());
        enters(&world, &visit(), browser(1), &moved).await.unwrap();
        let account = owner.session(&visit()).await.account;
        let (ways, contacts) = world
            .read(&visit(), move |tx, rules, visit| {
                let ways = cabinet::binding::list(tx, rules, visit.now, account)?;
                Ok((ways, cabinet::contact::list(tx, rules, visit.now, account)?))
            })
            .await;
        let identity = ways.into_iter().find_map(|way| way.identity).unwrap();
        assert_eq!(identity.new_contacts, [email("new@state.example", true)]);
        assert_eq!(
            identity.assurance.as_deref(),
            Some("confirmed"),
            "OIDC-8: never lowered unseen"
        );
        assert!(contacts.email.in_force.is_none());
    });
}
