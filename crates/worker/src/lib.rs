//! Background work: messages go out, requests for recovery are looked into, the audit chains are linked, what is over is
//! thrown away.
//!
//! Any number of nodes may run it. A message is claimed by a lease of its own; the other jobs are whole transactions,
//! and a lease keeps nodes from doing them at the same time. Whoever has nothing to do only reads.

mod jobs;
mod letter;
mod outbox;
mod visit;
mod wording;

use std::sync::Arc;
use std::time::Duration;

use cabinet::message::Channel;
use cabinet::{Entropy, Rules};
use db::{Db, Timestamp};
use remote::mail::Mailer;
use remote::sms::SmsGateway;
use text::date::Zone;
use tokio::sync::watch;
use tokio::task::JoinSet;

pub use outbox::deliver_due;

/// Tells the time; tests move it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How long the work in hand may take after the order to stop.
const LAST_WORDS: Duration = Duration::from_secs(20);

/// What background work needs.
#[derive(Clone)]
pub struct Worker {
    /// The database.
    pub db: Db,
    /// The installation's rules.
    pub rules: Arc<Rules>,
    /// Sends letters.
    pub mailer: Arc<dyn Mailer>,
    /// Sends text messages.
    pub sms: Arc<dyn SmsGateway>,
    /// Tells the time.
    pub clock: Clock,
    /// The source of ids and seals.
    pub entropy: Entropy,
    /// The zone of times in messages.
    pub zone: Zone,
    /// Whether the wording of sent messages stays readable; only for the page of the demo.
    pub keep_bodies: bool,
    /// How many messages of one channel are under way at once.
    pub parallel: u32,
}

impl Worker {
    fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

/// Works until `stop` ends, then finishes what is under way.
pub async fn run(worker: Worker, stop: impl Future<Output = ()>) {
    let worker = Arc::new(worker);
    let (order, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    for channel in Channel::ALL {
        tasks.spawn(outbox::serve(Arc::clone(&worker), *channel, stopped.clone()));
    }
    tasks.spawn(jobs::link_audit(Arc::clone(&worker), stopped.clone()));
    tasks.spawn(jobs::answer_recoveries(Arc::clone(&worker), stopped.clone()));
    tasks.spawn(jobs::watch_sms(Arc::clone(&worker), stopped.clone()));
    tasks.spawn(jobs::remind(Arc::clone(&worker), stopped.clone()));
    tasks.spawn(jobs::sweep(worker, stopped));
    stop.await;
    let _ = order.send(true);
    let finished = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(LAST_WORDS, finished).await.is_err() {
        tracing::warn!("background work was cut short; its leases will end and others will finish it");
    }
}

/// Waits for the next round; `false`: it is time to stop.
async fn rest(pause: Duration, stopped: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        () = tokio::time::sleep(pause) => true,
        _ = stopped.wait_for(|stopped| *stopped) => false,
    }
}
