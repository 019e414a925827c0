//! The two curves with cofactor 4 in the form u² + v² = 1 + d u² v² that they were made in (RFC 7836 appendix A.2).
//! d is no square, so that the formulas of addition hold for all points. They are those of Hisil, Wong, Carter and
//! Dawson (<https://eprint.iacr.org/2008/522>), with T = U V / Z kept as two factors until it is needed.
#![expect(clippy::many_single_char_names, reason = "the letters of the paper")]

use super::Group;
use super::euclid;
use super::field::Field;
use super::point::Point;
use crate::bytes;
use crate::limbs::{self, Limbs};

/// A curve with its Edwards form: x = s (1 + v) / (1 - v) + t and y = (x - t) / u.
pub(crate) trait EdwardsGroup<const L: usize>: Group<L> {
    const D: Self::Field;
    /// (1 - d) / 4
    const S: Self::Field;
    /// (1 + d) / 6
    const T: Self::Field;
}

/// u, v, u + v and d u v.
#[derive(Clone, Copy)]
pub(crate) struct Affine<G: EdwardsGroup<L>, const L: usize> {
    u: G::Field,
    v: G::Field,
    sum: G::Field,
    product: G::Field,
}

/// u = U / Z, v = V / Z, u v = E H / Z.
#[derive(Clone, Copy)]
pub(crate) struct Edwards<G: EdwardsGroup<L>, const L: usize> {
    u: G::Field,
    v: G::Field,
    z: G::Field,
    e: G::Field,
    h: G::Field,
}

impl<G: EdwardsGroup<L>, const L: usize> Affine<G, L> {
    fn new(u: G::Field, v: G::Field) -> Self {
        let (sum, product) = (u + v, G::D * (u * v));
        Self { u, v, sum, product }
    }
}

impl<G: EdwardsGroup<L>, const L: usize> From<Affine<G, L>> for Edwards<G, L> {
    fn from(Affine { u, v, .. }: Affine<G, L>) -> Self {
        let z = G::Field::ONE;
        Self { u, v, z, e: u, h: v }
    }
}

impl<G: EdwardsGroup<L>, const L: usize> Edwards<G, L> {
    /// The last step of both formulas.
    fn product(e: G::Field, f: G::Field, g: G::Field, h: G::Field) -> Self {
        Self {
            u: e * f,
            v: g * h,
            z: f * g,
            e,
            h,
        }
    }
}

impl<G: EdwardsGroup<L>, const L: usize> Point<L> for Edwards<G, L> {
    type Field = G::Field;
    type Affine = Affine<G, L>;

    const INFINITY: Self = Self {
        u: G::Field::ZERO,
        v: G::Field::ONE,
        z: G::Field::ONE,
        e: G::Field::ZERO,
        h: G::Field::ONE,
    };

    /// For points of the subgroup, which never have y = 0.
    fn from_coordinates(coordinates: &[Limbs<L>; 2]) -> Affine<G, L> {
        let [x, y] = coordinates.map(|number| G::Field::from_number(&number));
        let x = x - G::T;
        let denominator = x + G::S;
        let inverse = (y * denominator).invert();
        Affine::new(x * denominator * inverse, (x - G::S) * y * inverse)
    }

    /// The subgroup is a quarter of a cyclic group of 4 q points: the points that can be halved twice. With x shifted
    /// by t the curve is y² = x (x² + 3t x + s²), and a point has a half just if x is a square. A half is found by way
    /// of the isogeny of degree two and its dual (Pornin, <https://eprint.iacr.org/2022/1164>).
    fn is_in_subgroup(coordinates: &[Limbs<L>; 2]) -> bool {
        let p = &G::CURVE.field;
        let is_square = |element: G::Field| euclid::is_square(&element.number(), p);
        // p = 3 mod 4, where a square to the power of (p - 3) / 4 is the inverse of its root.
        let inverse_root = |square: G::Field| power(square, &limbs::shift_right(p.value(), 2));

        let [x, y] = coordinates.map(|number| G::Field::from_number(&number));
        let x = x - G::T;
        if !is_square(x) {
            return false;
        }
        let middle = G::T.double() + G::T + x.double();
        let inverse = inverse_root(x);
        let (root, distance) = (x * inverse, (y * inverse).double());
        // The dual takes two points to this one, and just one of them is an image of the isogeny.
        let (root, image) = if is_square(middle + distance) {
            (root, middle + distance)
        } else {
            (-root, middle - distance)
        };
        let image_root = image * inverse_root(image);
        let twice_x = image - middle + x.double() + (root * image_root).double();
        is_square(twice_x.double())
    }

    fn is_infinity(&self) -> bool {
        self.u.is_zero() && self.v == self.z
    }

    fn has_x(&self, number: &Limbs<L>) -> bool {
        let (plus, minus) = (self.z + self.v, self.z - self.v);
        !minus.is_zero() && (G::Field::from_number(number) - G::T) * minus == G::S * plus
    }

    /// `dbl-2008-hwcd`
    fn double(&self) -> Self {
        let (a, b, c) = (self.u.square(), self.v.square(), self.z.square().double());
        let g = a + b;
        let e = (self.u + self.v).square() - g;
        Self::product(e, g - c, g, a - b)
    }

    /// `madd-2008-hwcd`
    fn add(&self, other: &Affine<G, L>) -> Self {
        let (a, b) = (self.u * other.u, self.v * other.v);
        let c = self.e * self.h * other.product;
        let e = (self.u + self.v) * other.sum - a - b;
        Self::product(e, self.z - c, self.z + c, b - a)
    }

    fn negate(point: &Affine<G, L>) -> Affine<G, L> {
        Affine {
            u: -point.u,
            v: point.v,
            sum: point.v - point.u,
            product: -point.product,
        }
    }

    fn z(&self) -> G::Field {
        self.z
    }

    fn divide(&self, inverse: G::Field) -> Affine<G, L> {
        Affine::new(self.u * inverse, self.v * inverse)
    }
}

/// By windows of four bits.
fn power<F: Field<L>, const L: usize>(base: F, exponent: &Limbs<L>) -> F {
    let mut next = F::ONE;
    let powers: [F; 16] = core::array::from_fn(|_| {
        let power = next;
        next = next * base;
        power
    });
    let mut power = F::ONE;
    for byte in bytes::le_bytes(exponent).rev() {
        for nibble in [byte >> 4, byte & 15] {
            power = power.square().square().square().square();
            if let Some(factor) = powers.get(usize::from(nibble)) {
                power = power * *factor;
            }
        }
    }
    power
}
