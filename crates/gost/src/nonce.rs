//! The one-time number k of a signature, by RFC 6979 with HMAC of Streebog-512.
//!
//! Nobody who signs twice with one k keeps the private key, and so k depends on the private key, the digest and on
//! whatever the caller adds (RFC 6979 §3.6): it is safe if *either* the key is secret, *or* the addition is random.

use hmac::{Hmac, KeyInit, Mac};
use streebog::Streebog512;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::bytes;
use crate::limbs::{self, Limbs};
use crate::modulus::Modulus;

/// A source of one-time numbers: HMAC_DRBG as RFC 6979 §3.2 sets it up.
pub(crate) struct Nonces {
    key: [u8; 64],
    value: [u8; 64],
}

impl Drop for Nonces {
    fn drop(&mut self) {
        self.key.zeroize();
        self.value.zeroize();
    }
}

impl ZeroizeOnDrop for Nonces {}

impl Nonces {
    /// Steps a to g; `e` in the place of bits2octets(h1).
    pub(crate) fn new<const L: usize>(d: &Limbs<L>, e: &Limbs<L>, added: &[u8]) -> Self {
        let mut nonces = Self {
            key: [0; 64],
            value: [1; 64],
        };
        for round in [0, 1] {
            nonces.rekey(round, |mac| {
                for limb in d.iter().rev().chain(e.iter().rev()) {
                    mac.update(&limb.to_be_bytes());
                }
                mac.update(added);
            });
        }
        nonces
    }

    /// Step h: a number between 0 and q, both excluded; another one with each call.
    pub(crate) fn next<const L: usize>(&mut self, q: &Modulus<L>) -> Limbs<L> {
        let excess = limbs::leading_zeros(q.value());
        loop {
            self.value = self.mac(|_| ());
            let mut k = limbs::shift_right(&bytes::leading(&self.value), excess);
            self.rekey(0, |_| ());
            // Which candidates fail says nothing about the one that does not.
            if !limbs::is_zero(&k) && limbs::less(&k, q.value()) {
                return k;
            }
            k.zeroize();
        }
    }

    /// K = HMAC_K(V ‖ round ‖ input), V = HMAC_K(V)
    fn rekey(&mut self, round: u8, input: impl FnOnce(&mut Hmac<Streebog512>)) {
        self.key = self.mac(|mac| {
            mac.update(&[round]);
            input(mac);
        });
        self.value = self.mac(|_| ());
    }

    /// HMAC_K(V ‖ input)
    fn mac(&self, input: impl FnOnce(&mut Hmac<Streebog512>)) -> [u8; 64] {
        let mut mac = Hmac::<Streebog512>::new(&self.key.into());
        mac.update(&self.value);
        input(&mut mac);
        mac.finalize().into_bytes().into()
    }
}
