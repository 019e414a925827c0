//! Proofs of identity, as pages and the API ask for them: costly checks run on the bounded pools, between a
//! transaction that reads what is asked and one that decides.

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::AppendHeaders;
use cabinet::Secret;
use cabinet::organisation::Entrance;
use cabinet::session::{self, Grown, StepUpRefusal};
use cabinet::sign_in::{
    self, CertificateEntry, CertificateProof, Challenge, ChallengePurpose, ChallengeText, ChallengeWords,
    CheckedPassword, Entered, Opened, PasswordAttempt, SignInRefusal, SignedAnswer, SignedChallenge,
};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use text::{Lang, date};

use crate::cookie::{self, Life};
use crate::error::Error;
use crate::language::lang;
use crate::signed_in::Access;
use crate::status::Occasion;
use crate::view::error::ErrorKind;
use crate::view::key_rules::{KeyGroup, KeyRules, RemoteWays};
use crate::visitor::Visitor;

/// The greatest signed answer: threats, CMS-10.
const CMS_LIMIT: usize = 256 * 1024;
const NONCE: &[u8] = b"nonce: ";
const NONCE_LENGTH: usize = 64;

/// A challenge, as it is given to whoever is to sign it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Posed {
    /// What is to be shown to the person and signed, byte for byte, in UTF-8.
    text: String,
    /// Names the challenge when a detached signature is sent.
    nonce: String,
    /// The server's time, for the signature's attributes.
    at: String,
}

/// What the key dialog posts, at sign-in and at a step-up.
#[derive(Deserialize)]
pub(crate) struct Signed {
    pub(crate) cms: String,
    #[serde(default)]
    pub(crate) return_to: String,
    /// The code of the organisation whose page led to the dialog.
    #[serde(default)]
    pub(crate) organisation: String,
}

/// A signed challenge, before anything of it is believed.
pub(crate) struct Answer {
    cms: Arc<[u8]>,
    nonce: Option<Secret>,
}

impl Answer {
    /// From base64, bare or as PEM; which challenge it answers is said beside it or read from the text that was signed.
    pub(crate) fn read(cms: &str, nonce: Option<&str>) -> Result<Self, SignInRefusal> {
        let compact = without_spaces(without_armour(cms));
        if compact.len() > CMS_LIMIT.div_ceil(3) * 4 {
            return Err(SignInRefusal::CmsTooLarge);
        }
        let cms = BASE64
            .decode(compact.as_bytes())
            .map_err(|_| SignInRefusal::CmsMalformed)?;
        let nonce = match nonce {
            Some(nonce) => Secret::parse(nonce),
            None => find_nonce(&cms),
        };
        Ok(Self {
            cms: cms.into(),
            nonce,
        })
    }

    /// The bytes, as they came.
    pub(crate) fn cms(&self) -> Arc<[u8]> {
        self.cms.clone()
    }
}

/// What stands between the lines of a PEM block (RFC 7468 §2), in which NCALayer puts a signature.
fn without_armour(text: &str) -> &str {
    const LINE: &str = "-----";
    let text = text.trim();
    let inside = text
        .strip_prefix("-----BEGIN ")
        .and_then(|rest| rest.split_once(LINE))
        .and_then(|(_, rest)| rest.split_once("-----END "))
        .filter(|(_, label)| label.ends_with(LINE));
    inside.map_or(text, |(inside, _)| inside)
}

/// Nearly always there are none: all of it is looked at, by wide instructions, before any of it is copied.
fn without_spaces(text: &str) -> Cow<'_, str> {
    let has_spaces = text
        .bytes()
        .fold(false, |found, byte| found | byte.is_ascii_whitespace());
    if has_spaces {
        text.split_ascii_whitespace().collect()
    } else {
        Cow::Borrowed(text)
    }
}

/// The nonce in the attached text. It only finds the challenge: what was signed is compared with the stored text.
fn find_nonce(cms: &[u8]) -> Option<Secret> {
    let label = cms.windows(NONCE.len()).position(|window| window == NONCE)?;
    let nonce = cms.get(label + NONCE.len()..)?.get(..NONCE_LENGTH)?;
    std::str::from_utf8(nonce).ok().and_then(Secret::parse)
}

