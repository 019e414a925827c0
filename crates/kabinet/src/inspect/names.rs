//! What identifiers are called in the standards.

use const_oid::ObjectIdentifier;
use const_oid::db::DB;
use data_encoding::HEXUPPER;
use esign::asn1::{Element, Oid, Result, tag};

use super::sheet::{Fact, Sheet};

/// Identifiers of Kazakhstan and Russia, and some that the general list lacks.
const NATIONAL: [(&str, &str); 54] = [
    ("1.2.398.3.10.1.1.1.1", "gost34310-2004"),
    ("1.2.398.3.10.1.1.1.2", "gost34310-2004-with-gost34311-95"),
    ("1.2.398.3.10.1.1.2.1", "gost3410-2015-256"),
    ("1.2.398.3.10.1.1.2.2", "gost3410-2015-512"),
    ("1.2.398.3.10.1.1.2.3.1", "gost3410-2015-256-with-streebog-256"),
    ("1.2.398.3.10.1.1.2.3.2", "gost3410-2015-512-with-streebog-512"),
    ("1.2.398.3.10.1.3.1", "gost34311-95"),
    ("1.2.398.3.10.1.3.2", "streebog-256 (Kazakhstan)"),
    ("1.2.398.3.10.1.3.3", "streebog-512 (Kazakhstan)"),
    ("1.2.398.3.3.2", "NCA policy"),
    ("1.2.398.3.3.2.1", "NCA policy, signing, organisation"),
    ("1.2.398.3.3.2.2", "NCA policy, authentication, organisation"),
    ("1.2.398.3.3.2.3", "NCA policy, signing, person"),
    ("1.2.398.3.3.2.4", "NCA policy, authentication, person"),
    ("1.2.398.3.3.2.6.1", "NCA time stamp policy, GOST 2004"),
    ("1.2.398.3.3.2.6.2", "NCA time stamp policy, RSA"),
    ("1.2.398.3.3.2.6.4", "NCA time stamp policy, GOST 2015"),
    ("1.2.398.3.3.4.1.1", "natural person"),
    ("1.2.398.3.3.4.1.2", "organisation"),
    ("1.2.398.3.3.4.1.2.1", "head of the organisation"),
    ("1.2.398.3.3.4.1.2.2", "entitled to sign for the organisation"),
    (
        "1.2.398.3.3.4.1.2.3",
        "entitled to sign financial documents for the organisation",
    ),
    ("1.2.398.3.3.4.1.2.4", "human resources of the organisation"),
    ("1.2.398.3.3.4.1.2.5", "employee of the organisation"),
    ("1.2.398.3.3.4.1.2.6", "information system of the organisation"),
    ("1.2.398.3.3.5", "keyStorage"),
    ("1.2.398.3.3.5.1.1", "PKCS#12 file"),
    ("1.2.398.3.3.5.2.1", "identity card"),
    ("1.2.398.3.3.5.2.2", "Kaztoken"),
    ("1.2.643.2.2.21", "gost28147-89"),
    ("1.2.643.7.1.1.5.1.1", "magma-ctr-acpkm"),
    ("1.2.643.7.1.1.5.2.1", "kuznyechik-ctr-acpkm"),
    ("1.2.840.113549.1.5.13", "PBES2"),
    ("1.2.840.113549.1.5.14", "PBMAC1"),
    ("1.2.643.100.111", "subjectSignTool"),
    ("1.2.643.100.112", "issuerSignTool"),
    ("1.2.643.100.113.1", "signing tool of class KS1"),
    ("1.2.643.100.113.2", "signing tool of class KS2"),
    ("1.2.643.100.113.3", "signing tool of class KS3"),
    ("1.2.643.100.113.4", "signing tool of class KV1"),
    ("1.2.643.100.113.5", "signing tool of class KV2"),
    ("1.2.643.100.113.6", "signing tool of class KA1"),
    ("1.2.643.100.114", "identificationKind"),
    ("1.2.643.2.2.3", "gost2001-with-gost94"),
    ("1.2.643.2.2.9", "gost94"),
    ("1.2.643.2.2.19", "gost2001"),
    ("1.2.643.7.1.1.1.1", "gost2012-256"),
    ("1.2.643.7.1.1.1.2", "gost2012-512"),
    ("1.2.643.7.1.1.2.2", "streebog-256"),
    ("1.2.643.7.1.1.2.3", "streebog-512"),
    ("1.2.643.7.1.1.3.2", "gost2012-256-with-streebog-256"),
    ("1.2.643.7.1.1.3.3", "gost2012-512-with-streebog-512"),
    ("1.2.840.113549.1.9.16.2.14", "signatureTimeStampToken"),
    ("1.2.840.113549.1.9.16.2.47", "signingCertificateV2"),
];

/// The name, without the prefixes by which standards group them; the dotted form of what has none.
pub(super) fn name(oid: Oid<'_>) -> String {
    let dotted = oid.to_string();
    if let Some((_, name)) = NATIONAL.iter().find(|(known, _)| *known == dotted) {
        return (*name).into();
    }
    let known = ObjectIdentifier::new(&dotted)
        .ok()
        .and_then(|oid| DB.by_oid(&oid));
    known.map_or(dotted, |name| {
        [
            "pkcs-9-at-",
            "id-ce-",
            "id-pe-",
            "id-kp-",
            "id-ad-",
            "id-aa-",
            "id-at-",
            "id-ct-",
            "id-",
            "aa-",
        ]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name)
        .into()
    })
}

/// The name of an AlgorithmIdentifier's algorithm.
pub(super) fn algorithm(identifier: Element<'_>) -> Result<String> {
    let mut fields = identifier.sequence()?;
    Ok(name(fields.expect(tag::OID)?.oid()?))
}

/// Hexadecimal digits, cut where nobody would read on.
pub(super) fn hex(octets: &[u8]) -> String {
    const SHOWN: usize = 512;
    match octets.get(..SHOWN) {
        Some(start) if octets.len() > SHOWN => {
            format!("{}… ({} octets)", HEXUPPER.encode(start), octets.len())
        }
        _ => HEXUPPER.encode(octets),
    }
}

/// An identifier with its name.
pub(super) fn identified(oid: Oid<'_>) -> Sheet {
    Sheet::default()
        .with("name", name(oid))
        .with("oid", oid.to_string())
}

/// Names of identifiers, in a row.
pub(super) fn names(oids: &[Oid<'_>]) -> Fact {
    oids.iter().map(|oid| name(*oid)).collect::<Vec<_>>().into()
}

#[cfg(test)]
mod tests {
    use esign::asn1::oids;

    use super::*;

    #[test]
    fn identifiers_have_the_names_of_the_standards() {
        for (oid, expected) in [
            (oids::KEY_USAGE, "keyUsage"),
            (oids::CLIENT_AUTH, "clientAuth"),
            (oids::RSA_SHA256, "sha256WithRSAEncryption"),
            (oids::KZ_GOST_2015_512, "gost3410-2015-512"),
            (oids::MESSAGE_DIGEST, "messageDigest"),
        ] {
            assert_eq!(name(oid), expected);
        }
    }
}
