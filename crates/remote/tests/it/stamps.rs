//! Time stamps by `openssl ts`, behind a server of ours.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use esign::algorithm::Hash;
use esign::provider;
use esign::tsp::{Imprint, TimeStampToken};
use remote::http::{HttpClient, HttpError, HttpSettings};
use remote::tsp::{TimeStampError, TimeStamping};

use crate::responder::has_openssl;
use crate::server::{Asked, Deed, Server, ok};

const CONFIG: &str = "
oid_section = oids
[oids]
[tsa]
default_tsa = one
[one]
dir = .
serial = ./serial
crypto_device = builtin
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
signer_digest = sha256
ess_cert_id_alg = sha256
accuracy = secs:1
[req]
distinguished_name = dn
[dn]
[stamper]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
";

fn run(folder: &Path, arguments: &str) {
    let output = Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments}: {output:?}");
}

/// Signs stamps with a fresh key.
fn authority(folder: PathBuf) -> impl Fn(&Asked) -> Deed + Send + Sync + 'static {
    std::fs::write(folder.join("config"), CONFIG).unwrap();
    std::fs::write(folder.join("serial"), "01\n").unwrap();
    run(
        &folder,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out signer.pem -days 30 \
         -subj /CN=Time -config config -extensions stamper",
    );
    move |asked| {
        std::fs::write(folder.join("query"), &asked.body).unwrap();
        run(
            &folder,
            "ts -reply -config config -queryfile query -signer signer.pem -inkey key.pem -out reply",
        );
        ok(std::fs::read(folder.join("reply")).unwrap())
    }
}

async fn stamped(server: &Server, message: &[u8], hash: Hash) -> Result<TimeStampToken, TimeStampError> {
    let settings = HttpSettings {
        internal_hosts: vec!["127.0.0.1".to_owned()],
        authorities: Vec::new(),
    };
    let http = HttpClient::new(&settings).unwrap();
    let authority = TimeStamping::new(http, server.url("/tsp/").parse().unwrap());
    authority
        .stamp(Imprint::of(message, hash, provider::native()))
        .await
}

#[tokio::test]
async fn an_authority_stamps_what_it_is_asked_to() {
    if !has_openssl() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(authority(folder.path().to_owned())).await;
    let token = stamped(&server, b"contract", Hash::Sha256).await.unwrap();
    assert_eq!(token.policy().to_string(), "1.2.3.4.1");
    let head = server.asked().pop().unwrap().head;
    assert!(head.starts_with("post /tsp/ "), "{head}");
    assert!(
        head.contains("content-type: application/timestamp-query"),
        "{head}"
    );
}

#[tokio::test]
async fn a_stamp_that_was_made_for_somebody_else_is_refused() {
    if !has_openssl() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let real = Server::start(authority(folder.path().to_owned())).await;
    stamped(&real, b"contract", Hash::Sha256).await.unwrap();
    // the same question another time has another nonce
    let reply = Arc::new(std::fs::read(folder.path().join("reply")).unwrap());
    let replaying = Server::start(move |_| ok(&*reply)).await;
    for message in [&b"contract"[..], b"another"] {
        let refused = stamped(&replaying, message, Hash::Sha256).await;
        assert!(matches!(refused, Err(TimeStampError::Other(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn what_is_no_stamp_is_told_apart() {
    // PKIStatus rejection with the text "no"
    let refusal = [0x30, 11, 0x30, 9, 2, 1, 2, 0x30, 4, 0x0c, 2, b'n', b'o'];
    let server = Server::start(move |_| ok(refusal)).await;
    let refused = stamped(&server, b"contract", Hash::Sha256).await;
    let Err(error @ TimeStampError::Refused { status: 2, .. }) = refused else {
        unreachable!("{refused:?}")
    };
    assert!(error.to_string().contains("no"), "{error}");

    let page = Server::start(|_| ok("<html>")).await;
    let refused = stamped(&page, b"contract", Hash::Sha256).await;
    assert!(
        matches!(refused, Err(TimeStampError::Malformed(_))),
        "{refused:?}"
    );

    let endless = Server::start(|_| {
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        Deed::Flood(head, format!("1000\r\n{}\r\n", "x".repeat(0x1000)).into_bytes())
    })
    .await;
    let refused = stamped(&endless, b"contract", Hash::Sha256).await;
    assert!(
        matches!(refused, Err(TimeStampError::Http(HttpError::TooLarge))),
        "{refused:?}"
    );
}
