//! The algorithms of a signature, signed along with it, so that nobody puts others in their place (RFC 6211).

use super::signer_info::SignerInfo;
use crate::asn1::{Element, Oid, Result, tag};

/// CMSAlgorithmProtection of a signature.
pub(super) struct AlgorithmProtection<'a> {
    digest: Algorithm<'a>,
    signature: Algorithm<'a>,
}

/// An AlgorithmIdentifier; parameters that are NULL are none.
#[derive(PartialEq, Eq)]
struct Algorithm<'a> {
    oid: Oid<'a>,
    parameters: Option<&'a [u8]>,
}

impl<'a> AlgorithmProtection<'a> {
    /// Of a signature the second field is there, and the third, which is for MACs, is not (§2).
    pub(super) fn read(value: Element<'a>) -> Result<Self> {
        let mut fields = value.sequence()?;
        let digest = Algorithm::read(fields.expect(tag::SEQUENCE)?)?;
        let signature = Algorithm::read(fields.expect(tag::context_constructed(1))?)?;
        fields.finish()?;
        Ok(Self { digest, signature })
    }

    /// Whether these are the algorithms that the signer names outside of what is signed.
    pub(super) fn is_of(&self, signer: &SignerInfo<'_>) -> bool {
        let is = |signed: &Algorithm<'_>, named| Algorithm::read(named).is_ok_and(|named| *signed == named);
        is(&self.digest, signer.digest_algorithm) && is(&self.signature, signer.signature_algorithm)
    }
}

impl<'a> Algorithm<'a> {
    /// Whatever the tag of the identifier.
    fn read(identifier: Element<'a>) -> Result<Self> {
        let mut fields = identifier.children()?;
        let oid = fields.expect(tag::OID)?.oid()?;
        let parameters = if fields.is_empty() {
            None
        } else {
            Some(fields.element()?).filter(|parameters| parameters.tag() != tag::NULL)
        };
        fields.finish()?;
        Ok(Self {
            oid,
            parameters: parameters.map(|parameters| parameters.raw()),
        })
    }
}
