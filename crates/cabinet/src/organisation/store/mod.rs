//! The statements of the capability: what anybody may look up, what is brought in, and what belongs to one
//! organisation, which takes its scope.

mod own;
mod place;
mod public;

pub(super) use own::*;
pub(super) use place::*;
pub(super) use public::*;
