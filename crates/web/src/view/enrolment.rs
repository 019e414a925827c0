//! Setting up second factors and passkeys.

use std::fmt::Write as _;

use askama::Template;
use fast_qr::{ECL, QRBuilder};

use super::{Page, Refusal};

/// `/profile/totp`: a picture for the app, and the first code of it.
#[derive(Debug, Clone, Template)]
#[template(path = "totp.html")]
pub struct ConnectApp {
    /// The frame; a person is signed in.
    pub page: Page,
    /// What was offered; none before the person asked for it.
    pub offer: Option<AppOffer>,
    /// Mistake in the field.
    pub error: Option<String>,
    /// Why the last try was refused.
    pub refusal: Option<Refusal>,
}

/// A seed, as it is shown once.
#[derive(Debug, Clone)]
pub struct AppOffer {
    /// For the camera.
    pub picture: Picture,
    /// For the keyboard, in groups of four.
    pub secret: String,
}

/// A QR code as one path over squares of the size one.
#[derive(Debug, Clone, Default)]
pub struct Picture {
    /// Squares to a side, with the quiet border.
    pub side: usize,
    /// The dark squares.
    pub path: String,
}

/// `/profile/passkeys/new`: names the device and makes the key.
#[derive(Debug, Clone, Template)]
#[template(path = "passkey_new.html")]
pub struct NewPasskey {
    /// The frame; a person is signed in.
    pub page: Page,
    /// What was typed.
    pub name: String,
    /// Mistake in the field.
    pub error: Option<String>,
    /// Why the last try was refused.
    pub refusal: Option<Refusal>,
}

/// The sheet of recovery codes, shown once.
#[derive(Debug, Clone, Template)]
#[template(path = "recovery_codes.html")]
pub struct Sheet {
    /// The frame; a person is signed in.
    pub page: Page,
    /// As they are printed.
    pub codes: Vec<String>,
    /// When they were made.
    pub date: String,
    /// Local address to open when they are kept.
    pub then: &'static str,
}

/// White squares around the code (ISO/IEC 18004, 6.3.8).
const BORDER: usize = 4;

impl Picture {
    /// The picture of a text; empty if the text is too long for any. A screen is never scratched,
    /// so the lowest error correction does, and the squares stay large.
    pub fn of(text: &str) -> Self {
        let Ok(code) = QRBuilder::new(text).ecl(ECL::L).build() else {
            return Self::default();
        };
        let squares = (0..code.size).flat_map(|y| (0..code.size).map(move |x| (x, y)));
        let dark = squares.filter(|(x, y)| {
            code.data
                .get(y * code.size + x)
                .is_some_and(|module| module.value())
        });
        let mut path = String::new();
        for (x, y) in dark {
            // writing to a string cannot fail
            let _ = write!(path, "M{} {}h1v1h-1z", x + BORDER, y + BORDER);
        }
        Self {
            side: code.size + 2 * BORDER,
            path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_its_three_corners_and_a_border() {
        let picture = Picture::of("otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=a");
        let (near, far) = (BORDER, picture.side - BORDER - 1);
        for (x, y) in [(near, near), (far, near), (near, far)] {
            assert!(picture.path.contains(&format!("M{x} {y}h1v1h-1z")), "{x} {y}");
        }
        assert!(!picture.path.contains("M3 ") && !picture.path.contains(" 3h"));
        assert!(Picture::of(&"x".repeat(5000)).path.is_empty());
    }
}
