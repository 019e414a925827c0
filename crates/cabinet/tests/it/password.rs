use std::sync::Arc;
use std::time::Duration;

use cabinet::binding::{self, NewPassword};
use cabinet::message::Notice;
use cabinet::session::{self, Remedy, StepUpRefusal};
use cabinet::sign_in::{self, CheckedPassword, Opened, SignInRefusal};
use cabinet::{BrowserHash, Secret, Visit};
use db::params;
use testkit::entry::{World, opened, stronger};
use testkit::pki::{Key, askhat};
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

use crate::contact::resident::{Resident, letters, secret_in};

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(24 * 3600);
const IIN: &str = "900101300007";
pub(crate) const PASSWORD: &str = "верблюд-скрипка-47-облако";

/// A person who entered by a key and set a password; gives the key and the session's secret.
async fn person(world: &World) -> (Key, Secret) {
    let key = world.authority.issue(&askhat());
    let secret = world.enter(&visit(), browser(1), &key).await.unwrap().secret;
    let secret = world.step_up(&visit(), &secret, &key).await.unwrap();
    set(world, &visit(), &secret, PASSWORD).await;
    (key, secret)
}

pub(crate) async fn set(world: &World, visit: &Visit, secret: &Secret, text: &str) {
    let hash = NewPassword::check(text, &[])
        .unwrap()
        .hash(&visit.entropy)
        .unwrap();
    let session = world.session(visit, secret).await.unwrap();
    world
        .write(visit, move |tx, rules, visit| {
            let by = session.step_up(tx, rules, visit)?.unwrap();
            binding::set_password(tx, rules, visit, &by, &hash)
        })
        .await;
}

async fn attempt(
    world: &World,
    visit: &Visit,
    login: &'static str,
    password: &str,
) -> Result<Arc<CheckedPassword>, SignInRefusal> {
    let attempt = world
        .write(visit, move |tx, rules, visit| {
            sign_in::password_attempt(tx, rules, visit, login, None)
        })
        .await?;
    Ok(Arc::new(sign_in::check_password(
        attempt,
        password,
        &visit.entropy,
    )))
}

pub(crate) async fn enter(
    world: &World,
    visit: &Visit,
    login: &'static str,
    password: &str,
    browser: BrowserHash,
) -> Result<Opened, SignInRefusal> {
    let checked = attempt(world, visit, login, password).await?;
    world
        .write(visit, move |tx, rules, visit| {
            sign_in::with_password(tx, rules, visit, browser, &checked)
        })
        .await
        .map(opened)
}

#[test]
fn a_2_a_both_ways_lead_to_one_account() {
    on_both(|db| async {
        let world = World::new(db);
        let (_, secret) = person(&world).await;
        let account = world.session(&visit(), &secret).await.unwrap().account;
        let opened = enter(&world, &visit(), " 900101 300007 ", PASSWORD, browser(2))
            .await
            .unwrap();
        assert_eq!(opened.account, account);
        assert!(world.session(&visit(), &opened.secret).await.is_some());
    });
}

#[test]
fn a_2_b_pwd_5_an_unknown_login_a_missing_password_and_a_wrong_one_are_answered_alike() {
    on_both(|db| async {
        let world = World::new(db);
        let wrong = enter(&world, &visit(), IIN, PASSWORD, browser(1))
            .await
            .unwrap_err();
        assert_eq!(wrong, SignInRefusal::PasswordWrong);
        world
            .enter(&visit(), browser(1), &world.authority.issue(&askhat()))
            .await
            .unwrap();
        let wrong = enter(&world, &visit(), IIN, PASSWORD, browser(1))
            .await
            .unwrap_err();
        assert_eq!(wrong, SignInRefusal::PasswordWrong);
        person(&world).await;
        for (login, password) in [
            (IIN, "верблюд-скрипка-47-облакО"),
            ("850615400026", PASSWORD),
            ("+77075555555", PASSWORD),
            ("nobody@example.kz", PASSWORD),
        ] {
            let wrong = enter(&world, &visit(), login, password, browser(1))
                .await
                .unwrap_err();
            assert_eq!(wrong, SignInRefusal::PasswordWrong, "{login}");
        }
    });
}

#[test]
fn a_2_d_a_login_that_nobody_can_have_is_told_apart_by_its_form_alone() {
    in_memory(|db| async {
        let world = World::new(db);
        for login in [
            "",
            "900101300008",
            "90010130000",
            "иванов",
            "a@",
            "'; drop table account; --",
        ] {
            let refused = attempt(&world, &visit(), login, PASSWORD).await.unwrap_err();
            assert_eq!(refused, SignInRefusal::LoginMalformed, "{login}");
        }
    });
}

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

