//! The certification authority of the demo: a root, an intermediate for each algorithm, people below, and a stranger
//! that nobody trusts. Certificates have the form that the national authority of Kazakhstan gives its own.

use std::time::Duration;

use anyhow::Result;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertificateRevocationListParams, CertifiedIssuer,
    CustomExtension, DistinguishedName, DnType, DnValue, ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, RevocationReason, RevokedCertParams,
    RsaKeySize, SerialNumber, date_time_ymd,
};

use rcgen::string::PrintableString;
use time::OffsetDateTime;

use super::people::{Algorithm, Issuer, Key, Person, Purpose, Term};

const DAY: Duration = Duration::from_secs(24 * 3600);
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

// Identifiers of the national authority, from its register.
const NATURAL_PERSON: &[u64] = &[1, 2, 398, 3, 3, 4, 1, 1];
const LEGAL_PERSON: &[u64] = &[1, 2, 398, 3, 3, 4, 1, 2];
const HEAD: &[u64] = &[1, 2, 398, 3, 3, 4, 1, 2, 1];
const KEY_STORAGE: &[u64] = &[1, 2, 398, 3, 3, 5];
/// A list of the one place 1.2.398.3.3.5.1.1, a file.
const IN_FILE: &[u8] = b"\x30\x0a\x06\x08\x2a\x83\x0e\x03\x03\x05\x01\x01";
/// A list of the one policy 1.2.398.3.3.2, keys for everything.
const POLICY_BOTH: &[u8] = b"\x30\x0a\x30\x08\x06\x06\x2a\x83\x0e\x03\x03\x02";
const CERTIFICATE_POLICIES: &[u64] = &[2, 5, 29, 32];
const SURNAME: &[u64] = &[2, 5, 4, 4];
const SERIAL_NUMBER: &[u64] = &[2, 5, 4, 5];
/// Holds the patronymic in these certificates.
const GIVEN_NAME: &[u64] = &[2, 5, 4, 42];

/// The moment of issue and everything that was issued.
pub(crate) struct Authority {
    /// Seconds since 1970.
    now: Duration,
    root: CertifiedIssuer<'static, KeyPair>,
    rsa: CertifiedIssuer<'static, KeyPair>,
    ecdsa: CertifiedIssuer<'static, KeyPair>,
    stranger: CertifiedIssuer<'static, KeyPair>,
    serial: u64,
    revoked: Vec<SerialNumber>,
}

/// A key with its certificate.
pub(crate) struct Issued {
    pub(crate) private_key: Vec<u8>,
    pub(crate) certificate: Certificate,
}

impl Authority {
    /// Makes the root and its intermediates, as of `now` (seconds since 1970).
    pub(crate) fn new(now: Duration) -> Result<Self> {
        let root_key = key(Algorithm::Ecdsa)?;
        let root =
            CertifiedIssuer::self_signed(authority(now, 1, "НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ DEMO")?, root_key)?;
        let below = |serial, name, algorithm| -> Result<_> {
            Ok(CertifiedIssuer::signed_by(
                authority(now, serial, name)?,
                key(algorithm)?,
                &root,
            )?)
        };
        let rsa = below(2, "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) DEMO", Algorithm::Rsa)?;
        let ecdsa = below(3, "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (ECDSA) DEMO", Algorithm::Ecdsa)?;
        let stranger = authority(now, 1, "БӨГДЕ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ DEMO")?;
        let stranger = CertifiedIssuer::self_signed(stranger, key(Algorithm::Rsa)?)?;
        Ok(Self {
            now,
            root,
            rsa,
            ecdsa,
            stranger,
            serial: 0x5eed_0000,
            revoked: Vec::new(),
        })
    }

    /// Issues one key of a person.
    pub(crate) fn issue(&mut self, person: &Person, wanted: Key) -> Result<Issued> {
        self.serial += 1;
        let serial = SerialNumber::from_slice(&[&[0x51; 12], self.serial.to_be_bytes().as_slice()].concat());
        if wanted.is_revoked {
            self.revoked.push(serial.clone());
        }
        let mut params = personal(person, wanted)?;
        (params.not_before, params.not_after) = match wanted.term {
            Term::Now => (self.ago(40 * DAY), self.ago(40 * DAY) + YEAR),
            Term::Past => (self.ago(400 * DAY), self.ago(400 * DAY) + YEAR),
            Term::Future => (at(self.now + 30 * DAY), at(self.now + 30 * DAY + YEAR)),
        };
        params.serial_number = Some(serial);
        let key = key(wanted.algorithm)?;
        let issuer = match (wanted.issuer, wanted.algorithm) {
            (Issuer::Stranger, _) => &self.stranger,
            (Issuer::Trusted, Algorithm::Rsa) => &self.rsa,
            (Issuer::Trusted, Algorithm::Ecdsa) => &self.ecdsa,
        };
        let certificate = params.signed_by(&key, issuer)?;
        Ok(Issued {
            private_key: key.serialize_der(),
            certificate,
        })
    }

