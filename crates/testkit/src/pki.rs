//! A certification authority and people with keys, made on the spot. Names and numbers are laid out as the authority of
//! Kazakhstan does.

use cabinet::Visit;
use cabinet::sign_in::Challenge;
use esign::certificate::Certificate;
use esign::cms::sign::{Form, Request, sign};
use esign::private_key::PrivateKey;
use esign::profile::Profile;
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, TrustStore};
pub use rcgen::ExtendedKeyUsagePurpose;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DistinguishedName, DnType, IsCa,
    Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber, date_time_ymd,
};
use time::{Duration, OffsetDateTime};

/// What a key for signing documents is for, in Kazakhstan.
pub const EMAIL_PROTECTION: ExtendedKeyUsagePurpose = ExtendedKeyUsagePurpose::EmailProtection;

/// An authority that issues certificates to people.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: Certificate,
}

/// What a certificate says of a person.
#[derive(Clone, Debug)]
pub struct Person {
    /// The personal number, if the certificate states one.
    pub iin: Option<&'static str>,
    /// Other attributes of the subject: identifier and text.
    pub attributes: Vec<(&'static [u64], &'static str)>,
    /// Surname, given name, patronymic.
    pub name: [&'static str; 3],
    /// What the key is for.
    pub purposes: Vec<ExtendedKeyUsagePurpose>,
    /// Whether the key may make lasting evidence (nonRepudiation).
    pub lasting: bool,
    /// First and last year of validity, both whole.
    pub years: [i32; 2],
}

/// A person's key with its certificate.
pub struct Key {
    private: PrivateKey,
    pkcs8: Vec<u8>,
    certificate: Certificate,
}

/// Асхат Сериков, whose number has a right check digit.
pub fn askhat() -> Person {
    Person {
        iin: Some("900101300007"),
        attributes: Vec::new(),
        name: ["СЕРИКОВ", "АСХАТ", "ҚАЙРАТҰЛЫ"],
        purposes: vec![ExtendedKeyUsagePurpose::ClientAuth],
        lasting: false,
        years: [2026, 2026],
    }
}

/// Айгүл Әлиева, another person.
pub fn aigul() -> Person {
    Person {
        iin: Some("850615400026"),
        name: ["ӘЛИЕВА", "АЙГҮЛ", "МҰРАТҚЫЗЫ"],
        ..askhat()
    }
}

impl Authority {
    /// An authority with a self-signed certificate.
    pub fn new(name: &str) -> Self {
        let mut params = params([2020, 2040]);
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Self {
            certificate: read(certificate.der()),
            issuer: Issuer::new(params, key),
        }
    }

    /// The self-signed certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// An anchor group of this authority, which may state IINs and BINs.
    pub fn group(&self, id: &str) -> AnchorGroup {
        let mut group = AnchorGroup::new(id, Profile::Kz, vec![self.certificate.clone()]);
        group.person_ids = ["KZ:IIN", "KZ:BIN"]
            .map(|kind| kind.parse().expect("a constant"))
            .to_vec();
        group
    }

    /// A trust store of this authority alone, as the group `main`.
    pub fn trust(&self) -> TrustStore {
        TrustStore::new(vec![self.group("main")])
    }

    /// A list issued at a moment that counts for a day and names these keys.
    pub fn revocation_list(&self, number: u64, at: UnixTime, revoked: &[&Key]) -> Vec<u8> {
        let at = OffsetDateTime::from_unix_timestamp(at.0).expect("a moment");
        let entry = |key: &&Key| RevokedCertParams {
            serial_number: SerialNumber::from_slice(key.certificate.serial()),
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
        let list = params.signed_by(&self.issuer).expect("a list");
        list.der().to_vec()
    }

    /// A fresh key with a certificate for a person.
    pub fn issue(&self, person: &Person) -> Key {
        let [surname, given_name, patronymic] = person.name;
        let mut params = params(person.years);
        let name = &mut params.distinguished_name;
        name.push(DnType::CommonName, format!("{surname} {given_name}"));
        name.push(DnType::CustomDnType(vec![2, 5, 4, 4]), surname);
        name.push(DnType::CustomDnType(vec![2, 5, 4, 42]), patronymic);
        if let Some(iin) = person.iin {
            name.push(DnType::CustomDnType(vec![2, 5, 4, 5]), format!("IIN{iin}"));
        }
        for (attribute, text) in &person.attributes {
            name.push(DnType::CustomDnType(attribute.to_vec()), *text);
        }
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        if person.lasting {
            params.key_usages.push(KeyUsagePurpose::ContentCommitment);
        }
        params.extended_key_usages.clone_from(&person.purposes);
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Key {
            private: PrivateKey::from_pkcs8(&key.serialize_der()).expect("a key of ours"),
            pkcs8: key.serialize_der(),
            certificate: read(certificate.der()),
        }
    }
}

impl Key {
    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The private key, as programs that make TLS handshakes take it.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// A CMS with the content inside.
    pub fn sign(&self, content: &[u8], at: UnixTime) -> Vec<u8> {
        let request = Request {
            key: &self.private,
            certificate: &self.certificate,
            others: &[],
            content,
            at,
            form: Form::Attached,
        };
        sign(&request, &mut |bytes| bytes.fill(7)).expect("a signature")
    }

    /// The answer to a challenge.
    pub fn answer(&self, challenge: &Challenge, visit: &Visit) -> Vec<u8> {
        self.sign(challenge.text().as_bytes(), UnixTime(visit.now.as_seconds()))
    }
}

/// The certificate of a TLS server, signed by itself, and its key, both in PEM.
pub fn server(host: &str) -> (String, String) {
    let made = rcgen::generate_simple_self_signed(vec![host.to_owned()]).expect("a certificate");
    (made.cert.pem(), made.signing_key.serialize_pem())
}

fn params([first, last]: [i32; 2]) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.not_before = date_time_ymd(first, 1, 1);
    params.not_after = date_time_ymd(last, 12, 31);
    params
}

fn read(der: &[u8]) -> Certificate {
    Certificate::parse(der).expect("a certificate of ours")
}
