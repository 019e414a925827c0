//! Delivery: claim, word, note that it begins, hand over, mark. Each channel has its own loop and its own places, so
//! that a dead gateway delays nobody but its own messages, and a slow message nobody but itself.

use std::sync::Arc;
use std::time::Duration;

use cabinet::Failure;
use cabinet::message::{self, Body, Channel, Claim, Content, Settlement};
use remote::{Outcome, mail::Letter, sms::Sms};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::{Worker, letter, rest, visit};

/// How often the outbox is looked at; looking only reads.
const POLL: Duration = Duration::from_secs(1);
/// A claim that was not marked by then is made again by somebody else.
const LEASE: Duration = Duration::from_secs(180);
/// Well before the lease ends, an attempt is over.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(150);

/// Delivers the messages of one channel until it is told to stop, then waits for those under way.
pub(crate) async fn serve(worker: Arc<Worker>, channel: Channel, mut stopped: watch::Receiver<bool>) {
    let mut under_way = JoinSet::new();
    loop {
        if let Err(failure) = begin_due(&worker, channel, &mut under_way).await {
            tracing::error!(
                error = &failure as &dyn std::error::Error,
                "the outbox could not be read"
            );
        }
        tokio::select! {
            goes_on = rest(POLL, &mut stopped) => if !goes_on { break },
            Some(_) = under_way.join_next() => {}
        }
    }
    while under_way.join_next().await.is_some() {}
}

/// Delivers what is due now and waits for the end of it; gives how many attempts were made. One round of the loop, for
/// whoever must know when it is over.
pub async fn deliver_due(worker: &Arc<Worker>, channel: Channel) -> Result<usize, Failure> {
    let mut under_way = JoinSet::new();
    begin_due(worker, channel, &mut under_way).await?;
    let begun = under_way.len();
    while under_way.join_next().await.is_some() {}
    Ok(begun)
}

async fn begin_due(
    worker: &Arc<Worker>,
    channel: Channel,
    under_way: &mut JoinSet<()>,
) -> Result<(), Failure> {
    let busy = u32::try_from(under_way.len()).unwrap_or(u32::MAX);
    let free = worker.parallel.saturating_sub(busy);
    let (rules, now) = (Arc::clone(&worker.rules), worker.now());
    if free == 0
        || !worker
            .db
            .read(move |tx| message::is_due(tx, now, channel))
            .await?
    {
        return Ok(());
    }
    let claims = worker
        .db
        .write(move |tx| message::claim(tx, &rules, now, channel, LEASE, free))
        .await?;
    for claim in claims {
        under_way.spawn(attempt(Arc::clone(worker), claim));
    }
    Ok(())
}

async fn attempt(worker: Arc<Worker>, claim: Claim) {
    let (id, kind) = (claim.id, claim.channel.as_str());
    match try_once(&worker, claim).await {
        Ok(Some(Settlement::Refused { .. })) => tracing::warn!(%id, kind, "a message was refused for good"),
        Ok(Some(Settlement::Retry { .. })) => tracing::info!(%id, kind, "a message was not taken yet"),
        Ok(Some(Settlement::Sent { .. })) => tracing::debug!(%id, kind, "a message went out"),
        Ok(None) => tracing::warn!(%id, kind, "the claim of a message was lost"),
        // The lease ends by itself, and the message is tried again.
        Err(failure) => {
            tracing::error!(%id, kind, error = &failure as &dyn std::error::Error, "a message could not be marked");
        }
    }
}

/// One attempt; `None`: the claim was lost before or during it.
async fn try_once(worker: &Arc<Worker>, claim: Claim) -> Result<Option<Settlement>, Failure> {
    let body = match &claim.content {
        Content::Body(body) => body.clone(),
        Content::Notice(notice) => letter::write(worker, &claim, notice)?,
    };
    if !begin(worker, &claim, &body).await? {
        return Ok(None);
    }
    let outcome = match timeout(LONGEST_ATTEMPT, hand_over(worker, &claim, &body)).await {
        Ok(outcome) => outcome,
        Err(_) => Outcome::Unknown("the gateway did not answer in time".to_owned()),
    };
    let settlement = match outcome {
        Outcome::Accepted => Settlement::Sent {
            keep: worker.keep_bodies,
        },
        Outcome::Refused(reason) => Settlement::Refused { reason },
        Outcome::TryLater(reason) => Settlement::Retry {
            reason,
            maybe_taken: false,
        },
        Outcome::Unknown(reason) => Settlement::Retry {
            reason,
            maybe_taken: true,
        },
    };
    let (now, mark) = (worker.now(), settlement.clone());
    let marked = worker
        .db
        .write(move |tx| message::settle(tx, now, &claim, mark.clone()))
        .await?;
    Ok(marked.then_some(settlement))
}

async fn begin(worker: &Arc<Worker>, claim: &Claim, body: &Body) -> Result<bool, Failure> {
    let (rules, visit) = (Arc::clone(&worker.rules), visit::of_server(worker));
    let (claim, body) = (claim.clone(), body.clone());
    worker
        .db
        .write(move |tx| message::begin(tx, &rules, &visit, &claim, &body))
        .await
}

async fn hand_over(worker: &Worker, claim: &Claim, body: &Body) -> Outcome {
    match claim.channel {
        Channel::Mail => {
            let letter = Letter {
                id: claim.id.to_string(),
                written_at: u64::try_from(body.written_at.as_seconds()).unwrap_or_default(),
                to: claim.to.clone(),
                language: claim.language.as_str().to_owned(),
                subject: body.subject.clone(),
                text: body.text.clone(),
                html: body.html.clone(),
            };
            worker.mailer.send(&letter).await
        }
        Channel::Sms => {
            let sms = Sms {
                id: claim.id.to_string(),
                to: claim.to.clone(),
                text: body.text.clone(),
            };
            worker.sms.send(&sms).await
        }
    }
}
