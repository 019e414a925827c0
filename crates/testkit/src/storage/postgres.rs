//! A private PostgreSQL cluster from Debian's packages: a Unix socket in a temporary folder, gone with the tests.

use std::{
    fs,
    io::Write,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{self, Child, Command, Output, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

const FOLDER: &str = "kabinet-postgres-";

/// Whether a cluster keeps its promises when it is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// It does not sync, which is what ordinary tests want.
    None,
    /// It syncs as it would in production.
    Full,
}

/// A running cluster. Dropped, or left behind by a process that ended in any way, it is stopped and removed.
#[derive(Debug)]
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    owner: Option<Owner>,
    keeper: Child,
}

/// PostgreSQL refuses to run as root.
#[derive(Debug, Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
}

impl Cluster {
    /// The cluster of this test process, started at its first use; none where PostgreSQL is not installed.
    ///
    /// # Panics
    /// If it cannot be started, or is missing although `KABINET_REQUIRE_POSTGRES` is 1.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(Durability::None)).as_ref()
    }

    /// Another cluster, for a test that stops it or changes its settings; none where PostgreSQL is not installed.
    ///
    /// # Panics
    /// If it cannot be started, or is missing although `KABINET_REQUIRE_POSTGRES` is 1.
    pub fn start(durability: Durability) -> Option<Self> {
        static STARTED: AtomicU32 = AtomicU32::new(1);
        let Some(programs) = installed() else {
            assert!(
                !is_required(),
                "PostgreSQL is required here: apt-get install postgresql"
            );
            eprintln!("SKIPPED on PostgreSQL, which is not installed");
            return None;
        };
        remove_orphans();
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("{FOLDER}{}-{number}", process::id()));
        fs::create_dir_all(&folder).expect("a folder for PostgreSQL");
        let owner = owner_for(&folder);
        let keeper = keep(&programs, &folder, owner);
        let cluster = Self {
            programs,
            folder,
            owner,
            keeper,
        };
        cluster.run(
            "initdb",
            &[
                "-D",
                "data",
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "-N",
            ],
        );
        cluster.configure(durability);
        cluster.resume();
        Some(cluster)
    }

    /// The address of a database in it.
    pub fn url(&self, database: &str) -> String {
        format!("host={} user=postgres dbname={database}", self.folder.display())
    }

    /// Makes an empty database and tells its name.
    pub fn create_database(&self) -> String {
        static CREATED: AtomicU32 = AtomicU32::new(1);
        let name = format!("test_{}", CREATED.fetch_add(1, Ordering::Relaxed));
        self.sql(&format!("create database {name}"));
        name
    }

    /// Removes a database, whoever is still connected.
    pub fn drop_database(&self, name: &str) {
        self.sql(&format!("drop database {name} with (force)"));
    }

    /// Runs a statement as the superuser and tells what it printed.
    ///
    /// # Panics
    /// If it fails.
    pub fn sql(&self, statement: &str) -> String {
        let socket = self.folder.display().to_string();
        let printed = self.run(
            "psql",
            &[
                "-h", &socket, "-U", "postgres", "-X", "-q", "-A", "-t", "-c", statement,
            ],
        );
        String::from_utf8_lossy(&printed.stdout).trim().to_owned()
    }

    /// Stops the server as a crash would.
    ///
    /// # Panics
    /// If that fails.
    pub fn crash(&self) {
        self.run("pg_ctl", &["-D", "data", "-m", "immediate", "-w", "stop"]);
    }

    /// Kills the server with signal 9; its backends follow it.
    ///
    /// # Panics
    /// If that fails.
    pub fn kill(&self) {
        let pids = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
        let server = pids.lines().next().unwrap_or_default();
        let killed = Command::new("kill").args(["-9", server]).status();
        assert!(
            killed.is_ok_and(|status| status.success()),
            "the server is not running"
        );
    }

    /// Starts the server again, whatever became of it.
    ///
    /// # Panics
    /// If that fails.
    pub fn resume(&self) {
        // A killed server's memory is in use until the last of its backends has noticed.
        let start = || self.try_run("pg_ctl", &["-D", "data", "-l", "log", "-w", "-t", "60", "start"]);
        let started = (0..20).any(|_| start().status.success());
        let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        assert!(started, "PostgreSQL does not start: {}", log());
    }

    fn configure(&self, durability: Durability) {
        let mut settings = format!(
            "listen_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 300\nshared_buffers = 32MB\n",
            self.folder.display()
        );
        if durability == Durability::None {
            settings.push_str("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n");
        }
        self.set(&settings);
    }

    /// Adds settings, for the next start.
    pub(super) fn set(&self, settings: &str) {
        let path = self.folder.join("data/postgresql.conf");
        fs::OpenOptions::new()
            .append(true)
            .open(path)
            .and_then(|mut file| file.write_all(settings.as_bytes()))
            .expect("the settings of PostgreSQL");
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let output = self.try_run(program, arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments:?} failed: {said}");
        output
    }

    fn try_run(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = command(&self.programs.join(program), &self.folder, self.owner);
        // The server inherits what is open, and a pipe would never end.
        if program == "pg_ctl" {
            command.stdout(Stdio::null()).stderr(Stdio::null());
        }
        command.args(arguments).output().expect("a program of PostgreSQL")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        drop(self.keeper.wait());
    }
}

/// A shell that waits for the end of this process, whatever kind of end it is, and then cleans up.
fn keep(programs: &Path, folder: &Path, owner: Option<Owner>) -> Child {
    let script = r#"cat; "$0" -D data -m immediate -w stop; rm -rf "$PWD""#;
    command(Path::new("/bin/sh"), folder, owner)
        .args(["-c", script])
        .arg(programs.join("pg_ctl"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .expect("a keeper for PostgreSQL")
}

fn command(program: &Path, folder: &Path, owner: Option<Owner>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null());
    if let Some(Owner { user, group }) = owner {
        command.uid(user).gid(group);
    }
    command
}

/// Where Debian puts the programs, the newest version first.
fn installed() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let newest = versions.max_by_key(|version| version.file_name().to_string_lossy().parse::<u32>().ok())?;
    let programs = newest.path().join("bin");
    programs.join("initdb").exists().then_some(programs)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test script says so by the environment"
)]
fn is_required() -> bool {
    std::env::var("KABINET_REQUIRE_POSTGRES").is_ok_and(|value| value == "1")
}

/// As root, the folder is given to the user that the package made.
fn owner_for(folder: &Path) -> Option<Owner> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if !is_root {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("the users of this machine");
    let mut fields = users
        .lines()
        .find(|line| line.starts_with("postgres:"))?
        .split(':')
        .skip(2);
    let mut number = || fields.next()?.parse().ok();
    let owner = Owner {
        user: number()?,
        group: number()?,
    };
    chown(folder, Some(owner.user), Some(owner.group)).expect("the folder changes hands");
    Some(owner)
}

/// Clusters whose tests and whose keeper were killed together.
fn remove_orphans() {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let parent = name
            .to_str()
            .and_then(|name| name.strip_prefix(FOLDER)?.split('-').next());
        let Some(parent) = parent else { continue };
        if Path::new("/proc").join(parent).exists() {
            continue;
        }
        let postmaster = fs::read_to_string(entry.path().join("data/postmaster.pid")).unwrap_or_default();
        if let Some(pid) = postmaster.lines().next() {
            drop(Command::new("kill").args(["-QUIT", pid]).output());
        }
        drop(fs::remove_dir_all(entry.path()));
    }
}
