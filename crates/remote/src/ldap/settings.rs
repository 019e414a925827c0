use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;
use std::time::Duration;

use data_encoding::HEXLOWER;

use super::Server;
use crate::oidc::ClaimMapping;
use crate::provider::ProviderFailure;

/// Where a directory is, and how people are found in it.
#[derive(Debug, Clone)]
pub struct DirectorySettings {
    /// Its servers; the first that answers is asked.
    pub servers: Vec<Server>,
    /// Authorities of their certificates beside those of the system, in PEM.
    pub authorities: Vec<Vec<u8>>,
    /// From a user name to an entry.
    pub lookup: Lookup,
    /// What makes a person that person, whatever their name becomes.
    pub identity: Identity,
    /// Where names, contacts and numbers stand.
    pub mapping: ClaimMapping,
    /// What one check may take.
    pub patience: Duration,
    /// Checks that run at once.
    pub at_once: usize,
}

/// How a user name leads to an entry.
#[derive(Debug, Clone)]
pub enum Lookup {
    /// An account of ours looks for it.
    Search {
        /// The account's DN.
        account: String,
        /// Its password.
        account_password: BindPassword,
        /// Below which people are.
        base: String,
        /// Attributes that may hold the user name.
        logins: Vec<String>,
        /// What sort of entry a person has.
        object_class: String,
        /// The group that a person must belong to.
        member_of: Option<String>,
    },
    /// The DN is made of it.
    Template(DnTemplate),
}

/// A DN with a place for the user name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnTemplate {
    before: String,
    after: String,
}

/// The text is no template of a DN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected a DN with {{login}} as the value of an attribute, such as uid={{login}},ou=people,dc=example"
)]
pub struct MalformedTemplate;

/// The password of our own account.
#[derive(Clone)]
pub struct BindPassword(String);

/// The attribute by which a person is known. It never changes and never belongs to somebody else later, as names, mail
/// addresses and DNs do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// RFC 4530: `OpenLDAP` and others
    EntryUuid,
    /// Active Directory
    ObjectGuid,
    /// 389 Directory Server
    NsUniqueId,
    /// `FreeIPA`
    IpaUniqueId,
}

/// The name of no attribute that stays a person's for ever.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is none of entryUUID, objectGUID, nsUniqueId, ipaUniqueID; others may pass from person to person"
)]
pub struct UnknownIdentity(String);

impl FromStr for DnTemplate {
    type Err = MalformedTemplate;

    fn from_str(text: &str) -> Result<Self, MalformedTemplate> {
        let (before, after) = text.split_once("{login}").ok_or(MalformedTemplate)?;
        let ends_well = after.is_empty() || after.starts_with(',');
        if !before.ends_with('=') || !ends_well || after.contains("{login}") {
            return Err(MalformedTemplate);
        }
        Ok(Self {
            before: before.to_owned(),
            after: after.to_owned(),
        })
    }
}

impl DnTemplate {
    /// The DN of a user name. Everything but letters and digits is escaped by its octets (RFC 4514 §2.4).
    pub(super) fn fill(&self, login: &str) -> String {
        let mut dn = self.before.clone();
        for c in login.chars() {
            if c.is_alphanumeric() {
                dn.push(c);
            } else {
                for octet in c.encode_utf8(&mut [0; 4]).bytes() {
                    // writing to a String cannot fail
                    let _ = write!(dn, "\\{octet:02x}");
                }
            }
        }
        dn + &self.after
    }
}

impl BindPassword {
    /// The password of this text.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for BindPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BindPassword(…)")
    }
}

impl Identity {
    const ALL: [Self; 4] = [
        Self::EntryUuid,
        Self::ObjectGuid,
        Self::NsUniqueId,
        Self::IpaUniqueId,
    ];

    pub(super) const fn attribute(self) -> &'static str {
        match self {
            Self::EntryUuid => "entryUUID",
            Self::ObjectGuid => "objectGUID",
            Self::NsUniqueId => "nsUniqueId",
            Self::IpaUniqueId => "ipaUniqueID",
        }
    }

    /// A value as the subject of an identity.
    pub(super) fn read(self, value: &[u8]) -> Result<String, ProviderFailure> {
        let text = match self {
            Self::ObjectGuid => (value.len() == 16).then(|| HEXLOWER.encode(value)),
            Self::EntryUuid | Self::NsUniqueId | Self::IpaUniqueId => std::str::from_utf8(value)
                .ok()
                .filter(|text| (16..=64).contains(&text.len()) && text.is_ascii())
                .map(str::to_ascii_lowercase),
        };
        text.ok_or_else(|| ProviderFailure::Unusable(format!("{} holds no unique id", self.attribute())))
    }
}

impl FromStr for Identity {
    type Err = UnknownIdentity;

    fn from_str(text: &str) -> Result<Self, UnknownIdentity> {
        let mut all = Self::ALL.into_iter();
        all.find(|identity| identity.attribute().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownIdentity(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spn_3_a_user_name_stays_one_value_of_the_dn() {
        let template: DnTemplate = "uid={login},ou=people,dc=a".parse().unwrap();
        assert_eq!(template.fill("алия7"), "uid=алия7,ou=people,dc=a");
        assert_eq!(
            template.fill("x,ou=admins+cn=*\\\" "),
            "uid=x\\2cou\\3dadmins\\2bcn\\3d\\2a\\5c\\22\\20,ou=people,dc=a"
        );
        for wrong in [
            "uid=a,dc=b",
            "{login}@school",
            "uid=x{login},dc=a",
            "uid={login}{login}",
            "uid={login}x",
        ] {
            assert_eq!(wrong.parse::<DnTemplate>(), Err(MalformedTemplate), "{wrong}");
        }
    }

    #[test]
    fn lnk_6_a_person_is_known_by_what_never_passes_on() {
        for wrong in [
            "mail",
            "uid",
            "cn",
            "dn",
            "userPrincipalName",
            "sAMAccountName",
            "",
        ] {
            assert_eq!(wrong.parse::<Identity>(), Err(UnknownIdentity(wrong.to_owned())));
        }
        assert_eq!("objectguid".parse(), Ok(Identity::ObjectGuid));
        let guid = Identity::ObjectGuid.read(&[0x61; 16]).unwrap();
        assert_eq!(
            guid,
            "61".repeat(16),
            "an id that happens to be text is an id all the same"
        );
        Identity::ObjectGuid.read(&[1; 15]).unwrap_err();
        Identity::EntryUuid.read(b"").unwrap_err();
    }
}
