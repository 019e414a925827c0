use core::fmt;

/// An object identifier, by its content octets. Arcs of any size are carried, as certificates may hold any.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid<'a>(&'a [u8]);

impl<'a> Oid<'a> {
    pub(crate) const fn from_checked(content: &'a [u8]) -> Self {
        Self(content)
    }

    /// Content octets of the element; `None` if they are not whole, minimal arcs (X.690 §8.19).
    pub fn from_content(content: &'a [u8]) -> Option<Self> {
        let ends = content.last().is_some_and(|last| last & 0x80 == 0);
        let minimal = content
            .split_inclusive(|byte| byte & 0x80 == 0)
            .all(|arc| arc.first() != Some(&0x80));
        (ends && minimal).then_some(Self(content))
    }

    /// Whether it is `root` itself or in the tree below it.
    pub fn is_at_or_below(&self, root: Oid<'_>) -> bool {
        self.0.starts_with(root.0)
    }

    /// The content octets.
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.0
    }
}

/// The dotted form. An arc beyond 128 bits is shown as `?`.
impl fmt::Display for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, arc) in self.0.split_inclusive(|byte| byte & 0x80 == 0).enumerate() {
            let value = if arc.len() > 18 {
                None
            } else {
                Some(
                    arc.iter()
                        .fold(0_u128, |value, byte| value << 7 | u128::from(byte & 0x7f)),
                )
            };
            match (index, value) {
                (0, Some(value)) => {
                    let first = (value / 40).min(2);
                    write!(f, "{first}.{}", value - first * 40)?;
                }
                (0, None) => f.write_str("2.?")?,
                (_, Some(value)) => write!(f, ".{value}")?,
                (_, None) => f.write_str(".?")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

macro_rules! constants {
    ($visibility:vis, $($(#[$doc:meta])* $name:ident = $dotted:literal;)*) => {
        $(
            $(#[$doc])*
            #[doc = concat!("`", $dotted, "`")]
            $visibility const $name: $crate::asn1::Oid<'static> = {
                const ENCODED: const_oid::ObjectIdentifier = const_oid::ObjectIdentifier::new_unwrap($dotted);
                $crate::asn1::Oid::from_checked(ENCODED.as_bytes())
            };
        )*
    };
}

pub(crate) use constants;

/// The identifiers this crate knows by name.
pub mod oids {
    constants! {
        pub,

        // algorithms
        RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
        RSA_MD5 = "1.2.840.113549.1.1.4";
        RSA_SHA1 = "1.2.840.113549.1.1.5";
        MGF1 = "1.2.840.113549.1.1.8";
        RSA_PSS = "1.2.840.113549.1.1.10";
        RSA_SHA256 = "1.2.840.113549.1.1.11";
        RSA_SHA384 = "1.2.840.113549.1.1.12";
        RSA_SHA512 = "1.2.840.113549.1.1.13";
        EC_PUBLIC_KEY = "1.2.840.10045.2.1";
        ECDSA_SHA1 = "1.2.840.10045.4.1";
        ECDSA_SHA256 = "1.2.840.10045.4.3.2";
        ECDSA_SHA384 = "1.2.840.10045.4.3.3";
        ECDSA_SHA512 = "1.2.840.10045.4.3.4";
        P256 = "1.2.840.10045.3.1.7";
        P384 = "1.3.132.0.34";
        ED25519 = "1.3.101.112";
        // GOST of Russia: RFC 4357, RFC 4490, RFC 4491, RFC 9215
        /// key of GOST R 34.10-2001
        GOST_2001 = "1.2.643.2.2.19";
        /// GOST R 34.10-2001 with GOST R 34.11-94
        GOST_2001_SIGNATURE = "1.2.643.2.2.3";
        /// GOST R 34.11-94
        GOST_94 = "1.2.643.2.2.9";
        /// the S-box of GOST R 34.11-94 by CryptoPro
        GOST_94_CRYPTO_PRO = "1.2.643.2.2.30.1";
        /// key of GOST R 34.10-2012, 256 bits
        GOST_2012_256 = "1.2.643.7.1.1.1.1";
        /// key of GOST R 34.10-2012, 512 bits
        GOST_2012_512 = "1.2.643.7.1.1.1.2";
        /// GOST R 34.11-2012 (Streebog), 256 bits
        STREEBOG_256 = "1.2.643.7.1.1.2.2";
        /// GOST R 34.11-2012 (Streebog), 512 bits
        STREEBOG_512 = "1.2.643.7.1.1.2.3";
        /// GOST R 34.10-2012 with GOST R 34.11-2012, 256 bits
        GOST_2012_256_SIGNATURE = "1.2.643.7.1.1.3.2";
        /// GOST R 34.10-2012 with GOST R 34.11-2012, 512 bits
        GOST_2012_512_SIGNATURE = "1.2.643.7.1.1.3.3";
        CRYPTO_PRO_A = "1.2.643.2.2.35.1";
        CRYPTO_PRO_B = "1.2.643.2.2.35.2";
        CRYPTO_PRO_C = "1.2.643.2.2.35.3";
        CRYPTO_PRO_XCH_A = "1.2.643.2.2.36.0";
        CRYPTO_PRO_XCH_B = "1.2.643.2.2.36.1";
        TC26_256_A = "1.2.643.7.1.2.1.1.1";
        TC26_256_B = "1.2.643.7.1.2.1.1.2";
        TC26_256_C = "1.2.643.7.1.2.1.1.3";
        TC26_256_D = "1.2.643.7.1.2.1.1.4";
        TC26_512_A = "1.2.643.7.1.2.1.2.1";
        TC26_512_B = "1.2.643.7.1.2.1.2.2";
        TC26_512_C = "1.2.643.7.1.2.1.2.3";

        // GOST of Kazakhstan: the tree at root.gov.kz
        /// key of GOST 34.310-2004
        KZ_GOST_2004 = "1.2.398.3.10.1.1.1.1";
        /// its curve A
        KZ_GOST_2004_A = "1.2.398.3.10.1.1.1.1.1";
        /// GOST 34.310-2004 with GOST 34.311-95
        KZ_GOST_2004_SIGNATURE = "1.2.398.3.10.1.1.1.2";
        /// GOST 34.311-95
        KZ_GOST_95 = "1.2.398.3.10.1.3.1";
        /// its S-box
        KZ_GOST_95_TEST = "1.2.398.3.10.1.3.1.1.0";
        /// key of GOST R 34.10-2015, 256 bits
        KZ_GOST_2015_256 = "1.2.398.3.10.1.1.2.1";
        KZ_GOST_2015_256_A = "1.2.398.3.10.1.1.2.1.1";
        /// key of GOST R 34.10-2015, 512 bits
        KZ_GOST_2015_512 = "1.2.398.3.10.1.1.2.2";
        KZ_GOST_2015_512_A = "1.2.398.3.10.1.1.2.2.1";
        /// GOST R 34.10-2015 with GOST R 34.11-2015, 256 bits
        KZ_GOST_2015_256_SIGNATURE = "1.2.398.3.10.1.1.2.3.1";
        /// GOST R 34.10-2015 with GOST R 34.11-2015, 512 bits
        KZ_GOST_2015_512_SIGNATURE = "1.2.398.3.10.1.1.2.3.2";
        /// GOST R 34.11-2015 (Streebog), 256 bits
        KZ_STREEBOG_256 = "1.2.398.3.10.1.3.2";
        /// GOST R 34.11-2015 (Streebog), 512 bits
        KZ_STREEBOG_512 = "1.2.398.3.10.1.3.3";
        MD5 = "1.2.840.113549.2.5";
        SHA1 = "1.3.14.3.2.26";
        SHA256 = "2.16.840.1.101.3.4.2.1";
        SHA384 = "2.16.840.1.101.3.4.2.2";
        SHA512 = "2.16.840.1.101.3.4.2.3";

        // names (RFC 5280 appendix A, RFC 4519)
        COMMON_NAME = "2.5.4.3";
        SURNAME = "2.5.4.4";
        SERIAL_NUMBER = "2.5.4.5";
        COUNTRY = "2.5.4.6";
        LOCALITY = "2.5.4.7";
        STATE = "2.5.4.8";
        STREET = "2.5.4.9";
        ORGANIZATION = "2.5.4.10";
        ORGANIZATIONAL_UNIT = "2.5.4.11";
        TITLE = "2.5.4.12";
        BUSINESS_CATEGORY = "2.5.4.15";
        GIVEN_NAME = "2.5.4.42";
        PSEUDONYM = "2.5.4.65";
        ORGANIZATION_IDENTIFIER = "2.5.4.97";
        USER_ID = "0.9.2342.19200300.100.1.1";
        DOMAIN_COMPONENT = "0.9.2342.19200300.100.1.25";
        EMAIL_ADDRESS = "1.2.840.113549.1.9.1";
        /// personal INN
        INN = "1.2.643.3.131.1.1";
        /// INN of an organisation
        INNLE = "1.2.643.100.4";
        OGRN = "1.2.643.100.1";
        OGRNIP = "1.2.643.100.5";
        SNILS = "1.2.643.100.3";

        // extensions (RFC 5280 §4.2)
        SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
        KEY_USAGE = "2.5.29.15";
        SUBJECT_ALT_NAME = "2.5.29.17";
        ISSUER_ALT_NAME = "2.5.29.18";
        BASIC_CONSTRAINTS = "2.5.29.19";
        CRL_NUMBER = "2.5.29.20";
        REASON_CODE = "2.5.29.21";
        INVALIDITY_DATE = "2.5.29.24";
        DELTA_CRL_INDICATOR = "2.5.29.27";
        ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
        CERTIFICATE_ISSUER = "2.5.29.29";
        NAME_CONSTRAINTS = "2.5.29.30";
        CRL_DISTRIBUTION_POINTS = "2.5.29.31";
        CERTIFICATE_POLICIES = "2.5.29.32";
        ANY_POLICY = "2.5.29.32.0";
        POLICY_MAPPINGS = "2.5.29.33";
        AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
        POLICY_CONSTRAINTS = "2.5.29.36";
        EXTENDED_KEY_USAGE = "2.5.29.37";
        ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
        FRESHEST_CRL = "2.5.29.46";
        INHIBIT_ANY_POLICY = "2.5.29.54";

        // purposes
        SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
        CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
        EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
        CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
        OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
        TIME_STAMPING = "1.3.6.1.5.5.7.3.8";

        // OCSP (RFC 6960)
        AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
        OCSP = "1.3.6.1.5.5.7.48.1";
        OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
        OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2";
        OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5";
        OCSP_EXTENDED_REVOKE = "1.3.6.1.5.5.7.48.1.9";

        // CMS (RFC 5652), ESS (RFC 5035)
        DATA = "1.2.840.113549.1.7.1";
        SIGNED_DATA = "1.2.840.113549.1.7.2";
        ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
        CONTENT_TYPE = "1.2.840.113549.1.9.3";
        MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
        SIGNING_TIME = "1.2.840.113549.1.9.5";
        COUNTER_SIGNATURE = "1.2.840.113549.1.9.6";
        /// CMSAlgorithmProtection (RFC 6211 §2)
        ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52";
        SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
        SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
        /// OCSPResponse among the revocation information (RFC 5940 §2.1)
        OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2";

        // time stamps (RFC 3161), CAdES (RFC 5126, ETSI EN 319 122-1)
        TST_INFO = "1.2.840.113549.1.9.16.1.4";
        SIGNATURE_TIME_STAMP = "1.2.840.113549.1.9.16.2.14";
        CONTENT_TIME_STAMP = "1.2.840.113549.1.9.16.2.20";
        CERTIFICATE_REFERENCES = "1.2.840.113549.1.9.16.2.21";
        REVOCATION_REFERENCES = "1.2.840.113549.1.9.16.2.22";
        CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23";
        REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24";
        /// CAdES-C time stamp (RFC 5126 §6.3.5)
        ESC_TIME_STAMP = "1.2.840.113549.1.9.16.2.25";
        /// time stamp over the references alone (RFC 5126 §6.3.6)
        REFERENCES_TIME_STAMP = "1.2.840.113549.1.9.16.2.26";
        ARCHIVE_TIME_STAMP = "1.2.840.113549.1.9.16.2.27";
        ARCHIVE_TIME_STAMP_V2 = "1.2.840.113549.1.9.16.2.48";
        ARCHIVE_TIME_STAMP_V3 = "0.4.0.1733.2.4";
        LONG_TERM_VALIDATION = "0.4.0.1733.2.2";
    }
}
