use std::time::Duration;

use cabinet::message::{Notice, State};
use remote::Handover;
use remote::mail::{Letter, Mailer, SmtpMailer};
use testkit::storage::{in_memory, on_both};

use crate::office::{Office, email_code};
use crate::sink::Sink;

const SECOND: Duration = Duration::from_secs(1);
/// Longer than the lease of a claim.
const LEASE: Duration = Duration::from_secs(181);

/// Hands the letter over and dies before it can tell.
struct DiesAfterwards(SmtpMailer);

impl Mailer for DiesAfterwards {
    fn send<'a>(&'a self, letter: &'a Letter) -> Handover<'a> {
        Box::pin(async move {
            self.0.send(letter).await;
            std::future::pending().await
        })
    }
}

#[test]
fn four_11_2_killed_between_handover_and_mark_one_marked_duplicate_with_the_same_id() {
    on_both(|db| async {
        let Some(mut sink) = Sink::start(&[]).await else {
            return;
        };
        let office = Office::new(db, sink.mailer());
        office.mail("askhat@mail.kz", Notice::AddressInUse).await;

        let dying = office.with_mailer(DiesAfterwards(sink.mailer()));
        let killed = tokio::spawn(async move { dying.deliver().await });
        let first = sink.next().await;
        killed.abort();
        assert_eq!(office.deliver().await, 0, "the claim holds until its lease ends");

        office.pass(LEASE);
        assert_eq!(office.deliver().await, 1);
        let second = sink.next().await;
        assert_eq!(first["raw"], second["raw"]);
        assert_eq!(first["message_id"], second["message_id"]);
        let sent = office.outbox().await.remove(0);
        assert_eq!(
            (sent.state, sent.maybe_duplicate, sent.attempts),
            (State::Sent, true, 2)
        );
        office.pass(LEASE);
        assert_eq!(office.deliver().await, 0);
    });
}

#[test]
fn rendering_changes_between_tries_do_not_change_the_letter() {
    in_memory(|db| async {
        let Some(mut sink) = Sink::start(&[]).await else {
            return;
        };
        let office = Office::new(db, sink.mailer());
        office.mail("busy@mail.kz", Notice::AddressInUse).await;
        assert_eq!(office.deliver().await, 1);

        let renamed = office.with_rules(|rules| rules.product_name = "Другое имя".into());
        for pause in [10, 20] {
            office.pass(pause * SECOND);
            assert_eq!(renamed.deliver().await, 1);
        }
        let letter = sink.next().await;
        for part in ["text/plain", "text/html"] {
            let words = letter["parts"][part].as_str().unwrap();
            assert!(
                words.contains("Кабинет города") && !words.contains("Другое имя"),
                "{words}"
            );
        }
        let sent = office.outbox().await.remove(0);
        assert_eq!((sent.state, sent.maybe_duplicate), (State::Sent, false));
    });
}

#[test]
fn a_server_that_says_later_is_asked_with_growing_pauses() {
    in_memory(|db| async {
        let Some(sink) = Sink::start(&[]).await else {
            return;
        };
        let office = Office::new(db, sink.mailer());
        office.mail("later@mail.kz", Notice::AddressInUse).await;
        assert_eq!(office.deliver().await, 1);
        for pause in [10, 20, 40, 80] {
            office.pass((pause - 1) * SECOND);
            assert_eq!(office.deliver().await, 0, "not yet after {pause} s");
            office.pass(SECOND);
            assert_eq!(office.deliver().await, 1);
        }
        let queued = office.outbox().await.remove(0);
        assert_eq!((queued.state, queued.attempts), (State::Queued, 5));
        assert!(queued.reason.unwrap().contains("try again later"));
    });
}

#[test]
fn a_connection_cut_after_the_content_leaves_a_possible_duplicate() {
    in_memory(|db| async {
        let Some(mut sink) = Sink::start(&[]).await else {
            return;
        };
        let office = Office::new(db, sink.mailer());
        office.mail("cut@mail.kz", Notice::AddressInUse).await;
        office.deliver().await;
        let first = sink.next().await;
        let queued = office.outbox().await.remove(0);
        assert_eq!((queued.state, queued.maybe_duplicate), (State::Queued, true));
        office.pass(10 * SECOND);
        office.deliver().await;
        assert_eq!(first["message_id"], sink.next().await["message_id"]);
    });
}

#[test]
fn no_server_at_all_is_a_reason_to_try_later() {
    in_memory(|db| async {
        let Some(sink) = Sink::start(&[]).await else {
            return;
        };
        let mailer = sink.mailer();
        drop(sink);
        let office = Office::new(db, mailer);
        office.mail("askhat@mail.kz", email_code()).await;
        assert_eq!(office.deliver().await, 1);
        let queued = office.outbox().await.remove(0);
        assert_eq!((queued.state, queued.maybe_duplicate), (State::Queued, false));

        office.pass(Duration::from_secs(600));
        assert_eq!(office.deliver().await, 0, "the code has expired");
        office.mail("askhat@mail.kz", Notice::AddressInUse).await;
        office.deliver().await;
        assert_eq!(office.outbox().await[1].state, State::Expired);
    });
}

#[test]
fn a_hanging_recipient_does_not_keep_the_others_waiting() {
    in_memory(|db| async {
        let Some(mut sink) = Sink::start(&[]).await else {
            return;
        };
        let office = Office::new(db, sink.mailer());
        office.mail("hang@mail.kz", Notice::AddressInUse).await;
        let running = tokio::spawn(worker::run((*office.worker).clone(), std::future::pending()));
        assert_eq!(sink.next().await["hanging"], "hang@mail.kz");
        for number in 0..6 {
            office
                .mail(&format!("p{number}@mail.kz"), Notice::AddressInUse)
                .await;
        }
        for _ in 0..6 {
            assert!(sink.next().await["to"][0].as_str().unwrap().starts_with('p'));
        }
        running.abort();
    });
}
