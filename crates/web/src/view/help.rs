//! Help and the accessibility statement.

use askama::Template;

use super::Page;

/// `/help`: how to reach people and where to begin.
#[derive(Debug, Clone, Template)]
#[template(path = "help.html")]
pub struct Help {
    /// The frame.
    pub page: Page,
}

/// `/help/certificate`: how to get a key, and which file is the right one.
#[derive(Debug, Clone, Template)]
#[template(path = "help_certificate.html")]
pub struct HelpCertificate {
    /// The frame.
    pub page: Page,
}

/// `/accessibility`: the statement.
#[derive(Debug, Clone, Template)]
#[template(path = "accessibility.html")]
pub struct Accessibility {
    /// The frame.
    pub page: Page,
}
