//! Verification: on public data only, in a time that depends on them.

use alloc::boxed::Box;
use core::sync::atomic::{AtomicBool, Ordering};

use once_cell::race::OnceBox;

use crate::curve::Curve;
use crate::encoding::{ByteOrder, Pair, digest_number};
use crate::error::SignatureError;
use crate::limbs::{self, Limbs};
use crate::modulus::{Modulus, Residue};
use crate::parameters::{self, ParameterSet};

mod field;
mod multiples;
mod point;

use field::{Field, Montgomery, Prime, PseudoMersenne};
use multiples::Multiples;
use point::{Affine, Jacobian};

/// A parameter set as a type, so that the compiler fits the arithmetic to its prime.
pub(crate) trait Group<const L: usize>: Copy + Send + Sync + 'static {
    type Field: Field<L>;

    const CURVE: &'static Curve<L>;
    const ONE: Self::Field;
    const A: Self::Field;
    const A_IS_MINUS_THREE: bool;

    /// The multiples of the base point, made when they are first needed.
    fn base() -> &'static OnceBox<Multiples<Self, L>>;
}

/// A public key that only has to be used.
pub(crate) trait Verifier: Send + Sync {
    fn verify(&self, order: ByteOrder, digest: &[u8], signature: &[u8]) -> Result<(), SignatureError>;

    /// Whether q · Q is the point at infinity.
    fn is_in_subgroup(&self) -> bool;
}

/// How the base point's multiples are laid out: 8 · 2^4 points.
const BASE: (u32, usize) = (7, 4);
/// For a key that is used once.
const ONCE: (u32, usize) = (5, 1);
/// For a key that is used again.
const AGAIN: (u32, usize) = (5, 4);

/// A point, with its multiples from the second verification on.
struct Key<G: Group<L>, const L: usize> {
    point: Affine<G, L>,
    used: AtomicBool,
    multiples: OnceBox<Multiples<G, L>>,
}

impl<G: Group<L>, const L: usize> Key<G, L> {
    /// The bytes have been judged: of another length they would be a point that nothing verifies with.
    fn new(x_y: &[u8]) -> Self {
        Self {
            point: Affine::from_numbers(&limbs::pair_from_le_bytes(x_y).unwrap_or([[0; L]; 2])),
            used: AtomicBool::new(false),
            multiples: OnceBox::new(),
        }
    }

    /// z1 · P + z2 · Q
    fn sum(&self, z1: &Limbs<L>, z2: &Limbs<L>) -> Jacobian<G, L> {
        let base = G::base().get_or_init(|| {
            let base = Affine::from_numbers(&G::CURVE.base_coordinates());
            Box::new(Multiples::new(&base, BASE.0, BASE.1))
        });
        if self.used.swap(true, Ordering::Relaxed) {
            let again = || Box::new(Multiples::new(&self.point, AGAIN.0, AGAIN.1));
            multiples::sum((z1, base), (z2, self.multiples.get_or_init(again)))
        } else {
            multiples::sum((z1, base), (z2, &Multiples::new(&self.point, ONCE.0, ONCE.1)))
        }
    }
}

impl<G: Group<L>, const L: usize> Verifier for Key<G, L> {
    /// GOST R 34.10-2012, 6.2, with x(C) compared as X = R · Z², R being any number less than p with r = R mod q.
    fn verify(&self, order: ByteOrder, digest: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let q = &G::CURVE.order;
        let e = digest_number(digest, q)?;
        let Pair { r, s } = Pair::from_bytes(order, signature, q)?;
        let v = q.residue(&q.invert_vartime(&q.number(&e)));
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

    fn is_in_subgroup(&self) -> bool {
        multiples::multiply(G::CURVE.order.value(), &self.point).is_infinity()
    }
}

macro_rules! groups {
    ($($set:ident, $length:literal, $curve:ident, $field:ty, $a_is_minus_three:literal;)*) => {
        $(
            #[derive(Clone, Copy, Debug)]
            struct $set;

            impl Prime<$length> for $set {
                fn modulus() -> &'static Modulus<$length> {
                    &parameters::$curve.field
                }
            }

            impl Group<$length> for $set {
                type Field = $field;

                const CURVE: &'static Curve<$length> = &parameters::$curve;
                const ONE: $field = <$field>::new(&parameters::$curve.field.one(), &parameters::$curve.field);
                const A: $field = <$field>::new(&parameters::$curve.a, &parameters::$curve.field);
                const A_IS_MINUS_THREE: bool = $a_is_minus_three;

                fn base() -> &'static OnceBox<Multiples<Self, $length>> {
                    static BASE: OnceBox<Multiples<$set, $length>> = OnceBox::new();
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
    };
}

groups! {
    CryptoProA, 4, CRYPTO_PRO_A, PseudoMersenne<4, 617>, true;
    CryptoProB, 4, CRYPTO_PRO_B, Montgomery<Self, 4>, true;
    CryptoProC, 4, CRYPTO_PRO_C, Montgomery<Self, 4>, true;
    Test2001, 4, TEST_2001, Montgomery<Self, 4>, false;
    Tc26A256, 4, TC26_A_256, PseudoMersenne<4, 617>, false;
    Tc26A512, 8, TC26_A_512, PseudoMersenne<8, 569>, true;
    Tc26B512, 8, TC26_B_512, Montgomery<Self, 8>, true;
    Tc26C512, 8, TC26_C_512, PseudoMersenne<8, 569>, false;
    Test512, 8, TEST_512, Montgomery<Self, 8>, false;
}
