//! Builds `esign-web` for the browser with a nested Cargo, so that plain `cargo build` is all there is to do.
//! The result lies in `OUT_DIR` as `esign_web.wasm`.

use std::env::{var_os, vars_os};
use std::error::Error;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";
const ADD_TARGET: &str = "rustup target add wasm32-unknown-unknown";
/// Name of the module in `OUT_DIR`.
pub(crate) const FILE: &str = "esign_web.wasm";

/// Ciphers in the form that is small rather than fast: they only decrypt key files.
const COMPACT: [&str; 2] = [
    r#"kuznyechik_backend="compact_soft""#,
    r#"aes_backend_soft="compact""#,
];

/// What the module is made of, seen from the workspace's root.
const SOURCES: [&str; 8] = [
    "Cargo.toml",
    "Cargo.lock",
    "crates/esign/Cargo.toml",
    "crates/esign/src",
    "crates/esign-web/Cargo.toml",
    "crates/esign-web/src",
    "crates/gost/Cargo.toml",
    "crates/gost/src",
];

pub(crate) fn build() -> Result<(), Box<dyn Error>> {
    let out = variable("OUT_DIR")?;
    let root = variable("CARGO_MANIFEST_DIR")?.join("../..").canonicalize()?;
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    println!("cargo::rerun-if-changed=build");

    ensure_target()?;
    let target_dir = nested_target_dir(&out)?;
    let mut cargo = Command::new(variable("CARGO")?);
    cargo
        .args([
            "build",
            "--locked",
            "--package",
            "esign-web",
            "--lib",
            "--profile",
            "wasm",
        ])
        .args(["--target", TARGET, "--target-dir"])
        .arg(&target_dir)
        .current_dir(&root);
    isolate(&mut cargo, &root);
    let output = cargo.output()?;
    if !output.status.success() {
        let log = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the page's signing module does not build:\n{log}").into());
    }
    std::fs::copy(target_dir.join(TARGET).join("wasm").join(FILE), out.join(FILE))?;
    Ok(())
}

/// A directory beside the profile directories, shared by debug and release builds. It must not be the outer
/// build's own: two Cargos would wait for each other's lock for ever.
fn nested_target_dir(out: &Path) -> Result<PathBuf, Box<dyn Error>> {
    out.ancestors()
        .find(|directory| directory.ends_with("build"))
        .and_then(|build| build.parent()?.parent())
        .map(|target| target.join("signer"))
        .ok_or_else(|| format!("OUT_DIR has an unknown layout: {}", out.display()).into())
}

/// Keeps the outer build's settings (flags for the native CPU, clippy's wrapper, profile overrides) out of
/// the nested one, and this machine's paths out of the module.
fn isolate(cargo: &mut Command, root: &Path) {
    const NAMES: [&str; 9] = [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_BUILD_RUSTFLAGS",
        "CARGO_BUILD_TARGET",
        "CARGO_BUILD_TARGET_DIR",
        "CARGO_BUILD_BUILD_DIR",
        "CARGO_TARGET_DIR",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
    ];
    const PREFIXES: [&str; 4] = [
        "CARGO_PROFILE_",
        "CARGO_CFG_",
        "CARGO_FEATURE_",
        "CARGO_TARGET_WASM32_",
    ];
    for (name, _) in vars_os() {
        let text = name.to_string_lossy();
        if NAMES.contains(&&*text) || PREFIXES.iter().any(|prefix| text.starts_with(prefix)) {
            cargo.env_remove(&name);
        }
    }
    let mut flags = remap(root, "kabinet");
    if let Some(home) = cargo_home() {
        flags.push("\u{1f}");
        flags.push(remap(&home, "cargo"));
    }
    for backend in COMPACT {
        flags.push("\u{1f}--cfg=");
        flags.push(backend);
    }
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags);
}

fn remap(path: &Path, name: &str) -> OsString {
    let mut flag = OsString::from("--remap-path-prefix=");
    flag.push(path);
    flag.push("=");
    flag.push(name);
    flag
}

fn cargo_home() -> Option<PathBuf> {
    let home = || Some(PathBuf::from(var_os("HOME").or_else(|| var_os("USERPROFILE"))?).join(".cargo"));
    var_os("CARGO_HOME").map(PathBuf::from).or_else(home)
}

/// Installs the browser's target where rustup did not do so by itself.
fn ensure_target() -> Result<(), Box<dyn Error>> {
    if target_installed()? {
        return Ok(());
    }
    println!("cargo::warning=the target {TARGET} is missing: running `{ADD_TARGET}` once");
    let added = Command::new("rustup").args(["target", "add", TARGET]).status();
    if added.is_ok_and(|status| status.success()) && target_installed()? {
        return Ok(());
    }
    Err(format!("the page's signing module needs the target {TARGET}; install it with: {ADD_TARGET}").into())
}

fn target_installed() -> Result<bool, Box<dyn Error>> {
    let mut rustc = Command::new(variable("RUSTC")?);
    let output = rustc
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()?;
    let directory = String::from_utf8(output.stdout)?;
    Ok(output.status.success() && Path::new(directory.trim()).is_dir())
}

pub(crate) fn variable(name: &str) -> Result<PathBuf, Box<dyn Error>> {
    var_os(name)
        .map(PathBuf::from)
        .ok_or_else(|| format!("{name} is not set: run this through Cargo").into())
}
