//! CMS signatures (RFC 5652) and time stamps (RFC 3161).

use std::borrow::Cow;

use esign::asn1::{Element, Oid, Reader, Result, Rules, oids, only, tag};
use esign::name::Name;
use esign::time::UnixTime;
use esign::tsp::TimeStampToken;

use super::certificate::{self, is};
use super::extension::{general_name, shown};
use super::names::{self, hex};
use super::sheet::{Fact, Sheet};
use super::{grammar, shape};

const TIME_STAMP_INFO: &str = "1.2.840.113549.1.9.16.1.4";
const SIGNATURE_TIME_STAMP: &str = "1.2.840.113549.1.9.16.2.14";
const COUNTER_SIGNATURE: &str = "1.2.840.113549.1.9.6";

/// Whether the message is a time stamp token.
pub(super) fn is_time_stamp(message: &[u8]) -> bool {
    let content_type = || -> Result<bool> {
        let mut fields = content(message)?;
        fields.element()?;
        fields.element()?;
        Ok(is(fields.sequence()?.element()?.oid()?, TIME_STAMP_INFO))
    };
    content_type().unwrap_or(false)
}

/// The fields of SignedData.
fn content(message: &[u8]) -> Result<Reader<'_>> {
    let mut fields = only(message, Rules::Ber)?.sequence()?;
    fields.expect(tag::OID)?;
    fields.expect(tag::context_constructed(0))?.child()?.sequence()
}

/// A signed message, attached or detached.
pub(super) fn sheet(message: &[u8]) -> Result<Sheet> {
    signed_data(Sheet::of("cms"), message)
}

/// A time stamp token, alone.
pub(super) fn time_stamp(token: &[u8]) -> Result<Sheet> {
    let info = time_stamp_info(token)?;
    signed_data(Sheet::of("time_stamp").with("stamp", info), token)
}

/// The answer of a time stamp authority.
pub(super) fn time_stamp_response(response: &[u8]) -> Result<Sheet> {
    let mut fields = only(response, Rules::Ber)?.sequence()?;
    let mut status = fields.sequence()?;
    let granted = status.element()?.small()?;
    let mut texts = Vec::new();
    if let Some(list) = status.optional(tag::SEQUENCE)? {
        for text in list.children()?.collect(16)? {
            texts.push(shown(&String::from_utf8_lossy(text.content())));
        }
    }
    let failure = status.optional(tag::BIT_STRING)?.map(|bits| hex(bits.content()));
    let answer = Sheet::of("time_stamp_response")
        .with(
            "status",
            match granted {
                0 => "granted",
                1 => "granted with modifications",
                2 => "rejected",
                3 => "waiting",
                4 => "revocation warning",
                5 => "revoked",
                _ => "unknown",
            },
        )
        .with("status_text", texts)
        .with("failure", failure);
    match fields.optional(tag::SEQUENCE)? {
        Some(token) => {
            let info = time_stamp_info(token.raw())?;
            signed_data(answer.with("stamp", info), token.raw())
        }
        None => Ok(answer),
    }
}

/// Where the statement inside a token breaks.
pub(super) fn inner_break(bytes: &[u8]) -> Option<(usize, shape::Break)> {
    let token = match only(bytes, Rules::Ber)
        .ok()?
        .sequence()
        .ok()?
        .collect(2)
        .ok()?
        .as_slice()
    {
        [first, token] if first.tag() == tag::SEQUENCE => token.raw(),
        _ => bytes,
    };
    let Ok(Cow::Borrowed(info)) = encapsulated(token) else {
        return None;
    };
    let broken = shape::check(&grammar::TIME_STAMP_INFO, info, Rules::Ber).err()?;
    Some((info.as_ptr() as usize - bytes.as_ptr() as usize, broken))
}

/// The content of a token.
fn encapsulated(token: &[u8]) -> Result<Cow<'_, [u8]>> {
    let mut fields = content(token)?;
    fields.element()?;
    fields.element()?;
    let mut encapsulated = fields.sequence()?;
    encapsulated.element()?;
    encapsulated
        .expect(tag::context_constructed(0))?
        .child()?
        .octets()
}

/// What the authority states (RFC 3161 §2.4.2).
fn time_stamp_info(token: &[u8]) -> Result<Sheet> {
    let info = encapsulated(token)?;
    let mut fields = only(&info, Rules::Ber)?.sequence()?;
    fields.element()?;
    let policy = fields.expect(tag::OID)?.oid()?;
    let mut imprint = fields.sequence()?;
    let algorithm = names::algorithm(imprint.element()?)?;
    let digest = imprint.element()?.octets()?.into_owned();
    let serial = fields.expect(tag::INTEGER)?.integer()?;
    let time = fields.expect(tag::GENERALIZED_TIME)?.content();
    let accuracy = fields
        .optional(tag::SEQUENCE)?
        .and_then(|_| TimeStampToken::parse(token).ok())
        .map(|token| seconds(token.accuracy_micros()));
    let ordering = fields.optional(tag::BOOLEAN)?.is_some();
    let nonce = fields.optional(tag::INTEGER)?.map(|nonce| hex(nonce.content()));
    let authority = fields
        .optional(tag::context_constructed(0))?
        .map(|authority| general_name(authority.child()?))
        .transpose()?;
    Ok(Sheet::default()
        .with("time", generalized(time))
        .with("policy", names::identified(policy))
        .with("imprint_algorithm", algorithm)
        .with("imprint", hex(&digest))
        .with("serial", hex(serial))
        .with("accuracy", accuracy)
        .with("ordering", ordering)
        .with("nonce", nonce)
        .with("authority", authority))
}

