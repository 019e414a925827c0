//! Sums of multiples of points with remembered odd multiples: Straus' method over signed sliding windows (wNAF).

use alloc::vec::Vec;

use super::point::{Point, normalize};
use crate::limbs::{self, Limbs};

/// The bits of a scalar, and one for the carry.
const DIGITS: usize = 513;

/// How much of a point is remembered.
#[derive(Clone, Copy)]
pub(crate) struct Layout {
    /// Bits of a window; 2^(width - 2) points for each chunk.
    pub(crate) width: u32,
    /// Parts of a scalar that have points of their own, and so need no doublings between them.
    pub(crate) chunks: usize,
}

/// The odd multiples 1, 3, … 2^(width - 1) - 1 of 2^(chunk · i) · P, for each chunk i of a scalar.
pub(crate) struct Multiples<P: Point<L>, const L: usize> {
    width: u32,
    chunk: usize,
    points: Vec<Vec<P::Affine>>,
}

impl<P: Point<L>, const L: usize> Multiples<P, L> {
    pub(crate) fn new(point: &P::Affine, Layout { width, chunks }: Layout) -> Self {
        let chunk = 64 * L / chunks;
        let mut steps = Vec::with_capacity(2 * chunks);
        let mut power: P = (*point).into();
        for index in 0..chunks {
            if index > 0 {
                power = (0..chunk).fold(power, |power, _| power.double());
            }
            steps.extend([power, power.double()]);
        }
        let per_chunk = 1 << (width - 2);
        let mut multiples = Vec::with_capacity(chunks * per_chunk);
        for [power, twice] in normalize(&steps).as_chunks().0 {
            let mut multiple: P = (*power).into();
            for _ in 0..per_chunk {
                multiples.push(multiple);
                multiple = multiple.add(twice);
            }
        }
        let points = normalize(&multiples);
        let points = points.chunks(per_chunk).map(<[_]>::to_vec).collect();
        Self { width, chunk, points }
    }

    /// The signed digits of each chunk of `k`, with the multiples that they count.
    fn split<'a>(&'a self, digits: &'a [i8; DIGITS]) -> impl Iterator<Item = (&'a [i8], &'a [P::Affine])> {
        let mut rest = digits.as_slice();
        let last = self.points.len() - 1;
        self.points.iter().enumerate().map(move |(index, points)| {
            let length = if index == last { rest.len() } else { self.chunk };
            let (digits, after) = rest.split_at_checked(length).unwrap_or_default();
            rest = after;
            (digits, points.as_slice())
        })
    }
}

/// `k · P + l · Q`, for scalars less than the order.
pub(crate) fn sum<P: Point<L>, const L: usize>(
    (k, p): (&Limbs<L>, &Multiples<P, L>),
    (l, q): (&Limbs<L>, &Multiples<P, L>),
) -> P {
    let (k, l) = (digits(k, p.width), digits(l, q.width));
    let parts: Vec<_> = p.split(&k).chain(q.split(&l)).collect();
    let mut sum = P::INFINITY;
    for position in (0..=p.chunk.max(q.chunk)).rev() {
        if !sum.is_infinity() {
            sum = sum.double();
        }
        for (digits, points) in &parts {
            let Some(digit) = digits.get(position).filter(|digit| **digit != 0) else {
                continue;
            };
            let Some(point) = points.get(usize::from(digit.unsigned_abs() / 2)) else {
                continue;
            };
            sum = if *digit < 0 {
                sum.add(&P::negate(point))
            } else {
                sum.add(point)
            };
        }
    }
    sum
}

/// The digits of a number in wNAF, the lowest first: zero or odd, less than 2^(width - 1) in absolute value,
/// and at least `width - 1` zeros between two that are not.
fn digits<const L: usize>(number: &Limbs<L>, width: u32) -> [i8; DIGITS] {
    let mut digits = [0; DIGITS];
    let mut zeros = 0;
    let mut carry = 0;
    for (position, digit) in digits.iter_mut().enumerate().take(64 * L + 1) {
        if zeros > 0 {
            zeros -= 1;
            continue;
        }
        let window = limbs::window(number, position, width) + carry;
        if window % 2 == 0 {
            continue;
        }
        carry = window >> (width - 1);
        *digit = i8::try_from(i64::from(window) - (i64::from(carry) << width)).unwrap_or_default();
        zeros = width - 1;
    }
    digits
}
