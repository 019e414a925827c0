//! Curves y² = x³ + ax + b and the constant-time arithmetic of their points, by the complete formulas of
//! Renes, Costello and Batina (<https://eprint.iacr.org/2015/1060>, algorithm 1).
//!
//! On curves with points of order two (cofactor 4) the formulas are complete in the subgroup of prime order.

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroize;

use crate::bytes;
use crate::limbs::{self, Limbs};
use crate::modulus::{Modulus, Residue};

/// A curve with its base point.
#[derive(Debug)]
pub(crate) struct Curve<const L: usize> {
    /// p
    pub(crate) field: Modulus<L>,
    /// q, the order of the base point
    pub(crate) order: Modulus<L>,
    pub(crate) a: Residue<L>,
    b: Residue<L>,
    triple_b: Residue<L>,
    base: Point<L>,
}

/// The numbers of a curve as the standards print them.
pub(crate) struct Numbers {
    pub(crate) p: &'static str,
    pub(crate) q: &'static str,
    pub(crate) a: &'static str,
    pub(crate) b: &'static str,
    pub(crate) x: &'static str,
    pub(crate) y: &'static str,
}

/// A point in projective coordinates: x = X / Z, y = Y / Z.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point<const L: usize> {
    x: Residue<L>,
    y: Residue<L>,
    z: Residue<L>,
}

impl<const L: usize> ConditionallySelectable for Point<L> {
    fn conditional_select(a: &Self, b: &Self, choice: Choice) -> Self {
        Self {
            x: Residue::conditional_select(&a.x, &b.x, choice),
            y: Residue::conditional_select(&a.y, &b.y, choice),
            z: Residue::conditional_select(&a.z, &b.z, choice),
        }
    }
}

impl<const L: usize> Zeroize for Point<L> {
    fn zeroize(&mut self) {
        self.x.zeroize();
        self.y.zeroize();
        self.z.zeroize();
    }
}

impl<const L: usize> Curve<L> {
    pub(crate) const fn new(numbers: &Numbers) -> Self {
        let field = Modulus::new(bytes::from_hex(numbers.p));
        let b = field.residue(&bytes::from_hex(numbers.b));
        Self {
            order: Modulus::new(bytes::from_hex(numbers.q)),
            a: field.residue(&bytes::from_hex(numbers.a)),
            b,
            triple_b: field.add(&field.add(&b, &b), &b),
            base: Point {
                x: field.residue(&bytes::from_hex(numbers.x)),
                y: field.residue(&bytes::from_hex(numbers.y)),
                z: field.one(),
            },
            field,
        }
    }

    /// The coordinates of the base point.
    pub(crate) fn base_coordinates(&self) -> [Limbs<L>; 2] {
        [&self.base.x, &self.base.y].map(|coordinate| self.field.number(coordinate))
    }

    pub(crate) const fn a_is_minus_three(&self) -> bool {
        let (sum, _) = limbs::add_u64(&self.field.number(&self.a), 3);
        limbs::is_zero(&limbs::sub(&sum, self.field.value()).0)
    }

    /// Whether these coordinates, less than p, satisfy the equation.
    pub(crate) fn contains(&self, x: &Limbs<L>, y: &Limbs<L>) -> bool {
        let y = self.field.residue(y);
        self.field.mul(&y, &y) == self.right_side(&self.field.residue(x))
    }

    /// x³ + ax + b
    pub(crate) fn right_side(&self, x: &Residue<L>) -> Residue<L> {
        let factor = self.field.add(&self.field.mul(x, x), &self.a);
        self.field.add(&self.field.mul(&factor, x), &self.b)
    }

    /// The affine coordinates; zeros for the point at infinity.
    pub(crate) fn coordinates(&self, point: &Point<L>) -> [Limbs<L>; 2] {
        let field = &self.field;
        let inverse = field.invert(&point.z);
        [&point.x, &point.y].map(|coordinate| field.number(&field.mul(coordinate, &inverse)))
    }

    /// P + Q for any points of the subgroup, equal, opposite and infinite ones included.
    pub(crate) fn add(&self, p: &Point<L>, q: &Point<L>) -> Point<L> {
        let mul = |a: &Residue<L>, b: &Residue<L>| self.field.mul(a, b);
        let add = |a: &Residue<L>, b: &Residue<L>| self.field.add(a, b);
        let sub = |a: &Residue<L>, b: &Residue<L>| self.field.sub(a, b);

        let xx = mul(&p.x, &q.x);
        let yy = mul(&p.y, &q.y);
        let zz = mul(&p.z, &q.z);
        // X1 Y2 + X2 Y1 and so on
        let xy = sub(&mul(&add(&p.x, &p.y), &add(&q.x, &q.y)), &add(&xx, &yy));
        let xz = sub(&mul(&add(&p.x, &p.z), &add(&q.x, &q.z)), &add(&xx, &zz));
        let yz = sub(&mul(&add(&p.y, &p.z), &add(&q.y, &q.z)), &add(&yy, &zz));

        let a_zz = mul(&self.a, &zz);
        let s = add(&mul(&self.triple_b, &zz), &mul(&self.a, &xz));
        let (plus, minus) = (add(&yy, &s), sub(&yy, &s));
        let slope = add(&add(&add(&xx, &xx), &xx), &a_zz);
        let t = add(&mul(&self.triple_b, &xz), &mul(&self.a, &sub(&xx, &a_zz)));
        Point {
            x: sub(&mul(&xy, &minus), &mul(&yz, &t)),
            y: add(&mul(&minus, &plus), &mul(&slope, &t)),
            z: add(&mul(&yz, &plus), &mul(&xy, &slope)),
        }
    }

    /// k · P for the base point P.
    pub(crate) fn multiply_base(&self, k: &Limbs<L>) -> Point<L> {
        self.multiply(k, &self.base)
    }

    /// k · P by windows of four bits: the same steps for every k, and every entry of the table read for each.
    pub(crate) fn multiply(&self, k: &Limbs<L>, point: &Point<L>) -> Point<L> {
        let infinity = Point {
            x: Residue::ZERO,
            y: self.field.one(),
            z: Residue::ZERO,
        };
        let mut multiple = infinity;
        let table: [Point<L>; 16] = core::array::from_fn(|_| {
            let entry = multiple;
            multiple = self.add(&multiple, point);
            entry
        });
        let (mut sum, mut chosen) = (infinity, infinity);
        for byte in bytes::le_bytes(k).rev() {
            for nibble in [byte >> 4, byte & 15] {
                for _ in 0..4 {
                    sum = self.add(&sum, &sum);
                }
                for (entry, number) in table.iter().zip(0_u8..) {
                    chosen.conditional_assign(entry, number.ct_eq(&nibble));
                }
                sum = self.add(&sum, &chosen);
            }
        }
        chosen.zeroize();
        sum
    }
}
