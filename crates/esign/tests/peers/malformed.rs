//! Messages that are wrong in one place, before three judges: chosen ones, and every part of a message hit in five ways.
//! Every difference between us, OpenSSL and pyHanko is listed with its reason.

use esign::asn1::{self, oids, tag};
use esign::cms::sign::Form;
use esign::cms::verify_document;
use esign::provider::native;
use esign::trust::RevocationRule;
use esign::verdict::Verdict;

use crate::authority::{Authority, CONTENT, KINDS};
use crate::levels::openssl_accepts;
use crate::pyhanko::{Opinion, PyHanko, Revocation};
use crate::tree::Node;

/// Who accepts a message: we, OpenSSL, pyHanko.
type Accepted = [bool; 3];

const NOBODY: Accepted = [false; 3];
const ALL: Accepted = [true; 3];

/// Places in a detached message of one signer: ContentInfo, [0], SignedData, then …
const DATA: [usize; 2] = [1, 0];
const SIGNER: [usize; 4] = [1, 0, 4, 0];

fn below(path: &[usize], more: &[usize]) -> Vec<usize> {
    [path, more].concat()
}

struct Case {
    name: &'static str,
    change: fn(&mut Node),
    accepted: Accepted,
}

/// The place of a signed attribute.
fn attribute(message: &mut Node, kind: asn1::Oid<'_>) -> usize {
    let attributes = message.children(&below(&SIGNER, &[3]));
    let is_kind = |attribute: &mut Node| attribute.content(&[0]) == kind.as_bytes();
    attributes.iter_mut().position(is_kind).unwrap()
}

const CASES: [Case; 18] = [
    Case {
        name: "nothing is changed",
        change: |_| {},
        accepted: ALL,
    },
    Case {
        name: "the version of the message is 4",
        change: |m| *m.content(&below(&DATA, &[0])) = vec![4],
        // reported as a quirk: the version protects nothing
        accepted: ALL,
    },
    Case {
        name: "the version of the signer is 3",
        change: |m| *m.content(&below(&SIGNER, &[0])) = vec![3],
        accepted: ALL,
    },
    Case {
        name: "no digest is announced",
        change: |m| m.children(&below(&DATA, &[1])).clear(),
        // OpenSSL hashes in one pass and needs to know by what; here it is reported as a quirk
        accepted: [true, false, true],
    },
    Case {
        name: "another digest of the signer",
        change: |m| *m.content(&below(&SIGNER, &[2, 0])) = oids::SHA512.as_bytes().to_vec(),
        accepted: NOBODY,
    },
    Case {
        name: "another type of the content",
        change: |m| *m.content(&below(&DATA, &[2, 0])) = oids::TST_INFO.as_bytes().to_vec(),
        // OpenSSL does not hold the signed type against that of the message (RFC 5652 §11.1)
        accepted: [false, true, false],
    },
    Case {
        name: "no certificates",
        change: |m| drop(m.children(&DATA).remove(3)),
        accepted: NOBODY,
    },
    Case {
        name: "no signers",
        change: |m| m.children(&below(&DATA, &[4])).clear(),
        accepted: NOBODY,
    },
    Case {
        name: "another serial number of the signer",
        change: |m| m.content(&below(&SIGNER, &[1, 1]))[3] ^= 1,
        accepted: NOBODY,
    },
    Case {
        name: "no signed attributes",
        change: |m| drop(m.children(&SIGNER).remove(3)),
        accepted: NOBODY,
    },
    Case {
        name: "signed attributes in another order",
        change: |m| m.children(&below(&SIGNER, &[3])).reverse(),
        // signed is their DER, whatever order they came in (RFC 5652 §5.4); the others take them as they are
        accepted: [true, false, false],
    },
    Case {
        name: "a signed attribute twice",
        change: |m| {
            let place = attribute(m, oids::CONTENT_TYPE);
            let attributes = m.children(&below(&SIGNER, &[3]));
            let twin = attributes[place].clone();
            attributes.insert(place, twin);
        },
        accepted: NOBODY,
    },
    Case {
        name: "a signed attribute is gone",
        change: |m| {
            let place = attribute(m, oids::SIGNING_CERTIFICATE_V2);
            m.children(&below(&SIGNER, &[3])).remove(place);
        },
        accepted: NOBODY,
    },
    Case {
        name: "another signing time",
        change: |m| {
            let place = attribute(m, oids::SIGNING_TIME);
            m.content(&below(&SIGNER, &[3, place, 1, 0]))[0] ^= 1;
        },
        accepted: NOBODY,
    },
    Case {
        name: "another message digest",
        change: |m| {
            let place = attribute(m, oids::MESSAGE_DIGEST);
            m.content(&below(&SIGNER, &[3, place, 1, 0]))[0] ^= 1;
        },
        accepted: NOBODY,
    },
    Case {
        name: "another signature",
        change: |m| m.content(&below(&SIGNER, &[5]))[9] ^= 1,
        accepted: NOBODY,
    },
    Case {
        name: "an empty signature",
        change: |m| m.content(&below(&SIGNER, &[5])).clear(),
        accepted: NOBODY,
    },
    Case {
        name: "an unsigned attribute of an unknown kind",
        change: |m| {
            let kind = Node::Leaf(tag::OID, vec![0x2a, 3, 4]);
            let values = Node::Branch(tag::SET, vec![Node::Leaf(tag::NULL, Vec::new())]);
            let attribute = Node::Branch(tag::SEQUENCE, vec![kind, values]);
            m.children(&SIGNER).push(Node::Branch(0xa1, vec![attribute]));
        },
        accepted: ALL,
    },
];

