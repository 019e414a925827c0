//! What is signed with an opened key stands up before another judge.

use esign::certificate::Certificate;
use esign::cms::sign::{Form, Request, sign};
use esign::cms::verify_document;
use esign::pkcs12::{self, Container};
use esign::profile::Profile;
use esign::provider::portable;
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, TrustStore};

use crate::support::{Openssl, counting_random, from_pem, vector, vector_path};

const CONTENT: &[u8] = "Kabinet/1 sign-in\r\nӨтінеміз\n".as_bytes();
const AT: UnixTime = UnixTime(1_795_359_994);

fn open(key: &str) -> Option<Container> {
    Some(pkcs12::open(&vector(&format!("p12-interop/{key}-modern.p12"))?, "пароль-Test1").unwrap())
}

fn signed(container: &Container, form: Form, start: u8) -> Vec<u8> {
    let key = &container.keys[0];
    let request = Request {
        key: key.private_key.as_ref().unwrap(),
        certificate: &key.certificate,
        others: &container.others,
        content: CONTENT,
        at: AT,
        form,
    };
    sign(&request, &mut counting_random(start)).unwrap()
}

#[test]
fn openssl_accepts_attached_and_detached_signatures() {
    let Some(openssl) = Openssl::find() else { return };
    for key in ["rsa", "p256", "p384"] {
        let Some(container) = open(key) else { return };
        for form in [Form::Attached, Form::Detached] {
            openssl.write("message", &signed(&container, form, 1));
            openssl.write("content", CONTENT);
            let authority = vector_path("p12-interop/ca.pem");
            let fixed =
                "cms -verify -binary -inform DER -in message -purpose any -no_check_time -cades -CAfile";
            let mut arguments: Vec<_> = fixed.split(' ').chain([authority.to_str().unwrap()]).collect();
            if form == Form::Detached {
                arguments.extend(["-content", "content"]);
            }
            let verified = openssl.run(arguments);
            assert_eq!(verified.as_deref(), Ok(CONTENT), "{key} {form:?}");
        }
    }
}

/// Random bytes only hide the key from an observer; they leave no trace in the signature.
#[test]
fn blinding_does_not_show() {
    for key in ["rsa", "p256", "p384", "ed"] {
        let Some(container) = open(key) else { return };
        let [one, other] = [1, 2].map(|start| signed(&container, Form::Attached, start));
        assert_eq!(one, other, "{key}");
    }
}

/// Also Ed25519, which OpenSSL 3.0 does not verify in CMS.
#[test]
fn the_verifier_accepts_what_is_signed_and_nothing_else() {
    let Some(authority) = vector("p12-interop/ca.pem") else {
        return;
    };
    let trust = TrustStore::new(vec![AnchorGroup::new(
        "test",
        Profile::Plain,
        vec![Certificate::parse(from_pem(&authority)).unwrap()],
    )]);
    for key in ["rsa", "p256", "p384", "ed"] {
        let Some(container) = open(key) else { return };
        for (form, content) in [(Form::Attached, None), (Form::Detached, Some(CONTENT))] {
            let message = signed(&container, form, 1);
            let report = verify_document(&message, content, &trust, AT, portable());
            assert_eq!(
                report.verdict.as_str(),
                "valid",
                "{key} {form:?} {:?}",
                report.verdict.code()
            );
            assert_eq!(report.signers[0].claimed_signing_time, Some(AT), "{key} {form:?}");
        }
        let detached = signed(&container, Form::Detached, 1);
        let report = verify_document(&detached, Some(b"another text"), &trust, AT, portable());
        assert_eq!(report.verdict.as_str(), "invalid", "{key}");
    }
}
