use std::time::Duration;

use cabinet::contact::{self, ContactState, FieldRefusal, FieldRefusals, Form, SaveRefusal, Saved, Slot};
use cabinet::message::Notice;
use testkit::entry::World;
use testkit::pki::{aigul, askhat};
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, visit};

use super::resident::{Resident, code_to, kinds, letters};

const HOUR: Duration = Duration::from_secs(3600);

async fn signs_in(world: &World, typed: &str) -> bool {
    let typed = typed.to_owned();
    world
        .read(&visit(), move |tx, rules, _| {
            match contact::login_key(rules, &typed) {
                Some(key) => contact::find_login(tx, &key),
                None => Ok(None),
            }
        })
        .await
        .is_some()
}

fn wrong(change: impl FnOnce(&mut FieldRefusals)) -> SaveRefusal {
    let mut fields = FieldRefusals::default();
    change(&mut fields);
    SaveRefusal::Fields(fields)
}

#[test]
fn a_12_a_the_old_address_stays_in_force_until_the_new_one_is_confirmed() {
    on_both(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "old@mail.kz").await;
        let saved = resident
            .change(&visit(), Slot::Email, "new@mail.kz")
            .await
            .unwrap();
        assert_eq!(
            saved,
            Saved {
                asked: vec![Slot::Email],
                removed: vec![]
            }
        );

        let email = resident.contacts(&visit()).await.email;
        assert_eq!(email.in_force.unwrap().value.as_str(), "old@mail.kz");
        assert_eq!(email.pending.unwrap().value.as_str(), "new@mail.kz");
        assert!(signs_in(&world, "OLD@mail.kz").await && !signs_in(&world, "new@mail.kz").await);

        let sent = letters(&world, &visit()).await;
        assert_eq!(
            kinds(&sent),
            [("new@mail.kz", "email-code"), ("old@mail.kz", "contact-changed")]
        );
        let told = sent.iter().find(|letter| letter.to == "old@mail.kz").unwrap();
        let Notice::ContactChanged { new_masked, .. } = &told.notice else {
            panic!("{told:?}")
        };
        assert_eq!(new_masked, "n***@mail.kz");

        let code = code_to(&sent, "new@mail.kz");
        resident.confirm(&visit(), Slot::Email, &code).await.unwrap();
        assert!(!signs_in(&world, "old@mail.kz").await && signs_in(&world, "New@mail.kz").await);
        let sent = letters(&world, &visit()).await;
        assert_eq!(
            kinds(&sent),
            [
                ("new@mail.kz", "contact-confirmed"),
                ("old@mail.kz", "contact-confirmed")
            ]
        );
    });
}

#[test]
fn a_12_c_a_stale_form_is_refused_and_both_versions_are_there() {
    on_both(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        let stale = resident.form(&visit()).await;
        resident
            .change_and_confirm(&visit(), Slot::Phone, "87075555555")
            .await;

        let form = Form {
            extra_email: "second@mail.kz".into(),
            ..stale
        };
        let refused = resident.save(&visit(), form).await.unwrap_err();
        let SaveRefusal::Stale(now) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(now.phone.in_force.unwrap().value.as_str(), "+77075555555");
        let contacts = resident.contacts(&visit()).await;
        assert_eq!(contacts.extra_email.state(), ContactState::Empty);
        assert_eq!(contacts.phone.state(), ContactState::Confirmed);
    });
}

#[test]
fn a_12_c_of_two_forms_saved_at_once_one_is_refused() {
    on_both(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        let form = resident.form(&visit()).await;
        resident.step_up(&visit()).await;
        let session = resident.session(&visit()).await;
        let racing = ["one@mail.kz", "two@mail.kz"].map(|address| {
            let (world, session) = (world.clone(), session.clone());
            let form = Form {
                email: address.into(),
                ..form.clone()
            };
            tokio::spawn(async move {
                world
                    .write(&visit(), move |tx, rules, visit| {
                        let stepped_up = session.step_up(tx, rules, visit)?.unwrap();
                        contact::save(tx, rules, visit, &stepped_up, &form)
                    })
                    .await
            })
        });
        let mut saved = 0;
        for one in racing {
            saved += u32::from(one.await.unwrap().is_ok());
        }
        assert_eq!(saved, 1);
    });
}

