//! A cabinet with an authority that it trusts, and people who enter it.

use std::sync::Arc;

use cabinet::session::{self, Grown, Session, StepUpRefusal};
use cabinet::sign_in::{
    self, CertificateEntry, Challenge, ChallengePurpose, ChallengeText, ChallengeWords, Entered, Opened,
    SignInRefusal, SignedChallenge,
};
use cabinet::{BrowserHash, Failure, Rules, Secret, Visit};
use db::{Db, Tx};
use esign::provider;
use esign::trust::TrustStore;

use crate::pki::{Authority, Key};
use crate::visit::{browser, rules};

/// What a test of the domain needs.
#[derive(Clone)]
pub struct World {
    /// The storage.
    pub db: Db,
    /// The rules of the installation.
    pub rules: Arc<Rules>,
    /// The one authority that is trusted.
    pub authority: Arc<Authority>,
    /// The trust in it.
    pub trust: Arc<TrustStore>,
}

impl World {
    /// A world with the documented defaults.
    pub fn new(db: Db) -> Self {
        let authority = Authority::new("ТЕСТ ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ");
        let trust = authority.trust();
        Self {
            db,
            rules: Arc::new(rules()),
            authority: Arc::new(authority),
            trust: Arc::new(trust),
        }
    }

    /// The same world under other rules.
    #[must_use]
    pub fn with_rules(&self, change: impl FnOnce(&mut Rules)) -> Self {
        let mut rules = (*self.rules).clone();
        change(&mut rules);
        Self {
            rules: Arc::new(rules),
            ..self.clone()
        }
    }

    /// Reads in a transaction.
    pub async fn read<T: Send + 'static>(
        &self,
        visit: &Visit,
        act: impl Fn(&mut Tx<'_>, &Rules, &Visit) -> Result<T, Failure> + Send + 'static,
    ) -> T {
        let (rules, visit) = (self.rules.clone(), visit.clone());
        self.db
            .read(move |tx| act(tx, &rules, &visit))
            .await
            .expect("no failure")
    }

    /// Acts in a transaction.
    pub async fn write<T: Send + 'static>(
        &self,
        visit: &Visit,
        act: impl Fn(&mut Tx<'_>, &Rules, &Visit) -> Result<T, Failure> + Send + 'static,
    ) -> T {
        let (rules, visit) = (self.rules.clone(), visit.clone());
        self.db
            .write(move |tx| act(tx, &rules, &visit))
            .await
            .expect("no failure")
    }

    /// Asks for a sign-in challenge.
    pub async fn challenge(&self, visit: &Visit, browser: BrowserHash) -> ChallengeText {
        self.write(visit, move |tx, rules, visit| {
            sign_in::issue_challenge(tx, rules, visit, ChallengePurpose::SignIn(browser), &words())
        })
        .await
    }

    /// Finds a challenge again, as a handler does for an answer.
    pub async fn find(&self, visit: &Visit, browser: BrowserHash, nonce: &Secret) -> Option<Challenge> {
        let nonce = nonce.clone();
        self.read(visit, move |tx, rules, visit| {
            sign_in::find_challenge(tx, rules, visit, ChallengePurpose::SignIn(browser), &nonce)
        })
        .await
    }

    /// Asks for a challenge and signs it.
    pub async fn answer(
        &self,
        visit: &Visit,
        browser: BrowserHash,
        key: &Key,
    ) -> Result<Arc<SignedChallenge>, SignInRefusal> {
        let nonce = self.challenge(visit, browser).await.nonce;
        let challenge = self
            .find(visit, browser, &nonce)
            .await
            .expect("the challenge just issued");
        let cms = key.answer(&challenge, visit);
        challenge
            .verify(&cms, &self.trust, visit, provider::native())
            .map(Arc::new)
    }

    /// Submits an answer.
    pub async fn submit(
        &self,
        visit: &Visit,
        browser: BrowserHash,
        signed: &Arc<SignedChallenge>,
    ) -> Result<Opened, SignInRefusal> {
        self.present(visit, browser, signed).await.map(entered)
    }

    /// Submits an answer whose certificate may be unknown.
    pub async fn present(
        &self,
        visit: &Visit,
        browser: BrowserHash,
        signed: &Arc<SignedChallenge>,
    ) -> Result<CertificateEntry, SignInRefusal> {
        let signed = signed.clone();
        self.write(visit, move |tx, rules, visit| {
            sign_in::with_certificate(tx, rules, visit, browser, &signed, None)
        })
        .await
    }

    /// Enters by a key: challenge, signature, session.
    pub async fn enter(
        &self,
        visit: &Visit,
        browser: BrowserHash,
        key: &Key,
    ) -> Result<Opened, SignInRefusal> {
        let signed = self.answer(visit, browser, key).await?;
        self.submit(visit, browser, &signed).await
    }

    /// The session of a cookie.
    pub async fn session(&self, visit: &Visit, secret: &Secret) -> Option<Session> {
        let secret = secret.clone();
        self.read(visit, move |tx, rules, visit| {
            session::find(tx, rules, visit, &secret)
        })
        .await
    }

    /// Makes a session stronger by a key; gives its new secret.
    pub async fn step_up(&self, visit: &Visit, secret: &Secret, key: &Key) -> Result<Secret, StepUpRefusal> {
        let session = self.session(visit, secret).await.expect("a session");
        let asked = session.clone();
        let challenge = self
            .write(visit, move |tx, rules, visit| {
                let purpose = ChallengePurpose::StepUp(&asked);
                let nonce = sign_in::issue_challenge(tx, rules, visit, purpose, &words())?.nonce;
                sign_in::find_challenge(tx, rules, visit, purpose, &nonce)
            })
            .await
            .expect("the challenge just issued");
        let cms = key.answer(&challenge, visit);
        let signed = challenge
            .verify(&cms, &self.trust, visit, provider::native())
            .expect("a good key");
        let signed = Arc::new(signed);
        self.write(visit, move |tx, rules, visit| {
            session::step_up_with_certificate(tx, rules, visit, browser(1), &session, &signed)
        })
        .await
        .map(stronger)
    }
}

/// The session that a certificate opened.
pub fn entered(entry: CertificateEntry) -> Opened {
    match entry {
        CertificateEntry::Entered(entered) => opened(entered),
        CertificateEntry::Unknown(_) => unreachable!("no account holds the certificate"),
    }
}

/// The session that was opened.
pub fn opened(entered: Entered) -> Opened {
    match entered {
        Entered::Opened(opened) => opened,
        Entered::SecondFactorNeeded(_) => unreachable!("a second factor is asked for"),
    }
}

/// The new secret of the stronger session.
pub fn stronger(grown: Grown) -> Secret {
    match grown {
        Grown::Stronger(secret) => secret,
        Grown::SecondFactorNeeded(_) => unreachable!("a second factor is asked for"),
    }
}

/// The words of a challenge in Russian.
pub fn words() -> ChallengeWords {
    ChallengeWords {
        act: "Вход в личный кабинет".to_owned(),
        site: "Сайт".to_owned(),
        account: "Учётная запись".to_owned(),
        new_account: "новая".to_owned(),
        time: "Время".to_owned(),
        now: "22.11.2026 15:00 (UTC+05:00)".to_owned(),
        browser: "Браузер".to_owned(),
        network: "Сеть".to_owned(),
    }
}
