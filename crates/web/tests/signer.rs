//! The signing module as it is shipped: small, bound to nothing but random bytes, and working in a JavaScript engine.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;

const PATH: &str = concat!(env!("OUT_DIR"), "/esign_web.wasm");
const MODULE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/esign_web.wasm"));
const BUDGET: usize = 210 * 1000;

#[test]
fn the_module_fits_its_budget() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(MODULE).unwrap();
    let size = encoder.finish().unwrap().len();
    println!("signing module: {} bytes, {size} compressed", MODULE.len());
    assert!(size <= BUDGET, "{size} bytes compressed");
}

#[test]
fn web_7_the_module_names_no_folder_of_the_machine_that_built_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    for folder in [root.to_str().unwrap(), "/.cargo/"] {
        assert!(
            !MODULE
                .windows(folder.len())
                .any(|window| window == folder.as_bytes()),
            "{folder}"
        );
    }
}

#[test]
fn a_4_the_worker_opens_key_files_and_signs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let vectors = root.join("../../../shared/vectors");
    let node = Command::new("node").arg("--version").output();
    if !vectors.is_dir() || node.is_err() {
        println!("skipped: no node, or {} is absent", vectors.display());
        return;
    }
    let output = Command::new("node")
        .arg(root.join("../esign-web/tests/node.mjs"))
        .arg(PATH)
        .arg(root.join("assets/signer-worker.js"))
        .arg(vectors)
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    println!("{report}");
    assert!(
        output.status.success(),
        "{report}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
