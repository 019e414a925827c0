use std::time::Duration;

use cabinet::ticket::{self, Issued, New, Purpose};
use cabinet::{BrowserHash, Visit};
use testkit::entry::World;
use testkit::storage::on_both;
use testkit::visit::{Elsewhere, browser, visit};

const HOUR: Duration = Duration::from_secs(3600);

async fn issue(world: &World, visit: &Visit, browser: Option<BrowserHash>, tries: u32) -> Issued {
    world
        .write(visit, move |tx, rules, visit| {
            let new = New {
                purpose: Purpose::ConfirmContact,
                browser,
                account: None,
                session: None,
                life: HOUR,
                tries,
                payload: b"payload",
            };
            ticket::issue(tx, rules, visit, new)
        })
        .await
}

#[test]
fn rule_4_a_ticket_is_taken_once_for_its_purpose_by_its_browser_while_it_lives() {
    on_both(|db| async {
        let world = World::new(db);
        let secret = issue(&world, &visit(), Some(browser(1)), 0).await.secret;
        let take = async |visit: Visit, purpose, browser| {
            let secret = secret.clone();
            world
                .write(&visit, move |tx, rules, visit| {
                    ticket::take(tx, rules, visit, purpose, &secret, browser)
                })
                .await
        };
        assert!(
            take(visit(), Purpose::UndoContact, Some(browser(1)))
                .await
                .is_none()
        );
        assert!(
            take(visit(), Purpose::ConfirmContact, Some(browser(2)))
                .await
                .is_none()
        );
        assert!(take(visit(), Purpose::ConfirmContact, None).await.is_none());
        assert!(
            take(visit().later(HOUR), Purpose::ConfirmContact, Some(browser(1)))
                .await
                .is_none()
        );
        let taken = take(visit(), Purpose::ConfirmContact, Some(browser(1)))
            .await
            .unwrap();
        assert_eq!(taken.payload, b"payload");
        assert!(
            take(visit(), Purpose::ConfirmContact, Some(browser(1)))
                .await
                .is_none()
        );
    });
}

#[test]
fn rule_5_looking_at_a_ticket_does_not_use_it_up() {
    on_both(|db| async {
        let world = World::new(db);
        let issued = issue(&world, &visit(), None, 0).await;
        for _ in 0..3 {
            let secret = issued.secret.clone();
            let seen = world
                .read(&visit(), move |tx, rules, visit| {
                    ticket::find(
                        tx,
                        rules,
                        visit,
                        Purpose::ConfirmContact,
                        &secret,
                        Some(browser(9)),
                    )
                })
                .await;
            assert_eq!(seen.unwrap().id, issued.id);
        }
        let discarded = issued.id;
        world
            .write(&visit(), move |tx, _, visit| {
                ticket::discard(tx, visit, discarded)
            })
            .await;
        let taken = world
            .write(&visit(), move |tx, rules, visit| {
                ticket::take_by_id(tx, rules, visit, Purpose::ConfirmContact, issued.id)
            })
            .await;
        assert!(taken.is_none());
    });
}

#[test]
fn otp_2_parallel_tries_are_no_more_than_the_ticket_allows() {
    on_both(|db| async {
        let world = World::new(db);
        let id = issue(&world, &visit(), None, 5).await.id;
        let tries: Vec<_> = (0..20)
            .map(|_| {
                let world = world.clone();
                tokio::spawn(async move {
                    world
                        .write(&visit(), move |tx, _, visit| ticket::count_try(tx, visit, id))
                        .await
                })
            })
            .collect();
        let mut allowed = 0;
        for attempt in tries {
            allowed += u32::from(attempt.await.unwrap());
        }
        assert_eq!(allowed, 5);
    });
}

#[test]
fn sec_2_neither_secret_nor_payload_is_readable_in_the_database() {
    on_both(|db| async {
        let world = World::new(db);
        let secret = issue(&world, &visit(), None, 0).await.secret;
        let (hash, payload): (Vec<u8>, Vec<u8>) = world
            .read(&visit(), |tx, _, _| {
                Ok(tx.one("select secret_hash, payload from ticket", db::params![])?)
            })
            .await;
        assert_eq!(hash, secret.hash());
        assert!(!payload.windows(7).any(|window| window == b"payload"));
    });
}
