use std::sync::Arc;
use std::time::Duration;

use cabinet::binding::{self, SecondFactor};
use cabinet::session::{self, Grown};
use cabinet::sign_in::second_factor::{Passed, SecondFactorRefusal};
use cabinet::sign_in::{self, CertificateEntry, Entered, SignInRefusal};
use cabinet::{Demand, account};
use testkit::entry::World;
use testkit::factor::code;
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

use super::owner::Owner;

const STEP: Duration = Duration::from_secs(30);

#[test]
fn no_session_exists_before_the_second_factor_and_it_belongs_to_one_browser() {
    on_both(|db| async {
        let owner = Owner::new(&World::new(db)).await;
        let (seed, _) = owner.connect_app(&visit()).await;
        let now = visit().later(10 * STEP);
        let before = count_sessions(&owner).await;
        let pending = owner.begin(&now, browser(2)).await;
        assert_eq!(count_sessions(&owner).await, before);
        assert!(owner.world.session(&now, &pending).await.is_none());
        let shown = code(&seed, now.now);
        let elsewhere = owner
            .give(&now, browser(3), &pending, SecondFactor::Totp, &shown)
            .await;
        assert_eq!(elsewhere.unwrap_err(), SecondFactorRefusal::Gone);
        let late = now.later(21 * STEP);
        let over = owner
            .give(
                &late,
                browser(2),
                &pending,
                SecondFactor::Totp,
                &code(&seed, late.now),
            )
            .await;
        assert_eq!(over.unwrap_err(), SecondFactorRefusal::Gone);
        let right = owner
            .give(&now, browser(2), &pending, SecondFactor::Totp, &shown)
            .await;
        let Ok(Passed::Entered(opened)) = right else {
            panic!("{right:?}")
        };
        assert!(owner.world.session(&now, &opened.secret).await.is_some());
        assert_eq!(count_sessions(&owner).await, before + 1);
    });
}

#[test]
fn pwd_3_rule_6_a_first_proof_dies_with_the_account_shut_or_its_ways_in_changed() {
    in_memory(|db| async {
        let owner = Owner::new(&World::new(db)).await;
        let (_, sheet) = owner.connect_app(&visit()).await;
        let printed: Vec<String> = sheet.unwrap().printed().collect();
        let pending = owner.begin(&visit(), browser(2)).await;
        owner.act(&visit(), binding::set_sms_factor).await.unwrap_err();
        let id = owner.session(&visit()).await.account;
        let world = &owner.world;
        world
            .write(&visit(), move |tx, _, visit| account::block(tx, visit, id))
            .await;
        let shut = owner
            .give(
                &visit(),
                browser(2),
                &pending,
                SecondFactor::RecoveryCode,
                &printed[0],
            )
            .await;
        assert_eq!(shut.unwrap_err(), SecondFactorRefusal::Gone);
        let refused = owner.enter(&visit(), browser(2)).await;
        assert_eq!(refused.unwrap_err(), SignInRefusal::AccountBlocked);
    });
}

#[test]
fn risk_2_a_group_may_ask_everybody_and_who_has_none_sets_one_up_first() {
    in_memory(|db| async {
        let world = World::new(db);
        let group = world.trust.groups().first().unwrap().id.clone();
        let world = world.with_rules(|rules| {
            rules.second_factor.anchor_groups.insert(group, Demand::Everybody);
        });
        let owner = Owner::new(&world).await;
        assert!(owner.session(&visit()).await.owes_second_factor);
        let (seed, _) = owner.connect_app(&visit()).await;
        assert!(!owner.session(&visit()).await.owes_second_factor);

        let now = visit().later(10 * STEP);
        let signed = world.answer(&now, browser(2), &owner.key).await.unwrap();
        let entered = world
            .write(&now, move |tx, rules, visit| {
                sign_in::with_certificate(tx, rules, visit, browser(2), &signed, None)
            })
            .await;
        let Ok(CertificateEntry::Entered(Entered::SecondFactorNeeded(pending))) = entered else {
            panic!("{entered:?}")
        };
        let ways: Vec<_> = pending.ways.iter().map(|own| own.factor).collect();
        assert_eq!(ways, [SecondFactor::Totp, SecondFactor::RecoveryCode]);
        let shown = code(&seed, now.now);
        let right = owner
            .give(&now, browser(2), &pending.secret, SecondFactor::Totp, &shown)
            .await;
        assert!(matches!(right, Ok(Passed::Entered(_))));
    });
}

#[test]
fn by_default_a_key_opens_alone_and_a_password_asks_who_has_set_one_up() {
    in_memory(|db| async {
        let owner = Owner::new(&World::new(db)).await;
        let entered = owner.enter(&visit(), browser(2)).await;
        assert!(matches!(entered, Ok(Entered::Opened(_))));
        owner.connect_app(&visit()).await;
        assert!(owner.world.enter(&visit(), browser(2), &owner.key).await.is_ok());
        owner.begin(&visit(), browser(2)).await;
    });
}

#[test]
fn ses_5_a_password_alone_is_no_step_up_where_a_second_factor_is_asked() {
    in_memory(|db| async {
        let owner = Owner::new(&World::new(db)).await;
        let (seed, sheet) = owner.connect_app(&visit()).await;
        let printed = sheet.unwrap().printed().next().unwrap();
        // the key is no way in any more: the password is the strongest
        let later = visit().later(Duration::from_secs(10 * 365 * 24 * 3600));
        let pending = owner.begin(&later, browser(2)).await;
        let entered = owner
            .give(&later, browser(2), &pending, SecondFactor::RecoveryCode, &printed)
            .await;
        let Ok(Passed::Entered(opened)) = entered else {
            panic!("{entered:?}")
        };
        let session = owner.world.session(&later, &opened.secret).await.unwrap();
        let asked = session.clone();
        let attempt = owner
            .world
            .write(&later, move |tx, rules, visit| {
                session::step_up_attempt(tx, rules, visit, &asked)
            })
            .await
            .unwrap();
        let checked = Arc::new(sign_in::check_password(
            attempt,
            "верблюд-скрипка-47-облако",
            &later.entropy,
        ));
        let grown = owner
            .world
            .write(&later, move |tx, rules, visit| {
                session::step_up_with_password(tx, rules, visit, browser(2), &session, &checked)
            })
            .await;
        let Ok(Grown::SecondFactorNeeded(pending)) = grown else {
            panic!("{grown:?}")
        };
        let shown = code(&seed, later.now);
        let stronger = owner
            .give(&later, browser(2), &pending.secret, SecondFactor::Totp, &shown)
            .await;
        let Ok(Passed::Stronger(secret)) = stronger else {
            panic!("{stronger:?}")
        };
        let session = owner.world.session(&later, &secret).await.unwrap();
        assert!(session.is_stepped_up(later.now));
        assert!(owner.world.session(&later, &opened.secret).await.is_none());
    });
}

async fn count_sessions(owner: &Owner) -> i64 {
    owner
        .world
        .read(&visit(), |tx, _, _| {
            Ok(tx.one("select count(*) from session where ended_at is null", &[])?)
        })
        .await
}
