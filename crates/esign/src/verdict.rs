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
    ($(#[doc = $doc:literal] $name:ident = $text:literal by $clause:literal,)*) => {
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

            /// The clause of the standard whose rule is broken, such as `RFC 5652 §5.6`.
            pub const fn clause(self) -> &'static str {
                match self { $(Self::$name => $clause,)* }
            }

            /// The code of a stable text.
            pub fn from_text(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == text)
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
    CertificateMalformed = "certificate.malformed" by "RFC 5280 §4.1",
    /// More names, certificates, signature checks … than one judgement may cost.
    CertificateTooComplex = "certificate.too_complex" by "RFC 5280 §8; RFC 9618 §3",
    /// The end of validity has passed.
    CertificateExpired = "certificate.expired" by "RFC 5280 §6.1.3(a)(2)",
    /// Validity has not begun.
    CertificateNotYetValid = "certificate.not_yet_valid" by "RFC 5280 §6.1.3(a)(2)",
    /// On a list of revoked certificates.
    CertificateRevoked = "certificate.revoked" by "RFC 5280 §6.1.3(a)(3)",
    /// No path leads to a trusted issuer.
    CertificateUnknownIssuer = "certificate.unknown_issuer" by "RFC 5280 §6.1.1(d), §6.1.3(a)(4)",
    /// The issuer's signature is wrong.
    CertificateSignatureInvalid = "certificate.signature_invalid" by "RFC 5280 §6.1.3(a)(1)",
    /// Signed by a certificate that may not issue certificates.
    CertificateIssuerNotAuthority = "certificate.issuer_not_authority" by "RFC 5280 §6.1.4(k), §6.1.4(n)",
    /// Longer than an issuer on the path, or the budget, allows.
    CertificatePathTooLong = "certificate.path_too_long" by "RFC 5280 §6.1.4(l)–(m)",
    /// A critical extension that is not understood.
    CertificateUnknownExtension = "certificate.unknown_extension" by "RFC 5280 §6.1.4(o), §6.1.5(f)",
    /// A name outside what an issuer on the path may name.
    CertificateNameNotPermitted = "certificate.name_not_permitted" by "RFC 5280 §6.1.3(b)–(c)",
    /// The policies of the path leave none.
    CertificatePolicy = "certificate.policy" by "RFC 5280 §6.1.3(f), §6.1.5(g); RFC 9618 §5",
    /// Revoked for the time being; its issuer may take that back.
    CertificateOnHold = "certificate.on_hold" by "RFC 5280 §5.3.1",
    /// Its issuer says that it never issued it.
    CertificateUnknownToAuthority = "certificate.unknown_to_authority" by "RFC 6960 §2.2, §4.4.8",
    /// No list and no answer of a responder says whether it is revoked.
    CertificateStatusUnknown = "certificate.status_unknown" by "RFC 5280 §6.3.3; RFC 6960 §2.2",
    /// What is known about revocation is past its date.
    RevocationStale = "revocation.stale" by "RFC 5280 §5.1.2.5, §6.3.3(a); RFC 6960 §4.2.2.1",
    /// What is known about revocation is of a later date than the moment asked about.
    RevocationNotYetValid = "revocation.not_yet_valid" by "RFC 5280 §5.1.2.4; RFC 6960 §4.2.2.1",
    /// The lists that are known do not speak of this certificate.
    RevocationOutOfScope = "revocation.out_of_scope" by "RFC 5280 §5.2.5, §6.3.3(b)",
    /// The lists that are known do not cover all reasons for which it may have been revoked.
    RevocationReasonsMissing = "revocation.reasons_missing" by "RFC 5280 §5.2.5, §6.3.3(d)–(l)",
    /// A list of changes without the complete list that it changes.
    RevocationBaseMissing = "revocation.base_missing" by "RFC 5280 §5.2.4, §6.3.3(c)",
    /// A revocation list or an answer has a critical extension that is not understood.
    RevocationUnknownExtension = "revocation.unknown_extension" by "RFC 5280 §5.2, §5.3; RFC 6960 §4.4",
    /// Nobody is known who may sign such a revocation list.
    RevocationSignerUnknown = "revocation.signer_unknown" by "RFC 5280 §6.3.3(f)",
    /// The answer is signed by somebody whom the issuer did not make a responder.
    RevocationResponderNotAuthorised = "revocation.responder_not_authorised" by "RFC 6960 §4.2.2.2",
    /// The signature on a revocation list or on an answer is wrong.
    RevocationSignatureInvalid = "revocation.signature_invalid" by "RFC 5280 §6.3.3(g)–(h); RFC 6960 §3.2",
    /// A revocation list or an answer is signed with an algorithm that is too weak or cannot be checked here.
    RevocationAlgorithm = "revocation.algorithm" by "RFC 5280 §5.1.1.2; RFC 6960 §4.3",
    /// The responder does not know the certificate.
    RevocationUnknownToResponder = "revocation.unknown_to_responder" by "RFC 6960 §2.2",
    /// Its purpose does not allow what it was used for.
    CertificateWrongPurpose = "certificate.wrong_purpose" by "RFC 5280 §4.2.1.3, §4.2.1.12",
    /// SHA-1, MD5, a short key, explicit curve parameters.
    CertificateWeakAlgorithm = "certificate.weak_algorithm" by "ETSI TS 119 312 §5–6; RFC 5480 §2.1.1",
    /// An algorithm that cannot be checked here.
    CertificateUnsupportedAlgorithm = "certificate.unsupported_algorithm" by "RFC 5280 §4.1.1.2, §4.1.2.7",
    /// Parameters of its algorithm that do not belong to it, such as another country's curve.
    CertificateAlgorithmParameters = "certificate.algorithm_parameters" by "RFC 5280 §4.1.1.2; RFC 9215 §4.2; RFC 4491 §2.3.2",
    /// Its public key is no point of its curve, or one of a small subgroup.
    CertificateKeyInvalid = "certificate.key_invalid" by "RFC 7091 §5.2",
    /// A person's number in it fails its check digit, and the anchor group insists.
    CertificatePersonIdInvalid = "certificate.person_id_invalid" by "ETSI EN 319 412-1 §5.1.3, with the check digit of the national number",
    /// Its subject states an identifying attribute twice, or contradicts itself.
    CertificateAmbiguousSubject = "certificate.ambiguous_subject" by "RFC 5280 §4.1.2.4, §4.1.2.6; ETSI EN 319 412-1 §5.1",
    /// Not a CMS SignedData message.
    CmsMalformed = "cms.malformed" by "RFC 5652 §3, §5.1",
    /// More bytes, signers or certificates than allowed.
    CmsTooLarge = "cms.too_large" by "RFC 5652 §5.1, within the limits of this verifier",
    /// Signed without attributes: what was signed cannot be told apart from an attribute list.
    CmsNoSignedAttributes = "cms.no_signed_attributes" by "ETSI EN 319 122-1 §5.1; RFC 5652 §5.3",
    /// A signed attribute is missing, repeated or has more than one value.
    CmsAttributesInvalid = "cms.attributes_invalid" by "RFC 5652 §5.3, §11",
    /// The signed content type is not that of the content.
    CmsContentTypeMismatch = "cms.content_type_mismatch" by "RFC 5652 §11.1",
    /// The signed digest is not that of the content.
    CmsDigestMismatch = "cms.digest_mismatch" by "RFC 5652 §5.6, §11.2",
    /// The content is not what was to be signed.
    CmsContentMismatch = "cms.content_mismatch" by "RFC 5652 §5.2",
    /// The message holds no content and none was given.
    CmsContentMissing = "cms.content_missing" by "RFC 5652 §5.2",
    /// The signature is wrong.
    CmsSignatureInvalid = "cms.signature_invalid" by "RFC 5652 §5.6",
    /// The algorithms of the signature contradict each other.
    CmsAlgorithmMismatch = "cms.algorithm_mismatch" by "RFC 5652 §5.3; RFC 6211 §2",
    /// SHA-1, MD5 or a short key.
    CmsWeakAlgorithm = "cms.weak_algorithm" by "ETSI TS 119 312 §5–6",
    /// An algorithm that cannot be checked here.
    CmsUnsupportedAlgorithm = "cms.unsupported_algorithm" by "RFC 5652 §10.1",
    /// Parameters of an algorithm that do not belong to it.
    CmsAlgorithmParameters = "cms.algorithm_parameters" by "RFC 5652 §10.1; RFC 9215 §2–3",
    /// None, or more than one where exactly one is asked.
    CmsSignerCount = "cms.signer_count" by "RFC 5652 §5.1",
    /// The signer's certificate is not in the message.
    CmsSignerCertificateMissing = "cms.signer_certificate_missing" by "RFC 5652 §5.3, §10.2.3",
    /// The signed certificate reference names another certificate.
    CmsSigningCertificateMismatch = "cms.signing_certificate_mismatch" by "RFC 5035 §3–4; ETSI EN 319 122-1 §5.2.2",
    /// A reference to a certificate or to revocation data names something else than the message holds.
    CmsReferencesMismatch = "cms.references_mismatch" by "RFC 5126 §6.2.1, §6.2.2",
    /// Not a time stamp, request or response by RFC 3161.
    TspMalformed = "tsp.malformed" by "RFC 3161 §2.4",
    /// The time-stamping authority did not grant the time stamp.
    TspNotGranted = "tsp.not_granted" by "RFC 3161 §2.4.2",
    /// The time stamp is of something else.
    TspImprintMismatch = "tsp.imprint_mismatch" by "RFC 3161 §2.2, §2.4.2",
    /// The response does not answer this request.
    TspNonceMismatch = "tsp.nonce_mismatch" by "RFC 3161 §2.2, §2.4.2",
    /// Its certificate is not, critically, for time stamps alone.
    TspWrongPurpose = "tsp.wrong_purpose" by "RFC 3161 §2.3",
    /// Issued under a policy that is not accepted.
    TspPolicyNotAllowed = "tsp.policy_not_allowed" by "RFC 3161 §2.2, §2.4.2",
    /// Later than the moment asked about.
    TspFromFuture = "tsp.from_future" by "RFC 3161 §2.2",
    /// A kind of time stamp that is shown and not judged.
    TspNotJudged = "tsp.not_judged" by "ETSI EN 319 122-1 §5.5",
}

impl Code {
    /// Whether it says why the status of a certificate could not be determined.
    pub fn is_about_revocation(self) -> bool {
        self == Self::CertificateStatusUnknown || self.as_str().starts_with("revocation.")
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn every_code_names_the_clause_of_a_standard() {
        for code in Code::ALL {
            let clause = code.clause();
            let (standard, sections) = clause.split_once(" §").unwrap_or_default();
            assert!(
                ["RFC ", "ETSI ", "ISO ", "X.", "ГОСТ "]
                    .iter()
                    .any(|body| standard.starts_with(body))
                    && sections.starts_with(|first: char| first.is_ascii_alphanumeric()),
                "{code}: {clause:?}"
            );
            assert_eq!(Code::from_text(code.as_str()), Some(*code));
        }
    }
}
