//! Levels of CAdES and the moment a document is judged at (design §5; threats CMS-11, CMS-13).

use esign::asn1::{self, Oid, oids, tag};
use esign::certificate::Certificate;
use esign::cms::{
    DocumentReport, Level, Quirk, RaiseError, TimeStampKind, raise_to_lt, raise_to_t, verify_document,
    verify_sign_in,
};
use esign::provider;
use esign::revocation::Evidence;
use esign::time::UnixTime;
use esign::trust::TrustStore;
use esign::tsp::TimeStampToken;
use esign::verdict::{Code, Verdict};

use crate::crl::List;
use crate::forge::{
    CONTENT, DAY, ISSUER, Message, NOW, Scene, algorithm, attribute, content_type, digest, message_digest,
};
use crate::stamps::{Authority, signing_certificate_v2};

const THEN: UnixTime = UnixTime(NOW.0 - 20 * DAY);

/// A person, and an authority that stamps at [`THEN`].
struct Stage {
    scene: Scene,
    authority: Authority,
}

impl Stage {
    fn new() -> Self {
        Self {
            scene: Scene::new(),
            authority: Authority::new(THEN),
        }
    }

    fn trust(&self) -> TrustStore {
        let mut group = self.scene.group();
        group.time_stamps.anchors = vec![self.authority.root.clone()];
        TrustStore::new(vec![group])
    }

    /// CAdES-BES
    fn message(&self) -> Message<'_> {
        let mut message = self.scene.message();
        message.attributes = Some(vec![
            content_type(oids::DATA),
            message_digest(CONTENT),
            signing_certificate_v2(&message.certificate),
        ]);
        message
    }

    fn judge(&self, cms: &[u8]) -> DocumentReport {
        verify_document(cms, None, &self.trust(), NOW, provider::native())
    }
}

/// The signature value of the only signer.
fn signature(cms: &[u8]) -> Vec<u8> {
    let mut fields = asn1::only(cms, asn1::Rules::Der).unwrap().sequence().unwrap();
    fields.element().unwrap();
    let data = fields.element().unwrap().child().unwrap();
    let signers = data.sequence().unwrap().collect(9).unwrap().pop().unwrap();
    let parts = signers.child().unwrap().sequence().unwrap().collect(9).unwrap();
    let is_signature = |part: &&asn1::Element<'_>| part.tag() == tag::OCTET_STRING;
    parts.iter().find(is_signature).unwrap().content().to_vec()
}

fn stamp(token: Vec<u8>) -> Vec<u8> {
    attribute(oids::SIGNATURE_TIME_STAMP, &[token])
}

#[test]
fn levels_by_what_was_found_to_hold() {
    let stage = Stage::new();
    let level = |cms: &[u8]| stage.judge(cms).signers[0].level;
    assert_eq!(level(&stage.scene.message().build()), Level::Cms);
    assert_eq!(level(&stage.message().build()), Level::Bes);
    let mut message = stage.message();
    message.unsigned = Box::new(|signature| vec![stamp(stage.authority.stamp(signature))]);
    assert_eq!(level(&message.build()), Level::T);
    message.unsigned = Box::new(|_| vec![stamp(stage.authority.stamp(b"another signature"))]);
    assert_eq!(
        level(&message.build()),
        Level::Bes,
        "a foreign stamp raises nothing"
    );
    let report = stage.judge(&message.build());
    assert_eq!(report.verdict, Verdict::Valid(()), "and harms nothing");
    let stamps = &report.signers[0].time_stamps;
    assert_eq!(stamps[0].verdict.code(), Some(Code::TspImprintMismatch));
    assert!(report.signers[0].proven_time.is_none());
}

