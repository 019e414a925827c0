//! Authorities, certificates and lists, made on the spot.

use std::sync::Arc;

use esign::certificate::Certificate;
use esign::cms::sign::{Form, Request, sign};
use esign::private_key::PrivateKey;
use esign::profile::Profile;
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, RevocationPolicy, RevocationRule, TrustStore, UnknownStatus};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams,
    SerialNumber, date_time_ymd,
};
use time::{Duration, OffsetDateTime};

pub(crate) const HOUR: i64 = 3_600;
pub(crate) const DAY: i64 = 24 * HOUR;

pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(crate) certificate: Certificate,
    pub(crate) pem: String,
}

/// A certificate and its key.
pub(crate) struct Holder {
    pub(crate) certificate: Certificate,
    key: KeyPair,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = params(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self {
            certificate: Certificate::parse(certificate.der().to_vec()).unwrap(),
            pem: certificate.pem(),
            issuer: Issuer::new(params, key),
        }
    }

    /// A person's certificate; it may say where the responder is.
    pub(crate) fn issue(&self, serial: u64, responder: Option<&str>) -> Holder {
        let mut params = params("Person");
        params.serial_number = Some(SerialNumber::from(serial));
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.custom_extensions = responder.map(access).into_iter().collect();
        self.sign(&params)
    }

    /// A certificate that may answer for the authority, about whose own status nobody need ask.
    pub(crate) fn delegate(&self) -> Holder {
        self.responder(vec![CustomExtension::from_oid_content(
            &[1, 3, 6, 1, 5, 5, 7, 48, 1, 5],
            vec![5, 0],
        )])
    }

    /// The same, but somebody has to ask.
    pub(crate) fn delegate_to_be_checked(&self) -> Holder {
        self.responder(Vec::new())
    }

    fn responder(&self, extensions: Vec<CustomExtension>) -> Holder {
        let mut params = params("Responder");
        params.custom_extensions = extensions;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::OcspSigning];
        self.sign(&params)
    }

    fn sign(&self, params: &CertificateParams) -> Holder {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Holder {
            certificate: Certificate::parse(certificate.der().to_vec()).unwrap(),
            key,
        }
    }

    /// A list issued at a moment that counts for a day.
    pub(crate) fn list(&self, number: u64, at: UnixTime, revoked: &[u64]) -> Vec<u8> {
        let at = OffsetDateTime::from_unix_timestamp(at.0).unwrap();
        let entry = |serial: &u64| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: at,
            reason_code: None,
            invalidity_date: None,
        };
        let params = CertificateRevocationListParams {
            this_update: at,
            next_update: at + Duration::days(1),
            crl_number: SerialNumber::from(number),
            issuing_distribution_point: None,
            revoked_certs: revoked.iter().map(entry).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(&self.issuer).unwrap().der().to_vec()
    }

    /// A store that knows this authority as the group `main`.
    pub(crate) fn trust(&self, unknown: UnknownStatus) -> Arc<TrustStore> {
        let mut group = AnchorGroup::new("main", Profile::Plain, vec![self.certificate.clone()]);
        group.revocation = RevocationPolicy::uniform(RevocationRule::Required { unknown });
        Arc::new(TrustStore::new(vec![group]))
    }
}

impl Holder {
    pub(crate) fn pem(&self) -> String {
        let body = data_encoding::BASE64.encode(self.certificate.der());
        format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
    }

    pub(crate) fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }

    /// The answer to a challenge.
    pub(crate) fn sign(&self, content: &[u8], at: UnixTime) -> Vec<u8> {
        let key = PrivateKey::from_pkcs8(&self.key.serialize_der()).unwrap();
        let request = Request {
            key: &key,
            certificate: &self.certificate,
            others: &[],
            content,
            at,
            form: Form::Attached,
        };
        sign(&request, &mut |bytes| bytes.fill(7)).unwrap()
    }
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2049, 12, 31);
    params.use_authority_key_identifier_extension = true;
    params
}

/// AuthorityInfoAccess with an OCSP responder.
fn access(address: &str) -> CustomExtension {
    let location = tlv(0x86, address.as_bytes());
    let method = [0x06, 8, 0x2b, 6, 1, 5, 5, 7, 0x30, 1];
    let value = tlv(0x30, &tlv(0x30, &[&method[..], &location].concat()));
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], value)
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap();
    assert!(length < 128);
    [&[tag, length], content].concat()
}
