//! Whom we believe, for what, and about whom (threats CRT-1, CRT-3, CRT-6).

mod purpose;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use crate::asn1::Oid;
use crate::certificate::Certificate;
use crate::path::{Checks, Moment, RevocationQuery, SignatureCache};
use crate::profile::{AmbiguousSubject, PersonIdKind, Profile, Subject};
use crate::provider::Provider;
use crate::revocation::{self, Crl, Evidence};

pub use purpose::{KeyPurpose, PurposeRule};

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

    pub(crate) const fn query_for_sign_in(self) -> RevocationQuery {
        RevocationQuery {
            rule: self.sign_in,
            grace: self.grace,
            max_age: self.max_age,
            moment: Moment::Present,
        }
    }

    /// Entering may go on while the lists are out of reach; a document that was not checked is never called valid.
    pub(crate) const fn query_for_documents(self) -> RevocationQuery {
        RevocationQuery {
            rule: match self.sign {
                RevocationRule::NotAsked => RevocationRule::NotAsked,
                RevocationRule::Required { .. } => RevocationRule::Required {
                    unknown: UnknownStatus::Refuse,
                },
            },
            grace: Duration::ZERO,
            max_age: self.max_age,
            moment: Moment::Past,
        }
    }

    pub(crate) const fn query_for_time_stamps(self) -> RevocationQuery {
        RevocationQuery {
            moment: Moment::Stamped,
            ..self.query_for_documents()
        }
    }
}

/// Which time stamps are believed.
#[derive(Debug, Clone, Default)]
pub struct TimeStampRule {
    /// certificates that are trusted to lead to time-stamping authorities; if empty, those of the group
    pub anchors: Vec<Certificate>,
    /// policies (dotted) of which a time stamp must name one; if empty, any
    pub policies: Vec<String>,
}

impl TimeStampRule {
    pub(crate) fn allows_policy(&self, policy: Oid<'_>) -> bool {
        self.policies.is_empty() || self.policies.contains(&policy.to_string())
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
    /// titles of heads of organisations, where certificates state a title and no capacity
    pub head_titles: Vec<String>,
    /// whether a number with a wrong check digit makes a certificate invalid
    pub check_digits: bool,
    /// when revocation is asked for
    pub revocation: RevocationPolicy,
    /// what is known about revocation when the store is made; see [`TrustStore::replace_evidence`]
    pub evidence: Evidence,
    /// which time stamps prove a time to this group
    pub time_stamps: TimeStampRule,
    /// shortest RSA modulus in a path, never below 2048
    pub min_rsa_bits: usize,
}

impl AnchorGroup {
    /// A group with careful defaults: keys are for what the profile's authorities mark them for, no identifiers are
    /// believed, revocation is not asked.
    pub fn new(id: impl Into<String>, profile: Profile, anchors: Vec<Certificate>) -> Self {
        Self {
            id: id.into(),
            profile,
            anchors,
            intermediates: Vec::new(),
            sign_in: PurposeRule::sign_in_of(profile),
            sign: PurposeRule::sign_of(profile),
            person_ids: Vec::new(),
            head_titles: Vec::new(),
            check_digits: false,
            revocation: RevocationPolicy::not_asked(),
            evidence: Evidence::new(),
            time_stamps: TimeStampRule::default(),
            min_rsa_bits: 2048,
        }
    }

    /// What a certificate says of its owner, as far as these issuers may say it (CRT-3).
    pub fn subject(&self, certificate: &Certificate) -> Result<Subject, AmbiguousSubject> {
        let subject = self.profile.read(certificate)?;
        Ok(subject
            .limited_to(&self.person_ids)
            .with_head_by(&self.head_titles))
    }

    /// For what a certificate's key may be used; `None` if for neither.
    pub fn key_purpose(&self, certificate: &Certificate) -> Option<KeyPurpose> {
        KeyPurpose::of(self.sign_in.allows(certificate), self.sign.allows(certificate))
    }

    pub(crate) fn time_stamp_anchors(&self) -> &[Certificate] {
        if self.time_stamps.anchors.is_empty() {
            &self.anchors
        } else {
            &self.time_stamps.anchors
        }
    }
}

/// All anchor groups, what is known about revocation now, and what was already checked about their issuers.
#[derive(Debug, Default)]
pub struct TrustStore {
    groups: Vec<AnchorGroup>,
    /// in the order of the groups; what a group brought at first is replaced as newer lists arrive
    evidence: Vec<RwLock<Evidence>>,
    checked: Arc<SignatureCache>,
}

impl TrustStore {
    /// A store of these groups.
    pub fn new(groups: Vec<AnchorGroup>) -> Self {
        Self::with_checked(groups, Arc::default())
    }

    fn with_checked(groups: Vec<AnchorGroup>, checked: Arc<SignatureCache>) -> Self {
        let evidence = groups.iter().map(|group| RwLock::new(group.evidence.clone()));
        Self {
            evidence: evidence.collect(),
            groups,
            checked,
        }
    }

    /// The same groups, which do not ask about revocation: to learn whose status there is to ask about. Whoever is let
    /// in is judged by the store itself.
    #[must_use]
    pub fn without_revocation(&self) -> Self {
        let asks_nothing = |group: &AnchorGroup| AnchorGroup {
            revocation: RevocationPolicy::not_asked(),
            evidence: Evidence::new(),
            ..group.clone()
        };
        let groups = self.groups.iter().map(asks_nothing);
        Self::with_checked(groups.collect(), self.checked.clone())
    }

    /// The store as it stands, for one judgement in which more is known about a group.
    #[must_use]
    pub fn knowing(&self, group: &str, more: &Evidence) -> Self {
        let groups = self.with_evidence().map(|(known, evidence)| AnchorGroup {
            evidence: if known.id == group {
                evidence.and(more)
            } else {
                evidence
            },
            ..known.clone()
        });
        Self::with_checked(groups.collect(), self.checked.clone())
    }

    /// The groups in the order of the configuration.
    pub fn groups(&self) -> &[AnchorGroup] {
        &self.groups
    }

    /// The group of this name.
    pub fn group(&self, id: &str) -> Option<&AnchorGroup> {
        self.groups.iter().find(|group| group.id == id)
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
            .any(|authority| revocation::is_signed_by(crl, authority, &mut checks).unwrap_or(false))
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
