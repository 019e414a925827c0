use std::sync::{Arc, Mutex};
use std::time::Duration;

use cabinet::contact::{self, Slot};
use cabinet::message::{Notice, State};
use remote::sms::{Sms, SmsGateway};
use remote::{Handover, Outcome};
use testkit::entry::World;
use testkit::pki::askhat;
use testkit::storage::{in_memory, on_both};
use testkit::visit::{browser, visit};
use tokio::sync::{Notify, oneshot};

use crate::office::{Office, email_code};
use crate::sink::Sink;

#[test]
fn four_11_4_a_letter_arrives_in_the_recipients_language_with_text_and_html() {
    on_both(|db| async {
        let Some(mut sink) = Sink::start(&[]).await else {
            return;
        };
        let office = Office::new(db, sink.mailer());
        office.mail("askhat@mail.kz", email_code()).await;
        assert_eq!(office.deliver().await, 1);

        let (letter, sent) = (sink.next().await, office.outbox().await.remove(0));
        assert_eq!(letter["to"][0], "askhat@mail.kz");
        assert_eq!(letter["message_id"], format!("<{}@kabinet.example>", sent.id));
        assert_eq!(letter["subject"], "Электрондық пошта мекенжайын растаңыз");
        assert_eq!(letter["sender"], "Кабинет города <no-reply@kabinet.example>");
        for part in ["text/plain", "text/html"] {
            let words = letter["parts"][part].as_str().unwrap();
            for expected in [
                "047215",
                "https://kabinet.example/confirm/00ff",
                "22.11.2026, 15:10 (UTC+5)",
            ] {
                assert!(words.contains(expected), "{expected} in {words}");
            }
        }
        assert_eq!(
            (sent.state, sent.body, sent.maybe_duplicate),
            (State::Sent, None, false)
        );
        assert_eq!(office.deliver().await, 0, "sent once");
    });
}

#[test]
fn the_demo_keeps_the_words_of_what_it_sent() {
    in_memory(|db| async {
        let mut office = Office::new(db, remote::mail::Kept);
        Arc::get_mut(&mut office.worker).unwrap().keep_bodies = true;
        office.mail("askhat@mail.kz", email_code()).await;
        office.deliver().await;
        let sent = office.outbox().await.remove(0);
        assert!(sent.body.unwrap().text.contains("047215"));
    });
}

#[test]
fn four_4_6_a_refused_letter_is_dead_and_shows_at_the_contact() {
    on_both(|db| async {
        let Some(sink) = Sink::start(&[]).await else {
            return;
        };
        let world = World::new(db.clone());
        let key = world.authority.issue(&askhat());
        let secret = world.enter(&visit(), browser(1), &key).await.unwrap().secret;
        let session = world.session(&visit(), &secret).await.unwrap();
        let asking = session.clone();
        world
            .write(&visit(), move |tx, rules, visit| {
                contact::first_entry_request(tx, rules, visit, &asking, "bounce@mail.kz")
            })
            .await
            .unwrap();

        let office = Office::new(db, sink.mailer());
        assert_eq!(office.deliver().await, 1);
        let dead = office.outbox().await.remove(0);
        assert_eq!(dead.state, State::Dead);
        assert!(dead.reason.unwrap().contains("no such mailbox"));
        let contacts = world
            .read(&visit(), move |tx, rules, visit| {
                contact::list(tx, rules, visit.now, session.account)
            })
            .await;
        assert!(
            contacts
                .get(Slot::Email)
                .pending
                .as_ref()
                .unwrap()
                .bouncing_since
                .is_some()
        );
    });
}

/// Hands its messages to the test, and is slow until it is told.
struct SlowGateway {
    sent: Mutex<Vec<Sms>>,
    begun: Notify,
    go_on: Notify,
}

impl SmsGateway for SlowGateway {
    fn send<'a>(&'a self, sms: &'a Sms) -> Handover<'a> {
        Box::pin(async move {
            self.begun.notify_one();
            self.go_on.notified().await;
            self.sent.lock().unwrap().push(sms.clone());
            Outcome::Accepted
        })
    }
}

#[test]
fn a_graceful_stop_finishes_what_is_under_way() {
    in_memory(|db| async {
        let gateway = Arc::new(SlowGateway {
            sent: Mutex::default(),
            begun: Notify::new(),
            go_on: Notify::new(),
        });
        let office = Office::new(db, remote::mail::Kept).with_sms(gateway.clone());
        let code_until = testkit::visit::NOW.plus(Duration::from_secs(600));
        office
            .sms(
                "87075555555",
                Notice::PhoneCode {
                    code: "047215".into(),
                    code_until,
                },
            )
            .await;

        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(worker::run((*office.worker).clone(), async {
            let _ = stopped.await;
        }));
        gateway.begun.notified().await;
        stop.send(()).unwrap();
        gateway.go_on.notify_one();
        running.await.unwrap();

        assert_eq!(office.outbox().await[0].state, State::Sent);
        let sent = gateway.sent.lock().unwrap().clone();
        assert_eq!(sent[0].to, "+77075555555");
        assert!(sent[0].text.starts_with("Код 047215"), "{}", sent[0].text);
        assert!(
            sent[0].text.ends_with("\n\n@kabinet.example #047215"),
            "{}",
            sent[0].text
        );
    });
}
