use gost::{ByteOrder, ParameterSet, SigningKey, VerifyingKey};
use std::hint::black_box;
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}
fn rate(mut f: impl FnMut()) -> f64 {
    for _ in 0..4 { f(); }
    let best = (0..5).map(|_| { let t = cpu(); let mut n = 0.0; while cpu() - t < 0.03 { for _ in 0..16 { f(); } n += 16.0; } n / (cpu() - t) });
    best.fold(0.0, f64::max)
}
fn main() {
    for set in ParameterSet::ALL {
        let d: Vec<u8> = (1..=u8::try_from(set.field_len() - 1).unwrap()).chain([0]).collect();
        let key = SigningKey::from_little_endian(set, &d).unwrap();
        let digest = vec![7; set.field_len()];
        let sig = key.sign_prehash(ByteOrder::Russian, &digest, &[]).unwrap();
        let v = key.verifying_key();
        let bytes = v.to_bytes();
        let warm = rate(|| v.verify_prehash(ByteOrder::Russian, &digest, sig.as_ref()).unwrap());
        let cold = rate(|| VerifyingKey::from_bytes(set, &bytes).unwrap().verify_prehash(ByteOrder::Russian, &digest, sig.as_ref()).unwrap());
        let two = rate(|| { let k = VerifyingKey::from_bytes(set, &bytes).unwrap(); for _ in 0..2 { k.verify_prehash(ByteOrder::Russian, &digest, sig.as_ref()).unwrap() } });
        let sign = rate(|| { black_box(key.sign_prehash(ByteOrder::Russian, &digest, &[]).unwrap()); });
        println!("{set:?}: warm {warm:.0} cold {cold:.0} first two {two:.0} sign {sign:.0}");
    }
}
