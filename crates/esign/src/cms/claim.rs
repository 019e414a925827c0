//! What a message says of itself, before anything of it is judged: for a page that shows whose certificate an outside
//! program has just signed with.

use super::{Bag, SignedData};
use crate::certificate::Certificate;
use crate::verdict::{Code, Problem};

/// The certificate that the message names as its only signer's (RFC 5652 §5.3), if it carries exactly this content.
/// **No signature is checked**: only [`super::verify_sign_in`] says who signed.
pub fn claimed_signer(cms: &[u8], content: &[u8]) -> Result<Certificate, Problem> {
    let data = SignedData::parse(cms).map_err(|_| Code::CmsMalformed)?;
    match &data.content {
        None => return Err(Code::CmsContentMissing.into()),
        Some(carried) if **carried != *content => return Err(Code::CmsContentMismatch.into()),
        Some(_) => {}
    }
    named(&data)
}

/// The same, whatever the message carries: for a page that tells whoever sent it why it was refused.
pub fn claimed_certificate(cms: &[u8]) -> Result<Certificate, Problem> {
    named(&SignedData::parse(cms).map_err(|_| Code::CmsMalformed)?)
}

fn named(data: &SignedData<'_>) -> Result<Certificate, Problem> {
    let [signer] = data.signers.as_slice() else {
        return Err(Code::CmsSignerCount.into());
    };
    let bag = Bag::of(&data.stored);
    let candidates = bag.candidates(&signer.id)?;
    candidates
        .first()
        .map(|certificate| (*certificate).clone())
        .ok_or_else(|| Code::CmsSignerCertificateMissing.into())
}
