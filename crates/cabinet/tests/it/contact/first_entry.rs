use std::time::Duration;

use cabinet::contact::{self, ConfirmRefusal, ContactState, FirstEntryRefusal, Slot};
use cabinet::message::Notice;
use cabinet::{FirstEntry, Visit};
use testkit::entry::World;
use testkit::pki::{aigul, askhat};
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

use super::resident::{Resident, code_to, kinds, letters};

const HOUR: Duration = Duration::from_secs(3600);

async fn is_needed(resident: &Resident, visit: &Visit) -> bool {
    resident
        .session(visit)
        .await
        .needs_first_entry(&resident.world.rules)
}

#[test]
fn a_8_the_cabinet_opens_when_an_address_is_confirmed() {
    on_both(|db| async {
        let world = World::new(db);
        let resident = Resident::new(&world, &askhat(), 1).await;
        assert!(is_needed(&resident, &visit()).await);
        assert_eq!(
            resident.first_entry(&visit(), "Askhat@Mail.kz").await,
            Ok(Slot::Email)
        );
        assert!(
            is_needed(&resident, &visit()).await,
            "a given address is not yet a confirmed one"
        );

        let letters = letters(&world, &visit()).await;
        assert_eq!(kinds(&letters), [("Askhat@mail.kz", "email-code")]);
        let code = code_to(&letters, "Askhat@mail.kz");
        resident
            .confirm(&visit(), Slot::Email, &format!(" {code} "))
            .await
            .unwrap();
        assert!(!is_needed(&resident, &visit()).await);
        assert_eq!(
            resident.contacts(&visit()).await.email.state(),
            ContactState::Confirmed
        );
    });
}

#[test]
fn a_8_a_a_mistyped_address_is_corrected_and_its_code_is_dead() {
    in_memory(|db| async {
        let world = World::new(db);
        let resident = Resident::new(&world, &askhat(), 1).await;
        resident.first_entry(&visit(), "askat@mail.kz").await.unwrap();
        let wrong = code_to(&letters(&world, &visit()).await, "askat@mail.kz");
        resident.first_entry(&visit(), "askhat@mail.kz").await.unwrap();
        let right = code_to(&letters(&world, &visit()).await, "askhat@mail.kz");

        let refused = resident.confirm(&visit(), Slot::Email, &wrong).await;
        assert_eq!(refused.unwrap_err(), ConfirmRefusal::CodeWrong);
        let confirmed = resident.confirm(&visit(), Slot::Email, &right).await.unwrap();
        assert_eq!(confirmed.value.as_str(), "askhat@mail.kz");
    });
}

#[test]
fn a_8_b_the_person_goes_on_tomorrow() {
    on_both(|db| async {
        let world = World::new(db);
        let mut resident = Resident::new(&world, &askhat(), 1).await;
        resident.first_entry(&visit(), "askhat@mail.kz").await.unwrap();
        let old = code_to(&letters(&world, &visit()).await, "askhat@mail.kz");

        let tomorrow = visit().later(20 * HOUR);
        resident.secret = world
            .enter(&tomorrow, browser(2), &resident.key)
            .await
            .unwrap()
            .secret;
        assert!(is_needed(&resident, &tomorrow).await);
        let pending = resident.contacts(&tomorrow).await.email.pending.unwrap();
        assert_eq!(pending.value.as_str(), "askhat@mail.kz");
        let refused = resident.confirm(&tomorrow, Slot::Email, &old).await;
        assert_eq!(refused.unwrap_err(), ConfirmRefusal::CodeOfOtherSession);

        let session = resident.session(&tomorrow).await;
        world
            .write(&tomorrow, move |tx, rules, visit| {
                contact::resend(tx, rules, visit, &session, Slot::Email)
            })
            .await
            .unwrap();
        let new = code_to(&letters(&world, &tomorrow).await, "askhat@mail.kz");
        resident.confirm(&tomorrow, Slot::Email, &new).await.unwrap();
        assert!(!is_needed(&resident, &tomorrow).await);
    });
}

#[test]
fn a_8_c_pwd_5_an_address_of_another_account_looks_the_same_and_its_owner_is_told() {
    on_both(|db| async {
        let world = World::new(db);
        Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        let other = Resident::new(&world, &aigul(), 2).await;
        letters(&world, &visit()).await;

        assert_eq!(
            other.first_entry(&visit(), "ASKHAT@mail.kz").await,
            Ok(Slot::Email)
        );
        let shown = other.contacts(&visit()).await.email;
        assert_eq!(shown.state(), ContactState::Pending);
        assert_eq!(shown.pending.unwrap().tries_left, world.rules.contact.code_tries);

        let letters = letters(&world, &visit()).await;
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].notice, Notice::AddressInUse);
        assert!(is_needed(&other, &visit()).await);
    });
}

