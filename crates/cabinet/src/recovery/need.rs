//! What a recovery asks for.
//!
//! - One contact stands for the password. A second one is asked for where something stronger than a password opens the
//!   account, or where the first was a telephone and there is an e-mail.
//! - A code of the printed sheet serves in place of the second contact: the sheet was made under a proof by the strongest
//!   way.
//! - A second factor is asked for as at every sign-in by password. Text messages are none to who has shown nothing but
//!   that telephone.

use db::Tx;

use super::under_way::{Flow, Own, Ways, contacts};
use crate::account::AccountId;
use crate::binding::{self, Kind, SecondFactor};
use crate::contact::Slot;
use crate::{Failure, Rules, Visit};

/// What a recovery still lacks; `None`: nothing but the new password.
pub(super) fn missing(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    flow: &Flow,
) -> Result<Option<Ways>, Failure> {
    let own = contacts(tx, rules, visit, account)?;
    let (shown, others) = own.into_iter().partition(|own| flow.has_shown(own));
    let strongest = binding::strongest_usable(tx, rules, account, visit.now)?;
    let factors = if flow.vouched.is_some_and(|vouched| vouched.skips_second_factor) {
        Vec::new()
    } else {
        let demand = rules.second_factor.password;
        binding::second_factors(tx, account, None, demand, visit.now)?
    };
    let need = Need {
        shown,
        others,
        is_stronger: strongest.is_some_and(|kind| kind > Kind::Password),
        factors: factors.iter().map(|own| own.factor).collect(),
        given: flow.second_factor(),
        is_vouched: flow.vouched.is_some(),
    };
    Ok((need.lacks_contact() || need.lacks_factor()).then(|| need.ways()))
}

struct Need {
    /// Contacts whose owner has answered.
    shown: Vec<Own>,
    others: Vec<Own>,
    /// Something stronger than a password opens the account.
    is_stronger: bool,
    /// The second factors that are asked for, last used first.
    factors: Vec<SecondFactor>,
    /// The one that was given.
    given: Option<SecondFactor>,
    /// Two people of the operator stand for the contacts.
    is_vouched: bool,
}

impl Need {
    fn lacks_contact(&self) -> bool {
        if self.is_vouched {
            return false;
        }
        let sheet = usize::from(self.given == Some(SecondFactor::RecoveryCode));
        self.shown.is_empty() || self.shown.len() + sheet < self.contacts_needed()
    }

    fn contacts_needed(&self) -> usize {
        let is_by_phone = !self.shown.iter().any(|own| own.slot.is_email());
        let has_email = self.others.iter().any(|own| own.slot.is_email());
        if self.is_stronger || (is_by_phone && has_email) {
            2
        } else {
            1
        }
    }

    fn lacks_factor(&self) -> bool {
        let is_given = match self.given {
            Some(SecondFactor::Sms) => self.asks_sms(),
            other => other.is_some(),
        };
        !self.factors.is_empty() && !is_given
    }

    fn asks_sms(&self) -> bool {
        self.factors.contains(&SecondFactor::Sms)
    }

    fn has_shown_phone(&self) -> bool {
        self.shown.iter().any(|own| own.slot == Slot::Phone)
    }

    /// Whatever brings the recovery on.
    fn ways(&self) -> Ways {
        let contacts = self.others.iter().filter(|own| self.brings_on(own));
        let factors = self.factors.iter().filter(|factor| self.takes(**factor));
        Ways {
            contacts: contacts.map(|own| (own.slot, own.value.masked())).collect(),
            factors: factors.copied().collect(),
        }
    }

    /// Whether this contact is worth showing: as the second one, or as what makes text messages a second factor.
    fn brings_on(&self, own: &Own) -> bool {
        let completes_sms = self.has_shown_phone() || own.slot == Slot::Phone;
        self.lacks_contact() || (self.asks_sms() && completes_sms)
    }

    fn takes(&self, factor: SecondFactor) -> bool {
        match factor {
            SecondFactor::RecoveryCode => matches!(self.given, None | Some(SecondFactor::Sms)),
            SecondFactor::Totp => !self.lacks_contact(),
            // who has a passkey enters by it
            SecondFactor::Passkey | SecondFactor::Sms => false,
        }
    }
}
