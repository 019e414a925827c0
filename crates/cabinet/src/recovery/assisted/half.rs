use std::fmt;

use crate::{Rules, Visit, paper};

/// Characters of a half: 80 bits.
const LENGTH: usize = 16;

/// One half of a code; shown once, to the one who hands it over to the person.
#[derive(Clone)]
pub struct Half(String);

impl Half {
    pub(super) fn new(visit: &Visit) -> Self {
        Self(paper::random::<LENGTH>(visit))
    }

    /// As it is read from paper.
    pub(super) fn typed(text: &str) -> Self {
        Self(paper::typed(text))
    }

    /// As it is printed: `ABCD-EFGH-JKLM-NPQR`.
    pub fn printed(&self) -> String {
        paper::printed(&self.0)
    }

    /// What is stored of it.
    pub(super) fn hash(&self, rules: &Rules) -> [u8; 32] {
        rules
            .server_key
            .keyed_hash("assisted recovery", self.0.as_bytes())
    }
}

impl fmt::Debug for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Half(…)")
    }
}
