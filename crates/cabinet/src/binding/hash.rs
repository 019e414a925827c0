use argon2::{Argon2, PasswordHasher, PasswordVerifier};

use crate::{Entropy, Failure};

/// A password as it is stored: argon2id, 19 MiB, two passes, one lane, with its parameters in front.
#[derive(Clone)]
pub struct PasswordHash(String);

/// What every hash made today begins with; any other is made anew at the next sign-in.
const TODAY: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// Checked for logins that have no password, so that they take as long. No password is known to match it.
pub(crate) const DUMMY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdCBvZiBub2JvZHkhIQ$QPmkJ3N0L0mD3v0JY4k2O0w5nq2h1U8rI6s7t9xYzAE";

/// Longer input is nobody's password here and is not worth hashing.
pub(crate) const MAX_BYTES: usize = 1024;

impl PasswordHash {
    /// Hashes a password. Costs 19 MiB and some tens of milliseconds: call it on a bounded pool.
    pub(crate) fn new(password: &str, entropy: &Entropy) -> Result<Self, Failure> {
        let salt: [u8; 16] = entropy.bytes();
        let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
        hash.map(|hash| Self(hash.to_string()))
            .map_err(|error| Failure::new(error.to_string()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Whether a password gives a stored hash. As costly as hashing.
pub(crate) fn matches(password: &str, hash: &str) -> bool {
    password.len() <= MAX_BYTES
        && Argon2::default()
            .verify_password(password.as_bytes(), hash)
            .is_ok()
}

/// Whether a stored hash was made with other parameters than today's.
pub(crate) fn needs_rehash(hash: &str) -> bool {
    !hash.starts_with(TODAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pwd_4_the_cost_is_what_the_documentation_says() {
        let hash = PasswordHash::new("пароль", &Entropy::system()).unwrap();
        assert!(hash.as_str().starts_with(TODAY), "{}", hash.as_str());
        assert!(matches("пароль", hash.as_str()));
        assert!(!matches("Пароль", hash.as_str()));
        assert!(needs_rehash("$argon2id$v=19$m=4096,t=3,p=1$AAAA$AAAA"));
        assert!(!needs_rehash(DUMMY));
    }

    #[test]
    fn pwd_5_the_dummy_is_a_real_hash_so_that_checking_it_costs_the_same() {
        use argon2::password_hash::phc;
        let dummy = phc::PasswordHash::new(DUMMY).unwrap();
        let real = PasswordHash::new("x", &Entropy::system()).unwrap();
        let real = phc::PasswordHash::new(real.as_str()).unwrap();
        assert_eq!(dummy.params, real.params);
        assert_eq!(dummy.hash.unwrap().len(), real.hash.unwrap().len());
        assert_eq!(dummy.salt.unwrap().len(), real.salt.unwrap().len());
    }
}
