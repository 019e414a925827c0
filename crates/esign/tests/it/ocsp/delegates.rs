//! Whom an issuer lets answer for it.

use esign::asn1::{self, oids};
use esign::certificate::Certificate;
use esign::revocation::OcspRequest;
use esign::time::UnixTime;
use esign::verdict::Code;

use super::{Draught, GOOD, people};
use crate::crl::{List, point};
use crate::forge::{
    DIGITAL_SIGNATURE, Draft, ISSUER, KEY_ENCIPHERMENT, Key, NOW, ROOT, Scene, common_name, extension,
    key_usage, purposes,
};
use crate::revocation::Court;

/// What a sign-in says when a delegate answers.
fn delegated(
    change: impl FnOnce(&mut Draft),
    by: impl FnOnce(&Scene) -> &Key,
    more: impl FnOnce(Court, &Certificate) -> Court,
) -> Option<Code> {
    let mut court = Court::new();
    let (person, issuer) = people(&court.scene);
    let key = Key::new();
    let mut delegate = Draft::new(&common_name(ISSUER), &common_name("responder"), &key);
    delegate.serial = 100;
    delegate.extensions = vec![
        purposes(&[oids::OCSP_SIGNING]),
        extension(oids::OCSP_NO_CHECK, false, &asn1::null()),
    ];
    change(&mut delegate);
    let delegate = delegate.certificate(by(&court.scene));
    let mut draught = Draught::about(&person, &issuer);
    draught.responder = asn1::context(1, delegate.subject().as_der());
    draught.certificates = vec![delegate.der().to_vec()];
    court.group.evidence = court.group.evidence.with_ocsp(draught.sign(&key));
    more(court, &delegate).sign_in()
}

fn plainly(change: impl FnOnce(&mut Draft)) -> Option<Code> {
    delegated(change, |scene| &scene.issuer_key, |court, _| court)
}

#[test]
fn net_3_the_issuer_may_let_another_answer() {
    let refused = Some(Code::RevocationResponderNotAuthorised);
    assert_eq!(plainly(|_| {}), None);
    assert_eq!(
        plainly(|delegate| drop(delegate.extensions.remove(0))),
        refused,
        "purpose not stated"
    );
    assert_eq!(
        plainly(|delegate| delegate.extensions[0] = purposes(&[oids::ANY_EXTENDED_KEY_USAGE])),
        refused
    );
    assert_eq!(
        plainly(|delegate| delegate.extensions[0] = purposes(&[oids::TIME_STAMPING])),
        refused
    );
    assert_eq!(
        plainly(|delegate| delegate.extensions.push(key_usage(DIGITAL_SIGNATURE))),
        None
    );
    assert_eq!(
        plainly(|delegate| delegate.extensions.push(key_usage(KEY_ENCIPHERMENT))),
        refused
    );
    assert_eq!(
        plainly(|delegate| delegate.not_after = UnixTime(NOW.0 - 1)),
        refused,
        "expired"
    );
    assert_eq!(
        plainly(|delegate| delegate.not_before = UnixTime(NOW.0 + 1)),
        refused
    );
    let strange = extension(asn1::Oid::from_content(&[0x2a, 3]).unwrap(), true, &[5, 0]);
    assert_eq!(plainly(|delegate| delegate.extensions.push(strange)), refused);
}

#[test]
fn net_3_only_the_very_issuer_lets_another_answer() {
    let refused = Some(Code::RevocationResponderNotAuthorised);
    let by_root = delegated(
        |delegate| delegate.issuer = common_name(ROOT),
        |scene| &scene.root_key,
        |court, _| court,
    );
    assert_eq!(by_root, refused, "the issuer's issuer");
    let by_root_in_its_name = delegated(|_| {}, |scene| &scene.root_key, |court, _| court);
    assert_eq!(by_root_in_its_name, refused);
    let by_person = delegated(|_| {}, |scene| &scene.person_key, |court, _| court);
    assert_eq!(by_person, refused);
}

#[test]
fn net_3_a_responder_is_asked_about_unless_its_issuer_says_otherwise() {
    let refused = Some(Code::RevocationResponderNotAuthorised);
    let must_be_asked = |delegate: &mut Draft| drop(delegate.extensions.pop());
    assert_eq!(plainly(must_be_asked), refused);
    // a list that speaks of those only who name its place
    let place = asn1::context(
        0,
        &asn1::context(0, &asn1::tlv(0x86, b"http://crl.example/responders")),
    );
    let names_place = extension(
        oids::CRL_DISTRIBUTION_POINTS,
        false,
        &asn1::sequence(&[asn1::sequence(std::slice::from_ref(&place))]),
    );
    let of_place = |mut court: Court, _: &Certificate| {
        let mut list = List::of(ISSUER);
        list.extensions = vec![point(&place)];
        let list = list.sign(&court.scene.issuer_key);
        court.group.evidence = court.group.evidence.with_crl(list);
        court
    };
    let judged = delegated(
        |delegate| {
            must_be_asked(delegate);
            delegate.extensions.push(names_place);
        },
        |scene| &scene.issuer_key,
        of_place,
    );
    assert_eq!(judged, None);
    assert_eq!(
        delegated(must_be_asked, |scene| &scene.issuer_key, of_place),
        refused
    );
}

#[test]
fn net_3_a_revoked_responder_and_one_that_vouches_for_itself_are_not_believed() {
    let must_be_asked = |delegate: &mut Draft| drop(delegate.extensions.pop());
    let judge = |about_itself: bool, revoked_by_list: bool| {
        let mut court = Court::new();
        let (person, issuer) = people(&court.scene);
        let key = Key::new();
        let mut delegate = Draft::new(&common_name(ISSUER), &common_name("responder"), &key);
        delegate.serial = 100;
        delegate.extensions = vec![
            purposes(&[oids::OCSP_SIGNING]),
            extension(oids::OCSP_NO_CHECK, false, &asn1::null()),
        ];
        must_be_asked(&mut delegate);
        let delegate = delegate.certificate(&court.scene.issuer_key);
        let mut draught = Draught::about(&person, &issuer);
        draught.responder = asn1::context(1, delegate.subject().as_der());
        draught.certificates = vec![delegate.der().to_vec()];
        if about_itself {
            let own = OcspRequest::new(&delegate, &issuer, None).certificate_id();
            draught.answers.push((own, GOOD.to_vec()));
        }
        court.group.evidence = court.group.evidence.with_ocsp(draught.sign(&key));
        if revoked_by_list {
            let mut list = List::of(ISSUER);
            list.revoked = vec![100];
            list.next_update = Some(UnixTime(NOW.0 - 1));
            let list = list.sign(&court.scene.issuer_key);
            court.group.evidence = court.group.evidence.with_crl(list);
        }
        court.sign_in()
    };
    let refused = Some(Code::RevocationResponderNotAuthorised);
    assert_eq!(judge(true, false), refused);
    assert_eq!(judge(false, true), refused);
}
