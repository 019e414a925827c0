//! The two pages that a person sees.

use askama::Template;
use text::Lang;

use super::people::{RESIDENTS, Resident};

/// Choosing oneself.
#[derive(Template)]
#[template(path = "demo_provider/choose.html")]
pub(super) struct Choose<'a> {
    pub(super) lang: Lang,
    /// The whole request, to come back with.
    pub(super) request: &'a str,
}

/// Agreeing to what the portal will be told.
#[derive(Template)]
#[template(path = "demo_provider/consent.html")]
pub(super) struct Consent<'a> {
    pub(super) lang: Lang,
    pub(super) request: &'a str,
    pub(super) portal: &'a str,
    pub(super) resident: &'static Resident,
}

/// A request of somebody else.
#[derive(Template)]
#[template(path = "demo_provider/refused.html")]
pub(super) struct Refused {
    pub(super) lang: Lang,
}

impl Choose<'_> {
    fn residents(&self) -> &'static [Resident] {
        RESIDENTS
    }
}

fn standing(lang: Lang, is_confirmed: bool) -> &'static str {
    if is_confirmed {
        text::demo_provider::account_confirmed(lang)
    } else {
        text::demo_provider::account_simple(lang)
    }
}

fn verification(lang: Lang, is_verified: bool) -> &'static str {
    if is_verified {
        text::demo_provider::verified(lang)
    } else {
        text::demo_provider::unverified(lang)
    }
}
