use std::time::Duration;

use cabinet::contact::{self, Form, SaveRefusal, Slot, Undone};
use cabinet::ticket::{self, LinkRefusal};
use cabinet::{Secret, Visit};
use testkit::entry::World;
use testkit::pki::askhat;
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

use super::resident::{Resident, kinds, letters, undo_to};

const HOUR: Duration = Duration::from_secs(3600);

async fn undo(world: &World, visit: &Visit, secret: &Secret) -> Result<Undone, LinkRefusal> {
    let secret = secret.clone();
    world
        .write(visit, move |tx, rules, visit| {
            contact::undo(tx, rules, visit, &secret)
        })
        .await
}

#[test]
fn con_1_an_undo_brings_back_the_old_address_after_it_was_replaced() {
    on_both(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "old@mail.kz").await;
        let sent = resident
            .change_and_confirm(&visit(), Slot::Email, "thief@mail.kz")
            .await;
        let link = undo_to(&sent, "old@mail.kz");
        letters(&world, &visit()).await;

        let late = visit().later(71 * HOUR);
        let looked = link.clone();
        let preview = world
            .read(&late, move |tx, rules, visit| {
                contact::undo_preview(tx, rules, visit, &looked)
            })
            .await
            .unwrap();
        assert_eq!(preview.previous.as_deref(), Some("o***@mail.kz"));
        assert_eq!(preview.new.as_deref(), Some("t***f@mail.kz"));

        let undone = undo(&world, &late, &link).await.unwrap();
        assert_eq!(
            undone,
            Undone {
                slot: Slot::Email,
                previous: Some("o***@mail.kz".into())
            }
        );
        assert_eq!(undo(&world, &late, &link).await, Err(LinkRefusal::Used));
        let told = letters(&world, &late).await;
        assert_eq!(
            kinds(&told),
            [
                ("old@mail.kz", "contact-undone"),
                ("thief@mail.kz", "contact-undone")
            ]
        );

        resident.secret = world
            .enter(&late, browser(2), &resident.key)
            .await
            .unwrap()
            .secret;
        let email = resident.contacts(&late).await.email;
        assert_eq!(email.in_force.unwrap().value.as_str(), "old@mail.kz");
        let owner = world
            .read(&late, |tx, _, _| contact::find_login(tx, "old@mail.kz"))
            .await;
        assert!(owner.is_some());
        assert_eq!(
            world
                .read(&late, |tx, _, _| contact::find_login(tx, "thief@mail.kz"))
                .await,
            None
        );
    });
}

#[test]
fn con_1_an_undo_ends_all_sessions_and_gives_none() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "old@mail.kz").await;
        resident
            .change(&visit(), Slot::Email, "thief@mail.kz")
            .await
            .unwrap();
        let link = undo_to(&letters(&world, &visit()).await, "old@mail.kz");
        undo(&world, &visit(), &link).await.unwrap();
        assert!(world.session(&visit(), &resident.secret).await.is_none());
    });
}

#[test]
fn con_1_after_an_undo_an_older_proof_changes_nothing() {
    on_both(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "old@mail.kz").await;
        resident
            .change(&visit(), Slot::Email, "thief@mail.kz")
            .await
            .unwrap();
        let link = undo_to(&letters(&world, &visit()).await, "old@mail.kz");
        let session = resident.session(&visit()).await;
        let refused = world
            .write(&visit(), move |tx, rules, visit| {
                let stepped_up = session.step_up(tx, rules, visit)?.unwrap();
                contact::undo(tx, rules, visit, &link)?.unwrap();
                let version = contact::list(tx, rules, visit.now, session.account)?.version;
                let form = Form {
                    email: "thief@mail.kz".into(),
                    version,
                    ..Form::default()
                };
                contact::save(tx, rules, visit, &stepped_up, &form)
            })
            .await;
        assert_eq!(refused, Err(SaveRefusal::Frozen));

        let later = visit().later(HOUR);
        resident.secret = world
            .enter(&later, browser(2), &resident.key)
            .await
            .unwrap()
            .secret;
        resident
            .change(&later, Slot::Email, "mine@mail.kz")
            .await
            .unwrap();
    });
}

