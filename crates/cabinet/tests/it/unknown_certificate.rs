//! A good certificate that no account holds (D-7 … D-9).

use std::sync::Arc;
use std::time::Duration;

use cabinet::binding::{self, CertificateState};
use cabinet::session::Session;
use cabinet::sign_in::unknown_certificate::{
    self, Adopted, Choice, PendingCertificate, UnknownCertificateRefusal as Refusal, Waiting, Why,
};
use cabinet::sign_in::{CertificateEntry, Entered, Opened};
use cabinet::{BrowserHash, Newcomer, Rules, SamePersonId, Secret, Visit, WithoutPersonId};
use testkit::entry::{World, opened};
use testkit::pki::{Authority, Key, Person, aigul, askhat};
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

const MINUTE: Duration = Duration::from_secs(60);

/// Every new certificate waits for the proof of an account.
fn careful(rules: &mut Rules) {
    let usual = &mut rules.sign_in.new_certificate.usual;
    usual.same_person = SamePersonId::Prove;
    usual.newcomer = Newcomer::Ask;
    usual.without_person_id = WithoutPersonId::Prove;
}

/// The number of nobody in particular.
fn nameless() -> Person {
    Person {
        iin: None,
        ..askhat()
    }
}

/// Somebody who registers by this key, at once.
async fn resident(world: &World, browser: BrowserHash, key: &Key) -> (Opened, Session) {
    let open = world.with_rules(|rules| rules.sign_in.new_certificate.usual.newcomer = Newcomer::Register);
    let opened = open.enter(&visit(), browser, key).await.unwrap();
    let session = world.session(&visit(), &opened.secret).await.unwrap();
    (opened, session)
}

async fn present(world: &World, visit: &Visit, browser: BrowserHash, key: &Key) -> PendingCertificate {
    let signed = world.answer(visit, browser, key).await.unwrap();
    match world.present(visit, browser, &signed).await.unwrap() {
        CertificateEntry::Unknown(pending) => pending,
        CertificateEntry::Entered(entered) => panic!("{entered:?}"),
    }
}

