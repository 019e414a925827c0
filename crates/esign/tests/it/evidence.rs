//! Revocation data that a message brings, and the proven time (design §5; threats CMS-11, NET-3).

use esign::asn1::{self, oids, tag};
use esign::cms::{DocumentReport, raise_to_lt, verify_document, verify_sign_in};
use esign::path::RevocationAnswer;
use esign::provider;
use esign::revocation::{Crl, Evidence};
use esign::time::UnixTime;
use esign::trust::{RevocationPolicy, RevocationRule, TrustStore, UnknownStatus};
use esign::verdict::{Code, Verdict};

use crate::crl::List;
use crate::forge::{CONTENT, DAY, ISSUER, NOW, ROOT, Scene, attribute, extension};
use crate::stamps::Authority;

const THEN: UnixTime = UnixTime(NOW.0 - 20 * DAY);
const PERSON: u32 = 7;

/// A signature stamped at [`THEN`] and what is known about everybody's revocation since yesterday.
struct Case {
    scene: Scene,
    authority: Authority,
    person: List,
    time: List,
    /// evidence in the signer's attributes instead of beside the signers
    in_attributes: bool,
    stamped: bool,
}

impl Case {
    fn new() -> Self {
        Self {
            scene: Scene::new(),
            authority: Authority::new(THEN),
            person: List::of(ISSUER),
            time: List::of("Time root"),
            in_attributes: false,
            stamped: true,
        }
    }

    fn lists(&self) -> [Crl; 3] {
        [
            List::of(ROOT).sign(&self.scene.root_key),
            self.person.sign(&self.scene.issuer_key),
            self.time.sign(&self.authority.root_key),
        ]
    }

    fn trust(&self) -> TrustStore {
        let mut group = self.scene.group();
        group.time_stamps.anchors = vec![self.authority.root.clone()];
        group.revocation = RevocationPolicy::uniform(RevocationRule::Required {
            unknown: UnknownStatus::Refuse,
        });
        TrustStore::new(vec![group])
    }

    fn message(&self) -> Vec<u8> {
        self.message_with(&self.lists())
    }

    fn message_with(&self, lists: &[Crl]) -> Vec<u8> {
        let lists: Vec<_> = lists.iter().map(|list| list.der().to_vec()).collect();
        let mut message = self.scene.message();
        let mut values = Vec::new();
        if self.in_attributes {
            let lists = asn1::context(0, &asn1::sequence(&lists));
            values.push(attribute(oids::REVOCATION_VALUES, &[asn1::sequence(&[lists])]));
        } else {
            message.revocation = lists;
        }
        message.unsigned = Box::new(move |signature| {
            let stamp = attribute(oids::SIGNATURE_TIME_STAMP, &[self.authority.stamp(signature)]);
            let stamp = self.stamped.then_some(stamp);
            stamp.into_iter().chain(values.iter().cloned()).collect()
        });
        message.build()
    }

    fn report(&self) -> DocumentReport {
        verify_document(&self.message(), None, &self.trust(), NOW, provider::native())
    }

    fn judge(change: impl FnOnce(&mut Self)) -> Verdict<()> {
        let mut case = Self::new();
        change(&mut case);
        case.report().verdict
    }
}

/// The person's certificate was revoked at this moment.
fn revoked(at: UnixTime) -> impl FnOnce(&mut Case) {
    move |case| {
        case.person.revoked = vec![PERSON];
        case.person.revoked_at = Some(at);
    }
}

#[test]
fn revoked_before_and_after_the_proven_time() {
    assert_eq!(Case::judge(|_| {}), Verdict::Valid(()));
    assert_eq!(Case::judge(|case| case.in_attributes = true), Verdict::Valid(()));
    let after = UnixTime(THEN.0 + DAY);
    assert_eq!(Case::judge(revoked(after)), Verdict::Valid(()));
    let before = Verdict::Invalid(Code::CertificateRevoked);
    assert_eq!(Case::judge(revoked(UnixTime(THEN.0 - DAY))), before);
    assert_eq!(Case::judge(revoked(THEN)), before, "at the same moment");
    let unstamped = |case: &mut Case| {
        revoked(after)(case);
        case.stamped = false;
    };
    assert_eq!(Case::judge(unstamped), before, "a claimed time proves nothing");
}