/// Hit messages that somebody accepts, and why; nobody accepts any other.
const EXPLAINED: [(&str, Accepted, &[&str]); 9] = [
    (
        "the version protects nothing; reported as a quirk",
        ALL,
        &["[1, 0, 0] last bit", "[1, 0, 4, 0, 0] last bit"],
    ),
    (
        "an INTEGER without octets is none (X.690 §8.3.1)",
        [false, true, true],
        &["[1, 0, 0] empty", "[1, 0, 4, 0, 0] empty"],
    ),
    (
        "the list of digests helps who hashes in one pass, as OpenSSL does, and is not signed; reported as a quirk",
        [true, false, true],
        &[
            "[1, 0, 1, 0, 0] removed",
            "[1, 0, 1, 0, 0] empty",
            "[1, 0, 1, 0, 0] last bit",
            "[1, 0, 1, 0, 0] another tag",
            "[1, 0, 1, 0] removed",
            "[1, 0, 1, 0] empty",
            "[1, 0, 1, 0] another tag",
            "[1, 0, 1] empty",
        ],
    ),
    (
        "a digest and a certificate may come twice",
        ALL,
        &[
            "[1, 0, 1, 0, 0] twice",
            "[1, 0, 1, 0] twice",
            "[1, 0, 3, 0] twice",
        ],
    ),
    (
        "pyHanko judges messages of one signer only",
        [true, true, false],
        &["[1, 0, 4, 0] twice"],
    ),
    (
        "OpenSSL does not hold the signed type against that of the message (RFC 5652 §11.1)",
        [false, true, false],
        &["[1, 0, 2, 0] last bit"],
    ),
    (
        "OpenSSL takes the digest from digestAlgorithm, whatever the signature algorithm says (CMS-9)",
        [false, true, false],
        &["[1, 0, 4, 0, 4, 0] last bit"],
    ),
    (
        "pyHanko does not look at tags, or at what stands behind the fields of a SEQUENCE",
        [false, false, true],
        &[
            "[1, 0, 1] another tag",
            "[1, 0, 4, 0, 0] another tag",
            "[1, 0, 4, 0, 1, 0, 0, 0, 1] twice",
            "[1, 0, 4, 0, 1, 1] twice",
            "[1, 0, 4, 0, 5] twice",
            "[1, 0, 4] twice",
            "[1, 0] twice",
            "[1] twice",
        ],
    ),
    (
        "neither looks at parameters that stand where the algorithm has none (RFC 5758 §3.2)",
        [false, true, true],
        &["[1, 0, 4, 0, 2, 0] twice", "[1, 0, 4, 0, 4, 0] twice"],
    ),
];