#[test]
fn a_11_b_an_unchanged_form_and_an_empty_mask_do_nothing() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        let form = Form {
            email: "ASKHAT@mail.kz".into(),
            phone: "+7 () -".into(),
            extra_phone: "+7 (___) ___-__-__".into(),
            ..resident.form(&visit()).await
        };
        assert_eq!(resident.save(&visit(), form).await, Ok(Saved::default()));
        assert_eq!(letters(&world, &visit()).await, []);
        let contacts = resident.contacts(&visit()).await;
        assert_eq!(contacts.phone.state(), ContactState::Empty);
        assert_eq!(contacts.email.in_force.unwrap().value.as_str(), "askhat@mail.kz");
    });
}

#[test]
fn a_11_c_primary_and_additional_differ_whatever_is_in_force_or_waits() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        let same = wrong(|fields| fields.extra_email = Some(FieldRefusal::SameAsOther));
        let refused = resident
            .change(&visit(), Slot::ExtraEmail, "Askhat@Mail.kz")
            .await;
        assert_eq!(refused.unwrap_err(), same);

        resident
            .change(&visit(), Slot::Email, "new@mail.kz")
            .await
            .unwrap();
        for taken in ["new@mail.kz", "askhat@mail.kz"] {
            let refused = resident.change(&visit(), Slot::ExtraEmail, taken).await;
            assert_eq!(refused.unwrap_err(), same, "{taken}");
        }
        let both = Form {
            phone: "87075555555".into(),
            extra_phone: "+7 707 555 55 55".into(),
            ..resident.form(&visit()).await
        };
        let refused = resident.save(&visit(), both).await.unwrap_err();
        assert_eq!(
            refused,
            wrong(|fields| fields.extra_phone = Some(FieldRefusal::SameAsOther))
        );
    });
}

#[test]
fn a_11_every_wrong_field_is_named_and_nothing_is_saved() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        let form = Form {
            phone: "+7 707 555".into(),
            extra_email: "a@b.kz,c@d.kz".into(),
            extra_phone: "87075555555".into(),
            ..resident.form(&visit()).await
        };
        let refused = resident.save(&visit(), form).await.unwrap_err();
        let expected = wrong(|fields| {
            fields.phone = Some(FieldRefusal::PhoneMalformed);
            fields.extra_email = Some(FieldRefusal::EmailMalformed);
        });
        assert_eq!(refused, expected);
        assert_eq!(
            resident.contacts(&visit()).await.extra_phone.state(),
            ContactState::Empty
        );
        assert_eq!(letters(&world, &visit()).await, []);
    });
}

#[test]
fn a_8_a_required_contact_cannot_be_removed_but_replaced() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        let refused = resident.change(&visit(), Slot::Email, "").await;
        assert_eq!(
            refused.unwrap_err(),
            wrong(|fields| fields.email = Some(FieldRefusal::Required))
        );
        resident
            .change_and_confirm(&visit(), Slot::Email, "new@mail.kz")
            .await;
    });
}

#[test]
fn a_12_b_a_removed_contact_is_told_and_signs_in_no_more() {
    on_both(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        resident
            .change_and_confirm(&visit(), Slot::Phone, "87075555555")
            .await;
        letters(&world, &visit()).await;
        assert!(signs_in(&world, "8 (707) 555-55-55").await);

        let saved = resident.change(&visit(), Slot::Phone, "+7 () -").await.unwrap();
        assert_eq!(saved.removed, [Slot::Phone]);
        let sent = letters(&world, &visit()).await;
        let expected = [
            ("+77075555555", "contact-removed"),
            ("askhat@mail.kz", "contact-removed"),
        ];
        assert_eq!(kinds(&sent), expected);
        assert!(!signs_in(&world, "87075555555").await);
        assert_eq!(
            resident.contacts(&visit()).await.phone.state(),
            ContactState::Empty
        );
    });
}

#[test]
fn con_3_a_replaced_address_is_held_while_the_change_can_be_undone() {
    on_both(|db| async {
        let world = World::new(db);
        let mut first = Resident::with_email(&world, &askhat(), 1, "family@mail.kz").await;
        first
            .change_and_confirm(&visit(), Slot::Email, "askhat@mail.kz")
            .await;
        letters(&world, &visit()).await;

        let second = Resident::new(&world, &aigul(), 2).await;
        second.first_entry(&visit(), "family@mail.kz").await.unwrap();
        assert_eq!(
            kinds(&letters(&world, &visit()).await),
            [("family@mail.kz", "address-in-use")]
        );

        let later = visit().later(72 * HOUR);
        let second = Resident {
            secret: world
                .enter(&later, testkit::visit::browser(3), &second.key)
                .await
                .unwrap()
                .secret,
            ..second
        };
        second.first_entry(&later, "family@mail.kz").await.unwrap();
        let code = code_to(&letters(&world, &later).await, "family@mail.kz");
        second.confirm(&later, Slot::Email, &code).await.unwrap();
    });
}