#[test]
fn con_1_an_undo_cancels_everything_that_waits() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "old@mail.kz").await;
        resident
            .change(&visit(), Slot::Phone, "87075555555")
            .await
            .unwrap();
        resident
            .change(&visit(), Slot::Email, "thief@mail.kz")
            .await
            .unwrap();
        let link = undo_to(&letters(&world, &visit()).await, "old@mail.kz");
        undo(&world, &visit(), &link).await.unwrap();
        resident.secret = world
            .enter(&visit(), browser(2), &resident.key)
            .await
            .unwrap()
            .secret;
        let contacts = resident.contacts(&visit()).await;
        assert_eq!((contacts.email.pending, contacts.phone.pending), (None, None));
    });
}

#[test]
fn con_1_ending_half_finished_acts_does_not_end_an_undo() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "old@mail.kz").await;
        resident
            .change(&visit(), Slot::Email, "thief@mail.kz")
            .await
            .unwrap();
        let link = undo_to(&letters(&world, &visit()).await, "old@mail.kz");
        let account = resident.session(&visit()).await.account;
        world
            .write(&visit(), move |tx, _, visit| {
                ticket::discard_all(tx, visit, account)
            })
            .await;
        undo(&world, &visit(), &link).await.unwrap();
    });
}

#[test]
fn con_1_a_removed_contact_comes_back() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "old@mail.kz").await;
        resident
            .change_and_confirm(&visit(), Slot::Phone, "87075555555")
            .await;
        letters(&world, &visit()).await;
        resident.change(&visit(), Slot::Phone, "").await.unwrap();
        let link = undo_to(&letters(&world, &visit()).await, "+77075555555");
        undo(&world, &visit(), &link).await.unwrap();
        resident.secret = world
            .enter(&visit(), browser(2), &resident.key)
            .await
            .unwrap()
            .secret;
        let phone = resident.contacts(&visit()).await.phone.in_force.unwrap();
        assert_eq!(phone.value.as_str(), "+77075555555");
        assert!(
            world
                .read(&visit(), |tx, _, _| contact::find_login(tx, "+77075555555"))
                .await
                .is_some()
        );
    });
}

#[test]
fn con_1_an_undo_link_lives_three_days() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "old@mail.kz").await;
        resident
            .change(&visit(), Slot::Email, "new@mail.kz")
            .await
            .unwrap();
        let link = undo_to(&letters(&world, &visit()).await, "old@mail.kz");
        let late = visit().later(72 * HOUR);
        assert_eq!(undo(&world, &late, &link).await, Err(LinkRefusal::Expired));
    });
}

#[test]
fn con_1_a_thief_cannot_undo_the_undo() {
    on_both(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "old@mail.kz").await;
        let sent = resident
            .change_and_confirm(&visit(), Slot::Email, "thief@mail.kz")
            .await;
        let owners = undo_to(&sent, "old@mail.kz");
        letters(&world, &visit()).await;
        let later = visit().later(HOUR / 4);
        resident
            .change(&later, Slot::Email, "other@mail.kz")
            .await
            .unwrap();
        let thiefs = undo_to(&letters(&world, &later).await, "thief@mail.kz");

        undo(&world, &later, &owners).await.unwrap();
        assert_eq!(undo(&world, &later, &thiefs).await, Err(LinkRefusal::Replaced));
        resident.secret = world
            .enter(&later, browser(2), &resident.key)
            .await
            .unwrap()
            .secret;
        let email = resident.contacts(&later).await.email.in_force.unwrap();
        assert_eq!(email.value.as_str(), "old@mail.kz");
    });
}
