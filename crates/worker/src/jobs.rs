//! The jobs that are one transaction each: answering requests for recovery, linking the audit chains, sweeping,
//! reminding.

use std::sync::Arc;
use std::time::Duration;

use cabinet::{Failure, audit, binding, cleanup, contact, lease, message, recovery};
use tokio::sync::watch;

use crate::{Worker, rest, visit};

const ANSWER_EVERY: Duration = Duration::from_secs(1);
const LINK_EVERY: Duration = Duration::from_secs(5);
const WATCH_SMS_EVERY: Duration = Duration::from_secs(3600);
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// Rows of a kind that one transaction deletes, so that nobody waits for it.
const SWEEP_LIMIT: u32 = 500;
const REMIND_EVERY: Duration = Duration::from_secs(60);
/// Certificates of whose end one transaction reminds.
const REMIND_LIMIT: u32 = 100;
/// How long a node keeps a job to itself after its last turn.
const LEASE: Duration = Duration::from_secs(30);

/// What a step of a job left to do.
#[derive(PartialEq, Eq)]
enum Left {
    More,
    Nothing,
}

impl Left {
    const fn more_if(is_more: bool) -> Self {
        if is_more { Self::More } else { Self::Nothing }
    }
}

/// Does a job in rounds; what goes wrong is logged under `missed`, and the next round tries again.
async fn in_rounds<F: Future<Output = Result<Left, Failure>>>(
    worker: Arc<Worker>,
    every: Duration,
    mut stopped: watch::Receiver<bool>,
    missed: &'static str,
    step: impl Fn(Arc<Worker>) -> F,
) {
    while rest(every, &mut stopped).await {
        if let Err(failure) = one_round(&worker, &stopped, &step).await {
            tracing::error!(error = &failure as &dyn std::error::Error, "{missed}");
        }
    }
}

/// Step by step until nothing is left, so that others write in between.
async fn one_round<F: Future<Output = Result<Left, Failure>>>(
    worker: &Arc<Worker>,
    stopped: &watch::Receiver<bool>,
    step: &impl Fn(Arc<Worker>) -> F,
) -> Result<(), Failure> {
    while !*stopped.borrow() && step(Arc::clone(worker)).await? == Left::More {}
    Ok(())
}

/// Sends the codes that were asked for to get back into an account: who asked has their answer already, and learns nothing
/// from how long this takes (PWD-5).
pub(crate) async fn answer_recoveries(worker: Arc<Worker>, stopped: watch::Receiver<bool>) {
    let missed = "a request for recovery was not looked into";
    in_rounds(worker, ANSWER_EVERY, stopped, missed, answer_once).await;
}

async fn answer_once(worker: Arc<Worker>) -> Result<Left, Failure> {
    if !worker.db.read(recovery::is_due).await? {
        return Ok(Left::Nothing);
    }
    let (visit, rules) = (visit::of_server(&worker), Arc::clone(&worker.rules));
    let send = move |tx: &mut db::Tx<'_>| recovery::send_next(tx, &rules, &visit);
    worker.db.write(send).await?;
    Ok(Left::More)
}

/// Links changed audit chains into the server's own, every few seconds.
pub(crate) async fn link_audit(worker: Arc<Worker>, stopped: watch::Receiver<bool>) {
    let holder = worker.entropy.bytes();
    let link = move |worker| link_once(worker, holder);
    in_rounds(worker, LINK_EVERY, stopped, "audit chains were not linked", link).await;
}

