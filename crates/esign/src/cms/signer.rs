//! From a certificate that made a signature to a person who is believed.

use super::verify::Purpose;
use crate::certificate::Certificate;
use crate::path::{self, Path, PolicyInputs, RevocationAnswer};
use crate::profile::{OrganisationId, PersonId, PersonIdKind, PersonName, Subject};
use crate::provider::Provider;
use crate::time::UnixTime;
use crate::trust::{AnchorGroup, TrustStore};
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
    pub(super) provider: &'a dyn Provider,
    pub(super) purpose: Purpose,
}

impl Query<'_> {
    /// The first group under which the certificate holds, or the most telling refusal.
    pub(super) fn find(&self, claimed_signing_time: Option<UnixTime>) -> Result<VerifiedSigner, Problem> {
        if !self.certificate.subject().is_presentable() {
            return Err(Code::CertificateMalformed.into());
        }
        let mut closest = Problem::Invalid(Code::CertificateUnknownIssuer);
        for group in self.trust.groups() {
            match self.judge(group) {
                Ok((path, subject)) => {
                    return Ok(VerifiedSigner {
                        path,
                        certificate: self.certificate.clone(),
                        subject,
                        anchor_group: group.id.clone(),
                        claimed_signing_time,
                    });
                }
                Err(problem) if closest.code() == Code::CertificateUnknownIssuer => closest = problem,
                Err(_) => {}
            }
        }
        Err(closest)
    }

    fn judge(&self, group: &AnchorGroup) -> Result<(Path, Subject), Problem> {
        let query = path::Query {
            target: self.certificate,
            anchors: &group.anchors,
            candidates: group.intermediates.iter().chain(self.bag).collect(),
            at: self.at,
            revocation: group.revocation,
            crls: &group.crls,
            policy: PolicyInputs::default(),
            min_rsa_bits: group.min_rsa_bits,
        };
        let path = path::validate(&query, self.provider, self.trust.checked()).into_result()?;
        let is_authority = self.purpose == Purpose::SignIn && self.certificate.is_authority();
        if is_authority || !self.purpose.rule(group).allows(self.certificate) {
            return Err(Code::CertificateWrongPurpose.into());
        }
        Ok((path, subject(group, self.certificate)?))
    }
}

/// What the certificate says, as far as its issuer may say it (CRT-3).
fn subject(group: &AnchorGroup, certificate: &Certificate) -> Result<Subject, Problem> {
    let mut subject = group.profile.read(certificate);
    let may_state = |is_of: &dyn Fn(&PersonIdKind) -> bool| group.person_ids.iter().any(is_of);
    subject.person_ids.retain(|id| may_state(&|kind| id.is_of(kind)));
    subject
        .organisation_ids
        .retain(|id| may_state(&|kind| id.is_of(kind)));
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
