use std::time::Duration;

use cabinet::contact::{self, ConfirmRefusal, ResendRefusal, Slot};
use cabinet::{Secret, Visit, binding, session};
use testkit::entry::World;
use testkit::pki::{aigul, askhat};
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

use super::resident::{Resident, code_to, confirmation_to, letters};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

async fn waiting(world: &World) -> (Resident, String) {
    let resident = Resident::new(world, &askhat(), 1).await;
    resident.first_entry(&visit(), "askhat@mail.kz").await.unwrap();
    let code = code_to(&letters(world, &visit()).await, "askhat@mail.kz");
    (resident, code)
}

fn other_than(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

async fn resend(resident: &Resident, visit: &Visit) -> Result<(), ResendRefusal> {
    let session = resident.session(visit).await;
    resident
        .world
        .write(visit, move |tx, rules, visit| {
            contact::resend(tx, rules, visit, &session, Slot::Email)
        })
        .await
}

async fn by_link(world: &World, visit: &Visit, secret: &Secret) -> Result<(), ConfirmRefusal> {
    let secret = secret.clone();
    world
        .write(visit, move |tx, rules, visit| {
            contact::confirm_by_link(tx, rules, visit, &secret)
        })
        .await
        .map(|_| ())
}

#[test]
fn otp_2_the_sixth_try_of_a_right_code_is_refused() {
    on_both(|db| async {
        let world = World::new(db);
        let (resident, code) = waiting(&world).await;
        for left in (0..5).rev() {
            let refused = resident.confirm(&visit(), Slot::Email, &other_than(&code)).await;
            assert_eq!(refused.unwrap_err(), ConfirmRefusal::CodeWrong);
            assert_eq!(
                resident
                    .contacts(&visit())
                    .await
                    .email
                    .pending
                    .unwrap()
                    .tries_left,
                left
            );
        }
        let refused = resident.confirm(&visit(), Slot::Email, &code).await;
        assert_eq!(refused.unwrap_err(), ConfirmRefusal::TooManyTries);
    });
}

#[test]
fn otp_2_parallel_guesses_are_counted_each() {
    on_both(|db| async {
        let world = World::new(db);
        let (resident, code) = waiting(&world).await;
        let session = resident.session(&visit()).await;
        let guesses = (0..20).map(|_| {
            let (world, session, wrong) = (world.clone(), session.clone(), other_than(&code));
            tokio::spawn(async move {
                world
                    .write(&visit(), move |tx, rules, visit| {
                        contact::confirm_by_code(tx, rules, visit, &session, Slot::Email, &wrong)
                    })
                    .await
            })
        });
        let mut checked = 0;
        for guess in guesses.collect::<Vec<_>>() {
            checked += u32::from(guess.await.unwrap().unwrap_err() == ConfirmRefusal::CodeWrong);
        }
        assert_eq!(checked, 5);
    });
}

#[test]
fn otp_2_a_new_code_kills_the_old_one_and_its_link() {
    on_both(|db| async {
        let world = World::new(db);
        let resident = Resident::new(&world, &askhat(), 1).await;
        resident.first_entry(&visit(), "askhat@mail.kz").await.unwrap();
        let first = letters(&world, &visit()).await;
        assert_eq!(resend(&resident, &visit()).await, Err(ResendRefusal::TooSoon));

        let later = visit().later(MINUTE);
        resend(&resident, &later).await.unwrap();
        let second = letters(&world, &later).await;
        let refused = resident
            .confirm(&later, Slot::Email, &code_to(&first, "askhat@mail.kz"))
            .await;
        assert_eq!(refused.unwrap_err(), ConfirmRefusal::CodeWrong);
        let dead = confirmation_to(&first, "askhat@mail.kz");
        assert_eq!(
            by_link(&world, &later, &dead).await,
            Err(ConfirmRefusal::LinkReplaced)
        );
        resident
            .confirm(&later, Slot::Email, &code_to(&second, "askhat@mail.kz"))
            .await
            .unwrap();
    });
}

#[test]
fn otp_2_a_code_is_bound_to_the_session_that_asked() {
    in_memory(|db| async {
        let world = World::new(db);
        let (mut resident, code) = waiting(&world).await;
        resident.secret = world
            .enter(&visit(), browser(2), &resident.key)
            .await
            .unwrap()
            .secret;
        let refused = resident.confirm(&visit(), Slot::Email, &code).await;
        assert_eq!(refused.unwrap_err(), ConfirmRefusal::CodeOfOtherSession);
    });
}

#[test]
fn otp_2_a_step_up_in_between_does_not_lose_the_code_nor_the_session() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        resident
            .change(&visit(), Slot::Phone, "87075555555")
            .await
            .unwrap();
        let code = code_to(&letters(&world, &visit()).await, "+77075555555");
        resident.step_up(&visit()).await;
        resident.confirm(&visit(), Slot::Phone, &code).await.unwrap();
        assert!(world.session(&visit(), &resident.secret).await.is_some());
    });
}

