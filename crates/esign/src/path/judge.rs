//! The checks of RFC 5280 §6.1 over one candidate path.

use super::constraints::Constraints;
use super::policy::Policies;
use super::{Checks, Query};
use crate::algorithm::PublicKey;
use crate::certificate::{Certificate, KeyUsage};
use crate::verdict::{Code, Problem};

/// Where and why a path does not hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Failure {
    /// How many certificates, counted from the anchor, had been accepted.
    accepted: usize,
    pub(super) problem: Problem,
}

impl Failure {
    pub(super) const fn new(accepted: usize, problem: Problem) -> Self {
        Self { accepted, problem }
    }

    /// Of several failures the greatest tells most: a wrong signature may only mean another key of the same name,
    /// a search that was broken off may have missed everything, a revoked certificate outweighs all.
    pub(super) const fn closeness(&self) -> (usize, u8) {
        match self.problem {
            Problem::Invalid(
                Code::CertificateRevoked | Code::CertificateOnHold | Code::CertificateUnknownToAuthority,
            ) => (usize::MAX, 3),
            Problem::Invalid(Code::CertificateTooComplex) => (usize::MAX, 2),
            Problem::Unknown(_) => (self.accepted, 2),
            Problem::Invalid(Code::CertificateSignatureInvalid) => (self.accepted, 0),
            Problem::Invalid(_) => (self.accepted, 1),
        }
    }
}

/// Judges a path given from the target to the anchor.
pub(super) fn judge<'q>(
    query: &'q Query<'_>,
    path: &[&'q Certificate],
    checks: &mut Checks<'_>,
) -> Result<(), Failure> {
    let mut from_anchor = path.iter().rev().copied();
    let Some(anchor) = from_anchor.next() else {
        return Ok(());
    };
    let below: Vec<&Certificate> = from_anchor.collect();
    let mut state = State {
        issuer: anchor,
        path_length: usize::MAX,
        constraints: Constraints::default(),
        policies: Policies::new(&query.policy, below.len()),
    };
    state
        .anchor(query, anchor, below.is_empty())
        .map_err(|problem| Failure::new(0, problem))?;
    for (index, certificate) in below.iter().enumerate() {
        let is_target = index + 1 == below.len();
        state
            .step(query, certificate, is_target, checks)
            .map_err(|problem| Failure::new(index + 1, problem))?;
    }
    Ok(())
}

struct State<'q> {
    issuer: &'q Certificate,
    path_length: usize,
    constraints: Constraints<'q>,
    policies: Policies<'q>,
}

impl<'q> State<'q> {
    /// What an anchor says of itself binds it (RFC 5937), and an anchor out of its time is none.
    fn anchor(&mut self, query: &Query<'_>, anchor: &'q Certificate, is_target: bool) -> Result<(), Problem> {
        key(query, anchor)?;
        validity(query, anchor)?;
        if anchor.has_unknown_critical_extension() {
            return Err(Code::CertificateUnknownExtension.into());
        }
        if is_target {
            return Ok(());
        }
        match anchor.basic_constraints() {
            Some(constraints) if constraints.authority => self.limit_path(constraints.path_length),
            // certificates of version 1 cannot say what they are; the configuration says it for them
            None if anchor.extensions().next().is_none() => {}
            _ => return Err(Code::CertificateIssuerNotAuthority.into()),
        }
        may_sign_certificates(anchor)?;
        self.constraints.add(anchor)
    }

    fn step(
        &mut self,
        query: &Query<'_>,
        certificate: &'q Certificate,
        is_target: bool,
        checks: &mut Checks<'_>,
    ) -> Result<(), Problem> {
        checks.certificate(certificate, self.issuer, !is_target)?;
        key(query, certificate)?;
        validity(query, certificate)?;
        if certificate.has_unknown_critical_extension() {
            return Err(Code::CertificateUnknownExtension.into());
        }
        let self_issued = certificate.is_self_issued();
        if is_target || !self_issued {
            self.constraints.check(certificate, checks)?;
        }
        self.policies.step(certificate, is_target)?;
        if is_target {
            return self.policies.finish(certificate);
        }
        self.prepare_for_next(certificate, self_issued)
    }

    /// §6.1.4
    fn prepare_for_next(&mut self, certificate: &'q Certificate, self_issued: bool) -> Result<(), Problem> {
        let constraints = certificate
            .basic_constraints()
            .filter(|constraints| constraints.authority);
        let constraints = constraints.ok_or(Code::CertificateIssuerNotAuthority)?;
        may_sign_certificates(certificate)?;
        if !self_issued {
            self.path_length = self
                .path_length
                .checked_sub(1)
                .ok_or(Code::CertificatePathTooLong)?;
        }
        self.limit_path(constraints.path_length);
        self.constraints.add(certificate)?;
        self.policies.prepare_for_next(certificate)?;
        self.issuer = certificate;
        Ok(())
    }

    fn limit_path(&mut self, length: Option<u32>) {
        if let Some(length) = length.and_then(|length| usize::try_from(length).ok()) {
            self.path_length = self.path_length.min(length);
        }
    }
}

fn may_sign_certificates(certificate: &Certificate) -> Result<(), Problem> {
    match certificate.key_usage() {
        Some(usage) if !usage.allows(KeyUsage::KEY_CERT_SIGN) => {
            Err(Code::CertificateIssuerNotAuthority.into())
        }
        _ => Ok(()),
    }
}

fn validity(query: &Query<'_>, certificate: &Certificate) -> Result<(), Problem> {
    if query.at < certificate.not_before() {
        return Err(Code::CertificateNotYetValid.into());
    }
    if query.at > certificate.not_after() {
        return Err(Code::CertificateExpired.into());
    }
    Ok(())
}

fn key(query: &Query<'_>, certificate: &Certificate) -> Result<(), Problem> {
    PublicKey::from_spki(certificate.spki())?;
    match certificate.key_name().rsa_bits() {
        Some(bits) if bits < query.min_rsa_bits => Err(Code::CertificateWeakAlgorithm.into()),
        _ => Ok(()),
    }
}
