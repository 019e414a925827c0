//! Raising a signature to a higher level (ETSI EN 319 122-1 §6): only unsigned parts are added.

use std::fmt;

use super::signed_data::SignedData;
use super::signer_info::SignerInfo;
use super::splice::{Parts, attribute, with_unsigned};
use super::unsigned::TimeStampKind;
use crate::asn1::{Error, context, object_identifier, oids};
use crate::certificate::Certificate;
use crate::provider::Provider;
use crate::revocation::{Crl, Evidence, OcspResponse};
use crate::tsp::TimeStampToken;

/// Why a signature cannot be raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RaiseError {
    /// The bytes are not a CMS message, or it would outgrow its limits.
    Malformed(Error),
    /// The time stamp is of no signature of the message.
    NotOfThisMessage,
    /// Evidence is kept for a time that is proven; there is no time stamp yet.
    NotStamped,
    /// An archive time stamp protects what would be changed.
    Archived,
}

impl From<Error> for RaiseError {
    fn from(error: Error) -> Self {
        Self::Malformed(error)
    }
}

impl fmt::Display for RaiseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => write!(f, "not a CMS message that can be raised: {error}"),
            Self::NotOfThisMessage => f.write_str("the time stamp is of no signature of this message"),
            Self::NotStamped => f.write_str("a signature without a time stamp cannot be raised to LT"),
            Self::Archived => f.write_str("an archive time stamp protects the message"),
        }
    }
}

impl std::error::Error for RaiseError {}

/// To level T: puts a time stamp on the signature that it was made for. Whether the stamp is believed is for the
/// caller to ask first, by [`TimeStampToken::verify`].
pub fn raise_to_t(
    cms: &[u8],
    token: &TimeStampToken,
    provider: &dyn Provider,
) -> Result<Vec<u8>, RaiseError> {
    let data = SignedData::parse(cms)?;
    let is_stamped = |signer: &SignerInfo<'_>| token.imprint().is_of(&signer.signature, provider) == Ok(true);
    let place = data
        .signers
        .iter()
        .position(is_stamped)
        .ok_or(RaiseError::NotOfThisMessage)?;
    let mut parts = Parts::read(cms)?;
    let stamp = attribute(oids::SIGNATURE_TIME_STAMP, token.as_bytes());
    let signer = parts.signers.get_mut(place).ok_or(RaiseError::NotOfThisMessage)?;
    *signer = with_unsigned(signer, &stamp)?;
    Ok(parts.build_readable()?)
}

/// To level LT: puts certificates and revocation data beside the signers, as EN 319 122-1 §5.4 has it for the baseline
/// profile. What the message already holds, be it in the attributes of older profiles, is not repeated.
pub fn raise_to_lt(
    cms: &[u8],
    certificates: &[Certificate],
    evidence: &Evidence,
) -> Result<Vec<u8>, RaiseError> {
    let data = SignedData::parse(cms)?;
    let has =
        |signer: &SignerInfo<'_>, kind| signer.unsigned.time_stamps.iter().any(|stamp| stamp.kind == kind);
    if data
        .signers
        .iter()
        .any(|signer| has(signer, TimeStampKind::Archive))
    {
        return Err(RaiseError::Archived);
    }
    if !data
        .signers
        .iter()
        .any(|signer| has(signer, TimeStampKind::Signature))
    {
        return Err(RaiseError::NotStamped);
    }
    let mut parts = Parts::read(cms)?;
    let held = &data.stored;
    let certificates = certificates.iter().map(Certificate::der);
    parts.add_certificates(certificates.filter(|der| !held.certificates.contains(der)));
    let lists = evidence.crls().iter().map(Crl::der);
    let lists = lists.filter(|der| !held.lists.contains(der));
    parts.add_revocation(lists.map(<[u8]>::to_vec));
    let responses = evidence.ocsp().iter();
    let responses = responses.filter(|response| !held.responses.iter().any(|known| known.is(response)));
    parts.add_revocation(responses.map(other_revocation_info));
    Ok(parts.build_readable()?)
}

/// OtherRevocationInfoFormat with an OCSPResponse (RFC 5940 §2.1).
fn other_revocation_info(response: &OcspResponse) -> Vec<u8> {
    context(
        1,
        &[object_identifier(oids::OCSP_RESPONSE), response.der().to_vec()].concat(),
    )
}
