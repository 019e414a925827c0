//! Fields whose arithmetic may take a time that depends on the values: on public data only.

use core::marker::PhantomData;
use core::ops::{Add, Mul, Neg, Sub};

use super::euclid;
use crate::bytes;
use crate::limbs::{self, Limbs};
use crate::modulus::{Modulus, Residue};

/// An element of a prime field of at most `64 * L` bits.
pub(crate) trait Field<const L: usize>:
    Copy
    + PartialEq
    + Send
    + Sync
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Neg<Output = Self>
{
    const ZERO: Self;
    const ONE: Self;

    /// The element of a number less than p.
    fn from_number(number: &Limbs<L>) -> Self;

    /// The least number of the element.
    fn number(self) -> Limbs<L>;

    fn square(self) -> Self;

    fn is_zero(self) -> bool;

    /// Meaningless for zero.
    fn invert(self) -> Self;

    fn double(self) -> Self {
        self + self
    }
}

/// p = 2^(64 L) - C for a small C: reduction multiplies the high half by C. Elements have any value of the length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PseudoMersenne<const L: usize, const C: u64>(Limbs<L>);

impl<const L: usize, const C: u64> PseudoMersenne<L, C> {
    const P: Limbs<L> = limbs::sub(&[0; L], &limbs::from_u64(C)).0;
    const MODULUS: Modulus<L> = Modulus::new(Self::P);

    /// The element of a residue modulo p.
    pub(crate) const fn new(residue: &Residue<L>, p: &Modulus<L>) -> Self {
        Self(p.number(residue))
    }

    pub(crate) const fn from_hex(hex: &str) -> Self {
        Self(bytes::from_hex(hex))
    }

    /// `number + carry * 2^(64 L)`
    #[inline]
    fn fold(number: &Limbs<L>, carry: u64) -> Self {
        match limbs::add_u64(number, carry * C) {
            (sum, 0) => Self(sum),
            // Wrapped around, and so small that it cannot again.
            (sum, _) => Self(limbs::add_u64(&sum, C).0),
        }
    }

    /// `number - borrow * 2^(64 L)`
    #[inline]
    fn unfold(number: &Limbs<L>, borrow: u64) -> Self {
        match limbs::sub_u64(number, borrow * C) {
            (difference, 0) => Self(difference),
            (difference, _) => Self(limbs::sub_u64(&difference, C).0),
        }
    }

    #[inline]
    fn reduce((low, high): (Limbs<L>, Limbs<L>)) -> Self {
        let (sum, carry) = limbs::add_product(&low, &high, C);
        Self::fold(&sum, carry)
    }
}

impl<const L: usize, const C: u64> Field<L> for PseudoMersenne<L, C> {
    const ZERO: Self = Self([0; L]);
    const ONE: Self = Self(limbs::from_u64(1));

    fn from_number(number: &Limbs<L>) -> Self {
        Self(*number)
    }

    fn number(self) -> Limbs<L> {
        match limbs::sub(&self.0, &Self::P) {
            (reduced, 0) => reduced,
            _ => self.0,
        }
    }

    #[inline]
    fn square(self) -> Self {
        Self::reduce(limbs::square(&self.0))
    }

    #[inline]
    fn is_zero(self) -> bool {
        limbs::is_zero(&self.0) || self.0 == Self::P
    }

    fn invert(self) -> Self {
        Self(euclid::invert(&self.number(), &Self::MODULUS))
    }
}

impl<const L: usize, const C: u64> PartialEq for PseudoMersenne<L, C> {
    fn eq(&self, other: &Self) -> bool {
        (*self - *other).is_zero()
    }
}

impl<const L: usize, const C: u64> Add for PseudoMersenne<L, C> {
    type Output = Self;

    #[inline]
    fn add(self, other: Self) -> Self {
        let (sum, carry) = limbs::add(&self.0, &other.0);
        Self::fold(&sum, carry)
    }
}

impl<const L: usize, const C: u64> Sub for PseudoMersenne<L, C> {
    type Output = Self;

    #[inline]
    fn sub(self, other: Self) -> Self {
        let (difference, borrow) = limbs::sub(&self.0, &other.0);
        Self::unfold(&difference, borrow)
    }
}

impl<const L: usize, const C: u64> Mul for PseudoMersenne<L, C> {
    type Output = Self;

    #[inline]
    fn mul(self, other: Self) -> Self {
        Self::reduce(limbs::mul(&self.0, &other.0))
    }
}

impl<const L: usize, const C: u64> Neg for PseudoMersenne<L, C> {
    type Output = Self;

    #[inline]
    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

/// A prime without a shape that helps.
pub(crate) trait Prime<const L: usize>: Copy + Send + Sync + 'static {
    const MODULUS: &'static Modulus<L>;
}

/// Elements modulo any prime, in Montgomery's form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Montgomery<P, const L: usize>(Residue<L>, PhantomData<P>);

impl<P: Prime<L>, const L: usize> Montgomery<P, L> {
    pub(crate) const fn new(residue: &Residue<L>, _p: &Modulus<L>) -> Self {
        Self::wrap(*residue)
    }

    #[inline]
    const fn wrap(residue: Residue<L>) -> Self {
        Self(residue, PhantomData)
    }
}

impl<P: Prime<L>, const L: usize> PartialEq for Montgomery<P, L> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<P: Prime<L>, const L: usize> Field<L> for Montgomery<P, L> {
    const ZERO: Self = Self::wrap(Residue::ZERO);
    const ONE: Self = Self::wrap(P::MODULUS.one());

    fn from_number(number: &Limbs<L>) -> Self {
        Self::wrap(P::MODULUS.residue(number))
    }

    fn number(self) -> Limbs<L> {
        P::MODULUS.number(&self.0)
    }

    #[inline]
    fn square(self) -> Self {
        self * self
    }

    #[inline]
    fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    fn invert(self) -> Self {
        Self::from_number(&euclid::invert(&self.number(), P::MODULUS))
    }
}

impl<P: Prime<L>, const L: usize> Add for Montgomery<P, L> {
    type Output = Self;

    #[inline]
    fn add(self, other: Self) -> Self {
        Self::wrap(P::MODULUS.add(&self.0, &other.0))
    }
}

impl<P: Prime<L>, const L: usize> Sub for Montgomery<P, L> {
    type Output = Self;

    #[inline]
    fn sub(self, other: Self) -> Self {
        Self::wrap(P::MODULUS.sub(&self.0, &other.0))
    }
}

impl<P: Prime<L>, const L: usize> Mul for Montgomery<P, L> {
    type Output = Self;

    #[inline]
    fn mul(self, other: Self) -> Self {
        Self::wrap(P::MODULUS.mul(&self.0, &other.0))
    }
}

impl<P: Prime<L>, const L: usize> Neg for Montgomery<P, L> {
    type Output = Self;

    #[inline]
    fn neg(self) -> Self {
        Self::ZERO - self
    }
}
