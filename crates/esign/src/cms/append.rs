//! A further signature in a message that is already signed: beside the others (RFC 5652 §5.1) or over one of them
//! (§11.4).

use super::raise::RaiseError;
use super::sign::{Form, Request, Signer, sign};
use super::signed_data::SignedData;
use super::splice::{Parts, attribute, with_unsigned};
use crate::asn1::{Error, oids};
use crate::certificate::Certificate;
use crate::private_key::Random;

/// Why a signer cannot be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppendError {
    /// The message cannot be changed.
    Message(RaiseError),
    /// The message holds another content, or one that is not plain data.
    OtherContent,
    /// There is no signer at this place.
    NoSuchSigner,
    /// The key cannot sign.
    Key,
}

impl From<Error> for AppendError {
    fn from(error: Error) -> Self {
        Self::Message(RaiseError::Malformed(error))
    }
}

/// Signs the content of the message once more. Whether the content travels along stays as it was; the signatures that
/// are there stay untouched.
pub fn add_signer(cms: &[u8], request: &Request<'_>, random: Random<'_>) -> Result<Vec<u8>, AppendError> {
    let data = SignedData::parse(cms)?;
    let is_other = data
        .content
        .as_ref()
        .is_some_and(|content| content.as_ref() != request.content);
    if is_other || data.content_type != oids::DATA {
        return Err(AppendError::OtherContent);
    }
    let alone = Request {
        form: Form::Detached,
        ..*request
    };
    let alone = sign(&alone, random).ok_or(AppendError::Key)?;
    let mut parts = Parts::read(cms)?;
    parts.add_signers(&Parts::read(&alone)?);
    Ok(parts.build_readable()?)
}

/// Signs the signature at `place`, counted from 0, in confirmation of it. The content of the request is not used.
pub fn counter_sign(
    cms: &[u8],
    place: usize,
    request: &Request<'_>,
    random: Random<'_>,
) -> Result<Vec<u8>, AppendError> {
    let data = SignedData::parse(cms)?;
    let signed = data.signers.get(place).ok_or(AppendError::NoSuchSigner)?;
    let over_signature = Request {
        content: &signed.signature,
        ..*request
    };
    let counter = Signer::sign(&over_signature, None, random).ok_or(AppendError::Key)?;
    let mut parts = Parts::read(cms)?;
    let signer = parts.signers.get_mut(place).ok_or(AppendError::NoSuchSigner)?;
    *signer = with_unsigned(signer, &attribute(oids::COUNTER_SIGNATURE, &counter.info))?;
    let others = request.others.iter().chain([request.certificate]);
    parts.add_certificates(others.map(Certificate::der));
    Ok(parts.build_readable()?)
}
