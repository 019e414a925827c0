//! What the operator decided for the whole installation.

mod certificate;
mod second_factor;

use std::fmt;
use std::time::Duration;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use url::Url;

use crate::organisation::{self, OfferedMethods, OrganisationKind};
use crate::provider::ProviderRules;
use crate::{Entropy, Failure};

pub use certificate::{NewCertificate, NewCertificateRules, Newcomer, SamePersonId, WithoutPersonId};
pub use second_factor::{Demand, SecondFactorRules};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// The settings that use cases obey.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Links in messages and the host in challenges come from here, never from a request.
    pub base_url: Url,
    /// The name of the installation in challenges and messages.
    pub product_name: String,
    /// Lives of sessions.
    pub session: SessionRules,
    /// Ways in.
    pub sign_in: SignInRules,
    /// When one proof is not enough.
    pub second_factor: SecondFactorRules,
    /// What a person must give before the cabinet opens.
    pub first_entry: FirstEntry,
    /// The outside providers that the installation knows.
    pub providers: Vec<ProviderRules>,
    /// Codes, links and budgets of contacts.
    pub contact: ContactRules,
    /// How two accounts of one person become one.
    pub merge: MergeRules,
    /// How people of the operator help somebody back in.
    pub recovery: RecoveryRules,
    /// Kinds of organisations, and how their people enter.
    pub organisation: OrganisationRules,
    /// The region that a phone number without `+` belongs to.
    pub default_region: String,
    /// Seals what must not be readable in a copy of the database.
    pub server_key: ServerKey,
}

impl Rules {
    /// The documented defaults.
    pub fn new(base_url: Url, product_name: impl Into<String>, server_key: ServerKey) -> Self {
        Self {
            base_url,
            product_name: product_name.into(),
            session: SessionRules::default(),
            sign_in: SignInRules::default(),
            second_factor: SecondFactorRules::default(),
            first_entry: FirstEntry::EmailRequired,
            providers: Vec::new(),
            contact: ContactRules::default(),
            merge: MergeRules::default(),
            recovery: RecoveryRules::default(),
            organisation: OrganisationRules::default(),
            default_region: "KZ".to_owned(),
            server_key,
        }
    }

    /// An absolute link to a page, below the configured address.
    pub fn link(&self, path: &[&str]) -> String {
        let mut url = self.base_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url.into()
    }

    /// The host that challenges name, with its port where it is not the usual one.
    pub fn host(&self) -> String {
        let host = self.base_url.host_str().unwrap_or_default();
        self.base_url
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }
}

/// Lives of sessions.
#[derive(Clone, Debug)]
pub struct SessionRules {
    /// A session unused for this long is over.
    pub idle: Duration,
    /// No session lives longer.
    pub absolute: Duration,
    /// How long a step-up counts.
    pub step_up: Duration,
    /// How long ended sessions are kept for the list of known devices' questions.
    pub keep_ended: Duration,
    /// A browser unused for this long is a new one again.
    pub forget_device: Duration,
}

impl Default for SessionRules {
    fn default() -> Self {
        Self {
            idle: 30 * MINUTE,
            absolute: 12 * HOUR,
            step_up: 5 * MINUTE,
            keep_ended: 30 * 24 * HOUR,
            forget_device: 365 * 24 * HOUR,
        }
    }
}

/// Ways in.
#[derive(Clone, Debug)]
pub struct SignInRules {
    /// Life of a challenge.
    pub challenge_life: Duration,
    /// What happens to a certificate that no account holds.
    pub new_certificate: NewCertificateRules,
    /// How long such a certificate waits for the proof of an account.
    pub certificate_waits: Duration,
}

impl Default for SignInRules {
    fn default() -> Self {
        Self {
            challenge_life: 5 * MINUTE,
            new_certificate: NewCertificateRules::default(),
            certificate_waits: 15 * MINUTE,
        }
    }
}

/// Kinds of organisations, and how their people enter.
#[derive(Clone, Debug)]
pub struct OrganisationRules {
    /// The tabs of the sign-in page, in this order.
    pub kinds: Vec<OrganisationKind>,
    /// What an organisation offers that has chosen nothing itself.
    pub methods: OfferedMethods,
}

impl Default for OrganisationRules {
    fn default() -> Self {
        Self {
            kinds: organisation::default_kinds(),
            methods: OfferedMethods::usual(),
        }
    }
}

/// How two accounts of one person become one.
#[derive(Clone, Debug)]
pub struct MergeRules {
    /// How long a merge that was begun waits for its proof and its confirmation.
    pub life: Duration,
    /// How long it can be undone.
    pub undo: Duration,
}

impl Default for MergeRules {
    fn default() -> Self {
        Self {
            life: 15 * MINUTE,
            undo: 7 * 24 * HOUR,
        }
    }
}

/// How two people of the operator help somebody back in.
#[derive(Clone, Debug)]
pub struct RecoveryRules {
    /// So long after the approval the code opens nothing, so that the owner of the contacts can say no.
    pub wait: Duration,
    /// How long it waits for the approval, and then for the person.
    pub life: Duration,
}

impl Default for RecoveryRules {
    fn default() -> Self {
        Self {
            wait: 72 * HOUR,
            life: 7 * 24 * HOUR,
        }
    }
}

/// What a person must give before the cabinet opens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FirstEntry {
    /// A confirmed e-mail.
    EmailRequired,
    /// A confirmed phone.
    PhoneRequired,
    /// A confirmed e-mail or phone.
    Either,
    /// Nothing.
    Nothing,
}

