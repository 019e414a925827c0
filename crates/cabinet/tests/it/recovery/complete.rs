use std::time::Duration;

use cabinet::account;
use cabinet::binding::SecondFactor;
use cabinet::contact::{ConfirmRefusal, Slot, confirm_by_link};
use cabinet::message::Notice;
use cabinet::recovery::{RecoveryRefusal, Step};
use cabinet::session::{Remedy, disown};
use cabinet::sign_in::second_factor::SecondFactorRefusal;
use cabinet::sign_in::{Entered, SignInRefusal};
use db::params;
use testkit::entry::World;
use testkit::factor::code;
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

use super::returner::{
    EMAIL, NEW, PHONE, WayBack, account_of, code_to, remove_certificate, resident as settled, shown,
    with_password_alone,
};
use crate::contact::resident::{Resident, confirmation_to, kinds, letters, secret_in};
use crate::password::{PASSWORD, enter};
use crate::second_factor::Owner;

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn lnk_2_a_recovery_ends_every_session_and_opens_a_fresh_one() {
    on_both(|db| async {
        let world = World::new(db);
        let person = with_password_alone(&world).await;
        let way = shown(&world, &visit(), EMAIL, EMAIL).await;
        assert_eq!(way.step().await, Some(Step::Password));
        let opened = way.complete().await.unwrap();
        assert!(world.session(&visit(), &person.secret).await.is_none());
        let session = world.session(&visit(), &opened.secret).await.unwrap();
        assert!(session.recovered.is_some() && !session.is_stepped_up(visit().now));

        let old = enter(&world, &visit(), EMAIL, PASSWORD, browser(9)).await;
        assert_eq!(old.unwrap_err(), SignInRefusal::PasswordWrong);
        assert!(enter(&world, &visit(), EMAIL, NEW, browser(9)).await.is_ok());
        let again = way.complete().await;
        assert_eq!(again.unwrap_err(), RecoveryRefusal::Gone, "PWD-9: once");
    });
}

#[test]
fn lnk_2_a_half_done_sign_in_does_not_outlive_a_recovery() {
    in_memory(|db| async {
        let world = World::new(db);
        let owner = Owner::new(&world).await;
        let (seed, _) = owner.connect_app(&visit()).await;
        owner.confirm_email(EMAIL).await;
        remove_certificate(&owner.resident()).await;

        let later = visit().later(5 * MINUTE);
        let Entered::SecondFactorNeeded(pending) = owner.enter(&later, browser(7)).await.unwrap() else {
            panic!("no second factor was asked for");
        };
        let mut way = shown(&world, &later, EMAIL, EMAIL).await;
        assert_eq!(way.complete().await.unwrap_err(), RecoveryRefusal::StepMissing);
        way.give_factor(SecondFactor::Totp, &code(&seed, later.now))
            .await
            .unwrap();
        way.complete().await.unwrap();
        let next = later.later(MINUTE);
        let shown = code(&seed, next.now);
        let late = owner.give(&next, browser(7), &pending.secret, SecondFactor::Totp, &shown);
        assert_eq!(late.await.unwrap_err(), SecondFactorRefusal::Gone);
    });
}

#[test]
fn lnk_4_a_change_of_contact_that_waited_is_void_after_a_recovery() {
    on_both(|db| async {
        let world = World::new(db);
        let mut person = settled(&world).await;
        person.change_and_confirm(&visit(), Slot::Phone, PHONE).await;
        person.change(&visit(), Slot::Email, "a@evil.kz").await.unwrap();
        let link = confirmation_to(&letters(&world, &visit()).await, "a@evil.kz");
        remove_certificate_of(&world, &person).await;
        let way = shown(&world, &visit(), EMAIL, EMAIL).await;
        way.complete().await.unwrap();
        let late = world
            .write(&visit(), move |tx, rules, visit| {
                confirm_by_link(tx, rules, visit, &link)
            })
            .await;
        assert_eq!(late.unwrap_err(), ConfirmRefusal::LinkReplaced);
        assert!(enter(&world, &visit(), EMAIL, NEW, browser(9)).await.is_ok());
    });
}

async fn remove_certificate_of(world: &World, person: &Resident) {
    // straight in the tables: the act itself would end what waits
    let account = account_of(person).await;
    world
        .write(&visit(), move |tx, _, visit| {
            tx.execute(
                "update authenticator set removed_at = $1 where account_id = $2 and kind = 'certificate'",
                params![visit.now, account],
            )?;
            Ok(())
        })
        .await;
}

