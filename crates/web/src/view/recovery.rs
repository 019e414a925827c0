//! Back into an account whose usual way in is lost.

use askama::Template;
use cabinet::binding::SecondFactor;
use cabinet::contact::Slot;
use cabinet::recovery::Sent;

use super::provider::ProviderButton;
use super::{Page, Refusal};

/// `/recover`: the ways there are in general, not those of anybody in particular.
#[derive(Debug, Clone, Template)]
#[template(path = "recovery.html")]
pub struct Recover {
    /// The frame.
    pub page: Page,
    /// Where whoever enters by another way ends the recovery.
    pub return_to: String,
    /// The providers that everybody is offered.
    pub providers: Vec<ProviderButton>,
    /// The organisation whose user name may be typed: its code and its name.
    pub organisation: Option<(String, String)>,
    /// As it was typed.
    pub login: String,
    /// Mistake in the field.
    pub login_error: Option<String>,
    /// Why nothing was begun, or went on.
    pub refusal: Option<Refusal>,
}

/// `/recover/assisted`: the code whose halves two people of the operator have handed over.
#[derive(Debug, Clone, Template)]
#[template(path = "recovery_assisted.html")]
pub struct Assisted {
    /// The frame.
    pub page: Page,
    /// Mistake in the first field.
    pub first_error: Option<String>,
    /// Mistake in the second.
    pub second_error: Option<String>,
    /// Why the code was refused.
    pub refusal: Option<Refusal>,
}

/// `/recover/code`: the code that was sent, if it was.
#[derive(Debug, Clone, Template)]
#[template(path = "recovery_code.html")]
pub struct TypeCode {
    /// The frame.
    pub page: Page,
    /// Where the code went.
    pub sent: Sent,
    /// Until when it is good.
    pub until: String,
    /// Mistake in the field.
    pub error: Option<String>,
    /// Why the last try was refused.
    pub refusal: Option<Refusal>,
}

/// `/recover/proof`: one more proof. Without any way only people can help.
#[derive(Debug, Clone, Template)]
#[template(path = "recovery_proof.html")]
pub struct Proof {
    /// The frame.
    pub page: Page,
    /// Contacts that a code can go to, masked.
    pub contacts: Vec<(Slot, String)>,
    /// Second factors that can be typed.
    pub factors: Vec<SecondFactor>,
    /// Why the last try was refused.
    pub refusal: Option<Refusal>,
}

impl Proof {
    fn is_stuck(&self) -> bool {
        self.contacts.is_empty() && self.factors.is_empty()
    }
}

/// `/recover/password`: the new password.
#[derive(Debug, Clone, Template)]
#[template(path = "recovery_password.html")]
pub struct NewPassword {
    /// The frame.
    pub page: Page,
    /// Mistake in the field.
    pub error: Option<String>,
    /// Why it was refused.
    pub refusal: Option<Refusal>,
}

/// `/recover/methods`: every way in, the unknown ones to be ticked.
#[derive(Debug, Clone, Template)]
#[template(path = "recovery_methods.html")]
pub struct Methods {
    /// The frame; a person is signed in.
    pub page: Page,
    /// Whether a new password was set.
    pub is_by_contact: bool,
    /// The ways in but the password.
    pub methods: Vec<MethodRow>,
    /// Until when they can be removed here.
    pub until: String,
}

/// One way in.
#[derive(Debug, Clone)]
pub struct MethodRow {
    /// Its name in the form.
    pub id: String,
    /// What it is.
    pub name: String,
    /// What tells it from others of its kind; may be empty.
    pub about: String,
    /// When it was added.
    pub bound: String,
    /// When it was last used; `None`: never.
    pub last_used: Option<String>,
    /// Ticked beforehand.
    pub is_suspect: bool,
    /// Nothing else opens the account.
    pub is_only_way: bool,
}

/// `/recover/finish`: for who is in by a way that is not lost.
#[derive(Debug, Clone, Template)]
#[template(path = "recovery_finish.html")]
pub struct Finish {
    /// The frame; a person is signed in.
    pub page: Page,
}