#[test]
fn cms_13_a_document_is_judged_at_its_proven_time() {
    let mut stage = Stage::new();
    stage.scene.person.not_after = UnixTime(NOW.0 - 10 * DAY);
    let mut message = stage.message();
    let expired = stage.judge(&message.build());
    assert_eq!(expired.verdict, Verdict::Invalid(Code::CertificateExpired));
    message.unsigned = Box::new(|signature| vec![stamp(stage.authority.stamp(signature))]);
    let cms = message.build();
    let report = stage.judge(&cms);
    assert_eq!(report.verdict, Verdict::Valid(()));
    let signer = &report.signers[0];
    assert_eq!(signer.proven_time.as_ref().unwrap().latest(), THEN);
    let Verdict::Valid(verified) = &signer.verdict else {
        panic!()
    };
    assert_eq!(verified.proven_time().unwrap().latest(), THEN);
    // who enters is judged now
    let sign_in = verify_sign_in(&cms, CONTENT, &stage.trust(), NOW, provider::native());
    assert_eq!(sign_in.code(), Some(Code::CertificateExpired));
    // as known before the stamp was made, there is none
    let before = UnixTime(THEN.0 - 2 * DAY);
    let report = verify_document(&cms, None, &stage.trust(), before, provider::native());
    assert!(report.signers[0].proven_time.is_none());
    assert_eq!(
        report.signers[0].time_stamps[0].verdict.code(),
        Some(Code::TspFromFuture)
    );
}

#[test]
fn cms_13_a_stamp_after_the_end_of_validity_proves_too_little() {
    let mut stage = Stage::new();
    stage.scene.person.not_after = UnixTime(THEN.0 - 1);
    let mut message = stage.message();
    message.unsigned = Box::new(|signature| vec![stamp(stage.authority.stamp(signature))]);
    assert_eq!(
        stage.judge(&message.build()).verdict,
        Verdict::Invalid(Code::CertificateExpired)
    );
}

#[test]
fn cms_13_of_several_stamps_the_earliest_sound_one_counts() {
    let mut stage = Stage::new();
    stage.scene.person.not_after = UnixTime(NOW.0 - 10 * DAY);
    let (mut later, mut unknown) = (Authority::new(NOW), Authority::new(UnixTime(THEN.0 - DAY)));
    later.info.gen_time = crate::stamps::generalized(UnixTime(NOW.0 - 5 * DAY));
    unknown.draft.not_after = NOW;
    let mut group = stage.scene.group();
    group.time_stamps.anchors = vec![stage.authority.root.clone(), later.root.clone()];
    let trust = TrustStore::new(vec![group]);
    let mut message = stage.message();
    message.unsigned = Box::new(|signature| {
        [&later, &unknown, &stage.authority]
            .map(|authority| stamp(authority.stamp(signature)))
            .to_vec()
    });
    let report = verify_document(&message.build(), None, &trust, NOW, provider::native());
    assert_eq!(report.verdict, Verdict::Valid(()));
    let signer = &report.signers[0];
    assert_eq!(signer.proven_time.as_ref().unwrap().latest(), THEN);
    let verdicts: Vec<_> = signer
        .time_stamps
        .iter()
        .map(|stamp| stamp.verdict.code())
        .collect();
    assert_eq!(verdicts.len(), 3);
    assert!(
        verdicts[0].is_none() && verdicts[1].is_some() && verdicts[2].is_none(),
        "{verdicts:?}"
    );
}

#[test]
fn cms_13_groups_do_not_believe_each_others_authorities() {
    let mut stage = Stage::new();
    stage.scene.person.not_after = UnixTime(NOW.0 - 10 * DAY);
    let mut message = stage.message();
    message.unsigned = Box::new(|signature| vec![stamp(stage.authority.stamp(signature))]);
    let own = stage.scene.group();
    let mut other = Scene::new().group();
    other.id = "demo".into();
    other.time_stamps.anchors = vec![stage.authority.root.clone()];
    let trust = TrustStore::new(vec![own, other]);
    let report = verify_document(&message.build(), None, &trust, NOW, provider::native());
    assert_eq!(
        report.verdict,
        Verdict::Invalid(Code::CertificateExpired),
        "an authority of another group would let it date back what this group issued"
    );
}

