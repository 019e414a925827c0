//! Verification and signing beside OpenSSL's GOST engine, in turns on one core, by CPU time. `bench/gost` runs it.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};

use data_encoding::HEXLOWER;
use gost::{ByteOrder, ParameterSet, SigningKey, VerifyingKey};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The set, the last octet of its key's algorithm, its identifier below 1.2.643, and how many times as fast as the
/// engine a remembered key must be.
const SETS: [(ParameterSet, u8, &[u8], f64); 6] = [
    (ParameterSet::CryptoProA, 1, &[2, 2, 0x23, 1], 3.5),
    (ParameterSet::CryptoProB, 1, &[2, 2, 0x23, 2], 0.0),
    (ParameterSet::Tc26A256, 1, &[7, 1, 2, 1, 1, 1], 1.6),
    (ParameterSet::Tc26A512, 2, &[7, 1, 2, 1, 2, 1], 2.0),
    (ParameterSet::Tc26B512, 2, &[7, 1, 2, 1, 2, 2], 0.0),
    (ParameterSet::Tc26C512, 2, &[7, 1, 2, 1, 2, 3], 1.3),
];

const ROUNDS: usize = 9;
/// CPU time of one measurement.
const NANOSECONDS: f64 = 50e6;

fn main() -> Result<ExitCode> {
    let Some(program) = std::env::args().nth(1) else {
        return Err("give the program that asks the engine; see bench/gost".into());
    };
    let mut engine = Engine::start(&program)?;
    println!("operations per second of CPU time; ratio: remembered key to engine");
    println!(
        "{:<11} {:>8} {:>10} {:>7} {:>6} {:>9} {:>8} {:>8} {:>8}",
        "", "engine", "remembered", "ratio", "limit", "first use", "ratio", "engine", "sign"
    );
    let mut kept = true;
    for (set, key, curve, limit) in SETS {
        let [theirs, remembered, first, their_signing, signing] = measure(&mut engine, set, key, curve)?;
        let ratio = remembered / theirs;
        kept &= ratio >= limit;
        println!(
            "{:<11} {theirs:>8.0} {remembered:>10.0} {ratio:>6.2}x {limit:>6.1} {first:>9.0} {:>7.2}x \
             {their_signing:>8.0} {signing:>8.0}",
            format!("{set:?}"),
            first / theirs,
        );
    }
    Ok(if kept {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Medians of the rounds: engine and ours with a remembered key, with a key read for the purpose; signing.
fn measure(engine: &mut Engine, set: ParameterSet, key: u8, curve: &[u8]) -> Result<[f64; 5]> {
    let length = set.field_len();
    let scalar: Vec<u8> = (1..).take(length - 1).chain([0]).collect();
    let signing = SigningKey::from_little_endian(set, &scalar)?;
    let digest = vec![7; length];
    let signature = signing.sign_prehash(ByteOrder::Russian, &digest, &[])?;
    let remembered = signing.verifying_key();
    let point = remembered.to_bytes();

    let algorithm = algorithm(key, curve);
    let private = der(0x30, &[&der(0x02, &[&[0]]), &algorithm, &der(0x04, &[&scalar])]);
    let public = der(0x30, &[&algorithm, &der(0x03, &[&[0], &der(0x04, &[&point])])]);
    let hex = HEXLOWER.encode(&digest);
    let verify = format!(
        "{} {hex} {}",
        HEXLOWER.encode(&public),
        HEXLOWER.encode(signature.as_ref())
    );
    let sign = format!("{} {hex}", HEXLOWER.encode(&private));

    let valid = |key: &VerifyingKey| {
        let verdict = key.verify_prehash(ByteOrder::Russian, &digest, signature.as_ref());
        black_box(verdict).is_ok()
    };
    let read = || VerifyingKey::from_bytes(set, &point).is_ok_and(|key| valid(&key));
    let made = || black_box(signing.sign_prehash(ByteOrder::Russian, &digest, &scalar)).is_ok();
    let mut rates: [Vec<f64>; 5] = Default::default();
    for _ in 0..ROUNDS {
        let round = [
            engine.rate("time-verify", &verify)?,
            ours(|| valid(&remembered))?,
            ours(read)?,
            engine.rate("time-sign", &sign)?,
            ours(made)?,
        ];
        for (rates, rate) in rates.iter_mut().zip(round) {
            rates.push(rate);
        }
    }
    Ok(rates.map(|mut rates| {
        rates.sort_by(f64::total_cmp);
        rates.get(ROUNDS / 2).copied().unwrap_or_default()
    }))
}

/// Calls per second, as many as a measurement takes.
fn ours(call: impl Fn() -> bool) -> Result<f64> {
    let start = cpu_time()?;
    let (mut calls, mut spent) = (0.0, 0.0);
    while spent < NANOSECONDS {
        for _ in 0..16 {
            if !call() {
                return Err("a good signature was refused".into());
            }
        }
        calls += 16.0;
        spent = cpu_time()? - start;
    }
    Ok(calls * 1e9 / spent)
}

/// Nanoseconds that this process was on a core.
fn cpu_time() -> Result<f64> {
    let statistics = fs::read_to_string("/proc/self/schedstat")?;
    let on_core = statistics
        .split(' ')
        .next()
        .ok_or("no CPU time in /proc/self/schedstat")?;
    Ok(on_core.parse()?)
}

/// The engine, in a program of its own.
struct Engine {
    program: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Engine {
    fn start(program: &str) -> Result<Self> {
        let mut program = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(questions), Some(answers)) = (program.stdin.take(), program.stdout.take()) else {
            return Err("no pipes".into());
        };
        let answers = BufReader::new(answers);
        Ok(Self {
            program,
            questions,
            answers,
        })
    }

    fn rate(&mut self, command: &str, question: &str) -> Result<f64> {
        let few = self.time(command, 20, question)?;
        let count = (20.0 * NANOSECONDS / few).round();
        Ok(count * 1e9 / self.time(command, count, question)?)
    }

    fn time(&mut self, command: &str, count: impl std::fmt::Display, question: &str) -> Result<f64> {
        writeln!(self.questions, "{command} {count} {question}")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        Ok(answer
            .trim()
            .parse()
            .map_err(|_| format!("the engine said: {answer}"))?)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // It has nothing to lose.
        let _ = self.program.kill().and_then(|()| self.program.wait());
    }
}

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    match u8::try_from(content.len()).unwrap_or(u8::MAX) {
        length @ 0..=0x7F => [&[tag, length], &content[..]].concat(),
        length => [&[tag, 0x81, length], &content[..]].concat(),
    }
}

/// AlgorithmIdentifier of GOST R 34.10-2012 with a curve and Streebog (RFC 9215 §4.1).
fn algorithm(key: u8, curve: &[u8]) -> Vec<u8> {
    let russian = |arcs: &[u8]| der(0x06, &[&[0x2A, 0x85, 0x03], arcs]);
    let parameters = der(0x30, &[&russian(curve), &russian(&[7, 1, 1, 2, key + 1])]);
    der(0x30, &[&russian(&[7, 1, 1, 1, key]), &parameters])
}
