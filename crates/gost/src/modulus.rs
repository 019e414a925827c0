//! Constant-time arithmetic modulo an odd number that is known at run time only: one copy of the code
//! serves every field and every group order of the same length.
#![expect(clippy::many_single_char_names, reason = "the letters of the paper")]

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

    /// The inverse of a number that is neither zero nor has a factor with the modulus in common, in a time that
    /// depends on it: Kaliski's almost inverse, whose excess of twos is then taken out again.
    pub(crate) fn invert_vartime(&self, number: &Limbs<L>) -> Limbs<L> {
        // a v + b u = modulus; v number = ±b 2^k and u number = ∓a 2^k modulo it.
        let (mut a, mut b) = (self.value, *number);
        let (mut u, mut v) = ([0; L], limbs::from_u64(1));
        let (mut k, mut swapped) = (0, false);
        while !limbs::is_zero(&b) {
            let zeros = limbs::trailing_zeros(&b);
            b = limbs::shift_right(&b, zeros);
            u = limbs::shift_left(&u, zeros);
            k += zeros as usize;
            if limbs::is_even(&b) {
                continue;
            }
            let (mut difference, borrow) = limbs::sub(&b, &a);
            if borrow == 1 {
                difference = limbs::sub(&a, &b).0;
                (a, u, v) = (b, v, u);
                swapped = !swapped;
            }
            b = difference;
            v = limbs::add(&u, &v).0;
        }
        while k > 0 {
            let step = k.min(64 * L);
            let factor = Residue(limbs::power_of_two(64 * L - step));
            u = self.mul(&Residue(u), &factor).0;
            k -= step;
        }
        if swapped { u } else { limbs::sub(&self.value, &u).0 }
    }

    /// Whether a number less than the modulus, a prime, is the square of another one than zero: Jacobi's symbol.
    pub(crate) fn is_square_vartime(&self, number: &Limbs<L>) -> bool {
        let (mut a, mut n) = (*number, self.value);
        let mut is_square = true;
        while !limbs::is_zero(&a) {
            let zeros = limbs::trailing_zeros(&a);
            a = limbs::shift_right(&a, zeros);
            is_square ^= zeros % 2 == 1 && matches!(limbs::window(&n, 0, 3), 3 | 5);
            if limbs::is_even(&a) {
                continue;
            }
            let (mut difference, borrow) = limbs::sub(&a, &n);
            if borrow == 1 {
                is_square ^= limbs::window(&a, 0, 2) & limbs::window(&n, 0, 2) == 3;
                difference = limbs::sub(&n, &a).0;
                n = a;
            }
            a = difference;
        }
        is_square && !limbs::is_zero(number)
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