impl Visitor {
    /// A challenge to sign in, in this browser. Anybody may ask for one, so a network is given only so many.
    pub(crate) async fn pose_sign_in(&self) -> Result<Posed, Error> {
        if !self.app.challenges.take(self.visit.address, self.visit.now) {
            return Err(Error::Page(ErrorKind::TooMany { minutes: 1 }));
        }
        let visitor = self.clone();
        // after a failure of the power there is another one for the asking; that it was used is what must last
        let posed = self.app.db.write_unsynced(move |tx| {
            let purpose = ChallengePurpose::SignIn(visitor.browser_hash());
            let lang = lang(visitor.visit.language);
            let words = visitor.challenge_words(lang, text::challenge::sign_in(lang));
            sign_in::issue_challenge(tx, &visitor.app.rules, &visitor.visit, purpose, &words)
        });
        Ok(self.posed(posed.await?))
    }

    /// A challenge to make the session stronger.
    pub(crate) async fn pose_step_up(&self) -> Result<Posed, Error> {
        let posed = self.act(Access::FirstEntry, |tx, visitor, session| {
            let purpose = ChallengePurpose::StepUp(session);
            let lang = lang(visitor.language(Some(session)));
            let words = visitor.challenge_words(lang, text::challenge::step_up(lang));
            sign_in::issue_challenge(tx, &visitor.app.rules, &visitor.visit, purpose, &words)
                .map(Ok::<_, StepUpRefusal>)
        });
        match posed.await? {
            Ok(posed) => Ok(self.posed(posed)),
            Err(_) => Err(Error::SignIn),
        }
    }

    /// Enters by a signed challenge.
    pub(crate) async fn enter_with_certificate(
        &self,
        answer: Result<Answer, SignInRefusal>,
        entrance: Option<Entrance>,
    ) -> Result<Result<Entered, SignInRefusal>, Error> {
        let proof = self.verify(answer, Occasion::SignIn).await?;
        self.enter_with_proof("certificate", proof, entrance).await
    }