#[test]
fn what_was_found_out_is_told() {
    let report = Case::new().report();
    let signer = report.signers.into_iter().next().unwrap();
    let proven = signer.proven_time.unwrap();
    assert_eq!(
        (proven.revocation(), proven.findings().len()),
        (RevocationAnswer::Good, 1)
    );
    let verified = signer.verdict.into_result().unwrap();
    assert_eq!(
        (verified.revocation(), verified.findings().len()),
        (RevocationAnswer::Good, 2)
    );
    assert_eq!(report.evidence.crls, 3);
}

#[test]
fn cms_13_a_revoked_authority_proves_no_time() {
    let mut case = Case::new();
    case.time.revoked = vec![PERSON];
    case.time.revoked_at = Some(UnixTime(THEN.0 - DAY));
    let report = case.report();
    let signer = &report.signers[0];
    assert!(signer.proven_time.is_none());
    assert_eq!(
        signer.time_stamps[0].verdict.code(),
        Some(Code::CertificateRevoked)
    );
    assert_eq!(
        report.verdict,
        Verdict::Valid(()),
        "judged now, when it is not revoked"
    );
}

/// RFC 3161 §4.1: stamps made before outlive a revocation only if it says that the key was not betrayed.
#[test]
fn cms_13_a_betrayed_authority_proves_no_time_at_all() {
    let judge = |reason: Option<u8>| {
        let mut case = Case::new();
        case.time.revoked = vec![PERSON];
        case.time.revoked_at = Some(UnixTime(NOW.0 - 3 * DAY));
        let reason = reason.map(|reason| asn1::tlv(tag::ENUMERATED, &[reason]));
        let extensions = reason
            .iter()
            .map(|reason| extension(oids::REASON_CODE, false, reason));
        case.time.entry_extensions = extensions.collect();
        let report = case.report();
        let stamp = &report.signers[0].time_stamps[0];
        stamp.verdict.code()
    };
    for innocent in [0, 3, 4, 5] {
        assert_eq!(judge(Some(innocent)), None, "reason {innocent}");
    }
    for betrayal in [None, Some(1), Some(2), Some(9), Some(10)] {
        assert_eq!(
            judge(betrayal),
            Some(Code::CertificateRevoked),
            "reason {betrayal:?}"
        );
    }
}

#[test]
fn net_3_forged_lists_in_a_message_say_nothing() {
    let mut case = Case::new();
    case.scene.issuer_key = crate::forge::Key::new();
    let forged = case.person.sign(&case.scene.issuer_key);
    let sound = Case::new();
    let mut message = sound.scene.message();
    message.revocation = vec![forged.der().to_vec()];
    let report = verify_document(&message.build(), None, &sound.trust(), NOW, provider::native());
    assert!(
        matches!(report.verdict, Verdict::Unknown(_)),
        "{:?}",
        report.verdict
    );
}

#[test]
fn net_3_who_enters_does_not_bring_the_lists() {
    let case = Case::new();
    let verdict = verify_sign_in(&case.message(), CONTENT, &case.trust(), NOW, provider::native());
    assert!(matches!(verdict, Verdict::Unknown(_)), "{verdict:?}");
}

/// Older profiles keep evidence in attributes (RFC 5126 §6.3), the baseline profile beside the signers.
#[test]
fn what_the_attributes_hold_is_not_put_beside_the_signers_once_more() {
    let mut case = Case::new();
    case.in_attributes = true;
    let lists = case.lists();
    let message = case.message_with(&lists);
    let raised = |lists: &[Crl]| {
        let known = lists
            .iter()
            .fold(Evidence::new(), |known, list| known.with_crl(list.clone()));
        let raised = raise_to_lt(&message, &[], &known).unwrap();
        let report = verify_document(&raised, None, &case.trust(), NOW, provider::native());
        (report.verdict, report.evidence.crls)
    };
    let report = verify_document(&message, None, &case.trust(), NOW, provider::native());
    assert_eq!((report.verdict, report.evidence.crls), (Verdict::Valid(()), 3));
    assert_eq!(raised(&lists), (Verdict::Valid(()), 3));
    assert_eq!(
        raised(&[List::of(ISSUER).sign(&case.scene.issuer_key)]),
        (Verdict::Valid(()), 4)
    );
}
