use std::fmt;

use super::OcspResponse;
use super::id::{CertId, IdHash};
use crate::asn1::{self, oids};
use crate::certificate::Certificate;

/// A question about one certificate (RFC 6960 §4.1).
#[derive(Debug, Clone)]
pub struct OcspRequest {
    id: CertId,
    nonce: Option<[u8; 32]>,
}

/// Why a response is no answer to a request, whatever it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// It speaks of other certificates.
    OtherCertificate,
    /// It repeats another nonce: an answer to somebody else's question, or a replay.
    OtherNonce,
    /// It has no nonce. Responders that sign in advance give none (RFC 8954 §2.1).
    NoNonce,
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherCertificate => "the response is about other certificates",
            Self::OtherNonce => "the response repeats another nonce",
            Self::NoNonce => "the response has no nonce",
        })
    }
}

impl std::error::Error for Unanswered {}

impl OcspRequest {
    /// Asks about a certificate under this issuer. A nonce makes the response one for this request (RFC 8954).
    pub fn new(certificate: &Certificate, issuer: &Certificate, nonce: Option<[u8; 32]>) -> Self {
        Self {
            id: CertId::new(IdHash::default(), certificate, issuer),
            nonce,
        }
    }

    /// The same, with the issuer named by this hash.
    pub fn with_hash(
        hash: IdHash,
        certificate: &Certificate,
        issuer: &Certificate,
        nonce: Option<[u8; 32]>,
    ) -> Self {
        Self {
            id: CertId::new(hash, certificate, issuer),
            nonce,
        }
    }

    /// CertID: whom it asks about (RFC 6960 §4.1.1).
    pub fn certificate_id(&self) -> Vec<u8> {
        self.id.to_der()
    }

    /// OCSPRequest, not signed.
    pub fn to_der(&self) -> Vec<u8> {
        let request = asn1::sequence(&[self.id.to_der()]);
        let mut fields = vec![asn1::sequence(&[request])];
        if let Some(nonce) = self.nonce {
            let extension = asn1::sequence(&[
                asn1::object_identifier(oids::OCSP_NONCE),
                asn1::octet_string(&asn1::octet_string(&nonce)),
            ]);
            fields.push(asn1::context(2, &asn1::sequence(&[extension])));
        }
        asn1::sequence(&[asn1::sequence(&fields)])
    }

    /// Whether the response is one to this request. Whether it can be believed is asked when a path is judged.
    pub fn is_answered_by(&self, response: &OcspResponse) -> Result<(), Unanswered> {
        if !response.answers().iter().any(|answer| answer.id == self.id) {
            return Err(Unanswered::OtherCertificate);
        }
        match (self.nonce, response.nonce()) {
            (None, _) => Ok(()),
            (Some(sent), Some(repeated)) if repeated == sent => Ok(()),
            (Some(_), Some(_)) => Err(Unanswered::OtherNonce),
            (Some(_), None) => Err(Unanswered::NoNonce),
        }
    }
}
