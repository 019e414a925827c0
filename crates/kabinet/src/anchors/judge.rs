//! Whether a certificate does as an anchor, or as an issuer below one.

use esign::algorithm::{AlgorithmError, PublicKey};
use esign::certificate::{Certificate, KeyUsage};
use esign::provider::{self, SignatureError};
use esign::time::UnixTime;

const DAY: i64 = 24 * 3600;
/// Long enough to get the next certificate of an authority.
const SOON: i64 = 60 * DAY;

/// As what a certificate is to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// as such
    Anchor,
    /// through an anchor
    Intermediate,
}

/// Why a certificate will not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    NotAuthority,
    MayNotSign,
    Expired,
    NotYetValid,
    WeakKey,
    UnsupportedKey,
    WeakSignature,
    SignatureInvalid,
    UnknownExtension,
}

impl Fault {
    /// The stable text.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::NotAuthority => "anchor.not_authority",
            Self::MayNotSign => "anchor.may_not_sign",
            Self::Expired => "anchor.expired",
            Self::NotYetValid => "anchor.not_yet_valid",
            Self::WeakKey => "anchor.weak_key",
            Self::UnsupportedKey => "anchor.unsupported_key",
            Self::WeakSignature => "anchor.weak_signature",
            Self::SignatureInvalid => "anchor.signature_invalid",
            Self::UnknownExtension => "anchor.unknown_extension",
        }
    }

    pub(super) const fn describe(self) -> &'static str {
        match self {
            Self::NotAuthority => "it may not issue certificates (RFC 5280 §4.2.1.9)",
            Self::MayNotSign => "its key usage does not let it sign certificates (RFC 5280 §4.2.1.3)",
            Self::Expired => "its validity has ended",
            Self::NotYetValid => "its validity has not begun",
            Self::WeakKey => "its key is too short or unsound (ETSI TS 119 312)",
            Self::UnsupportedKey => "its key is of an algorithm that cannot be checked here",
            Self::WeakSignature => "its issuer's signature is of a broken algorithm (ETSI TS 119 312)",
            Self::SignatureInvalid => "it names itself as issuer, and the signature is not of its key",
            Self::UnknownExtension => "a critical extension is not understood here (RFC 5280 §4.2)",
        }
    }
}

/// What was found about a certificate.
#[derive(Debug)]
pub(super) struct Judgement {
    pub(super) is_self_signed: bool,
    pub(super) faults: Vec<Fault>,
    /// what an operator should know though nothing is wrong
    pub(super) remarks: Vec<String>,
}

impl Judgement {
    pub(super) fn of(certificate: &Certificate, place: Place, now: UnixTime) -> Self {
        let own = own_signature(certificate);
        let mut judgement = Self {
            is_self_signed: own == OwnSignature::Holds,
            faults: faults(certificate, now),
            remarks: Vec::new(),
        };
        match (place, own) {
            (_, OwnSignature::Fails) => judgement.faults.push(Fault::SignatureInvalid),
            // nobody relies on what an anchor says about itself
            (Place::Anchor, OwnSignature::Unchecked) => {
                judgement.remark("its signature on itself is of an algorithm that is not checked here");
            }
            (Place::Anchor, OwnSignature::None) => {
                judgement.remark("issued by another authority: as an anchor it is trusted without it");
            }
            (Place::Intermediate, OwnSignature::Holds) => {
                judgement.remark("self-signed: among the intermediates nobody looks for it");
            }
            (Place::Intermediate, _) if certificate.signature_algorithm() == Err(AlgorithmError::Weak) => {
                judgement.faults.push(Fault::WeakSignature);
            }
            _ => {}
        }
        if certificate.extensions().next().is_none() {
            judgement.remark("of an old version, which cannot say whether it is an authority");
        }
        let left = certificate.not_after().0.saturating_sub(now.0);
        if (0..SOON).contains(&left) {
            judgement.remark(&format!("it ends in {} days: get its successor", left / DAY));
        }
        judgement
    }

    pub(super) fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    pub(super) fn remark(&mut self, text: &str) {
        self.remarks.push(text.to_owned());
    }
}

fn faults(certificate: &Certificate, now: UnixTime) -> Vec<Fault> {
    let states_something = certificate.extensions().next().is_some();
    let may_sign = certificate
        .key_usage()
        .is_none_or(|usage| usage.allows(KeyUsage::KEY_CERT_SIGN));
    let key = PublicKey::from_spki(certificate.spki()).err();
    let is_unsupported = key == Some(AlgorithmError::Unsupported);
    let checks = [
        (
            states_something && !certificate.is_authority(),
            Fault::NotAuthority,
        ),
        (!may_sign, Fault::MayNotSign),
        (certificate.not_after() < now, Fault::Expired),
        (now < certificate.not_before(), Fault::NotYetValid),
        (is_unsupported, Fault::UnsupportedKey),
        (key.is_some() && !is_unsupported, Fault::WeakKey),
        (
            certificate.has_unknown_critical_extension(),
            Fault::UnknownExtension,
        ),
    ];
    checks
        .into_iter()
        .filter(|(applies, _)| *applies)
        .map(|(_, fault)| fault)
        .collect()
}

/// Whether a certificate is signed by its own key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OwnSignature {
    /// It names another issuer.
    None,
    Holds,
    Fails,
    Unchecked,
}

fn own_signature(certificate: &Certificate) -> OwnSignature {
    if !certificate.is_self_issued() {
        return OwnSignature::None;
    }
    let Ok(algorithm) = certificate.signature_algorithm() else {
        return OwnSignature::Unchecked;
    };
    let check = provider::native().verify(
        &algorithm,
        certificate.spki(),
        certificate.tbs(),
        certificate.signature(),
    );
    match check {
        Ok(()) => OwnSignature::Holds,
        Err(SignatureError::Algorithm(_)) => OwnSignature::Unchecked,
        Err(SignatureError::Mismatch | SignatureError::Invalid) => OwnSignature::Fails,
    }
}
