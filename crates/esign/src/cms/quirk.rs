//! Departures from the standards that tools in use make. Each is known by name; any other is an error.

use super::attributes::SignedAttributes;
use super::signed_data::SignedData;
use super::signer_info::{SignerId, SignerInfo};
use crate::asn1::{self, Element, Oid, Rules, oids, tag};

macro_rules! quirks {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)*) => {
        /// A departure from the standards that does not harm the signature.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Quirk { $($(#[doc = $doc])+ $name,)* }

        impl Quirk {
            /// Every quirk.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable text.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// A sentence in English, for the command line.
            pub const fn describe(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii(),)* }
            }
        }
    };
}

quirks! {
    /// The envelope is BER and not DER: indefinite or padded lengths, strings in chunks (allowed by RFC 5652 §1).
    BerEnvelope = "ber_envelope",
    /// The message states another version than its content calls for (RFC 5652 §5.1).
    Version = "version",
    /// A signer uses a digest that the message does not announce (RFC 5652 §5.1).
    DigestNotAnnounced = "digest_not_announced",
    /// The signer states another version than its identifier calls for (RFC 5652 §5.3).
    SignerVersion = "signer_version",
    /// There are no signed attributes: neither the time nor the certificate is signed (RFC 5652 §5.3).
    NoSignedAttributes = "no_signed_attributes",
    /// The signed attributes are not in DER order and were signed as they are (RFC 5652 §5.4).
    UnsortedAttributes = "unsorted_attributes",
    /// The signed attributes are not in DER order; what was signed is their DER order (RFC 5652 §5.4).
    AttributesSortedToSign = "attributes_sorted_to_sign",
    /// The certificate is named by its SHA-1 alone, which only identifies it (RFC 5035 §5).
    SigningCertificateV1 = "signing_certificate_v1",
    /// The identifier of the key stands where that of the signature belongs (RFC 9215 §2).
    KeyOidAsSignature = "key_oid_as_signature",
    /// An identifier of a GOST algorithm carries NULL where nothing belongs (RFC 9215 §2).
    ExplicitNull = "explicit_null",
}

impl Quirk {
    /// Those of the envelope.
    pub(super) fn of_message(cms: &[u8], data: &SignedData<'_>) -> Vec<Self> {
        let is_der = asn1::only(cms, Rules::Der).is_ok_and(|message| message.is_der());
        let announced = |signer: &SignerInfo<'_>| {
            data.digest_algorithms
                .iter()
                .any(|announced| identifier(announced) == identifier(&signer.digest_algorithm))
        };
        let found = [
            (Self::BerEnvelope, !is_der),
            (Self::Version, data.version != data.version_due),
            (Self::DigestNotAnnounced, !data.signers.iter().all(announced)),
        ];
        present(&found)
    }

    /// Those of a signer that can be seen without judging it.
    pub(super) fn of_signer(signer: &SignerInfo<'_>, attributes: Option<&SignedAttributes<'_>>) -> Vec<Self> {
        let due = match signer.id {
            SignerId::IssuerAndSerial { .. } => 1,
            SignerId::KeyIdentifier(_) => 3,
        };
        let algorithms = [signer.digest_algorithm, signer.signature_algorithm];
        let found = [
            (Self::SignerVersion, signer.version != due),
            (Self::NoSignedAttributes, signer.signed_attributes.is_none()),
            (
                Self::SigningCertificateV1,
                attributes.is_some_and(SignedAttributes::names_by_sha1_alone),
            ),
            (
                Self::KeyOidAsSignature,
                identifier(&signer.signature_algorithm).is_some_and(|oid| KEYS.contains(&oid)),
            ),
            (Self::ExplicitNull, algorithms.iter().any(is_gost_with_null)),
        ];
        present(&found)
    }
}

fn present(found: &[(Quirk, bool)]) -> Vec<Quirk> {
    found
        .iter()
        .filter(|(_, is_there)| *is_there)
        .map(|(quirk, _)| *quirk)
        .collect()
}

/// Keys whose identifier is not that of a signature; of RSA it may be (RFC 3370 §3.2).
const KEYS: [Oid<'static>; 7] = [
    oids::EC_PUBLIC_KEY,
    oids::GOST_2001,
    oids::GOST_2012_256,
    oids::GOST_2012_512,
    oids::KZ_GOST_2004,
    oids::KZ_GOST_2015_256,
    oids::KZ_GOST_2015_512,
];

fn identifier<'a>(algorithm: &Element<'a>) -> Option<Oid<'a>> {
    algorithm.sequence().ok()?.element().ok()?.oid().ok()
}

fn is_gost_with_null(algorithm: &Element<'_>) -> bool {
    // 1.2.643 and 1.2.398
    const COUNTRIES: [&[u8]; 2] = [&[0x2a, 0x85, 0x03], &[0x2a, 0x83, 0x0e]];
    let Ok(mut fields) = algorithm.sequence() else {
        return false;
    };
    let is_gost = fields.element().and_then(|oid| oid.oid()).is_ok_and(|oid| {
        COUNTRIES
            .iter()
            .any(|country| oid.as_bytes().starts_with(country))
    });
    is_gost && fields.peek() == Some(tag::NULL)
}
