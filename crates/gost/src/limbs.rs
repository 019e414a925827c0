//! Arithmetic on little-endian arrays of 64-bit limbs, usable while compiling. What signing calls takes a time that does
//! not depend on the numbers.
#![expect(
    clippy::indexing_slicing,
    reason = "loops run over the lengths of the arrays, and `const fn` has no iterators"
)]

/// A number of `64 * L` bits, the lowest limb first.
pub(crate) type Limbs<const L: usize> = [u64; L];

/// `a + b + carry`, and the carry out.
#[inline]
pub(crate) const fn adc(a: u64, b: u64, carry: u64) -> (u64, u64) {
    split(a as u128 + b as u128 + carry as u128)
}

/// `a - b - borrow`, and the borrow out.
#[inline]
pub(crate) const fn sbb(a: u64, b: u64, borrow: u64) -> (u64, u64) {
    let (low, high) = split((a as u128).wrapping_sub(b as u128 + borrow as u128));
    (low, high & 1)
}

/// `sum + a * b + carry`, and the carry out; never overflows.
#[inline]
pub(crate) const fn mac(sum: u64, a: u64, b: u64, carry: u64) -> (u64, u64) {
    split(a as u128 * b as u128 + sum as u128 + carry as u128)
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the halves of the number")]
const fn split(wide: u128) -> (u64, u64) {
    (wide as u64, (wide >> 64) as u64)
}

/// The number of one limb.
pub(crate) const fn from_u64<const L: usize>(number: u64) -> Limbs<L> {
    let mut limbs = [0; L];
    limbs[0] = number;
    limbs
}

/// A power of two less than `2^(64 L)`.
pub(crate) fn power_of_two<const L: usize>(exponent: usize) -> Limbs<L> {
    let mut limbs = [0; L];
    limbs[exponent / 64] = 1 << (exponent % 64);
    limbs
}

/// Whether all limbs are zero.
pub(crate) const fn is_zero<const L: usize>(a: &Limbs<L>) -> bool {
    let (mut all, mut i) = (0, 0);
    while i < L {
        all |= a[i];
        i += 1;
    }
    all == 0
}

pub(crate) fn is_even<const L: usize>(a: &Limbs<L>) -> bool {
    a[0] & 1 == 0
}

/// Whether `a < b`.
pub(crate) const fn less<const L: usize>(a: &Limbs<L>, b: &Limbs<L>) -> bool {
    sub(a, b).1 == 1
}

/// Bits of the length that the number does not use.
pub(crate) fn leading_zeros<const L: usize>(a: &Limbs<L>) -> u32 {
    let mut unused = 0;
    for limb in a.iter().rev() {
        unused += limb.leading_zeros();
        if *limb != 0 {
            break;
        }
    }
    unused
}

/// Zero bits below the lowest bit that is not, as many as one shift takes.
#[inline]
pub(crate) fn trailing_zeros<const L: usize>(a: &Limbs<L>) -> u32 {
    a[0].trailing_zeros().min(63)
}

/// The bits, the lowest first.
pub(crate) fn bits<const L: usize>(limbs: &Limbs<L>) -> impl DoubleEndedIterator<Item = bool> {
    limbs
        .iter()
        .flat_map(|limb| (0..64).map(move |bit| limb >> bit & 1 == 1))
}

/// `width` bits from a position on, fewer than 32; zeros beyond the number.
pub(crate) fn window<const L: usize>(a: &Limbs<L>, position: usize, width: u32) -> u32 {
    let limb = |index: usize| u128::from(a.get(index).copied().unwrap_or_default());
    let wide = limb(position / 64 + 1) << 64 | limb(position / 64);
    let mask = (1 << width) - 1;
    u32::try_from((wide >> (position % 64)) & mask).unwrap_or_default()
}

/// `a` where `flag` is one, zero where it is zero.
#[inline]
pub(crate) const fn mask<const L: usize>(a: &Limbs<L>, flag: u64) -> Limbs<L> {
    let (mut masked, mut i) = ([0; L], 0);
    while i < L {
        masked[i] = a[i] & flag.wrapping_neg();
        i += 1;
    }
    masked
}

/// `a + b`, and the carry out.
#[inline]
pub(crate) const fn add<const L: usize>(a: &Limbs<L>, b: &Limbs<L>) -> (Limbs<L>, u64) {
    let (mut sum, mut carry, mut i) = ([0; L], 0, 0);
    while i < L {
        (sum[i], carry) = adc(a[i], b[i], carry);
        i += 1;
    }
    (sum, carry)
}

/// `a - b`, and the borrow out.
#[inline]
pub(crate) const fn sub<const L: usize>(a: &Limbs<L>, b: &Limbs<L>) -> (Limbs<L>, u64) {
    let (mut difference, mut borrow, mut i) = ([0; L], 0, 0);
    while i < L {
        (difference[i], borrow) = sbb(a[i], b[i], borrow);
        i += 1;
    }
    (difference, borrow)
}

/// `a + b`, and the carry out.
#[inline]
pub(crate) const fn add_u64<const L: usize>(a: &Limbs<L>, b: u64) -> (Limbs<L>, u64) {
    let (mut sum, mut carry, mut i) = (*a, b, 0);
    while i < L {
        (sum[i], carry) = adc(a[i], 0, carry);
        i += 1;
    }
    (sum, carry)
}

/// `a - b`, and the borrow out.
#[inline]
pub(crate) const fn sub_u64<const L: usize>(a: &Limbs<L>, b: u64) -> (Limbs<L>, u64) {
    let (mut difference, mut borrow, mut i) = (*a, b, 0);
    while i < L {
        (difference[i], borrow) = sbb(a[i], 0, borrow);
        i += 1;
    }
    (difference, borrow)
}

/// `sum + a * factor`, and the limb carried out.
#[inline]
pub(crate) const fn add_product<const L: usize>(
    sum: &Limbs<L>,
    a: &Limbs<L>,
    factor: u64,
) -> (Limbs<L>, u64) {
    let (mut result, mut carry, mut i) = ([0; L], 0, 0);
    while i < L {
        (result[i], carry) = mac(sum[i], a[i], factor, carry);
        i += 1;
    }
    (result, carry)
}

/// The product, its low and its high half.
#[inline]
pub(crate) const fn mul<const L: usize>(a: &Limbs<L>, b: &Limbs<L>) -> (Limbs<L>, Limbs<L>) {
    let (mut low, mut high, mut i) = ([0; L], [0; L], 0);
    while i < L {
        // `high` slides down by one limb in each row.
        let mut carry;
        (low[i], carry) = mac(high[0], a[i], b[0], 0);
        let mut j = 1;
        while j < L {
            (high[j - 1], carry) = mac(high[j], a[i], b[j], carry);
            j += 1;
        }
        high[L - 1] = carry;
        i += 1;
    }
    (low, high)
}

/// The square, its low and its high half.
#[inline]
pub(crate) const fn square<const L: usize>(a: &Limbs<L>) -> (Limbs<L>, Limbs<L>) {
    let mut halves = [[0; L]; 2];
    let wide = halves.as_flattened_mut();
    let (mut i, mut carry) = (0, 0);
    // The products of different limbs, which come twice …
    while i < L {
        let mut j = i + 1;
        while j < L {
            (wide[i + j], carry) = mac(wide[i + j], a[i], a[j], carry);
            j += 1;
        }
        wide[i + L] = carry;
        carry = 0;
        i += 1;
    }
    i = 2 * L - 1;
    while i > 0 {
        wide[i] = wide[i] << 1 | wide[i - 1] >> 63;
        i -= 1;
    }
    // … and the squares of the limbs.
    while i < L {
        let (low, high) = mac(0, a[i], a[i], 0);
        (wide[2 * i], carry) = adc(wide[2 * i], low, carry);
        (wide[2 * i + 1], carry) = adc(wide[2 * i + 1], high, carry);
        i += 1;
    }
    (halves[0], halves[1])
}

/// The number without its lowest bits, fewer than 64.
pub(crate) fn shift_right<const L: usize>(a: &Limbs<L>, count: u32) -> Limbs<L> {
    let mut above = 0;
    let mut shifted = *a;
    for limb in shifted.iter_mut().rev() {
        let wide = u128::from(above) << 64 | u128::from(*limb);
        above = *limb;
        *limb = split(wide >> count).0;
    }
    shifted
}

/// The number times a small power of two, without what overflows.
#[inline]
pub(crate) fn shift_left<const L: usize>(a: &Limbs<L>, count: u32) -> Limbs<L> {
    let mut below = 0;
    let mut shifted = *a;
    for limb in &mut shifted {
        let wide = (u128::from(*limb) << 64 | u128::from(below)) << count;
        below = *limb;
        *limb = split(wide).1;
    }
    shifted
}

/// `-a^-1 mod 2^64` of an odd number's lowest limb, by Newton's iteration.
pub(crate) const fn negated_inverse<const L: usize>(a: &Limbs<L>) -> u64 {
    let (mut inverse, mut correct_bits) = (1_u64, 1);
    while correct_bits < 64 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(a[0].wrapping_mul(inverse)));
        correct_bits *= 2;
    }
    inverse.wrapping_neg()
}

/// Montgomery's reduction without its last step: `(low + high * 2^(64 L)) / 2^(64 L)` modulo `modulus`,
/// less than twice the modulus if `high` is less than it, and the carry out.
#[inline]
pub(crate) const fn montgomery<const L: usize>(
    low: &Limbs<L>,
    high: &Limbs<L>,
    modulus: &Limbs<L>,
    negated_inverse: u64,
) -> (Limbs<L>, u64) {
    let (mut sum, mut top, mut i) = (*low, 0, 0);
    while i < L {
        // `sum` slides down by one limb in each row, and takes the next one of `high`.
        let factor = sum[0].wrapping_mul(negated_inverse);
        let (_, mut carry) = mac(sum[0], factor, modulus[0], 0);
        let mut j = 1;
        while j < L {
            (sum[j - 1], carry) = mac(sum[j], factor, modulus[j], carry);
            j += 1;
        }
        (sum[L - 1], top) = adc(high[i], carry, top);
        i += 1;
    }
    (sum, top)
}
