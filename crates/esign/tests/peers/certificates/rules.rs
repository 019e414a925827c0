//! Fields of a certificate that break a rule, and envelopes that do.

use esign::asn1::{self, oids, tag};
use esign::certificate::Certificate;

use super::judge;
use crate::cryptography::{Good, Reason, Unsound, chain, compare};
use crate::tree::Node;

type Change = fn(&mut Node);

/// The extension of this kind, counted as in [`EXPLAINED`].
fn value(tbs: &mut Node, extension: usize) -> &mut Node {
    match tbs.at(&[7, 0, extension]) {
        Node::Branch(_, fields) => fields.last_mut().unwrap(),
        Node::Leaf(..) => panic!("an extension is a SEQUENCE"),
    }
}

fn critical(tbs: &mut Node, extension: usize) {
    let fields = tbs.children(&[7, 0, extension]);
    fields.insert(1, Node::Leaf(tag::BOOLEAN, vec![0xff]));
}

fn add(tbs: &mut Node, is_critical: bool, kind: &[u8], value: Vec<u8>) {
    let mut fields = vec![Node::Leaf(tag::OID, kind.to_vec())];
    if is_critical {
        fields.push(Node::Leaf(tag::BOOLEAN, vec![0xff]));
    }
    fields.push(Node::Leaf(tag::OCTET_STRING, value));
    tbs.children(&[7, 0]).push(Node::Branch(tag::SEQUENCE, fields));
}

fn time(tbs: &mut Node, place: usize, tag: u8, text: &str) {
    *tbs.at(&[4, place]) = Node::Leaf(tag, text.as_bytes().to_vec());
}

