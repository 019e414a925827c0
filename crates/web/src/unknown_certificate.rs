//! A certificate that no account holds, as pages and the API ask for it: it waits in this browser.

use cabinet::binding::AuthenticatorId;
use cabinet::session::Session;
use cabinet::sign_in::unknown_certificate::{
    self, Adopted, Choice, Confirmation, PendingCertificate, UnknownCertificateRefusal, Waiting,
};
use cabinet::sign_in::{Entered, Opened};
use cabinet::{BrowserHash, Decision, Failure, Rules, Secret, Visit};
use db::Tx;

use crate::cookie::{self, Life};
use crate::error::Error;
use crate::signed_in::Access;
use crate::visitor::Visitor;

impl Visitor {
    /// Lets the certificate wait in this browser.
    pub(crate) fn certificate_unknown(&self, pending: &PendingCertificate) -> Error {
        self.app.metrics.sign_in("certificate", "certificate.unknown");
        self.certificate_waits(pending);
        Error::CertificateUnknown
    }

    /// The browser must know by what the certificate is found.
    pub(crate) fn certificate_waits(&self, pending: &PendingCertificate) {
        let life = self.app.rules.sign_in.certificate_waits.as_secs();
        let life = Life::Seconds(u32::try_from(life).unwrap_or(u32::MAX));
        self.certificate_is_now(cookie::set(cookie::CERTIFICATE, &pending.secret.expose(), life));
    }

    /// The certificate that waits in this browser, if there is one.
    pub(crate) fn waiting_certificate(&self) -> Option<(BrowserHash, Secret)> {
        let secret = self.certificate.clone()?;
        Some((self.browser_hash(), secret))
    }

    /// Looks at the certificate that waits.
    pub(crate) async fn look_at_certificate(
        &self,
    ) -> Result<Result<Waiting, UnknownCertificateRefusal>, Error> {
        let Some((browser, secret)) = self.waiting_certificate() else {
            return Ok(Err(UnknownCertificateRefusal::Gone));
        };
        let visitor = self.clone();
        let seen = self.app.db.read(move |tx| {
            unknown_certificate::waiting(tx, &visitor.app.rules, &visitor.visit, browser, &secret)
        });
        Ok(seen.await?)
    }

