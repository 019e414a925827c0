//! A message taken apart so that something unsigned can be put in. Every part is kept as received: nothing that was
//! signed, and nothing that was signed over, is written anew.

use crate::asn1::{self, Element, Reader, Result, Rules, context, oids, only, sequence, set_of, tag, tlv};

use super::signed_data::{self, SignedData};
use super::signer_info::MAX_SIGNERS;

/// The elements of SignedData.
pub(super) struct Parts<'a> {
    version: u32,
    digest_algorithms: Vec<&'a [u8]>,
    encapsulated: &'a [u8],
    certificates: Vec<Vec<u8>>,
    revocation: Vec<Vec<u8>>,
    pub(super) signers: Vec<Vec<u8>>,
}

impl<'a> Parts<'a> {
    pub(super) fn read(cms: &'a [u8]) -> Result<Self> {
        let mut fields = signed_data::content(only(cms, Rules::Ber)?)?.sequence()?;
        let version = fields.expect(tag::INTEGER)?.small()?;
        let digest_algorithms = raw(fields.set()?)?;
        let encapsulated = fields.expect(tag::SEQUENCE)?.raw();
        let mut optional = |number| match fields.optional(tag::context_constructed(number))? {
            Some(set) => Ok(raw(set.children()?)?.into_iter().map(<[u8]>::to_vec).collect()),
            None => Ok(Vec::new()),
        };
        let (certificates, revocation) = (optional(0)?, optional(1)?);
        let signers = raw(fields.set()?)?;
        fields.finish()?;
        Ok(Self {
            version,
            digest_algorithms,
            encapsulated,
            certificates,
            revocation,
            signers: signers.into_iter().map(<[u8]>::to_vec).collect(),
        })
    }

    /// Certificates that are not there yet.
    pub(super) fn add_certificates<'c>(&mut self, certificates: impl IntoIterator<Item = &'c [u8]>) {
        add_new(
            &mut self.certificates,
            certificates.into_iter().map(<[u8]>::to_vec),
        );
    }

    /// Lists and OCSP responses (RFC 5940) that are not there yet.
    pub(super) fn add_revocation(&mut self, choices: impl IntoIterator<Item = Vec<u8>>) {
        add_new(&mut self.revocation, choices);
    }

    /// The signers of another message over the same content.
    #[cfg(feature = "container")]
    pub(super) fn add_signers(&mut self, other: &Parts<'a>) {
        for algorithm in &other.digest_algorithms {
            if !self.digest_algorithms.contains(algorithm) {
                self.digest_algorithms.push(algorithm);
            }
        }
        self.add_certificates(other.certificates.iter().map(Vec::as_slice));
        self.version = self.version.max(other.version);
        self.signers.extend_from_slice(&other.signers);
    }

    /// What is written must be within what is read.
    pub(super) fn build_readable(self) -> Result<Vec<u8>> {
        let built = self.build();
        SignedData::parse(&built)?;
        Ok(built)
    }

    fn build(mut self) -> Vec<u8> {
        // other choices than lists call for version 5 (RFC 5652 §5.1)
        let is_other = |choice: &Vec<u8>| choice.first() == Some(&tag::context_constructed(1));
        if self.revocation.iter().any(is_other) {
            self.version = 5;
        }
        let mut fields = vec![
            asn1::integer(&self.version.to_be_bytes()),
            set_of(&self.digest_algorithms),
            self.encapsulated.to_vec(),
        ];
        for (number, set) in [(0, &mut self.certificates), (1, &mut self.revocation)] {
            if !set.is_empty() {
                set.sort_unstable();
                fields.push(context(number, &asn1::concat(set)));
            }
        }
        fields.push(tlv(tag::SET, &asn1::concat(&self.signers)));
        sequence(&[
            asn1::object_identifier(oids::SIGNED_DATA),
            context(0, &sequence(&fields)),
        ])
    }
}

/// The same SignerInfo with one more attribute that is not signed.
pub(super) fn with_unsigned(signer: &[u8], attribute: &[u8]) -> Result<Vec<u8>> {
    let mut fields = only(signer, Rules::Ber)?.sequence()?;
    let mut kept = Vec::new();
    let mut unsigned = Vec::new();
    while !fields.is_empty() {
        let field = fields.element()?;
        // signed attributes are [0], so [1] can only be these
        if field.tag() == tag::context_constructed(1) {
            unsigned.extend_from_slice(field.content());
        } else {
            kept.extend_from_slice(field.raw());
        }
    }
    unsigned.extend_from_slice(attribute);
    kept.extend(context(1, &unsigned));
    Ok(tlv(tag::SEQUENCE, &kept))
}

/// An attribute of one value.
pub(super) fn attribute(kind: asn1::Oid<'_>, value: &[u8]) -> Vec<u8> {
    sequence(&[asn1::object_identifier(kind), tlv(tag::SET, value)])
}

fn raw(set: Reader<'_>) -> Result<Vec<&[u8]>> {
    // as many as are read back
    let items = set.collect(MAX_SIGNERS.max(super::MAX_CERTIFICATES))?;
    Ok(items.iter().map(Element::raw).collect())
}

fn add_new(set: &mut Vec<Vec<u8>>, items: impl IntoIterator<Item = Vec<u8>>) {
    for item in items {
        if !set.contains(&item) {
            set.push(item);
        }
    }
}
