//! What is said in the end, with codes that scripts and translations may rely on.

use core::fmt;

/// The outcome of a judgement. "Could not be determined" is its own value and never counts as good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<T> {
    /// Everything asked was checked and holds.
    Valid(T),
    /// Something does not hold.
    Invalid(Code),
    /// Nothing is known to be wrong, but something could not be determined.
    Unknown(Code),
}

impl<T> Verdict<T> {
    /// `valid`, `invalid` or `unknown`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Valid(_) => "valid",
            Self::Invalid(_) => "invalid",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Why it is not valid.
    pub const fn code(&self) -> Option<Code> {
        match self {
            Self::Valid(_) => None,
            Self::Invalid(code) | Self::Unknown(code) => Some(*code),
        }
    }

    /// The same verdict over another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Verdict<U> {
        match self {
            Self::Valid(value) => Verdict::Valid(f(value)),
            Self::Invalid(code) => Verdict::Invalid(code),
            Self::Unknown(code) => Verdict::Unknown(code),
        }
    }

    /// The value, or the verdict that is in the way.
    pub fn into_result(self) -> Result<T, Problem> {
        match self {
            Self::Valid(value) => Ok(value),
            Self::Invalid(code) => Err(Problem::Invalid(code)),
            Self::Unknown(code) => Err(Problem::Unknown(code)),
        }
    }
}

impl<T> From<Result<T, Problem>> for Verdict<T> {
    fn from(result: Result<T, Problem>) -> Self {
        match result {
            Ok(value) => Self::Valid(value),
            Err(Problem::Invalid(code)) => Self::Invalid(code),
            Err(Problem::Unknown(code)) => Self::Unknown(code),
        }
    }
}

/// A verdict that is not `Valid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Something does not hold.
    Invalid(Code),
    /// Something could not be determined.
    Unknown(Code),
}

impl Problem {
    /// The code of either.
    pub const fn code(self) -> Code {
        match self {
            Self::Invalid(code) | Self::Unknown(code) => code,
        }
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self::Invalid(code)
    }
}

macro_rules! codes {
    ($(#[doc = $doc:literal] $name:ident = $text:literal,)*) => {
        /// Why something is not valid.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $(#[doc = $doc] $name,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable text.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// A sentence in English, for logs and the command line.
            pub const fn describe(self) -> &'static str {
                match self { $(Self::$name => $doc.trim_ascii(),)* }
            }
        }
    };
}

codes! {
    /// Not a certificate by RFC 5280 §4, or not DER.
    CertificateMalformed = "certificate.malformed",
    /// More names, certificates, signature checks … than one judgement may cost.
    CertificateTooComplex = "certificate.too_complex",
    /// The end of validity has passed.
    CertificateExpired = "certificate.expired",
    /// Validity has not begun.
    CertificateNotYetValid = "certificate.not_yet_valid",
    /// On a list of revoked certificates.
    CertificateRevoked = "certificate.revoked",
    /// No path leads to a trusted issuer.
    CertificateUnknownIssuer = "certificate.unknown_issuer",
    /// The issuer's signature is wrong.
    CertificateSignatureInvalid = "certificate.signature_invalid",
    /// Signed by a certificate that may not issue certificates.
    CertificateIssuerNotAuthority = "certificate.issuer_not_authority",
    /// Longer than an issuer on the path, or the budget, allows.
    CertificatePathTooLong = "certificate.path_too_long",
    /// A critical extension that is not understood.
    CertificateUnknownExtension = "certificate.unknown_extension",
    /// A name outside what an issuer on the path may name.
    CertificateNameNotPermitted = "certificate.name_not_permitted",
    /// The policies of the path leave none.
    CertificatePolicy = "certificate.policy",
    /// Whether it is revoked could not be determined.
    CertificateStatusUnknown = "certificate.status_unknown",
    /// Its purpose does not allow what it was used for.
    CertificateWrongPurpose = "certificate.wrong_purpose",
    /// SHA-1, MD5, a short key, explicit curve parameters.
    CertificateWeakAlgorithm = "certificate.weak_algorithm",
    /// An algorithm that cannot be checked here.
    CertificateUnsupportedAlgorithm = "certificate.unsupported_algorithm",
    /// A person's number in it fails its check digit, and the anchor group insists.
    CertificatePersonIdInvalid = "certificate.person_id_invalid",
    /// Not a CMS SignedData message.
    CmsMalformed = "cms.malformed",
    /// More bytes, signers or certificates than allowed.
    CmsTooLarge = "cms.too_large",
    /// Signed without attributes: what was signed cannot be told apart from an attribute list.
    CmsNoSignedAttributes = "cms.no_signed_attributes",
    /// A signed attribute is missing, repeated or has more than one value.
    CmsAttributesInvalid = "cms.attributes_invalid",
    /// The signed content type is not that of the content.
    CmsContentTypeMismatch = "cms.content_type_mismatch",
    /// The signed digest is not that of the content.
    CmsDigestMismatch = "cms.digest_mismatch",
    /// The content is not what was to be signed.
    CmsContentMismatch = "cms.content_mismatch",
    /// The message holds no content and none was given.
    CmsContentMissing = "cms.content_missing",
    /// The signature is wrong.
    CmsSignatureInvalid = "cms.signature_invalid",
    /// The algorithms of the signature contradict each other.
    CmsAlgorithmMismatch = "cms.algorithm_mismatch",
    /// SHA-1, MD5 or a short key.
    CmsWeakAlgorithm = "cms.weak_algorithm",
    /// An algorithm that cannot be checked here.
    CmsUnsupportedAlgorithm = "cms.unsupported_algorithm",
    /// None, or more than one where exactly one is asked.
    CmsSignerCount = "cms.signer_count",
    /// The signer's certificate is not in the message.
    CmsSignerCertificateMissing = "cms.signer_certificate_missing",
    /// The signed certificate reference names another certificate.
    CmsSigningCertificateMismatch = "cms.signing_certificate_mismatch",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
