//! NET-1, NET-3 and NET-4: responders are asked when somebody signs in, and nobody waits for one that is down.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use esign::certificate::Certificate;
use esign::cms::verify_sign_in;
use esign::provider;
use esign::revocation::OcspRequest;
use esign::time::UnixTime;
use esign::trust::{TrustStore, UnknownStatus};
use esign::verdict::Verdict;
use remote::crl::Source;
use remote::http::{HttpClient, HttpSettings};
use remote::revocation::{Revocation, Sources};
use tokio::time::Instant;

use crate::authority::{Authority, HOUR, Holder};
use crate::responder::{Responder, answer, has_openssl, prepare};
use crate::server::{Deed, Server, ok};

/// OCSPResponse with the status tryLater.
const TRY_LATER: [u8; 5] = [0x30, 3, 0x0a, 1, 3];

struct World {
    authority: Authority,
    trust: Arc<TrustStore>,
    revocation: Revocation,
    clock: Arc<AtomicI64>,
}

/// `openssl ocsp` answers by the system's clock.
#[expect(clippy::disallowed_methods, reason = "the peer's clock")]
fn system_time() -> UnixTime {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    UnixTime(i64::try_from(since.as_secs()).unwrap() + 1)
}

impl World {
    fn new(authority: Authority, unknown: UnknownStatus, sources: Sources) -> Self {
        let trust = authority.trust(unknown);
        let clock = Arc::new(AtomicI64::new(system_time().0));
        let now = clock.clone();
        let settings = HttpSettings {
            internal_hosts: vec!["127.0.0.1".to_owned(), "localhost".to_owned()],
            authorities: Vec::new(),
        };
        let sources = Sources {
            group: "main".to_owned(),
            ..sources
        };
        let revocation = Revocation::open(
            trust.clone(),
            HttpClient::new(&settings).unwrap(),
            Arc::new(move || UnixTime(now.load(Ordering::SeqCst))),
            std::env::temp_dir(),
            vec![sources],
        );
        Self {
            revocation: revocation.unwrap(),
            authority,
            trust,
            clock,
        }
    }

    fn asking(authority: Authority, unknown: UnknownStatus, url: &str) -> Self {
        let sources = Sources {
            responders: vec![url.parse().unwrap()],
            ..Sources::default()
        };
        Self::new(authority, unknown, sources)
    }

    fn now(&self) -> UnixTime {
        UnixTime(self.clock.load(Ordering::SeqCst))
    }

    /// As the handler does: the path, the answers, the judgement.
    async fn entering(&self, holder: &Holder) -> &'static str {
        let path: [Certificate; 2] = [holder.certificate.clone(), self.authority.certificate.clone()];
        let answers = self.revocation.ask("main", &path).await;
        let trust = self.trust.knowing("main", &answers);
        let cms = holder.sign(b"challenge", self.now());
        match verify_sign_in(&cms, b"challenge", &trust, self.now(), provider::native()) {
            Verdict::Valid(_) => "entered",
            Verdict::Invalid(code) | Verdict::Unknown(code) => code.as_str(),
        }
    }

    /// Remembered, answered, failed.
    fn counts(&self) -> [u64; 3] {
        let counts = self.revocation.report().responders[0].counts;
        [counts.remembered, counts.answered, counts.failed]
    }
}

#[tokio::test]
async fn net_3_a_responder_says_who_is_revoked_and_is_not_asked_twice() {
    if !has_openssl() {
        return;
    }
    let (authority, folder) = (Authority::new("CA"), tempfile::tempdir().unwrap());
    let (good, revoked) = (authority.issue(0x71, None), authority.issue(0x72, None));
    let unheard_of = authority.issue(0x73, None);
    let signer = authority.delegate();
    let responder = Responder::start(folder.path(), &authority, &signer, &[0x71], &[0x72]).await;
    let world = World::asking(authority, UnknownStatus::Refuse, &responder.url());
    assert_eq!(world.entering(&good).await, "entered");
    assert_eq!(world.entering(&good).await, "entered");
    assert_eq!(world.counts(), [1, 1, 0]);
    assert_eq!(world.entering(&revoked).await, "certificate.revoked");
    assert!(
        world
            .entering(&unheard_of)
            .await
            .starts_with("certificate.status_unknown")
    );
}

