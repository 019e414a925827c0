//! What is signed with an opened key stands up before another judge.

use esign::cms::sign::{Form, Request, sign};
use esign::pkcs12::{self, Container};
use esign::time::UnixTime;

use crate::support::{Openssl, counting_random, vector, vector_path};

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
