//! The server: puts the rooms together, serves until told to stop, loses nothing that was acknowledged.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use cabinet::{Entropy, MIGRATIONS, Rules};
use db::Db;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use web::{App, Limits, Metrics, Operator};
use worker::Worker;

use crate::config::{self, Config};
use crate::{clock, log};

/// Messages of one channel that are under way at once.
const PARALLEL: u32 = 8;

/// What is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An installation.
    Real,
    /// The demo: messages are shown on a page instead of being sent.
    Demo,
}

/// `kabinet serve`
pub(crate) fn configured(file: &Path) -> Result<()> {
    let config = Config::load(file, &config::environment())?;
    log::start(&config.log)?;
    let address = config.server.listen;
    let listener = TcpListener::bind(address).with_context(|| cannot_listen(address))?;
    run(&config, listener, Kind::Real)
}

/// Why the address cannot be had, in words.
pub(crate) fn cannot_listen(address: SocketAddr) -> String {
    format!("cannot listen on {address}; is another program there, or the port below 1024?")
}

/// Serves on the listener until SIGTERM or Ctrl-C.
pub(crate) fn run(config: &Config, listener: TcpListener, kind: Kind) -> Result<()> {
    let rules = Arc::new(config.rules()?);
    let db = Db::open(config.engine()?, MIGRATIONS).context("the database cannot be opened")?;
    let app = Arc::new(app(config, kind, &rules, &db)?);
    let worker = worker(config, kind, &app)?;
    runtime()?.block_on(until_told_to_stop(config, listener, app, worker))?;
    db.close();
    tracing::info!("stopped");
    Ok(())
}

fn app(config: &Config, kind: Kind, rules: &Arc<Rules>, db: &Db) -> Result<App> {
    let mut site = config.site()?;
    site.demo = kind == Kind::Demo;
    Ok(App {
        db: db.clone(),
        rules: rules.clone(),
        trust: Arc::new(config.trust()?),
        clock: Box::new(clock::now),
        entropy: Entropy::system(),
        site,
        proxies: config.proxies()?,
        limits: Limits::default(),
        operator: match config.server.operator_listen {
            Some(_) => Operator::Listener,
            None => Operator::Loopback,
        },
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

async fn until_told_to_stop(
    config: &Config,
    listener: TcpListener,
    app: Arc<App>,
    worker: Worker,
) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let background = tokio::spawn(worker::run(worker, told(stopped.clone())));
    let operator = match config.server.operator_listen {
        Some(address) => {
            let listener = TcpListener::bind(address).with_context(|| cannot_listen(address))?;
            let serving = web::serve_operator(ready(listener)?, app.clone(), told(stopped.clone()));
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
    if let Some(operator) = operator {
        operator.await??;
    }
    background.await?;
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
