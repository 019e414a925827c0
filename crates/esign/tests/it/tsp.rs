//! Time stamps (RFC 3161; threat CMS-13), each wrong in one place.

use esign::algorithm::Hash;
use esign::asn1::{self, Oid, oids, tag};
use esign::cms::{Quirk, verify_document};
use esign::provider;
use esign::time::UnixTime;
use esign::trust::TrustStore;
use esign::tsp::{Imprint, TimeStampRequest, TimeStampResponse, TimeStampToken};
use esign::verdict::{Code, Problem, Verdict};

use crate::forge::{
    DAY, DIGITAL_SIGNATURE, NOW, Scene, algorithm, attribute, basic_constraints, content_type, extension,
    key_usage, message_digest,
};
use crate::stamps::{Authority, POLICY, generalized, response, signing_certificate_v2, time_stamping};

const MESSAGE: &[u8] = b"a signature value";
const THEN: UnixTime = UnixTime(NOW.0 - 20 * DAY);

fn trust(authority: &Authority) -> TrustStore {
    let mut group = Scene::new().group();
    group.time_stamps.anchors = vec![authority.root.clone()];
    TrustStore::new(vec![group])
}

fn judge(authority: &Authority, token: &[u8]) -> Result<UnixTime, Code> {
    let token = TimeStampToken::parse(token).map_err(|_| Code::TspMalformed)?;
    match token.verify(MESSAGE, &trust(authority), NOW, provider::native()) {
        Verdict::Valid(proven) => Ok(proven.latest()),
        Verdict::Invalid(code) | Verdict::Unknown(code) => Err(code),
    }
}

/// The same authority with its certificate or its statement changed.
fn altered(change: impl FnOnce(&mut Authority)) -> Result<UnixTime, Code> {
    let mut authority = Authority::new(THEN);
    change(&mut authority);
    judge(&authority, &authority.stamp(MESSAGE))
}

#[test]
fn a_sound_time_stamp_proves_its_time() {
    assert_eq!(altered(|_| {}), Ok(THEN));
    let authority = Authority::new(THEN);
    let token = TimeStampToken::parse(&authority.stamp(MESSAGE)).unwrap();
    let proven = token
        .verify(MESSAGE, &trust(&authority), NOW, provider::native())
        .into_result()
        .unwrap();
    assert_eq!(proven.token().policy().as_bytes(), POLICY);
    assert_eq!((proven.anchor_group(), proven.path().len()), ("kz", 2));
    assert_eq!(proven.token().serial(), [77]);
}

#[test]
fn cms_13_the_imprint_is_that_of_the_message() {
    let authority = Authority::new(THEN);
    let other = authority.stamp(b"another signature");
    assert_eq!(judge(&authority, &other), Err(Code::TspImprintMismatch));
    assert_eq!(
        altered(|a| a.info.hash = algorithm(oids::SHA512)),
        Err(Code::TspImprintMismatch)
    );
    assert_eq!(
        altered(|a| a.info.hash = algorithm(oids::SHA1)),
        Err(Code::CmsWeakAlgorithm),
        "SHA-1 lets another message have the same stamp"
    );
}

#[test]
fn cms_13_the_authority_leads_to_the_anchors_of_time_stamps() {
    let authority = Authority::new(THEN);
    let token = TimeStampToken::parse(&authority.stamp(MESSAGE)).unwrap();
    let verify = |trust: &TrustStore| token.verify(MESSAGE, trust, NOW, provider::native()).code();
    let mut group = Scene::new().group();
    assert_eq!(
        verify(&TrustStore::new(vec![group.clone()])),
        Some(Code::CertificateUnknownIssuer)
    );
    group.anchors.push(authority.root.clone());
    assert_eq!(
        verify(&TrustStore::new(vec![group.clone()])),
        None,
        "a group without anchors for time stamps believes its own"
    );
    group.time_stamps.anchors = vec![Scene::new().root];
    assert_eq!(
        verify(&TrustStore::new(vec![group])),
        Some(Code::CertificateUnknownIssuer),
        "a group with anchors for time stamps believes no others"
    );
}

#[test]
fn cms_13_the_certificate_is_critically_for_time_stamps_alone() {
    let purposes = |list: &[Oid<'_>], critical| {
        let list: Vec<_> = list.iter().map(|oid| asn1::object_identifier(*oid)).collect();
        extension(oids::EXTENDED_KEY_USAGE, critical, &asn1::sequence(&list))
    };
    let usage = key_usage(DIGITAL_SIGNATURE);
    let wrong = [
        vec![usage.clone()],
        vec![usage.clone(), time_stamping(false)],
        vec![usage.clone(), purposes(&[oids::CLIENT_AUTH], true)],
        vec![
            usage.clone(),
            purposes(&[oids::TIME_STAMPING, oids::CLIENT_AUTH], true),
        ],
        vec![usage.clone(), purposes(&[oids::ANY_EXTENDED_KEY_USAGE], true)],
        vec![key_usage(crate::forge::KEY_ENCIPHERMENT), time_stamping(true)],
        vec![usage, time_stamping(true), basic_constraints(None)],
    ];
    for (index, extensions) in wrong.into_iter().enumerate() {
        assert_eq!(
            altered(|a| a.draft.extensions = extensions),
            Err(Code::TspWrongPurpose),
            "case {index}"
        );
    }
}

