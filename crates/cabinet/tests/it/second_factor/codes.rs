use std::time::Duration;

use cabinet::binding::{self, SecondFactor};
use cabinet::contact::Slot;
use cabinet::message::Notice;
use cabinet::sign_in::second_factor::{Passed, SecondFactorRefusal};
use cabinet::{Rules, Visit};
use testkit::entry::World;
use testkit::factor::code;
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

use super::owner::{Owner, give};
use crate::contact::resident::{Resident, code_to, letters};

const STEP: Duration = Duration::from_secs(30);
const MINUTE: Duration = Duration::from_secs(60);
const PHONE: &str = "+77075555555";

#[test]
fn otp_1_a_code_works_once_also_in_parallel_and_none_of_an_older_step() {
    on_both(|db| async {
        let owner = Owner::new(&World::new(db)).await;
        let (seed, _) = owner.connect_app(&visit()).await;
        // the code that connected the app is used up already
        let now = visit();
        let pending = owner.begin(&now, browser(2)).await;
        let used = owner
            .give(
                &now,
                browser(2),
                &pending,
                SecondFactor::Totp,
                &code(&seed, now.now),
            )
            .await;
        assert_eq!(used.unwrap_err(), SecondFactorRefusal::Wrong);

        let later = visit().later(10 * STEP);
        let shown = code(&seed, later.now);
        let mut tries = Vec::new();
        for n in 0..4 {
            let pending = owner.begin(&later, browser(10 + n)).await;
            let (world, later, shown) = (owner.world.clone(), later.clone(), shown.clone());
            tries.push(tokio::spawn(async move {
                give(
                    &world,
                    &later,
                    browser(10 + n),
                    &pending,
                    SecondFactor::Totp,
                    &shown,
                )
                .await
            }));
        }
        let mut passed = 0;
        for one in tries {
            passed += u32::from(one.await.unwrap().is_ok());
        }
        assert_eq!(passed, 1);

        let pending = owner.begin(&later, browser(3)).await;
        let older = code(&seed, later.now.minus(STEP));
        let older = owner
            .give(&later, browser(3), &pending, SecondFactor::Totp, &older)
            .await;
        assert_eq!(older.unwrap_err(), SecondFactorRefusal::Wrong);
    });
}

#[test]
fn pwd_2_wrong_codes_lock_that_factor_alone_wherever_they_come_from_and_the_owner_is_told() {
    in_memory(|db| async {
        let owner = Owner::new(&World::new(db)).await;
        owner.confirm_email("askhat@example.kz").await;
        let (seed, sheet) = owner.connect_app(&visit()).await;
        letters(&owner.world, &visit()).await;
        let now = visit().later(10 * STEP);
        for n in 0..5_u8 {
            let now = now.from(&format!("198.51.{n}.7"));
            let pending = owner.begin(&now, browser(20)).await;
            let wrong = owner
                .give(&now, browser(20), &pending, SecondFactor::Totp, "000000")
                .await;
            assert_eq!(wrong.unwrap_err(), SecondFactorRefusal::Wrong);
        }
        let pending = owner.begin(&now, browser(21)).await;
        let right = code(&seed, now.now);
        let locked = owner
            .give(&now, browser(21), &pending, SecondFactor::Totp, &right)
            .await;
        assert_eq!(locked.unwrap_err(), SecondFactorRefusal::TooManyTries);
        let told = letters(&owner.world, &now).await;
        let told = told
            .iter()
            .filter(|letter| matches!(letter.notice, Notice::SecondFactorGuessed { .. }));
        assert_eq!(told.count(), 1);

        let printed = sheet.unwrap().printed().next().unwrap();
        let other = owner.give(&now, browser(21), &pending, SecondFactor::RecoveryCode, &printed);
        assert!(matches!(other.await, Ok(Passed::Entered(_))));
        let later = now.later(2 * MINUTE);
        let pending = owner.begin(&later, browser(21)).await;
        let right = code(&seed, later.now);
        let again = owner.give(&later, browser(21), &pending, SecondFactor::Totp, &right);
        assert!(again.await.is_ok());
    });
}

