//! What evidence of one moment says of another, and how late it may come.

use std::time::Duration;

use esign::asn1::{self, oids, tag};
use esign::certificate::Certificate;
use esign::cms::verify_sign_in;
use esign::path::{self, PolicyInputs, Query, RevocationAnswer, RevocationQuery, SignatureCache};
use esign::pkcs12;
use esign::provider;
use esign::revocation::{Crl, Evidence, Source, Status};
use esign::time::UnixTime;
use esign::trust::RevocationRule;
use esign::verdict::{Code, Verdict};

use super::{Court, HOLD, REMOVE, REQUIRED, changes, complete, reason};
use crate::crl::List;
use crate::forge::{CONTENT, DAY, NOW, extension};

#[test]
fn cms_11_what_was_learnt_after_a_proven_moment_speaks_of_it() {
    let later = |revoked_at: i64, more: Vec<Vec<u8>>| {
        let mut court = Court::new().list(|list| {
            list.this_update = UnixTime(NOW.0 + DAY);
            list.next_update = Some(UnixTime(NOW.0 + 2 * DAY));
            list.revoked = vec![7];
            list.revoked_at = Some(UnixTime(revoked_at));
            list.entry_extensions = more;
        });
        court.group.revocation = REQUIRED;
        (court.sign_in(), court.document())
    };
    let future = Some(Code::RevocationNotYetValid);
    assert_eq!(later(NOW.0 + 1, vec![reason(1)]), (future, None), "revoked since");
    assert_eq!(later(NOW.0 + 1, vec![reason(HOLD)]), (future, None));
    assert_eq!(
        later(NOW.0 - 1, vec![reason(1)]),
        (future, Some(Code::CertificateRevoked))
    );
    assert_eq!(
        later(NOW.0 - 1, vec![reason(HOLD)]),
        (future, Some(Code::CertificateOnHold))
    );
    let since = asn1::tlv(tag::GENERALIZED_TIME, b"20261101000000Z");
    let invalid = extension(oids::INVALIDITY_DATE, false, &since);
    assert_eq!(
        later(NOW.0 + 1, vec![reason(1), invalid]),
        (future, Some(Code::CertificateRevoked)),
        "the key was in wrong hands already"
    );
}

#[test]
fn cms_11_a_hold_at_a_proven_moment_is_not_undone_by_its_end() {
    let hold = |list: &mut List| {
        complete(list);
        list.revoked = vec![7];
        list.entry_extensions = vec![reason(HOLD)];
    };
    let removal = |list: &mut List| {
        changes(list);
        list.this_update = UnixTime(NOW.0 + DAY);
        list.next_update = Some(UnixTime(NOW.0 + 2 * DAY));
        list.revoked = vec![7];
        list.entry_extensions = vec![reason(REMOVE)];
    };
    let on_hold = Some(Code::CertificateOnHold);
    assert_eq!(Court::new().list(hold).list(removal).document(), on_hold);
    let silent = |list: &mut List| {
        list.this_update = UnixTime(NOW.0 + DAY);
        list.next_update = Some(UnixTime(NOW.0 + 2 * DAY));
    };
    assert_eq!(Court::new().list(hold).list(silent).document(), on_hold);
}

#[test]
fn cms_11_a_list_that_no_longer_names_expired_certificates_proves_nothing() {
    let court = Court::new().list(|list| {
        list.this_update = UnixTime(NOW.0 + 31 * DAY);
        list.next_update = Some(UnixTime(NOW.0 + 40 * DAY));
    });
    assert_eq!(court.document(), Some(Code::RevocationNotYetValid));
}

#[test]
fn net_4_grace_lets_in_and_judges_no_document() {
    let late = |grace| {
        let mut court = Court::new().list(|list| list.next_update = Some(UnixTime(NOW.0 - 60)));
        court.group.revocation.grace = Duration::from_secs(grace);
        court
    };
    let stale = Some(Code::RevocationStale);
    assert_eq!(late(59).sign_in(), stale);
    assert_eq!((late(60).sign_in(), late(60).document()), (None, stale));
    let court = late(60);
    let cms = court.scene.message().build();
    let Verdict::Valid(signer) = verify_sign_in(&cms, CONTENT, &court.trust(), NOW, provider::native())
    else {
        panic!("refused")
    };
    assert_eq!(signer.revocation(), RevocationAnswer::WithinGrace);
}

