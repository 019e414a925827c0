//! Keys that answer the server: in a handshake, or from a phone. Here is what they are asked for, whom they turn out to
//! belong to, and where that leads.

use axum::http::HeaderName;
use cabinet::organisation::Method;
use cabinet::session::{self, Grown, StepUpRefusal};
use cabinet::sign_in::{
    self, CertificateProof, Entered, Evidence, Onward, PhonePage, Presented, SignInRefusal,
};
use cabinet::{Failure, Secret};
use esign::cms::VerifiedSigner;
use esign::provider;
use url::Url;

use crate::error::Error;
use crate::language::lang;
use crate::signed_in::Access;
use crate::status::Occasion;
use crate::view::error::ErrorKind;
use crate::view::key_rules::RemoteWays;
use crate::visitor::Visitor;

/// What of this is switched on.
#[derive(Debug, Clone, Default)]
pub struct RemoteKeys {
    /// Certificates of the browser.
    pub certificates: Option<CertificateAddress>,
    /// The app eGov Mobile.
    pub egov_mobile: Option<EgovMobile>,
}

/// Where browsers show a certificate.
#[derive(Debug, Clone)]
pub struct CertificateAddress {
    /// The root of it, another host or port than the pages.
    pub url: Url,
    /// Whether a handshake makes a session stronger. A browser that has once been given a key answers with it silently, so
    /// that this proves nobody's presence unless the key asks each time (threats, SES-5).
    pub steps_up: bool,
    /// The header that a proxy fills there, and that is believed nowhere else.
    pub header: Option<HeaderName>,
}

/// Who asks, as the app eGov Mobile shows it.
#[derive(Debug, Clone)]
pub struct EgovMobile {
    /// In Russian, Kazakh, English.
    pub organisation: [String; 3],
    /// Its BIN.
    pub bin: String,
}

/// What a key is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Errand {
    SignIn,
    StepUp,
}

/// Where a proof has led.
pub(crate) enum Finished {
    Entered(Entered),
    Grown(Grown),
}

impl Errand {
    /// The page that the person came from; addresses of the ways begin with it.
    pub(crate) const fn page(self) -> &'static str {
        match self {
            Self::SignIn => "/sign-in",
            Self::StepUp => "/step-up",
        }
    }
}

impl Visitor {
    /// Where certificates are shown, for this errand.
    pub(crate) fn certificate_address(&self, errand: Errand) -> Option<&CertificateAddress> {
        let address = self.app.remote_keys.certificates.as_ref();
        address.filter(|address| errand == Errand::SignIn || address.steps_up)
    }

    /// What there is beside the keys of the page.
    pub(crate) fn remote_ways(&self, errand: Errand) -> RemoteWays {
        RemoteWays {
            shown: self.certificate_address(errand).is_some(),
            phone: self.app.remote_keys.egov_mobile.is_some(),
        }
    }

    /// Begins the way to where a certificate is shown.
    pub(crate) async fn go_for_certificate(&self, errand: Errand, onward: Onward) -> Result<Url, Error> {
        let address = self.certificate_address(errand);
        let address = address.ok_or(Error::Page(ErrorKind::NotFound))?.url.clone();
        let secret = self
            .begin(errand, move |tx, visitor, purpose| {
                let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
                sign_in::send_for_certificate(tx, rules, visit, browser, purpose, onward.clone())
            })
            .await?;
        address
            .join(&secret.expose())
            .map_err(|error| Failure::new(error).into())
    }

