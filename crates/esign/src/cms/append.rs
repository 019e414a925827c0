//! A further signer for a message that is already signed (RFC 5652 §5.1: signatures in parallel).

use super::raise::RaiseError;
use super::sign::{Form, Request, sign};
use super::signed_data::SignedData;
use super::splice::Parts;
use crate::asn1::{Error, oids};
use crate::private_key::Random;

/// Why a signer cannot be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppendError {
    /// The message cannot be changed.
    Message(RaiseError),
    /// The message holds another content, or one that is not plain data.
    OtherContent,
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
    let signed = parts.build();
    SignedData::parse(&signed)?;
    Ok(signed)
}
