//! A certificate as people see it: the same card everywhere.

use text::Lang;

/// All data of one certificate, in words.
#[derive(Debug, Clone)]
pub struct CertificateCard {
    /// For `/profile/certificates/{id}/remove`.
    pub id: String,
    /// The owner's full name, surname first.
    pub owner: String,
    /// In what capacity the owner acts and for which organisation, e.g. «Первый руководитель», «АО «Тест»».
    pub about: Vec<String>,
    /// Person ids with their names, e.g. `("ИИН", "900101300017")`.
    pub ids: Vec<(String, String)>,
    /// Numbers of the organisation with their names, e.g. `("БИН", "940140000385")`.
    pub organisation_ids: Vec<(String, String)>,
    /// Common name of the issuer, in its own script.
    pub issuer: String,
    /// Language of the issuer's name: `kk`, `ru` or `en`.
    pub issuer_lang: &'static str,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Algorithm in words, e.g. `RSA 2048`.
    pub algorithm: String,
    /// What the key is for, e.g. «Вход» or «Вход и подпись».
    pub purpose: &'static str,
    /// Where the key is kept, where the certificate says it.
    pub storage: Option<String>,
    /// Start of validity with time and zone.
    pub not_before: String,
    /// End of validity with time and zone.
    pub not_after: String,
    /// Start of validity, date only.
    pub from_date: String,
    /// End of validity, date only.
    pub until_date: String,
    /// Where it stands today.
    pub validity: Validity,
    /// How much of the validity has passed, 0 to 100.
    pub elapsed_percent: u8,
    /// SHA-256 fingerprint, hexadecimal.
    pub fingerprint: String,
    /// When it was bound to the account.
    pub bound_at: String,
    /// When it was last used; empty when never.
    pub last_used: String,
    /// The same in a line of the list.
    pub record: Record,
    /// This session was opened with it.
    pub current: bool,
    /// It signs where the person chooses no other.
    pub is_default: bool,
    /// The page lets the person choose that.
    pub may_choose: bool,
}

/// When a way in came to the account, and when it was last used: two sentences.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// When and how it was bound.
    pub bound: String,
    /// When it was last used, or that it never was.
    pub used: String,
}

/// Where a certificate stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// Valid, with time to spare.
    Valid {
        /// Whole days left.
        days_left: u64,
    },
    /// Valid, ends within a month.
    EndsSoon {
        /// Whole days left.
        days_left: u64,
    },
    /// Not valid yet.
    NotYet,
    /// Its time is over.
    Expired,
    /// Revoked by its authority.
    Revoked,
    /// Removed by the person.
    Removed,
}

impl CertificateCard {
    pub(super) fn is_over(&self) -> bool {
        matches!(
            self.validity,
            Validity::Expired | Validity::Revoked | Validity::Removed
        )
    }

    /// Whether it opens the account no longer.
    pub fn is_former(&self) -> bool {
        self.is_over()
    }

    /// Its state in a line of the list; of a valid one, until when.
    pub(super) fn until_words(&self, lang: Lang) -> String {
        match self.validity {
            Validity::Valid { .. } => text::security::valid_until(lang, &self.until_date),
            Validity::EndsSoon { .. } => self.left_words(lang),
            _ => self.state_words(lang).to_owned(),
        }
    }

    pub(super) fn is_removed(&self) -> bool {
        self.validity == Validity::Removed
    }

    pub(super) fn ends_soon(&self) -> bool {
        matches!(self.validity, Validity::EndsSoon { .. })
    }

    pub(super) fn state_words(&self, lang: Lang) -> &'static str {
        match self.validity {
            Validity::Valid { .. } => text::certificate::valid(lang),
            Validity::EndsSoon { .. } => text::certificate::ends_soon(lang),
            Validity::NotYet => text::certificate::not_yet(lang),
            Validity::Expired => text::certificate::expired(lang),
            Validity::Revoked => text::certificate::revoked(lang),
            Validity::Removed => text::certificate::removed(lang),
        }
    }

    pub(super) fn state_class(&self) -> &'static str {
        match self.validity {
            Validity::Valid { .. } => "state-success",
            Validity::EndsSoon { .. } | Validity::NotYet => "state-warning",
            Validity::Expired | Validity::Removed => "",
            Validity::Revoked => "state-danger",
        }
    }

    pub(super) fn state_icon(&self) -> &'static str {
        match self.validity {
            Validity::Valid { .. } => "check",
            Validity::EndsSoon { .. } | Validity::NotYet | Validity::Expired => "clock",
            Validity::Revoked | Validity::Removed => "stop",
        }
    }

    /// What stands below the mark of today.
    pub(super) fn left_words(&self, lang: Lang) -> String {
        match self.validity {
            Validity::Valid { days_left: 0 } | Validity::EndsSoon { days_left: 0 } => {
                text::certificate::last_day(lang).to_owned()
            }
            Validity::Valid { days_left } | Validity::EndsSoon { days_left } => {
                text::certificate::days_left(lang, days_left)
            }
            Validity::NotYet | Validity::Expired | Validity::Revoked | Validity::Removed => String::new(),
        }
    }
}
