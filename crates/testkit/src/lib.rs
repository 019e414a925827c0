//! For tests only: what a test needs around the rooms it tests.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot be set up has failed"
)]

#[cfg(feature = "directory")]
pub mod directory;
#[cfg(feature = "domain")]
pub mod entry;
#[cfg(feature = "esia")]
pub mod esia;
#[cfg(feature = "domain")]
pub mod factor;
pub mod http;
pub mod kerberos;
#[cfg(feature = "domain")]
pub mod pki;
#[cfg(feature = "provider")]
pub mod provider;
pub mod storage;
#[cfg(feature = "domain")]
pub mod visit;

/// A port of this machine that nobody listens at.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its address").port()
}
