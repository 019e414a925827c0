//! What the tests share: files of the shared folder, random bytes that are not.

use std::path::Path;

/// A test file, or nothing where the shared folder is absent.
pub(crate) fn vector(name: &str) -> Option<Vec<u8>> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/vectors")).join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        println!("skipped: {} is absent", path.display());
    }
    bytes
}

/// Bytes that differ from call to call and are the same in every run.
pub(crate) fn counting_random() -> impl FnMut(&mut [u8]) {
    let mut next = 0_u8;
    move |bytes| {
        for byte in bytes {
            next = next.wrapping_mul(5).wrapping_add(113);
            *byte = next;
        }
    }
}