#[tokio::test]
async fn net_3_a_responder_whose_own_status_counts_is_believed_by_the_list() {
    if !has_openssl() {
        return;
    }
    let (authority, folder) = (Authority::new("CA"), tempfile::tempdir().unwrap());
    let (person, signer) = (authority.issue(0x71, None), authority.delegate_to_be_checked());
    let responder = Responder::start(folder.path(), &authority, &signer, &[0x71], &[]).await;
    let list = folder.path().join("a.crl");
    std::fs::write(&list, authority.list(1, UnixTime(system_time().0 - 60), &[])).unwrap();
    let sources = Sources {
        lists: vec![Source::File(list)],
        responders: vec![responder.url().parse().unwrap()],
        ..Sources::default()
    };
    let world = World::new(authority, UnknownStatus::Refuse, sources);
    assert_eq!(world.entering(&person).await, "entered");
    assert_eq!(world.counts(), [0, 1, 0]);
}

#[tokio::test]
async fn net_3_an_answer_signed_by_a_stranger_is_neither_believed_nor_remembered() {
    if !has_openssl() {
        return;
    }
    let (authority, folder) = (Authority::new("CA"), tempfile::tempdir().unwrap());
    let person = authority.issue(0x71, None);
    let stranger = Authority::new("CA").delegate();
    let responder = Responder::start(folder.path(), &authority, &stranger, &[0x71], &[]).await;
    let world = World::asking(authority, UnknownStatus::Refuse, &responder.url());
    assert_ne!(world.entering(&person).await, "entered");
    assert_ne!(world.entering(&person).await, "entered");
    assert_eq!(world.counts(), [0, 0, 2]);
}

#[tokio::test]
async fn net_3_who_repeats_nonces_gives_no_answer_without_one() {
    if !has_openssl() {
        return;
    }
    let (authority, folder) = (Authority::new("CA"), tempfile::tempdir().unwrap());
    let (person, other) = (authority.issue(0x71, None), authority.issue(0x72, None));
    prepare(
        folder.path(),
        &authority,
        &authority.delegate(),
        &[0x71, 0x72],
        &[],
    );
    let without = |holder: &Holder| {
        let request = OcspRequest::new(&holder.certificate, &authority.certificate, None);
        answer(folder.path(), &request.to_der())
    };
    // what somebody on the way has kept
    let (of_person, of_other) = (without(&person), without(&other));
    let (replays, place) = (Arc::new(AtomicUsize::new(0)), folder.path().to_owned());
    let replayed = replays.clone();
    let server = Server::start(move |asked| match replayed.load(Ordering::SeqCst) {
        0 => ok(answer(&place, &asked.body)),
        1 => ok(&of_other),
        _ => ok(&of_person),
    })
    .await;
    let url = server.url("/");
    let world = World::asking(authority, UnknownStatus::Refuse, &url);
    replays.store(2, Ordering::SeqCst);
    assert_eq!(world.entering(&person).await, "entered", "it may sign in advance");
    world.clock.fetch_add(HOUR / 2, Ordering::SeqCst);
    replays.store(0, Ordering::SeqCst);
    assert_eq!(world.entering(&person).await, "entered", "it does not");
    replays.store(1, Ordering::SeqCst);
    assert_eq!(world.entering(&other).await, "certificate.status_unknown");
    replays.store(0, Ordering::SeqCst);
    assert_eq!(world.entering(&other).await, "entered");
}

#[tokio::test]
async fn net_4_of_several_responders_the_one_that_the_certificate_names_is_asked() {
    let tries = |server: &Server| server.asked().len();
    for (named, expected) in [
        (Some("localhost"), [2, 0]),
        (Some("x.example"), [2, 2]),
        (None, [2, 2]),
    ] {
        let first = Server::start(|_| ok(TRY_LATER)).await;
        let second = Server::start(|_| ok(TRY_LATER)).await;
        let of_localhost = format!("http://localhost:{}/", first.address.port());
        let authority = Authority::new("CA");
        let named = named.map(|host| format!("http://{host}/"));
        let person = authority.issue(7, named.as_deref());
        let sources = Sources {
            responders: vec![of_localhost.parse().unwrap(), second.url("/").parse().unwrap()],
            ..Sources::default()
        };
        let world = World::new(authority, UnknownStatus::Refuse, sources);
        assert_eq!(world.entering(&person).await, "certificate.status_unknown");
        assert_eq!([tries(&first), tries(&second)], expected, "{named:?}");
    }
}

