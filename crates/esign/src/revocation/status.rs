use super::{Crl, OcspResponse};
use crate::asn1::{Element, Error, Result, tag};
use crate::time::UnixTime;
use crate::verdict::Code;

/// CRLReason (RFC 5280 §5.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// unspecified
    Unspecified,
    /// keyCompromise
    KeyCompromise,
    /// cACompromise
    CaCompromise,
    /// affiliationChanged
    AffiliationChanged,
    /// superseded
    Superseded,
    /// cessationOfOperation
    CessationOfOperation,
    /// certificateHold: may be taken back
    CertificateHold,
    /// removeFromCRL: a hold taken back, or the certificate expired; in delta lists only
    RemoveFromCrl,
    /// privilegeWithdrawn
    PrivilegeWithdrawn,
    /// aACompromise
    AaCompromise,
}

impl Reason {
    pub(crate) fn read(element: Element<'_>) -> Result<Self> {
        if element.tag() != tag::ENUMERATED {
            return Err(Error::Tag);
        }
        Ok(match element.content() {
            [0] => Self::Unspecified,
            [1] => Self::KeyCompromise,
            [2] => Self::CaCompromise,
            [3] => Self::AffiliationChanged,
            [4] => Self::Superseded,
            [5] => Self::CessationOfOperation,
            [6] => Self::CertificateHold,
            [8] => Self::RemoveFromCrl,
            [9] => Self::PrivilegeWithdrawn,
            [10] => Self::AaCompromise,
            _ => return Err(Error::Value),
        })
    }

    /// The name in the standard.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCrl => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        }
    }
}

/// How the age of an answer lies to the moment asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    /// It speaks of that moment.
    Fresh,
    /// It is past its date, by no more than the rule forgives.
    WithinGrace,
    /// It is past its date or names none.
    Stale,
    /// It was not there yet.
    Future,
}

/// What one answer says of a certificate, once it is known who gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Observation {
    Good {
        /// from when on it knows that no hold was there
        since: UnixTime,
        age: Age,
    },
    Revoked(Code),
    /// Revoked for the time being, as of this moment.
    OnHold(UnixTime),
}

impl Observation {
    /// As an answer of this moment says.
    pub(super) const fn revoked(reason: Option<Reason>, this_update: UnixTime) -> Self {
        match reason {
            Some(Reason::CertificateHold) => Self::OnHold(this_update),
            _ => Self::Revoked(Code::CertificateRevoked),
        }
    }
}

/// Everything that was found out about one certificate.
#[derive(Debug, Default)]
pub(super) struct Observations {
    made: Vec<(Observation, Vec<Source>)>,
    closest: Option<Code>,
}

impl Observations {
    pub(super) fn add(&mut self, observation: Observation, sources: Vec<Source>) {
        self.made.push((observation, sources));
    }

    /// Something could not be used for this reason; the one that came closest to being used is told.
    pub(super) fn failed(&mut self, code: Code) {
        if self.closest.is_none_or(|closest| rank(code) > rank(closest)) {
            self.closest = Some(code);
        }
    }

    /// "Revoked" outweighs everything; a hold, whatever does not know that it was taken back; an answer that is
    /// fresh, one that is not.
    pub(super) fn conclude(self) -> Finding {
        let weight = |observation: &Observation| match observation {
            Observation::Revoked(_) => (2, UnixTime(0), 0),
            Observation::OnHold(as_of) => (1, *as_of, 1),
            Observation::Good {
                since,
                age: Age::Fresh,
            } => (1, *since, 0),
            Observation::Good { .. } => (0, UnixTime(0), 0),
        };
        let heaviest = self.made.into_iter().max_by_key(|(made, _)| weight(made));
        let Some((observation, sources)) = heaviest else {
            let code = self.closest.unwrap_or(Code::CertificateStatusUnknown);
            return Finding {
                status: Status::Unknown(code),
                sources: Vec::new(),
            };
        };
        let status = match observation {
            Observation::Revoked(code) => Status::Revoked(code),
            Observation::OnHold(_) => Status::Revoked(Code::CertificateOnHold),
            Observation::Good { age: Age::Fresh, .. } => Status::Good,
            Observation::Good { .. } => Status::WithinGrace,
        };
        Finding { status, sources }
    }
}

/// How many of the checks an answer had passed when it failed for this reason.
const fn rank(code: Code) -> u8 {
    match code {
        Code::RevocationBaseMissing => 1,
        Code::RevocationOutOfScope => 2,
        Code::RevocationNotYetValid => 3,
        Code::RevocationStale => 4,
        Code::RevocationUnknownExtension => 5,
        Code::RevocationSignerUnknown | Code::RevocationResponderNotAuthorised => 6,
        Code::RevocationAlgorithm => 7,
        Code::RevocationSignatureInvalid => 8,
        Code::RevocationReasonsMissing => 9,
        Code::RevocationUnknownToResponder => 10,
        _ => 0,
    }
}

/// An answer that a status rests on.
#[derive(Debug, Clone)]
pub enum Source {
    /// a list
    Crl(Crl),
    /// an answer of a responder
    Ocsp(OcspResponse),
}

/// What is known of one certificate, and from where.
#[derive(Debug, Clone)]
pub struct Finding {
    /// what is known
    pub status: Status,
    /// what it rests on; nothing where nothing is known
    pub sources: Vec<Source>,
}

/// What is known about the revocation of one certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was not revoked.
    Good,
    /// It was not revoked when last heard, and the answer is past its date by no more than the grace.
    WithinGrace,
    /// It was revoked, as this code says.
    Revoked(Code),
    /// Nothing is known, for this reason.
    Unknown(Code),
}
