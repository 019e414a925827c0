use std::time::Duration;

use cabinet::account;
use cabinet::recovery::{self, RecoveryRefusal, Sent, Step};
use testkit::entry::World;
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

use super::returner::{
    EMAIL, WayBack, account_of, code_to, codes_to, other_than, there, with_password_alone,
};
use crate::contact::resident::letters;

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn pwd_5_known_and_unknown_logins_are_told_by_nothing_but_a_right_code() {
    on_both(|db| async {
        let world = World::new(db);
        with_password_alone(&world).await;
        for login in [EMAIL, "nobody@example.kz"] {
            let mut way = WayBack::begin(&world, &visit(), login).await;
            let asked = Step::Code(Sent::Perhaps(login.to_owned()));
            assert_eq!(way.step().await, Some(asked.clone()));
            let sent = letters(&world, &visit()).await;
            assert_eq!(codes_to(&sent, EMAIL).len(), usize::from(login == EMAIL));
            assert_eq!(
                sent.len(),
                usize::from(login == EMAIL),
                "nobody else is written to"
            );
            let wrong = codes_to(&sent, EMAIL)
                .pop()
                .map_or("000000", |code| other_than(&code));
            for _ in 0..5 {
                assert_eq!(
                    way.give_code(wrong).await,
                    Err(RecoveryRefusal::CodeWrong),
                    "{login}"
                );
            }
            assert_eq!(
                way.give_code(wrong).await,
                Err(RecoveryRefusal::TooManyTries),
                "{login}"
            );
            assert_eq!(way.step().await, Some(asked));
        }
    });
}

#[test]
fn pwd_5_the_answer_is_given_before_anybody_is_looked_up() {
    in_memory(|db| async {
        let world = World::new(db);
        with_password_alone(&world).await;
        let begun = world
            .write(&visit(), |tx, rules, visit| {
                recovery::begin(tx, rules, visit, there(), EMAIL, None, None)
            })
            .await;
        assert!(begun.is_ok() && letters(&world, &visit()).await.is_empty());
        assert!(world.read(&visit(), |tx, _, _| recovery::is_due(tx)).await);
        assert!(world.write(&visit(), recovery::send_next).await);
        assert_eq!(letters(&world, &visit()).await.len(), 1);
        assert!(!world.write(&visit(), recovery::send_next).await, "once");
    });
}

#[test]
fn pwd_7_a_code_goes_to_the_address_of_the_database_and_to_no_other() {
    in_memory(|db| async {
        let world = World::new(db);
        with_password_alone(&world).await;
        for login in ["ASKHAT@EXAMPLE.KZ", " askhat@example.kz ", "900101300007"] {
            WayBack::begin(&world, &visit(), login).await;
            let sent = letters(&world, &visit()).await;
            let to: Vec<&str> = sent.iter().map(|letter| letter.to.as_str()).collect();
            assert_eq!(to, [EMAIL], "{login}");
        }
        for login in [
            "askhat@example.kz,a@evil.kz",
            "[\"askhat@example.kz\",\"a@evil.kz\"]",
            "askhat@example.kz\nBcc: a@evil.kz",
            "",
        ] {
            let begun = WayBack::begin_in(&world, &visit(), there(), login, None).await;
            assert_eq!(begun.err(), Some(RecoveryRefusal::LoginMalformed), "{login}");
        }
    });
}

#[test]
fn otp_2_a_code_has_five_tries_ten_minutes_one_browser_and_dies_with_the_next() {
    in_memory(|db| async {
        let world = World::new(db);
        with_password_alone(&world).await;
        let mut way = WayBack::begin(&world, &visit(), EMAIL).await;
        let code = code_to(&letters(&world, &visit()).await, EMAIL);
        for _ in 0..5 {
            let wrong = way.give_code(other_than(&code)).await;
            assert_eq!(wrong, Err(RecoveryRefusal::CodeWrong));
        }
        assert_eq!(way.give_code(&code).await, Err(RecoveryRefusal::TooManyTries));

        let mut way = WayBack::begin(&world, &visit(), EMAIL).await;
        let code = code_to(&letters(&world, &visit()).await, EMAIL);
        way.visit = visit().later(10 * MINUTE);
        assert_eq!(way.give_code(&code).await, Err(RecoveryRefusal::Gone));

        let mut here = WayBack::begin(&world, &visit(), EMAIL).await;
        let code = code_to(&letters(&world, &visit()).await, EMAIL);
        here.browser = browser(41);
        assert_eq!(here.give_code(&code).await, Err(RecoveryRefusal::Gone));

        let tomorrow = visit().later(1440 * MINUTE);
        let first = WayBack::begin(&world, &tomorrow, EMAIL).await;
        let old = code_to(&letters(&world, &tomorrow).await, EMAIL);
        let former = Some(first.secret.clone());
        let second = WayBack::begin_in(&world, &tomorrow, there(), EMAIL, former);
        let mut second = second.await.unwrap();
        let new = code_to(&letters(&world, &tomorrow).await, EMAIL);
        assert_eq!(first.step().await, None);
        if old != new {
            assert_eq!(second.give_code(&old).await, Err(RecoveryRefusal::CodeWrong));
        }
        assert_eq!(second.give_code(&new).await, Ok(()));
    });
}

#[test]
fn sms_1_requests_have_the_budgets_of_other_codes_and_nobody_sees_them_end() {
    in_memory(|db| async {
        let world = World::new(db);
        with_password_alone(&world).await;
        let mut sent = 0;
        for _ in 0..8 {
            let way = WayBack::begin(&world, &visit(), EMAIL).await;
            assert!(matches!(way.step().await, Some(Step::Code(Sent::Perhaps(_)))));
            sent += letters(&world, &visit()).await.len();
        }
        assert_eq!(sent, 4, "the first code of the day confirmed the address");
        let narrow = world.with_rules(|rules| rules.contact.sends_per_network = 2);
        let away = visit().from("198.51.100.7");
        for login in ["x@example.kz", "y@example.kz"] {
            WayBack::begin(&narrow, &away, login).await;
        }
        let third = WayBack::begin_in(&narrow, &away, there(), "z@example.kz", None).await;
        assert_eq!(third.err(), Some(RecoveryRefusal::TooManyRequests));
    });
}

#[test]
fn pwd_3_a_blocked_account_gets_no_code() {
    in_memory(|db| async {
        let world = World::new(db);
        let person = with_password_alone(&world).await;
        let account = account_of(&person).await;
        world
            .write(&visit(), move |tx, _, visit| account::block(tx, visit, account))
            .await;
        let way = WayBack::begin(&world, &visit(), EMAIL).await;
        assert!(letters(&world, &visit()).await.is_empty());
        assert!(way.step().await.is_some(), "and is told by nothing");
    });
}
