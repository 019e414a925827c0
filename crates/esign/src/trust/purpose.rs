//! For what a key may be used (threat CRT-6): by its extended key usages first, then by its key usage.

use crate::asn1::{Oid, oids};
use crate::certificate::{Certificate, KeyUsage};
use crate::profile::{Profile, kz};

/// For what a key may be used under the rules of an anchor group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyPurpose {
    /// For entering only.
    SignIn,
    /// For documents only.
    Sign,
    /// For both.
    Both,
}

impl KeyPurpose {
    /// `sign_in`, `sign` or `both`
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Sign => "sign",
            Self::Both => "both",
        }
    }

    pub(super) const fn of(sign_in: bool, sign: bool) -> Option<Self> {
        match (sign_in, sign) {
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::SignIn),
            (false, true) => Some(Self::Sign),
            (false, false) => None,
        }
    }
}

/// What a certificate must allow to be used for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurposeRule {
    /// Extended key usages (dotted) of which a certificate that limits its purposes must have one.
    pub eku: Vec<String>,
    /// Certificate policies (dotted) of which one does as well, for authorities that issue one key for everything.
    /// Where neither this nor `eku` names any: every purpose but those of machines (TLS servers, code, time stamps, OCSP).
    pub policies: Vec<String>,
    /// Key usages of which one must be allowed.
    pub key_usage: KeyUsage,
    /// Whether a certificate that does not state its key usage is refused.
    pub key_usage_required: bool,
    /// Key usages that show a certificate without stated purposes to be for something else.
    pub other_key_usage: KeyUsage,
}

/// Purposes of machines; none of them lets a person sign anything.
const MACHINE_PURPOSES: [Oid<'static>; 4] = [
    oids::SERVER_AUTH,
    oids::CODE_SIGNING,
    oids::TIME_STAMPING,
    oids::OCSP_SIGNING,
];

impl PurposeRule {
    /// For entering: digitalSignature is required.
    pub fn sign_in(eku: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            eku: eku.into_iter().map(Into::into).collect(),
            policies: Vec::new(),
            key_usage: KeyUsage::DIGITAL_SIGNATURE,
            key_usage_required: true,
            other_key_usage: KeyUsage::NONE,
        }
    }

    /// For documents: digitalSignature or nonRepudiation.
    pub fn sign(eku: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            eku: eku.into_iter().map(Into::into).collect(),
            policies: Vec::new(),
            key_usage: KeyUsage::DIGITAL_SIGNATURE.or(KeyUsage::CONTENT_COMMITMENT),
            key_usage_required: false,
            other_key_usage: KeyUsage::NONE,
        }
    }

    /// For entering, as the authorities of this profile mark their keys.
    pub fn sign_in_of(profile: Profile) -> Self {
        let client_auth = [oids::CLIENT_AUTH.to_string()];
        match profile {
            Profile::Kz => Self {
                policies: vec![kz::POLICY_BOTH.to_string()],
                other_key_usage: KeyUsage::CONTENT_COMMITMENT,
                ..Self::sign_in(client_auth)
            },
            // one key for everything
            Profile::Ru => Self::sign_in(Vec::<String>::new()),
            Profile::Eidas | Profile::Plain => Self::sign_in(client_auth),
        }
    }

    /// For documents, as the authorities of this profile mark their keys.
    pub fn sign_of(profile: Profile) -> Self {
        let lasting = Self {
            key_usage: KeyUsage::CONTENT_COMMITMENT,
            key_usage_required: true,
            ..Self::sign(Vec::<String>::new())
        };
        match profile {
            Profile::Kz => Self {
                eku: vec![oids::EMAIL_PROTECTION.to_string()],
                policies: vec![kz::POLICY_BOTH.to_string()],
                ..lasting
            },
            Profile::Eidas => lasting,
            Profile::Ru | Profile::Plain => Self::sign(Vec::<String>::new()),
        }
    }

    /// Whether the certificate may be used so, as far as it says itself.
    pub fn allows(&self, certificate: &Certificate) -> bool {
        self.allows_under(&[], certificate)
    }

    /// Whether the certificate may be used so under these issuers, which may limit what it says.
    pub(crate) fn allows_under(&self, issuers: &[Certificate], certificate: &Certificate) -> bool {
        let usage = certificate.key_usage();
        let usage_allows = match usage {
            Some(usage) => usage.intersects(self.key_usage),
            None => !self.key_usage_required,
        };
        let mut policies = certificate.policies();
        policies.retain(|policy| issuers.iter().all(|issuer| may_be_stated_under(issuer, policy)));
        let purposes_allow = match certificate.extended_key_usage() {
            Some(purposes) => self.allows_one_of(&purposes, &policies),
            None => !usage.is_some_and(|usage| usage.intersects(self.other_key_usage)),
        };
        usage_allows && purposes_allow && issuers.iter().all(|issuer| self.allows_issuer(issuer))
    }

    /// Whether the issuer's own purposes, where stated, let it issue certificates for this use.
    fn allows_issuer(&self, issuer: &Certificate) -> bool {
        issuer.extended_key_usage().is_none_or(|purposes| {
            purposes.contains(&oids::ANY_EXTENDED_KEY_USAGE)
                || self.allows_one_of(&purposes, &issuer.policies())
        })
    }

    fn allows_one_of(&self, purposes: &[Oid<'_>], policies: &[Oid<'_>]) -> bool {
        if self.eku.is_empty() && self.policies.is_empty() {
            return purposes.iter().any(|purpose| !MACHINE_PURPOSES.contains(purpose));
        }
        let is_named = |names: &[String], oid: &Oid<'_>| names.contains(&oid.to_string());
        purposes.iter().any(|purpose| is_named(&self.eku, purpose))
            || policies.iter().any(|policy| is_named(&self.policies, policy))
    }
}

/// An issuer that states policies lets no other be stated (RFC 5280 §6.1.3 d). Many state none.
fn may_be_stated_under(issuer: &Certificate, policy: &Oid<'_>) -> bool {
    let own = issuer.policies();
    own.is_empty() || own.contains(policy) || own.contains(&oids::ANY_POLICY)
}
