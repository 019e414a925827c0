//! What binary forms of Euclid's algorithm find out about public numbers.
#![expect(clippy::many_single_char_names, reason = "the letters of the papers")]

use crate::limbs::{self, Limbs};
use crate::modulus::Modulus;

/// The inverse of a number less than the modulus, a prime; meaningless for zero. It is Kaliski's almost inverse, whose
/// excess of twos is then taken out again.
pub(crate) fn invert<const L: usize>(number: &Limbs<L>, modulus: &Modulus<L>) -> Limbs<L> {
    // a v + b u = modulus; v number = ±b 2^k and u number = ∓a 2^k modulo it.
    let (mut a, mut b) = (*modulus.value(), *number);
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
    let u = modulus.divide_by_power_of_two(&u, k);
    if swapped {
        u
    } else {
        limbs::sub(modulus.value(), &u).0
    }
}

/// Whether a number less than the modulus, a prime, is the square of another one than zero: Jacobi's symbol.
pub(crate) fn is_square<const L: usize>(number: &Limbs<L>, modulus: &Modulus<L>) -> bool {
    let (mut a, mut n) = (*number, *modulus.value());
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
