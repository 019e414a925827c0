//! What stands in a keytab (MIT Kerberos, keytab file format, version 2). Only AES keys of the one service: whoever holds a
//! weaker key of it could be answered with tickets that are forged (threat SPN-1).

use super::{KerberosProblem, KerberosSettings};

/// aes128-cts, aes256-cts with SHA-1 (RFC 3962), then with SHA-2 (RFC 8009).
const AES: [u16; 4] = [17, 18, 19, 20];

/// Refuses a file that holds anything else.
pub(super) fn check(settings: &KerberosSettings) -> Result<(), KerberosProblem> {
    let bytes = std::fs::read(&settings.keytab);
    let bytes = bytes.map_err(|error| KerberosProblem::Unreadable(error.to_string()))?;
    let keys = read(&bytes).ok_or(KerberosProblem::NoKeytab)?;
    let service = settings.service.to_string();
    if keys.is_empty() || keys.iter().any(|key| key.principal != service) {
        return Err(KerberosProblem::OtherService(settings.service.clone()));
    }
    match keys.iter().find(|key| !AES.contains(&key.kind)) {
        Some(weak) => Err(KerberosProblem::WeakKey(weak.kind)),
        None => Ok(()),
    }
}

struct Key {
    principal: String,
    kind: u16,
}

fn read(bytes: &[u8]) -> Option<Vec<Key>> {
    let mut file = Fields(bytes.strip_prefix(&[5, 2])?);
    let mut keys = Vec::new();
    while !file.0.is_empty() {
        let size = i32::from_be_bytes(file.take(4)?.try_into().ok()?);
        let entry = file.take(usize::try_from(size.unsigned_abs()).ok()?)?;
        // what was removed leaves a hole of negative size
        if size > 0 {
            keys.push(Key::read(Fields(entry))?);
        }
    }
    Some(keys)
}

impl Key {
    fn read(mut entry: Fields<'_>) -> Option<Self> {
        let count = entry.number()?;
        let realm = entry.text()?;
        let parts: Option<Vec<_>> = (0..count).map(|_| entry.text()).collect();
        // kind of name, time, version
        entry.take(4 + 4 + 1)?;
        Some(Self {
            principal: format!("{}@{realm}", parts?.join("/")),
            kind: entry.number()?,
        })
    }
}

struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    fn text(&mut self) -> Option<String> {
        let length = usize::from(self.number()?);
        String::from_utf8(self.take(length)?.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn text(text: &str) -> Vec<u8> {
        let length = u16::try_from(text.len()).unwrap().to_be_bytes();
        [length.as_slice(), text.as_bytes()].concat()
    }

    fn entry(service: &str, kind: u16) -> Vec<u8> {
        let key = [
            &2_u16.to_be_bytes()[..],
            &text("TEST.LOCAL"),
            &text(service),
            &text("localhost"),
            &[0; 9],
            &kind.to_be_bytes(),
            &[0, 2, 7, 7],
        ];
        let key = key.concat();
        [u32::try_from(key.len()).unwrap().to_be_bytes().as_slice(), &key].concat()
    }

    fn outcome(content: &[Vec<u8>]) -> Result<(), KerberosProblem> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&content.concat()).unwrap();
        check(&KerberosSettings {
            service: "HTTP/localhost@TEST.LOCAL".parse().unwrap(),
            keytab: file.path().to_owned(),
            realms: Vec::new(),
        })
    }

    #[test]
    fn spn_1_keys_are_of_one_service_and_none_is_weak() {
        let head = || vec![5, 2];
        let hole = || [(-3_i32).to_be_bytes().as_slice(), &[9, 9, 9]].concat();
        assert_eq!(
            outcome(&[head(), entry("HTTP", 18), hole(), entry("HTTP", 17)]),
            Ok(())
        );
        let service = "HTTP/localhost@TEST.LOCAL".parse().unwrap();
        let other = Err(KerberosProblem::OtherService(service));
        assert_eq!(outcome(&[head(), entry("HTTP", 18), entry("host", 18)]), other);
        assert_eq!(outcome(&[head()]), other);
        for weak in [23, 3, 16] {
            let refused = outcome(&[head(), entry("HTTP", 18), entry("HTTP", weak)]);
            assert_eq!(refused, Err(KerberosProblem::WeakKey(weak)));
        }
        for broken in [
            vec![],
            vec![5, 1],
            [head(), entry("HTTP", 18)].concat()[..20].to_vec(),
        ] {
            assert_eq!(outcome(&[broken]), Err(KerberosProblem::NoKeytab));
        }
    }
}
