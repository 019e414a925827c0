//! Which proofs a recovery asks for.

use std::time::Duration;

use cabinet::binding::{self, SecondFactor};
use cabinet::contact::Slot;
use cabinet::recovery::{RecoveryRefusal, Step, Ways};
use testkit::entry::World;
use testkit::factor::code;
use testkit::storage::in_memory;
use testkit::visit::{Elsewhere, visit};

use super::returner::{EMAIL, PHONE, WayBack, act, remove_certificate, resident, shown};
use crate::contact::resident::{Resident, letters};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Connects an app; gives its seed and the codes of the sheet.
async fn connect_app(person: &Resident) -> (binding::Seed, Vec<String>) {
    let seed = act(person, binding::offer_totp).await.unwrap();
    let first = code(&seed, visit().now);
    let enrolled = act(person, move |tx, rules, visit, by| {
        binding::confirm_totp(tx, rules, visit, by, &first)
    });
    let sheet = enrolled.await.unwrap().recovery_codes.unwrap();
    letters(&person.world, &visit()).await;
    (seed, sheet.printed().collect())
}

fn proof_by(factors: &[SecondFactor]) -> Step {
    Step::Proof(Ways {
        contacts: Vec::new(),
        factors: factors.to_vec(),
    })
}

#[test]
fn ses_5_one_contact_is_not_enough_where_more_than_a_password_opens_the_account() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut person = resident(&world).await;
        let way = shown(&world, &visit(), EMAIL, EMAIL).await;
        assert_eq!(way.step().await, Some(proof_by(&[])), "only people can help");
        assert_eq!(way.complete().await.unwrap_err(), RecoveryRefusal::StepMissing);

        person.change_and_confirm(&visit(), Slot::Phone, PHONE).await;
        letters(&world, &visit()).await;
        let mut way = shown(&world, &visit(), EMAIL, EMAIL).await;
        let Some(Step::Proof(ways)) = way.step().await else {
            panic!("a second contact is asked for");
        };
        assert_eq!((ways.contacts.len(), ways.factors.len()), (1, 0));
        assert!(
            !ways.contacts[0].1.contains("707555"),
            "masked: {:?}",
            ways.contacts
        );
        assert_eq!(
            way.send_to(Slot::Email).await,
            Err(RecoveryRefusal::NotYours),
            "the same again"
        );
        way.show(Slot::Phone, PHONE).await.unwrap();
        assert_eq!(way.step().await, Some(Step::Password));
    });
}

#[test]
fn ses_5_a_certificate_that_has_ended_is_lost() {
    in_memory(|db| async {
        let world = World::new(db);
        resident(&world).await;
        let later = visit().later(1200 * DAY);
        let way = shown(&world, &later, EMAIL, EMAIL).await;
        assert_eq!(way.step().await, Some(Step::Password));
    });
}

#[test]
fn pwd_8_a_second_factor_is_asked_for_and_stays() {
    in_memory(|db| async {
        let world = World::new(db);
        let person = proven(&world).await;
        let (seed, sheet) = connect_app(&person).await;
        remove_certificate(&person).await;
        let later = visit().later(Duration::from_secs(300));
        let mut way = shown(&world, &later, EMAIL, EMAIL).await;
        let both = [SecondFactor::Totp, SecondFactor::RecoveryCode];
        assert_eq!(way.step().await, Some(proof_by(&both)));
        let wrong = way.give_factor(SecondFactor::Totp, "000000").await;
        assert_eq!(wrong, Err(RecoveryRefusal::FactorWrong));
        let sms = way.give_factor(SecondFactor::Sms, "000000").await;
        assert_eq!(sms, Err(RecoveryRefusal::NotYours));
        way.give_factor(SecondFactor::Totp, &code(&seed, later.now))
            .await
            .unwrap();
        assert_eq!(way.step().await, Some(Step::Password));

        let mut way = shown(&world, &later, EMAIL, EMAIL).await;
        way.give_factor(SecondFactor::RecoveryCode, &sheet[0])
            .await
            .unwrap();
        assert_eq!(way.step().await, Some(Step::Password));
        let used = shown(&world, &later, EMAIL, EMAIL)
            .await
            .give_factor(SecondFactor::RecoveryCode, &sheet[0])
            .await;
        assert_eq!(used, Err(RecoveryRefusal::FactorWrong));
    });
}

