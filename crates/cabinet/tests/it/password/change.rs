use std::sync::Arc;
use std::time::Duration;

use cabinet::binding::{self, NewPassword};
use cabinet::message::Notice;
use cabinet::session::{self, Remedy, StepUpRefusal};
use cabinet::sign_in::{self, SignInRefusal};
use cabinet::{Secret, Visit};
use db::params;
use testkit::entry::{World, stronger};
use testkit::pki::askhat;
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

use super::{IIN, PASSWORD, enter, person, set};
use crate::contact::resident::{Resident, letters, secret_in};

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(24 * 3600);

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
