crate::refusals! {
    /// Why somebody who comes from a provider does not enter, or is not linked.
    pub enum FederationRefusal {
        ProviderOff = "provider.off",
        Gone = "federation.gone",
        Used = "federation.used",
        OtherSession = "federation.other_session",
        OtherPerson = "federation.other_person",
        NotFresh = "federation.not_fresh",
        Suspended = "federation.suspended",
        OpensNothing = "federation.opens_nothing",
        MergeGone = "merge.gone",
        SameAccount = "merge.same_account",
        WeakProof = "merge.weak_proof",
        LinkedElsewhere = "federation.linked_elsewhere",
        AlreadyLinked = "federation.already_linked",
        PersonIdDiffers = "federation.person_id_differs",
        NotAcknowledged = "federation.not_acknowledged",
        NotReplaced = "federation.not_replaced",
        ContactFirst = "federation.contact_first",
        GivenUp = "federation.given_up",
        StepUpRequired = "step_up.required",
        BoundInThisSession = "step_up.bound_in_this_session",
        AccountBlocked = "account.blocked",
        TooManyTries = "password.too_many_tries",
        OrganisationClosed = "organisation.closed",
        MethodNotOffered = "organisation.method_not_offered",
    }
}
