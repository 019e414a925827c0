//! Through outside providers: entering, linking from both sides, unlinking, switching off.

mod enter;
mod link;
mod provider;
mod traveller;
mod unlink;
