//! Revocation lists (RFC 5280 §5) and OCSP answers (RFC 6960).

use data_encoding::HEXUPPER;
use esign::asn1::{Element, Error, Reader, Result, Rules, oids, only, tag};
use esign::name::Name;
use esign::provider::sha256;
use esign::time::UnixTime;

use super::sheet::{Fact, Sheet};
use super::{certificate, extension, grammar, names, shape};
use names::hex;

/// Entries that are shown; the others are counted.
const SHOWN: usize = 20;

/// A list of revoked certificates.
pub(super) fn list(der: &[u8]) -> Result<Sheet> {
    let mut outer = only(der, Rules::Der)?.sequence()?;
    let mut fields = outer.sequence()?;
    let algorithm = names::algorithm(outer.expect(tag::SEQUENCE)?)?;
    fields.optional(tag::INTEGER)?;
    fields.element()?;
    let issuer = Name::parse(fields.element()?.raw())?.0.to_string();
    let this_update = UnixTime::from_element(fields.element()?)?;
    let next_update = match fields.peek() {
        Some(tag::UTC_TIME | tag::GENERALIZED_TIME) => Some(UnixTime::from_element(fields.element()?)?),
        _ => None,
    };
    let mut count = 0_usize;
    let mut shown = Vec::new();
    if let Some(entries) = fields.optional(tag::SEQUENCE)? {
        let mut entries = entries.children()?;
        while !entries.is_empty() {
            let entry = entries.sequence()?;
            count += 1;
            if count <= SHOWN {
                shown.push(revoked(entry)?);
            }
        }
    }
    let extensions = match fields.optional(tag::context_constructed(0))? {
        Some(extensions) => extension::list(extensions.child()?.sequence()?)?,
        None => Vec::new(),
    };
    let mut anomalies = Vec::new();
    if next_update.is_none() {
        anomalies.push("no nextUpdate: it never grows old (RFC 5280 §5.1.2.5)");
    }
    if next_update.is_some_and(|next| next < this_update) {
        anomalies.push("nextUpdate lies before thisUpdate (RFC 5280 §5.1.2.5)");
    }
    Ok(Sheet::of("revocation_list")
        .with("issuer", issuer)
        .with("this_update", this_update)
        .with("next_update", next_update)
        .with("signature_algorithm", algorithm)
        .with("revoked", count)
        .with("first_entries", shown)
        .with("extensions", extensions)
        .with("sha256", HEXUPPER.encode(&sha256(der)))
        .with("anomalies", anomalies))
}

fn revoked(mut entry: Reader<'_>) -> Result<Sheet> {
    let serial = entry.expect(tag::INTEGER)?.integer()?;
    let date = UnixTime::from_element(entry.element()?)?;
    let mut reason = None;
    if let Some(extensions) = entry.optional(tag::SEQUENCE)? {
        let mut list = extensions.children()?;
        while !list.is_empty() {
            let extension = extension::read(&mut list)?;
            if extension.oid == oids::REASON_CODE {
                reason = only(extension.value, Rules::Der)?.content().first().copied();
            }
        }
    }
    Ok(Sheet::default()
        .with("serial", hex(serial))
        .with("date", date)
        .with("reason", reason.map(reason_name)))
}

/// RFC 5280 §5.3.1
const fn reason_name(code: u8) -> &'static str {
    match code {
        0 => "unspecified",
        1 => "keyCompromise",
        2 => "cACompromise",
        3 => "affiliationChanged",
        4 => "superseded",
        5 => "cessationOfOperation",
        6 => "certificateHold",
        8 => "removeFromCRL",
        9 => "privilegeWithdrawn",
        10 => "aACompromise",
        _ => "unknown",
    }
}

