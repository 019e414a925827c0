//! Certificates and revocation lists in files: PEM, one or many, or a single DER.

use data_encoding::{BASE64, BASE64_MIME_PERMISSIVE};

/// The label of certificates.
pub(crate) const CERTIFICATE: &str = "CERTIFICATE";
/// The label of revocation lists.
pub(crate) const REVOCATION_LIST: &str = "X509 CRL";

/// The DER of every block with this label; the file itself where it is no PEM. `None` where a block is broken.
pub(crate) fn read(file: &[u8], label: &str) -> Option<Vec<Vec<u8>>> {
    let text = match std::str::from_utf8(file) {
        Ok(text) if text.contains("-----BEGIN ") => text,
        _ => return Some(vec![file.to_vec()]),
    };
    let (begin, end) = (
        format!("-----BEGIN {label}-----"),
        format!("-----END {label}-----"),
    );
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, block)) = rest.split_once(&begin) {
        let (body, after) = block.split_once(&end)?;
        let body: String = body.split_ascii_whitespace().collect();
        blocks.push(BASE64.decode(body.as_bytes()).ok()?);
        rest = after;
    }
    Some(blocks)
}

/// One block in PEM (RFC 7468).
pub(crate) fn write(label: &str, der: &[u8]) -> String {
    let body = BASE64.encode(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem + &format!("-----END {label}-----\n")
}

/// A part of a file, without what it was wrapped in.
pub(crate) struct Block {
    /// What stands after BEGIN; empty where the file is no PEM.
    pub(crate) label: String,
    /// `None` where the text is no base64.
    pub(crate) bytes: Option<Vec<u8>>,
}

impl Block {
    /// Whether the label says so.
    pub(crate) fn is_private_key(&self) -> bool {
        self.label.ends_with("PRIVATE KEY")
    }
}

/// Every block of a PEM file, whatever its label; else the file itself, which may be base64.
pub(crate) fn unwrap(file: &[u8]) -> Vec<Block> {
    let plain = |bytes: Vec<u8>| {
        vec![Block {
            label: String::new(),
            bytes: Some(bytes),
        }]
    };
    let Ok(text) = std::str::from_utf8(file) else {
        return plain(file.to_vec());
    };
    if !text.contains("-----BEGIN ") {
        let decoded = base64(text.trim_start_matches('\u{feff}')).filter(|der| !der.is_empty());
        return plain(decoded.unwrap_or_else(|| file.to_vec()));
    }
    let blocks = text.split("-----BEGIN ").skip(1);
    blocks
        .map(|block| {
            let (label, rest) = block.split_once("-----").unwrap_or((block, ""));
            Block {
                label: label.to_owned(),
                bytes: rest.split_once("-----END ").and_then(|(body, _)| base64(body)),
            }
        })
        .collect()
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let text: String = text.split_ascii_whitespace().collect();
    BASE64
        .decode(text.as_bytes())
        .or_else(|_| BASE64_MIME_PERMISSIVE.decode(text.as_bytes()))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_the_label_are_read() {
        let pem = "text\n-----BEGIN CERTIFICATE-----\r\nAQ\r\nID\n-----END CERTIFICATE-----\n\
                   -----BEGIN X509 CRL-----\nBA==\n-----END X509 CRL-----\n";
        assert_eq!(read(pem.as_bytes(), CERTIFICATE), Some(vec![vec![1, 2, 3]]));
        assert_eq!(read(pem.as_bytes(), REVOCATION_LIST), Some(vec![vec![4]]));
    }

    #[test]
    fn what_is_written_is_read() {
        let der: Vec<u8> = (0..=200).collect();
        let pem = write(CERTIFICATE, &der);
        assert!(pem.lines().all(|line| line.len() <= 64));
        assert_eq!(read(pem.as_bytes(), CERTIFICATE), Some(vec![der]));
    }

    #[test]
    fn a_file_without_pem_is_der() {
        assert_eq!(read(&[0x30, 0x82], CERTIFICATE), Some(vec![vec![0x30, 0x82]]));
    }

    #[test]
    fn a_broken_block_is_no_certificate() {
        assert_eq!(read(b"-----BEGIN CERTIFICATE-----\nAQID", CERTIFICATE), None);
        assert_eq!(
            read(
                b"-----BEGIN CERTIFICATE-----\n???\n-----END CERTIFICATE-----",
                CERTIFICATE
            ),
            None
        );
    }
}
