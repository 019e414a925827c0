//! Verification: on public data only, in a time that depends on them.

use alloc::boxed::Box;
use core::sync::atomic::{AtomicBool, Ordering};

use once_cell::race::OnceBox;

use crate::bytes;
use crate::curve::Curve;
use crate::encoding::{ByteOrder, Pair, digest_number};
use crate::error::SignatureError;
use crate::limbs::{self, Limbs};
use crate::modulus::{Modulus, Residue};
use crate::parameters::{self, ParameterSet};

mod edwards;
mod euclid;
mod field;
mod jacobian;
mod multiples;
mod point;

use edwards::{Edwards, EdwardsGroup};
use field::{Field, Montgomery, Prime, PseudoMersenne};
use jacobian::Jacobian;
use multiples::{Layout, Multiples};
use point::Point;

/// A parameter set as a type, so that the compiler fits the arithmetic to its prime.
pub(crate) trait Group<const L: usize>: Copy + Send + Sync + 'static {
    type Field: Field<L>;
    /// The form that its points are added in.
    type Point: Point<L>;

    const CURVE: &'static Curve<L>;
    const A: Self::Field;
    const A_IS_MINUS_THREE: bool = Self::CURVE.a_is_minus_three();

    /// The multiples of the base point, made when they are first needed.
    fn base() -> &'static OnceBox<Multiples<Self::Point, L>>;
}

/// A public key that only has to be used.
pub(crate) trait Verifier: Send + Sync {
    fn verify(&self, order: ByteOrder, digest: &[u8], signature: &[u8]) -> Result<(), SignatureError>;
}

/// For the base point: 256 points, 16 or 32 KiB, and twice that in Edwards form.
const BASE: Layout = Layout { width: 7, chunks: 8 };
/// For a key that is used once: 8 points.
const ONCE: Layout = Layout { width: 5, chunks: 1 };
/// For a key that is used again: 64 points, 4 or 8 KiB, and twice that in Edwards form.
const AGAIN: Layout = Layout { width: 5, chunks: 8 };

/// A point, with its multiples from the second verification on.
struct Key<G: Group<L>, const L: usize> {
    point: <G::Point as Point<L>>::Affine,
    used: AtomicBool,
    multiples: OnceBox<Multiples<G::Point, L>>,
}

impl<G: Group<L>, const L: usize> Key<G, L> {
    fn new(x_y: &[u8]) -> Self {
        Self {
            point: G::Point::from_coordinates(&coordinates(x_y)),
            used: AtomicBool::new(false),
            multiples: OnceBox::new(),
        }
    }

    /// z1 · P + z2 · Q
    fn sum(&self, z1: &Limbs<L>, z2: &Limbs<L>) -> G::Point {
        let base = G::base().get_or_init(|| {
            let base = G::Point::from_coordinates(&G::CURVE.base_coordinates());
            Box::new(Multiples::new(&base, BASE))
        });
        if self.used.swap(true, Ordering::Relaxed) {
            let again = || Box::new(Multiples::new(&self.point, AGAIN));
            multiples::sum((z1, base), (z2, self.multiples.get_or_init(again)))
        } else {
            multiples::sum((z1, base), (z2, &Multiples::new(&self.point, ONCE)))
        }
    }
}

/// The bytes have been judged: of another length they would be a point that verifies nothing.
fn coordinates<const L: usize>(x_y: &[u8]) -> [Limbs<L>; 2] {
    bytes::pair_from_le_bytes(x_y).unwrap_or([[0; L]; 2])
}

impl<G: Group<L>, const L: usize> Verifier for Key<G, L> {
    /// GOST R 34.10-2012, 6.2, with x(C) compared as X = R · Z², R being any number less than p with r = R mod q.
    fn verify(&self, order: ByteOrder, digest: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let q = &G::CURVE.order;
        let e = digest_number(digest, q)?;
        let Pair { r, s } = Pair::from_bytes(order, signature, q)?;
        let v = q.residue(&euclid::invert(&q.number(&e), q));
        let z1 = q.number(&q.mul(&q.residue(&s), &v));
        let z2 = q.number(&q.sub(&Residue::ZERO, &q.mul(&q.residue(&r), &v)));
        let sum = self.sum(&z1, &z2);
        let mut candidate = Some(r);
        while let Some(x) = candidate {
            if sum.has_x(&x) {
                return Ok(());
            }
            candidate = match limbs::add(&x, q.value()) {
                (next, 0) if limbs::less(&next, G::CURVE.field.value()) => Some(next),
                _ => None,
            };
        }
        Err(SignatureError::Mismatch)
    }
}

