//! The second step, after the first proof was right.

use askama::Template;
use text::Lang;

use super::{Page, Refusal};

/// `/second-factor`: posts a code to `/second-factor/code`, asks for one at `/second-factor/sms`, and carries on to
/// where the person was. Without any way there is nothing left but to begin again.
#[derive(Debug, Clone, Template)]
#[template(path = "second_factor.html")]
pub struct SecondFactorPage {
    /// The frame.
    pub page: Page,
    /// What it is for.
    pub occasion: Occasion,
    /// The way that is shown; none when the time is over.
    pub chosen: Option<Factor>,
    /// The others, last used first.
    pub others: Vec<Factor>,
    /// Where a code goes, masked.
    pub phone: String,
    /// A code was sent just now.
    pub sent: bool,
    /// Local address to open afterwards; empty for the usual one.
    pub return_to: String,
    /// Mistake in the field.
    pub error: Option<String>,
    /// Why the last try was refused.
    pub refusal: Option<Refusal>,
}

/// What a second factor is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// Entering.
    Entry,
    /// A proof before a change.
    StepUp,
}

/// A way to give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// A passkey.
    Passkey,
    /// A code of an app.
    Totp,
    /// A code by text message.
    Sms,
    /// A code of the printed sheet.
    RecoveryCode,
}

impl Factor {
    /// As addresses and forms name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Totp => "totp",
            Self::Sms => "sms",
            Self::RecoveryCode => "recovery-code",
        }
    }

    fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Passkey => text::second_factor::by_passkey(lang),
            Self::Totp => text::second_factor::by_totp(lang),
            Self::Sms => text::second_factor::by_sms(lang),
            Self::RecoveryCode => text::second_factor::by_recovery_code(lang),
        }
    }

    const fn icon(self) -> &'static str {
        match self {
            Self::Passkey => "key",
            Self::Totp => "phone",
            Self::Sms => "mail",
            Self::RecoveryCode => "file",
        }
    }
}

impl SecondFactorPage {
    fn title(&self) -> &'static str {
        match self.occasion {
            Occasion::Entry => text::second_factor::title(self.page.lang),
            Occasion::StepUp => text::second_factor::title_step_up(self.page.lang),
        }
    }

    fn button(&self) -> &'static str {
        match self.occasion {
            Occasion::Entry => text::second_factor::enter(self.page.lang),
            Occasion::StepUp => text::second_factor::confirm(self.page.lang),
        }
    }

    fn begin_again(&self) -> &'static str {
        match self.occasion {
            Occasion::Entry => "/sign-in",
            Occasion::StepUp => "/step-up",
        }
    }

    fn way(&self, factor: Factor) -> String {
        super::returning(
            &format!("/second-factor?way={}", factor.as_str()),
            &self.return_to,
        )
    }

    fn is_passkey(&self) -> bool {
        self.chosen == Some(Factor::Passkey)
    }

    fn is_sms(&self) -> bool {
        self.chosen == Some(Factor::Sms)
    }

    /// Whether the code is still to be asked for.
    fn must_send(&self) -> bool {
        self.is_sms() && !self.sent && self.error.is_none() && self.refusal.is_none()
    }

    /// Whether the code is digits alone, for the keyboard of a phone.
    fn is_number(&self) -> bool {
        self.chosen != Some(Factor::RecoveryCode)
    }

    fn label(&self) -> &'static str {
        match self.chosen {
            Some(Factor::Sms) => text::second_factor::sms_code(self.page.lang),
            Some(Factor::RecoveryCode) => text::second_factor::recovery_code(self.page.lang),
            _ => text::second_factor::totp_code(self.page.lang),
        }
    }

    fn hint(&self) -> String {
        match self.chosen {
            Some(Factor::Sms) => text::second_factor::sms_code_hint(self.page.lang, &self.phone),
            Some(Factor::RecoveryCode) => text::second_factor::recovery_code_hint(self.page.lang).to_owned(),
            _ => text::second_factor::totp_code_hint(self.page.lang).to_owned(),
        }
    }
}