    /// Enters by whatever way the key of a certificate has answered.
    pub(crate) async fn enter_with_proof<P: CertificateProof + Send + 'static>(
        &self,
        method: &'static str,
        proof: Result<P, SignInRefusal>,
        entrance: Option<Entrance>,
    ) -> Result<Result<Entered, SignInRefusal>, Error> {
        let entered = match proof {
            Err(refusal) => Err(refusal),
            Ok(proof) => {
                let visitor = self.clone();
                let entered = self.app.db.write(move |tx| {
                    let (rules, visit) = (&visitor.app.rules, &visitor.visit);
                    let browser = visitor.browser_hash();
                    sign_in::with_certificate(tx, rules, visit, browser, &proof, entrance.as_ref())
                });
                match entered.await? {
                    Ok(CertificateEntry::Entered(entered)) => Ok(entered),
                    Ok(CertificateEntry::Unknown(pending)) => return Err(self.certificate_unknown(&pending)),
                    Err(refusal) => Err(refusal),
                }
            }
        };
        self.entered(method, entered, SignInRefusal::code).await
    }

    /// Enters by a login and its password.
    pub(crate) async fn enter_with_password(
        &self,
        login: &str,
        password: String,
        entrance: Option<Entrance>,
    ) -> Result<Result<Entered, SignInRefusal>, Error> {
        let (visitor, login) = (self.clone(), login.to_owned());
        let attempt = self.app.db.write(move |tx| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            sign_in::password_attempt(tx, rules, visit, &login, entrance.as_ref())
        });
        let entered = match attempt.await? {
            Err(refusal) => Err(refusal),
            Ok(attempt) => {
                let (visitor, checked) = (self.clone(), self.check(attempt, password).await?);
                let entered = self.app.db.write(move |tx| {
                    let browser = visitor.browser_hash();
                    sign_in::with_password(tx, &visitor.app.rules, &visitor.visit, browser, &checked)
                });
                entered.await?
            }
        };
        self.entered("password", entered, SignInRefusal::code).await
    }

    /// Makes the session stronger by a signed challenge.
    pub(crate) async fn step_up_with_certificate(
        &self,
        answer: Result<Answer, SignInRefusal>,
    ) -> Result<Result<Grown, &'static str>, Error> {
        let (session, ()) = self.read(Access::FirstEntry, |_, _, _| Ok(())).await?;
        let signed = match self.verify(answer, Occasion::StepUp(session.into())).await? {
            Err(refusal) => return Ok(Err(refusal.code())),
            Ok(signed) => signed,
        };
        let grown = self.act(Access::FirstEntry, move |tx, visitor, session| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            session::step_up_with_certificate(tx, rules, visit, browser, session, &signed)
        });
        Ok(grown.await?.map_err(StepUpRefusal::code))
    }

    /// Makes the session stronger by the account's password.
    pub(crate) async fn step_up_with_password(
        &self,
        password: String,
    ) -> Result<Result<Grown, StepUpRefusal>, Error> {
        let attempt = self.act(Access::FirstEntry, |tx, visitor, session| {
            session::step_up_attempt(tx, &visitor.app.rules, &visitor.visit, session)
        });
        let attempt = match attempt.await? {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(attempt) => attempt,
        };
        let checked = self.check(attempt, password).await?;
        let grown = self.act(Access::FirstEntry, move |tx, visitor, session| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            session::step_up_with_password(tx, rules, visit, browser, session, &checked)
        });
        grown.await
    }

    /// The session of a right proof, unless a second factor is asked for first.
    pub(crate) fn whole(&self, entered: Entered, return_to: &str) -> Result<Opened, Error> {
        match entered {
            Entered::Opened(opened) => Ok(opened),
            Entered::SecondFactorNeeded(pending) => Err(self.second_factor_needed(&pending, return_to)),
        }
    }

    /// The new secret of a stronger session, unless a second factor is asked for first.
    pub(crate) fn grown(&self, grown: Grown, return_to: &str) -> Result<Secret, Error> {
        match grown {
            Grown::Stronger(secret) => Ok(secret),
            Grown::SecondFactorNeeded(pending) => Err(self.second_factor_needed(&pending, return_to)),
        }
    }

    /// Cookies of a session just opened: nothing of the visit before it stays good.
    pub(crate) fn opened(&self, opened: &Opened) -> AppendHeaders<[(HeaderName, HeaderValue); 2]> {
        let form = Secret::new(&self.visit.entropy);
        AppendHeaders([
            (
                header::SET_COOKIE,
                cookie::set(cookie::SESSION, &opened.secret.expose(), Life::Browser),
            ),
            (
                header::SET_COOKIE,
                cookie::set(cookie::FORM, &form.expose(), Life::Browser),
            ),
        ])
    }

    /// What the key dialog judges keys by; the server judges again.
    pub(crate) fn key_rules(&self) -> KeyRules {
        let group = |group: &esign::trust::AnchorGroup| KeyGroup {
            issuers: issuers(group),
            sign_in: (&group.sign_in).into(),
            sign: (&group.sign).into(),
        };
        KeyRules {
            now: date::machine(self.visit.now.as_seconds()),
            zone: self.app.site.zone.name().to_owned(),
            groups: self.app.trust.groups().iter().map(group).collect(),
            extensions: self.app.site.keys.extensions().to_vec(),
            sources: self.app.site.keys.clone(),
            remote: RemoteWays::default(),
        }
    }

    /// Finds the challenge and judges the answer by it, on the pool.
    pub(crate) async fn verify(
        &self,
        answer: Result<Answer, SignInRefusal>,
        occasion: Occasion,
    ) -> Result<Result<SignedChallenge, SignInRefusal>, Error> {
        let Answer { cms, nonce } = match answer {
            Ok(answer) => answer,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(challenge) = self.find_challenge(nonce, occasion.clone()).await? else {
            return Ok(Err(SignInRefusal::ChallengeGone));
        };
        self.judge(SignedAnswer { challenge, cms }, occasion).await
    }

    async fn find_challenge(
        &self,
        nonce: Option<Secret>,
        occasion: Occasion,
    ) -> Result<Option<Challenge>, Error> {
        let Some(nonce) = nonce else { return Ok(None) };
        let visitor = self.clone();
        let found = self.app.db.read(move |tx| {
            let purpose = occasion.purpose(visitor.browser_hash());
            sign_in::find_challenge(tx, &visitor.app.rules, &visitor.visit, purpose, &nonce)
        });
        Ok(found.await?)
    }

    pub(crate) async fn check(
        &self,
        attempt: PasswordAttempt,
        password: String,
    ) -> Result<CheckedPassword, Error> {
        let entropy = self.visit.entropy.clone();
        let checked = self
            .app
            .passwords
            .run(move || sign_in::check_password(attempt, &password, &entropy));
        Ok(checked.await?)
    }

    pub(crate) fn posed(&self, challenge: ChallengeText) -> Posed {
        Posed {
            nonce: challenge.nonce.expose(),
            text: challenge.text,
            at: date::machine(self.visit.now.as_seconds()),
        }
    }

    pub(crate) fn challenge_words(&self, lang: Lang, act: &str) -> ChallengeWords {
        ChallengeWords {
            act: act.into(),
            site: text::challenge::site(lang).into(),
            account: text::challenge::account(lang).into(),
            new_account: text::challenge::new_account(lang).into(),
            time: text::challenge::time(lang).into(),
            now: self.moment(self.visit.now),
            browser: text::challenge::browser(lang).into(),
            network: text::challenge::network(lang).into(),
        }
    }

    /// Counts the outcome, ends the session that this browser held before, and goes on with what waits for the proof.
    pub(crate) async fn entered<R: Copy>(
        &self,
        method: &'static str,
        entered: Result<Entered, R>,
        code: impl FnOnce(R) -> &'static str,
    ) -> Result<Result<Entered, R>, Error> {
        let entered = self.counted(method, entered, code).await?;
        match &entered {
            Ok(Entered::Opened(opened)) => self.go_on(Some(opened)).await?,
            Ok(Entered::SecondFactorNeeded(_)) => {}
            Err(_) => self.go_on(None).await?,
        }
        Ok(entered)
    }

    /// Goes on with a link and with a certificate that wait for a proof in this browser.
    pub(crate) async fn go_on(&self, opened: Option<&Opened>) -> Result<(), Error> {
        self.go_on_linking(opened).await?;
        self.go_on_with_certificate(opened).await
    }

    /// Counts the outcome, and ends the session that this browser held before.
    pub(crate) async fn counted<R: Copy>(
        &self,
        method: &'static str,
        entered: Result<Entered, R>,
        code: impl FnOnce(R) -> &'static str,
    ) -> Result<Result<Entered, R>, Error> {
        let outcome = entered.as_ref().map_or_else(|refusal| code(*refusal), outcome_of);
        self.app.metrics.sign_in(method, outcome);
        tracing::info!(
            request = self.visit.request_id,
            method,
            outcome,
            "a sign-in was decided"
        );
        if matches!(entered, Ok(Entered::Opened(_))) && self.session.is_some() {
            self.end_session().await?;
        }
        Ok(entered)
    }
}

