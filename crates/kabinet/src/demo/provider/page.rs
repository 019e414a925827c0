//! The two pages that a person sees.

use askama::Template;
use text::Lang;

use super::people::{Contact, Resident};

/// Choosing oneself.
#[derive(Template)]
#[template(path = "demo_provider/choose.html")]
pub(super) struct Choose<'a> {
    pub(super) lang: Lang,
    /// The whole request, to come back with.
    pub(super) request: &'a str,
    pub(super) residents: &'static [Resident],
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
    const fn lang(&self) -> Lang {
        self.lang
    }

    fn standing(&self, resident: &Resident) -> &'static str {
        standing(self.lang, resident)
    }
}

impl Consent<'_> {
    const fn lang(&self) -> Lang {
        self.lang
    }

    fn standing(&self, resident: &Resident) -> &'static str {
        standing(self.lang, resident)
    }

    fn verification(&self, contact: &Contact) -> &'static str {
        if contact.is_verified {
            text::demo_provider::verified(self.lang)
        } else {
            text::demo_provider::unverified(self.lang)
        }
    }
}

impl Refused {
    const fn lang(&self) -> Lang {
        self.lang
    }
}

fn standing(lang: Lang, resident: &Resident) -> &'static str {
    if resident.is_confirmed {
        text::demo_provider::account_confirmed(lang)
    } else {
        text::demo_provider::account_simple(lang)
    }
}