impl FirstEntry {
    /// Whether these confirmed contacts are enough.
    pub(crate) const fn is_met(self, has_email: bool, has_phone: bool) -> bool {
        match self {
            Self::EmailRequired => has_email,
            Self::PhoneRequired => has_phone,
            Self::Either => has_email || has_phone,
            Self::Nothing => true,
        }
    }
}

/// Codes, links and budgets of contacts.
#[derive(Clone, Debug)]
pub struct ContactRules {
    /// Life of a code.
    pub code_life: Duration,
    /// Tries a code allows.
    pub code_tries: u32,
    /// Life of a confirmation link, and of a change that waits for it.
    pub link_life: Duration,
    /// Pause before the same code may be asked for again.
    pub resend_pause: Duration,
    /// Codes a day to one address, asked for by one account.
    pub sends_per_address: u32,
    /// Codes a day to one address, asked for by all accounts; the first two of each are not refused by it.
    pub sends_per_address_by_all: u32,
    /// Codes a day asked for by one account.
    pub sends_per_account: u32,
    /// Codes a day asked for from one network.
    pub sends_per_network: u32,
    /// Text messages a day, all together.
    pub sms_per_day: u32,
    /// Text messages a day to one range of numbers: the country code and three digits.
    pub sms_per_prefix: u32,
    /// After so many codes a day to a range it counts how many of them were typed.
    pub sms_trial: u32,
    /// A range of whose codes fewer are typed, of a hundred, gets no more. Zero: none is stopped.
    pub sms_answered_percent: u32,
    /// Country calling codes that text messages may go to; none named: all.
    pub sms_countries: Vec<u16>,
    /// Codes an account may try a day.
    pub guesses_per_day: u32,
    /// After so long a telephone number is to be confirmed anew.
    pub reconfirm_after: Duration,
    /// How long the old address can undo a change.
    pub undo_life: Duration,
}

impl Default for ContactRules {
    fn default() -> Self {
        Self {
            code_life: 10 * MINUTE,
            code_tries: 5,
            link_life: 24 * HOUR,
            resend_pause: MINUTE,
            sends_per_address: 5,
            sends_per_address_by_all: 15,
            sends_per_account: 20,
            sends_per_network: 100,
            sms_per_day: 10_000,
            sms_per_prefix: 2_000,
            sms_trial: 50,
            sms_answered_percent: 20,
            sms_countries: vec![7],
            guesses_per_day: 50,
            reconfirm_after: 365 * 24 * HOUR,
            undo_life: 72 * HOUR,
        }
    }
}

/// The key of the installation. It is not in the database, so that a copy of the database holds no readable secret.
#[derive(Clone)]
pub struct ServerKey(hmac::Key);

impl ServerKey {
    /// From the 32 bytes of the key file.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(hmac::Key::new(HMAC_SHA256, &bytes))
    }

    /// Encrypts and authenticates with AES-256-GCM under a key of its own for each purpose.
    pub fn seal(&self, purpose: &str, plaintext: &[u8], entropy: &Entropy) -> Result<Vec<u8>, Failure> {
        let nonce: [u8; 12] = entropy.bytes();
        let mut body = plaintext.to_vec();
        self.cipher(purpose)
            .and_then(|key| {
                key.seal_in_place_append_tag(
                    Nonce::assume_unique_for_key(nonce),
                    Aad::from(purpose),
                    &mut body,
                )
            })
            .map_err(|Unspecified| Failure::new("sealing failed"))?;
        Ok([nonce.as_slice(), body.as_slice()].concat())
    }

    /// Reads what [`Self::seal`] wrote for the same purpose; anything else is a failure.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, Failure> {
        let broken = || {
            Failure::new(format!(
                "a sealed value ({purpose}) does not open with this server key"
            ))
        };
        let (nonce, body) = sealed.split_first_chunk::<12>().ok_or_else(broken)?;
        let mut body = body.to_vec();
        let length = self
            .cipher(purpose)
            .and_then(|key| {
                key.open_in_place(
                    Nonce::assume_unique_for_key(*nonce),
                    Aad::from(purpose),
                    &mut body,
                )
                .map(|plaintext| plaintext.len())
            })
            .map_err(|Unspecified| broken())?;
        body.truncate(length);
        Ok(body)
    }

    /// A hash that only this installation can compute (HMAC-SHA256), for look-ups of what must not be readable.
    pub fn keyed_hash(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        self.mac("hash", purpose, bytes)
    }

    fn cipher(&self, purpose: &str) -> Result<LessSafeKey, Unspecified> {
        UnboundKey::new(&AES_256_GCM, &self.mac("seal", purpose, &[])).map(LessSafeKey::new)
    }

    /// No two uses share an input: acts and purposes are our own words, and none holds a zero byte.
    fn mac(&self, act: &str, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in [
            b"kabinet ",
            act.as_bytes(),
            b" ",
            purpose.as_bytes(),
            b"\0",
            bytes,
        ] {
            context.update(part);
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(context.sign().as_ref());
        hash
    }
}

impl fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_2_a_sealed_value_opens_only_for_its_purpose_and_unchanged() {
        let key = ServerKey::new([7; 32]);
        let sealed = key.seal("ticket", b"text", &Entropy::system()).unwrap();
        assert_eq!(key.open("ticket", &sealed).unwrap(), b"text");
        assert!(key.open("message", &sealed).is_err());
        assert!(ServerKey::new([8; 32]).open("ticket", &sealed).is_err());
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(key.open("ticket", &changed).is_err());
        assert!(key.open("ticket", b"short").is_err());
        assert_eq!(format!("{key:?}"), "ServerKey(…)");
    }
}
