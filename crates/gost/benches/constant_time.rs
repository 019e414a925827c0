//! Signs with a key made of a seed, over and over. `bench/gost-constant-time` counts the instructions.

use std::error::Error;
use std::hint::black_box;

use gost::{ByteOrder, ParameterSet, SigningKey};
use streebog::{Digest, Streebog512};

/// Orders just below a power of two: the first candidate for the one-time number is always in range, and chance does
/// not decide how many are made.
const SETS: [ParameterSet; 3] = [
    ParameterSet::CryptoProA,
    ParameterSet::Tc26A512,
    ParameterSet::Tc26C512,
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<usize> = std::env::args()
        .skip(1)
        .map_while(|argument| argument.parse().ok())
        .collect();
    let [set, seed, count] = arguments[..] else {
        return Err("constant_time SET SEED COUNT".into());
    };
    let set = SETS.into_iter().nth(set).ok_or("no such set")?;
    let random = |purpose: &str| {
        let mut bytes = Streebog512::digest(format!("{seed} {purpose}")).to_vec();
        bytes.truncate(set.field_len());
        bytes
    };
    let mut scalar = random("key");
    // Below q; and keys that are mostly zeros or ones among the others.
    match seed {
        0 => scalar.iter_mut().skip(1).for_each(|byte| *byte = 0),
        1 => scalar.fill(0xFF),
        _ => (),
    }
    scalar.last_mut().into_iter().for_each(|byte| *byte &= 0x1F);
    let key = SigningKey::from_little_endian(set, &scalar)?;
    let (digest, added) = (random("digest"), random("entropy"));
    for _ in 0..count {
        black_box(key.sign_prehash(ByteOrder::Russian, &digest, &added)?);
    }
    Ok(())
}
