use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Which service browsers ask a ticket for.
#[derive(Debug, Clone)]
pub struct KerberosSettings {
    /// Its name.
    pub service: ServiceName,
    /// The file with its keys.
    pub keytab: PathBuf,
    /// Whose people may come; none: the service's own realm.
    pub realms: Vec<String>,
}

/// The principal of a service, `HTTP/host@REALM`: browsers make it of the address they are at (RFC 4559 §4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceName {
    host: String,
    realm: String,
}

/// The text names no service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected HTTP/host@REALM, with the host of base_url")]
pub struct MalformedService;

/// Why tickets cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KerberosProblem {
    /// The program was built without it.
    #[error(
        "this program was built without Kerberos; take a release, or build it with `--features kerberos`, which needs \
         libkrb5-dev and libclang-dev, or remove the section"
    )]
    NotBuilt,
    /// The file is no keytab.
    #[error("`keytab` is no keytab of version 2; make it by ktpass or ktutil")]
    NoKeytab,
    /// The file cannot be read.
    #[error("`keytab` cannot be read: {0}")]
    Unreadable(String),
    /// Other services' keys are there, or nobody's.
    #[error("`keytab` must hold the keys of {0} and of nothing else")]
    OtherService(ServiceName),
    /// Tickets could be forged by who guesses a password, or break the cipher.
    #[error("`keytab` holds a key of the kind {0}; make it anew with AES keys alone (RFC 3962, RFC 8009)")]
    WeakKey(u16),
    /// The library refuses.
    #[error("Kerberos refuses `keytab`: {0}")]
    Library(String),
}

impl ServiceName {
    /// The realm.
    pub fn realm(&self) -> &str {
        &self.realm
    }

    /// The host that browsers know it by.
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl FromStr for ServiceName {
    type Err = MalformedService;

    fn from_str(text: &str) -> Result<Self, MalformedService> {
        let (host, realm) = text
            .strip_prefix("HTTP/")
            .and_then(|rest| rest.split_once('@'))
            .ok_or(MalformedService)?;
        let is_plain = |part: &str| {
            let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
            (1..=255).contains(&part.len()) && part.bytes().all(is_fit)
        };
        if !is_plain(host) || !is_plain(realm) {
            return Err(MalformedService);
        }
        Ok(Self {
            host: host.to_owned(),
            realm: realm.to_owned(),
        })
    }
}

impl fmt::Display for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP/{}@{}", self.host, self.realm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_that_of_a_site() {
        let service: ServiceName = "HTTP/cabinet.school.example@SCHOOL.EXAMPLE".parse().unwrap();
        assert_eq!(
            (service.host(), service.realm()),
            ("cabinet.school.example", "SCHOOL.EXAMPLE")
        );
        for wrong in [
            "host/a@B",
            "HTTP/a",
            "HTTP/@B",
            "HTTP/a@",
            "HTTP/a/b@C",
            "HTTP/a@B@C",
        ] {
            assert_eq!(wrong.parse::<ServiceName>(), Err(MalformedService), "{wrong}");
        }
    }
}