#[test]
fn ses_6_every_browser_is_a_new_one_after_a_recovery() {
    in_memory(|db| async {
        let world = World::new(db);
        with_password_alone(&world).await;
        enter(&world, &visit(), EMAIL, PASSWORD, browser(1))
            .await
            .unwrap();
        let way = shown(&world, &visit(), EMAIL, EMAIL).await;
        way.complete().await.unwrap();
        letters(&world, &visit()).await;
        enter(&world, &visit(), EMAIL, NEW, browser(1)).await.unwrap();
        assert_eq!(kinds(&letters(&world, &visit()).await), [(EMAIL, "new-device")]);
    });
}

#[test]
fn pwd_8_the_last_step_first_is_refused() {
    in_memory(|db| async {
        let world = World::new(db);
        with_password_alone(&world).await;
        let way = WayBack::begin(&world, &visit(), EMAIL).await;
        assert_eq!(way.complete().await.unwrap_err(), RecoveryRefusal::StepMissing);
        let mut stranger = WayBack::begin(&world, &visit(), "nobody@example.kz").await;
        assert_eq!(
            stranger.complete().await.unwrap_err(),
            RecoveryRefusal::StepMissing
        );
        assert_eq!(
            stranger.send_to(Slot::Email).await,
            Err(RecoveryRefusal::StepMissing)
        );
    });
}

#[test]
fn pwd_9_a_code_given_many_times_at_once_leads_on_once_and_sets_one_password() {
    on_both(|db| async {
        let world = World::new(db);
        with_password_alone(&world).await;
        let way = WayBack::begin(&world, &visit(), EMAIL).await;
        let code = code_to(&letters(&world, &visit()).await, EMAIL);
        let mut tries = Vec::new();
        for _ in 0..4 {
            let (mut copy, code) = (
                WayBack {
                    world: world.clone(),
                    visit: visit(),
                    browser: way.browser,
                    secret: way.secret.clone(),
                },
                code.clone(),
            );
            tries.push(tokio::spawn(
                async move { copy.give_code(&code).await.map(|()| copy) },
            ));
        }
        let mut on = Vec::new();
        for one in tries {
            on.extend(one.await.unwrap());
        }
        assert_eq!(on.len(), 1);
        let way = std::sync::Arc::new(on.remove(0));
        let copies = (0..4).map(|_| way.clone());
        let all: Vec<_> = copies
            .map(|way| tokio::spawn(async move { way.complete().await.is_ok() }))
            .collect();
        let mut done = 0;
        for one in all {
            done += u32::from(one.await.unwrap());
        }
        assert_eq!(done, 1);
    });
}

#[test]
fn every_contact_is_told_of_a_recovery_and_can_say_that_it_was_somebody_else() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut person = settled(&world).await;
        person.change_and_confirm(&visit(), Slot::Phone, PHONE).await;
        letters(&world, &visit()).await;
        let mut way = shown(&world, &visit(), EMAIL, EMAIL).await;
        way.show(Slot::Phone, PHONE).await.unwrap();
        let opened = way.complete().await.unwrap();
        let told = letters(&world, &visit()).await;
        assert_eq!(
            kinds(&told),
            [(PHONE, "account-recovered"), (EMAIL, "account-recovered")]
        );
        let Notice::AccountRecovered { link, .. } = &told[0].notice else {
            panic!("{told:?}");
        };
        assert!(
            link.starts_with("https://kabinet.example/not-me/"),
            "PWD-6: {link}"
        );
        let link = secret_in(link);
        let outcome = world
            .write(&visit(), move |tx, rules, visit| disown(tx, rules, visit, &link))
            .await
            .unwrap();
        assert_eq!(outcome, Remedy::PasswordRemoved);
        let secret = opened.secret.clone();
        assert!(world.session(&visit(), &secret).await.is_none());
    });
}

#[test]
fn pwd_3_an_account_blocked_meanwhile_is_not_recovered() {
    in_memory(|db| async {
        let world = World::new(db);
        let person = with_password_alone(&world).await;
        let account = account_of(&person).await;
        let way = shown(&world, &visit(), EMAIL, EMAIL).await;
        world
            .write(&visit(), move |tx, _, visit| account::block(tx, visit, account))
            .await;
        assert_eq!(way.complete().await.unwrap_err(), RecoveryRefusal::Gone);
    });
}
