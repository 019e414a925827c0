//! Which server to connect to, and what is known of it.

use super::{fault, tls::Tls};
use crate::Error;
use ::postgres::{
    Client, Config, NoTls,
    config::{SslMode, TargetSessionAttrs},
};
use std::{
    path::Path,
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
const KEEPALIVE: Duration = Duration::from_secs(30);
const SEND_TIMEOUT: Duration = Duration::from_secs(15);

pub(super) struct Target {
    config: Config,
    tls: Option<Tls>,
    /// Grows when the server turns read-only, so that every connection to it is given up.
    generation: AtomicU64,
    /// The last attempt to connect failed, so that nobody else need wait long for the next.
    down: AtomicBool,
    /// Held by all who write; held alone by one who lost to the others too often.
    turn: RwLock<()>,
}

/// What a connection is for, which decides how long its statements may take.
#[derive(Debug, Clone, Copy)]
pub(super) enum Use {
    Short,
    Heavy,
    Migration,
}

impl Use {
    /// A migration must not hold up everybody's queries while it waits for a table.
    const fn settings(self) -> &'static str {
        match self {
            Self::Short => "SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'",
            Self::Heavy => "SET statement_timeout = '300s'; SET idle_in_transaction_session_timeout = '60s'",
            Self::Migration => "SET statement_timeout = 0; SET lock_timeout = '3s'",
        }
    }

    /// How often a closure is tried in all.
    pub(super) const fn tries(self) -> u32 {
        match self {
            Self::Short | Self::Heavy => 10,
            Self::Migration => 60,
        }
    }
}

impl Target {
    pub(super) fn parse(url: &str, ca: Option<&Path>) -> Result<Self, Error> {
        // What others call `require` checks nothing; ours checks everything, as `verify-full` does.
        let url = url.replace("sslmode=verify-full", "sslmode=require");
        let mut config: Config = url.parse().map_err(|cause| Error::Open {
            reason: "the address of PostgreSQL is not understood".into(),
            cause: Some(Arc::new(cause)),
        })?;
        let tls = if ca.is_some() || config.get_ssl_mode() == SslMode::Require {
            config.ssl_mode(SslMode::Require);
            Some(Tls::trusting(ca)?)
        } else {
            config.ssl_mode(SslMode::Disable);
            None
        };
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        config.keepalives_idle(KEEPALIVE);
        config.notice_callback(|notice| tracing::debug!(notice = notice.message(), "PostgreSQL says"));
        if config.get_application_name().is_none() {
            config.application_name("kabinet");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SEND_TIMEOUT);
        }
        Ok(Self {
            config,
            tls,
            generation: AtomicU64::new(0),
            down: AtomicBool::new(false),
            turn: RwLock::new(()),
        })
    }

    pub(super) fn connect(&self, purpose: Use) -> Result<Client, Error> {
        let client = match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        };
        let connected = client.and_then(|mut client| {
            client.batch_execute(purpose.settings())?;
            Ok(client)
        });
        if connected.is_ok() {
            self.down.store(false, Ordering::Relaxed);
        }
        connected.map_err(fault::connecting)
    }

    pub(super) const fn turn(&self) -> &RwLock<()> {
        &self.turn
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Relaxed)
    }

    pub(super) fn turned_read_only(&self) {
        self.generation.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn is_down(&self) -> bool {
        self.down.load(Ordering::Relaxed)
    }

    pub(super) fn went_down(&self) {
        self.down.store(true, Ordering::Relaxed);
    }
}
