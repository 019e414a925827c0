//! One-time codes of an app: RFC 6238 with the parameters that every app knows (SHA-1, six digits, thirty seconds).

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac::{self, HMAC_SHA1_FOR_LEGACY_USE_ONLY};
use data_encoding::BASE32_NOPAD;
use db::{Timestamp, Tx};
use url::form_urlencoded;

use super::change::{self, Enrolled};
use super::{AuthenticatorId, BoundBy, SecondFactor, factor_store, store};
use crate::account::{self, AccountId};
use crate::session::SteppedUp;
use crate::ticket::{self, New, Purpose};
use crate::{Decision, Failure, Rules, Visit, refuse};

/// Seconds of one step.
const STEP: i64 = 30;
/// Bytes of a seed: as long as the digest (RFC 4226, 4).
const SEED: usize = 20;
/// Codes that may be tried while an app is being connected.
const TRIES: u32 = 10;
const SEALED: &str = "totp.seed";

crate::refusals! {
    /// Why an app with one-time codes was not connected.
    pub enum TotpRefusal {
        AlreadySet = "totp.already_set",
        OfferGone = "totp.offer_gone",
        CodeWrong = "totp.code_wrong",
    }
}

/// The shared secret of the server and one app.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed([u8; SEED]);

impl Seed {
    /// As a person types it where no camera is at hand.
    pub fn text(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// As an app reads it from a picture: `otpauth://totp/…`. The product stands in it once, or
    /// a Cyrillic name would make the picture too dense for poor cameras.
    pub fn uri(&self, product: &str, login: &str) -> String {
        let encode = |text: &str| {
            form_urlencoded::byte_serialize(text.as_bytes())
                .collect::<String>()
                .replace('+', "%20")
        };
        let (product, login) = (encode(product), encode(login));
        format!("otpauth://totp/{login}?secret={}&issuer={product}", self.text())
    }

    /// The code of one step (RFC 6238, 4; RFC 4226, 5.3).
    fn code(&self, step: i64) -> String {
        let key = hmac::Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let offset = usize::from(tag.last().copied().unwrap_or_default() & 0x0f);
        let number = tag
            .iter()
            .skip(offset)
            .take(4)
            .fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
    }

    /// The step whose code this is: of now, or one beside it.
    fn step_of(&self, now: Timestamp, code: &str) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let now = now.as_seconds().div_euclid(STEP);
        let fits =
            |step: &i64| verify_slices_are_equal(self.code(*step).as_bytes(), digits.as_bytes()).is_ok();
        [now - 1, now, now + 1].into_iter().find(fits)
    }

    fn read(bytes: &[u8]) -> Result<Self, Failure> {
        let bytes = bytes.try_into();
        bytes
            .map(Self)
            .map_err(|_| Failure::new("a seed of another length"))
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}

/// Offers a new seed to this session. It counts for nothing until a code of it was given; an older offer is void.
pub fn offer_totp(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
) -> Decision<Seed, TotpRefusal> {
    if factor_store::find_totp(tx, by.account())?.is_some() {
        refuse!(TotpRefusal::AlreadySet);
    }
    ticket::discard_kind(tx, visit, by.account(), Purpose::Totp)?;
    let seed = Seed(visit.entropy.bytes());
    let new = New {
        purpose: Purpose::Totp,
        browser: None,
        account: Some(by.account()),
        session: Some(by.session()),
        life: rules.second_factor.life,
        tries: TRIES,
        payload: &seed.0,
    };
    ticket::issue(tx, rules, visit, new)?;
    Ok(Ok(seed))
}

/// The seed that was offered to this session and waits for its first code.
pub fn offered_totp(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
) -> Result<Option<Seed>, Failure> {
    let offer = offer(tx, rules, visit, by)?;
    offer.map(|ticket| Seed::read(&ticket.payload)).transpose()
}

/// Connects the app: the code shows that it has the seed. From now on it is asked for (threats, OTP-1).
pub fn confirm_totp(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
    code: &str,
) -> Decision<Enrolled, TotpRefusal> {
    let account = by.account();
    account::lock(tx, account)?;
    let Some(offer) = offer(tx, rules, visit, by)? else {
        refuse!(TotpRefusal::OfferGone);
    };
    if !ticket::count_try(tx, visit, offer.id)? {
        refuse!(TotpRefusal::OfferGone);
    }
    let seed = Seed::read(&offer.payload)?;
    let Some(step) = seed.step_of(visit.now, code) else {
        refuse!(TotpRefusal::CodeWrong);
    };
    if ticket::take_by_id(tx, rules, visit, Purpose::Totp, offer.id)?.is_none() {
        refuse!(TotpRefusal::OfferGone);
    }
    let id = visit.id(AuthenticatorId::new);
    store::insert(tx, id, account, SecondFactor::Totp, BoundBy::Person, visit.now)?;
    let sealed = rules.server_key.seal(SEALED, &seed.0, &visit.entropy)?;
    if factor_store::insert_totp(tx, account, id, &sealed, step)? == 0 {
        refuse!(TotpRefusal::AlreadySet);
    }
    Ok(Ok(change::enrolled(
        tx,
        rules,
        visit,
        by,
        SecondFactor::Totp,
        id,
    )?))
}

/// Uses a code of the account's app up: of a step later than the last, of any number of parallel calls one.
pub(crate) fn take_totp(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    code: &str,
) -> Result<bool, Failure> {
    let Some(sealed) = factor_store::find_totp(tx, account)? else {
        return Ok(false);
    };
    let seed = Seed::read(&rules.server_key.open(SEALED, &sealed)?)?;
    let Some(step) = seed.step_of(visit.now, code) else {
        return Ok(false);
    };
    Ok(factor_store::update_last_step(tx, account, step)? == 1)
}

fn offer(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
) -> Result<Option<ticket::Ticket>, Failure> {
    let since = visit.now.minus(rules.second_factor.life);
    let offers = ticket::list_since(tx, rules, visit, Purpose::Totp, by.account(), since)?;
    Ok(offers
        .into_iter()
        .find(|offer| offer.session == Some(by.session())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn otp_1_codes_are_those_of_rfc_6238_appendix_b() {
        let seed = Seed(*b"12345678901234567890");
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(seed.code(seconds / STEP), code);
        }
    }

    #[test]
    fn otp_1_the_window_is_one_step_to_either_side() {
        let seed = Seed(*b"12345678901234567890");
        let now = Timestamp::from_seconds(1_111_111_111);
        let step = 1_111_111_111 / STEP;
        for (other, found) in [(-2, None), (-1, Some(-1)), (0, Some(0)), (1, Some(1)), (2, None)] {
            let code = seed.code(step + other);
            assert_eq!(seed.step_of(now, &code), found.map(|found| step + found));
        }
        let spaced = format!("{} {}", &seed.code(step)[..3], &seed.code(step)[3..]);
        assert_eq!(seed.step_of(now, &spaced), Some(step));
        assert_eq!(seed.step_of(now, ""), None);
    }

    #[test]
    fn the_address_for_apps_holds_no_sign_of_its_own() {
        let seed = Seed(*b"12345678901234567890");
        assert_eq!(
            seed.uri("Кабинет & Ко", "a b"),
            "otpauth://totp/a%20b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=%D0%9A%D0%B0%D0%B1%D0%B8%D0%BD%D0%B5%D1%82%20%26%20%D0%9A%D0%BE"
        );
        assert_eq!(format!("{seed:?}"), "Seed(…)");
    }
}
