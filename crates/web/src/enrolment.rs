//! Setting up second factors and passkeys, for pages and the API. All of it needs a fresh proof.

use cabinet::binding::{
    self, AuthenticatorId, Enrolled, PasskeyRefusal, RecoveryCodes, RegistrationOffer, RemovalRefusal, Seed,
    SmsRefusal, TotpRefusal,
};

use crate::error::Error;
use crate::passkey::Created;
use crate::signed_in::Access;
use crate::visitor::Visitor;

/// Where all of it is shown.
pub(crate) const LIST: &str = "/profile/binding";
/// Where an app with codes is connected.
pub(crate) const TOTP: &str = "/profile/totp";
/// Where a passkey is added.
pub(crate) const PASSKEY: &str = "/profile/passkeys/new";

impl Visitor {
    /// Offers a seed to this session.
    pub(crate) async fn offer_totp(&self) -> Result<Result<Seed, TotpRefusal>, Error> {
        self.change(Access::Enrolment, TOTP, (), |tx, visitor, fresh, ()| {
            binding::offer_totp(tx, &visitor.app.rules, &visitor.visit, fresh)
        })
        .await
    }

    /// The seed that waits for its first code.
    pub(crate) async fn offered_totp(&self) -> Result<Option<Seed>, Error> {
        let offered = self.change(Access::Enrolment, TOTP, (), |tx, visitor, fresh, ()| {
            binding::offered_totp(tx, &visitor.app.rules, &visitor.visit, fresh).map(Ok::<_, TotpRefusal>)
        });
        Ok(offered.await?.unwrap_or_default())
    }

    /// Connects the app.
    pub(crate) async fn confirm_totp(&self, code: String) -> Result<Result<Enrolled, TotpRefusal>, Error> {
        self.change(Access::Enrolment, TOTP, (), move |tx, visitor, fresh, ()| {
            binding::confirm_totp(tx, &visitor.app.rules, &visitor.visit, fresh, &code)
        })
        .await
    }

    /// Turns codes by SMS on.
    pub(crate) async fn set_sms_factor(&self) -> Result<Result<Enrolled, SmsRefusal>, Error> {
        self.change(Access::Enrolment, LIST, (), |tx, visitor, fresh, ()| {
            binding::set_sms_factor(tx, &visitor.app.rules, &visitor.visit, fresh)
        })
        .await
    }

    /// Makes a new sheet of recovery codes.
    pub(crate) async fn renew_recovery_codes(&self) -> Result<RecoveryCodes, Error> {
        let made = self.change(Access::Enrolment, LIST, (), |tx, visitor, fresh, ()| {
            binding::renew_recovery_codes(tx, &visitor.app.rules, &visitor.visit, fresh)
                .map(Ok::<_, RemovalRefusal>)
        });
        made.await?.map_err(|refusal| Error::refused(refusal.code()))
    }

    /// Asks for a new passkey.
    pub(crate) async fn offer_passkey(&self) -> Result<RegistrationOffer, Error> {
        let offered = self.change(Access::Enrolment, PASSKEY, (), |tx, visitor, fresh, ()| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            binding::offer_passkey(tx, rules, visit, browser, fresh).map(Ok::<_, PasskeyRefusal>)
        });
        offered.await?.map_err(|refusal| Error::refused(refusal.code()))
    }

    /// Adds a passkey.
    pub(crate) async fn bind_passkey(
        &self,
        name: String,
        created: Result<Created, PasskeyRefusal>,
    ) -> Result<Result<Enrolled, PasskeyRefusal>, Error> {
        let made = match created.and_then(|created| created.attestation()) {
            Ok(made) => made,
            Err(refusal) => return Ok(Err(refusal)),
        };
        self.change(Access::Enrolment, PASSKEY, (), move |tx, visitor, fresh, ()| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            binding::bind_passkey(tx, rules, visit, browser, fresh, &name, &made)
        })
        .await
    }

    /// Gives a passkey another name.
    pub(crate) async fn rename_passkey(
        &self,
        id: AuthenticatorId,
        name: String,
    ) -> Result<Result<(), PasskeyRefusal>, Error> {
        self.change(Access::Whole, LIST, (), move |tx, visitor, fresh, ()| {
            binding::rename_passkey(tx, &visitor.visit, fresh, id, &name)
        })
        .await
    }

    /// Removes a way in, or a second factor.
    pub(crate) async fn remove_way(&self, id: AuthenticatorId) -> Result<Result<(), RemovalRefusal>, Error> {
        self.change(Access::Whole, LIST, (), move |tx, visitor, fresh, ()| {
            binding::remove(tx, &visitor.app.rules, &visitor.visit, fresh, id)
        })
        .await
    }
}
