use super::{Element, Result, Rules, concat, only, tag, tlv};

/// The one BER element of `input` in DER: definite minimal lengths, OCTET STRINGs in one piece.
///
/// An implicitly tagged string in chunks cannot be told from a SEQUENCE and keeps its chunks: read it with
/// [`Element::joined`] from a BER reader instead. Never use the result where the bytes as received are signed.
pub fn to_der(input: &[u8]) -> Result<Vec<u8>> {
    transcode(only(input, Rules::Ber)?)
}

fn transcode(element: Element<'_>) -> Result<Vec<u8>> {
    if element.tag() & !tag::CONSTRUCTED == tag::OCTET_STRING {
        return Ok(tlv(tag::OCTET_STRING, &element.octets()?));
    }
    if !element.is_constructed() {
        return Ok(tlv(element.tag(), element.content()));
    }
    let mut children = element.children()?;
    let mut parts = Vec::new();
    while !children.is_empty() {
        parts.push(transcode(children.element()?)?);
    }
    Ok(tlv(element.tag(), &concat(&parts)))
}