    /// A proof was made, or refused, while a certificate waits for it: an entry adds it to the account or lets it wait for
    /// a confirmation there, too many refusals are its end.
    pub(crate) async fn go_on_with_certificate(&self, opened: Option<&Opened>) -> Result<(), Error> {
        let (visitor, Some((browser, secret))) = (self.clone(), self.waiting_certificate()) else {
            return Ok(());
        };
        let entry = opened.map(|opened| (opened.account, opened.session));
        let adopted = self.app.db.write(move |tx| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            let Some((account, session)) = entry else {
                let goes_on = unknown_certificate::count_refused_proof(tx, rules, visit, browser, &secret)?;
                return Ok::<_, Failure>((!goes_on).then_some(Err(UnknownCertificateRefusal::Gone)));
            };
            unknown_certificate::adopt(tx, rules, visit, browser, &secret, account, session).map(Some)
        });
        match adopted.await? {
            None => {}
            Some(Ok(Adopted::ToConfirm(pending))) => self.certificate_waits(&pending),
            Some(Ok(Adopted::Bound(_))) => {
                self.certificate_is_bound();
                self.certificate_is_now(cookie::clear(cookie::CERTIFICATE));
            }
            Some(Err(_)) => self.certificate_is_now(cookie::clear(cookie::CERTIFICATE)),
        }
        Ok(())
    }

    /// «I am new here»: an account is made of the certificate.
    pub(crate) async fn register_certificate(
        &self,
    ) -> Result<Result<Entered, UnknownCertificateRefusal>, Error> {
        let entered = self.with_certificate(unknown_certificate::register).await?;
        self.came_by_certificate(entered).await
    }

    /// Sends a code to this phone, if it is that of the account.
    pub(crate) async fn send_certificate_code(
        &self,
        phone: String,
    ) -> Result<Result<(), UnknownCertificateRefusal>, Error> {
        self.with_certificate(move |tx, rules, visit, browser, secret| {
            unknown_certificate::send_code(tx, rules, visit, browser, secret, &phone)
        })
        .await
    }

    /// Gives the code.
    pub(crate) async fn give_certificate_code(
        &self,
        code: String,
    ) -> Result<Result<Entered, UnknownCertificateRefusal>, Error> {
        let entered = self.with_certificate(move |tx, rules, visit, browser, secret| {
            unknown_certificate::give_code(tx, rules, visit, browser, secret, &code)
        });
        let entered = entered.await?;
        if entered.is_ok() {
            self.certificate_is_bound();
        }
        self.came_by_certificate(entered).await
    }

    /// Ties the certificate to the account that is signed in.
    pub(crate) async fn adopt_certificate(&self) -> Result<Result<(), UnknownCertificateRefusal>, Error> {
        let Some((browser, secret)) = self.waiting_certificate() else {
            return Ok(Err(UnknownCertificateRefusal::Gone));
        };
        let adopted = self.act(Access::Whole, move |tx, visitor, session| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            unknown_certificate::adopt_by_session(tx, rules, visit, browser, &secret, session)
        });
        Ok(adopted.await?.map(|pending| self.certificate_waits(&pending)))
    }

    /// Certificate and account side by side.
    pub(crate) async fn preview_certificate(
        &self,
    ) -> Result<(Session, Result<Confirmation, UnknownCertificateRefusal>), Error> {
        let waiting = self.waiting_certificate();
        self.read(Access::Whole, move |tx, visitor, session| {
            let Some((browser, secret)) = &waiting else {
                return Ok(Err(UnknownCertificateRefusal::Gone));
            };
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            unknown_certificate::preview(tx, rules, visit, *browser, session, secret)
        })
        .await
    }

    /// Adds the certificate.
    pub(crate) async fn confirm_certificate(
        &self,
        choice: Choice,
    ) -> Result<Result<AuthenticatorId, UnknownCertificateRefusal>, Error> {
        let Some((browser, secret)) = self.waiting_certificate() else {
            return Ok(Err(UnknownCertificateRefusal::Gone));
        };
        let added = self.act(Access::Whole, move |tx, visitor, session| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            unknown_certificate::confirm(tx, rules, visit, browser, session, &secret, choice)
        });
        let added = added.await?;
        if added.is_ok() {
            self.certificate_is_now(cookie::clear(cookie::CERTIFICATE));
        }
        Ok(added)
    }

    /// «This is not me»: nothing is kept.
    pub(crate) async fn give_up_certificate(&self) -> Result<(), Error> {
        self.certificate_is_now(cookie::clear(cookie::CERTIFICATE));
        let (visitor, Some((browser, secret))) = (self.clone(), self.waiting_certificate()) else {
            return Ok(());
        };
        let given_up = self.app.db.write(move |tx| {
            unknown_certificate::give_up(tx, &visitor.app.rules, &visitor.visit, browser, &secret)
        });
        Ok(given_up.await?)
    }

    /// Counts an entry by the certificate that waited; it waits no longer.
    async fn came_by_certificate(
        &self,
        entered: Result<Entered, UnknownCertificateRefusal>,
    ) -> Result<Result<Entered, UnknownCertificateRefusal>, Error> {
        if entered.is_ok() {
            self.certificate_is_now(cookie::clear(cookie::CERTIFICATE));
        }
        self.counted("certificate", entered, UnknownCertificateRefusal::code)
            .await
    }

    async fn with_certificate<T: Send + 'static>(
        &self,
        act: impl Fn(&mut Tx<'_>, &Rules, &Visit, BrowserHash, &Secret) -> Decision<T, UnknownCertificateRefusal>
        + Send
        + 'static,
    ) -> Result<Result<T, UnknownCertificateRefusal>, Error> {
        let Some((browser, secret)) = self.waiting_certificate() else {
            return Ok(Err(UnknownCertificateRefusal::Gone));
        };
        let visitor = self.clone();
        let done = self
            .app
            .db
            .write(move |tx| act(tx, &visitor.app.rules, &visitor.visit, browser, &secret));
        Ok(done.await?)
    }
}