#[test]
fn four_4_4_a_code_lives_ten_minutes_and_works_once() {
    in_memory(|db| async {
        let world = World::new(db);
        let (resident, code) = waiting(&world).await;
        let late = visit().later(10 * MINUTE);
        let refused = resident.confirm(&late, Slot::Email, &code).await;
        assert_eq!(refused.unwrap_err(), ConfirmRefusal::CodeExpired);
        let in_time = visit().later(Duration::from_micros(599_999_999));
        resident.confirm(&in_time, Slot::Email, &code).await.unwrap();
        let again = resident.confirm(&in_time, Slot::Email, &code).await;
        assert_eq!(again.unwrap_err(), ConfirmRefusal::NothingPending);
    });
}

#[test]
fn otp_2_an_account_has_a_daily_total_of_tries() {
    in_memory(|db| async {
        let world = World::new(db).with_rules(|rules| {
            rules.contact.guesses_per_day = 7;
        });
        let (resident, code) = waiting(&world).await;
        for _ in 0..5 {
            resident
                .confirm(&visit(), Slot::Email, &other_than(&code))
                .await
                .unwrap_err();
        }
        let later = visit().later(MINUTE);
        resend(&resident, &later).await.unwrap();
        let code = code_to(&letters(&world, &later).await, "askhat@mail.kz");
        for _ in 0..2 {
            let refused = resident.confirm(&later, Slot::Email, &other_than(&code)).await;
            assert_eq!(refused.unwrap_err(), ConfirmRefusal::CodeWrong);
        }
        let refused = resident.confirm(&later, Slot::Email, &code).await;
        assert_eq!(refused.unwrap_err(), ConfirmRefusal::TooManyTries);
    });
}

#[test]
fn msg_1_looking_at_a_link_uses_nothing_up_and_the_button_works_once() {
    on_both(|db| async {
        let world = World::new(db);
        let resident = Resident::new(&world, &askhat(), 1).await;
        resident.first_entry(&visit(), "askhat@mail.kz").await.unwrap();
        let secret = confirmation_to(&letters(&world, &visit()).await, "askhat@mail.kz");
        for scanner in 0..10 {
            let looked = secret.clone();
            let from = visit().from(&format!("198.51.100.{scanner}"));
            let preview = world
                .read(&from, move |tx, rules, visit| {
                    contact::confirm_by_link_preview(tx, rules, visit, &looked)
                })
                .await
                .unwrap();
            assert_eq!(preview.value.as_str(), "askhat@mail.kz");
        }
        assert_eq!(by_link(&world, &visit(), &secret).await, Ok(()));
        assert_eq!(
            by_link(&world, &visit(), &secret).await,
            Err(ConfirmRefusal::LinkUsed)
        );
    });
}