#[test]
fn cms_13_the_token_is_signed_once_with_its_certificate_named() {
    let authority = Authority::new(THEN);
    let altered = |change: &dyn Fn(&mut crate::forge::Message<'_>)| {
        judge(&authority, &authority.stamp_as(MESSAGE, change)).err()
    };
    let without = |kind: usize| {
        move |m: &mut crate::forge::Message<'_>| drop(m.attributes.as_mut().unwrap().remove(kind))
    };
    assert_eq!(altered(&without(0)), Some(Code::CmsAttributesInvalid));
    assert_eq!(altered(&without(1)), Some(Code::CmsAttributesInvalid));
    assert_eq!(
        altered(&without(2)),
        Some(Code::CmsAttributesInvalid),
        "no reference to the certificate"
    );
    assert_eq!(
        altered(&|m| m.attributes = None),
        Some(Code::CmsNoSignedAttributes)
    );
    assert_eq!(altered(&|m| m.signers = 2), Some(Code::CmsSignerCount));
    assert_eq!(
        altered(&|m| m.bag.clear()),
        Some(Code::CmsSignerCertificateMissing)
    );
    let other = |m: &mut crate::forge::Message<'_>| {
        let info = m.content.clone().unwrap();
        m.attributes = Some(vec![
            content_type(oids::TST_INFO),
            message_digest(&info),
            signing_certificate_v2(b"another"),
        ]);
    };
    assert_eq!(altered(&other), Some(Code::CmsSigningCertificateMismatch));
    let v1 = |m: &mut crate::forge::Message<'_>| {
        let sha1 = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, &m.certificate);
        let id = asn1::sequence(&[asn1::octet_string(sha1.as_ref())]);
        let value = asn1::sequence(&[asn1::sequence(&[id])]);
        m.attributes.as_mut().unwrap()[2] = attribute(oids::SIGNING_CERTIFICATE, &[value]);
    };
    assert_eq!(altered(&v1), None, "SHA-1 identifies, as RFC 3161 itself has it");
    let data = |m: &mut crate::forge::Message<'_>| m.content_type = oids::DATA;
    assert_eq!(altered(&data), Some(Code::TspMalformed));
    let mut flipped = authority.stamp(MESSAGE);
    *flipped.last_mut().unwrap() ^= 1;
    assert_eq!(judge(&authority, &flipped), Err(Code::CmsSignatureInvalid));
}

#[test]
fn cms_13_time_policy_and_validity() {
    let soon = UnixTime(NOW.0 + 200);
    assert_eq!(
        altered(|a| a.info.gen_time = generalized(soon)),
        Ok(soon),
        "clocks differ"
    );
    let later = generalized(UnixTime(NOW.0 + 400));
    assert_eq!(altered(|a| a.info.gen_time = later), Err(Code::TspFromFuture));
    assert_eq!(
        altered(|a| a.draft.not_before = UnixTime(THEN.0 + 1)),
        Err(Code::CertificateNotYetValid)
    );
    assert_eq!(
        altered(|a| a.draft.not_after = UnixTime(THEN.0)),
        Ok(THEN),
        "a time stamp outlives its certificate"
    );
    let authority = Authority::new(THEN);
    let token = TimeStampToken::parse(&authority.stamp(MESSAGE)).unwrap();
    let mut group = Scene::new().group();
    group.time_stamps.anchors = vec![authority.root.clone()];
    let mut under = |policy: &str| {
        group.time_stamps.policies = vec![policy.into()];
        let trust = TrustStore::new(vec![group.clone()]);
        token.verify(MESSAGE, &trust, NOW, provider::native()).code()
    };
    assert_eq!(under("1.2.3.4"), None);
    assert_eq!(under("1.2.3.5"), Some(Code::TspPolicyNotAllowed));
}

#[test]
fn accuracy_and_fractions_make_the_moment_later() {
    let accuracy = |fields: &[Vec<u8>]| Some(asn1::sequence(fields));
    let ten = accuracy(&[asn1::integer(&[10])]);
    assert_eq!(altered(|a| a.info.accuracy = ten), Ok(UnixTime(THEN.0 + 10)));
    let millis = accuracy(&[asn1::tlv(0x80, &[1])]);
    assert_eq!(altered(|a| a.info.accuracy = millis), Ok(UnixTime(THEN.0 + 1)));
    let out_of_range = accuracy(&[asn1::tlv(0x80, &[3, 0xe8])]);
    assert_eq!(
        altered(|a| a.info.accuracy = out_of_range),
        Err(Code::TspMalformed)
    );
    let with = |fraction: &str| generalized(THEN).replace('Z', &format!("{fraction}Z"));
    assert_eq!(
        altered(|a| a.info.gen_time = with(".5")),
        Ok(UnixTime(THEN.0 + 1))
    );
    for wrong in [".", ".x", ",5", ".1234567890"] {
        assert_eq!(
            altered(|a| a.info.gen_time = with(wrong)),
            Err(Code::TspMalformed),
            "{wrong}"
        );
    }
    let unknown = extension(oids::KEY_USAGE, true, &asn1::null());
    let critical = Some(asn1::context(1, &unknown));
    assert_eq!(altered(|a| a.info.extensions = critical), Err(Code::TspMalformed));
}

