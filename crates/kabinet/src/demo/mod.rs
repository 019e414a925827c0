//! A city portal with invented people. Everything lives in one folder, which a second start reuses.

mod authority;
mod guide;
mod past;
mod people;
mod provider;

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use aws_lc_rs::rand;
use esign::pkcs12::{Entry, Protection};

use crate::cli::{Demo, Listen};
use crate::config::Config;
use crate::{clock, log, serve};
use authority::{Authority, Issued};
use people::{KEY_PASSWORD, PEOPLE, Person, RENEWED};

/// The configuration within the folder of a demo.
pub(crate) const CONFIG: &str = "kabinet.toml";
/// Root and intermediates together, for `kabinet verify --anchors` and for openssl.
const ANCHORS: &str = "authority/anchors.pem";
const KEYS: &str = "keys";
/// Rounds of key derivation in key files: as the common programs do, quick enough for a phone.
const ROUNDS: u32 = 10_000;

/// `kabinet demo`
pub(crate) fn run(demo: &Demo) -> Result<()> {
    let folder = &demo.data;
    if !guide::is_in(folder) {
        if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
            bail!(
                "{0} holds other things than a demo; name another folder with --data",
                folder.display()
            );
        }
        make(folder).with_context(|| format!("the demo could not be made in {}", folder.display()))?;
    }
    let Listen { address, by_name } = demo.listen;
    let listener = TcpListener::bind(address).with_context(|| serve::cannot_listen(address))?;
    let address = listener.local_addr()?;
    let mut config = Config::load(&folder.join(CONFIG), &crate::config::environment())?;
    config.server.listen = address;
    config.server.base_url = if by_name {
        localhost(address)
    } else {
        base_url(address)
    };
    log::start(&config.log)?;
    let provider = start_provider(&mut config)?;
    guide::write(folder, &config.server.base_url, provider.as_deref())?;
    guide::print(folder, &config.server.base_url, provider.as_deref());
    serve::run(&config, listener, serve::Kind::Demo)
}

/// Where people may sign in beside the portal.
fn start_provider(config: &mut Config) -> Result<Option<String>> {
    let listener = provider::bind(config.server.listen)?;
    let issuer = base_url(listener.local_addr()?);
    if !provider::announce(config, &issuer) {
        return Ok(None);
    }
    provider::start(listener, &issuer, config)?;
    Ok(Some(issuer))
}

fn base_url(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        localhost(address)
    } else {
        format!("http://{address}")
    }
}

fn localhost(address: SocketAddr) -> String {
    format!("http://localhost:{}", address.port())
}

/// Makes everything beside the folder and moves it there at the end, so that there is a whole demo or none.
fn make(folder: &Path) -> Result<()> {
    eprintln!(
        "Making the demo: a certification authority, {} people, a database …",
        PEOPLE.len()
    );
    let mut part = folder.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    if part.exists() {
        fs::remove_dir_all(&part)?;
    }
    fs::create_dir_all(part.join(KEYS))?;
    fs::create_dir_all(part.join("authority"))?;
    fs::write(part.join(CONFIG), include_str!("kabinet.toml"))?;

    let now = clock::now();
    let mut authority = Authority::new(Duration::from_secs(now.as_seconds().unsigned_abs()))?;
    let mut keys = Vec::new();
    for person in PEOPLE {
        let issued = person
            .keys
            .iter()
            .map(|key| authority.issue(person, *key))
            .collect::<Result<Vec<_>>>()?;
        fs::write(part.join(KEYS).join(person.file), key_file(person, &issued))?;
        keys.push((person, issued));
    }
    renew(&mut authority, &part.join(KEYS))?;
    let (root, intermediates) = (authority.root(), authority.intermediates());
    fs::write(part.join(ANCHORS), format!("{root}{intermediates}"))?;
    fs::write(part.join("authority/root.pem"), root)?;
    fs::write(part.join("authority/intermediates.pem"), intermediates)?;
    fs::write(part.join("authority/revoked.pem"), authority.revocation_lists()?)?;

    past::live(&Config::load(&part.join(CONFIG), &[])?, &keys, now)?;
    guide::write(&part, "", None)?;
    fs::rename(&part, folder)?;
    Ok(())
}

/// The key that follows somebody's: with it the first entry of an unknown certificate and a renewal can be tried.
fn renew(authority: &mut Authority, keys: &Path) -> Result<()> {
    for person in PEOPLE.iter().filter(|person| person.iin == RENEWED.iin) {
        let issued = authority.issue(person, RENEWED.key)?;
        fs::write(keys.join(RENEWED.certificate), issued.certificate.der())?;
        fs::write(keys.join(RENEWED.file), key_file(person, &[issued]))?;
    }
    Ok(())
}

fn key_file(person: &Person, issued: &[Issued]) -> Vec<u8> {
    let entries: Vec<Entry<'_>> = issued
        .iter()
        .map(|key| Entry {
            private_key: &key.private_key,
            certificate: key.certificate.der(),
            friendly_name: person.iin,
        })
        .collect();
    let protection = Protection {
        password: KEY_PASSWORD,
        rounds: ROUNDS,
    };
    esign::pkcs12::write(&entries, &[], protection, &mut random)
}

/// The system's randomness for esign, which takes its own from nobody.
fn random(bytes: &mut [u8]) {
    if rand::fill(bytes).is_err() {
        // Without randomness a key file protects nothing.
        std::process::abort();
    }
}
