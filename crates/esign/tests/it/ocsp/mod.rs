//! Threat NET-3: which answers of responders are believed (RFC 6960).

mod delegates;

use esign::asn1::{self, oids, tag};
use esign::certificate::Certificate;
use esign::revocation::{IdHash, OcspError, OcspRequest, OcspResponse, ResponderRefusal, Unanswered};
use esign::time::UnixTime;
use esign::trust::{RevocationRule, UnknownStatus};
use esign::verdict::Code;

use crate::crl::List;
use crate::forge::{DAY, ISSUER, Key, NOW, Scene, algorithm, bit_string, extension};
use crate::revocation::Court;

fn generalized(time: UnixTime) -> Vec<u8> {
    let [year, month, day, hour, minute, second] = time.civil();
    let text = format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
    asn1::tlv(tag::GENERALIZED_TIME, text.as_bytes())
}

const GOOD: &[u8] = &[0x80, 0];
const UNKNOWN: &[u8] = &[0x82, 0];

fn revoked(at: UnixTime, reason: u8) -> Vec<u8> {
    let reason = asn1::context(0, &asn1::tlv(tag::ENUMERATED, &[reason]));
    asn1::context(1, &[generalized(at), reason].concat())
}

/// A response before it is signed.
pub(crate) struct Draught {
    /// CertIDs with what is said of them
    pub(crate) answers: Vec<(Vec<u8>, Vec<u8>)>,
    responder: Vec<u8>,
    this_update: UnixTime,
    next_update: Option<UnixTime>,
    answer_extensions: Vec<Vec<u8>>,
    extensions: Vec<Vec<u8>>,
    certificates: Vec<Vec<u8>>,
    signed_with: Vec<u8>,
}

impl Draught {
    /// "Good" for the certificate, by the name of its issuer.
    pub(crate) fn about(certificate: &Certificate, issuer: &Certificate) -> Self {
        let id = OcspRequest::with_hash(IdHash::Sha256, certificate, issuer, None).certificate_id();
        Self {
            answers: vec![(id, GOOD.to_vec())],
            responder: asn1::context(1, certificate.issuer().as_der()),
            this_update: UnixTime(NOW.0 - 60),
            next_update: Some(UnixTime(NOW.0 + DAY)),
            answer_extensions: Vec::new(),
            extensions: Vec::new(),
            certificates: Vec::new(),
            signed_with: algorithm(oids::ECDSA_SHA256),
        }
    }

    fn says(&mut self, status: &[u8]) {
        self.answers[0].1 = status.to_vec();
    }

    pub(crate) fn der(&self, key: &Key) -> Vec<u8> {
        let answers: Vec<_> = self
            .answers
            .iter()
            .map(|(id, status)| {
                let mut fields = vec![id.clone(), status.clone(), generalized(self.this_update)];
                fields.extend(self.next_update.map(|next| asn1::context(0, &generalized(next))));
                if !self.answer_extensions.is_empty() {
                    fields.push(asn1::context(1, &asn1::sequence(&self.answer_extensions)));
                }
                asn1::sequence(&fields)
            })
            .collect();
        let mut fields = vec![
            self.responder.clone(),
            generalized(self.this_update),
            asn1::sequence(&answers),
        ];
        if !self.extensions.is_empty() {
            fields.push(asn1::context(1, &asn1::sequence(&self.extensions)));
        }
        let tbs = asn1::sequence(&fields);
        let signature = bit_string(&key.sign(&tbs));
        let mut fields = vec![tbs, self.signed_with.clone(), signature];
        if !self.certificates.is_empty() {
            fields.push(asn1::context(0, &asn1::sequence(&self.certificates)));
        }
        let bytes = asn1::sequence(&[
            asn1::object_identifier(oids::OCSP_BASIC),
            asn1::octet_string(&asn1::sequence(&fields)),
        ]);
        asn1::sequence(&[asn1::tlv(tag::ENUMERATED, &[0]), asn1::context(0, &bytes)])
    }

    fn sign(&self, key: &Key) -> OcspResponse {
        OcspResponse::parse(&self.der(key)).unwrap()
    }
}

/// The person and the issuer of a scene.
pub(crate) fn people(scene: &Scene) -> (Certificate, Certificate) {
    (
        Certificate::parse(scene.person_der()).unwrap(),
        scene.issuer.certificate(&scene.root_key),
    )
}

/// What a sign-in says when the issuer answers so itself.
fn answered(change: impl FnOnce(&mut Draught)) -> Option<Code> {
    let mut court = Court::new();
    let (person, issuer) = people(&court.scene);
    let mut draught = Draught::about(&person, &issuer);
    change(&mut draught);
    let response = draught.sign(&court.scene.issuer_key);
    court.group.evidence = court.group.evidence.with_ocsp(response);
    court.sign_in()
}

