//! CAdES-BES messages under a chain of three, judged one after the other: `bench/verify`.
//!
//! `verify sign FOLDER COUNT` makes detached messages with the key files of the folder; `verify judge FOLDER COUNT
//! ROUNDS` judges them and prints nanoseconds of CPU time per message.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use data_encoding::BASE64;
use esign::certificate::Certificate;
use esign::cms::sign::{Form, Request, sign};
use esign::cms::verify_document;
use esign::pkcs12::{self, Container};
use esign::profile::Profile;
use esign::provider;
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, PurposeRule, TrustStore};
use esign::verdict::Verdict;

/// Bytes of a document.
const DOCUMENT: usize = 4096;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["sign", folder, count] => make(Path::new(folder), count.parse()?),
        ["judge", folder, count, rounds] => judge(Path::new(folder), count.parse()?, rounds.parse()?),
        _ => bail!("usage: verify sign FOLDER COUNT | verify judge FOLDER COUNT ROUNDS"),
    }
}

fn make(folder: &Path, count: usize) -> Result<()> {
    let signers = signers(folder)?;
    let at = now()?;
    for (number, signer) in (0..count).zip(signers.iter().cycle()) {
        let key = signer.keys.first().context("key")?;
        let mut content = format!("document {number}\n").into_bytes();
        content.resize(DOCUMENT, b'.');
        let request = Request {
            key: key.private_key.as_ref().context("private key")?,
            certificate: &key.certificate,
            others: &signer.others,
            content: &content,
            at,
            form: Form::Detached,
        };
        let message = sign(&request, &mut |bytes| bytes.fill(7)).context("signing")?;
        fs::write(folder.join(format!("{number:04}.txt")), &content)?;
        fs::write(folder.join(format!("{number:04}.p7s")), message)?;
    }
    Ok(())
}

fn signers(folder: &Path) -> Result<Vec<Container>> {
    let mut signers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "p12") {
            let container = pkcs12::open(&fs::read(&path)?, "secret");
            signers.push(container.map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?);
        }
    }
    ensure!(!signers.is_empty(), "no key files in {}", folder.display());
    Ok(signers)
}

fn judge(folder: &Path, count: usize, rounds: usize) -> Result<()> {
    let read = |number: usize, ending: &str| fs::read(folder.join(format!("{number:04}.{ending}")));
    let messages: Vec<(Vec<u8>, Vec<u8>)> = (0..count)
        .map(|number| Ok((read(number, "p7s")?, read(number, "txt")?)))
        .collect::<Result<_>>()?;
    let trust = trust(folder)?;
    let at = now()?;
    let began = cpu_nanoseconds()?;
    for _ in 0..rounds {
        for (message, content) in &messages {
            let report = verify_document(message, Some(content), &trust, at, provider::native());
            ensure!(report.verdict == Verdict::Valid(()), "{:?}", report.verdict);
        }
    }
    println!("{}", (cpu_nanoseconds()? - began) / (count * rounds) as u64);
    Ok(())
}

fn trust(folder: &Path) -> Result<TrustStore> {
    let pem = fs::read_to_string(folder.join("root.pem"))?;
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let root = Certificate::parse(BASE64.decode(body.as_bytes())?)?;
    let mut group = AnchorGroup::new("bench", Profile::Plain, vec![root]);
    group.sign = PurposeRule::sign(Vec::<String>::new());
    Ok(TrustStore::new(vec![group]))
}

fn now() -> Result<UnixTime> {
    let seconds = std::time::SystemTime::now()
        .duration_since(std::time::SystemTime::UNIX_EPOCH)?
        .as_secs();
    Ok(UnixTime(i64::try_from(seconds)?))
}

/// What this process, which has one thread, has run so far.
fn cpu_nanoseconds() -> Result<u64> {
    let statistics = fs::read_to_string("/proc/self/schedstat")?;
    let first = statistics.split_whitespace().next().context("schedstat")?;
    Ok(first.parse()?)
}