#[test]
fn pwd_3_a_blocked_account_is_told_so_only_after_the_right_password() {
    in_memory(|db| async {
        let world = World::new(db);
        let (_, secret) = person(&world).await;
        let account = world.session(&visit(), &secret).await.unwrap().account;
        world
            .write(&visit(), move |tx, _, visit| {
                cabinet::account::block(tx, visit, account)
            })
            .await;
        let wrong = enter(&world, &visit(), IIN, "не тот пароль", browser(1)).await;
        assert_eq!(wrong.unwrap_err(), SignInRefusal::PasswordWrong);
        let right = enter(&world, &visit(), IIN, PASSWORD, browser(1)).await;
        assert_eq!(right.unwrap_err(), SignInRefusal::AccountBlocked);
    });
}

#[test]
fn race_1_a_password_changed_while_the_old_one_was_checked_does_not_enter() {
    on_both(|db| async {
        let world = World::new(db);
        let (_, secret) = person(&world).await;
        let checked = attempt(&world, &visit(), IIN, PASSWORD).await.unwrap();
        set(&world, &visit(), &secret, "другой-долгий-пароль-96-окно").await;
        let late = world
            .write(&visit(), move |tx, rules, visit| {
                sign_in::with_password(tx, rules, visit, browser(1), &checked)
            })
            .await;
        assert_eq!(late.unwrap_err(), SignInRefusal::PasswordWrong);
    });
}

#[test]
fn rule_6_a_new_password_ends_all_other_sessions_and_half_finished_acts() {
    on_both(|db| async {
        let world = World::new(db);
        let (key, mine) = person(&world).await;
        let other = world.enter(&visit(), browser(2), &key).await.unwrap().secret;
        let asked = world.session(&visit(), &mine).await.unwrap();
        let nonce = world
            .write(&visit(), move |tx, rules, visit| {
                let purpose = sign_in::ChallengePurpose::StepUp(&asked);
                Ok(sign_in::issue_challenge(tx, rules, visit, purpose, &testkit::entry::words())?.nonce)
            })
            .await;
        set(&world, &visit(), &mine, "другой-долгий-пароль-96-окно").await;
        assert!(world.session(&visit(), &other).await.is_none());
        let session = world.session(&visit(), &mine).await.unwrap();
        let found = world
            .read(&visit(), move |tx, rules, visit| {
                let purpose = sign_in::ChallengePurpose::StepUp(&session);
                sign_in::find_challenge(tx, rules, visit, purpose, &nonce)
            })
            .await;
        assert!(found.is_none());
        let old = enter(&world, &visit(), IIN, PASSWORD, browser(1)).await;
        assert_eq!(old.unwrap_err(), SignInRefusal::PasswordWrong);
        assert!(
            enter(&world, &visit(), IIN, "другой-долгий-пароль-96-окно", browser(1))
                .await
                .is_ok()
        );
    });
}

#[test]
fn ses_5_a_password_is_weaker_than_a_usable_certificate_and_steps_up_only_without_one() {
    on_both(|db| async {
        let world = World::new(db);
        person(&world).await;
        let secret = enter(&world, &visit(), IIN, PASSWORD, browser(1))
            .await
            .unwrap()
            .secret;
        let begin = async |at: &Visit, secret: &Secret| {
            let session = world.session(at, secret).await.unwrap();
            let attempt = world
                .write(at, move |tx, rules, visit| {
                    session::step_up_attempt(tx, rules, visit, &session)
                })
                .await;
            attempt.map(|attempt| Arc::new(sign_in::check_password(attempt, PASSWORD, &at.entropy)))
        };
        assert_eq!(
            begin(&visit(), &secret).await.unwrap_err(),
            StepUpRefusal::StrongerMethod
        );

        let next_year = visit().later(60 * DAY);
        let secret = enter(&world, &next_year, IIN, PASSWORD, browser(1))
            .await
            .unwrap()
            .secret;
        let checked = begin(&next_year, &secret).await.unwrap();
        let session = world.session(&next_year, &secret).await.unwrap();
        let stronger = world
            .write(&next_year, move |tx, rules, visit| {
                session::step_up_with_password(tx, rules, visit, browser(1), &session, &checked)
            })
            .await
            .map(stronger)
            .unwrap();
        assert!(world.session(&next_year, &secret).await.is_none());
        assert!(
            world
                .session(&next_year, &stronger)
                .await
                .unwrap()
                .is_stepped_up(next_year.now)
        );

        set(
            &world,
            &next_year.later(SECOND),
            &stronger,
            "другой-долгий-пароль-96-окно",
        )
        .await;
        let session = world.session(&next_year.later(SECOND), &stronger).await.unwrap();
        let attempt = world
            .write(&next_year.later(SECOND), {
                let session = session.clone();
                move |tx, rules, visit| session::step_up_attempt(tx, rules, visit, &session)
            })
            .await
            .unwrap();
        let entropy = visit().entropy;
        let checked = sign_in::check_password(attempt, "другой-долгий-пароль-96-окно", &entropy);
        let own = world
            .write(&next_year.later(SECOND), move |tx, rules, visit| {
                session::step_up_with_password(tx, rules, visit, browser(1), &session, &checked)
            })
            .await;
        assert_eq!(own.unwrap_err(), StepUpRefusal::BoundInThisSession);
    });
}

