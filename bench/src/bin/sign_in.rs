//! Durable sign-ins by certificate per second (RSA-2048, chain of three, 32 clients): `bench/sign-in`.
//!
//! The clients' own signing is not measured: all challenges are fetched, then all are signed, then all answers are
//! sent; the rate is the sign-ins over the time of the first and the last part.
#![expect(clippy::indexing_slicing, reason = "JSON: what is missing is null")]

use std::fs;
use std::path::Path;
use std::time::{Instant, SystemTime};

use anyhow::{Context, Result, ensure};
use bench::key::{known_key, signed};
use bench::load::{median, timed};
use bench::site::{Server, Visitor, built};
use data_encoding::{BASE64, BASE64_MIME};
use esign::certificate::Certificate;
use esign::cms::verify_sign_in;
use esign::pkcs12::Container;
use esign::profile::Profile;
use esign::provider::native;
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, TrustStore};
use serde_json::json;

const CLIENTS: usize = 32;
const EACH: usize = 40;
const ROUNDS: usize = 3;

fn main() -> Result<()> {
    let data = std::env::temp_dir().join(format!("kabinet-bench-{}", std::process::id()));
    let arguments = ["demo", "--data", &data.to_string_lossy(), "--listen", "ADDRESS"];
    let site = Server::start(&built()?.join("kabinet"), &arguments, "/health")?;
    let person = known_key(&data)?;
    let mut visitors = (0..CLIENTS)
        .map(|_| Visitor::open(site.address))
        .collect::<Result<Vec<_>>>()?;
    round(&mut visitors, &person, 2)?;
    let rates = (0..ROUNDS)
        .map(|_| round(&mut visitors, &person, EACH))
        .collect::<Result<Vec<_>>>()?;
    let (served, bare) = (median(rates), bare(&data, &person)?);
    println!("sign-in by certificate, durable, {CLIENTS} clients: {served:.0}/s");
    println!("the same answers only verified, one thread:    {bare:.0}/s");
    println!("  = {:.2} x   (must reach 2500/s, or 0.4 x)", served / bare);
    fs::remove_dir_all(&data)?;
    Ok(())
}

/// Sign-ins per second.
fn round(visitors: &mut [Visitor], person: &Container, each: usize) -> Result<f64> {
    let (texts, asking) = timed(visitors, |visitor, _| {
        (0..each)
            .map(|_| {
                let posed = visitor.post_json("/sign-in/challenge", &json!({ "purpose": "sign-in" }))?;
                posed["text"].as_str().map(str::to_owned).context("text")
            })
            .collect::<Result<Vec<_>>>()
    })?;
    let answers = texts
        .iter()
        .map(|texts| texts.iter().map(|text| signed(person, text)).collect())
        .collect::<Result<Vec<Vec<_>>>>()?;
    visitors.iter_mut().try_for_each(Visitor::reconnect)?;
    let (_, answering) = timed(visitors, |visitor, index| {
        for cms in answers.get(index).into_iter().flatten() {
            let answer = visitor.post_form("/sign-in/certificate", &[("cms", cms), ("return_to", "")])?;
            ensure!(
                answer.cookie("__Host-kabinet").is_some(),
                "refused: {} {}",
                answer.status,
                String::from_utf8_lossy(&answer.body)
            );
        }
        Ok(())
    })?;
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    Ok((visitors.len() * each) as f64 / (asking + answering).as_secs_f64())
}

/// Verifications per second of such answers, as the server makes them, and nothing else.
fn bare(data: &Path, person: &Container) -> Result<f64> {
    let certificates = |file: &str| {
        let pem = fs::read_to_string(data.join("authority").join(file))?;
        let blocks = pem.split("-----BEGIN CERTIFICATE-----").skip(1);
        blocks
            .map(|block| {
                let base64 = block.split("-----END").next().unwrap_or_default();
                let der = BASE64_MIME.decode(base64.trim_start().as_bytes())?;
                Certificate::parse(der).map_err(|_| anyhow::anyhow!("{file} holds no certificate"))
            })
            .collect::<Result<Vec<_>>>()
    };
    let mut group = AnchorGroup::new("demo", Profile::Kz, certificates("root.pem")?);
    group.intermediates = certificates("intermediates.pem")?;
    let trust = TrustStore::new(vec![group]);
    let answers = (0..EACH * CLIENTS)
        .map(|number| {
            let text = format!("Kabinet/1 sign-in {number}");
            Ok((BASE64.decode(signed(person, &text)?.as_bytes())?, text))
        })
        .collect::<Result<Vec<_>>>()?;
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let at = UnixTime(i64::try_from(now.as_secs())?);
    let started = Instant::now();
    for (cms, text) in &answers {
        let verdict = verify_sign_in(cms, text.as_bytes(), &trust, at, native());
        ensure!(verdict.code().is_none(), "refused: {:?}", verdict.code());
    }
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    Ok(answers.len() as f64 / started.elapsed().as_secs_f64())
}
