use std::sync::Arc;
use std::time::Duration;

use cabinet::Secret;
use cabinet::account::Name;
use cabinet::binding;
use cabinet::contact::{self, Slot, Taken};
use cabinet::message::Notice;
use cabinet::session::{self, Remedy};
use cabinet::sign_in::federation::{self, Arrived, Choice, FederationRefusal};
use testkit::entry::World;
use testkit::pki::aigul;
use testkit::storage::on_both;
use testkit::visit::{Elsewhere, browser, visit};

use crate::contact::resident::letters;
use crate::password;

use super::traveller::{Owner, arrival, arrives, email, enters, iin, world};

/// Who arrived in this browser, and is nobody here.
async fn unlinked(world: &World, number: u64, subject: &str) -> Secret {
    match enters(world, &visit(), browser(number), &arrival(subject))
        .await
        .unwrap()
    {
        Arrived::NotLinked(pending) => pending.secret,
        other => panic!("{other:?}"),
    }
}

/// The pages after the sign-in: the account of this session is the one.
async fn adopted(
    world: &World,
    number: u64,
    secret: &Secret,
    owner: &Owner,
) -> Result<Secret, FederationRefusal> {
    let (session, secret) = (owner.session(&visit()).await, secret.clone());
    world
        .write(&visit(), move |tx, rules, visit| {
            federation::adopt_by_session(tx, rules, visit, browser(number), &secret, &session)
        })
        .await
        .map(|pending| pending.secret)
}

#[test]
fn req_4_2_1_from_the_provider_to_the_account_and_back() {
    on_both(|db| async {
        let world = world(db);
        let secret = unlinked(&world, 1, "1").await;
        let owner = Owner::new(&world, 1).await;
        let secret = adopted(&world, 1, &secret, &owner).await.unwrap();
        let linked = owner
            .confirms(&visit(), &secret, Choice::default())
            .await
            .unwrap();
        assert!(linked.contacts.is_empty());
        let arrived = enters(&world, &visit(), browser(1), &arrival("1")).await.unwrap();
        let Arrived::Opened(opened) = arrived else {
            panic!("{arrived:?}");
        };
        assert_eq!(opened.account, owner.session(&visit()).await.account);
    });
}

#[test]
fn b_10_a_without_a_proof_for_it_nothing_is_linked() {
    on_both(|db| async {
        let world = world(db);
        let secret = unlinked(&world, 1, "1").await;
        let key = world.authority.issue(&testkit::pki::askhat());
        let opened = world.enter(&visit(), browser(1), &key).await.unwrap();
        let entered = opened.secret.clone();
        let (held, account, session) = (secret.clone(), opened.account, opened.session);
        let pending = world
            .write(&visit(), move |tx, rules, visit| {
                federation::adopt(tx, rules, visit, browser(1), &held, account, session)
            })
            .await
            .unwrap();
        // a signature under a challenge to enter says nothing of linking (CMS-3)
        let mut owner = Owner {
            world: world.clone(),
            key,
            secret: entered,
            browser: browser(1),
        };
        let refused = owner.confirms(&visit(), &pending.secret, Choice::default()).await;
        assert_eq!(refused.unwrap_err(), FederationRefusal::StepUpRequired);
        owner.secret = world.step_up(&visit(), &owner.secret, &owner.key).await.unwrap();
        let linked = owner.confirms(&visit(), &pending.secret, Choice::default()).await;
        assert!(linked.is_ok(), "the refusal did not use the link up: {linked:?}");
    });
}

#[test]
fn b_10_a_a_proof_of_long_ago_is_asked_for_again() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        let secret = owner.ready(&arrival("1")).await;
        let later = visit().later(Duration::from_secs(6 * 60));
        let refused = owner.confirms(&later, &secret, Choice::default()).await;
        assert_eq!(refused.unwrap_err(), FederationRefusal::StepUpRequired);
    });
}

#[test]
fn lnk_7_a_link_that_waits_is_of_one_session_account_and_subject() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        let secret = owner.ready(&arrival("1")).await;
        // another account in the same browser
        let aigul = Owner::of(&world, 1, world.authority.issue(&aigul())).await;
        let refused = aigul.confirms(&visit(), &secret, Choice::default()).await;
        assert_eq!(refused.unwrap_err(), FederationRefusal::OtherSession);
        // another session of the same account
        let again = Owner::of(&world, 1, owner.key).await;
        let refused = again.confirms(&visit(), &secret, Choice::default()).await;
        assert_eq!(refused.unwrap_err(), FederationRefusal::OtherSession);
    });
}

