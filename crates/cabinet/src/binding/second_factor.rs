use std::cmp::Reverse;

use db::{Timestamp, Tx};

use super::{AuthenticatorId, factor_store};
use crate::account::AccountId;
use crate::contact::{self, E164};
use crate::{Demand, Failure};

db::text_enum! {
    /// What proves a person a second time, the strongest first. None of it opens an account alone, but for a passkey.
    pub enum SecondFactor {
        /// A passkey.
        Passkey = "passkey",
        /// A one-time code of an app (RFC 6238).
        Totp = "totp",
        /// A code sent to the confirmed phone.
        Sms = "sms",
        /// A code from the printed sheet.
        RecoveryCode = "recovery-code",
    }
}

/// A second factor that a person has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFactor {
    /// What it is.
    pub factor: SecondFactor,
    /// Its name; none for a confirmed phone that nobody set up as a factor.
    pub id: Option<AuthenticatorId>,
    /// When it was set up.
    pub bound_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// Where a code goes.
    pub phone: Option<E164>,
    /// How many recovery codes are left.
    pub codes_left: i64,
}

impl OwnFactor {
    /// A sheet without codes and codes without a phone are good for nothing.
    pub const fn is_usable(&self) -> bool {
        match self.factor {
            SecondFactor::Passkey | SecondFactor::Totp => true,
            SecondFactor::Sms => self.phone.is_some(),
            SecondFactor::RecoveryCode => self.codes_left > 0,
        }
    }
}

/// The second factors that may follow a proof by `first` (none: by no way in of the account), last used first, recovery codes at the end. Those set up
/// after `before` do not count: whoever stole a session must not profit from what he added in it.
pub(crate) fn second_factors(
    tx: &mut Tx<'_>,
    account: AccountId,
    first: Option<AuthenticatorId>,
    demand: Demand,
    before: Timestamp,
) -> Result<Vec<OwnFactor>, Failure> {
    if demand == Demand::Nobody {
        return Ok(Vec::new());
    }
    let mut own = list_second_factors(tx, account)?;
    own.retain(|own| {
        own.is_usable() && (first.is_none() || own.id != first) && own.bound_at.is_none_or(|at| at <= before)
    });
    let has_sms = own.iter().any(|own| own.factor == SecondFactor::Sms);
    if demand == Demand::Everybody && !has_sms {
        own.extend(contact::confirmed_phone(tx, account)?.map(unbidden));
    }
    if own.iter().all(|own| own.factor == SecondFactor::RecoveryCode) {
        return Ok(Vec::new());
    }
    own.sort_by_key(|own| {
        let is_last_resort = own.factor == SecondFactor::RecoveryCode;
        (is_last_resort, Reverse(own.last_used_at), own.factor)
    });
    let mut seen = Vec::new();
    own.retain(|own| {
        let is_first = !seen.contains(&own.factor);
        seen.push(own.factor);
        is_first
    });
    Ok(own)
}

/// What the person has set up, the oldest first.
pub fn list_second_factors(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<OwnFactor>, Failure> {
    let phone = contact::confirmed_phone(tx, account)?;
    let own = factor_store::list(tx, account)?.into_iter().map(|row| OwnFactor {
        factor: row.factor,
        id: Some(row.id),
        bound_at: Some(row.bound_at),
        last_used_at: row.last_used_at,
        phone: phone.clone().filter(|_| row.factor == SecondFactor::Sms),
        codes_left: match row.factor {
            SecondFactor::RecoveryCode => row.codes_left,
            _ => 0,
        },
    });
    Ok(own.collect())
}

/// A confirmed phone serves where a second factor is asked of everybody.
const fn unbidden(phone: E164) -> OwnFactor {
    OwnFactor {
        factor: SecondFactor::Sms,
        id: None,
        bound_at: None,
        last_used_at: None,
        phone: Some(phone),
        codes_left: 0,
    }
}
