//! From a certificate whose key has answered to a person who is believed.

use super::bag::Bag;
use super::stamps::Stamps;
use super::verify::Purpose;
use crate::certificate::Certificate;
use crate::path::{self, Checks, Path, PolicyInputs, RevocationAnswer};
use crate::profile::{AmbiguousSubject, OrganisationId, PersonId, PersonName, Role, Subject};
use crate::revocation::{Evidence, Finding};
use crate::time::UnixTime;
use crate::trust::AnchorGroup;
use crate::tsp::ProvenTime;
use crate::verdict::{Code, Problem};

/// Somebody whose key has answered, and whose certificate was verified. Only the verifier can make one.
#[derive(Debug, Clone)]
pub struct VerifiedSigner {
    path: Path,
    certificate: Certificate,
    subject: Subject,
    anchor_group: String,
    group_index: usize,
    claimed_signing_time: Option<UnixTime>,
    proven_time: Option<ProvenTime>,
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

    /// The moment by which the signature existed, as a time stamp proves it; the certificate was judged by it.
    pub const fn proven_time(&self) -> Option<&ProvenTime> {
        self.proven_time.as_ref()
    }

    /// The place of that group in the configuration.
    pub(super) const fn group_index(&self) -> usize {
        self.group_index
    }

    /// When the signer says to have signed; a claim, never used for judging (CMS-11).
    pub fn claimed_signing_time(&self) -> Option<UnixTime> {
        self.claimed_signing_time
    }
}

pub(super) struct Query<'a> {
    pub(super) certificate: &'a Certificate,
    pub(super) bag: &'a Bag,
    pub(super) stamps: &'a Stamps,
    pub(super) groups: &'a [(&'a AnchorGroup, Evidence)],
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
        for (index, (group, evidence)) in self.groups.iter().enumerate() {
            let proven_time = self.stamps.earliest(index);
            let at = proven_time.map_or(self.at, |proven| proven.latest().min(self.at));
            match self.judge(group, evidence, at, checks) {
                Err(problem) if is_final(problem.code()) => return Err(problem),
                Err(problem) if !has_path(problem.code()) => {
                    if closest.code() == Code::CertificateUnknownIssuer {
                        closest = problem;
                    }
                }
                outcome => first = first.or(Some((index, group, outcome))),
            }
        }
        let Some((group_index, group, outcome)) = first else {
            return Err(closest);
        };
        let (path, subject) = outcome?;
        Ok(VerifiedSigner {
            path,
            certificate: self.certificate.clone(),
            subject,
            anchor_group: group.id.clone(),
            group_index,
            claimed_signing_time,
            proven_time: self.stamps.earliest(group_index).cloned(),
        })
    }

    fn judge(
        &self,
        group: &AnchorGroup,
        evidence: &Evidence,
        at: UnixTime,
        checks: &mut Checks<'_>,
    ) -> Result<(Path, Subject), Problem> {
        let rule = self.purpose.rule(group);
        let brought = self
            .bag
            .certificates
            .iter()
            .filter(|certificate| !group.intermediates.contains(certificate));
        let query = path::Query {
            target: self.certificate,
            anchors: &group.anchors,
            candidates: group.intermediates.iter().chain(brought).collect(),
            at,
            revocation: match self.purpose {
                Purpose::SignIn => group.revocation.query_for_sign_in(),
                Purpose::Document => group.revocation.query_for_documents(),
            },
            evidence,
            policy: PolicyInputs::default(),
            min_rsa_bits: group.min_rsa_bits,
        };
        let path = path::find(&query, checks)?;
        let issuers_below_anchor = match path.certificates() {
            [_, issuers @ .., _] => issuers,
            _ => &[],
        };
        if self.certificate.is_authority() || !rule.allows_under(issuers_below_anchor, self.certificate) {
            return Err(Code::CertificateWrongPurpose.into());
        }
        let subject = subject(group, self.certificate)?;
        if self.purpose == Purpose::SignIn && !subject.role.is_none_or(Role::may_enter) {
            return Err(Code::CertificateWrongPurpose.into());
        }
        Ok((path, subject))
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