/// Fields by the rules of RFC 5280 that they break.
const CASES: &[(&str, Change)] = &[
    ("version 1 with extensions", |tbs| *tbs.content(&[0, 0]) = vec![0]),
    ("version 2 with extensions", |tbs| *tbs.content(&[0, 0]) = vec![1]),
    ("no version, with extensions", |tbs| {
        drop(tbs.children(&[]).remove(0));
    }),
    ("a negative version", |tbs| *tbs.content(&[0, 0]) = vec![0xff]),
    ("number 0", |tbs| *tbs.content(&[1]) = vec![0]),
    ("a negative number", |tbs| *tbs.content(&[1]) = vec![0x80]),
    ("a number with a leading zero", |tbs| {
        *tbs.content(&[1]) = vec![0, 1];
    }),
    ("a number of 20 octets", |tbs| *tbs.content(&[1]) = vec![1; 20]),
    ("a number of 21 octets", |tbs| *tbs.content(&[1]) = vec![1; 21]),
    ("a number of 33 octets", |tbs| *tbs.content(&[1]) = vec![1; 33]),
    ("NULL behind the inner algorithm", |tbs| {
        tbs.children(&[2]).push(Node::Leaf(tag::NULL, Vec::new()));
    }),
    ("another inner algorithm", |tbs| {
        *tbs.content(&[2, 0]) = oids::ECDSA_SHA384.as_bytes().to_vec();
    }),
    ("UTCTime without seconds", |tbs| {
        time(tbs, 0, tag::UTC_TIME, "2001010000Z");
    }),
    ("UTCTime with an offset", |tbs| {
        time(tbs, 0, tag::UTC_TIME, "200101000000+0500");
    }),
    ("UTCTime without a zone", |tbs| {
        time(tbs, 0, tag::UTC_TIME, "200101000000");
    }),
    ("the thirteenth month", |tbs| {
        time(tbs, 0, tag::UTC_TIME, "201301000000Z");
    }),
    ("the thirtieth of February", |tbs| {
        time(tbs, 0, tag::UTC_TIME, "200230000000Z");
    }),
    ("the sixtieth second", |tbs| {
        time(tbs, 0, tag::UTC_TIME, "200101000060Z");
    }),
    ("GeneralizedTime before 2050", |tbs| {
        time(tbs, 0, tag::GENERALIZED_TIME, "20200101000000Z");
    }),
    ("GeneralizedTime with a fraction", |tbs| {
        time(tbs, 1, tag::GENERALIZED_TIME, "20600101000000.5Z");
    }),
    ("GeneralizedTime without a zone", |tbs| {
        time(tbs, 1, tag::GENERALIZED_TIME, "20600101000000");
    }),
    ("no end", |tbs| {
        time(tbs, 1, tag::GENERALIZED_TIME, "99991231235959Z");
    }),
    ("ended", |tbs| time(tbs, 1, tag::UTC_TIME, "200101000000Z")),
    ("not begun", |tbs| time(tbs, 0, tag::UTC_TIME, "490101000000Z")),
    ("ends before it begins", |tbs| {
        time(tbs, 0, tag::UTC_TIME, "490101000000Z");
        time(tbs, 1, tag::UTC_TIME, "200101000000Z");
    }),
    ("unique identifiers", |tbs| {
        tbs.children(&[]).insert(7, Node::Leaf(0x81, vec![0, 1]));
    }),
    ("a critical extension of an unknown kind", |tbs| {
        add(tbs, true, &[0x2a, 3, 4], vec![5, 0]);
    }),
    ("an extension of an unknown kind", |tbs| {
        add(tbs, false, &[0x2a, 3, 4], vec![5, 0]);
    }),
    ("an unknown extension twice", |tbs| {
        add(tbs, false, &[0x2a, 3, 4], vec![5, 0]);
        add(tbs, false, &[0x2a, 3, 4], vec![5, 0]);
    }),
    ("critical written as FALSE", |tbs| {
        tbs.children(&[7, 0, 3])
            .insert(1, Node::Leaf(tag::BOOLEAN, vec![0]));
    }),
    ("basicConstraints critical", |tbs| critical(tbs, 0)),
    ("extendedKeyUsage critical", |tbs| critical(tbs, 2)),
    ("subjectKeyIdentifier critical", |tbs| critical(tbs, 3)),
    ("authorityKeyIdentifier critical", |tbs| critical(tbs, 4)),
    ("subjectAltName critical", |tbs| critical(tbs, 5)),
    ("certificatePolicies critical", |tbs| critical(tbs, 6)),
    ("cRLDistributionPoints critical", |tbs| critical(tbs, 7)),
    ("authorityInfoAccess critical", |tbs| critical(tbs, 8)),
    ("cA written as FALSE", |tbs| {
        *value(tbs, 0) = Node::Leaf(tag::OCTET_STRING, vec![0x30, 3, 1, 1, 0]);
    }),
    ("pathLenConstraint without cA", |tbs| {
        *value(tbs, 0) = Node::Leaf(tag::OCTET_STRING, vec![0x30, 3, 2, 1, 0]);
    }),
    ("a negative pathLenConstraint", |tbs| {
        *value(tbs, 0) = Node::Leaf(tag::OCTET_STRING, vec![0x30, 6, 1, 1, 0xff, 2, 1, 0xff]);
    }),
    ("keyUsage of no bits", |tbs| {
        *value(tbs, 1) = Node::Leaf(tag::OCTET_STRING, vec![3, 1, 0]);
    }),
    ("keyUsage with eight unused bits", |tbs| {
        *value(tbs, 1) = Node::Leaf(tag::OCTET_STRING, vec![3, 2, 8, 0xc0]);
    }),
    ("keyUsage with zeros at the end", |tbs| {
        *value(tbs, 1) = Node::Leaf(tag::OCTET_STRING, vec![3, 3, 0, 0xc0, 0]);
    }),
    ("an extension of no octets", |tbs| {
        *value(tbs, 3) = Node::Leaf(tag::OCTET_STRING, Vec::new());
    }),
    ("a byte behind an extension", |tbs| {
        *value(tbs, 3) = Node::Leaf(tag::OCTET_STRING, vec![4, 1, 7, 0]);
    }),
    ("an extension in BER", |tbs| {
        *value(tbs, 0) = Node::Leaf(tag::OCTET_STRING, vec![0x30, 0x80, 0, 0]);
    }),
    ("constraints on names by who issues nothing", |tbs| {
        let dns = asn1::sequence(&[asn1::tlv(0x82, b"b.example")]);
        let value = asn1::sequence(&[asn1::context(0, &dns)]);
        add(tbs, true, oids::NAME_CONSTRAINTS.as_bytes(), value);
    }),
    ("a name in TeletexString", |tbs| {
        *tbs.at(&[5, 0, 0, 1]) = Node::Leaf(tag::TELETEX_STRING, b"abc".to_vec());
    }),
    ("a name with a zero octet", |tbs| {
        *tbs.at(&[5, 0, 0, 1]) = Node::Leaf(tag::UTF8_STRING, b"a\0b".to_vec());
    }),
    ("a name that is no UTF-8", |tbs| {
        *tbs.at(&[5, 0, 0, 1]) = Node::Leaf(tag::UTF8_STRING, vec![0xff]);
    }),
    ("a name that is a number", |tbs| {
        *tbs.at(&[5, 0, 0, 1]) = Node::Leaf(tag::INTEGER, vec![7]);
    }),
];

type Wrap = fn(&[u8]) -> Vec<u8>;