struct Judges {
    authority: Authority,
    pyhanko: Option<PyHanko>,
}

impl Judges {
    fn new() -> Self {
        Self {
            authority: Authority::new(),
            pyhanko: PyHanko::find(),
        }
    }

    /// A detached message of one signer that everybody accepts. Each part is as long as in every other run: pyHanko's
    /// reader takes a length whose last octet is 80, as of 128 octets, for an indefinite one, and writes such a part
    /// anew without what it does not know, before the signature is checked.
    fn sound(&self) -> Node {
        // of ECDSA, half of all signatures have this length
        const LENGTH: usize = 71;
        loop {
            self.authority.issue("p256", KINDS[1].1, "root", "person", "900");
            let mut message = Node::read(&self.authority.sign("p256", Form::Detached));
            let signature = message.content(&below(&SIGNER, &[5])).len();
            if [self.authority.certificate("p256").signature().len(), signature] == [LENGTH; 2] {
                return message;
            }
        }
    }

    fn judge(&self, messages: &[Vec<u8>]) -> Vec<Accepted> {
        let trust = self.authority.trust(RevocationRule::NotAsked);
        let questions: Vec<_> = messages
            .iter()
            .map(|cms| (&cms[..], Revocation::NotAsked))
            .collect();
        let second = self
            .pyhanko
            .as_ref()
            .map(|pyhanko| pyhanko.judge(&self.authority, &questions));
        let judge = |(index, message): (usize, &Vec<u8>)| {
            let report = verify_document(message, Some(CONTENT), &trust, self.authority.now(), native());
            let ours = report.verdict == Verdict::Valid(());
            let pyhanko = second
                .as_ref()
                .is_some_and(|opinions| opinions[index] != Opinion::Unsound);
            [ours, openssl_accepts(&self.authority, message), pyhanko]
        };
        messages.iter().enumerate().map(judge).collect()
    }
}

#[test]
fn cms_every_part_of_a_message_is_hit_before_three_judges() {
    let judges = Judges::new();
    let sound = judges.sound();
    let (names, messages): (Vec<_>, Vec<_>) = sound.hit().into_iter().unzip();
    let mut accepted: Vec<_> = names
        .iter()
        .zip(judges.judge(&messages))
        .filter(|(_, accepted)| *accepted != NOBODY)
        .collect();
    accepted.sort();
    let explained = EXPLAINED
        .iter()
        .flat_map(|(_, accepted, names)| names.iter().map(|name| ((*name).to_owned(), *accepted)));
    let mut explained: Vec<_> = explained.collect();
    explained.sort();
    let explained: Vec<_> = explained
        .iter()
        .map(|(name, accepted)| (name, *accepted))
        .collect();
    if judges.pyhanko.is_some() {
        assert_eq!(accepted, explained, "we, OpenSSL, pyHanko");
    }
    assert!(messages.len() > 400, "{} messages", messages.len());
}

#[test]
fn cms_malformed_messages_before_three_judges() {
    let judges = Judges::new();
    let sound = judges.sound();
    let made = |case: &Case| {
        let mut message = sound.clone();
        (case.change)(&mut message);
        message.write()
    };
    let messages: Vec<_> = CASES.iter().map(made).collect();
    for (case, mut accepted) in CASES.iter().zip(judges.judge(&messages)) {
        if judges.pyhanko.is_none() {
            accepted[2] = case.accepted[2];
        }
        assert_eq!(accepted, case.accepted, "{}: we, OpenSSL, pyHanko", case.name);
    }
}