#[tokio::test]
async fn net_4_a_responder_that_stopped_leaves_its_last_answer_until_that_is_out_of_date() {
    if !has_openssl() {
        return;
    }
    let (authority, folder) = (Authority::new("CA"), tempfile::tempdir().unwrap());
    let (known, new) = (authority.issue(0x71, None), authority.issue(0x72, None));
    let signer = authority.delegate();
    let responder = Responder::start(folder.path(), &authority, &signer, &[0x71, 0x72], &[]).await;
    let world = World::asking(authority, UnknownStatus::Refuse, &responder.url());
    assert_eq!(world.entering(&known).await, "entered");
    responder.stop().await;
    // no longer remembered as fresh, and still before its nextUpdate
    world.clock.fetch_add(HOUR / 2, Ordering::SeqCst);
    assert_eq!(world.entering(&known).await, "entered");
    assert_ne!(world.entering(&new).await, "entered");
    world.clock.fetch_add(HOUR, Ordering::SeqCst);
    assert_ne!(world.entering(&known).await, "entered");
}

#[tokio::test(start_paused = true)]
async fn net_4_a_silent_responder_costs_less_than_three_seconds_and_the_policy_decides() {
    for (unknown, expected) in [
        (UnknownStatus::Allow, "entered"),
        (UnknownStatus::Refuse, "certificate.status_unknown"),
    ] {
        let authority = Authority::new("CA");
        let person = authority.issue(7, None);
        let server = Server::start(|_| Deed::Hang(Vec::new())).await;
        let world = World::asking(authority, unknown, &server.url("/"));
        for _ in 0..5 {
            let started = Instant::now();
            assert_eq!(world.entering(&person).await, expected);
            assert!(
                started.elapsed() < Duration::from_secs(3),
                "{:?}",
                started.elapsed()
            );
        }
        let started = Instant::now();
        world.entering(&person).await;
        assert_eq!(started.elapsed(), Duration::ZERO, "it is left alone for a while");
        assert!(world.revocation.report().responders[0].rests);
    }
}

#[tokio::test]
async fn net_4_a_list_is_what_remains_without_a_responder() {
    let authority = Authority::new("CA");
    let (good, revoked) = (authority.issue(7, None), authority.issue(8, None));
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("a.crl");
    std::fs::write(&list, authority.list(1, UnixTime(system_time().0 - 60), &[8])).unwrap();
    let server = Server::start(|_| ok(TRY_LATER)).await;
    let sources = Sources {
        lists: vec![Source::File(list)],
        responders: vec![server.url("/").parse().unwrap()],
        ..Sources::default()
    };
    let world = World::new(authority, UnknownStatus::Refuse, sources);
    assert_eq!(world.entering(&good).await, "entered");
    assert_eq!(world.entering(&revoked).await, "certificate.revoked");
}

#[tokio::test]
async fn try_again_is_tried_again_once() {
    let authority = Authority::new("CA");
    let person = authority.issue(7, None);
    let server = Server::start(|_| ok(TRY_LATER)).await;
    let world = World::asking(authority, UnknownStatus::Refuse, &server.url("/"));
    assert_eq!(world.entering(&person).await, "certificate.status_unknown");
    assert_eq!((server.asked().len(), world.counts()), (2, [0, 0, 1]));
}

#[tokio::test]
async fn net_4_what_is_no_answer_is_no_answer() {
    for body in [
        &b""[..],
        b"<html>",
        &[0x30, 3, 0x0a, 1, 0],
        &[0x30, 3, 0x0a, 1, 6],
        &[0xff; 300],
    ] {
        let authority = Authority::new("CA");
        let person = authority.issue(7, None);
        let server = Server::start(move |_| ok(body)).await;
        let world = World::asking(authority, UnknownStatus::Refuse, &server.url("/"));
        assert_eq!(world.entering(&person).await, "certificate.status_unknown");
        assert_eq!(world.counts(), [0, 0, 1], "{body:?}");
    }
}

#[tokio::test]
async fn net_1_an_address_in_a_certificate_is_used_only_if_its_host_is_listed() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let server = Server::start(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        ok(TRY_LATER)
    })
    .await;
    for (address, hosts, tries) in [
        (server.url("/ocsp"), Vec::new(), 0),
        (server.url("/ocsp"), vec!["ocsp.example".to_owned()], 0),
        ("file:///etc/passwd".to_owned(), vec!["127.0.0.1".to_owned()], 0),
        (server.url("/ocsp"), vec!["127.0.0.1".to_owned()], 2),
    ] {
        let authority = Authority::new("CA");
        let person = authority.issue(7, Some(&address));
        let sources = Sources {
            responder_hosts: hosts.clone(),
            ..Sources::default()
        };
        let world = World::new(authority, UnknownStatus::Refuse, sources);
        assert_eq!(world.entering(&person).await, "certificate.status_unknown");
        assert_eq!(asked.swap(0, Ordering::SeqCst), tries, "{address} {hosts:?}");
    }
}
