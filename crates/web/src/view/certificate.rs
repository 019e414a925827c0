//! A certificate as people see it: the same card everywhere.

/// All data of one certificate, in words.
#[derive(Debug, Clone)]
pub struct CertificateCard {
    /// The owner's full name, surname first.
    pub owner: String,
    /// Person ids with their names, e.g. `("ИИН", "900101300017")`.
    pub ids: Vec<(String, String)>,
    /// Common name of the issuer, in its own script.
    pub issuer: String,
    /// Language of the issuer's name: `kk`, `ru` or `en`.
    pub issuer_lang: &'static str,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Algorithm in words, e.g. `RSA 2048`.
    pub algorithm: String,
    /// What the key is for, e.g. «Вход» or «Подпись».
    pub purpose: String,
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
    /// This session was opened with it.
    pub current: bool,
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
}