#[test]
fn net_3_the_issuer_answers_for_itself() {
    assert_eq!(answered(|_| {}), None);
    assert_eq!(
        answered(|draught| draught.says(&revoked(UnixTime(NOW.0 - DAY), 1))),
        Some(Code::CertificateRevoked)
    );
    assert_eq!(
        answered(|draught| draught.says(&revoked(UnixTime(NOW.0 - DAY), 6))),
        Some(Code::CertificateOnHold)
    );
    assert_eq!(
        answered(|draught| draught.says(UNKNOWN)),
        Some(Code::RevocationUnknownToResponder)
    );
}

#[test]
fn net_3_the_issuer_is_named_by_its_key_too() {
    let mut court = Court::new();
    let (person, issuer) = people(&court.scene);
    let mut draught = Draught::about(&person, &issuer);
    let key = asn1::octet_string(&issuer.computed_key_identifier());
    draught.responder = asn1::context(2, &key);
    let response = draught.sign(&court.scene.issuer_key);
    court.group.evidence = court.group.evidence.with_ocsp(response);
    assert_eq!(court.sign_in(), None);
}

#[test]
fn net_3_answers_have_a_date() {
    let stale = Some(Code::RevocationStale);
    assert_eq!(
        answered(|draught| draught.next_update = Some(UnixTime(NOW.0 - 1))),
        stale
    );
    assert_eq!(
        answered(|draught| draught.this_update = UnixTime(NOW.0 + 299)),
        None,
        "clocks differ a little"
    );
    assert_eq!(
        answered(|draught| draught.this_update = UnixTime(NOW.0 + 301)),
        Some(Code::RevocationNotYetValid)
    );
    let dateless = |age| {
        answered(|draught| {
            draught.next_update = None;
            draught.this_update = UnixTime(NOW.0 - age);
        })
    };
    assert_eq!(dateless(DAY), None);
    assert_eq!(dateless(DAY + 1), stale);
    assert_eq!(
        answered(|draught| {
            draught.says(&revoked(UnixTime(NOW.0 - DAY), 1));
            draught.next_update = Some(UnixTime(NOW.0 - 1));
        }),
        Some(Code::CertificateRevoked),
        "who was revoked once stays revoked"
    );
}

#[test]
fn net_3_an_answer_about_another_certificate_is_none() {
    let scene = Scene::new();
    let (person, issuer) = people(&scene);
    let mut draft = scene.person.clone();
    draft.serial = 8;
    let other_number = draft.certificate(&scene.issuer_key);
    let (_, other_key) = people(&Scene::new());
    let about = |certificate, of| Draught::about(certificate, of).sign(&scene.issuer_key);
    assert!(about(&person, &issuer).is_about(&person, &issuer));
    for (certificate, of) in [
        (&other_number, &issuer),
        (&person, &other_key),
        (&issuer, &issuer),
    ] {
        assert!(!about(certificate, of).is_about(&person, &issuer));
    }
    assert_eq!(
        answered(|draught| draught.answers[0].0 = namesake_id()),
        Some(Code::CertificateStatusUnknown)
    );
}

/// A CertID of nobody.
fn namesake_id() -> Vec<u8> {
    let scene = Scene::new();
    let (person, issuer) = people(&scene);
    OcspRequest::new(&person, &issuer, None).certificate_id()
}

#[test]
fn net_3_one_of_several_answers_is_found() {
    assert_eq!(
        answered(|draught| {
            let own = draught.answers[0].clone();
            draught.answers = vec![
                (namesake_id(), revoked(NOW, 1)),
                own,
                (namesake_id(), UNKNOWN.to_vec()),
            ];
        }),
        None
    );
}

#[test]
fn net_3_what_is_not_understood_decides_nothing() {
    let unknown = Some(Code::RevocationUnknownExtension);
    let strange = |critical| extension(asn1::Oid::from_content(&[0x2a, 3]).unwrap(), critical, &[5, 0]);
    assert_eq!(
        answered(|draught| draught.extensions = vec![strange(true)]),
        unknown
    );
    assert_eq!(
        answered(|draught| draught.answer_extensions = vec![strange(true)]),
        unknown
    );
    assert_eq!(
        answered(|draught| draught.extensions = vec![strange(false)]),
        None
    );
    assert_eq!(
        answered(|draught| draught.signed_with = algorithm(oids::ECDSA_SHA1)),
        Some(Code::RevocationAlgorithm)
    );
}

#[test]
fn net_3_a_good_word_of_a_stranger_is_none() {
    let mut court = Court::new();
    let (person, issuer) = people(&court.scene);
    let draught = Draught::about(&person, &issuer);
    court.group.evidence = court.group.evidence.with_ocsp(draught.sign(&Key::new()));
    assert_eq!(court.sign_in(), Some(Code::RevocationSignatureInvalid));
    court.group.revocation.sign_in = RevocationRule::Required {
        unknown: UnknownStatus::Allow,
    };
    let mut revoking = Draught::about(&person, &issuer);
    revoking.says(&revoked(NOW, 1));
    court.group.evidence = court.group.evidence.with_ocsp(revoking.sign(&Key::new()));
    assert_eq!(court.sign_in(), None, "nor does he revoke anybody");
}

