//! Somebody with an e-mail and a password, and the way back of who has lost the password.

use cabinet::account::AccountId;
use cabinet::binding::{self, NewPassword, SecondFactor};
use cabinet::contact::Slot;
use cabinet::message::Notice;
use cabinet::recovery::{self, RecoveryRefusal, Step};
use cabinet::session::SteppedUp;
use cabinet::sign_in::Opened;
use cabinet::{BrowserHash, Decision, Failure, Rules, Secret, Visit};
use db::Tx;
use testkit::entry::World;
use testkit::pki::askhat;
use testkit::visit::{browser, visit};

use crate::contact::resident::{Letter, Resident, letters};
use crate::password::{PASSWORD, enter, set};

pub(super) const EMAIL: &str = "askhat@example.kz";
pub(super) const PHONE: &str = "+77075555555";
pub(super) const NEW: &str = "ласточка-гранит-93-ветер";

/// Where the way back is gone.
pub(super) fn there() -> BrowserHash {
    browser(40)
}

/// Somebody with a certificate, an e-mail and a password.
pub(super) async fn resident(world: &World) -> Resident {
    let mut resident = Resident::with_email(world, &askhat(), 1, EMAIL).await;
    resident.step_up(&visit()).await;
    set(world, &visit(), &resident.secret, PASSWORD).await;
    letters(world, &visit()).await;
    resident
}

/// The same without the certificate: nothing but the password opens the account.
pub(super) async fn with_password_alone(world: &World) -> Resident {
    let resident = resident(world).await;
    remove_certificate(&resident).await;
    let entered = enter(world, &visit(), EMAIL, PASSWORD, browser(1)).await;
    let secret = entered.unwrap().secret;
    letters(world, &visit()).await;
    Resident { secret, ..resident }
}

pub(super) async fn remove_certificate(resident: &Resident) {
    let account = account_of(resident).await;
    let ways = resident
        .world
        .read(&visit(), move |tx, rules, visit| {
            binding::list(tx, rules, visit.now, account)
        })
        .await;
    let certificate = ways.iter().find(|way| way.certificate.is_some()).unwrap().id;
    act(resident, move |tx, rules, visit, by| {
        binding::remove_certificate(tx, rules, visit, by, certificate)
    })
    .await
    .unwrap();
    letters(&resident.world, &visit()).await;
}

pub(super) async fn account_of(resident: &Resident) -> AccountId {
    resident.session(&visit()).await.account
}

/// Does what needs a fresh proof, which was just made.
pub(super) async fn act<T: Send + 'static>(
    resident: &Resident,
    act: impl Fn(&mut Tx<'_>, &Rules, &Visit, &SteppedUp) -> Result<T, Failure> + Send + 'static,
) -> T {
    let session = resident.session(&visit()).await;
    resident
        .world
        .write(&visit(), move |tx, rules, visit| {
            let by = session.step_up(tx, rules, visit)?.unwrap();
            act(tx, rules, visit, &by)
        })
        .await
}

/// One way back, in one browser.
pub(super) struct WayBack {
    pub(super) world: World,
    pub(super) visit: Visit,
    pub(super) browser: BrowserHash,
    pub(super) secret: Secret,
}

type Stepped = Result<(), RecoveryRefusal>;

impl WayBack {
    /// Asks for a code, and has the request looked into.
    pub(super) async fn begin(world: &World, visit: &Visit, login: &str) -> Self {
        Self::begin_in(world, visit, there(), login, None).await.unwrap()
    }

    pub(super) async fn begin_in(
        world: &World,
        visit: &Visit,
        browser: BrowserHash,
        login: &str,
        former: Option<Secret>,
    ) -> Result<Self, RecoveryRefusal> {
        let login = login.to_owned();
        let begun = world
            .write(visit, move |tx, rules, visit| {
                recovery::begin(tx, rules, visit, browser, &login, None, former.as_ref())
            })
            .await;
        while world.write(visit, recovery::send_next).await {}
        Ok(Self {
            world: world.clone(),
            visit: visit.clone(),
            browser,
            secret: begun?,
        })
    }

    /// What comes next; `None`: nothing is under way.
    pub(super) async fn step(&self) -> Option<Step> {
        let (browser, secret) = (self.browser, self.secret.clone());
        let found = self.world.read(&self.visit, move |tx, rules, visit| {
            recovery::find(tx, rules, visit, browser, &secret)
        });
        found.await.map(|found| found.step)
    }

    pub(super) async fn give_code(&mut self, code: &str) -> Stepped {
        let code = code.to_owned();
        self.go_on(move |tx, rules, visit, browser, secret| {
            recovery::give_code(tx, rules, visit, browser, secret, &code)
        })
        .await
    }

    /// Has a code sent to another contact, and gives it.
    pub(super) async fn show(&mut self, slot: Slot, address: &str) -> Stepped {
        self.send_to(slot).await?;
        let code = code_to(&letters(&self.world, &self.visit).await, address);
        self.give_code(&code).await
    }

    pub(super) async fn send_to(&mut self, slot: Slot) -> Stepped {
        self.go_on(move |tx, rules, visit, browser, secret| {
            recovery::send_code(tx, rules, visit, browser, secret, slot)
        })
        .await
    }

    pub(super) async fn give_factor(&mut self, factor: SecondFactor, code: &str) -> Stepped {
        let code = code.to_owned();
        self.go_on(move |tx, rules, visit, browser, secret| {
            recovery::give_factor(tx, rules, visit, browser, secret, factor, &code)
        })
        .await
    }

    /// Sets the new password.
    pub(super) async fn complete(&self) -> Result<Opened, RecoveryRefusal> {
        let hash = NewPassword::check(NEW, &[]).unwrap();
        let hash = hash.hash(&self.visit.entropy).unwrap();
        let (browser, secret) = (self.browser, self.secret.clone());
        self.world
            .write(&self.visit, move |tx, rules, visit| {
                recovery::complete(tx, rules, visit, browser, &secret, &hash)
            })
            .await
    }

    async fn go_on(
        &mut self,
        step: impl Fn(&mut Tx<'_>, &Rules, &Visit, BrowserHash, &Secret) -> Decision<Secret, RecoveryRefusal>
        + Send
        + 'static,
    ) -> Stepped {
        let (browser, secret) = (self.browser, self.secret.clone());
        let stepped = self.world.write(&self.visit, move |tx, rules, visit| {
            step(tx, rules, visit, browser, &secret)
        });
        self.secret = stepped.await?;
        Ok(())
    }
}

/// Asks for a code at a contact and gives it.
pub(super) async fn shown(world: &World, visit: &Visit, login: &str, address: &str) -> WayBack {
    let mut way = WayBack::begin(world, visit, login).await;
    let code = code_to(&letters(world, visit).await, address);
    way.give_code(&code).await.unwrap();
    way
}

/// The last code to get back that went to this address.
pub(super) fn code_to(letters: &[Letter], address: &str) -> String {
    codes_to(letters, address)
        .pop()
        .unwrap_or_else(|| panic!("no code to {address} in {letters:#?}"))
}

/// All of them, the oldest first.
pub(super) fn codes_to(letters: &[Letter], address: &str) -> Vec<String> {
    let to_it = letters.iter().filter(|letter| letter.to == address);
    to_it
        .filter_map(|letter| match &letter.notice {
            Notice::RecoveryBegun { code, .. } => Some(code.clone()),
            _ => None,
        })
        .collect()
}

/// Six digits that are not these.
pub(super) fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}
