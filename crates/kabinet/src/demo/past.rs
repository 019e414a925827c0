//! What the people of the demo did before: they signed in, gave contacts, confirmed them, set passwords. It happens
//! through the use cases that pages call, only earlier.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use cabinet::account::Language;
use cabinet::contact::{self, Form, Slot};
use cabinet::message::{self, Channel, Content, Notice};
use cabinet::organisation::{self, NewStaff, OrganisationCode, OrganisationScope, UserName};
use cabinet::session::{self, Grown, Session};
use cabinet::sign_in::{
    self, CertificateEntry, Challenge, ChallengePurpose, ChallengeWords, Entered, SignedChallenge,
};
use cabinet::{BrowserHash, Entropy, Failure, MIGRATIONS, Rules, Secret, Visit, binding};
use db::{Db, Timestamp, Tx};
use esign::certificate::Certificate;
use esign::cms::sign::{self, Request};
use esign::private_key::PrivateKey;
use esign::provider;
use esign::time::UnixTime;
use esign::trust::TrustStore;

use super::authority::Issued;
use super::people::{Cabinet, Person, Work};
use crate::config::Config;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);
const OFFICE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/141.0.0.0 Safari/537.36";
const PHONE: &str = "Mozilla/5.0 (Linux; Android 15; SM-A556E) AppleWebKit/537.36 (KHTML, like Gecko) \
                     Chrome/141.0.0.0 Mobile Safari/537.36";

