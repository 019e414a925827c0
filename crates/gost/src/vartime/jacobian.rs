//! Points of y² = x³ + ax + b in Jacobian coordinates: x = X / Z², y = Y / Z³, and Z = 0 at infinity.

use super::Group;
use super::field::Field;
use super::point::Point;
use crate::limbs::Limbs;

/// A point that is not at infinity.
#[derive(Clone, Copy)]
pub(crate) struct Affine<G: Group<L>, const L: usize> {
    x: G::Field,
    y: G::Field,
}

/// Any point.
#[derive(Clone, Copy)]
pub(crate) struct Jacobian<G: Group<L>, const L: usize> {
    x: G::Field,
    y: G::Field,
    z: G::Field,
}

impl<G: Group<L>, const L: usize> From<Affine<G, L>> for Jacobian<G, L> {
    fn from(Affine { x, y }: Affine<G, L>) -> Self {
        let z = G::Field::ONE;
        Self { x, y, z }
    }
}

impl<G: Group<L>, const L: usize> Point<L> for Jacobian<G, L> {
    type Field = G::Field;
    type Affine = Affine<G, L>;

    const INFINITY: Self = Self {
        x: G::Field::ZERO,
        y: G::Field::ZERO,
        z: G::Field::ZERO,
    };

    fn from_coordinates(coordinates: &[Limbs<L>; 2]) -> Affine<G, L> {
        let [x, y] = coordinates.map(|number| G::Field::from_number(&number));
        Affine { x, y }
    }

    /// The curves in this form have prime order.
    fn is_in_subgroup(_coordinates: &[Limbs<L>; 2]) -> bool {
        true
    }

    fn is_infinity(&self) -> bool {
        self.z.is_zero()
    }

    fn has_x(&self, number: &Limbs<L>) -> bool {
        !self.is_infinity() && G::Field::from_number(number) * self.z.square() == self.x
    }

    /// `dbl-2001-b` of the Explicit-Formulas Database where a = -3, `dbl-1998-cmo-2` elsewhere.
    fn double(&self) -> Self {
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

    /// `madd-2004-hmv`
    fn add(&self, other: &Affine<G, L>) -> Self {
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

    fn negate(point: &Affine<G, L>) -> Affine<G, L> {
        Affine {
            x: point.x,
            y: -point.y,
        }
    }

    fn z(&self) -> G::Field {
        self.z
    }

    fn divide(&self, inverse: G::Field) -> Affine<G, L> {
        let square = inverse.square();
        Affine {
            x: self.x * square,
            y: self.y * (square * inverse),
        }
    }
}

fn triple<F: Field<L>, const L: usize>(a: F) -> F {
    a.double() + a
}