async fn waiting(
    world: &World,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Result<Waiting, Refusal> {
    let secret = secret.clone();
    world
        .read(visit, move |tx, rules, visit| {
            unknown_certificate::waiting(tx, rules, visit, browser, &secret)
        })
        .await
}

async fn adopt(
    world: &World,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
    opened: &Opened,
) -> Result<Adopted, Refusal> {
    let (secret, account, session) = (secret.clone(), opened.account, opened.session);
    world
        .write(visit, move |tx, rules, visit| {
            unknown_certificate::adopt(tx, rules, visit, browser, &secret, account, session)
        })
        .await
}

async fn register(
    world: &World,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Result<Entered, Refusal> {
    let secret = secret.clone();
    world
        .write(visit, move |tx, rules, visit| {
            unknown_certificate::register(tx, rules, visit, browser, &secret)
        })
        .await
}

async fn obstacle(world: &World, visit: &Visit, session: &Session, secret: &Secret) -> Option<Refusal> {
    let (session, secret) = (session.clone(), secret.clone());
    let seen = world.read(visit, move |tx, rules, visit| {
        unknown_certificate::preview(tx, rules, visit, browser(1), &session, &secret)
    });
    seen.await.unwrap().obstacle
}

async fn confirm(world: &World, visit: &Visit, session: &Session, secret: &Secret) -> Result<(), Refusal> {
    let (session, secret) = (session.clone(), secret.clone());
    world
        .write(visit, move |tx, rules, visit| {
            let choice = Choice {
                difference_seen: true,
            };
            unknown_certificate::confirm(tx, rules, visit, browser(1), &session, &secret, choice)
        })
        .await
        .map(|_| ())
}

async fn valid_certificates(world: &World, visit: &Visit, opened: &Opened) -> usize {
    let account = opened.account;
    let list = world.read(visit, move |tx, rules, visit| {
        binding::list(tx, rules, visit.now, account)
    });
    let valid = |way: &binding::Authenticator| {
        way.certificate
            .as_ref()
            .is_some_and(|data| data.state == CertificateState::Valid)
    };
    list.await.iter().filter(|way| valid(way)).count()
}

#[test]
fn d_8_the_old_certificate_proves_the_account_and_the_new_one_is_bound_beside_it() {
    on_both(|db| async {
        let world = World::new(db).with_rules(careful);
        let (old, new) = (world.authority.issue(&askhat()), world.authority.issue(&askhat()));
        let (owner, _) = resident(&world, browser(1), &old).await;
        let pending = present(&world, &visit(), browser(1), &new).await;
        let seen = waiting(&world, &visit(), browser(1), &pending.secret)
            .await
            .unwrap();
        assert_eq!((seen.why, seen.is_adopted), (Why::Known, false));
        assert_eq!(seen.certificate.der(), new.certificate().der());
        // nothing is bound before the proof
        assert_eq!(valid_certificates(&world, &visit(), &owner).await, 1);
        let later = visit().later(MINUTE);
        let entered = world.enter(&later, browser(1), &old).await.unwrap();
        let adopted = adopt(&world, &later, browser(1), &pending.secret, &entered).await;
        assert!(matches!(adopted, Ok(Adopted::Bound(_))), "{adopted:?}");
        // D-8.d: both open the account now
        assert_eq!(valid_certificates(&world, &later, &owner).await, 2);
        let again = world.enter(&later.later(MINUTE), browser(2), &new).await.unwrap();
        assert_eq!(again.account, owner.account);
        assert!(world.enter(&later.later(MINUTE), browser(2), &old).await.is_ok());
    });
}

#[test]
fn d_7_a_certificate_that_waits_belongs_to_its_browser_counts_once_and_ends() {
    on_both(|db| async {
        let world = World::new(db).with_rules(careful);
        let old = world.authority.issue(&askhat());
        let (owner, _) = resident(&world, browser(1), &old).await;
        let pending = present(&world, &visit(), browser(1), &world.authority.issue(&askhat())).await;
        let elsewhere = adopt(&world, &visit(), browser(2), &pending.secret, &owner).await;
        assert_eq!(elsewhere.unwrap_err(), Refusal::Gone);
        let late = visit().later(15 * MINUTE);
        assert_eq!(
            waiting(&world, &late, browser(1), &pending.secret)
                .await
                .unwrap_err(),
            Refusal::Gone
        );
        assert!(
            adopt(&world, &visit(), browser(1), &pending.secret, &owner)
                .await
                .is_ok()
        );
        let twice = adopt(&world, &visit(), browser(1), &pending.secret, &owner).await;
        assert_eq!(twice.unwrap_err(), Refusal::Gone);
    });
}

#[test]
fn lnk_10_of_ten_parallel_proofs_one_binds() {
    on_both(|db| async {
        let world = World::new(db).with_rules(careful);
        let (owner, _) = resident(&world, browser(1), &world.authority.issue(&askhat())).await;
        let pending = present(&world, &visit(), browser(1), &world.authority.issue(&askhat())).await;
        let (pending, owner) = (Arc::new(pending), Arc::new(owner));
        let tries: Vec<_> = (0..10)
            .map(|_| {
                let (world, pending, owner) = (world.clone(), pending.clone(), owner.clone());
                tokio::spawn(
                    async move { adopt(&world, &visit(), browser(1), &pending.secret, &owner).await },
                )
            })
            .collect();
        let mut bound = 0;
        for attempt in tries {
            match attempt.await.unwrap() {
                Ok(Adopted::Bound(_)) => bound += 1,
                outcome => assert_eq!(outcome.unwrap_err(), Refusal::Gone),
            }
        }
        assert_eq!(bound, 1);
        assert_eq!(valid_certificates(&world, &visit(), &owner).await, 2);
    });
}

#[test]
fn d_8_b_d_8_c_the_certificate_of_another_person_or_account_is_stopped() {
    on_both(|db| async {
        let world = World::new(db).with_rules(careful);
        let (mine, hers) = (world.authority.issue(&askhat()), world.authority.issue(&aigul()));
        let (owner, session) = resident(&world, browser(1), &mine).await;
        // a number that nobody has yet, but another than mine
        let pending = present(&world, &visit(), browser(1), &hers).await;
        let Ok(Adopted::ToConfirm(stopped)) =
            adopt(&world, &visit(), browser(1), &pending.secret, &owner).await
        else {
            panic!("it is not mine")
        };
        let seen = obstacle(&world, &visit(), &session, &stopped.secret).await;
        assert_eq!(seen, Some(Refusal::PersonIdDiffers));
        let refused = confirm(&world, &visit(), &session, &stopped.secret).await;
        assert_eq!(refused.unwrap_err(), Refusal::PersonIdDiffers);
        // and once she has an account, hers
        resident(&world, browser(2), &hers).await;
        let pending = present(&world, &visit(), browser(1), &world.authority.issue(&aigul())).await;
        let Ok(Adopted::ToConfirm(stopped)) =
            adopt(&world, &visit(), browser(1), &pending.secret, &owner).await
        else {
            panic!("it is not mine")
        };
        let seen = obstacle(&world, &visit(), &session, &stopped.secret).await;
        assert_eq!(seen, Some(Refusal::BoundElsewhere));
        assert_eq!(valid_certificates(&world, &visit(), &owner).await, 1);
    });
}

#[test]
fn d_7_c_of_several_candidates_none_is_the_first() {
    const SNILS: &[u64] = &[1, 2, 643, 100, 3];
    const INN: &[u64] = &[1, 2, 643, 3, 131, 1, 1];
    on_both(|db| async {
        let mut world = World::new(db).with_rules(careful);
        let mut group = world.authority.group("main");
        group.profile = esign::profile::Profile::Ru;
        group.person_ids = ["RU:SNILS", "RU:INN"].map(|kind| kind.parse().unwrap()).to_vec();
        world.trust = Arc::new(esign::trust::TrustStore::new(vec![group]));
        let issue = |attributes: &[(&'static [u64], &'static str)]| {
            let attributes = attributes.to_vec();
            world.authority.issue(&Person {
                attributes,
                ..askhat()
            })
        };
        let (one, _) = resident(&world, browser(1), &issue(&[(SNILS, "11223344595")])).await;
        let (two, _) = resident(&world, browser(1), &issue(&[(INN, "500100732259")])).await;
        assert_ne!(one.account, two.account);
        let both = issue(&[(SNILS, "11223344595"), (INN, "500100732259")]);
        let pending = present(&world, &visit(), browser(1), &both).await;
        let seen = waiting(&world, &visit(), browser(1), &pending.secret)
            .await
            .unwrap();
        assert_eq!(seen.why, Why::Several);
        let refused = register(&world, &visit(), browser(1), &pending.secret).await;
        assert_eq!(refused.unwrap_err(), Refusal::AccountExists);
        // the person says which, by proving it
        let adopted = adopt(&world, &visit(), browser(1), &pending.secret, &two).await;
        assert!(matches!(adopted, Ok(Adopted::Bound(_))), "{adopted:?}");
        let entered = world.enter(&visit(), browser(1), &both).await.unwrap();
        assert_eq!(entered.account, two.account);
    });
}

#[test]
fn d_9_who_is_new_registers_and_who_is_known_does_not() {
    on_both(|db| async {
        let world = World::new(db).with_rules(careful);
        let key = world.authority.issue(&askhat());
        let pending = present(&world, &visit(), browser(1), &key).await;
        let seen = waiting(&world, &visit(), browser(1), &pending.secret)
            .await
            .unwrap();
        assert_eq!(
            seen.why,
            Why::Newcomer {
                is_likely_known: false
            }
        );
        let entered = register(&world, &visit(), browser(1), &pending.secret)
            .await
            .unwrap();
        let owner = opened(entered);
        assert!(owner.created);
        assert_eq!(
            world.enter(&visit(), browser(1), &key).await.unwrap().account,
            owner.account
        );
        let known = present(&world, &visit(), browser(1), &world.authority.issue(&askhat())).await;
        let refused = register(&world, &visit(), browser(1), &known.secret).await;
        assert_eq!(refused.unwrap_err(), Refusal::AccountExists);
    });
}

#[test]
fn d_9_a_who_seems_to_have_an_account_is_asked_before_another_is_made() {
    on_both(|db| async {
        let mut world = World::new(db);
        let other = Authority::new("ДРУГОЙ ЦЕНТР");
        let groups = vec![world.authority.group("main"), other.group("other")];
        world.trust = Arc::new(esign::trust::TrustStore::new(groups));
        resident(&world, browser(1), &world.authority.issue(&askhat())).await;
        // the same number, stated by an authority that is another witness (CRT-3)
        let pending = present(&world, &visit(), browser(1), &other.issue(&askhat())).await;
        let seen = waiting(&world, &visit(), browser(1), &pending.secret)
            .await
            .unwrap();
        assert_eq!(
            seen.why,
            Why::Newcomer {
                is_likely_known: true
            }
        );
        // a namesake with a number of her own is another person, and is not held up
        let mut namesake = askhat();
        namesake.iin = aigul().iin;
        assert!(
            world
                .enter(&visit(), browser(3), &world.authority.issue(&namesake))
                .await
                .unwrap()
                .created
        );
    });
}

#[test]
fn b_5_f_a_certificate_without_a_number_is_added_only_after_both_sides_were_seen() {
    in_memory(|db| async {
        let world = World::new(db).with_rules(careful);
        let old = world.authority.issue(&askhat());
        let (owner, _) = resident(&world, browser(1), &old).await;
        let new = world.authority.issue(&nameless());
        let pending = present(&world, &visit(), browser(1), &new).await;
        let refused = register(&world, &visit(), browser(1), &pending.secret).await;
        assert_eq!(refused.unwrap_err(), Refusal::AccountExists);
        let Ok(Adopted::ToConfirm(pending)) =
            adopt(&world, &visit(), browser(1), &pending.secret, &owner).await
        else {
            panic!("nothing says whose it is")
        };
        let session = world.session(&visit(), &owner.secret).await.unwrap();
        // CMS-3: entering by a key says nothing of adding another one
        let refused = confirm(&world, &visit(), &session, &pending.secret).await;
        assert_eq!(refused.unwrap_err(), Refusal::StepUpRequired);
        let later = visit().later(MINUTE);
        let secret = world.step_up(&later, &owner.secret, &old).await.unwrap();
        let session = world.session(&later, &secret).await.unwrap();
        confirm(&world, &later, &session, &pending.secret).await.unwrap();
        let entered = world.enter(&later, browser(1), &new).await.unwrap();
        assert_eq!(entered.account, owner.account);
    });
}

/// The statement of `account::find_by_person_id`, as both engines are asked to plan it.
macro_rules! matching {
    () => {
        "select account_id from person_id
         where anchor_group = 'main' and country = 'KZ' and kind = 'IIN' and value = '900101300007'"
    };
}

#[test]
fn matching_by_a_number_is_one_indexed_read_on_sqlite() {
    in_memory(|db| async {
        World::new(db)
            .read(&visit(), |tx, _, _| {
                let plan: Vec<(i64, i64, i64, String)> =
                    tx.list(concat!("explain query plan ", matching!()), db::params![])?;
                let [(.., step)] = plan.as_slice() else {
                    panic!("{plan:?}")
                };
                assert!(step.starts_with("SEARCH person_id USING"), "{step}");
                assert!(
                    step.contains("anchor_group=? AND country=? AND kind=? AND value=?"),
                    "{step}"
                );
                Ok(())
            })
            .await;
    });
}
