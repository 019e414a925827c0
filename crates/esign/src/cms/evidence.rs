//! Certificates and revocation data that a message brings, kept as bytes.

use crate::asn1::{self, Element, Error, Oid, Reader, Result, oids, tag};
use crate::revocation::{Crl, Evidence, OcspResponse};

/// Most certificates, most lists and most OCSP responses of one message, wherever in it they are.
pub const MAX_CERTIFICATES: usize = 100;

/// Certificates, lists and OCSP responses as received.
#[derive(Default)]
pub(crate) struct Stored<'a> {
    pub(super) certificates: Vec<&'a [u8]>,
    pub(super) lists: Vec<&'a [u8]>,
    pub(super) responses: Vec<Response<'a>>,
    /// attributes of evidence that could not be read
    pub(super) unreadable: usize,
}

/// An answer of an OCSP responder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Response<'a> {
    /// OCSPResponse
    Whole(&'a [u8]),
    /// BasicOCSPResponse
    Basic(&'a [u8]),
}

impl Response<'_> {
    pub(super) fn is(&self, response: &OcspResponse) -> bool {
        match self {
            Self::Whole(whole) => *whole == response.der(),
            Self::Basic(basic) => *basic == response.basic_der(),
        }
    }

    /// As an OCSPResponse (RFC 6960 §4.2.1).
    pub(super) fn to_whole(self) -> Vec<u8> {
        match self {
            Self::Whole(whole) => whole.to_vec(),
            Self::Basic(basic) => {
                let bytes = asn1::sequence(&[
                    asn1::object_identifier(oids::OCSP_BASIC),
                    asn1::octet_string(basic),
                ]);
                asn1::sequence(&[asn1::tlv(tag::ENUMERATED, &[0]), asn1::context(0, &bytes)])
            }
        }
    }
}

impl<'a> Stored<'a> {
    /// CertificateSet (RFC 5652 §10.2.3). Other choices than Certificate are of no use here.
    pub(super) fn add_certificate_set(&mut self, set: Reader<'a>) -> Result<()> {
        for item in set.collect(MAX_CERTIFICATES)? {
            if item.tag() == tag::SEQUENCE {
                push(&mut self.certificates, item.raw())?;
            }
        }
        Ok(())
    }

    /// RevocationInfoChoices (RFC 5652 §10.2.1) with OCSP responses as RFC 5940 puts them.
    pub(super) fn add_revocation_set(&mut self, set: Reader<'a>) -> Result<()> {
        for item in set.collect(MAX_CERTIFICATES)? {
            match item.tag() {
                tag::SEQUENCE => push(&mut self.lists, item.raw())?,
                0xa1 => {
                    let mut fields = item.children()?;
                    let format = fields.expect(tag::OID)?.oid()?;
                    let value = fields.element()?;
                    fields.finish()?;
                    self.add_other(format, value)?;
                }
                _ => return Err(Error::Tag),
            }
        }
        Ok(())
    }

    fn add_other(&mut self, format: Oid<'_>, value: Element<'a>) -> Result<()> {
        match format {
            oids::OCSP_RESPONSE => push(&mut self.responses, Response::Whole(value.raw())),
            oids::OCSP_BASIC => push(&mut self.responses, Response::Basic(value.raw())),
            _ => Ok(()),
        }
    }

    /// An attribute of evidence. It is not signed: one that cannot be read harms nobody but who relies on it.
    pub(super) fn add_attribute(&mut self, kind: Oid<'_>, values: Element<'a>) -> Result<()> {
        let added = match kind {
            oids::CERTIFICATE_VALUES => self.add_certificate_values(values),
            oids::REVOCATION_VALUES => self.add_revocation_values(values),
            _ => Ok(()),
        };
        match added {
            Ok(()) | Err(Error::TooLarge) => added,
            Err(_) => {
                self.unreadable += 1;
                Ok(())
            }
        }
    }

    /// CertificateValues (RFC 5126 §6.3.3).
    fn add_certificate_values(&mut self, values: Element<'a>) -> Result<()> {
        self.add_certificate_set(values.child()?.sequence()?)
    }

    /// RevocationValues (RFC 5126 §6.3.4).
    fn add_revocation_values(&mut self, values: Element<'a>) -> Result<()> {
        let mut fields = values.child()?.sequence()?;
        if let Some(lists) = fields.optional(tag::context_constructed(0))? {
            for list in lists.child()?.sequence()?.collect(MAX_CERTIFICATES)? {
                push(&mut self.lists, list.raw())?;
            }
        }
        if let Some(responses) = fields.optional(tag::context_constructed(1))? {
            for response in responses.child()?.sequence()?.collect(MAX_CERTIFICATES)? {
                push(&mut self.responses, Response::Basic(response.raw()))?;
            }
        }
        fields.optional(tag::context_constructed(2))?;
        fields.finish()
    }

    /// The revocation data read, and how many pieces could not be. It speaks for itself: who signed it is checked
    /// where it is used.
    pub(crate) fn revocation(&self) -> (Evidence, usize) {
        let mut unreadable = self.unreadable;
        let mut evidence = Evidence::new();
        for list in &self.lists {
            match Crl::parse(*list) {
                Ok(list) => evidence = evidence.with_crl(list),
                Err(_) => unreadable += 1,
            }
        }
        for response in &self.responses {
            match OcspResponse::parse(&response.to_whole()) {
                Ok(response) => evidence = evidence.with_ocsp(response),
                Err(_) => unreadable += 1,
            }
        }
        (evidence, unreadable)
    }

    /// Whether any revocation data came along.
    pub(super) fn has_revocation(&self) -> bool {
        !self.lists.is_empty() || !self.responses.is_empty()
    }
}

fn push<T>(list: &mut Vec<T>, item: T) -> Result<()> {
    if list.len() == MAX_CERTIFICATES {
        return Err(Error::TooLarge);
    }
    list.push(item);
    Ok(())
}
