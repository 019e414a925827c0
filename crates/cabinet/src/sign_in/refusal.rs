use esign::verdict::Code;

use crate::organisation::EntranceRefusal;

crate::refusals! {
    /// Why somebody does not enter.
    pub enum SignInRefusal {
        AccountBlocked = "account.blocked",
        ChallengeGone = "challenge.gone",
        LoginMalformed = "login.malformed",
        MethodNotOffered = "organisation.method_not_offered",
        OrganisationClosed = "organisation.closed",
        PasswordWrong = "password.wrong",
        TooManyTries = "password.too_many_tries",
        CertificateBoundElsewhere = "certificate.bound_elsewhere",
        CertificateNoPersonId = "certificate.no_person_id",
        CertificatePersonIdDiffers = "certificate.person_id_differs",
        CertificateRemoved = "certificate.removed",
        CertificateMalformed = "certificate.malformed",
        CertificateTooComplex = "certificate.too_complex",
        CertificateExpired = "certificate.expired",
        CertificateNotYetValid = "certificate.not_yet_valid",
        CertificateRevoked = "certificate.revoked",
        CertificateUnknownIssuer = "certificate.unknown_issuer",
        CertificateSignatureInvalid = "certificate.signature_invalid",
        CertificateIssuerNotAuthority = "certificate.issuer_not_authority",
        CertificatePathTooLong = "certificate.path_too_long",
        CertificateUnknownExtension = "certificate.unknown_extension",
        CertificateNameNotPermitted = "certificate.name_not_permitted",
        CertificatePolicy = "certificate.policy",
        CertificateOnHold = "certificate.on_hold",
        CertificateUnknownToAuthority = "certificate.unknown_to_authority",
        CertificateStatusUnknown = "certificate.status_unknown",
        RevocationStale = "revocation.stale",
        RevocationNotYetValid = "revocation.not_yet_valid",
        RevocationOutOfScope = "revocation.out_of_scope",
        RevocationReasonsMissing = "revocation.reasons_missing",
        RevocationBaseMissing = "revocation.base_missing",
        RevocationUnknownExtension = "revocation.unknown_extension",
        RevocationSignerUnknown = "revocation.signer_unknown",
        RevocationResponderNotAuthorised = "revocation.responder_not_authorised",
        RevocationSignatureInvalid = "revocation.signature_invalid",
        RevocationAlgorithm = "revocation.algorithm",
        RevocationUnknownToResponder = "revocation.unknown_to_responder",
        CertificateWrongPurpose = "certificate.wrong_purpose",
        CertificateWeakAlgorithm = "certificate.weak_algorithm",
        CertificateUnsupportedAlgorithm = "certificate.unsupported_algorithm",
        CertificateAlgorithmParameters = "certificate.algorithm_parameters",
        CertificateKeyInvalid = "certificate.key_invalid",
        CertificatePersonIdInvalid = "certificate.person_id_invalid",
        CertificateAmbiguousSubject = "certificate.ambiguous_subject",
        CmsMalformed = "cms.malformed",
        CmsTooLarge = "cms.too_large",
        CmsNoSignedAttributes = "cms.no_signed_attributes",
        CmsAttributesInvalid = "cms.attributes_invalid",
        CmsContentTypeMismatch = "cms.content_type_mismatch",
        CmsDigestMismatch = "cms.digest_mismatch",
        CmsContentMismatch = "cms.content_mismatch",
        CmsContentMissing = "cms.content_missing",
        CmsSignatureInvalid = "cms.signature_invalid",
        CmsAlgorithmMismatch = "cms.algorithm_mismatch",
        CmsWeakAlgorithm = "cms.weak_algorithm",
        CmsUnsupportedAlgorithm = "cms.unsupported_algorithm",
        CmsAlgorithmParameters = "cms.algorithm_parameters",
        CmsSignerCount = "cms.signer_count",
        CmsSignerCertificateMissing = "cms.signer_certificate_missing",
        CmsSigningCertificateMismatch = "cms.signing_certificate_mismatch",
        CmsReferencesMismatch = "cms.references_mismatch",
        TspMalformed = "tsp.malformed",
        TspNotGranted = "tsp.not_granted",
        TspImprintMismatch = "tsp.imprint_mismatch",
        TspNonceMismatch = "tsp.nonce_mismatch",
        TspWrongPurpose = "tsp.wrong_purpose",
        TspPolicyNotAllowed = "tsp.policy_not_allowed",
        TspFromFuture = "tsp.from_future",
        TspNotJudged = "tsp.not_judged",
    }
}

impl SignInRefusal {
    /// Whether somebody does not enter only because nobody could say if the certificate was revoked.
    pub fn is_about_revocation(self) -> bool {
        Code::from_text(self.code()).is_some_and(Code::is_about_revocation)
    }

    /// Whether somebody does not enter because of what is known, or not known, about the revocation of a certificate.
    pub fn is_about_status(self) -> bool {
        let is_known = matches!(
            self,
            Self::CertificateRevoked | Self::CertificateOnHold | Self::CertificateUnknownToAuthority
        );
        is_known || self.is_about_revocation()
    }
}

impl From<EntranceRefusal> for SignInRefusal {
    fn from(refusal: EntranceRefusal) -> Self {
        match refusal {
            EntranceRefusal::Closed => Self::OrganisationClosed,
            EntranceRefusal::MethodNotOffered => Self::MethodNotOffered,
        }
    }
}

