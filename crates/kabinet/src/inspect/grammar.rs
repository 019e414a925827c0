//! The structures of the standards, as far as telling them apart and locating a break needs.

use esign::asn1::tag::{
    BIT_STRING, BOOLEAN, ENUMERATED, GENERALIZED_TIME, OCTET_STRING, SEQUENCE, SET, context,
    context_constructed,
};

use super::shape::Field;
use super::shape::Shape::{Any, Each, Fields, Integer, Oid, OneOf, Tag, Time};

const fn field(name: &'static str, shape: super::shape::Shape) -> Field {
    Field::new(name, shape)
}

const fn optional(name: &'static str, shape: super::shape::Shape) -> Field {
    Field::optional(name, shape)
}

macro_rules! shapes {
    ($($name:ident = $shape:expr;)*) => {
        $(const $name: super::shape::Shape = $shape;)*
    };
}

shapes! {
    ALGORITHM = Fields(SEQUENCE, &[field("algorithm", Oid), optional("parameters", Any)]);
    ATTRIBUTE_VALUE = Fields(SEQUENCE, &[field("type", Oid), field("value", Any)]);
    NAME = Each(SEQUENCE, &field("relativeDistinguishedName", Each(SET, &field("attribute", ATTRIBUTE_VALUE))));
    EXTENSION = Fields(SEQUENCE, &[
        field("extnID", Oid),
        optional("critical", Tag(BOOLEAN)),
        field("extnValue", Tag(OCTET_STRING)),
    ]);
    EXTENSIONS = Each(SEQUENCE, &field("extension", EXTENSION));
    ATTRIBUTE = Fields(SEQUENCE, &[field("attrType", Oid), field("attrValues", Each(SET, &field("value", Any)))]);
    VALIDITY = Fields(SEQUENCE, &[field("notBefore", Time), field("notAfter", Time)]);
    SPKI = Fields(SEQUENCE, &[field("algorithm", ALGORITHM), field("subjectPublicKey", Tag(BIT_STRING))]);
    TBS_CERTIFICATE = Fields(SEQUENCE, &[
        optional("version", Fields(context_constructed(0), &[field("version", Integer)])),
        field("serialNumber", Integer),
        field("signature", ALGORITHM),
        field("issuer", NAME),
        field("validity", VALIDITY),
        field("subject", NAME),
        field("subjectPublicKeyInfo", SPKI),
        optional("issuerUniqueID", Tag(context(1))),
        optional("subjectUniqueID", Tag(context(2))),
        optional("extensions", Fields(context_constructed(3), &[field("extensions", EXTENSIONS)])),
    ]);
    IMPRINT = Fields(SEQUENCE, &[field("hashAlgorithm", ALGORITHM), field("hashedMessage", Tag(OCTET_STRING))]);
    REQUEST_INFO = Fields(SEQUENCE, &[
        field("version", Integer),
        field("subject", NAME),
        field("subjectPKInfo", SPKI),
        optional("attributes", Tag(context_constructed(0))),
    ]);
    CERT_ID = Fields(SEQUENCE, &[
        field("hashAlgorithm", ALGORITHM),
        field("issuerNameHash", Tag(OCTET_STRING)),
        field("issuerKeyHash", Tag(OCTET_STRING)),
        field("serialNumber", Integer),
    ]);
    QUESTION = Fields(SEQUENCE, &[
        field("reqCert", CERT_ID),
        optional("singleRequestExtensions", Tag(context_constructed(0))),
    ]);
    TBS_REQUEST = Fields(SEQUENCE, &[
        optional("version", Tag(context_constructed(0))),
        optional("requestorName", Tag(context_constructed(1))),
        field("requestList", Each(SEQUENCE, &field("request", QUESTION))),
        optional("requestExtensions", Tag(context_constructed(2))),
    ]);
    REVOKED = Fields(SEQUENCE, &[
        field("userCertificate", Integer),
        field("revocationDate", Time),
        optional("crlEntryExtensions", EXTENSIONS),
    ]);
    TBS_CERT_LIST = Fields(SEQUENCE, &[
        optional("version", Integer),
        field("signature", ALGORITHM),
        field("issuer", NAME),
        field("thisUpdate", Time),
        optional("nextUpdate", Time),
        optional("revokedCertificates", Each(SEQUENCE, &field("revokedCertificate", REVOKED))),
        optional("crlExtensions", Fields(context_constructed(0), &[field("extensions", EXTENSIONS)])),
    ]);
    CONTENT_INFO = Fields(SEQUENCE, &[
        field("contentType", Oid),
        optional("content", Fields(context_constructed(0), &[field("content", Any)])),
    ]);
    SIGNER_ID = OneOf(&[
        Fields(SEQUENCE, &[field("issuer", NAME), field("serialNumber", Integer)]),
        Tag(context(0)),
    ]);
    SIGNER_INFO = Fields(SEQUENCE, &[
        field("version", Integer),
        field("sid", SIGNER_ID),
        field("digestAlgorithm", ALGORITHM),
        optional("signedAttrs", Each(context_constructed(0), &field("attribute", ATTRIBUTE))),
        field("signatureAlgorithm", ALGORITHM),
        field("signature", OneOf(&[Tag(OCTET_STRING), Tag(0x24)])),
        optional("unsignedAttrs", Each(context_constructed(1), &field("attribute", ATTRIBUTE))),
    ]);
    SIGNED_DATA = Fields(SEQUENCE, &[
        field("version", Integer),
        field("digestAlgorithms", Each(SET, &field("digestAlgorithm", ALGORITHM))),
        field("encapContentInfo", Fields(SEQUENCE, &[
            field("eContentType", Oid),
            optional("eContent", Tag(context_constructed(0))),
        ])),
        optional("certificates", Each(context_constructed(0), &field("certificate", Any))),
        optional("crls", Each(context_constructed(1), &field("crl", Any))),
        field("signerInfos", Each(SET, &field("signerInfo", SIGNER_INFO))),
    ]);
    SIGNED_MESSAGE = Fields(SEQUENCE, &[
        field("contentType", Oid),
        field("content", Fields(context_constructed(0), &[field("signedData", SIGNED_DATA)])),
    ]);
    STATUS_INFO = Fields(SEQUENCE, &[
        field("status", Integer),
        optional("statusString", Each(SEQUENCE, &field("text", Tag(0x0c)))),
        optional("failInfo", Tag(BIT_STRING)),
    ]);
    MAC_DATA = Fields(SEQUENCE, &[
        field("mac", Fields(SEQUENCE, &[field("digestAlgorithm", ALGORITHM), field("digest", Tag(OCTET_STRING))])),
        field("macSalt", Tag(OCTET_STRING)),
        optional("iterations", Integer),
    ]);
    SINGLE_RESPONSE = Fields(SEQUENCE, &[
        field("certID", CERT_ID),
        field("certStatus", OneOf(&[Tag(context(0)), Tag(context_constructed(1)), Tag(context(2))])),
        field("thisUpdate", Time),
        optional("nextUpdate", Fields(context_constructed(0), &[field("nextUpdate", Time)])),
        optional("singleExtensions", Fields(context_constructed(1), &[field("extensions", EXTENSIONS)])),
    ]);
    RESPONSE_DATA = Fields(SEQUENCE, &[
        optional("version", Fields(context_constructed(0), &[field("version", Integer)])),
        field("responderID", OneOf(&[
            Fields(context_constructed(1), &[field("byName", NAME)]),
            Fields(context_constructed(2), &[field("byKey", Tag(OCTET_STRING))]),
        ])),
        field("producedAt", Time),
        field("responses", Each(SEQUENCE, &field("singleResponse", SINGLE_RESPONSE))),
        optional("responseExtensions", Fields(context_constructed(1), &[field("extensions", EXTENSIONS)])),
    ]);
}

