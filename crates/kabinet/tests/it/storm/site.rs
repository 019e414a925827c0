//! An installation in a folder of its own, and its process.

use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;

use db::{Db, Engine, Error};
use tempfile::TempDir;
use testkit::pki::Authority;

pub(crate) const HOST: &str = "kabinet.example";

/// A configured installation.
pub(crate) struct Site {
    folder: TempDir,
    storage: String,
    pub(crate) authority: Authority,
}

/// What must go together in the database, if every act is there whole or not at all.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) sessions: i64,
    pub(crate) entries_in_history: i64,
    pub(crate) stepped_up: i64,
    pub(crate) proofs_in_history: i64,
    pub(crate) changes: i64,
    pub(crate) requests_in_history: i64,
    pub(crate) codes_in_outbox: i64,
}

impl Site {
    /// An installation without data; `storage` is the line of `[storage]`.
    pub(crate) fn new(storage: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::new("ТЕСТ ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ");
        let file = |name| folder.path().join(name);
        fs::write(file("root.der"), authority.certificate().der()).unwrap();
        fs::write(file("secret.key"), "5a".repeat(32)).unwrap();
        fs::set_permissions(file("secret.key"), Permissions::from_mode(0o600)).unwrap();
        fs::write(
            file("kabinet.toml"),
            format!("{}\n[storage]\n{storage}\n", include_str!("kabinet.toml")),
        )
        .unwrap();
        Self {
            folder,
            storage: storage.to_owned(),
            authority,
        }
    }

    fn configuration(&self) -> PathBuf {
        self.folder.path().join("kabinet.toml")
    }

    /// Starts the server and waits until it serves.
    pub(crate) fn start(&self) -> Server {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_kabinet"))
            .args(["serve", "--config"])
            .arg(self.configuration())
            .env("KABINET__SERVER__LISTEN", address.to_string())
            .env("KABINET__LOG__FORMAT", "json")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        let (serving, started) = mpsc::channel();
        thread::spawn(move || {
            for line in log.lines().map_while(Result::ok) {
                if line.contains(r#""message":"serving""#) {
                    let _ = serving.send(());
                } else if !line.contains(r#""level":"INFO""#) {
                    eprintln!("the server: {line}");
                }
            }
        });
        let server = Server { child, address };
        started.recv().expect("the server starts");
        server
    }

    /// `kabinet audit verify`: its exit code.
    pub(crate) fn verify_audit(&self) -> Option<i32> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kabinet"));
        command
            .args(["audit", "verify", "--config"])
            .arg(self.configuration());
        command.status().unwrap().code()
    }

    /// Counts what is in the database, in one look.
    pub(crate) fn tally(&self) -> Tally {
        let quoted = self.storage.split('"').nth(1).unwrap().to_owned();
        let engine = if self.storage.starts_with("sqlite") {
            Engine::Sqlite {
                path: self.folder.path().join(quoted),
            }
        } else {
            Engine::Postgres {
                url: quoted,
                ca: None,
                connections: 1,
            }
        };
        let db = Db::open(engine, cabinet::MIGRATIONS).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let tally = runtime.block_on(db.read(|tx| {
            let mut count = |sql| tx.one::<i64>(sql, &[]);
            Ok::<_, Error>(Tally {
                sessions: count("select count(*) from session")?,
                entries_in_history: count("select count(*) from audit_line where act = 'session.opened'")?,
                stepped_up: count("select count(*) from session where stepped_up_at is not null")?,
                proofs_in_history: count("select count(*) from audit_line where act = 'session.stepped_up'")?,
                changes: count("select cast(coalesce(sum(version), 0) as bigint) from contact_card")?,
                requests_in_history: count(
                    "select count(*) from audit_line where act = 'contact.requested'",
                )?,
                codes_in_outbox: count(
                    "select count(*) from message where kind in ('email-code', 'phone-code')",
                )?,
            })
        }));
        db.close();
        tally.unwrap()
    }
}

/// A process that serves; killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// SIGKILL: nothing of it runs any more.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM: its exit code.
    pub(crate) fn stop(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
