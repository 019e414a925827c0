//! Every part of a revocation list hit in every way.

use super::{Court, REVOKED};
use crate::cryptography::{Reason, Revoked, Unsound, compare};

#[test]
fn net_3_every_part_of_a_list_is_hit_before_three_judges() {
    let court = Court::new();
    let list = court.list(true);
    let hit = list.hit();
    let count = hit.len();
    let mut lists = vec![("nothing".to_owned(), court.authority.signed(&list.write()))];
    lists.extend(
        hit.into_iter()
            .map(|(name, tbs)| (name, court.authority.signed(&tbs))),
    );
    let Some(found) = court.judge(lists) else { return };
    assert_eq!(found[0].1, REVOKED);
    assert!(count > 150, "{count} lists");
    compare(found, EXPLAINED);
}

/// Lists hit in one part, about which the judges do not agree. 5 are the entries, the second of which names the person;
/// of the extensions 0 is authorityKeyIdentifier, 1 cRLNumber.
const EXPLAINED: &[Reason] = &[
    (
        "there are versions 1 and 2, and the first has no extensions (RFC 5280 §5.1.2.1)",
        [Unsound, Revoked, Unsound],
        &["[0] last bit"],
    ),
    (
        "OpenSSL does not hold the signed algorithm against the one outside (RFC 5280 §5.1.1.2)",
        [Unsound, Revoked, Unsound],
        &["[1, 0] last bit", "[1, 0] twice"],
    ),
    (
        "names are compared as text, whatever the type of the string (RFC 5280 §7.1)",
        [Revoked, Unsound, Revoked],
        &["[2, 1, 0, 1] another tag"],
    ),
    (
        "a list from the future says nothing yet; for OpenSSL it revokes",
        [Unsound, Revoked, Unsound],
        &["[3] removed"],
    ),
    (
        "who was revoked once stays so, however old the list; `cryptography` is asked about fresh lists alone",
        [Revoked, Revoked, Unsound],
        &["[4] removed"],
    ),
    (
        "OpenSSL does not read the dates of entries",
        [Unsound, Revoked, Unsound],
        &[
            "[5, 0, 1] empty",
            "[5, 0, 1] last bit",
            "[5, 1, 1] empty",
            "[5, 1, 1] last bit",
        ],
    ),
    (
        "a reason or a date that cannot be read, or comes twice, leaves the certificate revoked",
        [Revoked, Revoked, Unsound],
        &[
            "[5, 1, 2, 0, 1, 0] another tag",
            "[5, 1, 2, 0, 1, 0] empty",
            "[5, 1, 2, 0, 1, 0] removed",
            "[5, 1, 2, 0, 1, 0] twice",
            "[5, 1, 2, 0, 1] empty",
            "[5, 1, 2, 0] twice",
            "[5, 1, 2, 1, 1, 0] another tag",
            "[5, 1, 2, 1, 1, 0] empty",
            "[5, 1, 2, 1, 1, 0] last bit",
            "[5, 1, 2, 1, 1, 0] removed",
            "[5, 1, 2, 1, 1, 0] twice",
            "[5, 1, 2, 1, 1] empty",
            "[5, 1, 2, 1] twice",
        ],
    ),
    (
        "the identifier of the issuer's key helps to find it, its signature decides (RFC 5280 §5.2.1); OpenSSL insists",
        [Revoked, Unsound, Revoked],
        &["[6, 0, 0, 1, 0, 0] empty", "[6, 0, 0, 1, 0, 0] last bit"],
    ),
    (
        "OpenSSL passes over an extension that it cannot read",
        [Unsound, Revoked, Unsound],
        &[
            "[6, 0, 0, 1, 0, 0] another tag",
            "[6, 0, 0, 1, 0, 0] twice",
            "[6, 0, 0, 1, 0] another tag",
            "[6, 0, 0, 1, 0] removed",
            "[6, 0, 0, 1, 0] twice",
            "[6, 0, 0, 1] empty",
            "[6, 0, 1, 1, 0] another tag",
            "[6, 0, 1, 1, 0] empty",
            "[6, 0, 1, 1, 0] removed",
            "[6, 0, 1, 1, 0] twice",
            "[6, 0, 1, 1] empty",
        ],
    ),
    (
        "and one that comes twice (RFC 5280 §4.2)",
        [Unsound, Revoked, Unsound],
        &["[6, 0, 0] twice", "[6, 0, 1] twice"],
    ),
];
