//! Where the fast arithmetic has edges that no signature is likely to meet.

use alloc::vec::Vec;

use super::*;

/// Elements have any value of their length: the numbers about 0, p and 2^(64 L).
fn edges<const L: usize, const C: u64>() -> Vec<PseudoMersenne<L, C>> {
    let numbers = [0, 1, 2, C - 1, C, C + 1, 2 * C, u64::MAX];
    let low = numbers.map(limbs::from_u64::<L>);
    let high = low.map(|number| limbs::sub(&[0; L], &number).0);
    let middle = (0..64 * L).step_by(21).map(limbs::power_of_two);
    let all = low.into_iter().chain(high).chain(middle);
    all.map(|number| PseudoMersenne::from_number(&number)).collect()
}

fn agree_with_montgomery<const L: usize, const C: u64>(p: &Modulus<L>) {
    let residue = |element: PseudoMersenne<L, C>| p.residue(&element.number());
    for a in edges::<L, C>() {
        assert_eq!(p.number(&residue(a)), a.number());
        assert_eq!(residue(a.square()), p.mul(&residue(a), &residue(a)));
        assert_eq!(residue(-a), p.sub(&Residue::ZERO, &residue(a)));
        assert_eq!(a.is_zero(), residue(a).is_zero());
        if !a.is_zero() {
            assert_eq!(residue(a.invert()), p.invert(&residue(a)));
            let root = p.mul(&residue(a), &residue(a));
            assert!(euclid::is_square(&p.number(&root), p));
            assert!(
                !euclid::is_square(&p.number(&p.sub(&Residue::ZERO, &root)), p),
                "p = 3 mod 4"
            );
        }
        for b in edges() {
            assert_eq!(residue(a + b), p.add(&residue(a), &residue(b)));
            assert_eq!(residue(a - b), p.sub(&residue(a), &residue(b)));
            assert_eq!(residue(a * b), p.mul(&residue(a), &residue(b)));
            assert_eq!(a == b, residue(a) == residue(b));
        }
    }
}

#[test]
fn both_kinds_of_fields_agree_at_the_edges() {
    agree_with_montgomery::<4, 617>(&parameters::CRYPTO_PRO_A.field);
    agree_with_montgomery::<8, 569>(&parameters::TC26_A_512.field);
}

fn edwards_form_belongs_to_its_curve<G: EdwardsGroup<L>, const L: usize>() {
    let quadruple = G::S.double().double();
    let sextuple = G::T.double() + G::T.double().double();
    assert!(quadruple == G::Field::ONE - G::D);
    assert!(sextuple == G::Field::ONE + G::D);
    assert!(!euclid::is_square(&G::D.number(), &G::CURVE.field));
}

/// Halving twice beside the definition, on points of the whole curve.
fn subgroup_is_where_q_times_the_point_is_neutral<G: EdwardsGroup<L>, const L: usize>() {
    let p = &G::CURVE.field;
    let (mut inside, mut outside) = (0, 0);
    for x in 1..200 {
        let x = limbs::from_u64(x);
        let Some(y) = ordinate(G::CURVE, &x) else { continue };
        for y in [y, p.number(&p.sub(&Residue::ZERO, &p.residue(&y)))] {
            let point = G::Point::from_coordinates(&[x, y]);
            let mut product = G::Point::INFINITY;
            for bit in limbs::bits(G::CURVE.order.value()).rev() {
                product = product.double();
                if bit {
                    product = product.add(&point);
                }
            }
            assert_eq!(G::Point::is_in_subgroup(&[x, y]), product.is_infinity(), "{x:?}");
            *(if product.is_infinity() {
                &mut inside
            } else {
                &mut outside
            }) += 1;
        }
    }
    assert!(inside > 20 && outside > 60, "{inside} {outside}");
}

/// y of a point of the curve, if there is one.
fn ordinate<const L: usize>(curve: &Curve<L>, x: &Limbs<L>) -> Option<Limbs<L>> {
    let p = &curve.field;
    let exponent = limbs::shift_right(&limbs::add_u64(p.value(), 1).0, 2);
    let square = curve.right_side(&p.residue(x));
    let mut root = p.one();
    for bit in limbs::bits(&exponent).rev() {
        root = p.mul(&root, &root);
        if bit {
            root = p.mul(&root, &square);
        }
    }
    (p.mul(&root, &root) == square).then(|| p.number(&root))
}

#[test]
fn edwards_forms() {
    edwards_form_belongs_to_its_curve::<Tc26A256, 4>();
    edwards_form_belongs_to_its_curve::<Tc26C512, 8>();
    subgroup_is_where_q_times_the_point_is_neutral::<Tc26A256, 4>();
    subgroup_is_where_q_times_the_point_is_neutral::<Tc26C512, 8>();
}
