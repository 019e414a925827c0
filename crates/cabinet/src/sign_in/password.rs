use std::time::Duration;

use db::Tx;

use super::SignInRefusal;
use super::enter::{Entered, enter, refused};
use super::guesses::Guesses;
use super::login::Login;
use crate::account::AccountId;
use crate::binding::{self, Kind, PasswordHash, PasswordRow};
use crate::organisation::{self, Entrance};
use crate::session::{self, Opening};
use crate::throttle::{Pace, Subject, network_of};
use crate::{BrowserHash, Decision, Entropy, Failure, Rules, Visit, refuse};

static STEP_UP: Pace = Pace {
    name: "step-up",
    free: 5,
    first: Duration::from_secs(1),
    longest: Duration::from_secs(900),
    forget: Duration::from_secs(3600),
};

/// Guesses at the password of an account that is signed in.
pub(crate) const fn step_up_pace() -> &'static Pace {
    &STEP_UP
}

/// A try that was counted, and what it is checked against: the hash of the account, or one that nothing matches, so
/// that known and unknown logins are told by nothing (A-2.b).
pub struct PasswordAttempt {
    account: Option<AccountId>,
    hash: String,
    guesses: Guesses,
    entrance: Option<Entrance>,
}

impl std::fmt::Debug for PasswordAttempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordAttempt(…)")
    }
}

impl PasswordAttempt {
    pub(crate) fn known(account: AccountId, password: PasswordRow, guesses: Subject) -> Self {
        Self {
            account: Some(account),
            hash: password.hash,
            guesses: Guesses::alone(guesses),
            entrance: None,
        }
    }
}

/// Begins a sign-in by password, at an organisation's page or at the common one: counts the try before anything is
/// checked (threats, PWD-1).
pub fn password_attempt(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    login: &str,
    entrance: Option<&Entrance>,
) -> Decision<PasswordAttempt, SignInRefusal> {
    if let Some(entrance) = entrance
        && let Err(refusal) = entrance.check(tx, rules)?
    {
        refuse!(refusal.into());
    }
    let Some(login) = Login::parse(rules, login, entrance.map(|entrance| entrance.organisation)) else {
        refuse!(SignInRefusal::LoginMalformed)
    };
    let account = login.find(tx)?;
    let is_stranger = match account {
        Some(account) => !session::knows_network(tx, account, &network_of(visit.address))?,
        None => true,
    };
    let Some(guesses) = Guesses::count(tx, rules, visit, &login.key(), is_stranger)? else {
        refuse!(SignInRefusal::TooManyTries);
    };
    let password = match account {
        Some(account) => binding::find_password(tx, account)?,
        None => None,
    };
    Ok(Ok(match (account, password) {
        (Some(account), Some(password)) => PasswordAttempt {
            account: Some(account),
            hash: password.hash,
            guesses,
            entrance: entrance.cloned(),
        },
        _ => PasswordAttempt {
            account: None,
            hash: binding::DUMMY.to_owned(),
            guesses,
            entrance: entrance.cloned(),
        },
    }))
}

/// A try with its outcome; only [`check_password`] makes it.
#[derive(Debug)]
pub struct CheckedPassword {
    attempt: PasswordAttempt,
    is_right: bool,
    rehash: Option<PasswordHash>,
}

/// Checks a try. Pure and costly (19 MiB, some tens of milliseconds): call it on a bounded pool, outside the transaction.
pub fn check_password(attempt: PasswordAttempt, password: &str, entropy: &Entropy) -> CheckedPassword {
    let is_right = binding::matches(password, &attempt.hash);
    let rehash = (is_right && binding::needs_rehash(&attempt.hash))
        .then(|| PasswordHash::new(password, entropy).ok())
        .flatten();
    CheckedPassword {
        attempt,
        is_right,
        rehash,
    }
}

impl CheckedPassword {
    /// The account's password, if this was it and still is. A right guess is forgiven, and a hash of old parameters
    /// replaced.
    pub(crate) fn redeem(&self, tx: &mut Tx<'_>, account: AccountId) -> Result<Option<PasswordRow>, Failure> {
        if !self.is_right || self.attempt.account != Some(account) {
            return Ok(None);
        }
        let Some(password) = binding::find_password(tx, account)?.filter(|row| row.hash == self.attempt.hash)
        else {
            return Ok(None);
        };
        self.attempt.guesses.forgive(tx)?;
        if let Some(hash) = &self.rehash {
            binding::rehash(tx, account, hash)?;
        }
        Ok(Some(password))
    }
}

/// Enters by a password that was checked.
pub fn with_password(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    checked: &CheckedPassword,
) -> Decision<Entered, SignInRefusal> {
    let Some(account) = checked.attempt.account else {
        // A known login gets a line in its history; an unknown one takes as long (threats, PWD-5).
        checked.attempt.guesses.count_again(tx, visit)?;
        refuse!(SignInRefusal::PasswordWrong)
    };
    let Some(password) = checked.redeem(tx, account)? else {
        return refused(tx, visit, account, SignInRefusal::PasswordWrong);
    };
    let demand = organisation::second_factor_demand(tx, account, rules.second_factor.password)?;
    let opening = Opening {
        account,
        authenticator: password.authenticator,
        kind: Kind::Password,
        browser,
        standing: None,
        entrance: checked.attempt.entrance.clone(),
        demand,
    };
    enter(tx, rules, visit, opening, false)
}