    /// What was shown there, for this errand and to this browser.
    pub(crate) async fn find_shown(
        &self,
        occasion: &Occasion,
        secret: &str,
    ) -> Result<Option<Presented>, Error> {
        let Some(secret) = Secret::parse(secret) else {
            return Ok(None);
        };
        let (visitor, occasion) = (self.clone(), occasion.clone());
        let found = self.app.db.read(move |tx| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            sign_in::find_presented(tx, rules, visit, browser, occasion.purpose(browser), &secret)
        });
        Ok(found.await?)
    }

    /// Poses a challenge for a phone. Gives what finds the page that waits.
    pub(crate) async fn offer_to_phone(&self, errand: Errand, onward: Onward) -> Result<Secret, Error> {
        if self.app.remote_keys.egov_mobile.is_none() {
            return Err(Error::Page(ErrorKind::NotFound));
        }
        self.begin(errand, move |tx, visitor, purpose| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            let lang = lang(visitor.visit.language);
            let act = match errand {
                Errand::SignIn => text::challenge::sign_in(lang),
                Errand::StepUp => text::challenge::step_up(lang),
            };
            let words = visitor.challenge_words(lang, act);
            sign_in::offer_to_phone(tx, rules, visit, browser, purpose, &words, onward.clone())
        })
        .await
    }

    /// The page that waits for a phone, for this errand and in this browser.
    pub(crate) async fn find_phone_page(
        &self,
        occasion: &Occasion,
        secret: Option<Secret>,
    ) -> Result<Option<PhonePage>, Error> {
        let Some(secret) = secret else {
            return Ok(None);
        };
        let (visitor, occasion) = (self.clone(), occasion.clone());
        let found = self.app.db.read(move |tx| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            sign_in::find_phone_page(tx, rules, visit, browser, occasion.purpose(browser), &secret)
        });
        Ok(found.await?)
    }

    /// Gives up the code that this browser shows. Gives where the person goes on.
    pub(crate) async fn cancel_phone(&self, errand: Errand) -> Result<String, Error> {
        let occasion = self.occasion(errand).await?;
        let Some(page) = self.find_phone_page(&occasion, self.phone.clone()).await? else {
            return Ok(String::new());
        };
        let (visitor, return_to) = (self.clone(), page.onward.return_to.clone());
        let given_up = self
            .app
            .db
            .write(move |tx| sign_in::give_up_phone(tx, &visitor.app.rules, &visitor.visit, &page));
        given_up.await?;
        Ok(return_to)
    }

    /// For whom, or whose session, a key is asked.
    pub(crate) async fn occasion(&self, errand: Errand) -> Result<Occasion, Error> {
        Ok(match errand {
            Errand::SignIn => Occasion::SignIn,
            Errand::StepUp => {
                let (session, ()) = self.read(Access::FirstEntry, |_, _, _| Ok(())).await?;
                Occasion::StepUp(session.into())
            }
        })
    }

    /// Anybody may ask for a challenge, so a network is given only so many.
    async fn begin(
        &self,
        errand: Errand,
        begin: impl Fn(&mut db::Tx<'_>, &Self, sign_in::ChallengePurpose<'_>) -> Result<Secret, Failure>
        + Send
        + 'static,
    ) -> Result<Secret, Error> {
        if !self.app.challenges.take(self.visit.address, self.visit.now) {
            return Err(Error::Page(ErrorKind::TooMany { minutes: 1 }));
        }
        let (visitor, occasion) = (self.clone(), self.occasion(errand).await?);
        let begun = self.app.db.write_unsynced(move |tx| {
            let purpose = occasion.purpose(visitor.browser_hash());
            begin(tx, &visitor, purpose)
        });
        Ok(begun.await?)
    }

    /// Who holds the key, for a look before entering; whether the certificate was revoked is asked on entering.
    pub(crate) async fn recognise<E, T>(
        &self,
        evidence: E,
        look: impl Fn(&Self, &VerifiedSigner) -> T + Send + 'static,
    ) -> Result<Result<T, SignInRefusal>, Error>
    where
        E: Evidence + Send + 'static,
        T: Send + 'static,
    {
        let visitor = self.clone();
        let judged = self.app.signatures.run(move || {
            let trust = visitor.app.trust.without_revocation();
            let proof = evidence.verify(&trust, &visitor.visit, provider::native())?;
            Ok(look(&visitor, proof.signer()))
        });
        Ok(judged.await?)
    }

    /// Judges the evidence and does what it is for.
    pub(crate) async fn finish<E>(
        &self,
        method: &'static str,
        evidence: E,
        occasion: Occasion,
        organisation: &str,
    ) -> Result<Result<Finished, &'static str>, Error>
    where
        E: Evidence + Clone + Send + 'static,
        E::Proof: Send + Sync + 'static,
    {
        let is_entry = matches!(occasion, Occasion::SignIn);
        let proof = self.judge(evidence, occasion).await?;
        if is_entry {
            let entrance = self.entrance(organisation, Method::Certificate).await?;
            let entered = self.enter_with_proof(method, proof, entrance).await?;
            return Ok(entered.map(Finished::Entered).map_err(SignInRefusal::code));
        }
        let proof = match proof {
            Ok(proof) => proof,
            Err(refusal) => return Ok(Err(refusal.code())),
        };
        let grown = self.act(Access::FirstEntry, move |tx, visitor, session| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            session::step_up_with_certificate(tx, rules, visit, browser, session, &proof)
        });
        Ok(grown.await?.map(Finished::Grown).map_err(StepUpRefusal::code))
    }
}
