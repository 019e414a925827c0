//! Every word that a person reads, in Russian, Kazakh and English.
//!
//! Texts live in `ru/<capability>.ftl`, `kk/…` and `en/…` (Fluent). The build script holds the languages against
//! each other and makes a module of each capability: the message `title` of `sign_in.ftl` is
//! `text::sign_in::title(lang)`, its attribute `.hint` is `title_hint(lang)`. Variables become parameters in
//! alphabetical order: `u64` for `$count` and for plural selectors, `&str` for the rest.

pub mod date;
mod lang;
pub mod name;
pub mod number;
mod plural;

pub use lang::Lang;

/// What a person is told when something is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// What happened, in one sentence.
    pub what: &'static str,
    /// Why, and how it is put right.
    pub why: &'static str,
    /// What to do now, as the words of a button.
    pub now: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