#[test]
fn lnk_7_after_unlinking_the_old_confirmation_is_dead() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        let (used, waiting) = (owner.ready(&arrival("1")).await, owner.ready(&arrival("1")).await);
        let linked = owner.confirms(&visit(), &used, Choice::default()).await.unwrap();
        owner
            .with_proof(move |tx, rules, visit, by| {
                binding::unlink(tx, rules, visit, by, linked.authenticator)
            })
            .await
            .unwrap();
        for secret in [used, waiting] {
            let replayed = owner.confirms(&visit(), &secret, Choice::default()).await;
            let refusal = replayed.unwrap_err();
            assert!(
                matches!(refusal, FederationRefusal::Used | FederationRefusal::GivenUp),
                "{refusal:?}"
            );
        }
    });
}

#[test]
fn lnk_10_linked_elsewhere_is_refused_without_a_name() {
    on_both(|db| async {
        let world = world(db);
        Owner::new(&world, 1).await.links(&arrival("1")).await;
        let mut nameless = arrival("1");
        nameless.person_ids.clear();
        let aigul = Owner::of(&world, 2, world.authority.issue(&aigul())).await;
        let refused = aigul.comes_back(&nameless).await;
        assert_eq!(refused.unwrap_err(), FederationRefusal::LinkedElsewhere);
    });
}

#[test]
fn lnk_10_req_4_2_4_ten_confirmations_at_once_make_one_link() {
    on_both(|db| async {
        let world = world(db);
        let owner = Arc::new(Owner::new(&world, 1).await);
        let mut tries: Vec<Secret> = Vec::new();
        for round in 0..10 {
            // half of them with one ticket, half with one each
            let secret = owner.ready(&arrival("1")).await;
            tries.push(if round % 2 == 0 { secret } else { tries[0].clone() });
        }
        let tries = tries.into_iter().map(|secret| {
            let owner = owner.clone();
            tokio::spawn(async move { owner.confirms(&visit(), &secret, Choice::default()).await.is_ok() })
        });
        let tries: Vec<_> = tries.collect();
        let mut linked = 0;
        for one in tries {
            linked += u32::from(one.await.unwrap());
        }
        assert_eq!(linked, 1);
    });
}

#[test]
fn lnk_10_two_accounts_that_want_one_identity_at_once_one_gets_it() {
    on_both(|db| async {
        let world = world(db);
        for round in 0..5 {
            let mut wanted = arrival(&format!("race-{round}"));
            wanted.person_ids.clear();
            let people = [testkit::pki::askhat(), aigul()].map(|person| world.authority.issue(&person));
            let mut ready = Vec::new();
            for (number, key) in (1..).zip(people) {
                let owner = Owner::of(&world, number, key).await;
                let secret = owner.ready(&wanted).await;
                ready.push((owner, secret));
            }
            let tries: Vec<_> = ready
                .into_iter()
                .map(|(owner, secret)| {
                    let choice = Choice {
                        difference_seen: true,
                        replace: true,
                        ..Choice::default()
                    };
                    tokio::spawn(async move { owner.confirms(&visit(), &secret, choice).await })
                })
                .collect();
            let mut outcomes = Vec::new();
            for one in tries {
                outcomes.push(one.await.unwrap().map(|_| ()));
            }
            outcomes.sort_by_key(Result::is_err);
            assert_eq!(outcomes, [Ok(()), Err(FederationRefusal::LinkedElsewhere)]);
        }
    });
}

#[test]
fn b_5_c_wrong_proofs_do_not_lose_the_link_too_many_do() {
    on_both(|db| async {
        let world = world(db);
        let secret = unlinked(&world, 1, "1").await;
        let count = async || {
            let secret = secret.clone();
            world
                .write(&visit(), move |tx, rules, visit| {
                    federation::count_refused_proof(tx, rules, visit, browser(1), &secret)
                })
                .await
        };
        for _ in 0..4 {
            assert!(count().await);
        }
        assert!(!count().await);
        let owner = Owner::new(&world, 1).await;
        let lost = adopted(&world, 1, &secret, &owner).await;
        assert_eq!(lost.unwrap_err(), FederationRefusal::Gone);
    });
}

#[test]
fn b_5_b_a_link_that_waits_is_of_one_browser_and_some_minutes() {
    on_both(|db| async {
        let world = world(db);
        let secret = unlinked(&world, 1, "1").await;
        for (number, minutes) in [(2, 0), (1, 16)] {
            let secret = secret.clone();
            let later = visit().later(Duration::from_secs(minutes * 60));
            let seen = world
                .read(&later, move |tx, rules, visit| {
                    federation::waiting(tx, rules, visit, browser(number), &secret)
                })
                .await;
            assert_eq!(seen.unwrap_err(), FederationRefusal::Gone);
        }
    });
}

