//! The house and the binary: arrows between the rooms, sizes of files, the command line, the demo.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod anchors;
mod arrows;
mod command_line;
mod demo;
mod demo_provider;
mod inspect;
mod sizes;
mod storm;
mod verify;