/// The answer of a responder.
pub(super) fn answer(der: &[u8]) -> Result<Sheet> {
    let mut fields = only(der, Rules::Der)?.sequence()?;
    let status = match fields.expect(tag::ENUMERATED)?.content() {
        [0] => "successful",
        [1] => "malformedRequest",
        [2] => "internalError",
        [3] => "tryLater",
        [5] => "sigRequired",
        [6] => "unauthorized",
        _ => return Err(Error::Value),
    };
    let sheet = Sheet::of("ocsp_response").with("status", status);
    let Some(body) = fields.optional(tag::context_constructed(0))? else {
        return Ok(sheet);
    };
    let mut body = body.child()?.sequence()?;
    body.expect(tag::OID)?;
    let basic = body.expect(tag::OCTET_STRING)?.content();
    basic_answer(sheet, basic)
}

/// Where the answer inside an answer breaks.
pub(super) fn inner_break(der: &[u8]) -> Option<(usize, shape::Break)> {
    let mut fields = only(der, Rules::Der).ok()?.sequence().ok()?;
    fields.element().ok()?;
    let mut body = fields.element().ok()?.child().ok()?.sequence().ok()?;
    body.element().ok()?;
    let basic = body.element().ok()?.content();
    let broken = shape::check(&grammar::BASIC_OCSP_RESPONSE, basic, Rules::Der).err()?;
    Some((basic.as_ptr() as usize - der.as_ptr() as usize, broken))
}

fn basic_answer(sheet: Sheet, basic: &[u8]) -> Result<Sheet> {
    let mut outer = only(basic, Rules::Der)?.sequence()?;
    let mut fields = outer.sequence()?;
    let algorithm = names::algorithm(outer.expect(tag::SEQUENCE)?)?;
    outer.expect(tag::BIT_STRING)?;
    let certificates = match outer.optional(tag::context_constructed(0))? {
        Some(certificates) => certificates.child()?.sequence()?.collect(100)?,
        None => Vec::new(),
    };
    fields.optional(tag::context_constructed(0))?;
    let responder = fields.element()?;
    let responder = match responder.tag() {
        0xa1 => Name::parse(responder.child()?.raw())?.0.to_string(),
        _ => format!("key {}", hex(&responder.child()?.octets()?)),
    };
    let produced_at = UnixTime::from_element(fields.element()?)?;
    let mut responses = Vec::new();
    for response in fields.sequence()?.collect(1_000)? {
        responses.push(single(response)?);
    }
    let extensions = match fields.optional(tag::context_constructed(1))? {
        Some(extensions) => extension::list(extensions.child()?.sequence()?)?,
        None => Vec::new(),
    };
    Ok(sheet
        .with("responder", responder)
        .with("produced_at", produced_at)
        .with("signature_algorithm", algorithm)
        .with("responses", responses)
        .with("extensions", extensions)
        .with(
            "certificates",
            certificate::briefs(certificates.iter().map(Element::raw)),
        ))
}

fn single(response: Element<'_>) -> Result<Sheet> {
    let mut fields = response.sequence()?;
    let mut id = fields.sequence()?;
    let hash = names::algorithm(id.element()?)?;
    let issuer_name = id.element()?.octets()?.into_owned();
    let issuer_key = id.element()?.octets()?.into_owned();
    let serial = id.expect(tag::INTEGER)?.integer()?;
    let status = fields.element()?;
    let (word, date, reason): (_, Fact, _) = match status.tag() {
        0x80 => ("good", Fact::Nothing, None),
        0xa1 => {
            let mut revoked = status.children()?;
            let date = UnixTime::from_element(revoked.element()?)?;
            let reason = revoked
                .optional(tag::context_constructed(0))?
                .map(|reason| reason.child().map(|code| code.content().first().copied()))
                .transpose()?;
            ("revoked", date.into(), reason.flatten())
        }
        _ => ("unknown", Fact::Nothing, None),
    };
    let this_update = UnixTime::from_element(fields.element()?)?;
    let next_update = fields
        .optional(tag::context_constructed(0))?
        .map(|next| UnixTime::from_element(next.child()?))
        .transpose()?;
    Ok(Sheet::default()
        .with("serial", hex(serial))
        .with("status", word)
        .with("revoked_at", date)
        .with("reason", reason.map(reason_name))
        .with("this_update", this_update)
        .with("next_update", next_update)
        .with("hash_algorithm", hash)
        .with("issuer_name_hash", hex(&issuer_name))
        .with("issuer_key_hash", hex(&issuer_key)))
}
