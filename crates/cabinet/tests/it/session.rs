use std::time::Duration;

use cabinet::Refusal;
use cabinet::session::{self, SessionRefusal, StepUpRefusal, StepUpRequired};
use testkit::entry::World;
use testkit::pki::{aigul, askhat};
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn ses_2_a_session_ends_when_idle_and_at_its_absolute_end() {
    on_both(|db| async {
        let world = World::new(db);
        let secret = world
            .enter(&visit(), browser(1), &world.authority.issue(&askhat()))
            .await
            .unwrap()
            .secret;
        assert!(
            world
                .session(&visit().later(29 * MINUTE), &secret)
                .await
                .is_some()
        );
        assert!(
            world
                .session(&visit().later(30 * MINUTE), &secret)
                .await
                .is_none()
        );

        let mut now = visit();
        for _ in 0..35 {
            now = now.later(20 * MINUTE);
            let session = world.session(&now, &secret).await.unwrap();
            world
                .write(&now, move |tx, _, visit| session::touch(tx, visit, session.id))
                .await;
        }
        assert!(
            world
                .session(&visit().later(719 * MINUTE), &secret)
                .await
                .is_some()
        );
        assert!(world.session(&visit().later(12 * HOUR), &secret).await.is_none());
    });
}

#[test]
fn a_page_view_writes_at_most_once_a_minute() {
    in_memory(|db| async {
        let world = World::new(db);
        let secret = world
            .enter(&visit(), browser(1), &world.authority.issue(&askhat()))
            .await
            .unwrap()
            .secret;
        let session = world.session(&visit(), &secret).await.unwrap();
        let (soon, later) = (visit().later(MINUTE / 2), visit().later(MINUTE));
        assert!(!session.needs_touch(&soon));
        assert!(session.needs_touch(&later));
        world
            .write(&soon, move |tx, _, visit| session::touch(tx, visit, session.id))
            .await;
        assert_eq!(
            world.session(&soon, &secret).await.unwrap().last_seen_at,
            visit().now
        );
        world
            .write(&later, move |tx, _, visit| session::touch(tx, visit, session.id))
            .await;
        assert_eq!(
            world.session(&later, &secret).await.unwrap().last_seen_at,
            later.now
        );
    });
}

#[test]
fn ses_1_each_sign_in_and_step_up_has_a_new_secret_and_a_step_up_kills_the_old_one() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let first = world.enter(&visit(), browser(1), &key).await.unwrap();
        let second = world.enter(&visit(), browser(1), &key).await.unwrap();
        assert_ne!(first.secret, second.secret);
        let stronger = world.step_up(&visit(), &first.secret, &key).await.unwrap();
        assert!(world.session(&visit(), &first.secret).await.is_none());
        let session = world.session(&visit(), &stronger).await.unwrap();
        assert_ne!(session.id, first.session);
        assert_eq!(session.opened_at, visit().now);
        assert!(world.session(&visit(), &second.secret).await.is_some());
    });
}

#[test]
fn ses_5_cms_3_a_sign_in_is_no_step_up_and_a_step_up_lasts_five_minutes() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let secret = world.enter(&visit(), browser(1), &key).await.unwrap().secret;
        assert!(!stepped_up(&world, &visit(), &secret).await);
        let secret = world.step_up(&visit(), &secret, &key).await.unwrap();
        assert!(stepped_up(&world, &visit().later(4 * MINUTE), &secret).await);
        assert!(!stepped_up(&world, &visit().later(5 * MINUTE), &secret).await);
        assert_eq!(StepUpRequired.code(), "step_up.required");
    });
}

#[test]
fn ses_8_a_session_that_was_ended_meanwhile_changes_nothing() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let secret = world.enter(&visit(), browser(1), &key).await.unwrap().secret;
        let secret = world.step_up(&visit(), &secret, &key).await.unwrap();
        let session = world.session(&visit(), &secret).await.unwrap();
        let own = session.clone();
        world
            .write(&visit(), move |tx, _, visit| {
                session::end(tx, visit, &own, own.id)
            })
            .await
            .unwrap();
        let held = session.clone();
        let used = world
            .write(&visit(), move |tx, rules, visit| held.step_up(tx, rules, visit))
            .await;
        assert!(used.is_err());
        assert!(world.session(&visit(), &secret).await.is_none());
    });
}

