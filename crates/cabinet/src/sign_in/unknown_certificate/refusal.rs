use crate::sign_in::SignInRefusal;

crate::refusals! {
    /// Why a certificate that waits is not added to an account.
    pub enum UnknownCertificateRefusal {
        Gone = "certificate.waits_no_longer",
        OtherSession = "certificate.other_session",
        BoundElsewhere = "certificate.bound_elsewhere",
        AlreadyBound = "certificate.already_bound",
        Removed = "certificate.removed",
        PersonIdDiffers = "certificate.person_id_differs",
        ContactFirst = "certificate.contact_first",
        NotAcknowledged = "certificate.not_acknowledged",
        AccountExists = "certificate.account_exists",
        StepUpRequired = "step_up.required",
        PhoneMalformed = "contact.phone_malformed",
        NotByPhone = "certificate.not_by_phone",
        CodeWrong = "second_factor.wrong",
        TooManyTries = "second_factor.too_many_tries",
        TooSoon = "contact.too_soon",
        TooManyMessages = "contact.too_many_messages",
        CountryNotServed = "contact.country_not_served",
        AccountBlocked = "account.blocked",
        OrganisationClosed = "organisation.closed",
        MethodNotOffered = "organisation.method_not_offered",
    }
}

impl From<SignInRefusal> for UnknownCertificateRefusal {
    /// Whoever proved an account is kept out by that, or by the organisation whose page it was.
    fn from(refusal: SignInRefusal) -> Self {
        let same = |own: &&Self| own.code() == refusal.code();
        Self::ALL
            .iter()
            .find(same)
            .copied()
            .unwrap_or(Self::AccountBlocked)
    }
}
