use sha1::Digest as _;

use crate::algorithm;
use crate::asn1::{self, Element, Oid, Result, oids, tag};
use crate::certificate::Certificate;
use crate::provider::sha256;

/// The hash by which a request names the issuer. It only identifies, so SHA-1 does no harm here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IdHash {
    /// what every responder understands
    #[default]
    Sha1,
    /// SHA-256
    Sha256,
}

impl IdHash {
    const fn oid(self) -> Oid<'static> {
        match self {
            Self::Sha1 => oids::SHA1,
            Self::Sha256 => oids::SHA256,
        }
    }

    fn from_oid(oid: Oid<'_>) -> Option<Self> {
        [Self::Sha1, Self::Sha256]
            .into_iter()
            .find(|hash| hash.oid() == oid)
    }

    pub(super) fn digest(self, octets: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => sha1::Sha1::digest(octets).to_vec(),
            Self::Sha256 => sha256(octets).to_vec(),
        }
    }
}

/// CertID (RFC 6960 §4.1.1): a certificate by its issuer's name and key and its serial number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CertId {
    /// `None` for a hash that is not known here; such an id names no certificate
    hash: Option<IdHash>,
    issuer_name: Box<[u8]>,
    issuer_key: Box<[u8]>,
    serial: Box<[u8]>,
}

impl CertId {
    pub(super) fn new(hash: IdHash, certificate: &Certificate, issuer: &Certificate) -> Self {
        // the bits as they are: in GOST keys they hold an OCTET STRING, whose header is hashed too
        let key = algorithm::public_key_bits(issuer.spki()).unwrap_or_default();
        Self {
            hash: Some(hash),
            issuer_name: hash.digest(certificate.issuer().as_der()).into(),
            issuer_key: hash.digest(key).into(),
            serial: certificate.serial().into(),
        }
    }

    /// The two ids by which a responder may speak of the certificate as issued under the issuer's key.
    pub(super) fn all(certificate: &Certificate, issuer: &Certificate) -> [Self; 2] {
        [IdHash::Sha1, IdHash::Sha256].map(|hash| Self::new(hash, certificate, issuer))
    }

    pub(super) fn read(element: Element<'_>) -> Result<Self> {
        let mut fields = element.sequence()?;
        let mut algorithm = fields.sequence()?;
        let hash = IdHash::from_oid(algorithm.expect(tag::OID)?.oid()?);
        let issuer_name = fields.expect(tag::OCTET_STRING)?.content().into();
        let issuer_key = fields.expect(tag::OCTET_STRING)?.content().into();
        let serial = fields.expect(tag::INTEGER)?.integer()?.into();
        fields.finish()?;
        Ok(Self {
            hash,
            issuer_name,
            issuer_key,
            serial,
        })
    }

    pub(super) fn to_der(&self) -> Vec<u8> {
        let hash = self.hash.unwrap_or_default();
        asn1::sequence(&[
            asn1::sequence(&[asn1::object_identifier(hash.oid()), asn1::null()]),
            asn1::octet_string(&self.issuer_name),
            asn1::octet_string(&self.issuer_key),
            asn1::tlv(tag::INTEGER, &self.serial),
        ])
    }
}
