//! From a certificate that made a signature to a person who is believed.

use std::time::Duration;

use super::verify::Purpose;
use crate::certificate::Certificate;
use crate::path::{self, Checks, Moment, Path, PolicyInputs, RevocationAnswer, RevocationQuery};
use crate::profile::{AmbiguousSubject, OrganisationId, PersonId, PersonName, Role, Subject};
use crate::revocation::{Evidence, Finding};
use crate::time::UnixTime;
use crate::trust::{AnchorGroup, RevocationRule, TrustStore, UnknownStatus};
use crate::verdict::{Code, Problem};

/// Somebody whose signature and certificate were verified. Only the verifier can make one.
#[derive(Debug, Clone)]
pub struct VerifiedSigner {
    path: Path,
    certificate: Certificate,
    subject: Subject,
    anchor_group: String,
    claimed_signing_time: Option<UnixTime>,
}

impl VerifiedSigner {
    /// The certificate that made the signature.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// From the signer's certificate to the anchor.
    pub fn path(&self) -> &[Certificate] {
        self.path.certificates()
    }

    /// What was found out about the revocation of the path.
    pub const fn revocation(&self) -> RevocationAnswer {
        self.path.revocation()
    }

    /// All that the certificate says of its owner, as far as the anchor group may say it.
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }

    /// What each certificate's status rests on, from below the anchor down to the signer; empty if it was not asked.
    pub fn findings(&self) -> &[Finding] {
        self.path.findings()
    }

    /// The numbers of the person that the anchor group may state.
    pub fn person_ids(&self) -> &[PersonId] {
        &self.subject.person_ids
    }

    /// The numbers of the organisation that the anchor group may state.
    pub fn organisation_ids(&self) -> &[OrganisationId] {
        &self.subject.organisation_ids
    }

    /// The person's name, for display.
    pub fn person_name(&self) -> &PersonName {
        &self.subject.name
    }

    /// The organisation's name, for display.
    pub fn organisation(&self) -> Option<&str> {
        self.subject.organisation.as_deref()
    }

    /// The group whose rules the certificate was judged by.
    pub fn anchor_group(&self) -> &str {
        &self.anchor_group
    }

    /// When the signer says to have signed; a claim, never used for judging (CMS-11).
    pub fn claimed_signing_time(&self) -> Option<UnixTime> {
        self.claimed_signing_time
    }
}

pub(super) struct Query<'a> {
    pub(super) certificate: &'a Certificate,
    pub(super) bag: &'a [Certificate],
    pub(super) trust: &'a TrustStore,
    pub(super) at: UnixTime,
    pub(super) purpose: Purpose,
}

impl Query<'_> {
    /// What the first group says that has a path to the certificate. No group lets in whom another refuses as a person.
    pub(super) fn find(
        &self,
        claimed_signing_time: Option<UnixTime>,
        checks: &mut Checks<'_>,
    ) -> Result<VerifiedSigner, Problem> {
        if !self.certificate.subject().is_presentable() {
            return Err(Code::CertificateMalformed.into());
        }
        let mut first = None;
        let mut closest = Problem::Invalid(Code::CertificateUnknownIssuer);
        for (group, evidence) in self.trust.with_evidence() {
            match self.judge(group, &evidence, checks) {
                Err(problem) if is_final(problem.code()) => return Err(problem),
                Err(problem) if !has_path(problem.code()) => {
                    if closest.code() == Code::CertificateUnknownIssuer {
                        closest = problem;
                    }
                }
                outcome => first = first.or(Some((group, outcome))),
            }
        }
        let Some((group, outcome)) = first else {
            return Err(closest);
        };
        let (path, subject) = outcome?;
        Ok(VerifiedSigner {
            path,
            certificate: self.certificate.clone(),
            subject,
            anchor_group: group.id.clone(),
            claimed_signing_time,
        })
    }

    fn judge(
        &self,
        group: &AnchorGroup,
        evidence: &Evidence,
        checks: &mut Checks<'_>,
    ) -> Result<(Path, Subject), Problem> {
        let rule = self.purpose.rule(group);
        let brought = self
            .bag
            .iter()
            .filter(|certificate| !group.intermediates.contains(certificate));
        let query = path::Query {
            target: self.certificate,
            anchors: &group.anchors,
            candidates: group.intermediates.iter().chain(brought).collect(),
            at: self.at,
            revocation: self.revocation(group),
            evidence,
            policy: PolicyInputs::default(),
            min_rsa_bits: group.min_rsa_bits,
        };
        let path = path::find(&query, checks)?;
        let issuers_below_anchor = path
            .certificates()
            .split_last()
            .map_or(&[][..], |(_, below)| below);
        let issuers_allow = issuers_below_anchor
            .iter()
            .skip(1)
            .all(|issuer| rule.allows_issuer(issuer));
        if self.certificate.is_authority() || !issuers_allow || !rule.allows(self.certificate) {
            return Err(Code::CertificateWrongPurpose.into());
        }
        let subject = subject(group, self.certificate)?;
        if self.purpose == Purpose::SignIn && !subject.role.is_none_or(Role::may_enter) {
            return Err(Code::CertificateWrongPurpose.into());
        }
        Ok((path, subject))
    }

    /// Entering may go on while the lists are out of reach; a document that was not checked is never called valid.
    fn revocation(&self, group: &AnchorGroup) -> RevocationQuery {
        let policy = group.revocation;
        match self.purpose {
            Purpose::SignIn => RevocationQuery {
                rule: policy.sign_in,
                grace: policy.grace,
                max_age: policy.max_age,
                moment: Moment::Present,
            },
            Purpose::Document => RevocationQuery {
                rule: match policy.sign {
                    RevocationRule::NotAsked => RevocationRule::NotAsked,
                    RevocationRule::Required { .. } => RevocationRule::Required {
                        unknown: UnknownStatus::Refuse,
                    },
                },
                grace: Duration::ZERO,
                max_age: policy.max_age,
                moment: Moment::Past,
            },
        }
    }
}

/// Refusals that count whichever group says so.
const fn is_final(code: Code) -> bool {
    matches!(
        code,
        Code::CertificateRevoked
            | Code::CertificateOnHold
            | Code::CertificateUnknownToAuthority
            | Code::CertificatePersonIdInvalid
            | Code::CertificateAmbiguousSubject
            | Code::CertificateTooComplex
    )
}

/// Refusals of a group that knows the certificate; all others may only mean that another group is the right one.
fn has_path(code: Code) -> bool {
    code.is_about_revocation() || matches!(code, Code::CertificateWrongPurpose)
}

/// What the certificate says, as far as its issuer may say it (CRT-3).
fn subject(group: &AnchorGroup, certificate: &Certificate) -> Result<Subject, Problem> {
    let subject = group
        .subject(certificate)
        .map_err(|AmbiguousSubject| Code::CertificateAmbiguousSubject)?;
    let sound = subject.person_ids.iter().all(PersonId::has_sound_check_digits)
        && subject
            .organisation_ids
            .iter()
            .all(OrganisationId::has_sound_check_digits);
    if group.check_digits && !sound {
        return Err(Code::CertificatePersonIdInvalid.into());
    }
    Ok(subject)
}
