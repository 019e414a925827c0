//! References to evidence (RFC 5126 §6.2): each must name something that the message holds.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use sha1::Digest as _;

use super::bag::Bag;
use super::evidence::{MAX_CERTIFICATES, Response, Stored};
use super::signature::algorithm_problem;
use super::unsigned::{Attribute, Unsigned};
use crate::algorithm::Hash;
use crate::asn1::{self, Element, Error, tag};
use crate::certificate::Certificate;
use crate::provider::Provider;
use crate::verdict::{Code, Problem, Verdict};

/// Everything in a message that can be referred to, by its digests. Each hash is computed once for all signers.
pub(super) struct Referable<'a> {
    items: Vec<Vec<u8>>,
    provider: &'a dyn Provider,
    /// `None` stands for SHA-1, which here only identifies
    digests: RefCell<HashMap<Option<Hash>, HashSet<Vec<u8>>>>,
}

/// OtherHash
struct Reference<'a> {
    hash: Option<Hash>,
    digest: &'a [u8],
}

impl<'a> Referable<'a> {
    pub(super) fn new(bag: &Bag, stored: &Stored<'_>, provider: &'a dyn Provider) -> Self {
        let mut items: Vec<_> = bag
            .certificates
            .iter()
            .map(Certificate::der)
            .map(<[u8]>::to_vec)
            .collect();
        items.extend(stored.lists.iter().map(|list| list.to_vec()));
        for response in &stored.responses {
            // tools do not agree on which of the two is referred to
            if let Response::Basic(basic) = response {
                items.push(basic.to_vec());
            }
            items.push(response.to_whole());
        }
        Self {
            items,
            provider,
            digests: RefCell::default(),
        }
    }

    /// `None` if the signer refers to nothing. Without the values in the message it cannot be determined what is
    /// referred to.
    pub(super) fn judge(&self, unsigned: &Unsigned<'_>) -> Option<Verdict<()>> {
        let certificates = unsigned.certificate_references.as_ref()?;
        let judge = || {
            let mut references = certificate_references(certificates)?;
            if let Some(revocation) = &unsigned.revocation_references {
                references.extend(revocation_references(revocation)?);
            }
            if references.iter().all(|reference| self.holds(reference)) {
                Ok(())
            } else if unsigned.has_revocation_values {
                Err(Problem::Invalid(Code::CmsReferencesMismatch))
            } else {
                Err(Problem::Unknown(Code::CmsReferencesMismatch))
            }
        };
        Some(judge().into())
    }

    fn holds(&self, reference: &Reference<'_>) -> bool {
        let digest = |item: &Vec<u8>| match reference.hash {
            Some(hash) => self.provider.digest(hash, item),
            None => sha1::Sha1::digest(item).to_vec(),
        };
        self.digests
            .borrow_mut()
            .entry(reference.hash)
            .or_insert_with(|| self.items.iter().map(digest).collect())
            .contains(reference.digest)
    }
}

impl<'a> Reference<'a> {
    fn read(element: Element<'a>) -> Result<Self, Problem> {
        if element.tag() == tag::OCTET_STRING {
            return Ok(Self {
                hash: None,
                digest: element.content(),
            });
        }
        let (algorithm, digest) = algorithm_and_digest(element).map_err(malformed)?;
        Ok(Self {
            hash: Some(Hash::from_identifier(algorithm).map_err(algorithm_problem)?),
            digest,
        })
    }
}

fn algorithm_and_digest(element: Element<'_>) -> asn1::Result<(Element<'_>, &[u8])> {
    let mut fields = element.sequence()?;
    let algorithm = fields.expect(tag::SEQUENCE)?;
    let digest = fields.expect(tag::OCTET_STRING)?.content();
    fields.finish()?;
    Ok((algorithm, digest))
}

fn malformed(_: Error) -> Problem {
    Code::CmsMalformed.into()
}

/// CompleteCertificateRefs: the first field of each OtherCertID is its hash.
fn certificate_references<'a>(attribute: &Attribute<'a>) -> Result<Vec<Reference<'a>>, Problem> {
    let first_fields = || {
        let ids = attribute.values.child()?.sequence()?.collect(MAX_CERTIFICATES)?;
        ids.iter()
            .map(|id| id.sequence()?.element())
            .collect::<asn1::Result<Vec<_>>>()
    };
    first_fields()
        .map_err(malformed)?
        .into_iter()
        .map(Reference::read)
        .collect()
}

/// CompleteRevocationRefs: of lists the first field is the hash, of OCSP responses the second, if there is one.
fn revocation_references<'a>(attribute: &Attribute<'a>) -> Result<Vec<Reference<'a>>, Problem> {
    let hashes = || {
        let mut hashes = Vec::new();
        for entry in attribute.values.child()?.sequence()?.collect(MAX_CERTIFICATES)? {
            for list in entry.sequence()?.collect(3)? {
                let place = match list.tag() {
                    0xa0 => 0,
                    0xa1 => 1,
                    _ => continue,
                };
                let ids = list.child()?.child()?.sequence()?.collect(MAX_CERTIFICATES)?;
                for id in ids {
                    hashes.extend(id.sequence()?.collect(3)?.get(place));
                }
            }
        }
        asn1::Result::Ok(hashes)
    };
    hashes()
        .map_err(malformed)?
        .into_iter()
        .map(Reference::read)
        .collect()
}
