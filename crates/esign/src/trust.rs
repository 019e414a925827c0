//! Whom we believe, for what, and about whom (threats CRT-1, CRT-3, CRT-6).

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use crate::asn1::{Oid, oids};
use crate::certificate::{Certificate, KeyUsage};
use crate::path::{Checks, SignatureCache};
use crate::profile::{PersonIdKind, Profile};
use crate::provider::Provider;
use crate::revocation::{self, Crl, Evidence};

/// What a certificate must allow to be used for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurposeRule {
    /// Extended key usages (dotted) of which a certificate that limits its purposes must have one. Empty: any but
    /// those of machines (TLS servers, code, time stamps, OCSP).
    pub eku: Vec<String>,
    /// Key usages of which one must be allowed.
    pub key_usage: KeyUsage,
    /// Whether a certificate that does not state its key usage is refused.
    pub key_usage_required: bool,
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
            key_usage: KeyUsage::DIGITAL_SIGNATURE,
            key_usage_required: true,
        }
    }

    /// For documents: digitalSignature or nonRepudiation.
    pub fn sign(eku: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            eku: eku.into_iter().map(Into::into).collect(),
            key_usage: KeyUsage::DIGITAL_SIGNATURE.or(KeyUsage::CONTENT_COMMITMENT),
            key_usage_required: false,
        }
    }

    /// Whether the certificate may be used so.
    pub fn allows(&self, certificate: &Certificate) -> bool {
        let usage = match certificate.key_usage() {
            Some(usage) => usage.intersects(self.key_usage),
            None => !self.key_usage_required,
        };
        usage && self.allows_purposes(certificate)
    }

    /// Whether the issuer's own purposes, where stated, let it issue certificates for this use.
    pub(crate) fn allows_issuer(&self, issuer: &Certificate) -> bool {
        let is_any = |purposes: Vec<Oid<'_>>| purposes.contains(&oids::ANY_EXTENDED_KEY_USAGE);
        issuer.extended_key_usage().is_some_and(is_any) || self.allows_purposes(issuer)
    }

    fn allows_purposes(&self, certificate: &Certificate) -> bool {
        let Some(stated) = certificate.extended_key_usage() else {
            return true;
        };
        if self.eku.is_empty() {
            return stated.iter().any(|purpose| !MACHINE_PURPOSES.contains(purpose));
        }
        stated
            .iter()
            .any(|purpose| self.eku.contains(&purpose.to_string()))
    }
}

/// Whether the revocation status of a path is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationRule {
    /// It is not.
    NotAsked,
    /// Every certificate but the anchor must be known not to be revoked.
    Required {
        /// What happens when that cannot be determined.
        unknown: UnknownStatus,
    },
}

/// What happens when the status cannot be determined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownStatus {
    /// The certificate passes at sign-in, and whoever lets it in is told. A document stays `unknown` all the same.
    Allow,
    /// The verdict is `unknown`.
    Refuse,
}

/// When revocation is asked, and how old an answer may be (threat NET-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevocationPolicy {
    /// for entering
    pub sign_in: RevocationRule,
    /// for documents
    pub sign: RevocationRule,
    /// how long after its date the last good answer still lets in; documents are never judged by it
    pub grace: Duration,
    /// how long an OCSP answer counts that names no date of its next one (RFC 6960 §4.2.2.1)
    pub max_age: Duration,
}

impl RevocationPolicy {
    /// How long an OCSP answer without a date counts unless configured.
    pub const MAX_AGE: Duration = Duration::from_secs(24 * 3_600);

    /// One rule for everything, no grace.
    pub const fn uniform(rule: RevocationRule) -> Self {
        Self {
            sign_in: rule,
            sign: rule,
            grace: Duration::ZERO,
            max_age: Self::MAX_AGE,
        }
    }

    /// Revocation is never asked.
    pub const fn not_asked() -> Self {
        Self::uniform(RevocationRule::NotAsked)
    }
}

