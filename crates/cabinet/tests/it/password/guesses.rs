use std::time::Duration;

use cabinet::Visit;
use cabinet::sign_in::{self, SignInRefusal};
use testkit::entry::World;
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

use super::{IIN, PASSWORD, attempt, enter, person};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn pwd_1_parallel_guesses_are_no_more_than_the_limit() {
    on_both(|db| async {
        let world = World::new(db);
        let guesses: Vec<_> = (0..60)
            .map(|_| {
                let world = world.clone();
                let visit = visit().from("203.0.113.5");
                tokio::spawn(async move {
                    world
                        .write(&visit, |tx, rules, visit| {
                            sign_in::password_attempt(tx, rules, visit, IIN, None)
                        })
                        .await
                        .map(|_| ())
                })
            })
            .collect();
        let mut checked = 0;
        for guess in guesses {
            match guess.await.unwrap() {
                Ok(()) => checked += 1,
                Err(refusal) => assert_eq!(refusal, SignInRefusal::TooManyTries),
            }
        }
        assert_eq!(checked, 5);
    });
}

#[test]
fn pwd_2_100_wrong_passwords_from_one_network_do_not_keep_the_owner_out() {
    in_memory(|db| async {
        let world = World::new(db);
        person(&world).await;
        let mut attacker = visit().from("203.0.113.5");
        for _ in 0..100 {
            attacker = attacker.later(901 * SECOND);
            let guess = world
                .write(&attacker, |tx, rules, visit| {
                    sign_in::password_attempt(tx, rules, visit, IIN, None)
                })
                .await;
            assert!(guess.is_ok());
        }
        let blocked = attempt(&world, &attacker, IIN, PASSWORD).await;
        assert_eq!(blocked.unwrap_err(), SignInRefusal::TooManyTries);
        for address in ["192.0.2.77", "198.51.100.9"] {
            let owner = Visit {
                now: attacker.now,
                ..visit().from(address)
            };
            assert!(enter(&world, &owner, IIN, PASSWORD, browser(9)).await.is_ok());
        }
    });
}

#[test]
fn pwd_2_many_networks_together_slow_strangers_but_not_a_known_network() {
    in_memory(|db| async {
        let world = World::new(db);
        person(&world).await;
        for network in 0..10 {
            let from = visit().from(&format!("203.0.{network}.1"));
            for _ in 0..5 {
                let guess = world
                    .write(&from, |tx, rules, visit| {
                        sign_in::password_attempt(tx, rules, visit, IIN, None)
                    })
                    .await;
                assert!(guess.is_ok());
            }
        }
        let stranger = attempt(&world, &visit().from("203.0.200.1"), IIN, PASSWORD).await;
        assert_eq!(stranger.unwrap_err(), SignInRefusal::TooManyTries);
        assert!(enter(&world, &visit(), IIN, PASSWORD, browser(1)).await.is_ok());
    });
}

#[test]
fn pwd_2_a_right_password_forgives_the_wrong_ones() {
    in_memory(|db| async {
        let world = World::new(db);
        person(&world).await;
        for _ in 0..3 {
            for _ in 0..4 {
                let wrong = enter(&world, &visit(), IIN, "не тот пароль", browser(1)).await;
                assert_eq!(wrong.unwrap_err(), SignInRefusal::PasswordWrong);
            }
            assert!(enter(&world, &visit(), IIN, PASSWORD, browser(1)).await.is_ok());
        }
    });
}

/// Whether a guess is let through; that it is wrong costs no time here.
async fn guess_wrongly(world: &World, visit: &Visit, login: &'static str) -> bool {
    let attempt = world.write(visit, move |tx, rules, visit| {
        sign_in::password_attempt(tx, rules, visit, login, None)
    });
    attempt.await.is_ok()
}

/// Each guess from another network at another login: no counter but the one of all notices.
#[test]
fn pwd_1_guesses_at_everybody_from_everywhere_are_slowed_and_lock_nobody_out() {
    in_memory(|db| async {
        let world = World::new(db);
        person(&world).await;
        enter(&world, &visit(), IIN, PASSWORD, browser(1)).await.unwrap();
        let here = visit().from("198.51.100.1");
        for guess in 0..30 {
            let login = &*format!("before{guess}@mail.kz").leak();
            assert!(guess_wrongly(&world, &here, login).await);
        }
        for guess in 0..1500_u32 {
            let from = visit().from(&format!("10.{}.{}.1", guess / 250, guess % 250));
            let login = &*format!("person{guess}@mail.kz").leak();
            assert!(guess_wrongly(&world, &from, login).await);
        }
        let there = visit().from("203.0.113.1");
        let mut allowed = 0;
        for guess in 0..30 {
            let login = &*format!("after{guess}@mail.kz").leak();
            allowed += u32::from(guess_wrongly(&world, &there, login).await);
        }
        assert!((10..=11).contains(&allowed), "{allowed} guesses");
        enter(&world, &visit(), IIN, PASSWORD, browser(1)).await.unwrap();
        let abroad = visit().from("192.0.3.1");
        enter(&world, &abroad, IIN, PASSWORD, browser(2)).await.unwrap();
    });
}
