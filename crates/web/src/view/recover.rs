//! What to do without the password.

use askama::Template;

use super::Page;

/// `/recover`: the ways back into the cabinet.
#[derive(Debug, Clone, Template)]
#[template(path = "recover.html")]
pub struct Recover {
    /// The frame.
    pub page: Page,
}