#[test]
fn a_recovery_code_works_once_and_its_use_is_told() {
    on_both(|db| async {
        let owner = Owner::new(&World::new(db)).await;
        owner.confirm_email("askhat@example.kz").await;
        let (_, sheet) = owner.connect_app(&visit()).await;
        let printed: Vec<String> = sheet.unwrap().printed().collect();
        assert_eq!(printed.len(), 10);
        letters(&owner.world, &visit()).await;
        let typed = printed[3].to_lowercase().replace('-', " ");
        let pending = owner.begin(&visit(), browser(2)).await;
        let first = owner
            .give(&visit(), browser(2), &pending, SecondFactor::RecoveryCode, &typed)
            .await;
        assert!(first.is_ok(), "{first:?}");
        let told = letters(&owner.world, &visit()).await;
        assert!(
            told.iter()
                .any(|letter| matches!(letter.notice, Notice::RecoveryCodeUsed { left: 9, .. }))
        );
        let pending = owner.begin(&visit(), browser(2)).await;
        let second = owner
            .give(&visit(), browser(2), &pending, SecondFactor::RecoveryCode, &typed)
            .await;
        assert_eq!(second.unwrap_err(), SecondFactorRefusal::Wrong);

        let renewed = owner.act(&visit(), binding::renew_recovery_codes).await;
        assert_ne!(renewed.printed().next().unwrap(), printed[0]);
        let old = owner
            .give(
                &visit(),
                browser(2),
                &pending,
                SecondFactor::RecoveryCode,
                &printed[0],
            )
            .await;
        assert!(old.is_err());
    });
}

#[test]
fn otp_2_a_code_by_sms_belongs_to_one_sign_in_and_survives_five_guesses() {
    in_memory(|db| async {
        let owner = with_phone(&World::new(db)).await;
        owner.act(&visit(), binding::set_sms_factor).await.unwrap();
        letters(&owner.world, &visit()).await;
        let now = visit().later(2 * MINUTE);
        let pending = owner.begin(&now, browser(2)).await;
        owner.send(&now, browser(2), &pending).await.unwrap();
        let first = code_to(&letters(&owner.world, &now).await, PHONE);
        let soon = owner.send(&now, browser(2), &pending).await;
        assert_eq!(soon.unwrap_err(), SecondFactorRefusal::TooSoon);

        // another sign-in, another browser, a newer code
        let other = owner.begin(&now, browser(3)).await;
        let stolen = owner
            .give(&now, browser(3), &other, SecondFactor::Sms, &first)
            .await;
        assert_eq!(stolen.unwrap_err(), SecondFactorRefusal::Wrong);
        let elsewhere = owner
            .give(&now, browser(3), &pending, SecondFactor::Sms, &first)
            .await;
        assert_eq!(elsewhere.unwrap_err(), SecondFactorRefusal::Gone);
        let now = now.later(2 * MINUTE);
        owner.send(&now, browser(2), &pending).await.unwrap();
        let second = code_to(&letters(&owner.world, &now).await, PHONE);
        if first != second {
            let old = owner
                .give(&now, browser(2), &pending, SecondFactor::Sms, &first)
                .await;
            assert_eq!(old.unwrap_err(), SecondFactorRefusal::Wrong);
        }
        let right = owner
            .give(&now, browser(2), &pending, SecondFactor::Sms, &second)
            .await;
        assert!(matches!(right, Ok(Passed::Entered(_))));
    });
}

#[test]
fn otp_2_after_five_wrong_guesses_the_right_code_is_refused() {
    in_memory(|db| async {
        let owner = with_phone(&World::new(db)).await;
        owner.act(&visit(), binding::set_sms_factor).await.unwrap();
        letters(&owner.world, &visit()).await;
        let now = visit().later(2 * MINUTE);
        let pending = owner.begin(&now, browser(2)).await;
        owner.send(&now, browser(2), &pending).await.unwrap();
        let right = code_to(&letters(&owner.world, &now).await, PHONE);
        for _ in 0..5 {
            let wrong = owner
                .give(&now, browser(2), &pending, SecondFactor::Sms, "x")
                .await;
            assert_eq!(wrong.unwrap_err(), SecondFactorRefusal::Wrong);
        }
        let later = now.later(2 * MINUTE);
        let sixth = owner
            .give(&later, browser(2), &pending, SecondFactor::Sms, &right)
            .await;
        assert_eq!(sixth.unwrap_err(), SecondFactorRefusal::Wrong);
    });
}

/// Confirms an e-mail, so that there is somewhere to write to.
/// An owner whose phone is confirmed.
async fn with_phone(world: &World) -> Owner {
    let world = world.with_rules(|rules: &mut Rules| rules.first_entry = cabinet::FirstEntry::PhoneRequired);
    let owner = Owner::new(&world).await;
    let resident = Resident {
        world: world.clone(),
        key: world.authority.issue(&testkit::pki::askhat()),
        secret: owner.secret.clone(),
    };
    let at: Visit = visit();
    resident.first_entry(&at, PHONE).await.unwrap();
    let code = code_to(&letters(&world, &at).await, PHONE);
    resident.confirm(&at, Slot::Phone, &code).await.unwrap();
    owner
}
