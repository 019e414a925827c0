//! Whether a time stamp proves a time (RFC 3161 §2.2, §2.3; threat CMS-13).

use super::info::TstInfo;
use super::token::TimeStampToken;
use crate::asn1::{Oid, oids};
use crate::certificate::{Certificate, KeyUsage};
use crate::cms::{Bag, Content, Octets, Signed, SignedData, algorithm_problem};
use crate::path::{self, Checks, Path, PolicyInputs, RevocationAnswer};
use crate::provider::Provider;
use crate::revocation::{Evidence, Finding};
use crate::time::UnixTime;
use crate::trust::{AnchorGroup, TrustStore};
use crate::verdict::{Code, Problem, Verdict};

/// Clocks differ: a time stamp this many seconds ahead is not yet from the future.
const CLOCK_SKEW: i64 = 300;

/// A moment by which something is known to have existed. Only the verifier can make one.
#[derive(Debug, Clone)]
pub struct ProvenTime {
    token: TimeStampToken,
    authority: Certificate,
    path: Path,
    anchor_group: String,
}

impl ProvenTime {
    /// The moment by which it existed: the time stated, later by the accuracy.
    pub const fn latest(&self) -> UnixTime {
        self.token.info().latest
    }

    /// The token, which tells the time stated, the policy and the serial number.
    pub const fn token(&self) -> &TimeStampToken {
        &self.token
    }

    /// The certificate of the time-stamping authority.
    pub const fn authority(&self) -> &Certificate {
        &self.authority
    }

    /// From the authority's certificate to the anchor.
    pub fn path(&self) -> &[Certificate] {
        self.path.certificates()
    }

    /// What was found out about the revocation of that path.
    pub const fn revocation(&self) -> RevocationAnswer {
        self.path.revocation()
    }

    /// What the status of each certificate of the path rests on.
    pub fn findings(&self) -> &[Finding] {
        self.path.findings()
    }

    /// The group whose anchors believe the authority.
    pub fn anchor_group(&self) -> &str {
        &self.anchor_group
    }
}

impl TimeStampToken {
    /// Judges the token as a time stamp of `message`, as known at the moment `at`, by the first anchor group that
    /// believes the authority.
    pub fn verify(
        &self,
        message: &[u8],
        trust: &TrustStore,
        at: UnixTime,
        provider: &dyn Provider,
    ) -> Verdict<ProvenTime> {
        let mut checks = Checks::new(provider, trust.checked());
        let judge = |checks: &mut Checks<'_>| {
            let stamp = Stamp::check(self, message, &Bag::default(), checks)?;
            let mut closest = Problem::Invalid(Code::CertificateUnknownIssuer);
            for (group, evidence) in trust.with_evidence() {
                match stamp.prove(group, &evidence, at, checks) {
                    Ok(proven) => return Ok(proven),
                    Err(problem) if closest.code() == Code::CertificateUnknownIssuer => closest = problem,
                    Err(_) => {}
                }
            }
            Err(closest)
        };
        judge(&mut checks).into()
    }
}

/// A time stamp that is soundly signed and of the right thing; whether its authority is believed remains to be asked.
pub(crate) struct Stamp {
    token: TimeStampToken,
    authority: Certificate,
    bag: Bag,
}

impl Stamp {
    pub(crate) fn check(
        token: &TimeStampToken,
        message: &[u8],
        known: &Bag,
        checks: &mut Checks<'_>,
    ) -> Result<Self, Problem> {
        let data = SignedData::parse(token.as_bytes()).map_err(|_| Code::TspMalformed)?;
        let bag = Bag::of(&data.stored).with(known);
        let authority = signer(&data, &bag, checks)?;
        if !is_for_time_stamps_alone(&authority) {
            return Err(Code::TspWrongPurpose.into());
        }
        let imprint = &token.info().imprint;
        if !imprint
            .is_of(message, checks.provider())
            .map_err(algorithm_problem)?
        {
            return Err(Code::TspImprintMismatch.into());
        }
        Ok(Self {
            token: token.clone(),
            authority,
            bag,
        })
    }

    pub(crate) const fn authority(&self) -> &Certificate {
        &self.authority
    }

    /// Whether the group believes the authority. Its path is judged at the time stated: a stamp outlives the
    /// certificate that made it.
    pub(crate) fn prove(
        &self,
        group: &AnchorGroup,
        evidence: &Evidence,
        at: UnixTime,
        checks: &mut Checks<'_>,
    ) -> Result<ProvenTime, Problem> {
        let info: &TstInfo = self.token.info();
        if info.gen_time.0 > at.0.saturating_add(CLOCK_SKEW) {
            return Err(Code::TspFromFuture.into());
        }
        if !group.time_stamps.allows_policy(self.token.policy()) {
            return Err(Code::TspPolicyNotAllowed.into());
        }
        let query = path::Query {
            target: &self.authority,
            anchors: group.time_stamp_anchors(),
            candidates: group.intermediates.iter().chain(&self.bag.certificates).collect(),
            at: info.gen_time,
            revocation: group.revocation.query_for_time_stamps(),
            evidence,
            policy: PolicyInputs::default(),
            min_rsa_bits: group.min_rsa_bits,
        };
        Ok(ProvenTime {
            token: self.token.clone(),
            authority: self.authority.clone(),
            path: path::find(&query, checks)?,
            anchor_group: group.id.clone(),
        })
    }
}

/// The one signer, named in what it signed (RFC 3161 §2.4.2, RFC 5816 §2.2.1).
fn signer(data: &SignedData<'_>, bag: &Bag, checks: &mut Checks<'_>) -> Result<Certificate, Problem> {
    let [signer] = data.signers.as_slice() else {
        return Err(Code::CmsSignerCount.into());
    };
    let octets = data.content.clone().ok_or(Code::TspMalformed)?;
    let content = Content::new(oids::TST_INFO, Octets::whole(octets));
    let signed = Signed::read(&content, signer, checks.provider())?;
    if !signed.names_a_certificate() {
        return Err(Code::CmsAttributesInvalid.into());
    }
    let mut closest = None;
    for certificate in bag.candidates(&signer.id)? {
        match signed.check(signer, certificate, checks) {
            Ok(_) => return Ok(certificate.clone()),
            Err(problem) => closest = closest.or(Some(problem)),
        }
    }
    Err(closest.unwrap_or(Problem::Invalid(Code::CmsSignerCertificateMissing)))
}

/// Extended key usage, critical, of time stamps and nothing else (RFC 3161 §2.3).
fn is_for_time_stamps_alone(certificate: &Certificate) -> bool {
    let purposes: Option<Vec<Oid<'_>>> = certificate.extended_key_usage();
    let is_critical = certificate
        .extension(oids::EXTENDED_KEY_USAGE)
        .is_some_and(|extension| extension.critical);
    let usage = KeyUsage::DIGITAL_SIGNATURE.or(KeyUsage::CONTENT_COMMITMENT);
    let may_sign = certificate
        .key_usage()
        .is_none_or(|stated| stated.intersects(usage));
    is_critical
        && purposes.as_deref() == Some(&[oids::TIME_STAMPING])
        && may_sign
        && !certificate.is_authority()
}
