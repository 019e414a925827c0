//! CAdES-BES, -T and -LT made here, before OpenSSL, pyHanko and our own verifier.

use esign::cms::sign::{Form, Request};
use esign::cms::{AppendError, Level, add_signer, counter_sign, raise_to_lt, raise_to_t, verify_document};
use esign::provider::native;
use esign::revocation::Evidence;
use esign::trust::RevocationRule;
use esign::verdict::{Code, Verdict};

use crate::authority::{Authority, CONTENT, KINDS, REQUIRED, random};
use crate::pyhanko::{Opinion, PyHanko, Revocation};
use crate::stamps::stamp;

/// The signature value of the only signer, which is the last octet string of a message without unsigned attributes.
pub(crate) fn signature(authority: &Authority, cms: &[u8]) -> Vec<u8> {
    authority.write("signed", cms);
    let text = authority.run(&["asn1parse", "-inform", "DER", "-in", "signed"]);
    let text = String::from_utf8(text).unwrap();
    let line = text.lines().rfind(|line| line.contains("OCTET STRING")).unwrap();
    let number = |name: &str| -> usize {
        let rest = line.split_once(name).unwrap().1;
        let digits: String = rest
            .trim_start()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse().unwrap()
    };
    let offset: usize = line.trim_start().split(':').next().unwrap().parse().unwrap();
    let start = offset + number("hl=");
    cms[start..start + number(" l=")].to_vec()
}

pub(crate) fn openssl_accepts(authority: &Authority, cms: &[u8]) -> bool {
    authority.write("judged", cms);
    let verify = [
        "cms", "-verify", "-binary", "-inform", "DER", "-in", "judged", "-content", "content", "-CAfile",
        "root.pem", "-purpose", "any", "-cades", "-out", "verified",
    ];
    authority.try_run(&verify).is_ok() && authority.read("verified") == CONTENT
}

#[test]
fn every_level_of_every_key_before_three_judges() {
    let authority = Authority::new();
    let mut for_pyhanko = Vec::new();
    let lists = Evidence::new()
        .with_crl(authority.list("root"))
        .with_crl(authority.list("timeroot"));
    let anchors = [authority.certificate("root"), authority.certificate("timeroot")];
    for (kind, _) in KINDS {
        let bes = authority.sign(kind, Form::Detached);
        let token = stamp(&authority, &signature(&authority, &bes));
        let t = raise_to_t(&bes, &token, native()).unwrap();
        let lt = raise_to_lt(&t, &anchors, &lists).unwrap();
        for (level, cms) in [(Level::Bes, &bes), (Level::T, &t), (Level::Lt, &lt)] {
            let rule = if level == Level::Lt {
                REQUIRED
            } else {
                RevocationRule::NotAsked
            };
            let trust = authority.trust(rule);
            let report = verify_document(cms, Some(CONTENT), &trust, authority.now(), native());
            assert_eq!(report.verdict, Verdict::Valid(()), "{kind} {level:?}");
            assert_eq!(
                (report.signers[0].level, &report.quirks[..]),
                (level, &[][..]),
                "{kind}"
            );
            // OpenSSL 3.0 does not know Ed25519 in CMS
            if kind != "ed25519" {
                assert!(openssl_accepts(&authority, cms), "{kind} {level:?}");
            }
        }
        for_pyhanko.extend([
            (bes, Revocation::NotAsked, false),
            (t, Revocation::NotAsked, true),
            (lt, Revocation::Required, true),
        ]);
    }
    let Some(pyhanko) = PyHanko::find() else { return };
    let questions: Vec<_> = for_pyhanko
        .iter()
        .map(|(cms, revocation, _)| (&cms[..], *revocation))
        .collect();
    let opinions = pyhanko.judge(&authority, &questions);
    let expected = for_pyhanko
        .iter()
        .map(|(_, _, stamped)| Opinion::Sound { stamped: *stamped });
    assert_eq!(opinions, expected.collect::<Vec<_>>());
}

/// Every judge refuses the same, one octet after another; ours may be stricter, never more lenient.
#[test]
fn tampered_messages_before_three_judges() {
    let authority = Authority::new();
    let Some(pyhanko) = PyHanko::find() else { return };
    let bes = authority.sign("p256", Form::Detached);
    let token = stamp(&authority, &signature(&authority, &bes));
    let t = raise_to_t(&bes, &token, native()).unwrap();
    let trust = authority.trust(RevocationRule::NotAsked);
    let flip = |place: usize| {
        let mut tampered = t.clone();
        tampered[place] ^= 0x10;
        tampered
    };
    let messages: Vec<_> = (0..t.len()).step_by(t.len() / 48).map(flip).collect();
    let questions: Vec<_> = messages
        .iter()
        .map(|cms| (&cms[..], Revocation::NotAsked))
        .collect();
    for (tampered, theirs) in messages.iter().zip(pyhanko.judge(&authority, &questions)) {
        let report = verify_document(tampered, Some(CONTENT), &trust, authority.now(), native());
        let ours = report.verdict == Verdict::Valid(()) && report.signers[0].level == Level::T;
        let at = tampered.iter().zip(&t).position(|(one, other)| one != other);
        assert!(
            !ours || theirs == Opinion::Sound { stamped: true },
            "octet {at:?} of {}",
            t.len()
        );
    }
}

