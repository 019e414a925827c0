//! Codes that people read from paper or over the telephone.

use crate::Visit;

/// Letters and digits that are not taken for each other.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A code of `N` characters, five random bits each.
pub(crate) fn random<const N: usize>(visit: &Visit) -> String {
    let random: [u8; N] = visit.entropy.bytes();
    let letter = |byte: u8| ALPHABET.get(usize::from(byte % 32)).copied().unwrap_or(b'A');
    random.map(letter).iter().map(|byte| char::from(*byte)).collect()
}

/// As it is printed: `ABCD-EFGH-JKLM`.
pub(crate) fn printed(code: &str) -> String {
    let groups = (0..code.len()).step_by(4);
    let groups: Vec<&str> = groups
        .filter_map(|start| code.get(start..code.len().min(start + 4)))
        .collect();
    groups.join("-")
}

/// What was meant by what was typed.
pub(crate) fn typed(text: &str) -> String {
    let letters = text.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_from_paper_without_doubt() {
        for doubtful in b"0O1Il" {
            assert!(!ALPHABET.contains(doubtful));
        }
        assert_eq!(printed("ABCDEFGHJK"), "ABCD-EFGH-JK");
        assert_eq!(typed(" abcd-EFGH jk "), "ABCDEFGHJK");
    }
}
