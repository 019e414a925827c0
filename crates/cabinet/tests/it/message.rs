use std::time::Duration;

use cabinet::account::{AccountId, Language};
use cabinet::contact::{self, ContactState, Slot, parse_email, parse_phone};
use cabinet::message::{
    self, Body, Channel, Claim, Content, GIVE_UP_AFTER, Message, Notice, Recipient, Settlement, State,
};
use cabinet::{Rules, Visit};
use db::{Tx, params};
use testkit::entry::World;
use testkit::pki::askhat;
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, visit};

use crate::contact::resident::Resident;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

fn email(address: &str) -> Recipient {
    Recipient::Email(parse_email(address).unwrap().unwrap())
}

fn code(code: &str) -> Notice {
    let code_until = visit().now.plus(10 * MINUTE);
    Notice::PhoneCode {
        code: code.to_owned(),
        code_until,
    }
}

async fn enqueue(world: &World, visit: &Visit, to: Recipient, notice: Notice) {
    enqueue_for(world, visit, None, to, notice).await;
}

async fn enqueue_for(
    world: &World,
    visit: &Visit,
    account: Option<AccountId>,
    to: Recipient,
    notice: Notice,
) {
    world
        .write(visit, move |tx, rules, visit| {
            let (to, notice) = (to.clone(), notice.clone());
            message::enqueue(
                tx,
                rules,
                visit,
                Message {
                    account,
                    to,
                    language: Language::Kk,
                    notice,
                },
            )
        })
        .await;
}

fn claim_now(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit) -> Result<Vec<Claim>, cabinet::Failure> {
    message::claim(tx, rules, visit.now, Channel::Mail, MINUTE, 10)
}

async fn claim(world: &World, visit: &Visit) -> Vec<Claim> {
    world.write(visit, claim_now).await
}

async fn begin(world: &World, visit: &Visit, claim: &Claim, text: &str) -> bool {
    let body = Body {
        written_at: visit.now,
        subject: "s".into(),
        text: text.into(),
        html: String::new(),
    };
    let claim = claim.clone();
    world
        .write(visit, move |tx, rules, visit| {
            message::begin(tx, rules, visit, &claim, &body)
        })
        .await
}

async fn settle(world: &World, visit: &Visit, claim: &Claim, settlement: Settlement) -> bool {
    let claim = claim.clone();
    world
        .write(visit, move |tx, _, visit| {
            message::settle(tx, visit.now, &claim, settlement.clone())
        })
        .await
}

async fn recent(world: &World) -> Vec<message::Recent> {
    world
        .read(&visit(), |tx, rules, _| message::list_recent(tx, rules, 100))
        .await
}

fn retry(maybe_taken: bool) -> Settlement {
    Settlement::Retry {
        reason: "451".into(),
        maybe_taken,
    }
}

fn words(claim: &Claim) -> &str {
    match &claim.content {
        Content::Notice(Notice::PhoneCode { code, .. }) => code,
        Content::Notice(notice) => notice.kind(),
        Content::Body(body) => &body.text,
    }
}

#[test]
fn four_11_2_of_many_workers_one_gets_a_message() {
    on_both(|db| async {
        let world = World::new(db);
        for number in 0..8 {
            enqueue(&world, &visit(), email(&format!("p{number}@mail.kz")), code("1")).await;
        }
        let workers = (0..4).map(|_| {
            let world = world.clone();
            tokio::spawn(async move { claim(&world, &visit()).await })
        });
        let mut ids = Vec::new();
        for worker in workers.collect::<Vec<_>>() {
            ids.extend(worker.await.unwrap().into_iter().map(|claim| claim.id));
        }
        ids.sort_unstable();
        let claimed = ids.len();
        ids.dedup();
        assert_eq!((claimed, ids.len()), (8, 8));
    });
}