#[test]
fn raising_leaves_what_was_signed_as_it_was() {
    let stage = Stage::new();
    let cms = stage.message().build();
    let native = provider::native();
    let token = TimeStampToken::parse(&stage.authority.stamp(&signature(&cms))).unwrap();
    let t = raise_to_t(&cms, &token, native).unwrap();
    let report = stage.judge(&t);
    assert_eq!(
        (report.verdict, report.signers[0].level),
        (Verdict::Valid(()), Level::T)
    );
    let foreign = TimeStampToken::parse(&stage.authority.stamp(b"x")).unwrap();
    assert_eq!(
        raise_to_t(&cms, &foreign, native).err(),
        Some(RaiseError::NotOfThisMessage)
    );
    assert_eq!(
        raise_to_lt(&cms, &[], &Evidence::new()).err(),
        Some(RaiseError::NotStamped)
    );

    let crl = List::of(ISSUER).sign(&stage.scene.issuer_key);
    let chain = [
        stage.scene.issuer.certificate(&stage.scene.root_key),
        stage.scene.root.clone(),
    ];
    let lt = raise_to_lt(&t, &chain, &Evidence::new().with_crl(crl)).unwrap();
    let report = stage.judge(&lt);
    assert_eq!(
        (report.verdict, report.signers[0].level),
        (Verdict::Valid(()), Level::Lt)
    );
    assert_eq!((report.evidence.crls, report.evidence.certificates), (1, 3));
    let again = raise_to_lt(&lt, &chain, &Evidence::new()).unwrap();
    assert_eq!(again, lt, "what is there is not repeated");

    for raised in [&t, &lt] {
        for part in signed_parts(&cms) {
            assert!(raised.windows(part.len()).any(|window| window == part));
        }
    }
}

/// What must never be written anew: the content, and everything of the signer.
fn signed_parts(cms: &[u8]) -> Vec<Vec<u8>> {
    let mut fields = asn1::only(cms, asn1::Rules::Ber).unwrap().sequence().unwrap();
    fields.element().unwrap();
    let data = fields.element().unwrap().child().unwrap();
    let parts = data.sequence().unwrap().collect(9).unwrap();
    let signer = parts.last().unwrap().child().unwrap();
    let mut kept = vec![parts[2].raw().to_vec()];
    kept.push(signer.content().to_vec());
    kept
}

#[test]
fn raising_a_ber_envelope_keeps_it_ber_inside() {
    let stage = Stage::new();
    let message = stage.message();
    let mut parts = message.parts();
    let chunks = [
        asn1::octet_string(&CONTENT[..5]),
        asn1::octet_string(&CONTENT[5..]),
    ]
    .concat();
    let content = crate::forge::indefinite(0xa0, &crate::forge::indefinite(0x24, &chunks));
    parts[2] = crate::forge::indefinite(
        tag::SEQUENCE,
        &[asn1::object_identifier(oids::DATA), content].concat(),
    );
    let cms = crate::forge::wrap(&crate::forge::indefinite(tag::SEQUENCE, &parts.concat()));
    let signature = {
        let der = asn1::to_der(&cms).unwrap();
        signature(&der)
    };
    let token = TimeStampToken::parse(&stage.authority.stamp(&signature)).unwrap();
    let raised = raise_to_t(&cms, &token, provider::native()).unwrap();
    let report = stage.judge(&raised);
    assert_eq!(
        (report.verdict, report.signers[0].level),
        (Verdict::Valid(()), Level::T)
    );
    assert_eq!(report.quirks, [Quirk::BerEnvelope]);
    assert!(raised.windows(parts[2].len()).any(|window| window == parts[2]));
}

