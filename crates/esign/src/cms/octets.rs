//! Octets that are signed: digested once, however many signatures there are and certificates to try (threat NET-6).

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use super::attributes;
use super::digested::Digested;
use crate::algorithm::Hash;
use crate::provider::Provider;
use crate::verdict::{Code, Problem};

/// How many octets signatures that take no digest (Ed25519) may go through, of one message.
const MAX_PASSED: usize = 64 * 1024 * 1024;

pub(crate) struct Octets<'m> {
    source: Source<'m>,
    digests: RefCell<Vec<(Hash, Vec<u8>)>>,
    passes_left: Cell<usize>,
}

enum Source<'m> {
    Whole(Cow<'m, [u8]>),
    /// They went by, and their digests are known.
    Gone(Digested),
}

impl<'m> Octets<'m> {
    pub(crate) fn whole(octets: impl Into<Cow<'m, [u8]>>) -> Self {
        let octets = octets.into();
        let passes = MAX_PASSED.checked_div(octets.len()).unwrap_or(usize::MAX).max(1);
        Self {
            source: Source::Whole(octets),
            digests: RefCell::default(),
            passes_left: Cell::new(passes),
        }
    }

    pub(super) fn gone(digested: Digested) -> Self {
        Self {
            source: Source::Gone(digested),
            digests: RefCell::default(),
            passes_left: Cell::new(0),
        }
    }

    /// Whether it may be the SET OF Attribute of some signature.
    pub(super) fn may_be_attributes(&self) -> bool {
        match &self.source {
            Source::Whole(octets) => attributes::is_attribute_set(octets),
            Source::Gone(digested) => digested.may_be_attributes(),
        }
    }

    pub(super) fn digest(&self, hash: Hash, provider: &dyn Provider) -> Result<Vec<u8>, Problem> {
        let mut known = self.digests.borrow_mut();
        if let Some((_, known)) = known.iter().find(|(of, _)| *of == hash) {
            return Ok(known.clone());
        }
        let computed = match &self.source {
            Source::Whole(octets) => provider.digest(hash, octets),
            Source::Gone(digested) => digested.digest(hash).ok_or(TOO_LARGE)?,
        };
        known.push((hash, computed.clone()));
        Ok(computed)
    }

    /// The octets, for a signature that takes no digest of them.
    pub(super) fn pass(&self) -> Result<&[u8], Problem> {
        let left = self.passes_left.get().checked_sub(1);
        self.passes_left.set(left.ok_or(TOO_LARGE)?);
        match &self.source {
            Source::Whole(octets) => Ok(octets),
            Source::Gone(_) => Err(TOO_LARGE),
        }
    }
}

const TOO_LARGE: Problem = Problem::Unknown(Code::CmsTooLarge);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn net_6_a_large_message_is_gone_through_a_few_times_only() {
        let passes = |length: usize| {
            let octets = Octets::whole(vec![7; length]);
            (0..1_000).take_while(|_| octets.pass().is_ok()).count()
        };
        assert_eq!(passes(0), 1_000);
        assert_eq!(passes(1_000), 1_000);
        assert_eq!(passes(MAX_PASSED / 4), 4);
        assert_eq!(passes(MAX_PASSED + 1), 1);
    }
}