#[test]
fn a_foreign_stamp_before_two_judges() {
    let authority = Authority::new();
    let bes = authority.sign("p256", Form::Detached);
    let again = authority.sign("rsa", Form::Detached);
    let token = stamp(&authority, &signature(&authority, &again));
    assert!(raise_to_t(&bes, &token, native()).is_err());
    // as an attacker would: the stamp of another signature
    let own = stamp(&authority, &signature(&authority, &bes));
    let t = raise_to_t(&bes, &own, native()).unwrap();
    let at = t
        .windows(own.as_bytes().len())
        .position(|window| window == own.as_bytes());
    let at = at.unwrap();
    if token.as_bytes().len() == own.as_bytes().len() {
        let forged = [&t[..at], token.as_bytes(), &t[at + own.as_bytes().len()..]].concat();
        let trust = authority.trust(RevocationRule::NotAsked);
        let report = verify_document(&forged, Some(CONTENT), &trust, authority.now(), native());
        let stamps = &report.signers[0].time_stamps;
        assert_eq!(stamps[0].verdict.code(), Some(Code::TspImprintMismatch));
        if let Some(pyhanko) = PyHanko::find() {
            assert_eq!(
                pyhanko.judge(&authority, &[(&forged, Revocation::NotAsked)]),
                [Opinion::Unsound]
            );
        }
    }
}

#[test]
fn signers_in_parallel_before_openssl() {
    let authority = Authority::new();
    for form in [Form::Attached, Form::Detached] {
        let mut cms = authority.sign("rsa", form);
        for kind in ["p256", "p384"] {
            let (key, certificate) = (authority.key(kind), authority.certificate(kind));
            let request = |content| Request {
                key: &key,
                certificate: &certificate,
                others: &[],
                content,
                at: authority.now(),
                form: Form::Detached,
            };
            if form == Form::Attached {
                let other = add_signer(&cms, &request(b"other"), &mut random);
                assert_eq!(other, Err(AppendError::OtherContent));
            }
            cms = add_signer(&cms, &request(CONTENT), &mut random).unwrap();
        }
        let trust = authority.trust(RevocationRule::NotAsked);
        let report = verify_document(&cms, Some(CONTENT), &trust, authority.now(), native());
        assert_eq!((report.verdict, report.signers.len()), (Verdict::Valid(()), 3));
        assert_eq!(
            (report.is_attached, &report.quirks[..]),
            (form == Form::Attached, &[][..])
        );
        if form == Form::Detached {
            assert!(openssl_accepts(&authority, &cms));
        }
    }
}

#[test]
fn a_counter_signature_confirms_one_signature() {
    let authority = Authority::new();
    let cms = authority.sign("rsa", Form::Detached);
    let (key, certificate) = (authority.key("p256"), authority.certificate("p256"));
    let request = Request {
        key: &key,
        certificate: &certificate,
        others: &[],
        content: b"not used",
        at: authority.now(),
        form: Form::Detached,
    };
    let confirmed = counter_sign(&cms, 0, &request, &mut random).unwrap();
    let twice = counter_sign(&confirmed, 0, &request, &mut random).unwrap();
    assert_eq!(
        counter_sign(&cms, 1, &request, &mut random),
        Err(AppendError::NoSuchSigner)
    );
    let trust = authority.trust(RevocationRule::NotAsked);
    for (message, count) in [(&confirmed, 1), (&twice, 2)] {
        let report = verify_document(message, Some(CONTENT), &trust, authority.now(), native());
        assert_eq!(report.verdict, Verdict::Valid(()));
        let counters = &report.signers[0].counter_signatures;
        assert_eq!(counters.len(), count);
        for counter in counters {
            assert!(
                matches!(counter.verdict, Verdict::Valid(_)),
                "{:?}",
                counter.verdict
            );
            assert_eq!(
                (counter.level, counter.certificate.as_ref()),
                (Level::Bes, Some(&certificate))
            );
        }
        assert!(openssl_accepts(&authority, message));
    }
}