#[test]
fn b_5_f_another_name_must_be_acknowledged_another_number_never_passes() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        let mut wife = arrival("1");
        wife.name = Name {
            surname: "Серикова Айгуль".to_owned(),
            ..Name::default()
        };
        let secret = owner.ready(&wife).await;
        let refused = owner.confirms(&visit(), &secret, Choice::default()).await;
        assert_eq!(refused.unwrap_err(), FederationRefusal::NotAcknowledged);
        let seen = Choice {
            difference_seen: true,
            ..Choice::default()
        };
        assert!(owner.confirms(&visit(), &secret, seen.clone()).await.is_ok());

        let mut another = arrival("2");
        another.person_ids = vec![iin("850615400026")];
        let secret = owner.ready(&another).await;
        let all = Choice {
            replace: true,
            ..seen
        };
        let refused = owner.confirms(&visit(), &secret, all).await;
        assert_eq!(refused.unwrap_err(), FederationRefusal::PersonIdDiffers);
    });
}

#[test]
fn b_5_d_a_second_identity_of_one_provider_replaces_the_first_or_nothing() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        owner.links(&arrival("1")).await;
        let secret = owner.ready(&arrival("2")).await;
        let refused = owner.confirms(&visit(), &secret, Choice::default()).await;
        assert_eq!(refused.unwrap_err(), FederationRefusal::NotReplaced);
        let replace = Choice {
            replace: true,
            ..Choice::default()
        };
        owner.confirms(&visit(), &secret, replace).await.unwrap();
        let first = enters(&world, &visit(), browser(1), &arrival("1")).await.unwrap();
        assert!(matches!(first, Arrived::NotLinked(_)), "{first:?}");
        let second = enters(&world, &visit(), browser(1), &arrival("2")).await.unwrap();
        assert!(matches!(second, Arrived::Opened(_)), "{second:?}");
    });
}

#[test]
fn b_13_only_ticked_contacts_are_taken_and_only_trusted_ones_without_a_code() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        let secret = owner.ready(&arrival("1")).await;
        let choice = Choice {
            contacts: vec![
                email("askhat@state.example", true).key(),
                email("spare@state.example", false).key(),
                "nobody@offered.example".to_owned(),
            ],
            ..Choice::default()
        };
        let linked = owner.confirms(&visit(), &secret, choice).await.unwrap();
        assert_eq!(
            linked.contacts,
            [Taken::InForce(Slot::Email), Taken::Asked(Slot::ExtraEmail)]
        );
        let account = owner.session(&visit()).await.account;
        let contacts = world
            .read(&visit(), move |tx, rules, visit| {
                contact::list(tx, rules, visit.now, account)
            })
            .await;
        assert!(contacts.email.in_force.is_some() && contacts.email.pending.is_none());
        assert!(contacts.extra_email.in_force.is_none() && contacts.extra_email.pending.is_some());
    });
}

#[test]
fn b_6_a_the_contacts_are_told_and_the_button_suspends_the_new_way_at_once() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        let secret = owner.ready(&arrival("1")).await;
        let choice = Choice {
            contacts: vec![email("askhat@state.example", true).key()],
            ..Choice::default()
        };
        owner.confirms(&visit(), &secret, choice).await.unwrap();
        // the next link tells the contact that is confirmed by now
        let secret = owner.ready(&arrival("2")).await;
        let replace = Choice {
            replace: true,
            ..Choice::default()
        };
        owner.confirms(&visit(), &secret, replace).await.unwrap();
        let Arrived::Opened(thief) = enters(&world, &visit(), browser(9), &arrival("2")).await.unwrap()
        else {
            panic!("not in");
        };
        let link = not_me(&world).await;
        let outcome = world
            .write(&visit(), move |tx, rules, visit| {
                session::disown(tx, rules, visit, &link)
            })
            .await
            .unwrap();
        assert_eq!(outcome, Remedy::IdentitySuspended);
        assert!(world.session(&visit(), &thief.secret).await.is_none());
        let again = enters(&world, &visit(), browser(9), &arrival("2")).await;
        assert_eq!(again.unwrap_err(), FederationRefusal::Suspended);
        assert!(world.enter(&visit(), browser(1), &owner.key).await.is_ok());
    });
}

/// The link in the message about the new way in.
async fn not_me(world: &World) -> Secret {
    let link = letters(world, &visit())
        .await
        .into_iter()
        .rev()
        .find_map(|letter| match letter.notice {
            Notice::IdentityLinked { link, .. } => Some(link),
            _ => None,
        });
    Secret::parse(link.unwrap().rsplit('/').next().unwrap()).unwrap()
}