fn seconds(micros: u64) -> String {
    let fraction = format!(".{:06}", micros % 1_000_000);
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    format!("{}{fraction} s", micros / 1_000_000)
}

/// `20261122090500.5Z` as `2026-11-22T09:05:00.5Z`.
fn generalized(time: &[u8]) -> String {
    let text = shown(&String::from_utf8_lossy(time));
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-{}T{}:{}:{}",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(8, 10),
        part(10, 12),
        text.get(12..).unwrap_or_default()
    )
}

fn signed_data(sheet: Sheet, message: &[u8]) -> Result<Sheet> {
    let mut fields = content(message)?;
    let version = fields.expect(tag::INTEGER)?.small()?;
    fields.set()?;
    let mut encapsulated = fields.sequence()?;
    let content_type = encapsulated.expect(tag::OID)?.oid()?;
    let size = encapsulated
        .optional(tag::context_constructed(0))?
        .map(|content| content.child()?.octets().map(|octets| octets.len()))
        .transpose()?;
    let certificates = match fields.optional(tag::context_constructed(0))? {
        Some(list) => list.children()?.collect(1_000)?,
        None => Vec::new(),
    };
    let revocation = match fields.optional(tag::context_constructed(1))? {
        Some(list) => list.children()?.collect(1_000)?,
        None => Vec::new(),
    };
    let mut signers = Vec::new();
    let mut anomalies = Vec::new();
    for info in fields.set()?.collect(1_000)? {
        signers.push(signer(info, &mut anomalies)?);
    }
    if only(message, Rules::Der).is_err() || !only(message, Rules::Ber)?.is_der() {
        anomalies.push("encoded by BER, not DER (RFC 5652 allows it)".to_owned());
    }
    if signers.is_empty() {
        anomalies.push("nobody signed it".to_owned());
    }
    let certificates = certificates
        .iter()
        .filter(|certificate| certificate.tag() == tag::SEQUENCE)
        .map(Element::raw);
    Ok(sheet
        .with("version", version)
        .with("content_type", names::name(content_type))
        .with("attached", size.is_some())
        .with("content_size", size)
        .with("signers", signers)
        .with("certificates", certificate::briefs(certificates))
        .with("revocation_values", revocation.len())
        .with("anomalies", anomalies))
}

fn signer(info: Element<'_>, anomalies: &mut Vec<String>) -> Result<Sheet> {
    let mut fields = info.sequence()?;
    fields.element()?;
    let id = fields.element()?;
    let id = match id.tag() {
        tag::SEQUENCE => {
            let mut parts = id.children()?;
            let issuer = Name::parse(parts.element()?.raw())?.0.to_string();
            Sheet::default()
                .with("issuer", issuer)
                .with("serial", hex(parts.expect(tag::INTEGER)?.integer()?))
        }
        _ => Sheet::default().with("key_identifier", hex(id.content())),
    };
    let digest = names::algorithm(fields.expect(tag::SEQUENCE)?)?;
    let signed = if let Some(attributes) = fields.optional(tag::context_constructed(0))? {
        attributes_of(attributes)?
    } else {
        anomalies.push("a signature without signed attributes (RFC 5652 §5.3)".to_owned());
        Vec::new()
    };
    let algorithm = names::algorithm(fields.expect(tag::SEQUENCE)?)?;
    let signature = fields.element()?.octets()?.len();
    let unsigned = match fields.optional(tag::context_constructed(1))? {
        Some(attributes) => attributes_of(attributes)?,
        None => Vec::new(),
    };
    Ok(Sheet::default()
        .with("signer", id)
        .with("digest_algorithm", digest)
        .with("signature_algorithm", algorithm)
        .with("signature_octets", signature)
        .with("signed_attributes", signed)
        .with("unsigned_attributes", unsigned))
}

fn attributes_of(attributes: Element<'_>) -> Result<Vec<Sheet>> {
    let mut found = Vec::new();
    for attribute in attributes.children()?.collect(1_000)? {
        let mut fields = attribute.sequence()?;
        let kind = fields.expect(tag::OID)?.oid()?;
        let values = fields.set()?.collect(1_000)?;
        let shown: Vec<Fact> = values
            .iter()
            .map(|value| attribute_value(kind, *value).unwrap_or_else(|_| hex(value.raw()).into()))
            .collect();
        found.push(names::identified(kind).with("values", shown));
    }
    Ok(found)
}

fn attribute_value(kind: Oid<'_>, value: Element<'_>) -> Result<Fact> {
    Ok(match kind {
        oids::CONTENT_TYPE => names::name(value.oid()?).into(),
        oids::MESSAGE_DIGEST => hex(&value.octets()?).into(),
        oids::SIGNING_TIME => UnixTime::from_element(value)?.into(),
        _ if is(kind, SIGNATURE_TIME_STAMP) => time_stamp_info(value.raw())?.into(),
        _ if is(kind, COUNTER_SIGNATURE) => signer(value, &mut Vec::new())?.into(),
        _ => format!("{} octets", value.raw().len()).into(),
    })
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn accuracy_is_told_in_seconds() {
        for (micros, text) in [
            (1_000_000, "1 s"),
            (500_000, "0.5 s"),
            (61_000_001, "61.000001 s"),
        ] {
            assert_eq!(seconds(micros), text);
        }
    }
}
