//! Certificates and signatures judged end to end, by published vectors and by messages made with other tools.
#![cfg(all(feature = "native", feature = "portable"))]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod budget;
mod cades;
mod cms;
mod crl;
mod crt;
mod detached;
mod documentation;
mod evidence;
mod forge;
mod gost;
mod groups;
mod identifiers;
mod ocsp;
mod openssl;
mod pkits;
mod responder;
mod revocation;
mod signers;
mod stamps;
mod tsp;
mod worst;
mod wycheproof;

use std::path::PathBuf;

/// A folder of published vectors, or `None` with a message where they are absent.
fn vectors(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/vectors")).join(name);
    if !folder.exists() {
        println!("skipped: {} is absent", folder.display());
        return None;
    }
    Some(folder)
}

/// The content octets of an object identifier.
fn oid_content(dotted: &str) -> Vec<u8> {
    const_oid::ObjectIdentifier::new(dotted)
        .unwrap()
        .as_bytes()
        .to_vec()
}
