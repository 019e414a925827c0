//! Ranges of numbers whose codes nobody types (threats, SMS-1).

use std::time::Duration;

use cabinet::FirstEntry;
use cabinet::contact::{self, FirstEntryRefusal, Slot, StoppedPrefix};
use testkit::entry::World;
use testkit::pki::{aigul, askhat};
use testkit::storage::on_both;
use testkit::visit::{Elsewhere, visit};

use super::resident::{Resident, code_to, letters};

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn sms_1_a_range_whose_codes_nobody_types_gets_no_more_for_a_day() {
    on_both(|db| async {
        let world = World::new(db).with_rules(|rules| {
            rules.first_entry = FirstEntry::PhoneRequired;
            rules.contact.sms_trial = 4;
        });
        let pump = Resident::new(&world, &askhat(), 1).await;
        for number in 1..=4 {
            pump.first_entry(&visit(), &format!("8707555000{number}"))
                .await
                .unwrap();
        }
        // Codes of this hour may still be on their way to honest people.
        pump.first_entry(&visit(), "87075550005").await.unwrap();

        let next = visit().later(HOUR);
        let neighbour = Resident::enter(&world, &next, &aigul(), 2).await;
        let refused = neighbour.first_entry(&next, "87075550006").await.unwrap_err();
        assert_eq!(refused, FirstEntryRefusal::SmsStopped);
        neighbour.first_entry(&next, "87015550006").await.unwrap();
        let told = world.read(&next, |tx, rules, visit| {
            contact::stopped_prefixes(tx, rules, visit.now)
        });
        let range = StoppedPrefix {
            prefix: "+7707".into(),
            sent: 5,
            answered: 0,
        };
        assert_eq!(told.await, [range]);

        let tomorrow = visit().later(25 * HOUR);
        let later = Resident::enter(&world, &tomorrow, &aigul(), 3).await;
        later.first_entry(&tomorrow, "87075550007").await.unwrap();
    });
}

#[test]
fn sms_1_a_range_whose_codes_are_typed_goes_on() {
    on_both(|db| async {
        let world = World::new(db).with_rules(|rules| {
            rules.first_entry = FirstEntry::PhoneRequired;
            rules.contact.sms_trial = 2;
            rules.contact.sms_answered_percent = 50;
        });
        let honest = Resident::new(&world, &askhat(), 1).await;
        for number in ["87075550001", "87075550002"] {
            honest.first_entry(&visit(), number).await.unwrap();
        }
        let code = code_to(&letters(&world, &visit()).await, "+77075550002");
        honest.confirm(&visit(), Slot::Phone, &code).await.unwrap();
        let next = visit().later(HOUR);
        let neighbour = Resident::enter(&world, &next, &aigul(), 2).await;
        neighbour.first_entry(&next, "87075550003").await.unwrap();
    });
}

#[test]
fn sms_1_a_range_has_a_budget_of_its_own() {
    on_both(|db| async {
        let world = World::new(db).with_rules(|rules| {
            rules.first_entry = FirstEntry::PhoneRequired;
            rules.contact.sms_per_prefix = 2;
        });
        let pump = Resident::new(&world, &askhat(), 1).await;
        for number in ["87075550001", "87075550002"] {
            pump.first_entry(&visit(), number).await.unwrap();
        }
        let refused = pump.first_entry(&visit(), "87075550003").await.unwrap_err();
        assert_eq!(refused, FirstEntryRefusal::SmsStopped);
        pump.first_entry(&visit(), "87015550003").await.unwrap();
    });
}
