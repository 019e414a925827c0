use crate::account::AccountId;
use crate::fold::fold;
use crate::session::SteppedUp;

const LENGTHS: std::ops::RangeInclusive<usize> = 3..=100;

/// One of the operator's people, by name: the history and the notices say who it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    pub(super) name: String,
    pub(super) account: Option<AccountId>,
}

impl Officer {
    /// Whoever is at the command line of the server and says who they are.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        let is_name = LENGTHS.contains(&name.chars().count())
            && name.chars().any(char::is_alphabetic)
            && !name.chars().any(char::is_control);
        is_name.then(|| Self {
            name: name.to_owned(),
            account: None,
        })
    }

    /// Whoever is signed in and has just proved themselves; that they have the right to this is for the caller to know.
    pub fn signed_in(by: &SteppedUp, name: &str) -> Option<Self> {
        Some(Self {
            account: Some(by.account()),
            ..Self::named(name)?
        })
    }

    /// Whether this may be the same person: by the account, or by a name however it is written.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        (self.account.is_some() && self.account == other.account) || fold(&self.name) == fold(&other.name)
    }
}

#[cfg(test)]
mod tests {
    use super::Officer;

    #[test]
    fn rule_2_3_5_one_person_is_not_two_by_another_spelling() {
        let dana = Officer::named("Дана Омарова").unwrap();
        assert!(dana.may_be(&Officer::named(" дана  ОМАРОВА.").unwrap()));
        assert!(!dana.may_be(&Officer::named("Серик Омаров").unwrap()));
        for no_name in ["", "  ", "12345", "Я", "a\nb"] {
            assert_eq!(Officer::named(no_name), None, "{no_name:?}");
        }
    }
}
