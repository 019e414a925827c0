use remote::Outcome;
use remote::mail::{Letter, Mailer, Security, SmtpMailer};
use testkit::storage::in_memory;

use crate::sink::Sink;

const PASSWORD: &str = "пароль почты";

fn letter() -> Letter {
    Letter {
        id: "0192-aa".into(),
        written_at: 1_795_341_600,
        to: "askhat@mail.kz".into(),
        language: "ru".into(),
        subject: "Тема".into(),
        text: ".\n..точки в начале строк\nFrom здесь\n".into(),
        html: "<p>письмо</p>".into(),
    }
}

/// A server with a certificate of its own, for `localhost`.
struct Secured {
    sink: Sink,
    authority: String,
    _folder: tempfile::TempDir,
}

impl Secured {
    async fn start(tls: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let (certificate, key) = (
            folder.path().join("certificate.pem"),
            folder.path().join("key.pem"),
        );
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let path = |path: &std::path::Path| path.to_str().unwrap().to_owned();
        let options = [
            ["--certificate", &path(&certificate)],
            ["--key", &path(&key)],
            ["--tls", tls],
            ["--user", "kabinet"],
            ["--password", PASSWORD],
        ];
        let sink = Sink::start(&options.concat()).await?;
        Some(Self {
            sink,
            authority: made.cert.pem(),
            _folder: folder,
        })
    }
}

async fn send(mailer: &SmtpMailer) -> Outcome {
    mailer.send(&letter()).await
}

#[test]
fn v12_mail_goes_by_tls_with_a_verified_certificate_and_a_password() {
    in_memory(|_| async {
        for (tls, security) in [("starttls", Security::StartTls), ("implicit", Security::Tls)] {
            let Some(mut secured) = Secured::start(tls).await else {
                return;
            };
            let mailer = secured.sink.secure(security, &secured.authority, PASSWORD);
            assert_eq!(send(&mailer).await, Outcome::Accepted);
            let arrived = secured.sink.next().await;
            assert_eq!(arrived["encrypted"], true);
            assert_eq!(arrived["user"], "kabinet");
            let words = arrived["parts"]["text/plain"].as_str().unwrap();
            assert_eq!(words.replace("\r\n", "\n"), letter().text);
        }
    });
}

#[test]
fn v12_a_stranger_in_place_of_the_relay_gets_nothing() {
    in_memory(|_| async {
        let Some(secured) = Secured::start("starttls").await else {
            return;
        };
        let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let mailer = secured
            .sink
            .secure(Security::StartTls, &other.cert.pem(), PASSWORD);
        assert!(matches!(send(&mailer).await, Outcome::TryLater(_)));
    });
}

#[test]
fn v12_a_relay_without_starttls_gets_no_password() {
    in_memory(|_| async {
        let Some(sink) = Sink::start(&[]).await else {
            return;
        };
        let authority = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let mailer = sink.secure(Security::StartTls, &authority.cert.pem(), PASSWORD);
        assert!(matches!(send(&mailer).await, Outcome::TryLater(_)));
    });
}

#[test]
fn a_wrong_password_is_the_operators_fault_not_the_recipients() {
    in_memory(|_| async {
        let Some(secured) = Secured::start("starttls").await else {
            return;
        };
        let mailer = secured
            .sink
            .secure(Security::StartTls, &secured.authority, "wrong");
        assert!(matches!(send(&mailer).await, Outcome::TryLater(_)));
    });
}