#[test]
fn messages_to_one_recipient_keep_their_order() {
    on_both(|db| async {
        let world = World::new(db);
        enqueue(&world, &visit(), email("a@mail.kz"), code("first")).await;
        enqueue(&world, &visit().later(SECOND), email("a@mail.kz"), code("second")).await;
        enqueue(&world, &visit().later(SECOND), email("b@mail.kz"), code("other")).await;

        let now = visit().later(2 * SECOND);
        let claims = claim(&world, &now).await;
        assert_eq!(claims.iter().map(words).collect::<Vec<_>>(), ["first", "other"]);
        assert!(
            claim(&world, &now).await.is_empty(),
            "the second waits while the first is under way"
        );
        settle(&world, &now, &claims[0], retry(false)).await;
        assert!(
            claim(&world, &now).await.is_empty(),
            "and while it waits for its next attempt"
        );

        let later = now.later(10 * SECOND);
        let again = claim(&world, &later).await;
        assert_eq!(again.iter().map(words).collect::<Vec<_>>(), ["first"]);
        settle(&world, &later, &again[0], Settlement::Sent { keep: false }).await;
        assert_eq!(
            claim(&world, &later).await.iter().map(words).collect::<Vec<_>>(),
            ["second"]
        );
    });
}

#[test]
fn a_new_message_makes_an_older_one_to_the_same_recipient_due() {
    in_memory(|db| async {
        let world = World::new(db);
        enqueue(&world, &visit(), email("a@mail.kz"), Notice::AddressInUse).await;
        let mut now = visit();
        for _ in 0..6 {
            let claims = claim(&world, &now).await;
            settle(&world, &now, &claims[0], retry(false)).await;
            now = now.later(5 * MINUTE);
        }
        assert!(claim(&world, &now).await.is_empty());
        enqueue(&world, &now, email("a@mail.kz"), Notice::AddressInUse).await;
        assert_eq!(claim(&world, &now).await.len(), 1);
    });
}

#[test]
fn a_lost_claim_marks_nothing_and_what_it_may_have_sent_is_marked() {
    on_both(|db| async {
        let world = World::new(db);
        enqueue(&world, &visit(), email("a@mail.kz"), Notice::AddressInUse).await;
        let slow = claim(&world, &visit()).await.remove(0);
        assert!(begin(&world, &visit(), &slow, "worded once").await);

        let later = visit().later(MINUTE);
        let next = claim(&world, &later).await.remove(0);
        assert_eq!((next.id, words(&next)), (slow.id, "worded once"));
        assert!(recent(&world).await[0].maybe_duplicate);
        assert!(!begin(&world, &later, &slow, "other").await);
        assert!(!settle(&world, &later, &slow, Settlement::Sent { keep: true }).await);
        assert!(begin(&world, &later, &next, "other words").await);
        assert!(settle(&world, &later, &next, Settlement::Sent { keep: true }).await);
        let sent = recent(&world).await.remove(0);
        assert_eq!(
            (sent.state, sent.body.unwrap().text.as_str()),
            (State::Sent, "worded once")
        );
        assert!(sent.maybe_duplicate);
    });
}

#[test]
fn a_message_that_was_surely_not_taken_is_no_duplicate() {
    in_memory(|db| async {
        let world = World::new(db);
        enqueue(&world, &visit(), email("a@mail.kz"), Notice::AddressInUse).await;
        let mut now = visit();
        for (maybe_taken, marked) in [(false, false), (true, true), (false, true)] {
            let claims = claim(&world, &now).await;
            begin(&world, &now, &claims[0], "text").await;
            settle(&world, &now, &claims[0], retry(maybe_taken)).await;
            now = now.later(MINUTE);
            assert_eq!(recent(&world).await[0].maybe_duplicate, marked);
        }
    });
}

#[test]
fn a_code_is_never_sent_after_it_expired() {
    on_both(|db| async {
        let world = World::new(db);
        enqueue(&world, &visit(), email("a@mail.kz"), code("123456")).await;
        enqueue(
            &world,
            &visit().later(SECOND),
            email("a@mail.kz"),
            Notice::AddressInUse,
        )
        .await;
        let late = visit().later(10 * MINUTE);
        let claims = claim(&world, &late).await;
        assert_eq!(claims.iter().map(words).collect::<Vec<_>>(), ["address-in-use"]);
        let states: Vec<_> = recent(&world).await.iter().map(|message| message.state).collect();
        assert_eq!(states, [State::Queued, State::Expired]);
    });
}

