//! What an entry proves for something that waited for it.

use db::{Timestamp, Tx};
use serde::{Deserialize, Serialize};

use crate::account::AccountId;
use crate::binding::{self, Kind};
use crate::session::SessionId;
use crate::{Failure, Rules, Visit};

/// The proof of an account, made for something that waits in this browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Proof {
    /// There is none yet.
    None,
    /// A proof as good as a step-up was made then.
    MadeAt(Timestamp),
}

impl Proof {
    /// What the entry that opened this session proves. It counts where it was made by the strongest way of the account and
    /// by one that the person was asked to use for it: a signature under a challenge to enter says nothing else (threats,
    /// CMS-3, SES-5).
    pub(super) fn of_entry(
        tx: &mut Tx<'_>,
        rules: &Rules,
        visit: &Visit,
        account: AccountId,
        session: SessionId,
    ) -> Result<Self, Failure> {
        let kind = binding::find_opener(tx, session)?;
        let strongest = binding::strongest_usable(tx, rules, account, visit.now)?;
        Ok(match kind {
            Some(Kind::Certificate | Kind::ExternalIdentity) | None => Self::None,
            kind if kind < strongest => Self::None,
            Some(_) => Self::MadeAt(visit.now),
        })
    }

    /// Whether it still counts: it is as short-lived as any step-up, and good for what waited alone.
    pub(super) fn counts(self, rules: &Rules, visit: &Visit) -> bool {
        match self {
            Self::None => false,
            Self::MadeAt(at) => visit.now < at.plus(rules.session.step_up),
        }
    }
}
