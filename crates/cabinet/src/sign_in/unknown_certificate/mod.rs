//! A good certificate that no account holds (requirements, D-7 … D-9).
//!
//! - It waits in a ticket of its browser until its owner has proved an account, has said to be new, or has given up.
//!   Nothing is bound before that, and an account that was found is not described (D-7.d).
//! - Where it states a number of the account that was proved, it is bound with that. Where nothing on it says whose it is,
//!   the person sees both sides and confirms: the browser may be a shared one (B-5.f, A-7.b).
//! - Numbers that differ, and a certificate or number of another account, stop it (D-8.b, D-8.c).

mod adopt;
mod bind;
mod held;
mod likely;
mod phone;
mod refusal;
mod register;

pub use adopt::{Adopted, Choice, Confirmation, adopt, adopt_by_session, confirm, preview};
pub(super) use bind::owners;
pub(super) use held::begin;
pub use held::{PendingCertificate, Waiting, Why, count_refused_proof, give_up, waiting};
pub(super) use likely::is_likely;
pub use phone::{give_code, send_code};
pub use refusal::UnknownCertificateRefusal;
pub use register::register;

/// Refused proofs that a certificate that waits survives (B-5.c).
const PROOFS: u32 = 5;
