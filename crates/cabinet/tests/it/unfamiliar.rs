//! Entries from devices that were not known before.

use std::time::Duration;

use cabinet::Visit;
use cabinet::audit;
use cabinet::binding::Kind;
use cabinet::message::Notice;
use cabinet::session::{self, Remedy, Session};
use cabinet::sign_in::{self, SignInRefusal};
use db::params;
use testkit::entry::{World, opened};
use testkit::pki::askhat;
use testkit::storage::on_both;
use testkit::visit::{Elsewhere, browser, visit};

use crate::contact::resident::{Letter, Resident, letters, secret_in};
use crate::password::{PASSWORD, set};

const DAY: Duration = Duration::from_secs(24 * 3600);
const IIN: &str = "900101300007";

/// A person with a key, a password and an e-mail.
async fn person(world: &World) -> Resident {
    let mut resident = Resident::with_email(world, &askhat(), 1, "askhat@mail.kz").await;
    resident.step_up(&visit()).await;
    set(world, &visit(), &resident.secret, PASSWORD).await;
    resident
}

async fn by_password(world: &World, visit: &Visit, number: u64) -> Result<sign_in::Opened, SignInRefusal> {
    let attempt = world
        .write(visit, |tx, rules, visit| {
            sign_in::password_attempt(tx, rules, visit, IIN, None)
        })
        .await?;
    let checked = std::sync::Arc::new(sign_in::check_password(attempt, PASSWORD, &visit.entropy));
    let entered = world.write(visit, move |tx, rules, visit| {
        sign_in::with_password(tx, rules, visit, browser(number), &checked)
    });
    entered.await.map(opened)
}

fn about_devices(letters: Vec<Letter>) -> Vec<Notice> {
    let told = letters.into_iter().map(|letter| letter.notice);
    told.filter(|notice| matches!(notice, Notice::NewDevice { .. }))
        .collect()
}

async fn marked(world: &World, session: &Session) -> usize {
    let account = session.account;
    let lines = world
        .read(&visit(), move |tx, _, _| audit::history(tx, account, 100))
        .await;
    lines.iter().filter(|line| line.is_of_new_device()).count()
}

#[test]
fn req_4_10_5_the_first_entry_is_told_to_nobody_and_each_new_device_once() {
    on_both(|db| async {
        let world = World::new(db);
        let person = person(&world).await;
        let session = person.session(&visit()).await;
        assert_eq!(marked(&world, &session).await, 0, "the first entry of all");
        for _ in 0..3 {
            by_password(&world, &visit(), 2).await.unwrap();
            world
                .enter(&visit().from("198.51.100.7"), browser(2), &person.key)
                .await
                .unwrap();
        }
        let told = about_devices(letters(&world, &visit()).await);
        let [Notice::NewDevice { by, address, .. }] = told.as_slice() else {
            panic!("not once: {told:?}");
        };
        assert_eq!((by, address.as_str()), (&Kind::Password, "192.0.2.10"));
        assert_eq!(marked(&world, &session).await, 1);
    });
}

#[test]
fn req_4_10_5_entries_from_one_new_device_at_one_moment_are_told_of_once() {
    on_both(|db| async {
        let world = World::new(db);
        let person = person(&world).await;
        let session = person.session(&visit()).await;
        let key = std::sync::Arc::new(person.key);
        let entries = (0..6).map(|_| {
            let (world, key) = (world.clone(), key.clone());
            tokio::spawn(async move { world.enter(&visit(), browser(2), &key).await.is_ok() })
        });
        for entry in entries.collect::<Vec<_>>() {
            assert!(entry.await.unwrap());
        }
        assert_eq!(about_devices(letters(&world, &visit()).await).len(), 1);
        assert_eq!(marked(&world, &session).await, 1);
    });
}

#[test]
fn req_4_10_5_a_person_who_comes_back_after_a_year_is_told_of_the_device() {
    on_both(|db| async {
        let world = World::new(db);
        let session = person(&world).await.session(&visit()).await;
        world
            .write(&visit(), |tx, _, _| {
                Ok(tx.execute("delete from known_device", params![])?)
            })
            .await;
        by_password(&world, &visit(), 1).await.unwrap();
        assert_eq!(about_devices(letters(&world, &visit()).await).len(), 1);
        assert_eq!(marked(&world, &session).await, 1);
    });
}

/// The link of the only notice of a new device.
async fn link(world: &World, visit: &Visit) -> cabinet::Secret {
    let told = about_devices(letters(world, visit).await);
    let [Notice::NewDevice { link, .. }] = told.as_slice() else {
        panic!("not once: {told:?}");
    };
    secret_in(link)
}

/// What the page promises, and then does.
async fn not_me(world: &World, visit: &Visit) -> Remedy {
    let link = link(world, visit).await;
    let looked = link.clone();
    let promised = world.read(visit, move |tx, rules, visit| {
        session::disown_preview(tx, rules, visit, &looked)
    });
    let promised = promised.await.unwrap().remedy;
    let done = world.write(visit, move |tx, rules, visit| {
        session::disown(tx, rules, visit, &link)
    });
    assert_eq!(done.await, Ok(promised));
    promised
}

#[test]
fn req_4_10_5_not_me_ends_the_entry_and_takes_the_password_that_was_used() {
    on_both(|db| async {
        let world = World::new(db);
        let person = person(&world).await;
        let thief = by_password(&world, &visit(), 2).await.unwrap();
        assert_eq!(not_me(&world, &visit()).await, Remedy::PasswordRemoved);
        assert!(world.session(&visit(), &thief.secret).await.is_none());
        let again = by_password(&world, &visit(), 2).await;
        assert_eq!(again.unwrap_err(), SignInRefusal::PasswordWrong);
        assert!(world.enter(&visit(), browser(1), &person.key).await.is_ok());
    });
}

#[test]
fn req_4_10_5_not_me_locks_nobody_out() {
    on_both(|db| async {
        let world = World::new(db);
        person(&world).await;
        let later = visit().later(2 * DAY);
        world
            .write(&later, |tx, _, visit| {
                Ok(tx.execute(
                    "update certificate set not_after = $1",
                    params![visit.now.minus(DAY)],
                )?)
            })
            .await;
        by_password(&world, &later, 2).await.unwrap();
        assert_eq!(not_me(&world, &later).await, Remedy::OnlyWayStays);
        assert!(by_password(&world, &later, 1).await.is_ok());
    });
}
