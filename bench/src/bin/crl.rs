//! A list of a million entries, read as it comes and asked (threat NET-5). `bench/crl` runs it.
//!
//! OpenSSL makes the keys and signs. The list is read in a process of its own, so that its peak of memory is that of
//! reading and judging alone.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow, ensure};
use data_encoding::BASE64;
use esign::asn1::{self, Oid, oids, tag};
use esign::certificate::Certificate;
use esign::path::{self, PolicyInputs, Query, RevocationQuery, SignatureCache};
use esign::provider;
use esign::revocation::{Crl, Evidence};
use esign::time::UnixTime;
use esign::trust::{RevocationRule, UnknownStatus};
use esign::verdict::Verdict;

const ENTRIES: u32 = 1_000_000;
/// Above the size of the list itself.
const MEBIBYTES: f64 = 32.0;
const SECONDS: f64 = 5.0;
/// One judgement (threat NET-6).
const MILLISECONDS: f64 = 300.0;

fn main() -> Result<()> {
    if let Some(folder) = std::env::args().nth(1) {
        return read(Path::new(&folder));
    }
    let folder = tempfile::tempdir()?;
    make(folder.path())?;
    let status = Command::new(std::env::current_exe()?)
        .arg(folder.path())
        .status()?;
    ensure!(status.success(), "a limit is not kept");
    Ok(())
}

/// A root, a certificate under it, and the root's list, whose numbers are as long as they may be.
fn make(folder: &Path) -> Result<()> {
    let openssl = |arguments: &str| {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(folder)
            .output()?;
        ensure!(
            output.status.success(),
            "openssl {arguments}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(())
    };
    openssl("req -x509 -nodes -newkey rsa:2048 -keyout root.key -out root.pem -subj /CN=Root -days 30")?;
    openssl("req -nodes -newkey rsa:2048 -keyout key -out csr -subj /CN=Person")?;
    openssl("x509 -req -in csr -CA root.pem -CAkey root.key -days 10 -out person.pem")?;
    let root = certificate(folder, "root.pem")?;
    let now = root.not_before();
    let reason = extension(oids::REASON_CODE, &asn1::tlv(tag::ENUMERATED, &[4]));
    let tail = [now.to_der(), asn1::sequence(&[reason])].concat();
    let mut entries = Vec::new();
    for index in 0..ENTRIES {
        // 20 octets of a positive number
        let mut serial = provider::sha256(&index.to_be_bytes());
        if let Some(first) = serial.first_mut() {
            *first = *first & 0x7f | 0x40;
        }
        let (serial, _) = serial.split_at(20);
        entries.extend(asn1::tlv(
            tag::SEQUENCE,
            &[asn1::integer(serial), tail.clone()].concat(),
        ));
    }
    let algorithm = asn1::sequence(&[asn1::object_identifier(oids::RSA_SHA256), asn1::null()]);
    let number = extension(oids::CRL_NUMBER, &asn1::integer(&[1]));
    let tbs = asn1::sequence(&[
        asn1::integer(&[1]),
        algorithm.clone(),
        root.subject().as_der().to_vec(),
        now.to_der(),
        UnixTime(now.as_seconds() + 86_400).to_der(),
        asn1::tlv(tag::SEQUENCE, &entries),
        asn1::context(0, &asn1::sequence(&[number])),
    ]);
    fs::write(folder.join("tbs"), &tbs)?;
    openssl("dgst -sha256 -sign root.key -out signature tbs")?;
    let signature = [vec![0], fs::read(folder.join("signature"))?].concat();
    let list = asn1::sequence(&[tbs, algorithm, asn1::tlv(tag::BIT_STRING, &signature)]);
    fs::write(folder.join("list.crl"), list)?;
    Ok(())
}

fn extension(oid: Oid<'_>, value: &[u8]) -> Vec<u8> {
    asn1::sequence(&[asn1::object_identifier(oid), asn1::octet_string(value)])
}

fn certificate(folder: &Path, name: &str) -> Result<Certificate> {
    let pem = fs::read_to_string(folder.join(name))?;
    let body: String = pem.lines().filter(|line| !line.starts_with("---")).collect();
    Certificate::parse(BASE64.decode(body.as_bytes())?).map_err(|error| anyhow!("{name}: {error}"))
}

fn read(folder: &Path) -> Result<()> {
    let (root, person) = (
        certificate(folder, "root.pem")?,
        certificate(folder, "person.pem")?,
    );
    let before = memory("VmRSS")?;
    let begun = Instant::now();
    let list = Crl::read(File::open(folder.join("list.crl"))?)?;
    let reading = begun.elapsed().as_secs_f64();
    let held = memory("VmRSS")? - before;
    #[expect(clippy::cast_precision_loss, reason = "sizes for people")]
    let size = list.der().len() as f64 / 1_048_576.0;
    println!("{} entries, {size:.1} MiB", list.len());
    println!("read     {reading:.2} s, {held:.1} MiB held");

    let begun = Instant::now();
    let tries = 100_000;
    let found = (0..tries).filter(|_| list.names(&person)).count();
    ensure!(found == 0, "somebody is revoked");
    println!(
        "look-up  {:.2} µs",
        begun.elapsed().as_secs_f64() * 1e6 / f64::from(tries)
    );

    let evidence = Evidence::new().with_crl(list);
    let cache = SignatureCache::default();
    let judge = || {
        let query = Query {
            target: &person,
            anchors: std::slice::from_ref(&root),
            candidates: Vec::new(),
            at: UnixTime(person.not_before().as_seconds() + 1),
            revocation: RevocationQuery::now(RevocationRule::Required {
                unknown: UnknownStatus::Refuse,
            }),
            evidence: &evidence,
            policy: PolicyInputs::default(),
            min_rsa_bits: 2048,
        };
        let begun = Instant::now();
        let verdict = path::validate(&query, provider::native(), &cache);
        ensure!(matches!(verdict, Verdict::Valid(_)), "{:?}", verdict.code());
        Ok(begun.elapsed().as_secs_f64() * 1e3)
    };
    let (first, then) = (judge()?, judge()?);
    println!("judged   {first:.1} ms with the signature of the list, {then:.2} ms then");
    let peak = memory("VmHWM")? - before;
    println!("peak     {peak:.1} MiB");
    ensure!(reading < SECONDS, "reading takes more than {SECONDS} s");
    ensure!(
        peak < size + MEBIBYTES,
        "more than {MEBIBYTES} MiB above the list itself"
    );
    ensure!(
        first < MILLISECONDS,
        "a judgement takes more than {MILLISECONDS} ms"
    );
    Ok(())
}

/// A figure of this process in MiB.
fn memory(name: &str) -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kibibytes = line.and_then(|line| line.split_ascii_whitespace().nth(1));
    Ok(kibibytes.context("no such figure")?.parse::<f64>()? / 1024.0)
}
