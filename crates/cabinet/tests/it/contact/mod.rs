//! Contacts: first entry, change, confirmation, undo.

mod change;
mod confirm;
mod crowd;
mod first_entry;
mod prefix;
mod reconfirm;
pub(crate) mod resident;
mod undo;
