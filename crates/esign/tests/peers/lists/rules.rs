//! Fields of a revocation list that use or break a rule.

use esign::asn1::{self, oids, tag};

use super::Court;
use crate::cryptography::{Good, Reason, Revoked, Unsound, compare};
use crate::tree::Node;

type Change = fn(&mut Node);

/// The extension of a list, or of its last entry.
fn set(tbs: &mut Node, place: &[usize], value: Vec<u8>) {
    match tbs.at(place) {
        Node::Branch(_, fields) => *fields.last_mut().unwrap() = Node::Leaf(tag::OCTET_STRING, value),
        Node::Leaf(..) => panic!("an extension is a SEQUENCE"),
    }
}

const REASON: [usize; 4] = [5, 1, 2, 0];
const NUMBER: [usize; 3] = [6, 0, 1];

fn add(tbs: &mut Node, place: &[usize], is_critical: bool, kind: &[u8], value: Vec<u8>) {
    let mut fields = vec![Node::Leaf(tag::OID, kind.to_vec())];
    if is_critical {
        fields.push(Node::Leaf(tag::BOOLEAN, vec![0xff]));
    }
    fields.push(Node::Leaf(tag::OCTET_STRING, value));
    tbs.children(place).push(Node::Branch(tag::SEQUENCE, fields));
}

/// An issuingDistributionPoint of these fields.
fn point(tbs: &mut Node, fields: &[u8]) {
    let value = asn1::tlv(tag::SEQUENCE, fields);
    add(
        tbs,
        &[6, 0],
        true,
        oids::ISSUING_DISTRIBUTION_POINT.as_bytes(),
        value,
    );
}

fn time(tbs: &mut Node, place: &[usize], tag: u8, text: &str) {
    *tbs.at(place) = Node::Leaf(tag, text.as_bytes().to_vec());
}

/// Lists that name the person, by the rules of RFC 5280 that they break or use.
const NAMING: &[(&str, Change)] = &[
    ("version 1 with extensions", |tbs| {
        drop(tbs.children(&[]).remove(0));
    }),
    ("version 3", |tbs| *tbs.content(&[0]) = vec![2]),
    ("NULL behind the inner algorithm", |tbs| {
        tbs.children(&[1]).push(Node::Leaf(tag::NULL, Vec::new()));
    }),
    ("another inner algorithm", |tbs| {
        *tbs.content(&[1, 0]) = oids::ECDSA_SHA384.as_bytes().to_vec();
    }),
    ("entries in another order", |tbs| tbs.children(&[5]).reverse()),
    ("an entry twice", |tbs| {
        let twin = tbs.children(&[5])[1].clone();
        tbs.children(&[5]).push(twin);
    }),
    ("reason 7, which is not used", |tbs| {
        set(tbs, &REASON, vec![10, 1, 7]);
    }),
    ("reason 11", |tbs| set(tbs, &REASON, vec![10, 1, 11])),
    ("reason 0", |tbs| set(tbs, &REASON, vec![10, 1, 0])),
    ("a reason of two octets", |tbs| {
        set(tbs, &REASON, vec![10, 2, 0, 1]);
    }),
    ("a reason that is an INTEGER", |tbs| {
        set(tbs, &REASON, vec![2, 1, 1]);
    }),
    ("on hold", |tbs| set(tbs, &REASON, vec![10, 1, 6])),
    ("removed from a list that is complete", |tbs| {
        set(tbs, &REASON, vec![10, 1, 8]);
    }),
    ("a reason twice", |tbs| {
        let twin = tbs.children(&[5, 1, 2])[0].clone();
        tbs.children(&[5, 1, 2]).push(twin);
    }),
    ("an unknown critical extension of the entry", |tbs| {
        add(tbs, &[5, 1, 2], true, &[0x2a, 3, 4], vec![5, 0]);
    }),
    ("an unknown extension of the entry", |tbs| {
        add(tbs, &[5, 1, 2], false, &[0x2a, 3, 4], vec![5, 0]);
    }),
    (
        "an entry of another issuer in a list that is not indirect",
        |tbs| {
            let name = asn1::sequence(&[asn1::set_of(&[asn1::sequence(&[
                asn1::object_identifier(oids::COMMON_NAME),
                asn1::utf8_string("another"),
            ])])]);
            let names = asn1::sequence(&[asn1::context(4, &name)]);
            add(tbs, &[5, 1, 2], true, oids::CERTIFICATE_ISSUER.as_bytes(), names);
        },
    ),
    ("revoked in the future", |tbs| {
        time(tbs, &[5, 1, 1], tag::UTC_TIME, "490101000000Z");
    }),
    ("a date of revocation before 2050 in GeneralizedTime", |tbs| {
        time(tbs, &[5, 1, 1], tag::GENERALIZED_TIME, "20200101000000Z");
    }),
    ("a date of revocation without seconds", |tbs| {
        time(tbs, &[5, 1, 1], tag::UTC_TIME, "2001010000Z");
    }),
    ("out of date", |tbs| {
        time(tbs, &[3], tag::UTC_TIME, "200101000000Z");
        time(tbs, &[4], tag::UTC_TIME, "200102000000Z");
    }),
];