#[test]
fn net_3_never_issued_is_told_from_on_hold() {
    let since_1970 = revoked(UnixTime(0), 6);
    let extended = extension(oids::OCSP_EXTENDED_REVOKE, false, &asn1::null());
    assert_eq!(
        answered(|draught| {
            draught.says(&since_1970);
            draught.extensions = vec![extended.clone()];
        }),
        Some(Code::CertificateUnknownToAuthority)
    );
    assert_eq!(
        answered(|draught| draught.says(&since_1970)),
        Some(Code::CertificateOnHold)
    );
}

#[test]
fn cms_11_an_answer_from_after_a_proven_moment_speaks_of_it() {
    let judge = |status: &[u8]| {
        let mut court = Court::new();
        let (person, issuer) = people(&court.scene);
        let mut draught = Draught::about(&person, &issuer);
        draught.says(status);
        draught.this_update = UnixTime(NOW.0 + DAY);
        draught.next_update = None;
        let response = draught.sign(&court.scene.issuer_key);
        court.group.evidence = court.group.evidence.with_ocsp(response);
        (court.sign_in(), court.document())
    };
    let future = Some(Code::RevocationNotYetValid);
    assert_eq!(judge(GOOD), (future, None));
    assert_eq!(judge(&revoked(UnixTime(NOW.0 + 1), 1)), (future, None));
    assert_eq!(
        judge(&revoked(UnixTime(NOW.0 - 1), 1)),
        (future, Some(Code::CertificateRevoked))
    );
}

#[test]
fn net_3_a_fresh_answer_outweighs_an_older_hold() {
    let judge = |hold_at: i64| {
        let mut court = Court::new();
        let (person, issuer) = people(&court.scene);
        let mut list = List::of(ISSUER);
        list.this_update = UnixTime(hold_at);
        list.revoked = vec![7];
        let on_hold = asn1::tlv(tag::ENUMERATED, &[6]);
        list.entry_extensions = vec![extension(oids::REASON_CODE, false, &on_hold)];
        let response = Draught::about(&person, &issuer).sign(&court.scene.issuer_key);
        let list = list.sign(&court.scene.issuer_key);
        court.group.evidence = court.group.evidence.with_ocsp(response).with_crl(list);
        court.sign_in()
    };
    assert_eq!(judge(NOW.0 - DAY), None);
    assert_eq!(judge(NOW.0 - 30), Some(Code::CertificateOnHold));
}

#[test]
fn net_3_a_nonce_ties_the_answer_to_the_question() {
    let scene = Scene::new();
    let (person, issuer) = people(&scene);
    let with = |nonce: Option<[u8; 32]>| {
        let mut draught = Draught::about(&person, &issuer);
        let id = OcspRequest::new(&person, &issuer, None).certificate_id();
        draught.answers[0].0 = id;
        draught.extensions = nonce
            .map(|nonce| extension(oids::OCSP_NONCE, false, &asn1::octet_string(&nonce)))
            .into_iter()
            .collect();
        draught.sign(&scene.issuer_key)
    };
    let request = OcspRequest::new(&person, &issuer, Some([7; 32]));
    assert_eq!(request.is_answered_by(&with(Some([7; 32]))), Ok(()));
    assert_eq!(
        request.is_answered_by(&with(Some([8; 32]))),
        Err(Unanswered::OtherNonce)
    );
    assert_eq!(request.is_answered_by(&with(None)), Err(Unanswered::NoNonce));
    let unasked = OcspRequest::new(&person, &issuer, None);
    assert_eq!(unasked.is_answered_by(&with(Some([8; 32]))), Ok(()));
    let other = OcspRequest::new(&issuer, &scene.root, None);
    assert_eq!(
        other.is_answered_by(&with(None)),
        Err(Unanswered::OtherCertificate)
    );
}

#[test]
fn net_5_what_is_no_response_is_an_error() {
    for bytes in [&b""[..], b"<html>", b"0\x00", &[0x30, 3, 0x0a, 1, 0]] {
        assert!(matches!(OcspResponse::parse(bytes), Err(OcspError::Malformed(_))));
    }
    let later = OcspResponse::parse(&[0x30, 3, 0x0a, 1, 3]);
    assert!(matches!(
        later,
        Err(OcspError::Refused(ResponderRefusal::TryLater))
    ));
    let scene = Scene::new();
    let (person, issuer) = people(&scene);
    let mut draught = Draught::about(&person, &issuer);
    draught.answers = vec![draught.answers[0].clone(); 1_001];
    assert!(OcspResponse::parse(&draught.der(&scene.issuer_key)).is_err());
    let der = Draught::about(&person, &issuer).der(&scene.issuer_key);
    for length in 0..der.len() {
        assert!(OcspResponse::parse(&der[..length]).is_err());
    }
}

#[test]
fn published_answers_are_read() {
    let Some(folder) = crate::vectors("kz-nuc-test") else {
        return;
    };
    for name in [
        "ocsp_response_individual_2015.bin",
        "ocsp_response_ceo_2015_revoked.bin",
    ] {
        let response = OcspResponse::parse(&std::fs::read(folder.join(name)).unwrap()).unwrap();
        assert!(!response.certificates().is_empty(), "{name}");
        assert!(response.next_update().is_none() && response.nonce().is_some());
    }
}
