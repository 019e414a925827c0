//! What the worker calls, and the one thing it is asked for: random bytes. All `unsafe` of the module is here.
#![expect(unsafe_code, reason = "the boundary to the page's script has no safe form")]

use std::sync::{Mutex, MutexGuard, PoisonError};

use esign::time::UnixTime;

use crate::Signer;

static SIGNER: Mutex<Signer> = Mutex::new(Signer::new());

fn signer() -> MutexGuard<'static, Signer> {
    SIGNER.lock().unwrap_or_else(PoisonError::into_inner)
}

#[link(wasm_import_module = "kabinet")]
unsafe extern "C" {
    /// Fills `length` bytes at `address` with cryptographically random ones.
    fn random(address: *mut u8, length: usize);
}

fn fill(bytes: &mut [u8]) {
    // SAFETY: address and length are those of a slice that is borrowed mutably for the time of the call; the
    // worker writes exactly `length` bytes and keeps no pointer.
    unsafe { random(bytes.as_mut_ptr(), bytes.len()) }
}

// SAFETY of the names below: each is exported once, and the module links nothing else that could bear it.

/// Makes room for an argument of the next call; the worker writes it there.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn allocate(length: usize) -> *mut u8 {
    signer().allocate(length)
}

/// Opens a key file; both arguments were placed with [`allocate`]. See [`answer`].
#[unsafe(no_mangle)]
pub(crate) extern "C" fn open(file: *const u8, password: *const u8) {
    let mut signer = signer();
    let file = signer.take(file);
    let password = signer.take(password);
    signer.open(&file, &password);
}

/// Signs with a key of the opened file; 1 if the answer is the message, 0 if it says why not.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn sign(index: usize, content: *const u8, at: i64) -> u32 {
    let mut signer = signer();
    let content = signer.take(content);
    u32::from(signer.sign(index, &content, UnixTime(at), &mut fill))
}

/// Reads a certificate. See [`answer`].
#[unsafe(no_mangle)]
pub(crate) extern "C" fn look(certificate: *const u8) {
    let mut signer = signer();
    let certificate = signer.take(certificate);
    signer.look(&certificate);
}

/// Reads whose certificate a message over this content names. See [`answer`].
#[unsafe(no_mangle)]
pub(crate) extern "C" fn look_at_signed(message: *const u8, content: *const u8) {
    let mut signer = signer();
    let message = signer.take(message);
    let content = signer.take(content);
    signer.look_at_signed(&message, &content);
}

/// Where the last answer lies; valid until the next call.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn answer() -> *const u8 {
    signer().answer().as_ptr()
}

/// How long the last answer is.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn answer_length() -> usize {
    signer().answer().len()
}

/// Forgets the key file and wipes what was held of it.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn close() {
    signer().close();
}