#[test]
fn pwd_4_a_hash_of_old_parameters_is_made_anew_at_the_next_sign_in() {
    in_memory(|db| async {
        use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version};
        let world = World::new(db);
        person(&world).await;
        let params = Params::new(4096, 3, 1, None).unwrap();
        let old = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let old = old
            .hash_password_with_salt(PASSWORD.as_bytes(), &[1; 16])
            .unwrap()
            .to_string();
        world
            .write(&visit(), move |tx, _, _| {
                Ok(tx.execute("update password set hash = $1", db::params![old])?)
            })
            .await;
        for _ in 0..2 {
            assert!(enter(&world, &visit(), IIN, PASSWORD, browser(1)).await.is_ok());
            let hash: String = world
                .read(&visit(), |tx, _, _| {
                    Ok(tx.one("select hash from password", db::params![])?)
                })
                .await;
            assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        }
    });
}

#[test]
fn asvs_6_2_11_words_of_the_person_and_of_the_product_are_guessed_first() {
    in_memory(|db| async {
        let world = World::new(db);
        let (_, secret) = person(&world).await;
        let account = world.session(&visit(), &secret).await.unwrap().account;
        let words = world
            .read(&visit(), move |tx, rules, visit| {
                binding::personal_words(tx, rules, visit, account)
            })
            .await;
        for word in ["СЕРИКОВ", "АСХАТ", IIN, "города", "kabinet.example"] {
            assert!(words.iter().any(|known| known == word), "{word}");
        }
        let guessed = NewPassword::check("900101300007kabinet", &words);
        assert_eq!(guessed.unwrap_err(), binding::PasswordRefusal::TooWeak);
    });
}

#[test]
fn cms_3_this_was_not_me_takes_the_thiefs_password_away() {
    on_both(|db| async {
        let world = World::new(db);
        let Resident { key, secret, .. } = give_email_and_password(&world).await;
        let link = not_me(&world, &visit()).await;
        assert_eq!(disown(&world, &visit(), &link).await, Remedy::PasswordRemoved);

        let refused = enter(&world, &visit(), IIN, PASSWORD, browser(2)).await;
        assert_eq!(refused.unwrap_err(), SignInRefusal::PasswordWrong);
        assert!(world.session(&visit(), &secret).await.is_none());
        let secret = world.enter(&visit(), browser(1), &key).await.unwrap().secret;
        let secret = world.step_up(&visit(), &secret, &key).await.unwrap();
        set(&world, &visit(), &secret, PASSWORD).await;
        assert!(enter(&world, &visit(), IIN, PASSWORD, browser(2)).await.is_ok());
    });
}

#[test]
fn lnk_11_the_only_usable_way_in_survives_this_was_not_me() {
    in_memory(|db| async {
        let world = World::new(db);
        give_email_and_password(&world).await;
        let expired = visit().later(DAY * 2);
        let link = not_me(&world, &visit()).await;
        world
            .write(&expired, |tx, _, visit| {
                Ok(tx.execute(
                    "update certificate set not_after = $1",
                    params![visit.now.minus(DAY)],
                )?)
            })
            .await;
        assert_eq!(disown(&world, &expired, &link).await, Remedy::Nothing);
        assert!(enter(&world, &expired, IIN, PASSWORD, browser(2)).await.is_ok());
    });
}

/// A person with a key, a contact and a password; the only message that waits tells of the password.
async fn give_email_and_password(world: &World) -> Resident {
    let mut resident = Resident::with_email(world, &askhat(), 1, "askhat@mail.kz").await;
    resident.step_up(&visit()).await;
    set(world, &visit(), &resident.secret, PASSWORD).await;
    resident
}

/// The link in the message about the password.
async fn not_me(world: &World, visit: &Visit) -> Secret {
    let told = letters(world, visit).await.pop().unwrap();
    let (Notice::PasswordSet { link, .. } | Notice::PasswordChanged { link, .. }) = told.notice else {
        panic!("another message: {told:?}");
    };
    secret_in(&link)
}

/// Follows the link; the page before it promises what then happens.
async fn disown(world: &World, visit: &Visit, link: &Secret) -> Remedy {
    let (looked, link) = (link.clone(), link.clone());
    let promised = world.read(visit, move |tx, rules, visit| {
        session::disown_preview(tx, rules, visit, &looked)
    });
    let promised = promised.await.unwrap().remedy;
    let disowned = world.write(visit, move |tx, rules, visit| {
        session::disown(tx, rules, visit, &link)
    });
    let outcome = disowned.await.unwrap();
    assert_eq!(outcome, promised);
    outcome
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