async fn link_once(worker: Arc<Worker>, holder: [u8; 16]) -> Result<Left, Failure> {
    if !worker.db.read(audit::has_unlinked).await? {
        return Ok(Left::Nothing);
    }
    let visit = visit::of_server(&worker);
    let link = move |tx: &mut db::Tx<'_>| {
        let Some(lease) = lease::take(tx, visit.now, "audit", holder, LEASE)? else {
            return Ok(None);
        };
        let linked = audit::link_heads(tx, &visit)?;
        lease::release(tx, visit.now, &lease)?;
        Ok::<_, Failure>(linked)
    };
    let Some(head) = worker.db.write(link).await? else {
        return Ok(Left::Nothing);
    };
    // A log that is kept elsewhere is an anchor: who rewrites the database does not rewrite it.
    tracing::info!(%head, "audit chains were linked");
    Ok(Left::More)
}

/// Says every hour which ranges of telephone numbers get no more codes: somebody may be earning on them (SMS-1).
pub(crate) async fn watch_sms(worker: Arc<Worker>, stopped: watch::Receiver<bool>) {
    let missed = "nobody looked at the text messages";
    in_rounds(worker, WATCH_SMS_EVERY, stopped, missed, tell_of_stopped).await;
}

async fn tell_of_stopped(worker: Arc<Worker>) -> Result<Left, Failure> {
    let (now, rules) = (worker.now(), Arc::clone(&worker.rules));
    let stopped = move |tx: &mut db::Tx<'_>| contact::stopped_prefixes(tx, &rules, now);
    for range in worker.db.read_heavy(stopped).await? {
        tracing::warn!(
            prefix = range.prefix,
            sent = range.sent,
            answered = range.answered,
            "hardly anybody types the codes sent to these telephone numbers: they get no more today"
        );
    }
    Ok(Left::Nothing)
}

/// Throws away what is over, every minute.
pub(crate) async fn sweep(worker: Arc<Worker>, stopped: watch::Receiver<bool>) {
    let holder = worker.entropy.bytes();
    let sweep = move |worker| sweep_once(worker, holder);
    in_rounds(worker, SWEEP_EVERY, stopped, "nothing was swept", sweep).await;
}

async fn sweep_once(worker: Arc<Worker>, holder: [u8; 16]) -> Result<Left, Failure> {
    let (visit, rules) = (visit::of_server(&worker), Arc::clone(&worker.rules));
    let is_due = move |tx: &mut db::Tx<'_>| {
        Ok::<_, Failure>(
            cleanup::is_due(tx, &rules, &visit)?
                || contact::needs_cleaning(tx, visit.now)?
                || message::needs_cleaning(tx, visit.now)?,
        )
    };
    if !worker.db.read_heavy(is_due).await? {
        return Ok(Left::Nothing);
    }
    let (visit, rules) = (visit::of_server(&worker), Arc::clone(&worker.rules));
    let sweep = move |tx: &mut db::Tx<'_>| {
        let Some(lease) = lease::take(tx, visit.now, "sweep", holder, LEASE)? else {
            return Ok(Left::Nothing);
        };
        let swept = cleanup::sweep(tx, &rules, &visit, SWEEP_LIMIT)?;
        let contacts = contact::clean(tx, visit.now, SWEEP_LIMIT)?;
        let messages = message::clean(tx, visit.now, SWEEP_LIMIT)?;
        let is_more = swept.is_full(SWEEP_LIMIT) || contacts.max(messages) >= u64::from(SWEEP_LIMIT);
        if is_more {
            lease::release(tx, visit.now, &lease)?;
        }
        Ok(Left::more_if(is_more))
    };
    worker.db.write(sweep).await
}

/// Reminds people of certificates that end.
pub(crate) async fn remind(worker: Arc<Worker>, stopped: watch::Receiver<bool>) {
    let holder = worker.entropy.bytes();
    let remind = move |worker| remind_once(worker, holder);
    in_rounds(worker, REMIND_EVERY, stopped, "nobody was reminded", remind).await;
}