#[test]
fn references_are_read_and_judged() {
    let stage = Stage::new();
    let issuer = stage.scene.issuer.certificate(&stage.scene.root_key);
    let hash = |der: &[u8]| asn1::sequence(&[algorithm(oids::SHA256), digest(der)]);
    let reference = |der: &[u8]| {
        let ids = asn1::sequence(&[asn1::sequence(&[hash(der)])]);
        attribute(oids::CERTIFICATE_REFERENCES, &[ids])
    };
    let list = List::of(ISSUER).sign(&stage.scene.issuer_key).der().to_vec();
    let revocation = |der: &[u8]| {
        let ids = asn1::sequence(&[asn1::sequence(&[asn1::sequence(&[hash(der)])])]);
        let entry = asn1::sequence(&[asn1::context(0, &ids)]);
        attribute(oids::REVOCATION_REFERENCES, &[asn1::sequence(&[entry])])
    };
    let certificate_values = attribute(
        oids::CERTIFICATE_VALUES,
        &[asn1::sequence(&[issuer.der().to_vec()])],
    );
    let lists = asn1::context(0, &asn1::sequence(std::slice::from_ref(&list)));
    let revocation_values = attribute(oids::REVOCATION_VALUES, &[asn1::sequence(&[lists])]);
    let judge = |certificate: &[u8], revoked: &[u8], with_values: bool, x: Option<Oid<'static>>| {
        let mut message = stage.message();
        message.unsigned = Box::new(|signature| {
            let stamped = stamp(stage.authority.stamp(signature));
            let references = [reference(certificate), revocation(revoked)];
            let body = |attribute: &[u8]| {
                asn1::only(attribute, asn1::Rules::Der)
                    .unwrap()
                    .content()
                    .to_vec()
            };
            let over_references = references.iter().map(|r| body(r)).collect::<Vec<_>>().concat();
            let mut list = vec![stamped.clone()];
            list.extend(references.clone());
            if with_values {
                list.extend([certificate_values.clone(), revocation_values.clone()]);
            }
            match x {
                Some(oids::ESC_TIME_STAMP) => {
                    let over = [signature, &body(&stamped), &over_references].concat();
                    list.push(attribute(oids::ESC_TIME_STAMP, &[stage.authority.stamp(&over)]));
                }
                Some(kind) => list.push(attribute(kind, &[stage.authority.stamp(&over_references)])),
                None => {}
            }
            list
        });
        stage.judge(&message.build()).signers.remove(0)
    };
    let signer = judge(issuer.der(), &list, true, None);
    assert_eq!(
        (signer.references, signer.level),
        (Some(Verdict::Valid(())), Level::Lt)
    );
    for kind in [oids::ESC_TIME_STAMP, oids::REFERENCES_TIME_STAMP] {
        let signer = judge(issuer.der(), &list, true, Some(kind));
        assert_eq!(signer.level, Level::XLong, "{:?}", signer.time_stamps);
    }
    let archive = judge(issuer.der(), &list, true, Some(oids::ARCHIVE_TIME_STAMP_V2));
    assert_eq!(archive.level, Level::Archive);
    let shown = &archive.time_stamps[1];
    assert_eq!(
        (shown.kind, shown.stated_time),
        (TimeStampKind::Archive, Some(THEN))
    );
    assert_eq!(shown.verdict.code(), Some(Code::TspNotJudged));
    for (certificate, revoked) in [(&b"another"[..], &list[..]), (issuer.der(), &b"another"[..])] {
        let signer = judge(certificate, revoked, true, None);
        assert_eq!(
            signer.references.and_then(|verdict| verdict.code()),
            Some(Code::CmsReferencesMismatch)
        );
        assert!(matches!(signer.verdict, Verdict::Valid(_)));
    }
    let without_values = judge(b"another", &list, false, None);
    assert!(matches!(without_values.references, Some(Verdict::Unknown(_))));
}

#[test]
fn certificates_are_found_in_the_values_too() {
    let stage = Stage::new();
    let mut group = stage.scene.group();
    let issuer: Vec<Certificate> = std::mem::take(&mut group.intermediates);
    let trust = TrustStore::new(vec![group]);
    let mut message = stage.message();
    let judge = |message: &Message<'_>| {
        verify_document(&message.build(), None, &trust, NOW, provider::native()).verdict
    };
    assert_eq!(judge(&message), Verdict::Invalid(Code::CertificateUnknownIssuer));
    let values = attribute(
        oids::CERTIFICATE_VALUES,
        &[asn1::sequence(&[issuer[0].der().to_vec()])],
    );
    message.unsigned = Box::new(move |_| vec![values.clone()]);
    assert_eq!(judge(&message), Verdict::Valid(()));
}
