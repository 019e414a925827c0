//! Contacts: first entry, change, confirmation, undo.

mod change;
mod confirm;
mod first_entry;
mod resident;
mod undo;
