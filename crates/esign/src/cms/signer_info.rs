//! SignerInfo as a walk over the bytes received (RFC 5652 §5.3), counter-signatures included.

use std::borrow::Cow;

use super::evidence::Stored;
use super::unsigned::Unsigned;
use crate::asn1::{Element, Error, Reader, Result, tag};
use crate::certificate::{Certificate, MAX_NAMES, MAX_SIZE};
use crate::name::Name;

/// Most signers and counter-signers of one message.
pub const MAX_SIGNERS: usize = 64;
/// Most time stamps of one message.
pub const MAX_TIME_STAMPS: usize = 64;
/// How often counter-signatures may be counter-signed. Each level of indefinite length is walked once more.
const MAX_COUNTER_LEVELS: usize = 3;
/// Most attributes of one signer that are not signed, and most that are.
pub(super) const MAX_ATTRIBUTES: usize = 100;

pub(crate) struct SignerInfo<'a> {
    pub(super) version: u32,
    pub(crate) id: SignerId<'a>,
    pub(super) digest_algorithm: Element<'a>,
    /// the `[0]` element as received
    pub(super) signed_attributes: Option<&'a [u8]>,
    pub(super) signature_algorithm: Element<'a>,
    pub(super) signature: Cow<'a, [u8]>,
    pub(super) unsigned: Unsigned<'a>,
}

/// What is gathered over a whole message while it is read, each kind up to its limit.
pub(super) struct Gathered<'a> {
    pub(super) stored: Stored<'a>,
    signers_left: usize,
    time_stamps_left: usize,
    counter_levels_left: usize,
}

impl Gathered<'_> {
    pub(super) fn new() -> Self {
        Self {
            stored: Stored::default(),
            signers_left: MAX_SIGNERS,
            time_stamps_left: MAX_TIME_STAMPS,
            counter_levels_left: MAX_COUNTER_LEVELS,
        }
    }

    fn count_signer(&mut self) -> Result<()> {
        self.signers_left = self.signers_left.checked_sub(1).ok_or(Error::TooLarge)?;
        Ok(())
    }

    pub(super) fn count_time_stamp(&mut self) -> Result<()> {
        self.time_stamps_left = self.time_stamps_left.checked_sub(1).ok_or(Error::TooLarge)?;
        Ok(())
    }
}

impl<'a> SignerInfo<'a> {
    /// Those of a SET, each counted.
    pub(super) fn list(mut set: Reader<'a>, gathered: &mut Gathered<'a>) -> Result<Vec<Self>> {
        let mut signers = Vec::new();
        while !set.is_empty() {
            gathered.count_signer()?;
            signers.push(Self::read(set.element()?, gathered)?);
        }
        Ok(signers)
    }

    /// Those over the signature of one signer.
    pub(super) fn counter_signers(set: Reader<'a>, gathered: &mut Gathered<'a>) -> Result<Vec<Self>> {
        let left = gathered.counter_levels_left;
        gathered.counter_levels_left = left.checked_sub(1).ok_or(Error::TooLarge)?;
        let signers = Self::list(set, gathered);
        gathered.counter_levels_left = left;
        signers
    }

    fn read(element: Element<'a>, gathered: &mut Gathered<'a>) -> Result<Self> {
        let mut fields = element.sequence()?;
        let version = fields.expect(tag::INTEGER)?.small()?;
        let id = SignerId::read(fields.element()?)?;
        let digest_algorithm = fields.expect(tag::SEQUENCE)?;
        let signed_attributes = fields.optional(tag::context_constructed(0))?;
        let signature_algorithm = fields.expect(tag::SEQUENCE)?;
        let signature = fields.element()?.octets()?;
        let unsigned = match fields.optional(tag::context_constructed(1))? {
            Some(list) => Unsigned::read(list.children()?, gathered)?,
            None => Unsigned::default(),
        };
        fields.finish()?;
        Ok(Self {
            version,
            id,
            digest_algorithm,
            signed_attributes: signed_attributes.map(|attributes| attributes.raw()),
            signature_algorithm,
            signature,
            unsigned,
        })
    }
}

pub(crate) enum SignerId<'a> {
    /// The issuer as [`Name::comparison_digest`].
    IssuerAndSerial {
        issuer: [u8; 32],
        serial: &'a [u8],
    },
    KeyIdentifier(Cow<'a, [u8]>),
}

impl<'a> SignerId<'a> {
    fn read(element: Element<'a>) -> Result<Self> {
        match element.tag() {
            tag::SEQUENCE => {
                let mut fields = element.children()?;
                let issuer = fields.expect(tag::SEQUENCE)?.raw();
                let (name, attributes) = Name::parse(issuer)?;
                // no certificate that is read has such a name
                if issuer.len() > MAX_SIZE || attributes > MAX_NAMES {
                    return Err(Error::TooLarge);
                }
                let issuer = name.comparison_digest();
                let serial = fields.expect(tag::INTEGER)?.integer()?;
                fields.finish()?;
                Ok(Self::IssuerAndSerial { issuer, serial })
            }
            0x80 | 0xa0 => element.joined().map(Self::KeyIdentifier),
            _ => Err(Error::Tag),
        }
    }

    pub(super) fn fits(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerial { issuer, serial } => {
                *serial == certificate.serial() && issuer == certificate.issuer_digest()
            }
            Self::KeyIdentifier(identifier) => {
                let stated = certificate.subject_key_identifier();
                stated == Some(identifier.as_ref())
                    || certificate.computed_key_identifier() == identifier.as_ref()
            }
        }
    }
}
