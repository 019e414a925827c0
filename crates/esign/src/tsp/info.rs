//! TSTInfo (RFC 3161 §2.4.2): what a time-stamping authority signs.

use crate::algorithm::{AlgorithmError, Hash};
use crate::asn1::{
    self, Element, Error, Reader, Result, Rules, object_identifier, octet_string, only, sequence, tag,
};
use crate::certificate::extension::Extension;
use crate::provider::Provider;
use crate::time::UnixTime;

/// The digest of what is stamped, with the name of its hash (MessageImprint).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imprint {
    /// AlgorithmIdentifier
    algorithm: Vec<u8>,
    digest: Vec<u8>,
}

impl Imprint {
    /// That of a message.
    pub fn of(message: &[u8], hash: Hash, provider: &dyn Provider) -> Self {
        Self {
            algorithm: sequence(&[object_identifier(hash.oid())]),
            digest: provider.digest(hash, message),
        }
    }

    pub(super) fn read(element: Element<'_>) -> Result<Self> {
        let mut fields = element.sequence()?;
        let algorithm = fields.expect(tag::SEQUENCE)?.raw().to_vec();
        let digest = fields.expect(tag::OCTET_STRING)?.content().to_vec();
        fields.finish()?;
        Ok(Self { algorithm, digest })
    }

    pub(super) fn to_der(&self) -> Vec<u8> {
        sequence(&[self.algorithm.clone(), octet_string(&self.digest)])
    }

    /// The digest itself.
    pub fn digest(&self) -> &[u8] {
        &self.digest
    }

    /// The hash, if it is one that can be believed.
    pub fn hash(&self) -> std::result::Result<Hash, AlgorithmError> {
        Hash::from_identifier(only(&self.algorithm, Rules::Der)?)
    }

    /// Whether this is the digest of `message`.
    pub fn is_of(
        &self,
        message: &[u8],
        provider: &dyn Provider,
    ) -> std::result::Result<bool, AlgorithmError> {
        Ok(provider.digest(self.hash()?, message) == self.digest)
    }
}

/// Two imprints agree if the digests do and the hashes are the same, with or without NULL parameters.
pub(super) fn same_imprint(one: &Imprint, other: &Imprint) -> bool {
    let algorithm = |imprint: &Imprint| {
        let element = only(&imprint.algorithm, Rules::Der).ok()?;
        Some(element.sequence().ok()?.element().ok()?.raw().to_vec())
    };
    one.digest == other.digest && algorithm(one).is_some_and(|own| Some(own) == algorithm(other))
}

#[derive(Debug, Clone)]
pub(super) struct TstInfo {
    /// content octets of an object identifier
    pub(super) policy: Vec<u8>,
    pub(super) imprint: Imprint,
    pub(super) serial: Vec<u8>,
    /// whole seconds
    pub(super) gen_time: UnixTime,
    /// the time stated may be off by this much either way
    pub(super) accuracy_micros: u64,
    /// the last whole second in which the stamp may have been made
    pub(super) latest: UnixTime,
    pub(super) nonce: Option<Vec<u8>>,
}

impl TstInfo {
    pub(super) fn parse(der: &[u8]) -> Result<Self> {
        let mut fields = only(der, Rules::Der)?.sequence()?;
        if fields.expect(tag::INTEGER)?.small()? != 1 {
            return Err(Error::Value);
        }
        let policy = fields.expect(tag::OID)?.oid()?.as_bytes().to_vec();
        let imprint = Imprint::read(fields.element()?)?;
        let serial = fields.expect(tag::INTEGER)?.integer()?.to_vec();
        let (gen_time, has_fraction) = generalized_time(fields.expect(tag::GENERALIZED_TIME)?)?;
        let accuracy_micros = match fields.optional(tag::SEQUENCE)? {
            Some(accuracy) => micros(accuracy.children()?)?,
            None => 0,
        };
        // DER leaves the default out, some authorities write it
        if let Some(ordering) = fields.optional(tag::BOOLEAN)? {
            ordering.boolean()?;
        }
        let nonce = match fields.optional(tag::INTEGER)? {
            Some(nonce) => Some(nonce.integer()?.to_vec()),
            None => None,
        };
        fields.optional(tag::context_constructed(0))?;
        if let Some(extensions) = fields.optional(tag::context_constructed(1))? {
            no_critical(extensions.children()?)?;
        }
        fields.finish()?;
        // only whole seconds are reckoned with: with any fraction it may be the next one
        let late = (accuracy_micros + u64::from(has_fraction)).div_ceil(1_000_000);
        Ok(Self {
            policy,
            imprint,
            serial,
            gen_time,
            accuracy_micros,
            latest: UnixTime(gen_time.0.saturating_add_unsigned(late)),
            nonce,
        })
    }
}

/// None is known that changes what a time stamp means.
fn no_critical(mut extensions: Reader<'_>) -> Result<()> {
    while !extensions.is_empty() {
        if Extension::read(&mut extensions)?.critical {
            return Err(Error::Value);
        }
    }
    Ok(())
}

/// Whole seconds, and whether a fraction of one follows, which RFC 3161 allows.
fn generalized_time(element: Element<'_>) -> Result<(UnixTime, bool)> {
    let text = element.content().strip_suffix(b"Z").ok_or(Error::Value)?;
    let (whole, fraction) = match text.iter().position(|byte| *byte == b'.') {
        Some(point) => {
            let (whole, fraction) = text.split_at(point);
            (whole, fraction.get(1..).unwrap_or_default())
        }
        None => (text, &b"0"[..]),
    };
    if fraction.is_empty() || fraction.len() > 9 || !fraction.iter().all(u8::is_ascii_digit) {
        return Err(Error::Value);
    }
    let whole = asn1::tlv(tag::GENERALIZED_TIME, &[whole, b"Z"].concat());
    let time = UnixTime::from_element(only(&whole, Rules::Der)?)?;
    Ok((time, fraction.iter().any(|digit| *digit != b'0')))
}

/// Accuracy
fn micros(mut fields: Reader<'_>) -> Result<u64> {
    let seconds = match fields.optional(tag::INTEGER)? {
        Some(seconds) => u64::from(seconds.small()?),
        None => 0,
    };
    let mut below = [0_u64; 2];
    for (number, unit) in (0_u8..).zip(&mut below) {
        if let Some(field) = fields.optional(tag::context(number))? {
            let integer = asn1::tlv(tag::INTEGER, field.content());
            let value = only(&integer, Rules::Der)?.small()?;
            if !(1..=999).contains(&value) {
                return Err(Error::Value);
            }
            *unit = u64::from(value);
        }
    }
    fields.finish()?;
    let [millis, micros] = below;
    Ok(seconds * 1_000_000 + millis * 1_000 + micros)
}
