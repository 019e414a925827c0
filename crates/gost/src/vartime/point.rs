//! What both forms of points have in common.

use alloc::vec::Vec;

use super::field::Field;
use crate::limbs::Limbs;

/// A point of a curve. Every two can be added.
pub(crate) trait Point<const L: usize>: Copy + Send + Sync + 'static {
    type Field: Field<L>;
    /// A point with Z = 1, in the shape in which it is added most cheaply.
    type Affine: Copy + Send + Sync + Into<Self>;

    /// The neutral point.
    const INFINITY: Self;

    /// The point with these coordinates of y² = x³ + ax + b.
    fn from_coordinates(coordinates: &[Limbs<L>; 2]) -> Self::Affine;

    /// Whether the point with these coordinates, one of the curve, is in the subgroup of order q.
    fn is_in_subgroup(coordinates: &[Limbs<L>; 2]) -> bool;

    fn is_infinity(&self) -> bool;

    /// Whether x of y² = x³ + ax + b is this number; never at infinity.
    fn has_x(&self, number: &Limbs<L>) -> bool;

    fn double(&self) -> Self;

    fn add(&self, other: &Self::Affine) -> Self;

    fn negate(point: &Self::Affine) -> Self::Affine;

    fn z(&self) -> Self::Field;

    /// The affine form, by the inverse of Z.
    fn divide(&self, inverse: Self::Field) -> Self::Affine;
}

/// All the points in affine form, by one inversion; none of them may have Z = 0.
pub(crate) fn normalize<P: Point<L>, const L: usize>(points: &[P]) -> Vec<P::Affine> {
    let mut product = P::Field::ONE;
    let mut products = Vec::with_capacity(points.len());
    for point in points {
        products.push(product);
        product = product * point.z();
    }
    let mut inverse = product.invert();
    let mut normalized = Vec::with_capacity(points.len());
    for (point, before) in points.iter().zip(products).rev() {
        normalized.push(point.divide(inverse * before));
        inverse = inverse * point.z();
    }
    normalized.reverse();
    normalized
}
