//! Tries by password for known and unknown logins, in turns: nothing but chance may tell them apart (PWD-5).
//! `bench/enumeration` runs it.
//!
//! Pauses after wrong guesses would soon be all that is measured, so every try comes from another network, and no
//! login is tried more often than strangers may.

use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use bench::load::median;
use bench::site::{Server, Visitor, built};
use serde_json::{Value, json};
use testkit::http::Answer;

/// Logins of the demo that have a password, each beside one of its kind that nobody has.
const PAIRS: [[&str; 2]; 5] = [
    ["910712401035", "880306400120"],
    ["irina.kovaleva@example.kz", "irina.kovalenko@example.kz"],
    ["+77075555555", "+77075555556"],
    ["950412300710", "791123300450"],
    ["ulan@example.kz", "erlan@example.kz"],
];
/// Of each login; the first of them warm up.
const TRIES: u16 = 42;
const WARM_UP: u16 = 2;
/// Requirement 4.1.7.
const MILLISECONDS: f64 = 5.0;
/// Threat PWD-5.
const PERCENT: f64 = 5.0;

fn main() -> Result<()> {
    let data = std::env::temp_dir().join(format!("kabinet-bench-{}", std::process::id()));
    let arguments = ["demo", "--data", &data.to_string_lossy(), "--listen", "ADDRESS"];
    let site = Server::start(&built()?.join("kabinet"), &arguments, "/health")?;
    let mut visitor = Visitor::open(site.address)?;
    let mut times = [Vec::new(), Vec::new()];
    let mut networks = (0..=u16::MAX).map(|number| {
        let [high, low] = number.to_be_bytes();
        Ipv4Addr::new(10, high, low, 1)
    });
    for turn in 0..TRIES {
        for pair in PAIRS {
            let mut answers = Vec::with_capacity(2);
            // Neither is always the first.
            for is_unknown in [turn % 2 == 0, turn % 2 != 0] {
                let [known, unknown] = pair;
                let login = if is_unknown { unknown } else { known };
                if let Some(network) = networks.next() {
                    visitor.forward_for(IpAddr::V4(network));
                }
                let (answer, took) = guess(&mut visitor, login)?;
                answers.push(comparable(&answer)?);
                let [of_known, of_unknown] = &mut times;
                if turn >= WARM_UP {
                    let times = if is_unknown { of_unknown } else { of_known };
                    times.push(took.as_secs_f64() * 1000.0);
                }
            }
            ensure!(
                answers
                    .iter()
                    .all(|(_, body)| code(body) == Some("password.wrong")),
                "no try was to be refused for another reason: {answers:?}"
            );
            ensure!(
                answers.first() == answers.last(),
                "known and unknown are answered differently: {answers:?}"
            );
        }
    }
    drop(site);
    fs::remove_dir_all(&data)?;
    let tries = times.iter().map(Vec::len).min().unwrap_or_default();
    let [known, unknown] = times.map(median);
    let apart = (known - unknown).abs();
    let percent = apart / unknown * 100.0;
    println!("known login {known:.2} ms, unknown login {unknown:.2} ms: medians of {tries} tries each");
    println!("apart: {apart:.2} ms, {percent:.1} %   (less than {MILLISECONDS} ms and {PERCENT} %)");
    ensure!(
        apart < MILLISECONDS && percent < PERCENT,
        "they can be told apart by time"
    );
    Ok(())
}

/// One try with a wrong password.
fn guess(visitor: &mut Visitor, login: &str) -> Result<(Answer, Duration)> {
    let typed = json!({ "login": login, "password": "жаңылыс-құпиясөз-1" });
    let started = Instant::now();
    let answer = visitor.send_json("/api/v1/sign-in/password", &typed)?;
    Ok((answer, started.elapsed()))
}

/// Status and body, without the number of the request.
fn comparable(answer: &Answer) -> Result<(u16, Value)> {
    let mut body: Value = serde_json::from_slice(&answer.body)?;
    let removed = body.as_object_mut().and_then(|body| body.remove("reference"));
    ensure!(removed.is_some(), "not the refusal of a password: {body}");
    Ok((answer.status, body))
}

fn code(body: &Value) -> Option<&str> {
    body.get("code")?.as_str()
}
