//! Contacts: first entry, change, confirmation, undo.

mod change;
mod confirm;
mod crowd;
mod first_entry;
pub(crate) mod resident;
mod undo;
