//! Constant-time arithmetic modulo an odd number that is known at run time only: one copy of the code
//! serves every field and every group order of the same length.

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroize;

use crate::limbs::{self, Limbs};

/// A number modulo `m`, multiplied by `2^(64 L)` (Montgomery's form) and always less than `m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Residue<const L: usize>(Limbs<L>);

impl<const L: usize> Residue<L> {
    pub(crate) const ZERO: Self = Self([0; L]);

    pub(crate) const fn is_zero(&self) -> bool {
        limbs::is_zero(&self.0)
    }
}

impl<const L: usize> ConditionallySelectable for Residue<L> {
    fn conditional_select(a: &Self, b: &Self, choice: Choice) -> Self {
        Self(<Limbs<L>>::conditional_select(&a.0, &b.0, choice))
    }
}

impl<const L: usize> ConstantTimeEq for Residue<L> {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.as_slice().ct_eq(other.0.as_slice())
    }
}

impl<const L: usize> Zeroize for Residue<L> {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

/// An odd modulus with what Montgomery's multiplication needs.
#[derive(Debug)]
pub(crate) struct Modulus<const L: usize> {
    value: Limbs<L>,
    /// `-value^-1 mod 2^64`
    negated_inverse: u64,
    /// `2^(64 L) mod value`
    one: Residue<L>,
    /// `2^(128 L) mod value`
    square: Residue<L>,
}

impl<const L: usize> Modulus<L> {
    pub(crate) const fn new(value: Limbs<L>) -> Self {
        let mut modulus = Self {
            value,
            negated_inverse: limbs::negated_inverse(&value),
            one: Residue::ZERO,
            square: Residue::ZERO,
        };
        modulus.one = modulus.doubled(limbs::from_u64(1), 64 * L);
        modulus.square = modulus.doubled(modulus.one.0, 64 * L);
        modulus
    }

    pub(crate) const fn value(&self) -> &Limbs<L> {
        &self.value
    }

    pub(crate) const fn one(&self) -> Residue<L> {
        self.one
    }

    /// The residue of any number of the length.
    pub(crate) const fn residue(&self, number: &Limbs<L>) -> Residue<L> {
        self.mul(&Residue(*number), &self.square)
    }

    /// The number of a residue, less than the modulus.
    pub(crate) const fn number(&self, residue: &Residue<L>) -> Limbs<L> {
        self.reduce(&residue.0, &[0; L]).0
    }

    #[inline]
    pub(crate) const fn add(&self, a: &Residue<L>, b: &Residue<L>) -> Residue<L> {
        let (sum, carry) = limbs::add(&a.0, &b.0);
        self.subtract_once(&sum, carry)
    }

    #[inline]
    pub(crate) const fn sub(&self, a: &Residue<L>, b: &Residue<L>) -> Residue<L> {
        let (difference, borrow) = limbs::sub(&a.0, &b.0);
        Residue(limbs::add(&difference, &limbs::mask(&self.value, borrow)).0)
    }

    #[inline]
    pub(crate) const fn mul(&self, a: &Residue<L>, b: &Residue<L>) -> Residue<L> {
        let (low, high) = limbs::mul(&a.0, &b.0);
        self.reduce(&low, &high)
    }

    /// The inverse by Fermat's theorem, for a prime modulus; zero for zero. The exponent is public.
    pub(crate) fn invert(&self, a: &Residue<L>) -> Residue<L> {
        let exponent = limbs::sub(&self.value, &limbs::from_u64(2)).0;
        let mut power = self.one;
        for bit in limbs::bits(&exponent).rev() {
            power = self.mul(&power, &power);
            if bit {
                power = self.mul(&power, a);
            }
        }
        power
    }

    /// `number / 2^exponent` modulo the modulus, for a number less than it.
    pub(crate) fn divide_by_power_of_two(&self, number: &Limbs<L>, exponent: usize) -> Limbs<L> {
        let (mut quotient, mut left) = (Residue(*number), exponent);
        while left > 0 {
            // Each multiplication divides by 2^(64 L).
            let step = left.min(64 * L);
            quotient = self.mul(&quotient, &Residue(limbs::power_of_two(64 * L - step)));
            left -= step;
        }
        quotient.0
    }

    /// `number * 2^times` modulo the modulus, for a number less than it.
    const fn doubled(&self, number: Limbs<L>, times: usize) -> Residue<L> {
        let (mut residue, mut i) = (Residue(number), 0);
        while i < times {
            residue = self.add(&residue, &residue);
            i += 1;
        }
        residue
    }

    /// Montgomery's reduction: `(low + high * 2^(64 L)) / 2^(64 L)`, for `high` less than the modulus.
    #[inline]
    const fn reduce(&self, low: &Limbs<L>, high: &Limbs<L>) -> Residue<L> {
        let (reduced, carry) = limbs::montgomery(low, high, &self.value, self.negated_inverse);
        self.subtract_once(&reduced, carry)
    }

    /// Brings a number less than twice the modulus, its top bit in `carry`, below the modulus.
    #[inline]
    const fn subtract_once(&self, number: &Limbs<L>, carry: u64) -> Residue<L> {
        let (difference, borrow) = limbs::sub(number, &self.value);
        let add_back = limbs::mask(&self.value, borrow & (carry ^ 1));
        Residue(limbs::add(&difference, &add_back).0)
    }
}
