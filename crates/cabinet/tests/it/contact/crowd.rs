use std::time::Duration;

use cabinet::Failure;
use cabinet::contact::{self, Slot};
use testkit::entry::World;
use testkit::pki::{Person, askhat};
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, visit};

use super::resident::{Resident, code_to, letters};

const IINS: [&str; 8] = [
    "910203300102",
    "910203300112",
    "910203300122",
    "910203300132",
    "910203300142",
    "910203300152",
    "910203300162",
    "910203300172",
];

fn crowd() -> impl Iterator<Item = (Person, u64)> {
    IINS.into_iter()
        .map(|iin| Person {
            iin: Some(iin),
            ..askhat()
        })
        .zip(1..)
}

/// They share the network, the budgets, and in small tables every page of every index.
#[test]
fn sms_1_eight_people_who_change_contacts_at_once_are_all_served() {
    on_both(|db| async {
        let world = World::new(db);
        let mut people = Vec::new();
        for (person, number) in crowd() {
            let email = format!("person{number}@mail.kz");
            people.push((
                Resident::with_email(&world, &person, number, &email).await,
                number,
            ));
        }
        let acts: Vec<_> = people
            .into_iter()
            .map(|(mut resident, number)| {
                tokio::spawn(async move {
                    for round in 0..5 {
                        let mut form = resident.form(&visit()).await;
                        form.phone = format!("8707{number:02}{round:02}555");
                        resident.step_up(&visit()).await;
                        let session = resident.session(&visit()).await;
                        let (rules, visit) = (resident.world.rules.clone(), visit());
                        let saved = resident.world.db.write(move |tx| {
                            let stepped_up = session.step_up(tx, &rules, &visit)?.unwrap();
                            let saved = contact::save(tx, &rules, &visit, &stepped_up, &form)?;
                            Ok::<_, Failure>(saved.map(|saved| saved.asked))
                        });
                        assert_eq!(saved.await.unwrap(), Ok(vec![Slot::Phone]));
                    }
                })
            })
            .collect();
        for act in acts {
            act.await.unwrap();
        }
    });
}

#[test]
fn sms_1_what_many_share_is_counted_exactly() {
    on_both(|db| async {
        let world = World::new(db).with_rules(|rules| {
            rules.first_entry = cabinet::FirstEntry::PhoneRequired;
            rules.contact.sms_per_day = 5;
        });
        let mut asked = 0;
        for (person, number) in crowd() {
            let resident = Resident::new(&world, &person, number).await;
            let phone = format!("870755555{number:02}");
            asked += u32::from(resident.first_entry(&visit(), &phone).await.is_ok());
        }
        assert_eq!(asked, 5);
    });
}

#[test]
fn sms_1_strangers_do_not_use_up_the_codes_of_an_address() {
    in_memory(|db| async {
        let world = World::new(db).with_rules(|rules| rules.contact.resend_pause = Duration::ZERO);
        let mut refused = 0;
        for (person, number) in crowd().take(7) {
            let stranger = Resident::new(&world, &person, number).await;
            let here = visit().from(&format!("203.0.{number}.1"));
            for _ in 0..5 {
                refused += u32::from(stranger.first_entry(&here, "owner@mail.kz").await.is_err());
            }
        }
        assert!(refused > 0, "an address has no ceiling");
        letters(&world, &visit()).await;
        let (person, number) = crowd().nth(7).unwrap();
        let owner = Resident::new(&world, &person, number).await;
        owner.first_entry(&visit(), "owner@mail.kz").await.unwrap();
        let code = code_to(&letters(&world, &visit()).await, "owner@mail.kz");
        owner.confirm(&visit(), Slot::Email, &code).await.unwrap();
    });
}
