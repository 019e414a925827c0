//! TEMPORARY until esign::cms has them.
#![allow(missing_docs, clippy::all)]
use esign::{
    certificate::Certificate,
    profile::{PersonId, Subject},
    provider::Provider,
    time::UnixTime,
    trust::TrustStore,
    verdict::{Code, Verdict},
};
#[derive(Debug)]
pub struct VerifiedSigner {
    certificate: Certificate,
    ids: Vec<PersonId>,
    group: String,
    subject: Subject,
}
impl VerifiedSigner {
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }
    pub fn person_ids(&self) -> &[PersonId] {
        &self.ids
    }
    pub fn anchor_group(&self) -> &str {
        &self.group
    }
    pub fn subject(&self) -> &Subject {
        &self.subject
    }
}
pub fn verify_sign_in(
    _: &[u8],
    _: &[u8],
    _: &TrustStore,
    _: UnixTime,
    _: &dyn Provider,
) -> Verdict<VerifiedSigner> {
    Verdict::Unknown(Code::CmsMalformed)
}
