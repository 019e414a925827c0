use super::Crl;
use super::extensions::{Kind, Reasons};
use crate::asn1::{self, Element, Error, Result, Rules, oids, tag};
use crate::certificate::{Certificate, GeneralName};
use crate::name::Name;
use crate::provider::sha256;

/// Most distribution points of a certificate, and most names of one; comparing them is quadratic (threat NET-6).
const MAX_POINTS: usize = 64;
const MAX_NAMES: usize = 16;

/// DistributionPointName (§4.2.1.13), in a form that can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PointName {
    /// any of these
    Full(Vec<Vec<u8>>),
    /// under the name of whoever issues the list
    Relative(Vec<u8>),
}

impl PointName {
    pub(super) fn read(element: Element<'_>) -> Result<Self> {
        match element.tag() {
            0xa0 => general_names(element).map(Self::Full),
            0xa1 => {
                let relative = asn1::sequence(&[asn1::tlv(tag::SET, element.content())]);
                let (relative, _) = Name::parse(&relative)?;
                Ok(Self::Relative(relative.comparison_key()))
            }
            _ => Err(Error::Tag),
        }
    }

    /// The names, with `issuer` being the key of whom a relative name stands under.
    fn under(&self, issuer: impl FnOnce() -> Vec<u8>) -> Vec<Vec<u8>> {
        match self {
            Self::Full(names) => names.clone(),
            Self::Relative(relative) => vec![[issuer(), relative.clone()].concat()],
        }
    }
}

/// GeneralNames; directory names by [`Name::comparison_key`], others as they are.
fn general_names(list: Element<'_>) -> Result<Vec<Vec<u8>>> {
    let mut list = list.children()?;
    let mut names = Vec::new();
    while !list.is_empty() {
        if names.len() == MAX_NAMES {
            return Err(Error::TooLarge);
        }
        let element = list.element()?;
        names.push(match GeneralName::read(element)? {
            GeneralName::Directory(name) => name.comparison_key(),
            _ => element.raw().to_vec(),
        });
    }
    if names.is_empty() {
        Err(Error::Value)
    } else {
        Ok(names)
    }
}

/// Where the issuer of a certificate says that lists are to be had, and by whom (§4.2.1.13).
pub(super) struct DistributionPoints {
    points: Vec<DistributionPoint>,
}

struct DistributionPoint {
    /// empty if the point has only the name of an issuer
    names: Vec<Vec<u8>>,
    reasons: Reasons,
    /// who issues the list, by comparison key; empty if the issuer of the certificate does
    issuers: Vec<Vec<u8>>,
}

impl DistributionPoints {
    /// The points a certificate names, and the one that it need not name: a list of its issuer for all of them
    /// (§6.3.3, last paragraph). A malformed extension names none.
    pub(super) fn of(certificate: &Certificate) -> Self {
        let issuer = certificate.issuer().comparison_key();
        let mut points = certificate
            .extension(oids::CRL_DISTRIBUTION_POINTS)
            .and_then(|extension| read_points(extension.value, &issuer).ok())
            .unwrap_or_default();
        points.push(DistributionPoint {
            names: vec![issuer],
            reasons: Reasons::ALL,
            issuers: Vec::new(),
        });
        Self { points }
    }

    /// Whether a list of this issuer may speak of the certificate at all: it is the certificate's own, or named in it.
    pub(super) fn allow_issuer(&self, crl: &Crl, certificate: &Certificate) -> bool {
        let issuer = crl.issuer_digest();
        issuer == certificate.issuer_digest()
            || (crl.is_indirect() && self.points.iter().any(|point| point.names_issuer(issuer)))
    }

    /// For which reasons the list would name the certificate (§6.3.3 b and d).
    pub(super) fn reasons(&self, crl: &Crl, certificate: &Certificate) -> Reasons {
        let scope = &crl.extensions().point;
        let kind = match scope.only {
            None => true,
            Some(Kind::Subscribers) => !certificate.is_authority(),
            Some(Kind::Authorities) => certificate.is_authority(),
            Some(Kind::Attributes) => false,
        };
        if !kind {
            return Reasons::NONE;
        }
        let issuer = || crl.issuer().comparison_key();
        let own_names = scope.name.as_ref().map(|name| name.under(issuer));
        self.points
            .iter()
            .filter(|point| point.is_issued_by(crl, certificate))
            .filter(|point| own_names.as_ref().is_none_or(|names| point.has_one_of(names)))
            .fold(Reasons::NONE, |all, point| all.or(point.reasons))
            .and(scope.reasons)
    }
}

impl DistributionPoint {
    /// §6.3.3 b 1
    fn is_issued_by(&self, crl: &Crl, certificate: &Certificate) -> bool {
        if self.issuers.is_empty() {
            crl.issuer_digest() == certificate.issuer_digest()
        } else {
            crl.is_indirect() && self.names_issuer(crl.issuer_digest())
        }
    }

    fn names_issuer(&self, digest: &[u8; 32]) -> bool {
        self.issuers.iter().any(|issuer| sha256(issuer) == *digest)
    }

    /// §6.3.3 b 2 i: a point without a name goes by that of its issuer.
    fn has_one_of(&self, names: &[Vec<u8>]) -> bool {
        let own = if self.names.is_empty() {
            &self.issuers
        } else {
            &self.names
        };
        own.iter().any(|name| names.contains(name))
    }
}

fn read_points(value: &[u8], certificate_issuer: &[u8]) -> Result<Vec<DistributionPoint>> {
    let mut list = asn1::only(value, Rules::Der)?.sequence()?;
    let mut points = Vec::new();
    while !list.is_empty() {
        if points.len() == MAX_POINTS {
            return Err(Error::TooLarge);
        }
        let mut fields = list.sequence()?;
        let name = fields
            .optional(tag::context_constructed(0))?
            .map(|name| PointName::read(name.child()?))
            .transpose()?;
        let reasons = fields
            .optional(tag::context(1))?
            .map_or(Ok(Reasons::ALL), Reasons::read)?;
        let issuers = fields
            .optional(tag::context_constructed(2))?
            .map_or(Ok(Vec::new()), general_names)?;
        fields.finish()?;
        let issuer = issuers.first().map_or(certificate_issuer, Vec::as_slice);
        points.push(DistributionPoint {
            names: name
                .map(|name| name.under(|| issuer.to_vec()))
                .unwrap_or_default(),
            reasons,
            issuers,
        });
    }
    Ok(points)
}