#[test]
fn net_4_entering_and_signing_have_rules_of_their_own() {
    let mut court = Court::new();
    court.group.revocation.sign_in = RevocationRule::NotAsked;
    assert_eq!(
        (court.sign_in(), court.document()),
        (None, Some(Code::CertificateStatusUnknown))
    );
}

#[test]
fn net_5_newer_evidence_takes_effect_while_the_store_is_in_use() {
    let court = Court::new().list(|_| {});
    let trust = court.trust();
    let cms = court.scene.message().build();
    let judge = || verify_sign_in(&cms, CONTENT, &trust, NOW, provider::native()).code();
    assert_eq!(judge(), None);
    let newer = Court::over(court.scene).list(|list| list.revoked = vec![7]);
    trust.replace_evidence("another", &Evidence::new());
    assert_eq!(trust.evidence("kz").unwrap().crls().len(), 2);
    trust.replace_evidence("kz", &newer.group.evidence);
    let cms = newer.scene.message().build();
    assert_eq!(
        verify_sign_in(&cms, CONTENT, &trust, NOW, provider::native()).code(),
        Some(Code::CertificateRevoked)
    );
}

#[test]
fn what_a_status_rests_on_is_told() {
    let court = Court::new().list(|_| {});
    let cms = court.scene.message().build();
    let Verdict::Valid(signer) = verify_sign_in(&cms, CONTENT, &court.trust(), NOW, provider::native())
    else {
        panic!("refused")
    };
    let findings = signer.findings();
    assert_eq!(findings.len(), 2, "all but the anchor");
    for (finding, crl) in findings.iter().zip(court.group.evidence.crls()) {
        assert_eq!(finding.status, Status::Good);
        let [Source::Crl(source)] = finding.sources.as_slice() else {
            panic!("{:?}", finding.sources)
        };
        assert_eq!(source.fingerprint(), crl.fingerprint());
    }
}

/// The complete list and the changes of the Kazakh test authority, asked about a key of the next year.
#[test]
fn net_4_lists_of_the_kazakh_authority() {
    let Some(folder) = crate::vectors("kz-nuc-test") else {
        return;
    };
    let file = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let authority = Certificate::parse(file("nca_gost2022_test.cer")).unwrap();
    let lists = ["nca_gost2022_test.crl", "nca_gost2022_d_test.crl"]
        .map(|name| Crl::read(file(name).as_slice()).unwrap());
    let [complete, changes] = lists.clone();
    assert!(!complete.is_delta() && changes.is_delta() && changes.is_empty());
    let container = pkcs12::open(&file("individual_valid.p12"), "Qwerty12").unwrap();
    let person = container.keys[0].certificate.clone();
    let evidence: Evidence = lists.into_iter().collect();
    let judge = |evidence: &Evidence, days: u64| {
        let query = Query {
            target: &person,
            anchors: std::slice::from_ref(&authority),
            candidates: Vec::new(),
            at: UnixTime(person.not_before().0 + 1),
            revocation: RevocationQuery {
                grace: Duration::from_secs(days * 86_400),
                ..RevocationQuery::now(REQUIRED.sign_in)
            },
            evidence,
            policy: PolicyInputs::default(),
            min_rsa_bits: 2048,
        };
        path::validate(&query, provider::native(), &SignatureCache::default())
    };
    assert_eq!(judge(&evidence, 1).code(), Some(Code::RevocationStale));
    let Verdict::Valid(path) = judge(&evidence, 400) else {
        panic!("refused")
    };
    assert_eq!(path.revocation(), RevocationAnswer::WithinGrace);
    let [finding] = path.findings() else {
        panic!("one certificate below the anchor")
    };
    assert_eq!(finding.sources.len(), 2, "the list together with its changes");
    let only_changes = Evidence::new().with_crl(changes);
    assert_eq!(
        judge(&only_changes, 400).code(),
        Some(Code::RevocationBaseMissing)
    );
}
