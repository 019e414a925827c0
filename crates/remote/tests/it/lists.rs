//! NET-3 and NET-5: lists are fetched in the background, and nothing takes the place of a good one but a better one.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use esign::cms::verify_sign_in;
use esign::provider;
use esign::time::UnixTime;
use esign::trust::{TrustStore, UnknownStatus};
use esign::verdict::Verdict;
use remote::crl::Source;
use remote::http::{HttpClient, HttpSettings};
use remote::revocation::{ListReport, Revocation, Sources};
use tempfile::TempDir;

use crate::authority::{Authority, DAY, HOUR, Holder};
use crate::server::{Deed, Server, answer, ok};

const START: UnixTime = UnixTime(1_800_000_000);

struct World {
    authority: Authority,
    trust: Arc<TrustStore>,
    revocation: Revocation,
    clock: Arc<AtomicI64>,
    folder: TempDir,
}

fn client() -> HttpClient {
    let settings = HttpSettings {
        internal_hosts: vec!["127.0.0.1".to_owned()],
        authorities: Vec::new(),
    };
    HttpClient::new(&settings).unwrap()
}

impl World {
    fn new(authority: Authority, lists: Vec<Source>) -> Self {
        Self::in_folder(authority, lists, tempfile::tempdir().unwrap())
    }

    fn in_folder(authority: Authority, lists: Vec<Source>, folder: TempDir) -> Self {
        let trust = authority.trust(UnknownStatus::Refuse);
        let clock = Arc::new(AtomicI64::new(START.0));
        let now = clock.clone();
        let sources = Sources {
            group: "main".to_owned(),
            lists,
            ..Sources::default()
        };
        let revocation = Revocation::open(
            trust.clone(),
            client(),
            Arc::new(move || UnixTime(now.load(Ordering::SeqCst))),
            kept(&folder),
            vec![sources],
        );
        Self {
            revocation: revocation.unwrap(),
            authority,
            trust,
            clock,
            folder,
        }
    }

    fn now(&self) -> UnixTime {
        UnixTime(self.clock.load(Ordering::SeqCst))
    }

    async fn after(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
        self.revocation.refresh().await;
    }

    fn entering(&self, holder: &Holder) -> &'static str {
        let cms = holder.sign(b"challenge", self.now());
        match verify_sign_in(&cms, b"challenge", &self.trust, self.now(), provider::native()) {
            Verdict::Valid(_) => "entered",
            Verdict::Invalid(code) | Verdict::Unknown(code) => code.as_str(),
        }
    }

    fn list(&self) -> ListReport {
        self.revocation.report().lists.pop().unwrap()
    }
}

fn kept(folder: &TempDir) -> PathBuf {
    folder.path().join("kept")
}

fn web(server: &Server) -> Vec<Source> {
    vec![Source::Web(server.url("/a.crl").parse().unwrap())]
}

/// A server whose answer a test changes.
async fn changing(first: Deed) -> (Server, Arc<Mutex<Deed>>) {
    let deed = Arc::new(Mutex::new(first));
    let said = deed.clone();
    let server = Server::start(move |_| said.lock().unwrap().clone()).await;
    (server, deed)
}

fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

#[tokio::test]
async fn net_5_a_list_that_is_replaced_counts_without_a_restart() {
    let authority = Authority::new("CA");
    let person = authority.issue(7, None);
    let (server, deed) = changing(ok(authority.list(1, START, &[]))).await;
    let world = World::new(authority, web(&server));
    assert_eq!(world.entering(&person), "certificate.status_unknown");
    world.after(0).await;
    assert_eq!(world.entering(&person), "entered");

    *deed.lock().unwrap() = ok(world.authority.list(2, UnixTime(START.0 + 60), &[7]));
    world.after(60).await;
    assert_eq!(world.entering(&person), "entered", "it is not asked all the time");
    world.after(HOUR).await;
    assert_eq!(world.entering(&person), "certificate.revoked");
    assert_eq!((world.list().revoked, world.list().failures), (1, 0));
}

#[tokio::test]
async fn net_5_what_is_no_better_list_leaves_the_good_one_in_place() {
    let authority = Authority::new("CA");
    let stranger = Authority::new("CA");
    let person = authority.issue(7, None);
    let good = authority.list(5, START, &[8]);
    let mut forged = authority.list(6, UnixTime(START.0 + 1), &[]);
    *forged.last_mut().unwrap() ^= 1;
    let cut = good[..good.len() - 1].to_vec();
    let redirect = answer("302 Found", "location: http://127.0.0.1/\r\n", "");
    let bad = [
        (ok(""), "the answer is empty"),
        (ok("<!doctype html><title>404</title>"), "the answer is a page"),
        (ok(" \n<?xml version=\"1.0\"?>"), "the answer is a page"),
        (ok("not found"), "no revocation list"),
        (ok(cut), "no revocation list"),
        (ok([0x30, 0x80, 0, 0]), "no revocation list"),
        (ok(forged), "signed by no authority"),
        (ok(stranger.list(9, START, &[])), "signed by no authority"),
        (
            ok(authority.list(4, UnixTime(START.0 - 60), &[])),
            "before the one that is in use",
        ),
        (answer("404 Not Found", "", "gone"), "status 404"),
        (redirect, "status 302"),
        (Deed::Say(Vec::new()), "broke off or is not HTTP"),
        (
            Deed::Say(b"HTTP/1.1 200 OK\r\ncontent-length: 300000000\r\n\r\n".to_vec()),
            "larger than allowed",
        ),
    ];
    let (server, deed) = changing(ok(good)).await;
    let world = World::new(authority, web(&server));
    world.after(0).await;
    for (answer, why) in bad {
        *deed.lock().unwrap() = answer;
        world.after(HOUR).await;
        let list = world.list();
        assert!(
            list.problem.as_ref().is_some_and(|problem| problem.contains(why)),
            "{why}: {list:?}"
        );
        assert_eq!(world.entering(&person), "entered", "{why}");
        assert_eq!(files(&kept(&world.folder)), 1, "{why}");
    }
    let report = world.revocation.report();
    assert_eq!(report.problems(world.now()).len(), 1);
    assert!(
        report.problems(world.now())[0].contains("the list in use stays"),
        "{report:?}"
    );

    *deed.lock().unwrap() = ok(world.authority.list(6, world.now(), &[]));
    world.after(HOUR).await;
    assert_eq!((world.list().failures, world.list().problem), (0, None));
    assert!(world.revocation.report().problems(world.now()).is_empty());
}

