//! Setting or changing the password.

use askama::Template;

use super::Page;

/// `/profile/password`: posts `password` to itself.
#[derive(Debug, Clone, Template)]
#[template(path = "password.html")]
pub struct SetPassword {
    /// The frame; a person is signed in.
    pub page: Page,
    /// There is a password already: it is changed, not set.
    pub change: bool,
    /// The login a password manager files it under (IIN or e-mail).
    pub login: String,
    /// Mistake in the field: too short, too long, too easy to guess, with the reason.
    pub error: Option<String>,
}

impl SetPassword {
    fn title(&self) -> &'static str {
        if self.change {
            text::password::title_change(self.page.lang)
        } else {
            text::password::title_set(self.page.lang)
        }
    }

    fn save(&self) -> &'static str {
        if self.change {
            text::password::save_change(self.page.lang)
        } else {
            text::password::save_set(self.page.lang)
        }
    }
}