#[test]
fn lnk_4_a_link_lives_a_day_and_dies_with_its_change() {
    in_memory(|db| async {
        let world = World::new(db);
        let resident = Resident::new(&world, &askhat(), 1).await;
        resident.first_entry(&visit(), "askhat@mail.kz").await.unwrap();
        let secret = confirmation_to(&letters(&world, &visit()).await, "askhat@mail.kz");
        let late = visit().later(24 * HOUR);
        assert_eq!(
            by_link(&world, &late, &secret).await,
            Err(ConfirmRefusal::LinkExpired)
        );

        let account = resident.session(&visit()).await.account;
        let void = world
            .write(&visit(), move |tx, _, visit| {
                contact::void_pending(tx, visit, account)
            })
            .await;
        assert_eq!(void, 1);
        assert_eq!(
            by_link(&world, &visit(), &secret).await,
            Err(ConfirmRefusal::LinkReplaced)
        );
        assert_eq!(resident.contacts(&visit()).await.email.pending, None);
    });
}

#[test]
fn lnk_4_a_password_change_voids_a_waiting_contact() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        resident
            .change(&visit(), Slot::Email, "evil@mail.kz")
            .await
            .unwrap();
        let letters = letters(&world, &visit()).await;
        let link = confirmation_to(&letters, "evil@mail.kz");

        let session = resident.session(&visit()).await;
        let hash = binding::NewPassword::check("лодка зонтик чабрец 41", &[])
            .unwrap()
            .hash(&visit().entropy)
            .unwrap();
        world
            .write(&visit(), move |tx, rules, visit| {
                let stepped_up = session.step_up(tx, rules, visit)?.unwrap();
                binding::set_password(tx, rules, visit, &stepped_up, &hash)
            })
            .await;
        assert_eq!(
            by_link(&world, &visit(), &link).await,
            Err(ConfirmRefusal::LinkReplaced)
        );
        let email = resident.contacts(&visit()).await.email;
        assert_eq!(email.in_force.unwrap().value.as_str(), "askhat@mail.kz");
        assert_eq!(email.pending, None);
    });
}

#[test]
fn lnk_4_ending_the_other_sessions_voids_what_a_thief_asked_for_in_one() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        resident
            .change(&visit(), Slot::Email, "evil@mail.kz")
            .await
            .unwrap();
        let link = confirmation_to(&letters(&world, &visit()).await, "evil@mail.kz");

        let owner = world.enter(&visit(), browser(2), &resident.key).await.unwrap();
        let owner = world.session(&visit(), &owner.secret).await.unwrap();
        world
            .write(&visit(), move |tx, rules, visit| {
                session::end_others(tx, rules, visit, &owner)
            })
            .await;
        assert_eq!(
            by_link(&world, &visit(), &link).await,
            Err(ConfirmRefusal::LinkReplaced)
        );
    });
}

#[test]
fn con_3_of_two_accounts_that_confirm_one_address_one_wins() {
    on_both(|db| async {
        let world = World::new(db);
        let mut tries = Vec::new();
        for (person, device) in [(askhat(), 1), (aigul(), 2)] {
            let resident = Resident::new(&world, &person, device).await;
            resident.first_entry(&visit(), "family@mail.kz").await.unwrap();
            let code = code_to(&letters(&world, &visit()).await, "family@mail.kz");
            tries.push((resident, code));
        }
        let racing = tries.into_iter().map(|(resident, code)| {
            tokio::spawn(async move { resident.confirm(&visit(), Slot::Email, &code).await.map(|_| ()) })
        });
        let mut outcomes = Vec::new();
        for one in racing.collect::<Vec<_>>() {
            outcomes.push(one.await.unwrap());
        }
        outcomes.sort_by_key(Result::is_err);
        assert_eq!(outcomes, [Ok(()), Err(ConfirmRefusal::NotAvailable)]);
    });
}

#[test]
fn lnk_2_confirming_ends_the_other_sessions() {
    in_memory(|db| async {
        let world = World::new(db);
        let (resident, code) = waiting(&world).await;
        let other = world
            .enter(&visit(), browser(2), &resident.key)
            .await
            .unwrap()
            .secret;
        resident.confirm(&visit(), Slot::Email, &code).await.unwrap();
        assert!(world.session(&visit(), &other).await.is_none());
        assert!(world.session(&visit(), &resident.secret).await.is_some());
    });
}
