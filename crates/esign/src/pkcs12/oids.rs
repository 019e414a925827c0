//! The identifiers of containers and of the ways to encrypt them.

crate::asn1::constants! {
    pub(super),

    // bags (RFC 7292 §4.2) and their attributes (RFC 2985)
    KEY_BAG = "1.2.840.113549.1.12.10.1.1";
    SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
    CERT_BAG = "1.2.840.113549.1.12.10.1.3";
    SAFE_CONTENTS_BAG = "1.2.840.113549.1.12.10.1.6";
    X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";
    FRIENDLY_NAME = "1.2.840.113549.1.9.20";
    LOCAL_KEY_ID = "1.2.840.113549.1.9.21";

    // encryption of PKCS#12 itself (RFC 7292, appendix C)
    PBE_3DES_3_KEYS = "1.2.840.113549.1.12.1.3";
    PBE_3DES_2_KEYS = "1.2.840.113549.1.12.1.4";
    PBE_RC2_128 = "1.2.840.113549.1.12.1.5";
    PBE_RC2_40 = "1.2.840.113549.1.12.1.6";

    /// the private scheme of CryptoPro CSP
    PBE_CRYPTO_PRO = "1.2.840.113549.1.12.1.80";

    // encryption and integrity of PKCS#5 (RFC 8018)
    PBKDF2 = "1.2.840.113549.1.5.12";
    PBES2 = "1.2.840.113549.1.5.13";
    PBMAC1 = "1.2.840.113549.1.5.14";
    HMAC_SHA1 = "1.2.840.113549.2.7";
    HMAC_SHA224 = "1.2.840.113549.2.8";
    HMAC_SHA256 = "1.2.840.113549.2.9";
    HMAC_SHA384 = "1.2.840.113549.2.10";
    HMAC_SHA512 = "1.2.840.113549.2.11";
    DES_EDE3_CBC = "1.2.840.113549.3.7";
    AES_128_CBC = "2.16.840.1.101.3.4.1.2";
    AES_192_CBC = "2.16.840.1.101.3.4.1.22";
    AES_256_CBC = "2.16.840.1.101.3.4.1.42";
    // the same by GOST (RFC 9337 §7), and the tables of GOST 28147-89
    HMAC_STREEBOG256 = "1.2.643.7.1.1.4.1";
    HMAC_STREEBOG512 = "1.2.643.7.1.1.4.2";
    MAGMA_CTR_ACPKM = "1.2.643.7.1.1.5.1.1";
    KUZNYECHIK_CTR_ACPKM = "1.2.643.7.1.1.5.2.1";
    GOST_28147 = "1.2.643.2.2.21";
    GOST_28147_CRYPTO_PRO_A = "1.2.643.2.2.31.1";
    GOST_28147_TC26_Z = "1.2.643.7.1.2.5.1.1";
    SHA224 = "2.16.840.1.101.3.4.2.4";
}
