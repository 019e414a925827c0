//! What becomes of a certificate that no account holds yet.

use std::collections::BTreeMap;

/// What becomes of a new certificate, by the anchor group that vouches for it.
#[derive(Clone, Debug, Default)]
pub struct NewCertificateRules {
    /// For groups that are not named.
    pub usual: NewCertificate,
    /// For these groups.
    pub anchor_groups: BTreeMap<String, NewCertificate>,
}

/// What becomes of a new certificate of one anchor group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewCertificate {
    /// It states the number of exactly one account (D-7.a).
    pub same_person: SamePersonId,
    /// It states a number that no account has (D-9).
    pub newcomer: Newcomer,
    /// It states no number of a person at all (threats, CRT-1).
    pub without_person_id: WithoutPersonId,
}

impl Default for NewCertificate {
    fn default() -> Self {
        Self {
            same_person: SamePersonId::Bind,
            newcomer: Newcomer::Warn,
            without_person_id: WithoutPersonId::Refuse,
        }
    }
}

/// A new certificate that states the number of an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SamePersonId {
    /// It is bound, and the person is told.
    Bind,
    /// The person proves the account by other means first.
    Prove,
}

/// A new certificate of a person whom no account is known to belong to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Newcomer {
    /// An account is made at once.
    Register,
    /// The same, unless there seems to be one already: then the person is asked (D-9.a).
    Warn,
    /// The person is always asked.
    Ask,
}

/// A new certificate that states no number of a person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WithoutPersonId {
    /// It opens nothing.
    Refuse,
    /// The person proves an account, and confirms.
    Prove,
}

impl NewCertificateRules {
    /// What becomes of a certificate of this group.
    pub fn of(&self, anchor_group: &str) -> NewCertificate {
        self.anchor_groups
            .get(anchor_group)
            .copied()
            .unwrap_or(self.usual)
    }
}
