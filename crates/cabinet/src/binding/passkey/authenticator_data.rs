use minicbor::Decoder;

use super::PasskeyRefusal;
use crate::Rules;
use crate::secret::sha256;

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const BACKUP_ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const CREDENTIAL_INCLUDED: u8 = 0x40;
const EXTENSIONS_INCLUDED: u8 = 0x80;

/// No authenticator names a key longer (WebAuthn, 7.1).
const LONGEST_ID: usize = 1023;

/// What the device says of itself and of this use (WebAuthn, 6.1), as far as it is for this site and the user was
/// verified.
pub(super) struct AuthenticatorData<'a> {
    pub(super) counter: u32,
    pub(super) may_be_backed_up: bool,
    pub(super) is_backed_up: bool,
    pub(super) credential: Option<NewCredential<'a>>,
}

/// A key just made (WebAuthn, 6.5.2).
pub(super) struct NewCredential<'a> {
    pub(super) model: [u8; 16],
    pub(super) id: &'a [u8],
    /// COSE.
    pub(super) public_key: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    pub(super) fn read(bytes: &'a [u8], rules: &Rules) -> Result<Self, PasskeyRefusal> {
        let (site, rest) = take::<32>(bytes)?;
        let ([flags], rest) = take::<1>(rest)?;
        let (counter, rest) = take::<4>(rest)?;
        let has = |flag| flags & flag != 0;
        if *site != sha256(rp_id(rules).as_bytes()) {
            return Err(PasskeyRefusal::WrongOrigin);
        }
        if !has(USER_PRESENT) || !has(USER_VERIFIED) {
            return Err(PasskeyRefusal::NotVerified);
        }
        if has(BACKED_UP) && !has(BACKUP_ELIGIBLE) {
            return Err(PasskeyRefusal::Malformed);
        }
        let (credential, rest) = if has(CREDENTIAL_INCLUDED) {
            let (credential, rest) = NewCredential::read(rest)?;
            (Some(credential), rest)
        } else {
            (None, rest)
        };
        let rest = if has(EXTENSIONS_INCLUDED) {
            after_item(rest)?.1
        } else {
            rest
        };
        if !rest.is_empty() {
            return Err(PasskeyRefusal::Malformed);
        }
        Ok(Self {
            counter: u32::from_be_bytes(*counter),
            may_be_backed_up: has(BACKUP_ELIGIBLE),
            is_backed_up: has(BACKED_UP),
            credential,
        })
    }
}

impl<'a> NewCredential<'a> {
    fn read(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), PasskeyRefusal> {
        let (model, rest) = take::<16>(bytes)?;
        let (length, rest) = take::<2>(rest)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length == 0 || length > LONGEST_ID {
            return Err(PasskeyRefusal::Malformed);
        }
        let (id, rest) = rest.split_at_checked(length).ok_or(PasskeyRefusal::Malformed)?;
        let (public_key, rest) = after_item(rest)?;
        let credential = Self {
            model: *model,
            id,
            public_key,
        };
        Ok((credential, rest))
    }
}

/// The site that keys are made for: the host of the configured address.
pub(super) fn rp_id(rules: &Rules) -> &str {
    rules.base_url.host_str().unwrap_or_default()
}

fn take<const N: usize>(bytes: &[u8]) -> Result<(&[u8; N], &[u8]), PasskeyRefusal> {
    bytes.split_first_chunk().ok_or(PasskeyRefusal::Malformed)
}

/// One CBOR item, and what comes after it.
fn after_item(bytes: &[u8]) -> Result<(&[u8], &[u8]), PasskeyRefusal> {
    let mut decoder = Decoder::new(bytes);
    decoder.skip().map_err(|_| PasskeyRefusal::Malformed)?;
    bytes
        .split_at_checked(decoder.position())
        .ok_or(PasskeyRefusal::Malformed)
}