#[test]
fn ses_5_another_person_and_an_unbound_certificate_do_not_step_up() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let stranger = world.authority.issue(&aigul());
        world.enter(&visit(), browser(2), &stranger).await.unwrap();
        let secret = world.enter(&visit(), browser(1), &key).await.unwrap().secret;
        let refused = world.step_up(&visit(), &secret, &stranger).await;
        assert_eq!(refused.unwrap_err(), StepUpRefusal::CertificateOtherPerson);
        let refused = world
            .step_up(&visit(), &secret, &world.authority.issue(&askhat()))
            .await;
        assert_eq!(refused.unwrap_err(), StepUpRefusal::CertificateNotBound);
    });
}

#[test]
fn ses_5_what_was_bound_after_the_session_began_does_not_step_it_up() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let secret = world.enter(&visit(), browser(1), &key).await.unwrap().secret;
        let renewed = world.authority.issue(&askhat());
        let later = visit().later(MINUTE);
        let newer = world.enter(&later, browser(2), &renewed).await.unwrap().secret;
        let refused = world.step_up(&later, &secret, &renewed).await;
        assert_eq!(refused.unwrap_err(), StepUpRefusal::BoundInThisSession);
        assert!(world.step_up(&later, &newer, &renewed).await.is_ok());
        assert!(world.step_up(&later, &secret, &key).await.is_ok());
    });
}

#[test]
fn sessions_are_listed_with_device_time_and_place_and_ended_one_or_all() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let elsewhere = visit().later(MINUTE).from("198.51.100.7");
        let mine = world.enter(&visit(), browser(1), &key).await.unwrap().secret;
        let other = world.enter(&elsewhere, browser(2), &key).await.unwrap();
        let third = world.enter(&elsewhere, browser(3), &key).await.unwrap().secret;
        let stranger = world
            .enter(&elsewhere, browser(4), &world.authority.issue(&aigul()))
            .await
            .unwrap();

        let session = world.session(&elsewhere, &mine).await.unwrap();
        let own = session.clone();
        let list = world
            .read(&elsewhere, move |tx, rules, visit| {
                session::list(tx, rules, visit, &own)
            })
            .await;
        assert_eq!(list.len(), 3);
        assert_eq!(list.iter().filter(|line| line.is_current).count(), 1);
        let line = list.iter().find(|line| line.id == other.session).unwrap();
        assert_eq!(
            (line.address.as_str(), line.opened_at),
            ("198.51.100.7", elsewhere.now)
        );
        assert_eq!(session::device_name(&line.device), "Chrome, Linux");

        let own = session.clone();
        let foreign = world
            .write(&elsewhere, move |tx, _, visit| {
                session::end(tx, visit, &own, stranger.session)
            })
            .await;
        assert_eq!(foreign.unwrap_err(), SessionRefusal::NotFound);
        assert!(world.session(&elsewhere, &stranger.secret).await.is_some());

        let own = session.clone();
        world
            .write(&elsewhere, move |tx, _, visit| {
                session::end(tx, visit, &own, other.session)
            })
            .await
            .unwrap();
        assert!(world.session(&elsewhere, &other.secret).await.is_none());
        let ended = world
            .write(&elsewhere, move |tx, rules, visit| {
                session::end_others(tx, rules, visit, &session)
            })
            .await;
        assert_eq!(ended, 1);
        assert!(world.session(&elsewhere, &third).await.is_none());
        assert!(world.session(&elsewhere, &mine).await.is_some());
    });
}

#[test]
fn ses_8_race_1_of_a_parallel_step_up_and_sign_out_the_sign_out_wins() {
    on_both(|db| async {
        let world = World::new(db);
        let key = std::sync::Arc::new(world.authority.issue(&askhat()));
        for _ in 0..5 {
            let secret = world.enter(&visit(), browser(1), &key).await.unwrap().secret;
            let (stepping, key) = (world.clone(), key.clone());
            let step_up = tokio::spawn({
                let secret = secret.clone();
                async move {
                    // The sign-out may already have taken the session away from under the helper.
                    stepping.session(&visit(), &secret).await?;
                    stepping.step_up(&visit(), &secret, &key).await.ok()
                }
            });
            let (ending, leaving) = (world.clone(), secret.clone());
            let sign_out = tokio::spawn(async move {
                ending
                    .write(&visit(), move |tx, _, visit| {
                        session::sign_out(tx, visit, &leaving)
                    })
                    .await;
            });
            let stronger = step_up.await.ok().flatten();
            sign_out.await.unwrap();
            for secret in [Some(secret), stronger].into_iter().flatten() {
                assert!(world.session(&visit(), &secret).await.is_none());
            }
        }
    });
}

async fn stepped_up(world: &World, visit: &cabinet::Visit, secret: &cabinet::Secret) -> bool {
    let session = world.session(visit, secret).await.unwrap();
    world
        .write(visit, move |tx, rules, visit| session.step_up(tx, rules, visit))
        .await
        .is_ok()
}
