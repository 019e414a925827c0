//! Revocation lists that are wrong in one place and signed nevertheless, before three judges. Every difference between
//! us, OpenSSL and `cryptography`, which reads lists and leaves their meaning to its callers, is listed with its reason.

mod parts;
mod rules;

use esign::asn1::{self, Oid, oids, tag};
use esign::certificate::Certificate;
use esign::path::{self, PolicyInputs, Query, RevocationQuery, SignatureCache};
use esign::provider::native;
use esign::revocation::{Crl, Evidence};
use esign::time::UnixTime;
use esign::verdict::{Code, Verdict};

use crate::authority::{Authority, REQUIRED};
use crate::cryptography::{Good, Opinion, Opinions, Revoked, SERIAL, Unsound, chain, cryptography, openssl};
use crate::tree::Node;

const REVOKED: Opinions = [Revoked; 3];

/// Whoever lists speak of.
struct Court {
    authority: Authority,
    person: Certificate,
}

impl Court {
    fn new() -> Self {
        let authority = chain();
        let sound = Certificate::parse(authority.body("subject.pem")).unwrap();
        let mut tbs = Node::read(sound.tbs());
        *tbs.content(&[1]) = SERIAL.to_vec();
        let person = authority.signed(&tbs.write());
        authority.write("person.der", &person);
        Self {
            person: Certificate::parse(person).unwrap(),
            authority,
        }
    }

    /// A list of the issuer, before it is signed: version, algorithm, issuer, two dates, entries, extensions.
    fn list(&self, revokes: bool) -> Node {
        let issuer = self.authority.certificate("issuer");
        let now = self.authority.now();
        let at = |days: i64| UnixTime(now.0 + days * 86_400).to_der();
        let entry = |number: &[u8], extensions: &[Vec<u8>]| {
            let mut fields = vec![asn1::tlv(tag::INTEGER, number), at(-2)];
            if !extensions.is_empty() {
                fields.push(asn1::sequence(extensions));
            }
            asn1::sequence(&fields)
        };
        let reason = extension(oids::REASON_CODE, &asn1::tlv(tag::ENUMERATED, &[1]));
        let date = extension(
            oids::INVALIDITY_DATE,
            &asn1::tlv(tag::GENERALIZED_TIME, b"20200101000000Z"),
        );
        let named = if revokes { SERIAL } else { &[0x33] };
        let entries = [entry(&[0x11], &[]), entry(named, &[reason, date])];
        let key = asn1::tlv(tag::context(0), issuer.subject_key_identifier().unwrap());
        let extensions = [
            extension(oids::AUTHORITY_KEY_IDENTIFIER, &asn1::sequence(&[key])),
            extension(oids::CRL_NUMBER, &asn1::integer(&[7])),
        ];
        let fields = [
            asn1::integer(&[1]),
            asn1::sequence(&[asn1::object_identifier(oids::ECDSA_SHA256)]),
            issuer.subject().as_der().to_vec(),
            at(-1),
            at(1),
            asn1::sequence(&entries),
            asn1::context(0, &asn1::sequence(&extensions)),
        ];
        Node::read_deep(&asn1::sequence(&fields))
    }

    fn ours(&self, list: &[u8]) -> Opinion {
        let Ok(list) = Crl::parse(list) else {
            return Unsound;
        };
        let (root, issuer) = (
            self.authority.certificate("root"),
            self.authority.certificate("issuer"),
        );
        let query = Query {
            target: &self.person,
            // the issuer is an anchor, so that its own status is not asked
            anchors: &[root, issuer],
            candidates: Vec::new(),
            at: self.authority.now(),
            revocation: RevocationQuery::now(REQUIRED),
            evidence: &Evidence::new().with_crl(list),
            policy: PolicyInputs::default(),
            min_rsa_bits: 2048,
        };
        match path::validate(&query, native(), &SignatureCache::default()) {
            Verdict::Valid(_) => Good,
            Verdict::Invalid(Code::CertificateRevoked | Code::CertificateOnHold) => Revoked,
            _ => Unsound,
        }
    }

    fn judge(&self, lists: Vec<(String, Vec<u8>)>) -> Option<Vec<(String, Opinions)>> {
        let file = |index: usize| format!("list{index}");
        for (index, (_, der)) in lists.iter().enumerate() {
            self.authority.write(&file(index), der);
        }
        let files: Vec<_> = (0..lists.len()).map(file).collect();
        let third = cryptography(&self.authority, "list", &files)?;
        let judged = lists.into_iter().zip(files).zip(third);
        let judged = judged.map(|(((name, der), file), third)| {
            let second = openssl(&self.authority, "person.der", &["-crl_check", "-CRLfile", &file]);
            (name, [self.ours(&der), second, third])
        });
        Some(judged.collect())
    }
}

fn extension(kind: Oid<'_>, value: &[u8]) -> Vec<u8> {
    asn1::sequence(&[asn1::object_identifier(kind), asn1::octet_string(value)])
}