async fn remind_once(worker: Arc<Worker>, holder: [u8; 16]) -> Result<Left, Failure> {
    let visit = visit::of_server(&worker);
    let is_due = move |tx: &mut db::Tx<'_>| binding::is_reminder_due(tx, visit.now);
    if !worker.db.read(is_due).await? {
        return Ok(Left::Nothing);
    }
    let (visit, rules) = (visit::of_server(&worker), Arc::clone(&worker.rules));
    let remind = move |tx: &mut db::Tx<'_>| {
        let Some(lease) = lease::take(tx, visit.now, "remind", holder, LEASE)? else {
            return Ok(Left::Nothing);
        };
        let reminded = binding::remind(tx, &rules, &visit, REMIND_LIMIT)?;
        lease::release(tx, visit.now, &lease)?;
        Ok(Left::more_if(reminded == u64::from(REMIND_LIMIT)))
    };
    worker.db.write(remind).await
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Mutex;

    use cabinet::account::AccountId;
    use cabinet::audit::{Act, Chain, Event};
    use cabinet::ticket::{self, New, Purpose};
    use cabinet::{Entropy, MIGRATIONS};
    use db::{Db, Engine};
    use remote::{mail::Kept, sms::LogOnly};
    use testkit::visit::{NOW, rules, visit};
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Log {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl MakeWriter<'_> for Log {
        type Writer = Self;

        fn make_writer(&self) -> Self {
            self.clone()
        }
    }

    fn worker() -> Arc<Worker> {
        let engine = Engine::Sqlite {
            path: ":memory:".into(),
        };
        Arc::new(Worker {
            db: Db::open(engine, MIGRATIONS).unwrap(),
            rules: Arc::new(rules()),
            mailer: Arc::new(Kept),
            sms: Arc::new(LogOnly),
            clock: Arc::new(|| NOW.plus(Duration::from_secs(3600))),
            entropy: Entropy::system(),
            zone: text::date::Zone::utc(),
            keep_bodies: false,
            parallel: 1,
        })
    }

    #[tokio::test]
    async fn aud_1_every_head_that_moved_is_linked_in_the_next_round_and_the_log_says_where_the_chain_ends() {
        let (worker, log) = (worker(), Log::default());
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(log.clone());
        let _logging = tracing::subscriber::set_default(subscriber.finish());
        let (_order, stopped) = watch::channel(false);
        for _round in 0..2 {
            let crowd = |tx: &mut db::Tx<'_>| {
                for _ in 0..201 {
                    let event = Event {
                        chain: Chain::Account(visit().id(AccountId::new)),
                        act: Act::SessionOpened,
                        actor: None,
                        detail: audit::no_detail(),
                    };
                    audit::record(tx, &visit(), event)?;
                }
                Ok::<_, Failure>(())
            };
            worker.db.write(crowd).await.unwrap();
            one_round(&worker, &stopped, &|worker| link_once(worker, [1; 16]))
                .await
                .unwrap();
            assert!(!worker.db.read(audit::has_unlinked).await.unwrap());
            let head = worker.db.read(audit::head).await.unwrap().unwrap();
            assert!(log.text().contains(&format!("head={head}\n")), "{}", log.text());
        }
    }

    #[tokio::test]
    async fn a_flood_of_tickets_is_gone_after_one_round() {
        let worker = worker();
        let flood = |tx: &mut db::Tx<'_>| {
            for _ in 0..=2 * SWEEP_LIMIT {
                let new = New {
                    purpose: Purpose::SignIn,
                    browser: None,
                    account: None,
                    session: None,
                    life: Duration::from_secs(300),
                    tries: 0,
                    payload: &[],
                };
                ticket::issue(tx, &rules(), &visit(), new)?;
            }
            Ok::<_, Failure>(())
        };
        worker.db.write(flood).await.unwrap();
        let (_order, stopped) = watch::channel(false);
        one_round(&worker, &stopped, &|worker| sweep_once(worker, [1; 16]))
            .await
            .unwrap();
        let left = worker
            .db
            .read(|tx| tx.one::<(i64,)>("select count(*) from ticket", &[]));
        assert_eq!(left.await.unwrap(), (0,));
    }
}