/// What is around the signed part.
const ENVELOPES: &[(&str, Wrap)] = &[
    ("a byte behind it", |der| [der, &[0]].concat()),
    ("a length in more octets than it needs", |der| {
        let length = u16::from_be_bytes([der[2], der[3]]).to_be_bytes();
        [&[0x30, 0x83, 0, length[0], length[1]], &der[4..]].concat()
    }),
    ("indefinite length", |der| {
        [&[0x30, 0x80], &der[4..], &[0, 0]].concat()
    }),
    ("cut by a byte", |der| der[..der.len() - 1].to_vec()),
    ("an unused bit in the signature, set", |der| unused_bit(der)),
    ("NULL behind the outer algorithm", |der| {
        outer(der, |parts| {
            parts[1] = asn1::sequence(&[asn1::object_identifier(oids::ECDSA_SHA256), asn1::null()]);
        })
    }),
    ("another outer algorithm", |der| {
        outer(der, |parts| {
            parts[1] = asn1::sequence(&[asn1::object_identifier(oids::ECDSA_SHA384)]);
        })
    }),
    ("a fourth part", |der| {
        outer(der, |parts| parts.push(asn1::null()))
    }),
];

fn outer(der: &[u8], change: fn(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let parts = asn1::only(der, asn1::Rules::Der).unwrap().sequence().unwrap();
    let mut parts: Vec<_> = parts
        .collect(3)
        .unwrap()
        .iter()
        .map(|part| part.raw().to_vec())
        .collect();
    change(&mut parts);
    asn1::sequence(&parts)
}

fn unused_bit(der: &[u8]) -> Vec<u8> {
    outer(der, |parts| {
        let place = parts[2].len() - asn1::only(&parts[2], asn1::Rules::Der).unwrap().content().len();
        parts[2][place] = 1;
        *parts[2].last_mut().unwrap() |= 1;
    })
}

#[test]
fn crt_fields_that_break_a_rule_before_three_judges() {
    let authority = chain();
    let sound = Certificate::parse(authority.body("subject.pem")).unwrap();
    let changed = |(name, change): &(&str, Change)| {
        let mut tbs = Node::read_deep(sound.tbs());
        change(&mut tbs);
        ((*name).to_owned(), authority.signed(&tbs.write()))
    };
    let mut certificates: Vec<_> = CASES.iter().map(changed).collect();
    let whole = authority.signed(sound.tbs());
    certificates.extend(
        ENVELOPES
            .iter()
            .map(|(name, change)| ((*name).to_owned(), change(&whole))),
    );
    let Some(found) = judge(&authority, certificates) else {
        return;
    };
    compare(found, BY_RULE);
}

/// Of the fields that break a rule.
const BY_RULE: &[Reason] = &[
    (
        "`cryptography` insists on rules for issuers: a number that is positive, UTCTime before 2050, nothing critical \
         that must not be",
        [Good, Good, Unsound],
        &[
            "GeneralizedTime before 2050",
            "a negative number",
            "cRLDistributionPoints critical",
            "certificatePolicies critical",
        ],
    ),
    (
        "a default that is written is not DER (X.690 §11.5); some authorities write it",
        [Good, Good, Unsound],
        &["cA written as FALSE", "critical written as FALSE"],
    ),
    (
        "OpenSSL, told to be strict, insists on others: key identifiers that are not critical, a usage that is one",
        [Good, Unsound, Good],
        &[
            "authorityKeyIdentifier critical",
            "keyUsage of no bits",
            "subjectKeyIdentifier critical",
        ],
    ),
    (
        "who issues nothing is not asked how long a path below may be (RFC 5280 §4.2.1.9)",
        [Good, Unsound, Unsound],
        &["pathLenConstraint without cA"],
    ),
    (
        "a name that is no text is compared as it is; whoever has it is no signer here (CRT-9)",
        [Good, Unsound, Good],
        &["a name that is a number", "a name that is no UTF-8"],
    ),
    (
        "OpenSSL takes BER, and does not look at what stands behind (RFC 5280 §4.1)",
        [Unsound, Good, Unsound],
        &[
            "a byte behind an extension",
            "a byte behind it",
            "a length in more octets than it needs",
            "an extension in BER",
            "indefinite length",
        ],
    ),
    (
        "numbers of more than 32 octets are nobody's (RFC 5280 §4.1.2.2 has 20)",
        [Unsound, Good, Unsound],
        &["a number of 33 octets"],
    ),
    (
        "OpenSSL notices an extension that comes twice only if it asks for it (RFC 5280 §4.2)",
        [Unsound, Good, Unsound],
        &["an unknown extension twice"],
    ),
    (
        "an extension that must not be critical, and nothing in the path acts on (RFC 5280 §4.2.2.1)",
        [Unsound, Unsound, Good],
        &["authorityInfoAccess critical"],
    ),
];
