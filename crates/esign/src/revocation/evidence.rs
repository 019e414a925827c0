use std::sync::Arc;

use super::{Crl, OcspResponse};

/// What is known about revocation: lists and OCSP answers as received. Nothing in it is believed unchecked. Cheap to
/// clone.
#[derive(Debug, Clone, Default)]
pub struct Evidence(Arc<Inner>);

#[derive(Debug, Clone, Default)]
struct Inner {
    crls: Vec<Crl>,
    ocsp: Vec<OcspResponse>,
}

impl Evidence {
    /// Nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// This and one more list: complete, delta or indirect.
    #[must_use]
    pub fn with_crl(mut self, crl: Crl) -> Self {
        Arc::make_mut(&mut self.0).crls.push(crl);
        self
    }

    /// This and one more OCSP answer.
    #[must_use]
    pub fn with_ocsp(mut self, response: OcspResponse) -> Self {
        Arc::make_mut(&mut self.0).ocsp.push(response);
        self
    }

    /// This and everything the other knows.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        if !other.is_empty() {
            let inner = Arc::make_mut(&mut self.0);
            inner.crls.extend_from_slice(other.crls());
            inner.ocsp.extend_from_slice(other.ocsp());
        }
        self
    }

    /// The lists in the order given.
    pub fn crls(&self) -> &[Crl] {
        &self.0.crls
    }

    /// The OCSP answers in the order given.
    pub fn ocsp(&self) -> &[OcspResponse] {
        &self.0.ocsp
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.crls.is_empty() && self.0.ocsp.is_empty()
    }
}

impl FromIterator<Crl> for Evidence {
    fn from_iter<I: IntoIterator<Item = Crl>>(crls: I) -> Self {
        crls.into_iter().fold(Self::new(), Self::with_crl)
    }
}