/// Lives the past of everybody who has one.
pub(crate) fn live(config: &Config, keys: &[(&'static Person, Vec<Issued>)], now: Timestamp) -> Result<()> {
    config.make_server_key()?;
    let rules = config.rules(config.server_key()?)?;
    let db = Db::open(config.engine()?, MIGRATIONS)?;
    let trust = Arc::new(config.trust()?);
    config.revocation(&trust)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let rows = crate::organisation::demonstration(&rules)?;
    crate::organisation::write(&db, rows)?;
    for (person, issued) in keys {
        let (Some(cabinet), Some(key)) = (&person.cabinet, issued.first()) else {
            continue;
        };
        let life = Life {
            rules: rules.clone(),
            trust: trust.clone(),
            key: PrivateKey::from_pkcs8(&key.private_key)
                .ok()
                .context("a key of ours")?,
            certificate: Certificate::parse(key.certificate.der().to_vec())?,
            language: if person.patronymic.is_empty() {
                Language::Kk
            } else {
                Language::Ru
            },
            cabinet,
            person,
            now,
        };
        runtime.block_on(db.write(move |tx| life.live(tx)))?;
    }
    db.close();
    Ok(())
}

struct Life {
    rules: Rules,
    trust: Arc<TrustStore>,
    key: PrivateKey,
    certificate: Certificate,
    language: Language,
    cabinet: &'static Cabinet,
    person: &'static Person,
    now: Timestamp,
}

impl Life {
    fn live(&self, tx: &mut Tx<'_>) -> Result<(), Failure> {
        let first = self.visit(self.now.minus(20 * DAY), OFFICE);
        let session = self.enter(tx, &first)?;
        let slot = contact::first_entry_request(tx, &self.rules, &first, &session, self.cabinet.email)?;
        self.confirm(tx, &first, &session, granted(slot)?)?;

        let second = self.visit(self.now.minus(12 * DAY), OFFICE);
        let session = self.enter(tx, &second)?;
        let session = self.step_up(tx, &second, &session)?;
        self.give_contacts(tx, &second, &session)?;
        self.set_password(tx, &second, &session)?;
        for work in self.person.work {
            employ(tx, &second, &session, work)?;
        }

        self.enter(tx, &self.visit(self.now.minus(5 * DAY), PHONE))?;
        self.enter(tx, &self.visit(self.now.minus(90 * MINUTE), OFFICE))?;
        Ok(())
    }

    fn visit(&self, now: Timestamp, device: &str) -> Visit {
        Visit {
            now,
            language: self.language,
            address: IpAddr::from([198, 51, 100, 24]),
            device: device.to_owned(),
            request_id: "demo".to_owned(),
            entropy: Entropy::system(),
        }
    }

    fn enter(&self, tx: &mut Tx<'_>, visit: &Visit) -> Result<Session, Failure> {
        let browser = BrowserHash::of(&Secret::new(&visit.entropy));
        let purpose = ChallengePurpose::SignIn(browser);
        let challenge = self.challenge(tx, visit, purpose)?;
        let signed = self.signed(challenge, visit)?;
        let entered = sign_in::with_certificate(tx, &self.rules, visit, browser, &signed, None)?;
        match granted(entered)? {
            CertificateEntry::Entered(Entered::Opened(opened)) => self.session(tx, visit, &opened.secret),
            CertificateEntry::Entered(Entered::SecondFactorNeeded(_)) | CertificateEntry::Unknown(_) => {
                Err(Failure::new("the demo asks its people for nothing more"))
            }
        }
    }

    fn step_up(&self, tx: &mut Tx<'_>, visit: &Visit, session: &Session) -> Result<Session, Failure> {
        let challenge = self.challenge(tx, visit, ChallengePurpose::StepUp(session))?;
        let signed = self.signed(challenge, visit)?;
        let browser = BrowserHash::of(&Secret::new(&visit.entropy));
        let grown = session::step_up_with_certificate(tx, &self.rules, visit, browser, session, &signed)?;
        match granted(grown)? {
            Grown::Stronger(secret) => self.session(tx, visit, &secret),
            Grown::SecondFactorNeeded(_) => Err(Failure::new("the demo asks for no second factor")),
        }
    }

    fn session(&self, tx: &mut Tx<'_>, visit: &Visit, secret: &Secret) -> Result<Session, Failure> {
        session::find(tx, &self.rules, visit, secret)?
            .ok_or_else(|| Failure::new("the session just opened is gone"))
    }

    fn challenge(
        &self,
        tx: &mut Tx<'_>,
        visit: &Visit,
        purpose: ChallengePurpose<'_>,
    ) -> Result<Challenge, Failure> {
        let nonce = sign_in::issue_challenge(tx, &self.rules, visit, purpose, &words())?.nonce;
        sign_in::find_challenge(tx, &self.rules, visit, purpose, &nonce)?
            .ok_or_else(|| Failure::new("the challenge just issued is gone"))
    }

    fn signed(&self, challenge: Challenge, visit: &Visit) -> Result<SignedChallenge, Failure> {
        let request = Request {
            key: &self.key,
            certificate: &self.certificate,
            others: &[],
            content: challenge.text().as_bytes(),
            at: UnixTime(visit.now.as_seconds()),
            form: sign::Form::Attached,
        };
        let cms =
            sign::sign(&request, &mut super::random).ok_or_else(|| Failure::new("the key does not sign"))?;
        granted(challenge.verify(&cms, &self.trust, visit, provider::native()))
    }

    fn give_contacts(&self, tx: &mut Tx<'_>, visit: &Visit, session: &Session) -> Result<(), Failure> {
        let stepped_up = session
            .step_up(tx, &self.rules, visit)?
            .map_err(|_| Failure::new("no step-up"))?;
        let form = Form {
            email: self.cabinet.email.to_owned(),
            phone: self.cabinet.phone.unwrap_or_default().to_owned(),
            extra_email: self.cabinet.extra_email.unwrap_or_default().to_owned(),
            extra_phone: String::new(),
            version: contact::list(tx, &self.rules, visit.now, session.account)?.version,
        };
        let saved = contact::save(tx, &self.rules, visit, &stepped_up, &form)?;
        for slot in granted(saved)?.asked {
            self.confirm(tx, visit, session, slot)?;
        }
        Ok(())
    }

    fn set_password(&self, tx: &mut Tx<'_>, visit: &Visit, session: &Session) -> Result<(), Failure> {
        let Some(password) = self.cabinet.password else {
            return Ok(());
        };
        let stepped_up = session
            .step_up(tx, &self.rules, visit)?
            .map_err(|_| Failure::new("no step-up"))?;
        let personal = binding::personal_words(tx, &self.rules, visit, session.account)?;
        let password = granted(binding::NewPassword::check(password, &personal))?;
        binding::set_password(
            tx,
            &self.rules,
            visit,
            &stepped_up,
            &password.hash(&visit.entropy)?,
        )
    }

    /// Confirms with the code that the outbox holds.
    fn confirm(&self, tx: &mut Tx<'_>, visit: &Visit, session: &Session, slot: Slot) -> Result<(), Failure> {
        let code = self.code(tx, visit, slot)?;
        granted(contact::confirm_by_code(
            tx,
            &self.rules,
            visit,
            session,
            slot,
            &code,
        )?)?;
        Ok(())
    }

    fn code(&self, tx: &mut Tx<'_>, visit: &Visit, slot: Slot) -> Result<String, Failure> {
        let channel = match slot {
            Slot::Email | Slot::ExtraEmail => Channel::Mail,
            Slot::Phone | Slot::ExtraPhone => Channel::Sms,
        };
        loop {
            let claims = message::claim(tx, &self.rules, visit.now, channel, MINUTE, 100)?;
            if claims.is_empty() {
                return Err(Failure::new("no code was sent"));
            }
            let code = claims.into_iter().find_map(|claim| match claim.content {
                Content::Notice(Notice::EmailCode { code, .. } | Notice::PhoneCode { code, .. }) => {
                    Some(code)
                }
                _ => None,
            });
            if let Some(code) = code {
                return Ok(code);
            }
        }
    }
}

/// Makes somebody a worker of an organisation, with a user name there.
#[expect(clippy::disallowed_methods, reason = "the demo is made by its operator")]
fn employ(tx: &mut Tx<'_>, visit: &Visit, session: &Session, work: &Work) -> Result<(), Failure> {
    let code = granted(OrganisationCode::parse(work.organisation))?;
    let found = organisation::find_by_code(tx, &code)?;
    let found = found.ok_or_else(|| Failure::new("an organisation of the demo"))?;
    let scope = OrganisationScope::of_operator(found.id);
    let staff = NewStaff {
        name: session.name.clone(),
        department: work.department.to_owned(),
        position: work.position.to_owned(),
        ..NewStaff::default()
    };
    let staff = organisation::add_staff(tx, visit, &scope, &staff)?;
    organisation::join(tx, visit, &scope, staff, session.account)?;
    let name = granted(UserName::parse(work.user_name))?;
    granted(organisation::set_user_name(
        tx,
        visit,
        &scope,
        session.account,
        &name,
    )?)
}

/// In the demo nobody is refused; if somebody is, the demo is wrong.
fn granted<T, R: std::fmt::Debug>(outcome: Result<T, R>) -> Result<T, Failure> {
    outcome.map_err(|refusal| Failure::new(format!("{refusal:?}")))
}

fn words() -> ChallengeWords {
    let word = str::to_owned;
    ChallengeWords {
        act: word("Вход в личный кабинет"),
        site: word("Сайт"),
        account: word("Учётная запись"),
        new_account: word("по сертификату"),
        time: word("Время"),
        now: word("до начала демонстрации"),
        browser: word("Браузер"),
        network: word("Сеть"),
    }
}