/// Signs in by the password, which is all that the account has: the certificate is gone.
async fn by_password_alone(world: &World, number: u64) -> Owner {
    let mut owner = Owner::new(world, number).await;
    password::set(world, &visit(), &owner.secret, password::PASSWORD).await;
    let account = owner.session(&visit()).await.account;
    let ways = world
        .read(&visit(), move |tx, rules, visit| {
            binding::list(tx, rules, visit.now, account)
        })
        .await;
    let certificate = ways.iter().find(|way| way.certificate.is_some()).unwrap().id;
    owner
        .with_proof(move |tx, rules, visit, by| {
            binding::remove_certificate(tx, rules, visit, by, certificate)
        })
        .await
        .unwrap();
    let entered = password::enter(world, &visit(), "900101300007", password::PASSWORD, owner.browser).await;
    owner.secret = entered.unwrap().secret;
    owner
}

/// The session that was just opened, tied to who arrived in its browser before.
async fn adopted_by_entry(world: &World, secret: &Secret, owner: &Owner) -> Secret {
    let (session, browser, secret) = (owner.session(&visit()).await, owner.browser, secret.clone());
    world
        .write(&visit(), move |tx, rules, visit| {
            federation::adopt(tx, rules, visit, browser, &secret, session.account, session.id)
        })
        .await
        .unwrap()
        .secret
}

#[test]
fn b_5_a_entering_by_password_is_the_proof_where_nothing_is_stronger() {
    on_both(|db| async {
        let world = world(db).with_rules(|rules| rules.first_entry = cabinet::FirstEntry::Nothing);
        let waiting = unlinked(&world, 1, "1").await;
        let mut owner = by_password_alone(&world, 1).await;
        owner.browser = browser(1);
        let secret = adopted_by_entry(&world, &waiting, &owner).await;
        let refused = owner.confirms(&visit(), &secret, Choice::default()).await;
        assert_eq!(refused.unwrap_err(), FederationRefusal::ContactFirst, "LNK-3");
    });
}

#[test]
fn ses_5_a_password_does_not_link_what_is_stronger_than_itself() {
    on_both(|db| async {
        let world = world(db);
        let waiting = unlinked(&world, 1, "1").await;
        let mut owner = Owner::new(&world, 1).await;
        password::set(&world, &visit(), &owner.secret, password::PASSWORD).await;
        let entered = password::enter(&world, &visit(), "900101300007", password::PASSWORD, browser(1)).await;
        owner.secret = entered.unwrap().secret;
        let secret = adopted_by_entry(&world, &waiting, &owner).await;
        let refused = owner.confirms(&visit(), &secret, Choice::default()).await;
        assert_eq!(refused.unwrap_err(), FederationRefusal::StepUpRequired);
    });
}

#[test]
fn ses_5_a_linked_identity_steps_up_only_anew_and_not_in_the_session_that_linked_it() {
    on_both(|db| async {
        let world = world(db);
        let owner = Owner::new(&world, 1).await;
        owner.links(&arrival("1")).await;
        let step_up = async |secret: &Secret, arrival: federation::Arrival| {
            let session = world.session(&visit(), secret).await.unwrap();
            let (asked, provider) = (session.clone(), arrival.provider.clone());
            let begun = world
                .write(&visit(), move |tx, rules, visit| {
                    let intent = federation::Intent::StepUp(&asked);
                    federation::begin(tx, rules, visit, browser(1), intent, &provider, "")
                })
                .await
                .unwrap();
            assert!(begun.anew);
            let resumed =
                super::traveller::resumes(&world, &visit(), browser(1), &arrival.provider, begun).await;
            arrives(&world, &visit(), Some(session), resumed.unwrap(), &arrival).await
        };
        let same = step_up(&owner.secret, arrival("1")).await;
        assert!(
            same.is_ok(),
            "bound at the moment the session was opened counts as before it"
        );

        let Arrived::Opened(opened) = enters(&world, &visit(), browser(1), &arrival("1")).await.unwrap()
        else {
            panic!("not in");
        };
        let mut stale = arrival("1");
        stale.authenticated_at = Some(visit().now.minus(Duration::from_secs(600)));
        let mut silent = arrival("1");
        silent.authenticated_at = None;
        for old in [stale, silent] {
            let refused = step_up(&opened.secret, old).await;
            assert_eq!(refused.unwrap_err(), FederationRefusal::NotFresh);
        }
        let stranger = step_up(&opened.secret, arrival("2")).await;
        assert_eq!(stranger.unwrap_err(), FederationRefusal::OtherPerson);
        let fresh = step_up(&opened.secret, arrival("1")).await.unwrap();
        assert!(matches!(fresh, Arrived::SteppedUp(_)), "{fresh:?}");
    });
}
