//! When one proof is not enough to enter.

use std::collections::BTreeMap;
use std::time::Duration;

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

db::text_enum! {
    /// Of whom a second factor is asked, the fewest first.
    pub enum Demand {
        /// Of nobody.
        Nobody = "nobody",
        /// Of those who have set one up.
        Enrolled = "enrolled",
        /// Of everybody: who has none must set one up before the cabinet opens.
        Everybody = "everybody",
    }
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
