//! 4.3.6: reminders that a certificate ends.

use std::time::Duration;

use cabinet::{Visit, binding, message};
use db::{Timestamp, params};
use testkit::entry::World;
use testkit::pki::askhat;
use testkit::storage::on_both;
use testkit::visit::{Elsewhere, browser, visit};

const DAY: Duration = Duration::from_secs(24 * 3600);
const HOUR: Duration = Duration::from_secs(3600);

async fn remind(world: &World, at: &Visit) -> u64 {
    if !world
        .read(at, |tx, _, visit| binding::is_reminder_due(tx, visit.now))
        .await
    {
        return 0;
    }
    world
        .write(at, |tx, rules, visit| binding::remind(tx, rules, visit, 10))
        .await
}

async fn kinds(world: &World) -> Vec<(String, String)> {
    let mut sent: Vec<_> = world
        .read(&visit(), |tx, rules, _| message::list_recent(tx, rules, 100))
        .await
        .into_iter()
        .map(|message| (message.kind, message.to))
        .collect();
    sent.reverse();
    sent
}

/// Gives the only account an address, and moves the end of its only certificate.
async fn prepare(world: &World, slot: &'static str, value: &'static str, not_after: Timestamp) {
    let account = world
        .enter(&visit(), browser(1), &world.authority.issue(&askhat()))
        .await
        .unwrap()
        .account;
    world
        .write(&visit(), move |tx, _, visit| {
            tx.execute(
                "insert into contact (account_id, slot, value, key, confirmed_at) values ($1, $2, $3, $3, $4)",
                params![account, slot, value, visit.now],
            )?;
            Ok(tx.execute(
                "update certificate set not_after = $1, remind_at = $2",
                params![not_after, not_after.minus(DAY * 30)],
            )?)
        })
        .await;
}

#[test]
fn d_4_3_6_each_reminder_comes_once_and_a_night_without_the_server_loses_none() {
    on_both(|db| async {
        let world = World::new(db);
        prepare(&world, "email", "askhat@example.kz", visit().now.plus(DAY * 365)).await;
        for (days, due) in [
            (334, 0),
            (335, 1),
            (335, 0),
            (336, 0),
            (352, 1), // a day late
            (352, 0),
            (358, 1),
            (364, 1),
            (365, 1),
            (366, 0),
            (800, 0),
        ] {
            let at = visit().later(DAY * days + HOUR);
            assert_eq!(remind(&world, &at).await, due, "on day {days}");
        }
        let to = || "askhat@example.kz".to_owned();
        let mut expected = vec![("certificate-ends".to_owned(), to()); 4];
        expected.push(("certificate-ended".to_owned(), to()));
        assert_eq!(kinds(&world).await, expected);
    });
}

#[test]
fn d_4_3_6_of_reminders_missed_together_only_that_of_today_is_sent_and_of_an_end_long_ago_none() {
    on_both(|db| async {
        let world = World::new(db);
        prepare(&world, "phone", "+77012345678", visit().now.plus(DAY * 3)).await;
        assert_eq!(remind(&world, &visit()).await, 1);
        let expected = [("certificate-ends".to_owned(), "+77012345678".to_owned())];
        assert_eq!(kinds(&world).await, expected);
        let at = visit().later(DAY * 40);
        assert_eq!(remind(&world, &at).await, 1);
        assert_eq!(remind(&world, &at).await, 0);
        assert_eq!(kinds(&world).await, expected);
    });
}

#[test]
fn d_4_3_6_who_holds_the_next_certificate_is_left_in_peace() {
    on_both(|db| async {
        let world = World::new(db);
        prepare(&world, "email", "askhat@example.kz", visit().now.plus(DAY * 3)).await;
        world
            .enter(&visit(), browser(1), &world.authority.issue(&askhat()))
            .await
            .unwrap();
        let before = kinds(&world).await;
        assert_eq!(remind(&world, &visit()).await, 1);
        assert_eq!(kinds(&world).await, before);
    });
}
