//! A document kept apart that is read in blocks: what is signed of it is its digest.

use std::io::{self, Read};

use crate::algorithm::Hash;
use crate::asn1::{self, Error, Rules, tag};
use crate::provider::{Hasher, Provider};

/// How much is read at once.
const BLOCK: usize = 64 * 1024;
/// Enough for the header of an element.
const HEAD: usize = 16;

/// What is known of octets that went by.
pub(crate) struct Digested {
    digests: Vec<(Hash, Vec<u8>)>,
    /// the first few octets
    head: Vec<u8>,
    length: u64,
}

impl Digested {
    /// Reads to the end, by each of these hashes.
    pub(super) fn read(
        mut source: impl Read,
        hashes: impl IntoIterator<Item = Hash>,
        provider: &dyn Provider,
    ) -> io::Result<Self> {
        let hashers = hashes.into_iter().map(|hash| (hash, provider.hasher(hash)));
        let mut hashers: Vec<_> = hashers.collect();
        let mut block = vec![0; BLOCK];
        let (mut head, mut length) = (Vec::new(), 0);
        loop {
            let octets = match source.read(&mut block) {
                Ok(count) => block.get(..count).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if octets.is_empty() {
                break;
            }
            head.extend(octets.iter().take(HEAD - head.len()));
            length += octets.len() as u64;
            for (_, hasher) in &mut hashers {
                hasher.update(octets);
            }
        }
        let finish = |(hash, hasher): (Hash, Box<dyn Hasher>)| (hash, hasher.finish());
        Ok(Self {
            digests: hashers.into_iter().map(finish).collect(),
            head,
            length,
        })
    }

    pub(super) fn digest(&self, hash: Hash) -> Option<Vec<u8>> {
        let found = self.digests.iter().find(|(of, _)| *of == hash);
        found.map(|(_, digest)| digest.clone())
    }

    /// Whether they are one SET as long as they are. What is in it cannot be looked at any more.
    pub(super) fn may_be_attributes(&self) -> bool {
        self.head.first() == Some(&tag::SET)
            && match asn1::encoded_size(&self.head, Rules::Ber) {
                Ok(size) => u64::try_from(size) == Ok(self.length),
                Err(error) => error == Error::Length,
            }
    }
}

#[cfg(all(test, feature = "portable"))]
mod tests {
    use super::*;
    use crate::provider::portable;

    #[test]
    fn cms_5_a_document_that_may_be_a_set_of_attributes_is_recognised() {
        let may_be = |octets: &[u8]| {
            let digested = Digested::read(octets, [Hash::Sha256], portable()).unwrap();
            assert_eq!(
                digested.digest(Hash::Sha256),
                Some(portable().digest(Hash::Sha256, octets))
            );
            digested.may_be_attributes()
        };
        assert!(may_be(&asn1::tlv(tag::SET, &vec![0; 200_000])));
        assert!(may_be(&[0x31, 0x80, 0, 0]));
        for other in [&b""[..], b"1", b"100 roubles", b"%PDF-1.7"] {
            assert!(!may_be(other));
        }
    }
}
