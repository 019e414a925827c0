//! What hostile files cost in time and memory (threats NET-6, CMS-10, WEB-4). `bench/bombs` runs it in release.

mod evidence;
mod keys;
mod messages;
mod signers;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use esign::certificate::Certificate;
use esign::cms::verify_document;
use esign::pkcs12;
use esign::provider;
use esign::revocation::{Crl, OcspResponse};
use esign::trust::TrustStore;
use esign::tsp::TimeStampToken;

use crate::forge::{NOW, Scene};
use crate::revocation::REQUIRED;
use crate::stamps::Authority;

const MEGABYTES: usize = 10 * 1024 * 1024;
const TIME: Duration = Duration::from_millis(300);
/// Above what the process held with the file read.
const KIBIBYTES: u64 = 64 * 1024;
/// Names the folder of one file to a process of its own, so that its peak of memory is that of the judgement alone.
const FOLDER: &str = "KABINET_BOMB";

/// A file that wants to cost much.
#[derive(Clone, Copy)]
struct Bomb(Kind, &'static str, fn(&mut Scene, &Authority) -> Vec<u8>);

/// By what it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Certificate,
    Crl,
    Ocsp,
    Cms,
    Tsp,
    Pkcs12,
}

const KINDS: [Kind; 6] = [
    Kind::Certificate,
    Kind::Crl,
    Kind::Ocsp,
    Kind::Cms,
    Kind::Tsp,
    Kind::Pkcs12,
];

#[test]
#[ignore = "a measurement in release: bench/bombs"]
fn net_6_hostile_files_cost_little() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return judge(Path::new(&folder));
    }
    println!("| Read as | File | KiB | ms | MiB more | Said |\n| --- | --- | --- | --- | --- | --- |");
    let mut beyond = Vec::new();
    let bombs = [evidence::BOMBS, messages::BOMBS, signers::BOMBS, keys::BOMBS];
    for bomb in bombs.concat() {
        let folder = tempfile::tempdir().unwrap();
        arm(bomb, folder.path());
        let this = [
            "--ignored",
            "--exact",
            "--nocapture",
            "--quiet",
            "worst::net_6_hostile_files_cost_little",
        ];
        let mut again = Command::new(std::env::current_exe().unwrap());
        let output = again.args(this).env(FOLDER, folder.path()).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let row = text.lines().find(|line| line.starts_with('|'));
        println!("{}", row.unwrap_or("| nothing was said |"));
        if !output.status.success() {
            beyond.push(bomb.1);
        }
    }
    assert_eq!(beyond, [""; 0], "beyond {TIME:?} or {KIBIBYTES} KiB");
}

/// Writes the file and whom to believe.
fn arm(Bomb(kind, name, make): Bomb, folder: &Path) {
    let mut scene = Scene::new();
    let authority = Authority::new(NOW);
    let bytes = make(&mut scene, &authority);
    let write = |file: &str, bytes: &[u8]| fs::write(folder.join(file), bytes).unwrap();
    write("name", name.as_bytes());
    write("kind", format!("{kind:?}").as_bytes());
    write("file", &bytes);
    write("root", scene.root.der());
    write("issuer", scene.issuer.certificate(&scene.root_key).der());
    write("timeroot", authority.root.der());
}

fn judge(folder: &Path) {
    let text = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
    let (name, kind) = (text("name"), text("kind"));
    let kind = KINDS
        .into_iter()
        .find(|known| format!("{known:?}") == kind)
        .unwrap();
    let file = fs::read(folder.join("file")).unwrap();
    let trust = trust(folder);
    let (before, start) = (peak(), spent());
    let said = read(kind, &file, &trust);
    let (time, memory) = (spent().checked_sub(start).unwrap(), peak() - before);
    let (size, mebibytes) = (file.len() / 1024, memory.div_ceil(1024));
    // the clock of the scheduler goes by ticks
    let milliseconds = match time.as_millis() {
        0..4 => "< 4".to_owned(),
        measured => measured.to_string(),
    };
    println!("| {kind:?} | {name} | {size} | {milliseconds} | {mebibytes} | {said} |");
    assert!(time <= TIME && memory <= KIBIBYTES, "{name}");
}

/// Three groups of the same anchors, so that what is judged for each costs thrice.
fn trust(folder: &Path) -> TrustStore {
    let certificate = |file: &str| Certificate::parse(fs::read(folder.join(file)).unwrap()).unwrap();
    let mut group = Scene::new().group();
    group.anchors = vec![certificate("root")];
    group.intermediates = vec![certificate("issuer")];
    group.time_stamps.anchors = vec![certificate("timeroot")];
    group.revocation = REQUIRED;
    TrustStore::new(vec![group.clone(), group.clone(), group])
}

fn read(kind: Kind, file: &[u8], trust: &TrustStore) -> String {
    let provider = provider::native();
    match kind {
        Kind::Certificate => said(Certificate::parse(file)),
        Kind::Crl => said(Crl::parse(file)),
        Kind::Ocsp => said(OcspResponse::parse(file)),
        Kind::Cms => {
            let verdict = verify_document(file, None, trust, NOW, provider).verdict;
            verdict.code().map_or("valid", |code| code.as_str()).to_owned()
        }
        Kind::Tsp => match TimeStampToken::parse(file) {
            Ok(token) => {
                let verdict = token.verify(b"message", trust, NOW, provider);
                verdict.code().map_or("valid", |code| code.as_str()).to_owned()
            }
            Err(error) => error.to_string(),
        },
        Kind::Pkcs12 => match pkcs12::open(file, "secret") {
            Ok(container) => format!("opened, {} keys", container.keys.len()),
            Err(error) => error.code().to_owned(),
        },
    }
}

fn said<T, E: std::fmt::Display>(outcome: Result<T, E>) -> String {
    outcome.map_or_else(|error| error.to_string(), |_| "read".to_owned())
}

/// Time that this thread has run, which does not count what else the machine does.
fn spent() -> Duration {
    let statistics = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds = statistics.split_ascii_whitespace().next().unwrap();
    Duration::from_nanos(nanoseconds.parse().unwrap())
}

/// Most memory that was ever resident, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_ascii_whitespace().nth(1).unwrap().parse().unwrap()
}
