//! Every part of a certificate hit in every way.

use esign::certificate::Certificate;

use super::{SOUND, judge};
use crate::cryptography::{Good, Reason, Unsound, chain, compare};
use crate::tree::Node;

#[test]
fn crt_every_part_of_a_certificate_is_hit_before_three_judges() {
    let authority = chain();
    let sound = Certificate::parse(authority.body("subject.pem")).unwrap();
    let hit = Node::read_deep(sound.tbs()).hit();
    let count = hit.len();
    let mut certificates = vec![("nothing".to_owned(), authority.signed(sound.tbs()))];
    certificates.extend(hit.into_iter().map(|(name, tbs)| (name, authority.signed(&tbs))));
    let Some(found) = judge(&authority, certificates) else {
        return;
    };
    assert_eq!(found[0].1, SOUND);
    assert!(count > 300, "{count} certificates");
    compare(found, EXPLAINED);
}

/// Certificates hit in one part that somebody accepts and somebody does not, and why. 0 is basicConstraints, 1 keyUsage,
/// 2 extendedKeyUsage, 3 and 4 the key identifiers, 5 subjectAltName, 6 certificatePolicies, 7 cRLDistributionPoints,
/// 8 authorityInfoAccess.
const EXPLAINED: &[Reason] = &[
    (
        "there is no version 4 (RFC 5280 §4.1.2.1)",
        [Unsound, Good, Unsound],
        &["[0, 0] last bit"],
    ),
    (
        "names are compared as text, whatever the type of the string (RFC 5280 §7.1)",
        [Good, Unsound, Unsound],
        &["[3, 1, 0, 1] another tag"],
    ),
    (
        "a relative name has an attribute (RFC 5280 §4.1.2.4)",
        [Unsound, Good, Good],
        &[
            "[5, 0, 0] removed",
            "[5, 0] empty",
            "[5, 1, 0] removed",
            "[5, 1] empty",
        ],
    ),
    (
        "that a name without attributes goes with a critical subjectAltName is a rule for issuers (RFC 5280 §4.1.2.6)",
        [Good, Unsound, Good],
        &["[5] empty"],
    ),
    (
        "`cryptography` does not look at the key of the last certificate",
        [Unsound, Unsound, Good],
        &["[6, 0, 0] last bit", "[6, 0, 0] removed", "[6, 0, 1] last bit"],
    ),
    (
        "whether a point lies on its curve is asked by who uses the key",
        [Good, Unsound, Good],
        &["[6, 1] last bit"],
    ),
    (
        "OpenSSL does not look at what stands behind the value of an extension (RFC 5280 §4.2)",
        [Unsound, Good, Unsound],
        &[
            "[7, 0, 0, 1, 0] twice",
            "[7, 0, 1, 2, 0] twice",
            "[7, 0, 2, 1, 0] twice",
            "[7, 0, 3, 1, 0] twice",
            "[7, 0, 4, 1, 0] twice",
            "[7, 0, 5, 1, 0] twice",
        ],
    ),
    (
        "OpenSSL takes BER: TRUE of other bits, unused bits that are not zero (X.690 §11.1, §11.2)",
        [Unsound, Good, Unsound],
        &["[7, 0, 1, 1] last bit", "[7, 0, 1, 2, 0] last bit"],
    ),
    (
        "a list of purposes is not empty (RFC 5280 §4.2.1.12)",
        [Unsound, Good, Unsound],
        &["[7, 0, 2, 1, 0] empty"],
    ),
    (
        "OpenSSL does not read policies, their constraints and mappings unless it is told to",
        [Unsound, Good, Unsound],
        &[
            "[7, 0, 2, 0] last bit",
            "[7, 0, 6, 1, 0, 0, 0] another tag",
            "[7, 0, 6, 1, 0, 0, 0] empty",
            "[7, 0, 6, 1, 0, 0, 0] removed",
            "[7, 0, 6, 1, 0, 0, 0] twice",
            "[7, 0, 6, 1, 0, 0] another tag",
            "[7, 0, 6, 1, 0, 0] empty",
            "[7, 0, 6, 1, 0] another tag",
            "[7, 0, 6, 1, 0] removed",
            "[7, 0, 6, 1, 0] twice",
            "[7, 0, 6, 1] empty",
        ],
    ),
    (
        "and `cryptography` does not mind that there is none, that one comes twice, or what mappings hold",
        [Unsound, Good, Good],
        &[
            "[7, 0, 6, 0] last bit",
            "[7, 0, 6, 1, 0, 0] removed",
            "[7, 0, 6, 1, 0, 0] twice",
            "[7, 0, 6, 1, 0] empty",
        ],
    ),
    (
        "OpenSSL notices an extension that comes twice only if it asks for it (RFC 5280 §4.2)",
        [Unsound, Good, Unsound],
        &["[7, 0, 6] twice", "[7, 0, 8] twice"],
    ),
    (
        "the identifier of the issuer's key helps to find it, its signature decides (RFC 5280 §4.2.1.1); OpenSSL insists",
        [Good, Unsound, Good],
        &[
            "[7, 0, 4, 0] last bit",
            "[7, 0, 4, 1, 0, 0] empty",
            "[7, 0, 4, 1, 0, 0] last bit",
            "[7, 0, 4, 1, 0, 0] removed",
            "[7, 0, 4, 1, 0] empty",
            "[7, 0, 4] removed",
            "[7] removed",
        ],
    ),
    (
        "a period of use of the private key decides nothing; the length of an address matters to constraints alone",
        [Good, Good, Unsound],
        &["[7, 0, 5, 0] last bit", "[7, 0, 5, 1, 0, 2] another tag"],
    ),
    (
        "a list of names is not empty (RFC 5280 §4.2.1.6)",
        [Unsound, Unsound, Good],
        &["[7, 0, 5, 1, 0] empty"],
    ),
    (
        "points that cannot be read name no list; then that of the issuer for all its certificates counts (RFC 5280 §6.3.3)",
        [Good, Unsound, Unsound],
        &[
            "[7, 0, 7, 1, 0, 0, 0, 0] another tag",
            "[7, 0, 7, 1, 0, 0, 0, 0] removed",
            "[7, 0, 7, 1, 0, 0, 0, 0] twice",
            "[7, 0, 7, 1, 0, 0, 0] another tag",
            "[7, 0, 7, 1, 0, 0, 0] empty",
            "[7, 0, 7, 1, 0, 0, 0] removed",
            "[7, 0, 7, 1, 0, 0, 0] twice",
            "[7, 0, 7, 1, 0, 0] another tag",
            "[7, 0, 7, 1, 0, 0] empty",
            "[7, 0, 7, 1, 0] another tag",
            "[7, 0, 7, 1, 0] removed",
            "[7, 0, 7, 1] empty",
        ],
    ),
    (
        "of those OpenSSL lets these pass too",
        [Good, Good, Unsound],
        &[
            "[7, 0, 7, 1, 0, 0, 0, 0, 0] another tag",
            "[7, 0, 7, 1, 0, 0, 0, 0, 0] removed",
            "[7, 0, 7, 1, 0, 0, 0, 0] empty",
            "[7, 0, 7, 1, 0] twice",
        ],
    ),
    (
        "where a responder is to be found is a hint, read by who looks for one",
        [Good, Good, Unsound],
        &[
            "[7, 0, 8, 1, 0, 0, 0] another tag",
            "[7, 0, 8, 1, 0, 0, 0] empty",
            "[7, 0, 8, 1, 0, 0, 0] removed",
            "[7, 0, 8, 1, 0, 0, 0] twice",
            "[7, 0, 8, 1, 0, 0, 1] another tag",
            "[7, 0, 8, 1, 0, 0, 1] removed",
            "[7, 0, 8, 1, 0, 0, 1] twice",
            "[7, 0, 8, 1, 0, 0] another tag",
            "[7, 0, 8, 1, 0, 0] empty",
            "[7, 0, 8, 1, 0] another tag",
            "[7, 0, 8, 1, 0] removed",
            "[7, 0, 8, 1, 0] twice",
            "[7, 0, 8, 1] empty",
        ],
    ),
    (
        "a list of extensions is not empty (RFC 5280 §4.1.2.9)",
        [Unsound, Unsound, Good],
        &["[7, 0] empty"],
    ),
];
