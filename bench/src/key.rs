//! Somebody of the demo who signs in by certificate.
#![expect(clippy::indexing_slicing, reason = "JSON: what is missing is null")]

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result};
use data_encoding::BASE64;
use esign::cms::sign::{Form, Request, sign};
use esign::pkcs12::{self, Container};
use esign::time::UnixTime;

use crate::site::demo;

/// The key of a valid person of the demo: RSA, and they have a password too.
pub fn known_key(data: &Path) -> Result<Container> {
    let guide = demo(data)?;
    for person in guide["people"].as_array().context("people")? {
        let (Some(file), Some(password)) = (person["key_file"].as_str(), person["key_password"].as_str())
        else {
            continue;
        };
        let container = pkcs12::open(&fs::read(data.join(file))?, password)
            .map_err(|e| anyhow::anyhow!("{file}: {e:?}"))?;
        let usable = person["account_password"].is_string()
            && container.keys.len() == 1
            && container
                .keys
                .iter()
                .all(|k| k.certificate.algorithm_name().starts_with("RSA"));
        if usable {
            return Ok(container);
        }
    }
    anyhow::bail!("the demo has no person with an RSA key")
}

/// The answer to a challenge, as the page sends it.
pub fn signed(person: &Container, text: &str) -> Result<String> {
    let key = person.keys.first().context("key")?;
    let seconds = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)?
        .as_secs();
    let request = Request {
        key: key.private_key.as_ref().context("private key")?,
        certificate: &key.certificate,
        others: &person.others,
        content: text.as_bytes(),
        at: UnixTime(i64::try_from(seconds)?),
        form: Form::Attached,
    };
    let cms = sign(&request, &mut |bytes| bytes.fill(7)).context("signing")?;
    Ok(BASE64.encode(&cms))
}
