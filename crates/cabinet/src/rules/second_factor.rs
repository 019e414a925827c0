//! When one proof is not enough to enter.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// When a second factor is asked for, and how long an entry waits for it.
#[derive(Clone, Debug)]
pub struct SecondFactorRules {
    /// After a password.
    pub password: Demand,
    /// After a certificate of these anchor groups. Of a group that is not named nobody is asked.
    pub anchor_groups: BTreeMap<String, Demand>,
    /// How long an entry waits for its second factor.
    pub life: Duration,
}

/// Of whom a second factor is asked, the fewest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Demand {
    /// Of nobody.
    Nobody,
    /// Of those who have set one up.
    Enrolled,
    /// Of everybody: who has none must set one up before the cabinet opens.
    Everybody,
}

impl SecondFactorRules {
    /// What is asked after a certificate of this group.
    pub fn after_certificate(&self, anchor_group: &str) -> Demand {
        self.anchor_groups
            .get(anchor_group)
            .copied()
            .unwrap_or(Demand::Nobody)
    }
}

impl Default for SecondFactorRules {
    fn default() -> Self {
        Self {
            password: Demand::Enrolled,
            anchor_groups: BTreeMap::new(),
            life: Duration::from_secs(600),
        }
    }
}