/// Whose fresh proof still counts.
async fn proven(world: &World) -> Resident {
    let mut person = resident(world).await;
    person.step_up(&visit()).await;
    person
}

#[test]
fn pwd_8_the_sheet_stands_for_the_second_contact_and_an_app_does_not() {
    in_memory(|db| async {
        let world = World::new(db);
        let person = proven(&world).await;
        let (seed, sheet) = connect_app(&person).await;
        let later = visit().later(Duration::from_secs(300));
        let mut way = shown(&world, &later, EMAIL, EMAIL).await;
        assert_eq!(way.step().await, Some(proof_by(&[SecondFactor::RecoveryCode])));
        let app = way.give_factor(SecondFactor::Totp, &code(&seed, later.now)).await;
        assert_eq!(app, Err(RecoveryRefusal::NotYours));
        way.give_factor(SecondFactor::RecoveryCode, &sheet[0])
            .await
            .unwrap();
        assert_eq!(way.step().await, Some(Step::Password));
    });
}

#[test]
fn pwd_8_two_contacts_do_not_replace_the_second_factor() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut person = proven(&world).await;
        connect_app(&person).await;
        person.change_and_confirm(&visit(), Slot::Phone, PHONE).await;
        letters(&world, &visit()).await;
        let later = visit().later(Duration::from_secs(300));
        let mut way = shown(&world, &later, EMAIL, EMAIL).await;
        way.show(Slot::Phone, PHONE).await.unwrap();
        assert_eq!(way.complete().await.unwrap_err(), RecoveryRefusal::StepMissing);
        let both = [SecondFactor::Totp, SecondFactor::RecoveryCode];
        assert_eq!(way.step().await, Some(proof_by(&both)));
    });
}

#[test]
fn sms_2_a_telephone_alone_recovers_nothing_where_there_is_an_e_mail() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut person = resident(&world).await;
        person.change_and_confirm(&visit(), Slot::Phone, PHONE).await;
        remove_certificate(&person).await;
        let mut way = shown(&world, &visit(), "8 707 555 55 55", PHONE).await;
        assert_eq!(way.complete().await.unwrap_err(), RecoveryRefusal::StepMissing);
        way.show(Slot::Email, EMAIL).await.unwrap();
        assert_eq!(way.step().await, Some(Step::Password));
        let way = shown(&world, &visit(), EMAIL, EMAIL).await;
        assert_eq!(
            way.step().await,
            Some(Step::Password),
            "the other way round it is one step"
        );
    });
}

#[test]
fn sms_2_a_number_confirmed_a_year_ago_gets_no_code() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut person = resident(&world).await;
        person.change_and_confirm(&visit(), Slot::Phone, PHONE).await;
        letters(&world, &visit()).await;
        let later = visit().later(366 * DAY);
        WayBack::begin(&world, &later, PHONE).await;
        assert!(letters(&world, &later).await.is_empty());
    });
}

#[test]
fn pwd_8_codes_by_sms_are_no_second_factor_to_who_showed_that_telephone_only() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut person = resident(&world).await;
        person.change_and_confirm(&visit(), Slot::Phone, PHONE).await;
        person.step_up(&visit()).await;
        act(&person, binding::set_sms_factor).await.unwrap();
        remove_certificate(&person).await;
        let mut way = shown(&world, &visit(), PHONE, PHONE).await;
        assert_eq!(way.complete().await.unwrap_err(), RecoveryRefusal::StepMissing);
        way.show(Slot::Email, EMAIL).await.unwrap();
        assert_eq!(way.step().await, Some(Step::Password));

        let mut way = shown(&world, &visit(), EMAIL, EMAIL).await;
        assert_eq!(way.complete().await.unwrap_err(), RecoveryRefusal::StepMissing);
        way.show(Slot::Phone, PHONE).await.unwrap();
        assert_eq!(way.step().await, Some(Step::Password));
    });
}

#[test]
fn a_contact_that_was_replaced_meanwhile_proves_nothing() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut person = resident(&world).await;
        person.change_and_confirm(&visit(), Slot::Phone, PHONE).await;
        letters(&world, &visit()).await;
        let way = shown(&world, &visit(), EMAIL, EMAIL).await;
        person
            .change_and_confirm(&visit(), Slot::Email, "new@example.kz")
            .await;
        assert_eq!(way.complete().await.unwrap_err(), RecoveryRefusal::StepMissing);
    });
}