fn outcome_of(entered: &Entered) -> &'static str {
    match entered {
        Entered::Opened(_) => "entered",
        Entered::SecondFactorNeeded(_) => "second_factor.needed",
    }
}

/// Common names of the authorities of a group.
fn issuers(group: &esign::trust::AnchorGroup) -> Vec<String> {
    let authorities = group.anchors.iter().chain(&group.intermediates);
    authorities
        .filter_map(|authority| authority.subject().common_name())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_3_a_signature_is_read_bare_in_lines_and_as_pem() {
        for given in [
            "AQID",
            " AQ\r\nID\n",
            "-----BEGIN CMS-----\nAQID\n-----END CMS-----\n",
            "-----BEGIN PKCS7-----\r\nAQ\r\nID\r\n-----END PKCS7-----",
        ] {
            let answer = Answer::read(given, None);
            assert!(answer.is_ok_and(|answer| *answer.cms == [1, 2, 3]), "{given:?}");
        }
        for wrong in [
            "-----BEGIN CMS-----",
            "-----BEGIN CMS-----AQID",
            "-----BEGIN CMS-----\nAQID\n-----END CMS",
            "AQID-----END CMS-----",
        ] {
            assert!(Answer::read(wrong, None).is_err(), "{wrong:?}");
        }
    }
}