impl From<Code> for SignInRefusal {
    fn from(code: Code) -> Self {
        match code {
            Code::CertificateMalformed => Self::CertificateMalformed,
            Code::CertificateTooComplex => Self::CertificateTooComplex,
            Code::CertificateExpired => Self::CertificateExpired,
            Code::CertificateNotYetValid => Self::CertificateNotYetValid,
            Code::CertificateRevoked => Self::CertificateRevoked,
            Code::CertificateUnknownIssuer => Self::CertificateUnknownIssuer,
            Code::CertificateSignatureInvalid => Self::CertificateSignatureInvalid,
            Code::CertificateIssuerNotAuthority => Self::CertificateIssuerNotAuthority,
            Code::CertificatePathTooLong => Self::CertificatePathTooLong,
            Code::CertificateUnknownExtension => Self::CertificateUnknownExtension,
            Code::CertificateNameNotPermitted => Self::CertificateNameNotPermitted,
            Code::CertificatePolicy => Self::CertificatePolicy,
            Code::CertificateOnHold => Self::CertificateOnHold,
            Code::CertificateUnknownToAuthority => Self::CertificateUnknownToAuthority,
            Code::CertificateStatusUnknown => Self::CertificateStatusUnknown,
            Code::RevocationStale => Self::RevocationStale,
            Code::RevocationNotYetValid => Self::RevocationNotYetValid,
            Code::RevocationOutOfScope => Self::RevocationOutOfScope,
            Code::RevocationReasonsMissing => Self::RevocationReasonsMissing,
            Code::RevocationBaseMissing => Self::RevocationBaseMissing,
            Code::RevocationUnknownExtension => Self::RevocationUnknownExtension,
            Code::RevocationSignerUnknown => Self::RevocationSignerUnknown,
            Code::RevocationResponderNotAuthorised => Self::RevocationResponderNotAuthorised,
            Code::RevocationSignatureInvalid => Self::RevocationSignatureInvalid,
            Code::RevocationAlgorithm => Self::RevocationAlgorithm,
            Code::RevocationUnknownToResponder => Self::RevocationUnknownToResponder,
            Code::CertificateWrongPurpose => Self::CertificateWrongPurpose,
            Code::CertificateWeakAlgorithm => Self::CertificateWeakAlgorithm,
            Code::CertificateUnsupportedAlgorithm => Self::CertificateUnsupportedAlgorithm,
            Code::CertificateAlgorithmParameters => Self::CertificateAlgorithmParameters,
            Code::CertificateKeyInvalid => Self::CertificateKeyInvalid,
            Code::CertificatePersonIdInvalid => Self::CertificatePersonIdInvalid,
            Code::CertificateAmbiguousSubject => Self::CertificateAmbiguousSubject,
            Code::CmsMalformed => Self::CmsMalformed,
            Code::CmsTooLarge => Self::CmsTooLarge,
            Code::CmsNoSignedAttributes => Self::CmsNoSignedAttributes,
            Code::CmsAttributesInvalid => Self::CmsAttributesInvalid,
            Code::CmsContentTypeMismatch => Self::CmsContentTypeMismatch,
            Code::CmsDigestMismatch => Self::CmsDigestMismatch,
            Code::CmsContentMismatch => Self::CmsContentMismatch,
            Code::CmsContentMissing => Self::CmsContentMissing,
            Code::CmsSignatureInvalid => Self::CmsSignatureInvalid,
            Code::CmsAlgorithmMismatch => Self::CmsAlgorithmMismatch,
            Code::CmsWeakAlgorithm => Self::CmsWeakAlgorithm,
            Code::CmsUnsupportedAlgorithm => Self::CmsUnsupportedAlgorithm,
            Code::CmsAlgorithmParameters => Self::CmsAlgorithmParameters,
            Code::CmsSignerCount => Self::CmsSignerCount,
            Code::CmsSignerCertificateMissing => Self::CmsSignerCertificateMissing,
            Code::CmsSigningCertificateMismatch => Self::CmsSigningCertificateMismatch,
            Code::CmsReferencesMismatch => Self::CmsReferencesMismatch,
            Code::TspMalformed => Self::TspMalformed,
            Code::TspNotGranted => Self::TspNotGranted,
            Code::TspImprintMismatch => Self::TspImprintMismatch,
            Code::TspNonceMismatch => Self::TspNonceMismatch,
            Code::TspWrongPurpose => Self::TspWrongPurpose,
            Code::TspPolicyNotAllowed => Self::TspPolicyNotAllowed,
            Code::TspFromFuture => Self::TspFromFuture,
            Code::TspNotJudged => Self::TspNotJudged,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_verifier_keeps_its_text() {
        for code in Code::ALL {
            assert_eq!(SignInRefusal::from(*code).code(), code.as_str());
        }
    }

    #[test]
    fn whatever_is_said_of_a_status_is_about_it() {
        for about in [
            SignInRefusal::CertificateRevoked,
            SignInRefusal::CertificateOnHold,
            SignInRefusal::CertificateUnknownToAuthority,
            SignInRefusal::CertificateStatusUnknown,
            SignInRefusal::RevocationStale,
        ] {
            assert!(about.is_about_status(), "{}", about.code());
        }
        assert!(!SignInRefusal::CertificateExpired.is_about_status());
    }
}