#[tokio::test]
async fn net_4_a_list_that_is_not_renewed_stops_counting() {
    let authority = Authority::new("CA");
    let person = authority.issue(7, None);
    let (server, deed) = changing(ok(authority.list(1, START, &[]))).await;
    let world = World::new(authority, web(&server));
    world.after(0).await;
    *deed.lock().unwrap() = answer("503 Service Unavailable", "", "");
    world.after(DAY - 1).await;
    assert_eq!(world.entering(&person), "entered");
    world.after(2).await;
    assert_ne!(world.entering(&person), "entered");
}

#[tokio::test]
async fn a_list_is_not_sent_again_if_it_did_not_change() {
    let authority = Authority::new("CA");
    let list = authority.list(1, START, &[]);
    let server = Server::start(move |asked| {
        if asked.head.contains("if-none-match: \"1\"") {
            answer("304 Not Modified", "", "")
        } else {
            answer("200 OK", "etag: \"1\"\r\n", &list)
        }
    })
    .await;
    let world = World::new(authority, web(&server));
    world.after(0).await;
    world.after(HOUR).await;
    assert_eq!(server.asked().len(), 2);
    assert!(
        server.asked()[1].head.contains("if-none-match"),
        "{:?}",
        server.asked()
    );
    assert_eq!((world.list().failures, world.list().issued), (0, Some(START)));
}

#[tokio::test]
async fn net_5_after_a_restart_the_list_fetched_last_counts_at_once() {
    let authority = Authority::new("CA");
    let person = authority.issue(7, None);
    let (server, _) = changing(ok(authority.list(1, START, &[]))).await;
    let sources = web(&server);
    let World {
        authority,
        folder,
        revocation,
        ..
    } = {
        let world = World::new(authority, sources.clone());
        world.after(0).await;
        world
    };
    drop((revocation, server));
    let world = World::in_folder(authority, sources.clone(), folder);
    assert_eq!(world.entering(&person), "entered");

    let World {
        authority, folder, ..
    } = world;
    let file = std::fs::read_dir(kept(&folder))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    std::fs::write(file, "rotten").unwrap();
    let world = World::in_folder(authority, sources, folder);
    assert_eq!(world.entering(&person), "certificate.status_unknown");
}

#[tokio::test]
async fn a_file_is_read_again_when_it_changes() {
    let (authority, folder) = (Authority::new("CA"), tempfile::tempdir().unwrap());
    let person = authority.issue(7, None);
    let file = folder.path().join("local.crl");
    std::fs::write(&file, authority.list(1, START, &[])).unwrap();
    let world = World::new(authority, vec![Source::File(file.clone())]);
    assert_eq!(world.entering(&person), "entered");

    let next = folder.path().join("next");
    let body = data_encoding::BASE64.encode(&world.authority.list(2, START, &[7]));
    std::fs::write(
        &next,
        format!("-----BEGIN X509 CRL-----\n{body}\n-----END X509 CRL-----\n"),
    )
    .unwrap();
    std::fs::rename(&next, &file).unwrap();
    world.after(60).await;
    assert_eq!(world.entering(&person), "certificate.revoked");

    std::fs::write(&file, "half").unwrap();
    world.after(60).await;
    assert_eq!(world.entering(&person), "certificate.revoked");
    assert!(world.list().problem.is_some());
    std::fs::write(&file, world.authority.list(3, START, &[])).unwrap();
    world.after(60).await;
    assert_eq!(world.entering(&person), "entered");
}

#[test]
fn a_file_that_is_named_must_be_there_and_belong_to_the_group() {
    let (authority, folder) = (Authority::new("CA"), tempfile::tempdir().unwrap());
    let file = folder.path().join("local.crl");
    let opened = || {
        let sources = Sources {
            group: "main".to_owned(),
            lists: vec![Source::File(file.clone())],
            ..Sources::default()
        };
        let trust = authority.trust(UnknownStatus::Refuse);
        Revocation::open(trust, client(), Arc::new(|| START), kept(&folder), vec![sources])
    };
    assert!(opened().is_err());
    std::fs::write(&file, Authority::new("Other").list(1, START, &[])).unwrap();
    let refused = opened().err().unwrap().to_string();
    assert!(
        refused.contains("local.crl") && refused.contains("signed by no authority"),
        "{refused}"
    );
    std::fs::write(&file, authority.list(1, START, &[])).unwrap();
    assert!(opened().is_ok());
}
