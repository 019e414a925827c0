//! The server: puts the rooms together, serves until told to stop, loses nothing that was acknowledged.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use cabinet::{Entropy, MIGRATIONS, Rules, audit};
use db::{Db, Timestamp};
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use web::{Allowance, App, Limits, Metrics, Operator, Probe};
use worker::Worker;

use crate::cli::Serve;
use crate::config::{self, Config};
use crate::{clock, log};

/// Messages of one channel that are under way at once.
const PARALLEL: u32 = 8;

/// How far the clock may be behind the last act before something is wrong.
const CLOCK_LEEWAY: Duration = Duration::from_secs(300);

/// What is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An installation; it may be told that the clock is right whatever the database says.
    Real {
        /// The operator has looked.
        clock_is_right: bool,
    },
    /// The demo: messages are shown on a page instead of being sent.
    Demo,
}

/// `kabinet serve`
pub(crate) fn configured(arguments: &Serve) -> Result<()> {
    let config = Config::load(&arguments.file.config, &config::environment())?;
    log::start(&config.log)?;
    let address = config.server.listen;
    let listener = TcpListener::bind(address).with_context(|| cannot_listen(address))?;
    run(
        &config,
        listener,
        Kind::Real {
            clock_is_right: arguments.clock_is_right,
        },
    )
}

/// Why the address cannot be had, in words.
pub(crate) fn cannot_listen(address: SocketAddr) -> String {
    format!("cannot listen on {address}; is another program there, or the port below 1024?")
}

/// Serves on the listener until SIGTERM or Ctrl-C.
pub(crate) fn run(config: &Config, listener: TcpListener, kind: Kind) -> Result<()> {
    if config.is_new() {
        config.make_server_key()?;
    }
    let rules = Arc::new(config.rules(config.server_key()?)?);
    let db = Db::open(config.engine()?, MIGRATIONS).context("the database cannot be opened")?;
    let app = Arc::new(app(config, kind, &rules, &db)?);
    let worker = worker(config, kind, &app)?;
    let runtime = runtime()?;
    runtime.block_on(look_at_clock(&app.db, kind))?;
    runtime.block_on(until_told_to_stop(config, listener, app, worker))?;
    db.close();
    tracing::info!("stopped");
    Ok(())
}

fn app(config: &Config, kind: Kind, rules: &Arc<Rules>, db: &Db) -> Result<App> {
    let mut site = config.site()?;
    site.demo = kind == Kind::Demo;
    let trust = Arc::new(config.trust()?);
    Ok(App {
        db: db.clone(),
        rules: rules.clone(),
        revocation: config.revocation(&trust)?,
        trust,
        providers: config.providers()?,
        clock: Box::new(clock::now),
        entropy: Entropy::system(),
        site,
        proxies: config.proxies()?,
        limits: Limits::default(),
        remote_keys: config.remote_keys()?,
        challenges: Allowance::default(),
        searches: Allowance::for_searches(),
        operator: match config.server.operator_listen {
            Some(_) => Operator::Listener,
            None => Operator::Loopback,
        },
        probe: Probe::default(),
        metrics: Metrics::new(),
        signatures: App::pool(),
        passwords: App::pool(),
    })
}

fn worker(config: &Config, kind: Kind, app: &App) -> Result<Worker> {
    Ok(Worker {
        db: app.db.clone(),
        rules: app.rules.clone(),
        mailer: config.mailer()?,
        sms: config.sms_gateway(),
        clock: Arc::new(clock::now),
        entropy: Entropy::system(),
        zone: app.site.zone.clone(),
        keep_bodies: kind == Kind::Demo,
        parallel: PARALLEL,
    })
}

/// A clock that was set back would revive codes, sessions and certificates that are over (threats, CLK-1).
async fn look_at_clock(db: &Db, kind: Kind) -> Result<()> {
    let latest = db.read(audit::latest_time).await?;
    let Some(minutes) = latest.and_then(|latest| minutes_behind(clock::now(), latest)) else {
        return Ok(());
    };
    if kind
        == (Kind::Real {
            clock_is_right: false,
        })
    {
        bail!(
            "the clock is {minutes} minutes behind the last act in the database; correct it, or, if it is right now, \
             start with --clock-is-right"
        );
    }
    tracing::warn!(minutes, "the clock is behind the last act in the database");
    Ok(())
}

fn minutes_behind(now: Timestamp, latest: Timestamp) -> Option<u64> {
    (now.plus(CLOCK_LEEWAY) < latest).then(|| latest.since(now).as_secs() / 60)
}

async fn until_told_to_stop(
    config: &Config,
    listener: TcpListener,
    app: Arc<App>,
    worker: Worker,
) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let background = tokio::spawn(worker::run(worker, told(stopped.clone())));
    let revocation = app.revocation.clone();
    let revocation = revocation.map(|known| tokio::spawn(known.keep_fresh(told(stopped.clone()))));
    let operator = match config.server.operator_listen {
        Some(address) => {
            let listener = TcpListener::bind(address).with_context(|| cannot_listen(address))?;
            let serving = web::serve_operator(ready(listener)?, app.clone(), told(stopped.clone()));
            Some(tokio::spawn(serving))
        }
        None => None,
    };
    let door = match config.door(&app.trust)? {
        Some((address, door)) => {
            let listener = TcpListener::bind(address).with_context(|| cannot_listen(address))?;
            let serving = web::serve_door(ready(listener)?, door, app.clone(), told(stopped.clone()));
            Some(tokio::spawn(serving))
        }
        None => None,
    };
    let visitors = tokio::spawn(web::serve(ready(listener)?, app, told(stopped)));
    tracing::info!(address = %config.server.listen, "serving");
    signalled().await?;
    tracing::info!("stopping: requests in progress are finished first");
    stop.send_replace(true);
    visitors.await??;
    for listener in [operator, door].into_iter().flatten() {
        listener.await??;
    }
    background.await?;
    if let Some(revocation) = revocation {
        revocation.await?;
    }
    Ok(())
}

fn runtime() -> Result<Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("kabinet")
        .build()?)
}

fn ready(listener: TcpListener) -> Result<tokio::net::TcpListener> {
    listener.set_nonblocking(true)?;
    Ok(tokio::net::TcpListener::from_std(listener)?)
}

async fn signalled() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

async fn told(mut stopped: watch::Receiver<bool>) {
    // A sender that is gone means the same.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clk_1_a_clock_that_went_back_is_noticed() {
        let latest = Timestamp::from_seconds(1_000_000);
        assert_eq!(
            minutes_behind(Timestamp::from_seconds(1_000_000 - 86_400), latest),
            Some(1440)
        );
        assert_eq!(
            minutes_behind(Timestamp::from_seconds(1_000_000 - 299), latest),
            None
        );
        assert_eq!(
            minutes_behind(Timestamp::from_seconds(1_000_000 + 86_400), latest),
            None
        );
    }
}
