//! What hostile files cost in time and memory (threats NET-6, CMS-10, WEB-4). `bench/bombs` runs it in release.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use esign::asn1::{self, Oid, oids, tag};
use esign::certificate::Certificate;
use esign::cms::verify_document;
use esign::pkcs12;
use esign::provider;
use esign::trust::TrustStore;

use crate::budget::maze;
use crate::forge::{Draft, Key, Message, NOW, Scene, attribute, common_name, extension, indefinite, wrap};
use crate::stamps::Authority;

const MEGABYTES: usize = 10 * 1024 * 1024;
const TIME: Duration = Duration::from_millis(300);
/// Above what the process held with the file read.
const KIBIBYTES: u64 = 64 * 1024;
/// Names the folder of one file to a process of its own, so that its peak of memory is that of the judgement alone.
const FOLDER: &str = "KABINET_BOMB";

#[test]
#[ignore = "a measurement in release: bench/bombs"]
fn net_6_hostile_files_cost_little() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return judge(Path::new(&folder));
    }
    let mut beyond = Vec::new();
    for (name, bomb) in BOMBS {
        let mut scene = Scene::new();
        let authority = Authority::new(NOW);
        let bytes = bomb(&mut scene, &authority);
        let folder = tempfile::tempdir().unwrap();
        let write = |file: &str, bytes: &[u8]| fs::write(folder.path().join(file), bytes).unwrap();
        write("name", name.as_bytes());
        write("file", &bytes);
        write("root", scene.root.der());
        write("issuer", scene.issuer.certificate(&scene.root_key).der());
        write("timeroot", authority.root.der());
        let this = std::env::current_exe().unwrap();
        let arguments = [
            "--ignored",
            "--exact",
            "--nocapture",
            "worst::net_6_hostile_files_cost_little",
        ];
        let status = Command::new(this)
            .args(arguments)
            .env(FOLDER, folder.path())
            .status();
        if !status.unwrap().success() {
            beyond.push(name);
        }
    }
    assert_eq!(beyond, [""; 0], "beyond {TIME:?} or {KIBIBYTES} KiB");
}

fn judge(folder: &Path) {
    let read = |file: &str| fs::read(folder.join(file)).unwrap();
    let certificate = |file: &str| Certificate::parse(read(file)).unwrap();
    let mut group = Scene::new().group();
    group.anchors = vec![certificate("root")];
    group.intermediates = vec![certificate("issuer")];
    group.time_stamps.anchors = vec![certificate("timeroot")];
    let trust = TrustStore::new(vec![group.clone(), group.clone(), group]);
    let name = String::from_utf8(read("name")).unwrap();
    let file = read("file");
    let before = peak();
    let start = Instant::now();
    let said = if name.starts_with("PKCS#12") {
        pkcs12::open(&file, "secret").map_or_else(|error| error.code(), |_| "opened")
    } else {
        let report = verify_document(&file, None, &trust, NOW, provider::native());
        report.verdict.code().map_or("valid", |code| code.as_str())
    };
    let (time, memory) = (start.elapsed(), peak() - before);
    let size = file.len() / 1024;
    println!("{name}: {size} KiB, {time:.1?}, {memory} KiB more at the peak, {said}");
    assert!(time <= TIME && memory <= KIBIBYTES, "{name}");
}

/// Most memory that was ever resident, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_ascii_whitespace().nth(1).unwrap().parse().unwrap()
}

type Bomb = fn(&mut Scene, &Authority) -> Vec<u8>;

