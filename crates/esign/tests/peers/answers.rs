//! CAdES-LT with answers of a responder in place of lists, read long after the certificate expired.

use esign::cms::sign::Form;
use esign::cms::{Level, raise_to_lt, raise_to_t, verify_document};
use esign::provider::{native, portable};
use esign::revocation::Evidence;
use esign::time::UnixTime;
use esign::verdict::{Code, Verdict};

use crate::authority::{Authority, CONTENT, REQUIRED};
use crate::levels::{openssl_accepts, signature};
use crate::pyhanko::{Opinion, PyHanko, Revocation};
use crate::stamps::stamp;

const GOOD: &str = "V\t390101000000Z\t";
const REVOKED: &str = "R\t390101000000Z\t200101000000Z,keyCompromise";

#[test]
fn the_answer_in_a_message_is_relied_on_after_the_certificate_expired() {
    let authority = Authority::new();
    authority.issue_for_a_day("brief");
    let bes = authority.sign("brief", Form::Detached);
    let t = raise_to_t(&bes, &stamp(&authority, &signature(&authority, &bes)), native()).unwrap();
    let anchors = [authority.certificate("root"), authority.certificate("timeroot")];
    let of_the_stamp = Evidence::new().with_ocsp(authority.answer("time", "timeroot", GOOD));
    let raise = |evidence: &Evidence| raise_to_lt(&t, &anchors, evidence).unwrap();
    let with = |status| {
        let answer = authority.answer("brief", "root", status);
        raise(&of_the_stamp.clone().with_ocsp(answer))
    };
    let (lt, revoked, silent) = (with(GOOD), with(REVOKED), raise(&of_the_stamp));

    let trust = authority.trust(REQUIRED);
    // the certificate and the dates of the answers are long past, the authority of the stamp is still in force
    let later = UnixTime(authority.certificate("brief").not_after().0 + 30 * 86_400);
    assert!(later < authority.certificate("time").not_after());
    for at in [authority.now(), later] {
        for provider in [native(), portable()] {
            let judge = |cms: &[u8]| verify_document(cms, Some(CONTENT), &trust, at, provider);
            let report = judge(&lt);
            assert_eq!(report.verdict, Verdict::Valid(()), "{at:?}");
            assert_eq!(report.signers[0].level, Level::Lt);
            assert_eq!((report.evidence.crls, report.evidence.ocsp_responses), (0, 2));
            assert_eq!(
                judge(&revoked).verdict,
                Verdict::Invalid(Code::CertificateRevoked)
            );
            assert!(matches!(judge(&silent).verdict, Verdict::Unknown(_)), "{at:?}");
            // nothing is known of the stamp's authority either, so that only the present counts
            let bare = judge(&t).verdict;
            if at == later {
                assert_eq!(bare, Verdict::Invalid(Code::CertificateExpired));
            } else {
                assert!(matches!(bare, Verdict::Unknown(_)), "{bare:?}");
            }
        }
    }
    assert!(openssl_accepts(&authority, &lt));
    // pyHanko asks no more of certificates that name no list and no responder
    if let Some(pyhanko) = PyHanko::find() {
        let opinions = pyhanko.judge(&authority, &[(&lt, Revocation::Required)]);
        assert_eq!(opinions, [Opinion::Sound { stamped: true }]);
    }
}
