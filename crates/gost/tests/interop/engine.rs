//! OpenSSL with the GOST engine, in a small C program that is built here, over hundreds of random keys of each set.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use data_encoding::HEXLOWER;
use gost::{ByteOrder, ParameterSet, SigningKey, VerifyingKey};
use streebog::{Digest, Streebog512};

const KEYS: u64 = 200;

/// The program, answering a line with a line.
struct Engine {
    program: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Engine {
    fn start() -> Option<Self> {
        let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gost-engine");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/engine.c");
        let mut cc = Command::new("cc");
        let built = cc
            .args(["-O2", "-o"])
            .arg(&program)
            .args([source, "-lcrypto"])
            .output();
        let started = Command::new(&program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let engine = started
            .ok()
            .filter(|_| built.is_ok_and(|built| built.status.success()));
        let engine = engine.and_then(|mut program| {
            let (questions, answers) = (program.stdin.take().unwrap(), program.stdout.take().unwrap());
            let mut engine = Self {
                program,
                questions,
                answers: BufReader::new(answers),
            };
            engine.ask("ready").map(|_| engine)
        });
        let required = std::env::var_os("KABINET_REQUIRE_PEERS").is_some_and(|value| value == "1");
        assert!(
            engine.is_some() || !required,
            "cc, libssl-dev and libengine-gost-openssl are required here"
        );
        if engine.is_none() {
            println!("skipped: no OpenSSL with the GOST engine");
        }
        engine
    }

    fn ask(&mut self, question: &str) -> Option<String> {
        writeln!(self.questions, "{question}").ok()?;
        let mut answer = String::new();
        let length = self.answers.read_line(&mut answer).ok()?;
        (length > 0).then(|| answer.trim().to_owned())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.program.kill().and_then(|()| self.program.wait()).unwrap();
    }
}

/// The set, the digits of the key's algorithm and the curve's identifier after 1.2.643.
const SETS: [(ParameterSet, &str, &str); 10] = [
    (ParameterSet::CryptoProA, "0701010101", "02022301"),
    (ParameterSet::CryptoProA, "0701010101", "02022400"),
    (ParameterSet::CryptoProA, "0701010101", "070102010102"),
    (ParameterSet::CryptoProB, "0701010101", "02022302"),
    (ParameterSet::CryptoProC, "0701010101", "02022303"),
    (ParameterSet::Test2001, "0701010101", "02022300"),
    (ParameterSet::Tc26A256, "0701010101", "070102010101"),
    (ParameterSet::Tc26A512, "0701010102", "070102010201"),
    (ParameterSet::Tc26B512, "0701010102", "070102010202"),
    (ParameterSet::Tc26C512, "0701010102", "070102010203"),
];

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap();
    match length {
        0..=0x7F => [&[tag, length], content].concat(),
        _ => [&[tag, 0x81, length], content].concat(),
    }
}

/// AlgorithmIdentifier, of arcs below 1.2.643.
fn algorithm(key: &str, curve: &str) -> Vec<u8> {
    let russian = |arcs: &str| {
        der(
            0x06,
            &[
                &[0x2A, 0x85, 0x03][..],
                &HEXLOWER.decode(arcs.as_bytes()).unwrap(),
            ]
            .concat(),
        )
    };
    let hash = if key.ends_with('1') {
        "0701010202"
    } else {
        "0701010203"
    };
    der(
        0x30,
        &[russian(key), der(0x30, &[russian(curve), russian(hash)].concat())].concat(),
    )
}

#[test]
fn the_engine_and_we_accept_each_others_signatures_and_keys() {
    let Some(mut engine) = Engine::start() else { return };
    for (set, key, curve) in SETS {
        let algorithm = algorithm(key, curve);
        for number in 0..KEYS {
            let random = |purpose: &str| {
                let mut bytes = Streebog512::digest(format!("{curve} {number} {purpose}")).to_vec();
                bytes.truncate(set.field_len());
                bytes
            };
            let mut scalar = random("key");
            // Below every q.
            scalar[set.field_len() - 1] &= 0x3F;
            let ours = SigningKey::from_little_endian(set, &scalar).unwrap();
            let private = der(
                0x30,
                &[der(0x02, &[0]), algorithm.clone(), der(0x04, &scalar)].concat(),
            );
            let private = HEXLOWER.encode(&private);
            let point = ours.verifying_key().to_bytes();
            let spki = der(
                0x30,
                &[
                    algorithm.clone(),
                    der(0x03, &[&[0][..], &der(0x04, &point)].concat()),
                ]
                .concat(),
            );
            let public = HEXLOWER.encode(&spki);
            // It writes other parameters, but the same point.
            let made = engine.ask(&format!("public {private}")).unwrap();
            assert!(made.ends_with(&HEXLOWER.encode(&point)), "{set:?} {number}");

            let digest = random("digest");
            let hex = HEXLOWER.encode(&digest);
            let signature = ours
                .sign_prehash(ByteOrder::Russian, &digest, &random("entropy"))
                .unwrap();
            let mut judge = |signature: &[u8]| {
                engine
                    .ask(&format!("verify {public} {hex} {}", HEXLOWER.encode(signature)))
                    .unwrap()
            };
            assert_eq!(judge(signature.as_ref()), "valid", "{set:?} {number}");
            let mut changed = signature.as_ref().to_vec();
            changed[usize::try_from(number).unwrap() % (2 * set.field_len())] ^= 4;
            assert_eq!(judge(&changed), "invalid", "{set:?} {number}");

            let theirs = HEXLOWER
                .decode(engine.ask(&format!("sign {private} {hex}")).unwrap().as_bytes())
                .unwrap();
            let key = VerifyingKey::from_bytes(set, &point).unwrap();
            for _ in 0..2 {
                assert_eq!(
                    key.verify_prehash(ByteOrder::Russian, &digest, &theirs),
                    Ok(()),
                    "{set:?} {number}"
                );
            }
            key.verify_prehash(ByteOrder::Russian, &digest, &changed)
                .unwrap_err();
        }
    }
}