#[test]
fn attempts_end_after_two_days_and_the_contact_shows_it() {
    on_both(|db| async {
        let world = World::new(db);
        let resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        let mut now = visit().later(SECOND);
        let account = resident.session(&visit()).await.account;
        enqueue_for(
            &world,
            &now,
            Some(account),
            email("askhat@mail.kz"),
            Notice::AddressInUse,
        )
        .await;

        while recent(&world).await[0].state == State::Queued {
            let claims = claim(&world, &now).await;
            settle(&world, &now, &claims[0], retry(false)).await;
            now = now.later(60 * MINUTE);
            assert!(now.now < visit().now.plus(GIVE_UP_AFTER + DAY), "it gives up");
        }
        let dead = recent(&world).await.remove(0);
        assert_eq!((dead.state, dead.reason.as_deref()), (State::Dead, Some("451")));
        let contacts = world
            .read(&now, move |tx, rules, visit| {
                contact::list(tx, rules, visit.now, account)
            })
            .await;
        assert_eq!(contacts.email.state(), ContactState::Bouncing);
        let counts = world.read(&now, |tx, _, _| message::counts(tx)).await;
        assert_eq!((counts.queued, counts.dead), (0, 1));
    });
}

#[test]
fn four_4_6_a_refused_address_is_marked_until_a_message_arrives() {
    in_memory(|db| async {
        let world = World::new(db);
        let resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        let account = resident.session(&visit()).await.account;
        for (settlement, state) in [
            (
                Settlement::Refused { reason: "550".into() },
                ContactState::Bouncing,
            ),
            (Settlement::Sent { keep: false }, ContactState::Confirmed),
        ] {
            enqueue_for(
                &world,
                &visit(),
                Some(account),
                email("askhat@mail.kz"),
                Notice::AddressInUse,
            )
            .await;
            let claims = claim(&world, &visit()).await;
            settle(&world, &visit(), &claims[0], settlement).await;
            assert_eq!(resident.contacts(&visit()).await.get(Slot::Email).state(), state);
        }
    });
}

type Sealed = (Option<Vec<u8>>, Option<Vec<u8>>);

/// What the rows hold of notices and words.
async fn stored(world: &World) -> Vec<Vec<u8>> {
    world
        .read(&visit(), |tx, _, _| {
            let rows: Vec<Sealed> = tx.list("select notice, body from message", params![])?;
            let cells = rows.into_iter().flat_map(|(notice, body)| [notice, body]);
            Ok(cells.flatten().collect())
        })
        .await
}

#[test]
fn what_is_said_is_sealed_and_the_words_go_when_they_have_arrived() {
    on_both(|db| async {
        let world = World::new(db);
        let number = parse_phone("87075555555", "KZ").unwrap().unwrap();
        enqueue(&world, &visit(), Recipient::Phone(number), code("739215")).await;
        enqueue(&world, &visit(), email("a@mail.kz"), code("739215")).await;
        let claims = claim(&world, &visit()).await;
        assert_eq!(claims.len(), 1, "each channel has its own queue");
        begin(&world, &visit(), &claims[0], "Код 739215").await;

        let sealed = stored(&world).await;
        assert_eq!(sealed.len(), 3);
        assert!(
            !sealed
                .iter()
                .any(|bytes| bytes.windows(6).any(|window| window == b"739215"))
        );
        settle(&world, &visit(), &claims[0], Settlement::Sent { keep: false }).await;
        assert_eq!(stored(&world).await.len(), 1);
    });
}

async fn is_due(world: &World, visit: &Visit) -> bool {
    world
        .read(visit, |tx, _, visit| {
            message::is_due(tx, visit.now, Channel::Mail)
        })
        .await
}

#[test]
fn an_idle_outbox_is_only_read_and_an_old_one_is_emptied() {
    in_memory(|db| async {
        let world = World::new(db);
        assert!(!is_due(&world, &visit()).await);
        enqueue(&world, &visit(), email("a@mail.kz"), Notice::AddressInUse).await;
        assert!(is_due(&world, &visit()).await);
        let claims = claim(&world, &visit()).await;
        assert!(!is_due(&world, &visit()).await);
        assert!(
            is_due(&world, &visit().later(MINUTE)).await,
            "at the end of the lease"
        );
        settle(&world, &visit(), &claims[0], Settlement::Sent { keep: true }).await;
        assert!(!is_due(&world, &visit().later(MINUTE)).await);

        for (age, deleted) in [(29 * DAY, 0), (31 * DAY, 1)] {
            let now = visit().later(age);
            let needed = world
                .read(&now, |tx, _, visit| message::needs_cleaning(tx, visit.now))
                .await;
            assert_eq!(needed, deleted == 1);
            let gone = world
                .write(&now, |tx, _, visit| message::clean(tx, visit.now, 10))
                .await;
            assert_eq!(gone, deleted);
        }
    });
}