/// Issuers that are trusted under one set of rules.
#[derive(Debug, Clone)]
pub struct AnchorGroup {
    /// name in the configuration; part of the identity of a person
    pub id: String,
    /// how subjects are read
    pub profile: Profile,
    /// certificates that are trusted as such
    pub anchors: Vec<Certificate>,
    /// certificates that help to build paths and are trusted only through an anchor
    pub intermediates: Vec<Certificate>,
    /// which certificates may enter
    pub sign_in: PurposeRule,
    /// which certificates may sign documents
    pub sign: PurposeRule,
    /// identifiers of persons and organisations that these issuers may state
    pub person_ids: Vec<PersonIdKind>,
    /// whether a number with a wrong check digit makes a certificate invalid
    pub check_digits: bool,
    /// when revocation is asked for
    pub revocation: RevocationPolicy,
    /// what is known about revocation when the store is made; see [`TrustStore::replace_evidence`]
    pub evidence: Evidence,
    /// shortest RSA modulus in a path, never below 2048
    pub min_rsa_bits: usize,
}

impl AnchorGroup {
    /// A group with careful defaults: sign-in needs a clientAuth purpose, no identifiers are believed, revocation is
    /// not asked.
    pub fn new(id: impl Into<String>, profile: Profile, anchors: Vec<Certificate>) -> Self {
        Self {
            id: id.into(),
            profile,
            anchors,
            intermediates: Vec::new(),
            sign_in: PurposeRule::sign_in([oids::CLIENT_AUTH.to_string()]),
            sign: PurposeRule::sign(Vec::<String>::new()),
            person_ids: Vec::new(),
            check_digits: false,
            revocation: RevocationPolicy::not_asked(),
            evidence: Evidence::new(),
            min_rsa_bits: 2048,
        }
    }
}

/// All anchor groups, what is known about revocation now, and what was already checked about their issuers.
#[derive(Debug, Default)]
pub struct TrustStore {
    groups: Vec<AnchorGroup>,
    /// in the order of the groups; what a group brought at first is replaced as newer lists arrive
    evidence: Vec<RwLock<Evidence>>,
    checked: SignatureCache,
}

impl TrustStore {
    /// A store of these groups.
    pub fn new(groups: Vec<AnchorGroup>) -> Self {
        let evidence = groups.iter().map(|group| RwLock::new(group.evidence.clone()));
        Self {
            evidence: evidence.collect(),
            groups,
            checked: SignatureCache::default(),
        }
    }

    /// The groups in the order of the configuration.
    pub fn groups(&self) -> &[AnchorGroup] {
        &self.groups
    }

    /// What is known about revocation in this group now.
    pub fn evidence(&self, group: &str) -> Option<Evidence> {
        self.with_evidence()
            .find(|(known, _)| known.id == group)
            .map(|(_, evidence)| evidence)
    }

    /// From now on the group is judged by `evidence`. Judgements that have begun keep what they began with.
    pub fn replace_evidence(&self, group: &str, evidence: &Evidence) {
        let slots = self.groups.iter().zip(&self.evidence);
        for (_, slot) in slots.filter(|(known, _)| known.id == group) {
            *slot.write().unwrap_or_else(PoisonError::into_inner) = evidence.clone();
        }
    }

    /// Whether an authority of the group has signed the list. What was found out is remembered for judgements.
    pub fn has_signed(&self, group: &str, crl: &Crl, provider: &dyn Provider) -> bool {
        let group = self.groups.iter().find(|known| known.id == group);
        let authorities = group.map(|group| group.anchors.iter().chain(&group.intermediates));
        let mut checks = Checks::new(provider, &self.checked);
        authorities
            .into_iter()
            .flatten()
            .filter(|authority| *authority.subject_digest() == *crl.issuer_digest())
            .any(|authority| revocation::is_signed(crl, authority, &mut checks).unwrap_or(false))
    }

    /// Each group with what is known about revocation at this moment.
    pub(crate) fn with_evidence(&self) -> impl Iterator<Item = (&AnchorGroup, Evidence)> {
        let current = |slot: &RwLock<Evidence>| slot.read().unwrap_or_else(PoisonError::into_inner).clone();
        self.groups.iter().zip(self.evidence.iter().map(current))
    }

    pub(crate) fn checked(&self) -> &SignatureCache {
        &self.checked
    }
}
