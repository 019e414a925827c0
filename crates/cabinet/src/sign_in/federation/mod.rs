//! Ways in through outside providers, and the linking of an identity there with an account here, from both sides.
//!
//! Nobody is matched by an address or a name, and no account is made silently: who is not linked proves an account
//! first, then sees both identities side by side, and only then is the link made (threats LNK-1, LNK-6, LNK-7).
//!
//! A flow is two tickets. The first goes to the provider as `state`: it holds nonce and verifier, belongs to the browser
//! and says what the way is for (OIDC-1 … OIDC-3). The second holds who arrived until the person has confirmed.

pub(super) mod arrival;
mod arrive;
mod begin;
pub(crate) mod compare;
mod confirm;
mod contacts;
mod here;
mod pending;
mod refusal;

pub use arrival::{Arrival, StatedContact};
pub use arrive::{Arrived, arrive};
pub use begin::{Begun, Errand, Intent, Resumed, begin, resume};
pub use compare::{Likeness, PersonIdLine};
pub use confirm::{Choice, Linked, confirm};
pub use contacts::{ContactOffer, answer_new_contacts};
pub use here::{Guess, guess, look};
pub use pending::{
    Confirmation, Pending, Waiting, adopt, adopt_by_session, count_refused_proof, give_up, preview, waiting,
};
pub use refusal::FederationRefusal;

use std::time::Duration;

/// How long a person may take at the provider.
const AWAY: Duration = Duration::from_secs(15 * 60);
/// How far the clock of a provider may be behind ours.
const LEEWAY: Duration = Duration::from_secs(60);
/// How long who arrived is remembered until the link is confirmed (B-5.b).
const PENDING: Duration = Duration::from_secs(15 * 60);
/// Refused proofs that a link that waits survives (B-5.c).
const PROOFS: u32 = 5;
