//! Extensions of certificates, revocation lists and answers, by name.

use esign::asn1::{Element, Error, Oid, Reader, Result, Rules, oids, only, tag};
use esign::certificate::Extension;
use esign::name::Name;
use esign::time::UnixTime;

use super::names::{self, hex};
use super::sheet::{Fact, Sheet};

/// What an extension is and says; its octets where nobody here knows how to read it.
pub(super) fn sheet(extension: Extension<'_>) -> Sheet {
    let value = value(extension.oid, extension.value).unwrap_or_else(|_| hex(extension.value).into());
    names::identified(extension.oid)
        .with("critical", extension.critical)
        .with("value", value)
}

/// Whether its value is what its kind asks for.
pub(super) fn is_readable(extension: Extension<'_>) -> bool {
    value(extension.oid, extension.value).is_ok()
}

/// The extensions of a SEQUENCE OF Extension.
pub(super) fn list(mut list: Reader<'_>) -> Result<Vec<Sheet>> {
    let mut sheets = Vec::new();
    while !list.is_empty() {
        sheets.push(sheet(read(&mut list)?));
    }
    Ok(sheets)
}

/// One extension of a list.
pub(super) fn read<'a>(list: &mut Reader<'a>) -> Result<Extension<'a>> {
    let mut fields = list.sequence()?;
    let oid = fields.expect(tag::OID)?.oid()?;
    let critical = fields.optional(tag::BOOLEAN)?.is_some();
    let value = fields.expect(tag::OCTET_STRING)?.content();
    Ok(Extension { oid, critical, value })
}

fn value(oid: Oid<'_>, value: &[u8]) -> Result<Fact> {
    let element = only(value, Rules::Der)?;
    Ok(match oid {
        oids::BASIC_CONSTRAINTS => basic_constraints(element)?,
        oids::KEY_USAGE => key_usage(element)?,
        oids::EXTENDED_KEY_USAGE => {
            let purposes = element.sequence()?.collect(1_000)?;
            let purposes: Result<Vec<_>> = purposes.iter().map(Element::oid).collect();
            names::names(&purposes?)
        }
        oids::SUBJECT_KEY_IDENTIFIER => hex(&element.octets()?).into(),
        oids::AUTHORITY_KEY_IDENTIFIER => authority_key(element)?,
        oids::SUBJECT_ALT_NAME | oids::ISSUER_ALT_NAME => general_names(element.sequence()?)?.into(),
        oids::CERTIFICATE_POLICIES => policies(element)?,
        oids::CRL_DISTRIBUTION_POINTS | oids::FRESHEST_CRL => distribution_points(element)?,
        oids::ISSUING_DISTRIBUTION_POINT => issuing_distribution_point(element)?,
        oids::CRL_NUMBER | oids::DELTA_CRL_INDICATOR | oids::INHIBIT_ANY_POLICY => {
            hex(element.integer()?).into()
        }
        oids::INVALIDITY_DATE => UnixTime::from_element(element)?.into(),
        _ => by_name(&names::name(oid), element)?,
    })
}

fn by_name(name: &str, element: Element<'_>) -> Result<Fact> {
    Ok(match name {
        "authorityInfoAccess" | "subjectInfoAccess" => access(element)?,
        "keyStorage" => {
            let kinds = element.sequence()?.collect(64)?;
            let kinds: Result<Vec<_>> = kinds.iter().map(Element::oid).collect();
            names::names(&kinds?)
        }
        "qcStatements" => {
            let mut statements = element.sequence()?;
            let mut found = Vec::new();
            while !statements.is_empty() {
                found.push(names::name(statements.sequence()?.expect(tag::OID)?.oid()?));
            }
            found.into()
        }
        "identificationKind" => element.small()?.into(),
        _ if element.tag() == tag::UTF8_STRING => text(element)?.into(),
        _ => hex(element.raw()).into(),
    })
}

fn text(element: Element<'_>) -> Result<String> {
    let text = std::str::from_utf8(element.content()).map_err(|_| Error::Value)?;
    Ok(shown(text))
}

/// Text of strangers, without what could steer a terminal.
pub(super) fn shown(text: &str) -> String {
    text.chars()
        .take(1_000)
        .map(|c| {
            if c.is_control() {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            }
        })
        .collect()
}

fn basic_constraints(element: Element<'_>) -> Result<Fact> {
    let mut fields = element.sequence()?;
    let authority = fields.optional(tag::BOOLEAN)?.is_some();
    let length = fields
        .optional(tag::INTEGER)?
        .map(|length| length.small())
        .transpose()?;
    Ok(Sheet::default()
        .with("authority", authority)
        .with("path_length", length)
        .into())
}

fn key_usage(element: Element<'_>) -> Result<Fact> {
    const NAMES: [&str; 9] = [
        "digitalSignature",
        "nonRepudiation",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
        "decipherOnly",
    ];
    Ok(bits(element.named_bits()?, &NAMES))
}

