use std::time::Duration;

use cabinet::binding::{self, AuthenticatorId, SecondFactor};
use cabinet::contact::Slot;
use cabinet::recovery::{self, RecoveryRefusal, Review, What};
use cabinet::session::{self, StepUpRequired};
use cabinet::sign_in::Opened;
use testkit::entry::World;
use testkit::factor::Device;
use testkit::pki::askhat;
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

use super::returner::{EMAIL, PHONE, account_of, act, resident, shown};
use crate::contact::resident::{Resident, code_to, kinds, letters};
use crate::password::{PASSWORD, set};

const MINUTE: Duration = Duration::from_secs(60);

/// Gives the passkey and a code of the sheet that came with it.
async fn add_passkey(person: &Resident) -> (AuthenticatorId, String) {
    let user = account_of(person).await.as_bytes().to_vec();
    let offer = act(person, move |tx, rules, visit, by| {
        binding::offer_passkey(tx, rules, visit, browser(1), by)
    })
    .await;
    let made = Device::new(b"laptop", &user).attest(&offer.challenge);
    let bound = act(person, move |tx, rules, visit, by| {
        binding::bind_passkey(tx, rules, visit, browser(1), by, "Ноутбук", &made)
    });
    let bound = bound.await.unwrap();
    let sheet = bound.recovery_codes.unwrap();
    (bound.id, sheet.printed().next().unwrap())
}

async fn review(world: &World, opened: &Opened, after: Duration) -> Option<Review> {
    let now = visit().later(after);
    let session = world.session(&now, &opened.secret).await.unwrap();
    world
        .read(&now, move |tx, rules, visit| {
            recovery::review(tx, rules, visit, &session)
        })
        .await
}

async fn finish(
    world: &World,
    opened: &Opened,
    after: Duration,
    unknown: &[AuthenticatorId],
) -> Result<(), RecoveryRefusal> {
    let (now, unknown) = (visit().later(after), unknown.to_vec());
    let session = world.session(&now, &opened.secret).await.unwrap();
    world
        .write(&now, move |tx, rules, visit| {
            recovery::finish(tx, rules, visit, &session, &unknown)
        })
        .await
}

/// Comes back by both contacts.
async fn come_back(world: &World) -> Opened {
    let mut way = shown(world, &visit(), EMAIL, EMAIL).await;
    way.show(Slot::Phone, PHONE).await.unwrap();
    let opened = way.complete().await.unwrap();
    letters(world, &visit()).await;
    opened
}

#[test]
fn lnk_3_what_was_bound_before_the_contact_was_confirmed_is_ticked_but_for_the_persons_own_certificate() {
    on_both(|db| async {
        let world = World::new(db);
        let mut person = Resident::new(&world, &askhat(), 1).await;
        person.step_up(&visit()).await;
        set(&world, &visit(), &person.secret, PASSWORD).await;
        let (planted, code_of_sheet) = add_passkey(&person).await;
        // the contact is confirmed a minute later
        let later = visit().later(MINUTE);
        person.first_entry(&later, EMAIL).await.unwrap();
        let code = code_to(&letters(&world, &later).await, EMAIL);
        person.confirm(&later, Slot::Email, &code).await.unwrap();
        let later = later.later(MINUTE);
        let mut way = shown(&world, &later, EMAIL, EMAIL).await;
        way.give_factor(SecondFactor::RecoveryCode, &code_of_sheet)
            .await
            .unwrap();
        let opened = way.complete().await.unwrap();
        let seen = review(&world, &opened, 3 * MINUTE).await.unwrap();
        let ticked: Vec<_> = seen.methods.iter().filter(|method| method.is_suspect).collect();
        assert_eq!(seen.methods.len(), 3, "certificate, passkey, sheet");
        assert_eq!(ticked.len(), 2, "the sheet came with the passkey");
        assert_eq!(ticked[0].id, planted);
    });
}

#[test]
fn four_10_2_a_lost_passkey_goes_without_a_proof_by_it_and_everybody_is_told() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut person = resident(&world).await;
        person.change_and_confirm(&visit(), Slot::Phone, PHONE).await;
        person.step_up(&visit()).await;
        letters(&world, &visit()).await;
        let opened = come_back(&world).await;
        let seen = review(&world, &opened, MINUTE).await.unwrap();
        assert_eq!(seen.methods.len(), 1, "the certificate; the password is new");
        let What::Way(way) = &seen.methods[0].what else {
            panic!("{seen:?}");
        };
        assert!(way.certificate.is_some() && !seen.methods[0].is_suspect);
        finish(&world, &opened, MINUTE, &[seen.methods[0].id])
            .await
            .unwrap();
        assert_eq!(
            kinds(&letters(&world, &visit().later(MINUTE)).await),
            [(PHONE, "certificate-removed"), (EMAIL, "certificate-removed")]
        );
        let entered = world.enter(&visit().later(MINUTE), browser(9), &person.key).await;
        assert!(entered.is_err(), "the lost key opens nothing");
        assert!(review(&world, &opened, MINUTE).await.is_none(), "once");
        let again = finish(&world, &opened, MINUTE, &[]).await;
        assert_eq!(again, Err(RecoveryRefusal::ReviewOver));
    });
}

#[test]
fn ses_5_the_right_to_look_through_is_no_step_up_and_lasts_half_an_hour() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut person = resident(&world).await;
        person.change_and_confirm(&visit(), Slot::Phone, PHONE).await;
        letters(&world, &visit()).await;
        let opened = come_back(&world).await;
        let session = world.session(&visit(), &opened.secret).await.unwrap();
        let asked = session.clone();
        let stepped = world
            .write(&visit(), move |tx, rules, visit| {
                Ok(session.step_up(tx, rules, visit)?.map(|_| ()))
            })
            .await;
        assert_eq!(stepped, Err(StepUpRequired));
        let kind = world
            .read(&visit(), move |tx, rules, visit| {
                session::step_up_kind(tx, rules, visit, &asked)
            })
            .await;
        assert_eq!(kind, Some(binding::Kind::Certificate), "still the strongest");
        assert!(review(&world, &opened, 29 * MINUTE).await.is_some());
    });
}

#[test]
fn lnk_2_a_recovery_by_proof_ends_the_others_and_goes_on_in_its_own_session() {
    on_both(|db| async {
        let world = World::new(db);
        let mut person = resident(&world).await;
        let other = world.enter(&visit(), browser(8), &person.key).await.unwrap();
        person.step_up(&visit()).await;
        letters(&world, &visit()).await;
        act(&person, recovery::complete_by_proof).await;
        assert!(world.session(&visit(), &other.secret).await.is_none());
        let session = person.session(&visit()).await;
        assert!(session.recovered.is_some_and(|it| it.contact_since.is_none()));
        assert_eq!(
            kinds(&letters(&world, &visit()).await),
            [(EMAIL, "account-recovered")]
        );
    });
}
