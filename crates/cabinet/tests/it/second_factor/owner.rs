//! A person with a password and, when a test wants it, a second factor.

use std::sync::Arc;

use cabinet::binding::{self, NewPassword, RecoveryCodes, SecondFactor, Seed};
use cabinet::contact::Slot;
use cabinet::session::{Session, SteppedUp};
use cabinet::sign_in::second_factor::{self, Passed, SecondFactorRefusal, SentCode};
use cabinet::sign_in::{self, Entered, SignInRefusal};
use cabinet::{BrowserHash, Failure, Rules, Secret, Visit};
use db::Tx;
use testkit::entry::World;
use testkit::factor::code;
use testkit::pki::{Key, askhat};
use testkit::visit::{browser, visit};

use crate::contact::resident::{Resident, code_to, letters};

const IIN: &str = "900101300007";
const PASSWORD: &str = "верблюд-скрипка-47-облако";

pub(crate) struct Owner {
    pub(crate) world: World,
    pub(crate) key: Key,
    pub(crate) secret: Secret,
}

impl Owner {
    /// Enters by a key and sets a password.
    pub(crate) async fn new(world: &World) -> Self {
        let key = world.authority.issue(&askhat());
        let secret = world.enter(&visit(), browser(1), &key).await.unwrap().secret;
        let secret = world.step_up(&visit(), &secret, &key).await.unwrap();
        let owner = Self {
            world: world.clone(),
            key,
            secret,
        };
        let hash = NewPassword::check(PASSWORD, &[]).unwrap();
        let hash = hash.hash(&visit().entropy).unwrap();
        owner
            .act(&visit(), move |tx, rules, visit, by| {
                binding::set_password(tx, rules, visit, by, &hash)
            })
            .await;
        owner
    }

    pub(crate) async fn session(&self, visit: &Visit) -> Session {
        self.world.session(visit, &self.secret).await.unwrap()
    }

    /// Does what needs a fresh proof.
    pub(crate) async fn act<T: Send + 'static>(
        &self,
        visit: &Visit,
        act: impl Fn(&mut Tx<'_>, &Rules, &Visit, &SteppedUp) -> Result<T, Failure> + Send + 'static,
    ) -> T {
        let session = self.session(visit).await;
        self.world
            .write(visit, move |tx, rules, visit| {
                let by = session.step_up(tx, rules, visit)?.unwrap();
                act(tx, rules, visit, &by)
            })
            .await
    }

    /// Confirms an e-mail; the letters about it have been read.
    pub(crate) async fn confirm_email(&self, email: &str) {
        let resident = self.resident();
        resident.first_entry(&visit(), email).await.unwrap();
        let sent = code_to(&letters(&self.world, &visit()).await, email);
        resident.confirm(&visit(), Slot::Email, &sent).await.unwrap();
        letters(&self.world, &visit()).await;
    }

    /// The same person, as somebody with contacts.
    pub(crate) fn resident(&self) -> Resident {
        Resident {
            world: self.world.clone(),
            key: self.world.authority.issue(&askhat()),
            secret: self.secret.clone(),
        }
    }

    /// Connects an app; gives its seed and the sheet that came with it.
    pub(crate) async fn connect_app(&self, visit: &Visit) -> (Seed, Option<RecoveryCodes>) {
        let seed = self.act(visit, binding::offer_totp).await.unwrap();
        let first = code(&seed, visit.now);
        let enrolled = self.act(visit, move |tx, rules, visit, by| {
            binding::confirm_totp(tx, rules, visit, by, &first)
        });
        (seed, enrolled.await.unwrap().recovery_codes)
    }

    /// Gives the right password.
    pub(crate) async fn enter(&self, visit: &Visit, from: BrowserHash) -> Result<Entered, SignInRefusal> {
        enter(&self.world, visit, from).await
    }

    /// Gives the right password, after which a second factor is asked for.
    pub(crate) async fn begin(&self, visit: &Visit, from: BrowserHash) -> Secret {
        match self.enter(visit, from).await.unwrap() {
            Entered::SecondFactorNeeded(pending) => pending.secret,
            Entered::Opened(_) => panic!("no second factor was asked for"),
        }
    }

    pub(crate) async fn give(
        &self,
        visit: &Visit,
        from: BrowserHash,
        secret: &Secret,
        factor: SecondFactor,
        code: &str,
    ) -> Result<Passed, SecondFactorRefusal> {
        give(&self.world, visit, from, secret, factor, code).await
    }

    pub(crate) async fn send(
        &self,
        visit: &Visit,
        from: BrowserHash,
        secret: &Secret,
    ) -> Result<SentCode, SecondFactorRefusal> {
        let secret = secret.clone();
        self.world
            .write(visit, move |tx, rules, visit| {
                second_factor::send_code(tx, rules, visit, from, &secret)
            })
            .await
    }
}

async fn enter(world: &World, visit: &Visit, from: BrowserHash) -> Result<Entered, SignInRefusal> {
    let attempt = world
        .write(visit, |tx, rules, visit| {
            sign_in::password_attempt(tx, rules, visit, IIN, None)
        })
        .await?;
    let checked = Arc::new(sign_in::check_password(attempt, PASSWORD, &visit.entropy));
    world
        .write(visit, move |tx, rules, visit| {
            sign_in::with_password(tx, rules, visit, from, &checked)
        })
        .await
}

/// Gives a code.
pub(crate) async fn give(
    world: &World,
    visit: &Visit,
    from: BrowserHash,
    secret: &Secret,
    factor: SecondFactor,
    code: &str,
) -> Result<Passed, SecondFactorRefusal> {
    let (secret, code) = (secret.clone(), code.to_owned());
    world
        .write(visit, move |tx, rules, visit| {
            second_factor::with_code(tx, rules, visit, from, &secret, factor, &code)
        })
        .await
}