    fn ago(&self, time: Duration) -> OffsetDateTime {
        at(self.now.saturating_sub(time))
    }

    /// The trusted root in PEM.
    pub(crate) fn root(&self) -> String {
        self.root.pem()
    }

    /// The intermediates in PEM.
    pub(crate) fn intermediates(&self) -> String {
        format!("{}{}", self.rsa.pem(), self.ecdsa.pem())
    }

    /// The revocation lists of the root and the intermediates in PEM. They last as long as the demo may.
    pub(crate) fn revocation_lists(&self) -> Result<String> {
        let mut lists = String::new();
        for (issuer, revoked) in [
            (&self.root, &[][..]),
            (&self.rsa, &self.revoked),
            (&self.ecdsa, &self.revoked),
        ] {
            let revoked = revoked.iter().map(|serial| RevokedCertParams {
                serial_number: serial.clone(),
                revocation_time: self.ago(3 * DAY),
                reason_code: Some(RevocationReason::KeyCompromise),
                invalidity_date: None,
            });
            let list = CertificateRevocationListParams {
                this_update: self.ago(41 * DAY),
                next_update: at(self.now + 10 * YEAR),
                crl_number: SerialNumber::from(1),
                issuing_distribution_point: None,
                revoked_certs: revoked.collect(),
                key_identifier_method: KeyIdMethod::Sha256,
            };
            lists.push_str(&list.signed_by(issuer)?.pem()?);
        }
        Ok(lists)
    }
}

fn key(algorithm: Algorithm) -> Result<KeyPair> {
    Ok(match algorithm {
        Algorithm::Rsa => KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?,
        Algorithm::Ecdsa => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?,
    })
}

fn authority(now: Duration, serial: u64, name: &str) -> Result<CertificateParams> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CountryName, DnValue::PrintableString(printable("KZ")?));
    params.distinguished_name.push(DnType::CommonName, name);
    params.serial_number = Some(SerialNumber::from(serial));
    params.not_before = at(now.saturating_sub(2 * YEAR));
    params.not_after = at(now + 10 * YEAR);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn personal(person: &Person, key: Key) -> Result<CertificateParams> {
    let mut params = CertificateParams::default();
    let name = &mut params.distinguished_name;
    *name = DistinguishedName::new();
    let [surname, given_name, patronymic] =
        [person.surname, person.given_name, person.patronymic].map(str::to_uppercase);
    name.push(DnType::CommonName, format!("{surname} {given_name}"));
    name.push(DnType::CustomDnType(SURNAME.to_vec()), surname);
    let number = printable(&format!("IIN{}", person.iin))?;
    name.push(
        DnType::CustomDnType(SERIAL_NUMBER.to_vec()),
        DnValue::PrintableString(number),
    );
    name.push(DnType::CountryName, DnValue::PrintableString(printable("KZ")?));
    if !patronymic.is_empty() {
        name.push(DnType::CustomDnType(GIVEN_NAME.to_vec()), patronymic);
    }
    if let Some(company) = &person.head_of {
        name.push(DnType::OrganizationName, company.name);
        name.push(DnType::OrganizationalUnitName, format!("BIN{}", company.bin));
    }
    let agreement = match key.algorithm {
        Algorithm::Rsa => KeyUsagePurpose::KeyEncipherment,
        Algorithm::Ecdsa => KeyUsagePurpose::KeyAgreement,
    };
    let lasting = KeyUsagePurpose::ContentCommitment;
    let (usages, extended) = match key.purpose {
        Purpose::SignIn => (vec![agreement], ExtendedKeyUsagePurpose::ClientAuth),
        Purpose::Documents => (vec![lasting], ExtendedKeyUsagePurpose::EmailProtection),
        Purpose::Both => (vec![lasting, agreement], ExtendedKeyUsagePurpose::EmailProtection),
    };
    params.key_usages = [vec![KeyUsagePurpose::DigitalSignature], usages].concat();
    let roles: &[&[u64]] = match person.head_of {
        Some(_) => &[LEGAL_PERSON, HEAD],
        None => &[NATURAL_PERSON],
    };
    params.extended_key_usages = vec![extended];
    let roles = roles
        .iter()
        .map(|role| ExtendedKeyUsagePurpose::Other(role.to_vec()));
    params.extended_key_usages.extend(roles);
    let extension = |oid, content: &[u8]| CustomExtension::from_oid_content(oid, content.to_vec());
    params.custom_extensions = vec![extension(KEY_STORAGE, IN_FILE)];
    if key.purpose == Purpose::Both {
        params
            .custom_extensions
            .push(extension(CERTIFICATE_POLICIES, POLICY_BOTH));
    }
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn printable(text: &str) -> Result<PrintableString> {
    Ok(PrintableString::try_from(text)?)
}

fn at(seconds: Duration) -> OffsetDateTime {
    date_time_ymd(1970, 1, 1) + seconds
}