#[test]
fn rule_3_an_unconfirmed_address_does_not_block_its_owner() {
    in_memory(|db| async {
        let world = World::new(db);
        let squatter = Resident::new(&world, &aigul(), 1).await;
        squatter.first_entry(&visit(), "askhat@mail.kz").await.unwrap();
        letters(&world, &visit()).await;
        Resident::with_email(&world, &askhat(), 2, "askhat@mail.kz").await;
    });
}

#[test]
fn a_8_d_the_operator_decides_what_is_required() {
    in_memory(|db| async {
        let world = World::new(db);
        let resident = Resident::new(&world, &askhat(), 1).await;
        let nothing = world.with_rules(|rules| rules.first_entry = FirstEntry::Nothing);
        assert!(
            !is_needed(
                &Resident {
                    world: nothing,
                    key: resident.key,
                    secret: resident.secret
                },
                &visit()
            )
            .await
        );

        let either = world.with_rules(|rules| rules.first_entry = FirstEntry::Either);
        let resident = Resident::new(&either, &aigul(), 2).await;
        assert_eq!(
            resident.first_entry(&visit(), "8 (707) 555-55-55").await,
            Ok(Slot::Phone)
        );
        let code = code_to(&letters(&either, &visit()).await, "+77075555555");
        resident.confirm(&visit(), Slot::Phone, &code).await.unwrap();
        assert!(!is_needed(&resident, &visit()).await);
    });
}

#[test]
fn con_1_with_a_contact_in_force_the_first_entry_needs_step_up_like_any_change() {
    in_memory(|db| async {
        let world = World::new(db);
        let resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        let refused = resident.first_entry(&visit(), "evil@mail.kz").await;
        assert_eq!(refused, Err(FirstEntryRefusal::StepUpRequired));
    });
}

#[test]
fn pwd_7_the_first_entry_takes_one_plain_address() {
    in_memory(|db| async {
        let world = World::new(db);
        let resident = Resident::new(&world, &askhat(), 1).await;
        for text in [
            "v@x.kz,a@evil.kz",
            "[\"v@x.kz\",\"a@evil.kz\"]",
            "v@x.kz\r\nBcc: a@evil.kz",
            "v@x.kz%0aBcc:",
        ] {
            let refused = resident.first_entry(&visit(), text).await;
            assert_eq!(refused, Err(FirstEntryRefusal::EmailMalformed), "{text:?}");
        }
        assert_eq!(
            resident.first_entry(&visit(), "  ").await,
            Err(FirstEntryRefusal::Missing)
        );
        assert_eq!(letters(&world, &visit()).await, []);
    });
}

#[test]
fn a_8_d_who_has_another_contact_than_the_required_one_proves_afresh_and_gives_it() {
    on_both(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        resident.world = world.with_rules(|rules| rules.first_entry = FirstEntry::PhoneRequired);
        assert!(is_needed(&resident, &visit()).await);
        let refused = resident.first_entry(&visit(), "+77075555555").await;
        assert_eq!(refused, Err(FirstEntryRefusal::StepUpRequired));

        resident.step_up(&visit()).await;
        assert_eq!(
            resident.first_entry(&visit(), "+77075555555").await,
            Ok(Slot::Phone)
        );
        let letters = letters(&world, &visit()).await;
        assert_eq!(
            kinds(&letters)[1].0,
            "askhat@mail.kz",
            "the contact in force is told"
        );
        let code = code_to(&letters, "+77075555555");
        resident.confirm(&visit(), Slot::Phone, &code).await.unwrap();
        assert!(!is_needed(&resident, &visit()).await);
    });
}

#[test]
fn ses_5_where_no_contact_is_required_giving_the_first_one_needs_step_up() {
    in_memory(|db| async {
        let world = World::new(db).with_rules(|rules| rules.first_entry = FirstEntry::Nothing);
        let mut resident = Resident::new(&world, &askhat(), 1).await;
        let refused = resident.first_entry(&visit(), "evil@mail.kz").await;
        assert_eq!(refused, Err(FirstEntryRefusal::StepUpRequired));
        resident.step_up(&visit()).await;
        assert_eq!(
            resident.first_entry(&visit(), "askhat@mail.kz").await,
            Ok(Slot::Email)
        );
    });
}