/// RFC 5280 §4.1
pub(super) static CERTIFICATE: Field = field(
    "Certificate",
    Fields(
        SEQUENCE,
        &[
            field("tbsCertificate", TBS_CERTIFICATE),
            field("signatureAlgorithm", ALGORITHM),
            field("signatureValue", Tag(BIT_STRING)),
        ],
    ),
);

/// RFC 5280 §5.1
pub(super) static REVOCATION_LIST: Field = field(
    "CertificateList",
    Fields(
        SEQUENCE,
        &[
            field("tbsCertList", TBS_CERT_LIST),
            field("signatureAlgorithm", ALGORITHM),
            field("signatureValue", Tag(BIT_STRING)),
        ],
    ),
);

/// RFC 5652 §5.1
pub(super) static MESSAGE: Field = field("ContentInfo", SIGNED_MESSAGE);

/// RFC 3161 §2.4.2
pub(super) static TIME_STAMP_RESPONSE: Field = field(
    "TimeStampResp",
    Fields(
        SEQUENCE,
        &[
            field("status", STATUS_INFO),
            optional("timeStampToken", SIGNED_MESSAGE),
        ],
    ),
);

/// RFC 3161 §2.4.2
pub(super) static TIME_STAMP_INFO: Field = field(
    "TSTInfo",
    Fields(
        SEQUENCE,
        &[
            field("version", Integer),
            field("policy", Oid),
            field("messageImprint", IMPRINT),
            field("serialNumber", Integer),
            field("genTime", Tag(GENERALIZED_TIME)),
            optional("accuracy", Tag(SEQUENCE)),
            optional("ordering", Tag(BOOLEAN)),
            optional("nonce", Integer),
            optional("tsa", Tag(context_constructed(0))),
            optional(
                "extensions",
                Each(context_constructed(1), &field("extension", EXTENSION)),
            ),
        ],
    ),
);

