use super::{Oid, tag};

/// One element in DER.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut out = Vec::with_capacity(content.len() + 10);
    out.push(tag);
    match (significant.as_slice(), u8::try_from(significant.len())) {
        ([], _) => out.push(0),
        ([short @ 0..0x80], _) => out.push(*short),
        (long, count) => {
            // a length has at most eight octets, so the count always fits
            out.push(0x80 | count.unwrap_or(0));
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(content);
    out
}

/// Parts one after another.
pub fn concat<P: AsRef<[u8]>>(parts: &[P]) -> Vec<u8> {
    parts.iter().flat_map(AsRef::as_ref).copied().collect()
}

/// A SEQUENCE of encoded parts.
pub fn sequence<P: AsRef<[u8]>>(parts: &[P]) -> Vec<u8> {
    tlv(tag::SEQUENCE, &concat(parts))
}

/// A SET OF encoded parts, sorted as DER asks (X.690 §11.6).
pub fn set_of<P: AsRef<[u8]>>(parts: &[P]) -> Vec<u8> {
    let mut sorted: Vec<&[u8]> = parts.iter().map(AsRef::as_ref).collect();
    sorted.sort_unstable();
    tlv(tag::SET, &concat(&sorted))
}

/// `[number]`, constructed, around encoded content.
pub fn context(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(tag::context_constructed(number), content)
}

/// An INTEGER that is not negative, from its big-endian magnitude.
pub fn integer(magnitude: &[u8]) -> Vec<u8> {
    let zeros = magnitude.iter().take_while(|byte| **byte == 0).count();
    let mut content = magnitude.get(zeros..).unwrap_or_default().to_vec();
    if content.first().is_none_or(|first| first & 0x80 != 0) {
        content.insert(0, 0);
    }
    tlv(tag::INTEGER, &content)
}

/// An OBJECT IDENTIFIER.
pub fn object_identifier(oid: Oid<'_>) -> Vec<u8> {
    tlv(tag::OID, oid.as_bytes())
}

/// An OCTET STRING.
pub fn octet_string(octets: &[u8]) -> Vec<u8> {
    tlv(tag::OCTET_STRING, octets)
}

/// A UTF8String.
pub fn utf8_string(text: &str) -> Vec<u8> {
    tlv(tag::UTF8_STRING, text.as_bytes())
}

/// NULL.
pub fn null() -> Vec<u8> {
    tlv(tag::NULL, &[])
}