#[test]
fn four_4_2_cancelling_leaves_what_is_in_force() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        resident
            .change(&visit(), Slot::Email, "new@mail.kz")
            .await
            .unwrap();
        let code = code_to(&letters(&world, &visit()).await, "new@mail.kz");
        let session = resident.session(&visit()).await;
        let by = session.clone();
        world
            .write(&visit(), move |tx, _, visit| {
                contact::cancel(tx, visit, &by, Slot::Email)
            })
            .await
            .unwrap();
        resident.confirm(&visit(), Slot::Email, &code).await.unwrap_err();
        let email = resident.contacts(&visit()).await.email;
        assert_eq!((email.state(), email.pending), (ContactState::Confirmed, None));
        let again = world
            .write(&visit(), move |tx, _, visit| {
                contact::cancel(tx, visit, &session, Slot::Email)
            })
            .await;
        assert!(again.is_err());
    });
}

#[test]
fn sms_1_budgets_hold_and_come_back_the_next_day() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        for round in 0..5 {
            resident
                .change(&visit(), Slot::Phone, "87075555555")
                .await
                .unwrap();
            let other = format!("8707555550{round}");
            resident.change(&visit(), Slot::Phone, &other).await.unwrap();
        }
        let refused = resident
            .change(&visit(), Slot::Phone, "87075555555")
            .await
            .unwrap_err();
        assert_eq!(
            refused,
            wrong(|fields| fields.phone = Some(FieldRefusal::TooManyMessages))
        );
        let sent = letters(&world, &visit()).await;
        let reached = |letter: &&super::resident::Letter| letter.to == "+77075555555";
        assert_eq!(sent.iter().filter(reached).count(), 5);

        let tomorrow = visit().later(24 * HOUR);
        resident.secret = world
            .enter(&tomorrow, testkit::visit::browser(1), &resident.key)
            .await
            .unwrap()
            .secret;
        resident
            .change(&tomorrow, Slot::Phone, "87075555555")
            .await
            .unwrap();
    });
}

#[test]
fn sms_1_only_served_countries_get_text_messages() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        let refused = resident
            .change(&visit(), Slot::Phone, "+49 1512 3456789")
            .await
            .unwrap_err();
        assert_eq!(
            refused,
            wrong(|fields| fields.phone = Some(FieldRefusal::CountryNotServed))
        );
        assert_eq!(letters(&world, &visit()).await, []);

        resident.world = world.with_rules(|rules| rules.contact.sms_countries.push(49));
        resident
            .change(&visit(), Slot::Phone, "+49 1512 3456789")
            .await
            .unwrap();
    });
}

#[test]
fn sms_1_one_network_and_one_account_have_totals() {
    in_memory(|db| async {
        let world = World::new(db).with_rules(|rules| {
            rules.contact.sends_per_account = 3;
            rules.contact.sends_per_network = 3;
        });
        let mut first = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        for number in ["87075555551", "87075555552"] {
            first.change(&visit(), Slot::Phone, number).await.unwrap();
        }
        first
            .change(&visit(), Slot::Phone, "87075555553")
            .await
            .unwrap_err();
        let second = Resident::new(&world, &aigul(), 2).await;
        second.first_entry(&visit(), "aigul@mail.kz").await.unwrap_err();
        second
            .first_entry(&visit().from("203.0.113.1"), "aigul@mail.kz")
            .await
            .unwrap();
    });
}

#[test]
fn sms_1_whoever_is_over_a_budget_of_his_own_spends_nothing_of_everybodys() {
    in_memory(|db| async {
        let world = World::new(db).with_rules(|rules| {
            rules.first_entry = cabinet::FirstEntry::PhoneRequired;
            rules.contact.sends_per_account = 1;
            rules.contact.sends_per_address = 2;
            rules.contact.sms_per_day = 2;
        });
        let greedy = Resident::new(&world, &askhat(), 1).await;
        greedy.first_entry(&visit(), "87075555551").await.unwrap();
        for _ in 0..3 {
            greedy.first_entry(&visit(), "87075555552").await.unwrap_err();
        }
        let other = Resident::new(&world, &aigul(), 2).await;
        other.first_entry(&visit(), "87075555552").await.unwrap();
    });
}