/// RFC 2986 §4.2
pub(super) static CERTIFICATION_REQUEST: Field = field(
    "CertificationRequest",
    Fields(
        SEQUENCE,
        &[
            field("certificationRequestInfo", REQUEST_INFO),
            field("signatureAlgorithm", ALGORITHM),
            field("signature", Tag(BIT_STRING)),
        ],
    ),
);

/// RFC 3161 §2.4.1
pub(super) static TIME_STAMP_REQUEST: Field = field(
    "TimeStampReq",
    Fields(
        SEQUENCE,
        &[
            field("version", Integer),
            field("messageImprint", IMPRINT),
            optional("reqPolicy", Oid),
            optional("nonce", Integer),
            optional("certReq", Tag(BOOLEAN)),
            optional("extensions", Tag(context_constructed(0))),
        ],
    ),
);

/// RFC 6960 §4.1.1
pub(super) static OCSP_REQUEST: Field = field(
    "OCSPRequest",
    Fields(
        SEQUENCE,
        &[
            field("tbsRequest", TBS_REQUEST),
            optional("optionalSignature", Tag(context_constructed(0))),
        ],
    ),
);

/// RFC 6960 §4.2.1
pub(super) static OCSP_RESPONSE: Field = field(
    "OCSPResponse",
    Fields(
        SEQUENCE,
        &[
            field("responseStatus", Tag(ENUMERATED)),
            optional(
                "responseBytes",
                Fields(
                    context_constructed(0),
                    &[field(
                        "responseBytes",
                        Fields(
                            SEQUENCE,
                            &[field("responseType", Oid), field("response", Tag(OCTET_STRING))],
                        ),
                    )],
                ),
            ),
        ],
    ),
);

/// RFC 6960 §4.2.1
pub(super) static BASIC_OCSP_RESPONSE: Field = field(
    "BasicOCSPResponse",
    Fields(
        SEQUENCE,
        &[
            field("tbsResponseData", RESPONSE_DATA),
            field("signatureAlgorithm", ALGORITHM),
            field("signature", Tag(BIT_STRING)),
            optional(
                "certs",
                Fields(
                    context_constructed(0),
                    &[field(
                        "certs",
                        Each(SEQUENCE, &field("certificate", Tag(SEQUENCE))),
                    )],
                ),
            ),
        ],
    ),
);

/// RFC 7292 §4
pub(super) static CONTAINER: Field = field(
    "PFX",
    Fields(
        SEQUENCE,
        &[
            field("version", Integer),
            field("authSafe", CONTENT_INFO),
            optional("macData", MAC_DATA),
        ],
    ),
);

/// RFC 5958 §2
pub(super) static PRIVATE_KEY: Field = field(
    "PrivateKeyInfo",
    Fields(
        SEQUENCE,
        &[
            field("version", Integer),
            field("privateKeyAlgorithm", ALGORITHM),
            field("privateKey", Tag(OCTET_STRING)),
            optional("attributes", Tag(context_constructed(0))),
            optional("publicKey", Tag(context(1))),
        ],
    ),
);

/// RFC 5958 §3
pub(super) static ENCRYPTED_PRIVATE_KEY: Field = field(
    "EncryptedPrivateKeyInfo",
    Fields(
        SEQUENCE,
        &[
            field("encryptionAlgorithm", ALGORITHM),
            field("encryptedData", Tag(OCTET_STRING)),
        ],
    ),
);