macro_rules! groups {
    ($($set:ident: $form:ident<$length:literal>, $field:ty, $curve:ident;)*) => {
        $(
            #[derive(Clone, Copy, Debug)]
            struct $set;

            impl Prime<$length> for $set {
                const MODULUS: &'static Modulus<$length> = &parameters::$curve.field;
            }

            impl Group<$length> for $set {
                type Field = $field;
                type Point = $form<Self, $length>;

                const CURVE: &'static Curve<$length> = &parameters::$curve;
                const A: $field = <$field>::new(&parameters::$curve.a, &parameters::$curve.field);

                fn base() -> &'static OnceBox<Multiples<Self::Point, $length>> {
                    static BASE: OnceBox<Multiples<$form<$set, $length>, $length>> = OnceBox::new();
                    &BASE
                }
            }
        )*

        /// The key of a point of the curve.
        pub(crate) fn verifier(set: ParameterSet, x_y: &[u8]) -> Box<dyn Verifier> {
            match set {
                $(ParameterSet::$set => Box::new(Key::<$set, $length>::new(x_y)),)*
            }
        }

        /// Whether a point of the curve is in the subgroup of order q.
        pub(crate) fn is_in_subgroup(set: ParameterSet, x_y: &[u8]) -> bool {
            match set {
                $(ParameterSet::$set => <$set as Group<$length>>::Point::is_in_subgroup(&coordinates(x_y)),)*
            }
        }
    };
}

groups! {
    CryptoProA: Jacobian<4>, PseudoMersenne<4, 617>, CRYPTO_PRO_A;
    CryptoProB: Jacobian<4>, Montgomery<Self, 4>, CRYPTO_PRO_B;
    CryptoProC: Jacobian<4>, Montgomery<Self, 4>, CRYPTO_PRO_C;
    Test2001: Jacobian<4>, Montgomery<Self, 4>, TEST_2001;
    Tc26A256: Edwards<4>, PseudoMersenne<4, 617>, TC26_A_256;
    Tc26A512: Jacobian<8>, PseudoMersenne<8, 569>, TC26_A_512;
    Tc26B512: Jacobian<8>, Montgomery<Self, 8>, TC26_B_512;
    Tc26C512: Edwards<8>, PseudoMersenne<8, 569>, TC26_C_512;
    Test512: Jacobian<8>, Montgomery<Self, 8>, TEST_512;
}

impl EdwardsGroup<4> for Tc26A256 {
    const D: Self::Field =
        PseudoMersenne::from_hex("0605F6B7C183FA81578BC39CFAD518132B9DF62897009AF7E522C32D6DC7BFFB");
    const S: Self::Field =
        PseudoMersenne::from_hex("7E7E82520F9F015FAA1D0F18C14AB9FB35188275DA3FD94206B74F34A48E0ECD");
    const T: Self::Field =
        PseudoMersenne::from_hex("0100FE73F595FF158E974B44D478D9588744FE5C192AC47EA63075DCE7A14AAA");
}

impl EdwardsGroup<8> for Tc26C512 {
    const D: Self::Field = PseudoMersenne::from_hex(
        "9E4F5D8C017D8D9F13A5CF3CDF5BFE4DAB402D54198E31EBDE28A0621050439C\
         A6B39E0A515C06B304E2CE43E79E369E91A0CFC2BC2A22B4CA302DBB33EE7550",
    );
    const S: Self::Field = PseudoMersenne::from_hex(
        "186C289CFFA09C983B168C30C829006C952FF4AAF99C73850875D7E77BEBEF18\
         D653187D6BA8FE533EC74C6F061872585B97CC0F50F57752CD73F4913304621E",
    );
    const T: Self::Field = PseudoMersenne::from_hex(
        "9A628F975594ECEFD89BA28A2539FFB79C8AB238AEED0851FA5C1ABB02B80B44\
         C6734501B83A011DD625CD0B5145091A6D9ACD4B1F5C5B1E21B2B249DDFD1271",
    );
}

#[cfg(test)]
mod tests;
