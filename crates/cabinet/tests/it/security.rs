use std::time::Duration;

use cabinet::Visit;
use cabinet::binding::Kind;
use cabinet::security::{self, Finding, Security};
use cabinet::session::Session;
use db::params;
use testkit::entry::World;
use testkit::storage::on_both;
use testkit::visit::{Elsewhere, browser, visit};

use crate::second_factor::Owner;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

async fn look(world: &World, visit: &Visit, session: &Session) -> Security {
    let session = session.clone();
    world
        .read(visit, move |tx, rules, visit| {
            security::look(tx, rules, visit, &session)
        })
        .await
}

async fn give_email(world: &World, session: &Session) {
    let account = session.account;
    world
        .write(&visit(), move |tx, _, visit| {
            Ok(tx.execute(
                "insert into contact (account_id, slot, value, key, confirmed_at)
                 values ($1, 'email', 'askhat@example.kz', 'askhat@example.kz', $2)",
                params![account, visit.now],
            )?)
        })
        .await;
}

#[test]
fn req_4_10_1_what_is_missing_is_found_and_goes_when_it_is_there() {
    on_both(|db| async {
        let world = World::new(db);
        let owner = Owner::new(&world).await;
        let session = owner.session(&visit()).await;
        let seen = look(&world, &visit(), &session).await;
        assert_eq!(seen.findings, [Finding::NoContact, Finding::NoSecondFactor]);
        assert!(seen.last_entry(&session).is_none(), "this entry is no other one");

        give_email(&world, &session).await;
        owner.connect_app(&visit()).await;
        let session = owner.session(&visit()).await;
        assert_eq!(look(&world, &visit(), &session).await.findings, []);
    });
}

#[test]
fn req_4_10_1_an_entry_from_a_new_device_is_pointed_out_for_a_week_and_not_to_itself() {
    on_both(|db| async {
        let world = World::new(db);
        let owner = Owner::new(&world).await;
        let later = visit().later(MINUTE).from("198.51.100.7");
        let stranger = world.enter(&later, browser(2), &owner.key).await.unwrap().secret;
        let soon = visit().later(2 * MINUTE);
        let session = owner.session(&soon).await;
        let seen = look(&world, &soon, &session).await;
        let told = Finding::NewDevice {
            at: later.now,
            device: visit().device,
            address: "198.51.100.7".to_owned(),
        };
        assert_eq!(seen.findings.first(), Some(&told));
        assert!(seen.last_entry(&session).unwrap().is_of_new_device());
        assert_eq!(seen.last_entry(&session).unwrap().by(), Some(Kind::Certificate));
        let near: Vec<bool> = seen.sessions.iter().map(|open| open.is_near).collect();
        assert_eq!(near.len(), 2);
        assert_ne!(near.first(), near.last(), "one of them is in another network");

        let own = world.session(&soon, &stranger).await.unwrap();
        assert!(!look(&world, &soon, &own).await.findings.contains(&told));
        let week = visit().later(8 * DAY);
        assert!(!look(&world, &week, &session).await.findings.contains(&told));
    });
}

#[test]
fn req_4_10_1_the_only_way_in_and_a_key_that_ends_are_found() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&testkit::pki::askhat());
        let opened = world.enter(&visit(), browser(1), &key).await.unwrap();
        let session = world.session(&visit(), &opened.secret).await.unwrap();
        give_email(&world, &session).await;
        let seen = look(&world, &visit(), &session).await;
        assert_eq!(seen.findings, [Finding::OnlyWay(Kind::Certificate)]);
        world
            .write(&visit(), |tx, _, visit| {
                let until = visit.now.plus(12 * DAY);
                Ok(tx.execute("update certificate set not_after = $1", params![until])?)
            })
            .await;
        let seen = look(&world, &visit(), &session).await;
        assert_eq!(seen.findings.last(), Some(&Finding::KeyEnds { days: 12 }));
    });
}
