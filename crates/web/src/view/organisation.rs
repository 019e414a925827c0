//! Signing in through an organisation, and the organisations one belongs to.

use askama::Template;
use serde::Serialize;

use super::{Page, Refusal};

/// `/organisations`: kind, place, organisation, or a search for a part of its name (B-7).
#[derive(Debug, Clone, Template)]
#[template(path = "organisation_find.html")]
pub struct FindOrganisation {
    /// The frame.
    pub page: Page,
    /// The tabs.
    pub kinds: Vec<KindTab>,
    /// What is chosen so far, the widest first.
    pub chosen: Vec<Chosen>,
    /// What the form carries on: names and values.
    pub carried: Vec<(&'static str, String)>,
    /// What was typed.
    pub text: String,
    /// What there is to choose from.
    pub results: Results,
    /// Why a link did not lead to an organisation.
    pub refusal: Option<Refusal>,
}

/// A kind of organisation.
#[derive(Debug, Clone)]
pub struct KindTab {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// It is the one that is shown.
    pub current: bool,
}

/// A choice that was made, and where it is made anew.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Region, or city or village.
    pub label: &'static str,
    /// Its name.
    pub name: String,
    /// Where to choose another.
    pub href: String,
}

/// What there is to choose from; the page's script shows the same while one types.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Results {
    /// How much was found, in a sentence; empty where nothing was looked for.
    pub said: String,
    /// Regions, places, organisations.
    pub groups: Vec<Group>,
    /// The next page of organisations.
    pub more: Option<More>,
}

/// A link to the next page.
#[derive(Debug, Clone, Serialize)]
pub struct More {
    /// What it says.
    pub words: &'static str,
    /// Where it leads.
    pub href: String,
}

/// Choices of one sort.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// What they are.
    pub title: &'static str,
    /// By name.
    pub picks: Vec<Pick>,
}

/// One choice.
#[derive(Debug, Clone, Serialize)]
pub struct Pick {
    /// Its name.
    pub name: String,
    /// What tells it from others of the same name; empty for places.
    pub about: String,
    /// Where it leads.
    pub href: String,
}

/// `/o/{code}`: the ways in of one organisation, the primary one first (B-1, B-7).
#[derive(Debug, Clone, Template)]
#[template(path = "organisation_enter.html")]
pub struct EnterOrganisation {
    /// The frame, with the organisation's own support.
    pub page: Page,
    /// The organisation's code.
    pub code: String,
    /// Where the form goes.
    pub action: String,
    /// The organisation's name in lists.
    pub short_name: String,
    /// Its full name; empty where it says no more.
    pub name: String,
    /// Where it is.
    pub place: String,
    /// Where to choose another.
    pub other: String,
    /// Local address to open afterwards; empty for the home page.
    pub return_to: String,
    /// The ways in, the primary one first; none where nobody can enter.
    pub ways: Vec<Way>,
    /// What was typed as login.
    pub login: String,
    /// Mistake in the login field.
    pub login_error: Option<String>,
    /// Mistake in the password field.
    pub password_error: Option<String>,
    /// The organisation is to be remembered on this device.
    pub remember: bool,
    /// Why the last attempt was refused.
    pub refusal: Option<Refusal>,
}

/// A way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// The form with login and password.
    Password,
    /// A link to a page of its own.
    Link {
        /// What the button says.
        label: String,
        /// Its address.
        href: String,
    },
    /// A passkey: its button sends a form.
    Passkey {
        /// Where the form goes.
        action: String,
    },
    /// A provider of identities: its button sends a form.
    Provider {
        /// What the button says.
        label: String,
        /// Where its form goes.
        action: String,
        /// The organisation's code, which the form carries.
        organisation: String,
    },
}

impl EnterOrganisation {
    /// The only way in, where that is a provider's: one button «Вход» (B-1).
    fn only_provider(&self) -> bool {
        matches!(self.ways.as_slice(), [Way::Provider { .. }])
    }

    fn has_password(&self) -> bool {
        self.ways.contains(&Way::Password)
    }

    fn has_passkey(&self) -> bool {
        self.ways.iter().any(|way| matches!(way, Way::Passkey { .. }))
    }

    fn password_first(&self) -> bool {
        self.ways.first() == Some(&Way::Password)
    }

    /// The ways that are not the form, with whether each is the primary one.
    fn buttons(&self) -> impl Iterator<Item = (&Way, bool)> {
        let first = self.ways.first();
        self.ways
            .iter()
            .filter(|way| **way != Way::Password)
            .map(move |way| (way, Some(way) == first))
    }
}

/// `/profile/organisations`: where one belongs, and for which organisation one is here now (B-7.b).
#[derive(Debug, Clone, Template)]
#[template(path = "organisations.html")]
pub struct MyOrganisations {
    /// The frame; a person is signed in.
    pub page: Page,
    /// By name.
    pub memberships: Vec<MembershipCard>,
    /// The person is here for none of them.
    pub is_own: bool,
    /// Why the last change was refused.
    pub refusal: Option<Refusal>,
}

/// One organisation of a person.
#[derive(Debug, Clone)]
pub struct MembershipCard {
    /// Its id.
    pub id: String,
    /// Its name in lists.
    pub name: String,
    /// Position and department.
    pub about: String,
    /// The person is here for it now.
    pub is_current: bool,
}
