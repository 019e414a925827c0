use std::fmt;

use super::MalformedTimeStamp;
use super::info::{Imprint, TstInfo};
use crate::asn1::{Error, Oid, oids};
use crate::cms::SignedData;
use crate::time::UnixTime;

/// Largest token that is read.
const MAX_SIZE: usize = 1024 * 1024;

/// A time stamp as received (TimeStampToken, RFC 3161 §2.4.2). What it says is a claim until it is verified.
#[derive(Clone)]
pub struct TimeStampToken {
    bytes: Box<[u8]>,
    info: TstInfo,
}

impl TimeStampToken {
    /// Reads one token and nothing after it.
    pub fn parse(bytes: &[u8]) -> Result<Self, MalformedTimeStamp> {
        if bytes.len() > MAX_SIZE {
            return Err(MalformedTimeStamp(Error::TooLarge));
        }
        let data = SignedData::parse(bytes)?;
        if data.content_type != oids::TST_INFO {
            return Err(MalformedTimeStamp(Error::Value));
        }
        let content = data.content.ok_or(Error::Value)?;
        Ok(Self {
            info: TstInfo::parse(&content)?,
            bytes: bytes.into(),
        })
    }

    /// As received.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The time stated, in whole seconds.
    pub const fn gen_time(&self) -> UnixTime {
        self.info.gen_time
    }

    /// By how much the time stated may be off either way, in microseconds; 0 if the authority does not say.
    pub const fn accuracy_micros(&self) -> u64 {
        self.info.accuracy_micros
    }

    /// What is stamped.
    pub const fn imprint(&self) -> &Imprint {
        &self.info.imprint
    }

    /// The policy of the authority.
    pub const fn policy(&self) -> Oid<'_> {
        Oid::from_checked(self.info.policy.as_slice())
    }

    /// The number that the authority gave it, as the content octets of an INTEGER.
    pub fn serial(&self) -> &[u8] {
        &self.info.serial
    }

    pub(super) const fn info(&self) -> &TstInfo {
        &self.info
    }
}

impl fmt::Debug for TimeStampToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TimeStampToken({}, {})", self.gen_time(), self.policy())
    }
}