/// The names of the bits that are set, the first bit first.
fn bits(octets: &[u8], names: &[&str]) -> Fact {
    let is_set = |index: usize| {
        octets
            .get(index / 8)
            .is_some_and(|octet| octet & (0x80 >> (index % 8)) != 0)
    };
    let set = names.iter().enumerate().filter(|(index, _)| is_set(*index));
    set.map(|(_, name)| *name).collect::<Vec<_>>().into()
}

fn authority_key(element: Element<'_>) -> Result<Fact> {
    let mut fields = element.sequence()?;
    let key = fields.optional(tag::context(0))?.map(|key| hex(key.content()));
    let issuer = match fields.optional(tag::context_constructed(1))? {
        Some(issuer) => general_names(issuer.children()?)?,
        None => Vec::new(),
    };
    let serial = fields
        .optional(tag::context(2))?
        .map(|serial| hex(serial.content()));
    Ok(Sheet::default()
        .with("key", key)
        .with("issuer", issuer)
        .with("serial", serial)
        .into())
}

/// Each name with its kind before it, as in `URI:http://example.org`.
pub(super) fn general_names(mut list: Reader<'_>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    while !list.is_empty() {
        found.push(general_name(list.element()?)?);
    }
    Ok(found)
}

pub(super) fn general_name(element: Element<'_>) -> Result<String> {
    let plain = || shown(&String::from_utf8_lossy(element.content()));
    Ok(match element.tag() {
        0x81 => format!("email:{}", plain()),
        0x82 => format!("DNS:{}", plain()),
        0x86 => format!("URI:{}", plain()),
        0x87 => match element.content() {
            [a, b, c, d] => format!("IP:{a}.{b}.{c}.{d}"),
            other => format!("IP:{}", hex(other)),
        },
        0xa4 => format!("directory:{}", Name::parse(element.child()?.raw())?.0),
        0xa0 => {
            let mut fields = element.children()?;
            let kind = names::name(fields.expect(tag::OID)?.oid()?);
            format!("{kind}:{}", hex(fields.rest()))
        }
        _ => hex(element.raw()),
    })
}

fn policies(element: Element<'_>) -> Result<Fact> {
    let mut list = element.sequence()?;
    let mut found = Vec::new();
    while !list.is_empty() {
        let mut policy = list.sequence()?;
        let oid = policy.expect(tag::OID)?.oid()?;
        let mut statements = Vec::new();
        if let Some(qualifiers) = policy.optional(tag::SEQUENCE)? {
            let mut qualifiers = qualifiers.children()?;
            while !qualifiers.is_empty() {
                let mut qualifier = qualifiers.sequence()?;
                qualifier.expect(tag::OID)?;
                let value = qualifier.element()?;
                if value.tag() == tag::IA5_STRING {
                    statements.push(shown(String::from_utf8_lossy(value.content()).trim()));
                }
            }
        }
        let name = names::name(oid);
        found.push(if statements.is_empty() {
            name
        } else {
            format!("{name} ({})", statements.join(", "))
        });
    }
    Ok(found.into())
}

fn distribution_points(element: Element<'_>) -> Result<Fact> {
    let mut list = element.sequence()?;
    let mut found = Vec::new();
    while !list.is_empty() {
        let mut point = list.sequence()?;
        if let Some(name) = point.optional(tag::context_constructed(0))? {
            found.extend(point_name(name.child()?)?);
        }
    }
    Ok(found.into())
}

fn point_name(name: Element<'_>) -> Result<Vec<String>> {
    match name.tag() {
        0xa0 => general_names(name.children()?),
        _ => Ok(vec![format!("relative:{}", hex(name.content()))]),
    }
}

fn issuing_distribution_point(element: Element<'_>) -> Result<Fact> {
    let mut fields = element.sequence()?;
    let mut names = Vec::new();
    let mut limits = Vec::new();
    while !fields.is_empty() {
        let field = fields.element()?;
        match field.tag() {
            0xa0 => names.extend(point_name(field.child()?)?),
            0x81 => limits.push("only certificates of users"),
            0x82 => limits.push("only certificates of authorities"),
            0x83 => limits.push("only some reasons"),
            0x84 => limits.push("indirect"),
            0x85 => limits.push("only attribute certificates"),
            _ => limits.push("an unknown limit"),
        }
    }
    Ok(Sheet::default()
        .with("distribution_point", names)
        .with("limits", limits)
        .into())
}

fn access(element: Element<'_>) -> Result<Fact> {
    let mut list = element.sequence()?;
    let mut found = Vec::new();
    while !list.is_empty() {
        let mut description = list.sequence()?;
        let method = names::name(description.expect(tag::OID)?.oid()?);
        found.push(format!("{method} {}", general_name(description.element()?)?));
    }
    Ok(found.into())
}