/// Lists that do not name the person.
const SILENT: &[(&str, Change)] = &[
    ("no date of the next", |tbs| drop(tbs.children(&[]).remove(4))),
    ("no entries", |tbs| drop(tbs.children(&[]).remove(5))),
    ("an empty list of entries", |tbs| tbs.children(&[5]).clear()),
    ("no extensions", |tbs| drop(tbs.children(&[]).remove(6))),
    ("out of date", |tbs| {
        time(tbs, &[3], tag::UTC_TIME, "200101000000Z");
        time(tbs, &[4], tag::UTC_TIME, "200102000000Z");
    }),
    ("of the future", |tbs| {
        time(tbs, &[3], tag::UTC_TIME, "490101000000Z");
        time(tbs, &[4], tag::UTC_TIME, "490102000000Z");
    }),
    ("the next before this", |tbs| {
        time(tbs, &[4], tag::UTC_TIME, "200101000000Z");
    }),
    ("a date in GeneralizedTime before 2050", |tbs| {
        time(tbs, &[3], tag::GENERALIZED_TIME, "20200101000000Z");
    }),
    ("a date with an offset", |tbs| {
        time(tbs, &[3], tag::UTC_TIME, "200101000000+0500");
    }),
    ("another issuer", |tbs| {
        *tbs.content(&[2, 0, 0, 1]) = b"another".to_vec();
    }),
    ("number 0", |tbs| set(tbs, &NUMBER, vec![2, 1, 0])),
    ("a negative number", |tbs| set(tbs, &NUMBER, vec![2, 1, 0x80])),
    ("a number of 20 octets", |tbs| {
        set(tbs, &NUMBER, [&[2, 20], &[1; 20][..]].concat());
    }),
    ("a number of 21 octets", |tbs| {
        set(tbs, &NUMBER, [&[2, 21], &[1; 21][..]].concat());
    }),
    ("a number in BER", |tbs| set(tbs, &NUMBER, vec![2, 0x81, 1, 7])),
    ("a byte behind the number", |tbs| {
        set(tbs, &NUMBER, vec![2, 1, 7, 0]);
    }),
    ("the number twice", |tbs| {
        let twin = tbs.children(&[6, 0])[1].clone();
        tbs.children(&[6, 0]).push(twin);
    }),
    ("an unknown critical extension", |tbs| {
        add(tbs, &[6, 0], true, &[0x2a, 3, 4], vec![5, 0]);
    }),
    ("an unknown extension", |tbs| {
        add(tbs, &[6, 0], false, &[0x2a, 3, 4], vec![5, 0]);
    }),
    ("changes without the list that they change", |tbs| {
        add(
            tbs,
            &[6, 0],
            true,
            oids::DELTA_CRL_INDICATOR.as_bytes(),
            vec![2, 1, 1],
        );
    }),
    ("of subscribers alone", |tbs| point(tbs, &[0x81, 1, 0xff])),
    ("of authorities alone", |tbs| point(tbs, &[0x82, 1, 0xff])),
    ("of attributes alone", |tbs| point(tbs, &[0x85, 1, 0xff])),
    ("of subscribers alone and of authorities alone", |tbs| {
        point(tbs, &[0x81, 1, 0xff, 0x82, 1, 0xff]);
    }),
    ("FALSE written", |tbs| point(tbs, &[0x81, 1, 0])),
    ("TRUE in BER", |tbs| point(tbs, &[0x81, 1, 1])),
    ("of some reasons alone", |tbs| point(tbs, &[0x83, 2, 5, 0x60])),
    ("indirect", |tbs| point(tbs, &[0x84, 1, 0xff])),
    ("of a point of no fields", |tbs| point(tbs, &[])),
    ("of the point that the certificate names", |tbs| {
        point(
            tbs,
            &asn1::context(0, &asn1::context(0, &asn1::tlv(0x86, b"http://b.example/crl"))),
        );
    }),
    ("of another point", |tbs| {
        point(
            tbs,
            &asn1::context(0, &asn1::context(0, &asn1::tlv(0x86, b"http://c.example/crl"))),
        );
    }),
    ("an unknown field of the point", |tbs| {
        point(tbs, &[0x86, 1, 0xff]);
    }),
    ("the point is not critical", |tbs| {
        add(
            tbs,
            &[6, 0],
            false,
            oids::ISSUING_DISTRIBUTION_POINT.as_bytes(),
            vec![0x30, 3, 0x82, 1, 0xff],
        );
    }),
    ("the key of somebody else is named", |tbs| {
        tbs.content(&[6, 0, 0, 1, 0, 0])[0] ^= 1;
    }),
];

