//! `/cabinet`: what ends soon, what is unfinished.

use askama::Template;

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
