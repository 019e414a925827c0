//! Points in Jacobian coordinates: x = X / Z², y = Y / Z³, and Z = 0 at infinity. Every pair of points can be added.

use alloc::vec::Vec;

use super::Group;
use super::field::Field;
use crate::limbs::Limbs;

/// A point that is not at infinity.
#[derive(Clone, Copy)]
pub(crate) struct Affine<G: Group<L>, const L: usize> {
    pub(crate) x: G::Field,
    pub(crate) y: G::Field,
}

/// Any point.
#[derive(Clone, Copy)]
pub(crate) struct Jacobian<G: Group<L>, const L: usize> {
    x: G::Field,
    y: G::Field,
    z: G::Field,
}

impl<G: Group<L>, const L: usize> Affine<G, L> {
    pub(crate) fn from_numbers([x, y]: &[Limbs<L>; 2]) -> Self {
        Self {
            x: G::Field::from_number(x),
            y: G::Field::from_number(y),
        }
    }

    pub(crate) fn negate(&self) -> Self {
        Self {
            x: self.x,
            y: -self.y,
        }
    }
}

impl<G: Group<L>, const L: usize> From<Affine<G, L>> for Jacobian<G, L> {
    fn from(Affine { x, y }: Affine<G, L>) -> Self {
        Self { x, y, z: G::ONE }
    }
}

impl<G: Group<L>, const L: usize> Jacobian<G, L> {
    pub(crate) const INFINITY: Self = Self {
        x: G::Field::ZERO,
        y: G::Field::ZERO,
        z: G::Field::ZERO,
    };

    pub(crate) fn is_infinity(&self) -> bool {
        self.z.is_zero()
    }

    /// Whether x(self) is this number; never at infinity.
    pub(crate) fn has_x(&self, number: &Limbs<L>) -> bool {
        !self.is_infinity() && G::Field::from_number(number) * self.z.square() == self.x
    }

    /// `dbl-2001-b` of the Explicit-Formulas Database where a = -3, `dbl-1998-cmo-2` elsewhere.
    pub(crate) fn double(&self) -> Self {
        let &Self { x, y, z } = self;
        let (yy, zz) = (y.square(), z.square());
        let slope = if G::A_IS_MINUS_THREE {
            triple((x - zz) * (x + zz))
        } else {
            triple(x.square()) + G::A * zz.square()
        };
        let beta4 = (x * yy).double().double();
        let x3 = slope.square() - beta4.double();
        Self {
            x: x3,
            y: slope * (beta4 - x3) - yy.double().square().double(),
            z: (y * z).double(),
        }
    }

    /// The sum with a point that is not at infinity.
    pub(crate) fn add(&self, other: &Affine<G, L>) -> Self {
        if self.is_infinity() {
            return (*other).into();
        }
        let zz = self.z.square();
        let h = other.x * zz - self.x;
        let slope = other.y * (zz * self.z) - self.y;
        if h.is_zero() {
            return if slope.is_zero() {
                self.double()
            } else {
                Self::INFINITY
            };
        }
        let hh = h.square();
        let hhh = h * hh;
        let v = self.x * hh;
        let x = slope.square() - hhh - v.double();
        Self {
            x,
            y: slope * (v - x) - self.y * hhh,
            z: self.z * h,
        }
    }

    /// All the points in affine form, by one inversion; none of them may be at infinity.
    pub(crate) fn normalize(points: &[Self]) -> Vec<Affine<G, L>> {
        let mut product = G::ONE;
        let mut products = Vec::with_capacity(points.len());
        for point in points {
            products.push(product);
            product = product * point.z;
        }
        let mut inverse = G::Field::from_number(&G::CURVE.field.invert_vartime(&product.number()));
        let mut normalized = Vec::with_capacity(points.len());
        for (point, before) in points.iter().zip(products).rev() {
            let z = inverse * before;
            inverse = inverse * point.z;
            let zz = z.square();
            normalized.push(Affine {
                x: point.x * zz,
                y: point.y * (zz * z),
            });
        }
        normalized.reverse();
        normalized
    }
}

fn triple<F: Field<L>, const L: usize>(a: F) -> F {
    a.double() + a
}
