//! `/cabinet`: what ends soon, what is unfinished.

use askama::Template;
use text::Lang;

use super::Page;

/// The home page.
#[derive(Debug, Clone, Template)]
#[template(path = "home.html")]
pub struct Home {
    /// The frame; a person is signed in.
    pub page: Page,
    /// Person ids with their names, e.g. `("ИИН", "900101300017")`.
    pub ids: Vec<(String, String)>,
    /// What is unfinished, the weightiest first.
    pub steps: Vec<Step>,
    /// What ends by date, the nearest first.
    pub ends_soon: Vec<EndsSoon>,
    /// Where notices go now.
    pub addresses: Vec<String>,
    /// The entry before this one: `22.11.2026, 09:14 (UTC+5)`; `None` on the first.
    pub previous_entry: Option<String>,
    /// The device of that entry.
    pub previous_device: String,
}

/// Something left to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// An address waits for confirmation.
    Confirm {
        /// The address or number.
        address: String,
    },
    /// Letters or messages to this address come back.
    Bouncing {
        /// The address or number.
        address: String,
    },
    /// This number was confirmed so long ago that it is to be confirmed anew.
    Reconfirm {
        /// The number.
        address: String,
    },
    /// No phone number yet.
    AddPhone,
    /// No password yet, so the tab «По ИИН» does not work.
    SetPassword,
}

/// Something that ends by date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndsSoon {
    /// What it is, e.g. the certificate's issuer and serial in short.
    pub subject: String,
    /// Until when, date and time with zone.
    pub until: String,
    /// Whole days left; 0 is today.
    pub days_left: u64,
    /// It is over already.
    pub over: bool,
}

impl Step {
    fn icon(&self) -> &'static str {
        match self {
            Self::Confirm { .. } | Self::Reconfirm { .. } => "clock",
            Self::Bouncing { .. } => "warning",
            Self::AddPhone => "phone",
            Self::SetPassword => "key",
        }
    }

    fn title(&self, lang: Lang) -> String {
        match self {
            Self::Confirm { address } => text::home::confirm(lang, address),
            Self::Bouncing { address } => text::home::bouncing(lang, address),
            Self::Reconfirm { address } => text::home::reconfirm(lang, address),
            Self::AddPhone => text::home::add_phone(lang).to_owned(),
            Self::SetPassword => text::home::set_password(lang).to_owned(),
        }
    }

    fn why(&self, lang: Lang) -> &'static str {
        match self {
            Self::Confirm { .. } => text::home::confirm_why(lang),
            Self::Bouncing { .. } => text::home::bouncing_why(lang),
            Self::Reconfirm { .. } => text::contact::aged_why(lang),
            Self::AddPhone => text::home::add_phone_why(lang),
            Self::SetPassword => text::home::set_password_why(lang),
        }
    }

    fn now(&self, lang: Lang) -> &'static str {
        match self {
            Self::Confirm { .. } => text::home::confirm_now(lang),
            Self::Bouncing { .. } => text::home::bouncing_now(lang),
            Self::Reconfirm { .. } => text::contact::reconfirm(lang),
            Self::AddPhone => text::home::add_phone_now(lang),
            Self::SetPassword => text::home::set_password_now(lang),
        }
    }

    fn href(&self) -> &'static str {
        match self {
            Self::SetPassword => "/profile/password",
            Self::Confirm { .. } | Self::Bouncing { .. } | Self::Reconfirm { .. } | Self::AddPhone => {
                "/profile/contacts"
            }
        }
    }
}

impl EndsSoon {
    fn left(&self, lang: Lang) -> String {
        match (self.over, self.days_left) {
            (true, _) => text::home::over(lang).to_owned(),
            (false, 0) => text::certificate::last_day(lang).to_owned(),
            (false, days) => text::certificate::days_left(lang, days),
        }
    }
}
