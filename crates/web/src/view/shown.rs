//! By a certificate that the browser shows, or a signature from a phone: on the way there, and who came back.

use askama::Template;
use text::Lang;

use super::{Page, Refusal};

/// `/sign-in/shown`: what the browser is about to ask.
#[derive(Debug, Clone, Template)]
#[template(path = "shown_departing.html")]
pub struct ToCertificate {
    /// The frame.
    pub page: Page,
    /// Where the browser asks.
    pub address: String,
    /// Back to the other ways.
    pub cancel: String,
}

/// Who holds the key, before they enter.
#[derive(Debug, Clone, Template)]
#[template(path = "this_is_you.html")]
pub struct ThisIsYou {
    /// The frame.
    pub page: Page,
    /// To enter, not to make a session stronger.
    pub is_entry: bool,
    /// `shown` or `phone`: the last part of the way's address.
    pub way: &'static str,
    /// What finds the proof again; without a name nothing is needed.
    pub field: (&'static str, String),
    /// The certificate; none if it cannot be used.
    pub card: Option<HolderCard>,
    /// What the person should look at before they enter.
    pub warning: Option<String>,
    /// Back to the other ways.
    pub cancel: String,
    /// Local address to open afterwards.
    pub return_to: String,
    /// The code of the organisation whose page led here.
    pub organisation: String,
    /// Why the certificate does not do.
    pub refusal: Option<Refusal>,
}

/// No certificate came.
#[derive(Debug, Clone, Template)]
#[template(path = "not_shown.html")]
pub struct NotShown {
    /// The frame.
    pub page: Page,
    /// To enter, not to make a session stronger.
    pub is_entry: bool,
    /// What happened.
    pub refusal: Refusal,
}

/// What a certificate says of whoever holds its key.
#[derive(Debug, Clone)]
pub struct HolderCard {
    /// The owner's full name, surname first.
    pub owner: String,
    /// In what capacity the owner acts and for which organisation.
    pub about: Vec<String>,
    /// Numbers of the person and of the organisation, with their names.
    pub ids: Vec<(String, String)>,
    /// What the key is for.
    pub purpose: &'static str,
    /// Common name of the issuer, in its own script.
    pub issuer: String,
    /// Language of the issuer's name.
    pub issuer_lang: &'static str,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Algorithm in words.
    pub algorithm: String,
    /// Start of validity with time and zone.
    pub not_before: String,
    /// End of validity with time and zone.
    pub not_after: String,
    /// Start of validity, date only.
    pub from_date: String,
    /// End of validity, date only.
    pub until_date: String,
    /// Whole days left.
    pub days_left: u64,
    /// How much of the validity has passed, 0 to 100.
    pub elapsed_percent: u8,
}

impl HolderCard {
    fn left_words(&self, lang: Lang) -> String {
        match self.days_left {
            0 => text::certificate::last_day(lang).to_owned(),
            days => text::certificate::days_left(lang, days),
        }
    }
}

impl ToCertificate {
    fn is_entry(&self) -> bool {
        !self.page.signed_in()
    }
}

impl ThisIsYou {
    fn base(&self) -> &'static str {
        base(self.is_entry)
    }
}

impl NotShown {
    fn base(&self) -> &'static str {
        base(self.is_entry)
    }
}

fn base(is_entry: bool) -> &'static str {
    if is_entry { "/sign-in" } else { "/step-up" }
}
