//! By a key in a phone: the page that waits for it.

use askama::Template;

use super::enrolment::Picture;
use super::{Page, Refusal};

/// `/sign-in/phone`, `/step-up/phone`: a code for the app; the script asks `…/phone/state`.
#[derive(Debug, Clone, Template)]
#[template(path = "by_phone.html")]
pub struct ByPhone {
    /// The frame.
    pub page: Page,
    /// To enter, not to make a session stronger.
    pub is_entry: bool,
    /// The host that the app must name.
    pub host: String,
    /// The code; none when it is over.
    pub waiting: Option<Waiting>,
    /// Back to the other ways.
    pub cancel: String,
    /// Local address to open afterwards.
    pub return_to: String,
    /// The code of the organisation whose page led here.
    pub organisation: String,
    /// Why the last signature was refused; another may come.
    pub refusal: Option<Refusal>,
}

/// A code that waits.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// For the camera.
    pub picture: Picture,
    /// What the picture says.
    pub code: String,
    /// Opens eGov Mobile on this very phone.
    pub mobile: String,
    /// Opens eGov Business there.
    pub business: String,
    /// Until when the code is good.
    pub until: String,
}

impl ByPhone {
    fn base(&self) -> &'static str {
        if self.is_entry {
            "/sign-in/phone"
        } else {
            "/step-up/phone"
        }
    }

    fn title(&self) -> &'static str {
        if self.is_entry {
            text::phone::title(self.page.lang)
        } else {
            text::phone::title_step_up(self.page.lang)
        }
    }
}