#[test]
fn a_response_answers_its_request() {
    let mut authority = Authority::new(THEN);
    let imprint = || Imprint::of(MESSAGE, Hash::Sha256, provider::native());
    let request = TimeStampRequest::new(imprint()).with_nonce(&[0, 0x80, 1]);
    let answer = |bytes: &[u8], request: &TimeStampRequest| {
        let response = TimeStampResponse::parse(bytes).map_err(Problem::from);
        response
            .and_then(|response| response.token_for(request))
            .err()
            .map(Problem::code)
    };
    let without_nonce = response(0, Some(&authority.stamp(MESSAGE)));
    assert_eq!(answer(&without_nonce, &request), Some(Code::TspNonceMismatch));
    authority.info.nonce = Some(asn1::integer(&[0x80, 1]));
    let granted = response(0, Some(&authority.stamp(MESSAGE)));
    assert_eq!(answer(&granted, &request), None);
    let modified = response(1, Some(&authority.stamp(MESSAGE)));
    assert_eq!(answer(&modified, &request), None, "granted with modifications");
    let other = TimeStampRequest::new(Imprint::of(b"other", Hash::Sha256, provider::native()));
    assert_eq!(answer(&granted, &other), Some(Code::TspImprintMismatch));
    let asked = |policy: &'static [u8]| {
        TimeStampRequest::new(imprint()).with_policy(Oid::from_content(policy).unwrap())
    };
    assert_eq!(answer(&granted, &asked(POLICY)), None);
    assert_eq!(
        answer(&granted, &asked(&[0x2a, 4])),
        Some(Code::TspPolicyNotAllowed)
    );
    assert_eq!(answer(&response(2, None), &request), Some(Code::TspNotGranted));
    assert_eq!(answer(&response(0, None), &request), Some(Code::TspMalformed));
    assert_eq!(answer(b"<html>", &request), Some(Code::TspMalformed));
    let status = asn1::sequence(&[
        asn1::integer(&[2]),
        asn1::sequence(&[asn1::utf8_string("занято\u{1b}[2J")]),
        asn1::tlv(tag::BIT_STRING, &[6, 0, 0, 0, 0x40]),
    ]);
    let Ok(TimeStampResponse::Refused(failure)) = TimeStampResponse::parse(&asn1::sequence(&[status])) else {
        panic!("a refusal is read")
    };
    assert_eq!(failure.text, "занято[2J");
    assert_eq!(
        failure.reasons,
        ["the request cannot be handled due to system failure"]
    );
}

/// A token of the Kazakh authority: CMS version 3, signing-certificate of version 1, an imprint by SHA-1.
#[test]
fn a_kazakh_token_is_read_and_its_imprint_is_refused() {
    let Some(folder) = crate::vectors("kz-nuc-test") else {
        return;
    };
    let token = std::fs::read(folder.join("tsp_token.bin")).unwrap();
    let response = std::fs::read(folder.join("tsp_response.bin")).unwrap();
    let token = TimeStampToken::parse(&token).unwrap();
    assert_eq!(token.policy().to_string(), "1.2.398.3.3.2.6.1");
    assert_eq!(token.gen_time().to_string(), "2022-09-18T13:20:14Z");
    assert_eq!(token.accuracy_micros(), 0);
    assert!(token.imprint().hash().is_err());
    let Ok(TimeStampResponse::Granted(granted)) = TimeStampResponse::parse(&response) else {
        panic!("the response is granted")
    };
    assert_eq!(granted.gen_time(), token.gen_time());
    // only the imprint is in the way: the signature by GOST 34.310-2004 and the reference by SHA-1 hold
    let report = verify_document(
        token.as_bytes(),
        None,
        &TrustStore::default(),
        NOW,
        provider::native(),
    );
    let authority = report.signers[0].certificate.clone().unwrap();
    assert_eq!(
        report.signers[0].quirks,
        [Quirk::SigningCertificateV1, Quirk::ExplicitNull]
    );
    let mut group = Scene::new().group();
    group.time_stamps.anchors = vec![authority];
    let trust = TrustStore::new(vec![group]);
    let judge = |token: &TimeStampToken| token.verify(MESSAGE, &trust, NOW, provider::native()).code();
    assert_eq!(judge(&token), Some(Code::CmsWeakAlgorithm));
    let mut flipped = token.as_bytes().to_vec();
    *flipped.last_mut().unwrap() ^= 1;
    let flipped = TimeStampToken::parse(&flipped).unwrap();
    assert_eq!(judge(&flipped), Some(Code::CmsSignatureInvalid));
}
