//! The database with its rules, for commands of the operator; a server may be running on it.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::{Context as _, Result};
use cabinet::account::Language;
use cabinet::{Entropy, Failure, MIGRATIONS, Rules, Visit};
use db::{Db, Tx};

use crate::cli::ConfigFile;
use crate::clock;
use crate::config::{self, Config};

/// The database with its rules.
pub(crate) struct Office {
    pub(crate) rules: Rules,
    db: Db,
    runtime: tokio::runtime::Runtime,
}

impl Office {
    pub(crate) fn open(file: &ConfigFile) -> Result<Self> {
        let config = Config::load(&file.config, &config::environment())?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        Ok(Self {
            rules: config.rules(config.server_key()?)?,
            db: Db::open(config.engine()?, MIGRATIONS).context("the database cannot be opened")?,
            runtime,
        })
    }

    pub(crate) fn read<T: Send + 'static>(
        &self,
        look: impl Fn(&mut Tx<'_>, &Rules, &Visit) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T> {
        let (rules, visit) = (self.rules.clone(), visit());
        let seen = self.db.read_heavy(move |tx| look(tx, &rules, &visit));
        self.runtime.block_on(seen).context("the database cannot be read")
    }

    pub(crate) fn write<T: Send + 'static>(
        &self,
        act: impl Fn(&mut Tx<'_>, &Rules, &Visit) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T> {
        let (rules, visit) = (self.rules.clone(), visit());
        let done = self.db.write(move |tx| act(tx, &rules, &visit));
        self.runtime.block_on(done).context("nothing was changed")
    }
}

fn visit() -> Visit {
    Visit {
        now: clock::now(),
        language: Language::En,
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        device: "kabinet".to_owned(),
        request_id: "command-line".to_owned(),
        entropy: Entropy::system(),
    }
}

/// A time as commands print it.
pub(crate) fn moment(at: db::Timestamp) -> String {
    text::date::machine(at.as_seconds())
}
