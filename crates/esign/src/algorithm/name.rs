//! Algorithms by name, for people.

use std::fmt;

use super::{Gost, bit_length, rsa_numbers, split_spki};
use crate::asn1::{Element, oids};

/// What kind of key a certificate holds, in words that need no translation. Also for keys that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyName {
    /// RSA with its length in bits
    Rsa(usize),
    /// A name
    Named(&'static str),
    /// Anything else, by its identifier
    Other(String),
}

impl KeyName {
    /// Names the key of a SubjectPublicKeyInfo.
    pub fn from_spki(spki: &[u8]) -> Self {
        let Ok((identifier, bits)) = split_spki(spki) else {
            return Self::Named("?");
        };
        match identifier.oid {
            oids::RSA_ENCRYPTION => {
                Self::Rsa(rsa_numbers(bits).map_or(0, |(modulus, _)| bit_length(modulus)))
            }
            oids::ED25519 => Self::Named("Ed25519"),
            oids::EC_PUBLIC_KEY => Self::ec(identifier.parameters),
            other => match Gost::from_key(other) {
                Some(gost) => Self::Named(gost.name()),
                None => Self::Other(other.to_string()),
            },
        }
    }

    fn ec(parameters: Option<Element<'_>>) -> Self {
        match parameters.and_then(|curve| curve.oid().ok()) {
            Some(oids::P256) => Self::Named("ECDSA P-256"),
            Some(oids::P384) => Self::Named("ECDSA P-384"),
            Some(other) => Self::Other(format!("ECDSA {other}")),
            None => Self::Named("ECDSA"),
        }
    }

    /// Length of an RSA modulus.
    pub const fn rsa_bits(&self) -> Option<usize> {
        if let Self::Rsa(bits) = self {
            Some(*bits)
        } else {
            None
        }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(bits) => write!(f, "RSA {bits}"),
            Self::Named(name) => f.write_str(name),
            Self::Other(name) => f.write_str(name),
        }
    }
}
