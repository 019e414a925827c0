use super::info::{Imprint, same_imprint};
use super::token::TimeStampToken;
use crate::asn1::{Oid, integer, object_identifier, sequence, tag, tlv};
use crate::verdict::{Code, Problem};

/// What a time-stamping authority is asked (TimeStampReq, RFC 3161 §2.4.1).
#[derive(Debug, Clone)]
pub struct TimeStampRequest {
    imprint: Imprint,
    policy: Option<Vec<u8>>,
    nonce: Option<Vec<u8>>,
}

impl TimeStampRequest {
    /// Asks for a stamp on an imprint, with the authority's certificates in it.
    pub const fn new(imprint: Imprint) -> Self {
        Self {
            imprint,
            policy: None,
            nonce: None,
        }
    }

    /// With random octets that the answer must repeat.
    #[must_use]
    pub fn with_nonce(mut self, nonce: &[u8]) -> Self {
        self.nonce = Some(integer(nonce));
        self
    }

    /// Under this policy.
    #[must_use]
    pub fn with_policy(mut self, policy: Oid<'_>) -> Self {
        self.policy = Some(object_identifier(policy));
        self
    }

    /// As it is sent (`application/timestamp-query`).
    pub fn to_der(&self) -> Vec<u8> {
        let mut fields = vec![integer(&[1]), self.imprint.to_der()];
        fields.extend(self.policy.clone());
        fields.extend(self.nonce.clone());
        fields.push(tlv(tag::BOOLEAN, &[0xff]));
        sequence(&fields)
    }

    /// Whether a token answers this request (§2.2): the same imprint, nonce and policy. Who signed it and when is
    /// another question.
    pub fn is_answered_by(&self, token: &TimeStampToken) -> Result<(), Problem> {
        let info = token.info();
        if !same_imprint(&self.imprint, &info.imprint) {
            return Err(Code::TspImprintMismatch.into());
        }
        let returned = info.nonce.as_ref().map(|nonce| tlv(tag::INTEGER, nonce));
        if self.nonce.is_some() && self.nonce != returned {
            return Err(Code::TspNonceMismatch.into());
        }
        let issued_under = object_identifier(token.policy());
        if self.policy.as_ref().is_some_and(|asked| *asked != issued_under) {
            return Err(Code::TspPolicyNotAllowed.into());
        }
        Ok(())
    }
}
