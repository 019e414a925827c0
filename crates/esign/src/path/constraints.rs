//! Name constraints (RFC 5280 §4.2.1.10, §6.1.3 b and c).

use super::Checks;
use crate::asn1::oids;
use crate::certificate::extension::NameConstraints;
use crate::certificate::{Certificate, GeneralName};
use crate::verdict::{Code, Problem};

/// All constraints of the issuers so far. A name must satisfy every one of them, which is what the intersection of
/// permitted and the union of excluded subtrees amount to.
#[derive(Default)]
pub(super) struct Constraints<'a> {
    sets: Vec<Set<'a>>,
}

/// The constraints of one issuer.
struct Set<'a> {
    permitted: Vec<Comparable<'a>>,
    excluded: Vec<Comparable<'a>>,
}

/// A name or subtree, brought into the form that is compared once and for all comparisons.
struct Comparable<'a> {
    name: GeneralName<'a>,
    /// [`crate::name::Name::comparison_key`] of a directory name, else empty
    key: Vec<u8>,
}

impl<'a> From<GeneralName<'a>> for Comparable<'a> {
    fn from(name: GeneralName<'a>) -> Self {
        let key = match &name {
            GeneralName::Directory(name) => name.comparison_key(),
            _ => Vec::new(),
        };
        Self { name, key }
    }
}

impl<'a> Constraints<'a> {
    pub(super) fn add(&mut self, issuer: &'a Certificate) -> Result<(), Problem> {
        if let Some(extension) = issuer.extension(oids::NAME_CONSTRAINTS) {
            let set = NameConstraints::parse(extension.value).map_err(|_| Code::CertificateMalformed)?;
            let comparable = |names: Vec<_>| names.into_iter().map(Comparable::from).collect();
            self.sets.push(Set {
                permitted: comparable(set.permitted),
                excluded: comparable(set.excluded),
            });
        }
        Ok(())
    }

    pub(super) fn check(&self, certificate: &Certificate, checks: &mut Checks<'_>) -> Result<(), Problem> {
        if self.sets.is_empty() {
            return Ok(());
        }
        let mut names = certificate.subject_alternative_names();
        let subject = certificate.subject();
        if !subject.is_empty() {
            names.push(GeneralName::Directory(subject));
        }
        // mail addresses in the subject are held to the constraints on mail (§4.2.1.10)
        let mut addresses = Vec::new();
        for attribute in subject
            .attributes()
            .filter(|attribute| attribute.oid() == oids::EMAIL_ADDRESS)
        {
            addresses.push(attribute.text().ok_or(Code::CertificateNameNotPermitted)?);
        }
        names.extend(addresses.iter().map(|address| GeneralName::Mail(address)));
        names
            .into_iter()
            .map(Comparable::from)
            .try_for_each(|name| self.check_name(&name, checks))
    }

    fn check_name(&self, name: &Comparable<'_>, checks: &mut Checks<'_>) -> Result<(), Problem> {
        for set in &self.sets {
            checks.spend_comparisons(set.permitted.len() + set.excluded.len())?;
            let mut permitted = set
                .permitted
                .iter()
                .filter_map(|subtree| covers(subtree, name))
                .peekable();
            let permitted = permitted.peek().is_none() || permitted.any(|fit| fit == Fit::Inside);
            let excluded = set
                .excluded
                .iter()
                .filter_map(|subtree| covers(subtree, name))
                .any(|fit| fit != Fit::Outside);
            if !permitted || excluded {
                return Err(Code::CertificateNameNotPermitted.into());
            }
        }
        Ok(())
    }
}

/// How a name lies to a subtree of its own form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Inside,
    Outside,
    /// Cannot be told, so neither permitted nor spared from exclusion.
    Unclear,
}

impl From<bool> for Fit {
    fn from(inside: bool) -> Self {
        if inside { Self::Inside } else { Self::Outside }
    }
}

/// `None` if the name is of another form, to which the subtree does not apply.
fn covers(subtree: &Comparable<'_>, name: &Comparable<'_>) -> Option<Fit> {
    Some(match (&subtree.name, &name.name) {
        (GeneralName::Directory(_), GeneralName::Directory(_)) => name.key.starts_with(&subtree.key).into(),
        (GeneralName::Mail(base), GeneralName::Mail(address)) => mail(base, address),
        (GeneralName::Dns(base), GeneralName::Dns(name)) => dns(base, name),
        (GeneralName::Uri(base), GeneralName::Uri(uri)) => {
            uri_host(uri).map_or(Fit::Unclear, |h| host(base, h))
        }
        (GeneralName::Ip(base), GeneralName::Ip(address)) => ip(base, address),
        (GeneralName::Other(base), GeneralName::Other(form)) if base == form => Fit::Unclear,
        _ => return None,
    })
}

/// A mailbox, a host, or `.domain` for all hosts below it.
fn mail(base: &str, address: &str) -> Fit {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return Fit::Unclear;
    };
    match base.rsplit_once('@') {
        // what is quoted may be the same without its quotes (RFC 5321 §4.1.2)
        Some(_) if local.starts_with('"') => Fit::Unclear,
        Some((base_local, base_domain)) => {
            (base_local == local && base_domain.eq_ignore_ascii_case(absolute(domain))).into()
        }
        None => host(base, domain),
    }
}

/// A host, or `.domain` for all hosts below it; an empty base covers everything.
fn host(base: &str, host: &str) -> Fit {
    let host = absolute(host);
    if base.is_empty() {
        return Fit::Inside;
    }
    if base.starts_with('.') {
        ends_with(host, base).into()
    } else {
        host.eq_ignore_ascii_case(base).into()
    }
}

/// A domain and everything below it.
fn dns(base: &str, name: &str) -> Fit {
    let name = absolute(name);
    if base.is_empty() {
        return Fit::Inside;
    }
    if base.starts_with('.') {
        return ends_with(name, base).into();
    }
    (name.eq_ignore_ascii_case(base) || ends_with(name, &format!(".{base}"))).into()
}

/// The name without the dot of the root, which means the same with it (RFC 1034 §3.1).
fn absolute(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

fn ends_with(text: &str, suffix: &str) -> bool {
    text.len() > suffix.len() && text.to_ascii_lowercase().ends_with(&suffix.to_ascii_lowercase())
}

/// The host of a URI with an authority; addresses are not hosts (§4.2.1.10).
fn uri_host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let is_name = host.bytes().any(|byte| byte.is_ascii_alphabetic())
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    is_name.then_some(host)
}

/// Address and mask against an address of the same family.
fn ip(base: &[u8], address: &[u8]) -> Fit {
    if !matches!((base.len(), address.len()), (8 | 32, 4 | 16)) {
        return Fit::Unclear;
    }
    if base.len() != address.len() * 2 {
        return Fit::Outside;
    }
    let (network, mask) = base.split_at(address.len());
    address
        .iter()
        .zip(network)
        .zip(mask)
        .all(|((a, n), m)| a & m == n & m)
        .into()
}