#[test]
fn net_3_lists_that_use_or_break_a_rule_before_three_judges() {
    let court = Court::new();
    for (cases, revokes, explained) in [(NAMING, true, OF_NAMING), (SILENT, false, OF_SILENT)] {
        let changed = |(name, change): &(&str, Change)| {
            let mut tbs = court.list(revokes);
            change(&mut tbs);
            ((*name).to_owned(), court.authority.signed(&tbs.write()))
        };
        let Some(found) = court.judge(cases.iter().map(changed).collect()) else {
            return;
        };
        compare(found, explained);
    }
}

const OF_NAMING: &[Reason] = &[
    (
        "there are versions 1 and 2 (RFC 5280 §5.1.2.1); OpenSSL does not hold the algorithms against each other \
         (§5.1.1.2), and does not read the dates of entries",
        [Unsound, Revoked, Unsound],
        &[
            "NULL behind the inner algorithm",
            "a date of revocation without seconds",
            "another inner algorithm",
            "version 3",
        ],
    ),
    (
        "a reason that cannot be read, or comes twice, leaves the certificate revoked (RFC 5280 §5.3.1)",
        [Revoked, Revoked, Unsound],
        &[
            "a reason of two octets",
            "a reason that is an INTEGER",
            "a reason twice",
            "reason 11",
            "reason 7, which is not used",
        ],
    ),
    (
        "who was revoked once stays so, however old the list; `cryptography` is asked about fresh lists alone",
        [Revoked, Revoked, Unsound],
        &["out of date"],
    ),
    (
        "removeFromCRL is of lists of changes: here it names nobody (RFC 5280 §5.3.1); `cryptography` does not ask why",
        [Good, Good, Revoked],
        &["removed from a list that is complete"],
    ),
    (
        "only an indirect list may speak of others (RFC 5280 §5.3.3); for OpenSSL the entry is of somebody else, \
         here such a list is not understood",
        [Unsound, Good, Revoked],
        &["an entry of another issuer in a list that is not indirect"],
    ),
    (
        "a critical extension that is not understood may give the entry another meaning (RFC 5280 §5.3)",
        [Unsound, Unsound, Revoked],
        &["an unknown critical extension of the entry"],
    ),
];

const OF_SILENT: &[Reason] = &[
    (
        "OpenSSL takes BER, and passes over an extension that it cannot read, that comes twice, or that holds what \
         is not foreseen (RFC 5280 §5.2.3, §5.2.5)",
        [Unsound, Good, Unsound],
        &[
            "FALSE written",
            "TRUE in BER",
            "a byte behind the number",
            "a negative number",
            "a number in BER",
            "an unknown field of the point",
            "the number twice",
        ],
    ),
    (
        "numbers have up to 20 octets (RFC 5280 §5.2.3)",
        [Unsound, Good, Good],
        &["a number of 21 octets"],
    ),
    (
        "what such lists leave out is left to the callers of `cryptography` (RFC 5280 §5.2.5, §6.3.3)",
        [Unsound, Unsound, Good],
        &[
            "an unknown critical extension",
            "of another point",
            "of attributes alone",
            "of authorities alone",
            "of some reasons alone",
            "the point is not critical",
        ],
    ),
    (
        "a list of changes is none without the list that it changes (RFC 5280 §5.2.4); OpenSSL takes it for that",
        [Unsound, Good, Good],
        &["changes without the list that they change"],
    ),
    (
        "a list without the date of the next never says that a certificate is good (RFC 5280 §5.1.2.5)",
        [Unsound, Good, Unsound],
        &["no date of the next"],
    ),
    (
        "OpenSSL reads indirect lists only when it is told to",
        [Good, Unsound, Good],
        &["indirect"],
    ),
    (
        "a point that says nothing leaves the list as it is, though nobody should write it (RFC 5280 §5.2.5)",
        [Good, Good, Unsound],
        &["of a point of no fields"],
    ),
    (
        "the identifier of the issuer's key helps to find it, its signature decides (RFC 5280 §5.2.1); OpenSSL insists",
        [Good, Unsound, Good],
        &["the key of somebody else is named"],
    ),
];