const BOMBS: [(&str, Bomb); 14] = [
    ("content in empty chunks, nested", |scene, _| {
        let mut content = indefinite(0x24, &[4, 0].repeat(MEGABYTES / 2));
        for _ in 0..3 {
            content = indefinite(0x24, &content);
        }
        part(scene, 2, &with_content(&content))
    }),
    ("content in chunks of one octet", |scene, _| {
        let content = indefinite(0x24, &[4, 1, 7].repeat(MEGABYTES / 3));
        part(scene, 2, &with_content(&content))
    }),
    ("a sea of empty certificates", |scene, _| {
        part(scene, 3, &indefinite(0xa0, &[0x30, 0].repeat(MEGABYTES / 2)))
    }),
    ("a sea of empty signers", |scene, _| {
        part(scene, 4, &indefinite(tag::SET, &[0x30, 0].repeat(MEGABYTES / 2)))
    }),
    ("levels of indefinite length without end", |_, _| {
        [0x30, 0x80].repeat(MEGABYTES / 2)
    }),
    ("content that looks like attributes", |scene, _| {
        let empty = asn1::sequence(&[asn1::object_identifier(oids::DATA), vec![0x31, 0]]);
        let mut message = scene.message();
        message.attributes = None;
        message.content = Some(asn1::tlv(tag::SET, &empty.repeat(MEGABYTES / empty.len())));
        message.build()
    }),
    ("a number of ten megabytes", |scene, _| {
        let mut message = scene.message();
        let number = asn1::tlv(tag::INTEGER, &vec![1; MEGABYTES]);
        message.id = Some(asn1::sequence(&[common_name("x"), number]));
        message.build()
    }),
    ("64 signers of ten megabytes", |scene, _| {
        let mut message = scene.message();
        message.signers = 64;
        message.content = Some(vec![b'x'; MEGABYTES]);
        message.build()
    }),
    ("64 time stamps", |scene, authority| {
        let mut message = scene.message();
        message.unsigned = Box::new(|signature| {
            let tokens: Vec<_> = (0..64).map(|_| authority.stamp(signature)).collect();
            vec![attribute(oids::SIGNATURE_TIME_STAMP, &tokens)]
        });
        message.build()
    }),
    ("8 signers in a maze of issuers", |scene, _| {
        let mut message = maze(scene);
        message.signers = 8;
        message.build()
    }),
    ("450 names under 450 constraints, 64 signers", |scene, _| {
        names(scene, 450)
    }),
    ("900 names under 900 constraints, 64 signers", |scene, _| {
        names(scene, 900)
    }),
    ("policies that map to each other", |scene, _| policies(scene)),
    ("PKCS#12 with billions of rounds", |_, _| {
        let sha1 = asn1::sequence(&[asn1::object_identifier(oids::SHA1), asn1::null()]);
        let digest = asn1::sequence(&[sha1, asn1::octet_string(&[0; 20])]);
        let rounds = asn1::integer(&u32::MAX.to_be_bytes());
        let mac = asn1::sequence(&[digest, asn1::octet_string(b"saltsalt"), rounds]);
        let content = asn1::context(0, &asn1::octet_string(&asn1::sequence::<Vec<u8>>(&[])));
        let safe = asn1::sequence(&[asn1::object_identifier(oids::DATA), content]);
        asn1::sequence(&[asn1::integer(&[3]), safe, mac])
    }),
];

/// A sound message with another part at this place of SignedData.
fn part(scene: &Scene, place: usize, part: &[u8]) -> Vec<u8> {
    let mut parts = scene.message().parts();
    parts[place] = part.to_vec();
    wrap(&indefinite(tag::SEQUENCE, &parts.concat()))
}

fn with_content(content: &[u8]) -> Vec<u8> {
    let fields = [asn1::object_identifier(oids::DATA), indefinite(0xa0, content)];
    indefinite(tag::SEQUENCE, &fields.concat())
}

fn names(scene: &mut Scene, count: usize) -> Vec<u8> {
    let subtree = asn1::sequence(&[asn1::tlv(0x82, b"a.example")]);
    let constraints = asn1::sequence(&[asn1::context(0, &subtree.repeat(count))]);
    let constraints = extension(oids::NAME_CONSTRAINTS, true, &constraints);
    scene.issuer.extensions.push(constraints);
    let names = asn1::sequence(&vec![asn1::tlv(0x82, b"b.a.example"); count]);
    let names = extension(oids::SUBJECT_ALT_NAME, false, &names);
    scene.person.extensions.push(names);
    let mut message = scene.message();
    message.signers = 64;
    message.build()
}

/// Six authorities one under another; each states forty policies and maps each to every other (CVE-2023-0464).
fn policies(scene: &Scene) -> Vec<u8> {
    let oid = |index: u8| asn1::object_identifier(Oid::from_content(&[0x2a, index]).unwrap());
    let stated: Vec<_> = (1..=40).map(|index| asn1::sequence(&[oid(index)])).collect();
    let stated = extension(oids::CERTIFICATE_POLICIES, true, &asn1::sequence(&stated));
    let pairs = (1..=40).flat_map(|from| (1..=40).map(move |to| (from, to)));
    let mapped: Vec<_> = pairs
        .map(|(from, to)| asn1::sequence(&[oid(from), oid(to)]))
        .collect();
    let mapped = extension(oids::POLICY_MAPPINGS, true, &asn1::sequence(&mapped));
    let keys: Vec<Key> = (0..6).map(|_| Key::new()).collect();
    let mut bag = Vec::new();
    let (mut issuer, mut issuer_key) = (scene.issuer.subject.clone(), &scene.issuer_key);
    for (index, key) in keys.iter().enumerate() {
        let subject = common_name(&format!("authority {index}"));
        let mut draft = Draft::authority(&issuer, &subject, key);
        draft.extensions.extend([stated.clone(), mapped.clone()]);
        bag.push(draft.issue(issuer_key));
        (issuer, issuer_key) = (subject, key);
    }
    let mut person = scene.person.clone();
    person.issuer = issuer;
    person.extensions.push(stated);
    let mut message = Message::new(&scene.person_key, person.issue(issuer_key));
    message.bag.extend(bag);
    message.signers = 64;
    message.build()
}
