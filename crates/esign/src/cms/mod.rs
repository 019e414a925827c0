//! CMS signatures (RFC 5652) and what CAdES adds to them (ETSI EN 319 122-1, RFC 5126).

#[cfg(feature = "container")]
mod append;
mod attributes;
mod bag;
mod claim;
mod digested;
mod evidence;
mod octets;
mod presented;
mod protection;
mod quirk;
mod raise;
mod references;
mod report;
#[cfg(feature = "container")]
pub mod sign;
mod signature;
mod signed_data;
mod signer;
mod signer_info;
mod splice;
mod stamps;
mod unsigned;
mod verify;

#[cfg(feature = "container")]
pub use append::{AppendError, add_signer, counter_sign};
pub(crate) use bag::Bag;
pub use claim::{claimed_certificate, claimed_signer};
pub use evidence::MAX_CERTIFICATES;
pub(crate) use octets::Octets;
pub use presented::verify_presented;
pub use quirk::Quirk;
pub use raise::{RaiseError, raise_to_lt, raise_to_t};
pub use report::{BroughtEvidence, DocumentReport, Level, SignerReport, TimeStampReport};
pub(crate) use signature::{Content, Signed, algorithm_problem};
pub(crate) use signed_data::SignedData;
pub use signer::VerifiedSigner;
pub use signer_info::{MAX_SIGNERS, MAX_TIME_STAMPS};
pub use unsigned::TimeStampKind;
pub use verify::{MAX_MESSAGE, MAX_SIGN_IN, verify_detached, verify_document, verify_sign_in};

const _: () = assert!(MAX_CERTIFICATES <= crate::path::MAX_CANDIDATES);
