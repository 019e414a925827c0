//! Messages and keys made by the OpenSSL command line, judged here.

use std::path::Path;
use std::process::Command;

use esign::algorithm::{Hash, SignatureAlgorithm};
use esign::asn1;
use esign::certificate::Certificate;
use esign::cms::{verify_document, verify_sign_in};
use esign::profile::Profile;
use esign::provider;
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, PurposeRule, TrustStore};
use esign::verdict::{Code, Verdict};
use tempfile::TempDir;

const CONTENT: &[u8] = b"Kabinet/1 sign-in\nhost: portal.example\n";

/// A folder with a root, a person's key of the given kind, and the content.
pub(crate) struct Openssl {
    folder: TempDir,
}

pub(crate) const KINDS: [(&str, &[&str]); 3] = [
    ("RSA-2048", &["-newkey", "rsa:2048"]),
    ("P-256", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    ("P-384", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"]),
];

impl Openssl {
    pub(crate) fn new(key: &[&str]) -> Self {
        let made = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let ec = KINDS[1].1;
        let root = [
            "req", "-x509", "-nodes", "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Root",
        ];
        made.run(&[&root[..], &["-days", "3000"], ec].concat());
        let subject = ["-utf8", "-subj", "/CN=ИВАНОВ ИВАН/serialNumber=IIN900101300007"];
        let request = ["req", "-nodes", "-keyout", "person.key", "-out", "person.csr"];
        made.run(&[&request[..], key, &subject].concat());
        let extensions = "keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth,emailProtection\n\
                          subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
        std::fs::write(made.path().join("extensions"), extensions).unwrap();
        std::fs::write(made.path().join("content"), CONTENT).unwrap();
        let sign = [
            "x509",
            "-req",
            "-in",
            "person.csr",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-days",
            "900",
        ];
        made.run(&[&sign[..], &["-extfile", "extensions", "-out", "person.pem"]].concat());
        made
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn run(&self, arguments: &[&str]) {
        let output = Command::new("openssl")
            .args(arguments)
            .current_dir(self.path())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn sign(&self, more: &[&str]) -> Vec<u8> {
        let sign = [
            "cms",
            "-sign",
            "-binary",
            "-in",
            "content",
            "-signer",
            "person.pem",
            "-inkey",
            "person.key",
        ];
        self.run(&[&sign[..], more, &["-outform", "DER", "-out", "cms"]].concat());
        std::fs::read(self.path().join("cms")).unwrap()
    }

    pub(crate) fn certificate(&self, name: &str) -> Certificate {
        let pem = std::fs::read_to_string(self.path().join(name)).unwrap();
        let body: String = pem.lines().filter(|line| !line.starts_with("---")).collect();
        Certificate::parse(data_encoding::BASE64.decode(body.as_bytes()).unwrap()).unwrap()
    }

    fn trust(&self) -> TrustStore {
        let mut group = AnchorGroup::new("demo", Profile::Kz, vec![self.certificate("root.pem")]);
        group.person_ids = vec!["KZ:IIN".parse().unwrap()];
        group.sign = PurposeRule::sign(Vec::<String>::new());
        TrustStore::new(vec![group])
    }

    /// A moment at which the certificates just made are valid.
    fn now(&self) -> UnixTime {
        UnixTime(self.certificate("person.pem").not_before().0 + 60)
    }

    fn enter(&self, cms: &[u8]) -> Option<Code> {
        let [native, portable] = [provider::native(), provider::portable()]
            .map(|provider| verify_sign_in(cms, CONTENT, &self.trust(), self.now(), provider).code());
        assert_eq!(native, portable);
        native
    }
}

#[test]
fn cms_of_every_kind_of_key_and_form() {
    for (kind, key) in KINDS {
        let openssl = Openssl::new(key);
        for form in [
            &["-nodetach"][..],
            &[],
            &["-nodetach", "-md", "sha512"],
            &["-nodetach", "-cades"],
            &["-nodetach", "-keyid"],
            &["-nodetach", "-stream"],
            &["-nodetach", "-stream", "-certfile", "root.pem"],
            &["-certfile", "root.pem"],
        ] {
            assert_eq!(openssl.enter(&openssl.sign(form)), None, "{kind} {form:?}");
        }
    }
}

#[test]
fn rsa_pss_by_openssl() {
    let openssl = Openssl::new(KINDS[0].1);
    let pss = |salt: &str| {
        let salt = format!("rsa_pss_saltlen:{salt}");
        openssl.sign(&["-nodetach", "-keyopt", "rsa_padding_mode:pss", "-keyopt", &salt])
    };
    assert_eq!(openssl.enter(&pss("digest")), None);
    assert_eq!(openssl.enter(&pss("20")), Some(Code::CmsUnsupportedAlgorithm));
}

#[test]
fn cms_5_noattr_by_openssl_is_refused_at_sign_in() {
    let openssl = Openssl::new(KINDS[1].1);
    let cms = openssl.sign(&["-nodetach", "-noattr"]);
    assert_eq!(openssl.enter(&cms), Some(Code::CmsNoSignedAttributes));
    let report = verify_document(&cms, None, &openssl.trust(), openssl.now(), provider::native());
    assert_eq!(report.verdict, Verdict::Valid(()));
    assert!(!report.signers[0].has_signed_attributes);
}

#[test]
fn cms_7_and_12_by_openssl() {
    let openssl = Openssl::new(KINDS[1].1);
    assert_eq!(
        openssl.enter(&openssl.sign(&["-nocerts"])),
        Some(Code::CmsSignerCertificateMissing)
    );
    assert_eq!(
        openssl.enter(&openssl.sign(&["-md", "sha1"])),
        Some(Code::CmsWeakAlgorithm)
    );
}

#[test]
fn cms_9_the_transcoder_makes_der_of_what_openssl_streams() {
    let openssl = Openssl::new(KINDS[1].1);
    let streamed = openssl.sign(&["-nodetach", "-stream"]);
    assert!(asn1::only(&streamed, asn1::Rules::Der).is_err());
    let der = asn1::to_der(&streamed).unwrap();
    assert!(asn1::only(&der, asn1::Rules::Der).unwrap().is_der());
    assert_eq!(openssl.enter(&der), None);
}

#[test]
fn a_flipped_bit_anywhere_is_never_accepted_as_something_else() {
    let openssl = Openssl::new(KINDS[1].1);
    let cms = openssl.sign(&["-nodetach", "-nosmimecap"]);
    let trust = openssl.trust();
    let mut harmless = 0;
    for at in 0..cms.len() {
        let mut flipped = cms.clone();
        flipped[at] ^= 1 << (at % 8);
        let verdict = verify_sign_in(&flipped, CONTENT, &trust, openssl.now(), provider::native());
        if let Verdict::Valid(signer) = verdict {
            assert_eq!(signer.person_ids()[0].value, "900101300007");
            harmless += 1;
        }
    }
    // version numbers and the list of digest algorithms are not protected by a signature
    assert!(harmless < 32, "{harmless}");
}

#[test]
fn pss_signatures_on_both_providers() {
    let openssl = Openssl::new(KINDS[0].1);
    let sign = [
        "dgst",
        "-sha384",
        "-sigopt",
        "rsa_padding_mode:pss",
        "-sigopt",
        "rsa_pss_saltlen:digest",
    ];
    openssl.run(
        &[
            &sign[..],
            &["-sign", "person.key", "-out", "signature", "content"],
        ]
        .concat(),
    );
    let signature = std::fs::read(openssl.path().join("signature")).unwrap();
    let spki = openssl.certificate("person.pem").spki().to_vec();
    for provider in [provider::native(), provider::portable()] {
        let check = |hash, message: &[u8]| {
            provider
                .verify(&SignatureAlgorithm::RsaPss(hash), &spki, message, &signature)
                .is_ok()
        };
        assert!(check(Hash::Sha384, CONTENT));
        assert!(!check(Hash::Sha256, CONTENT) && !check(Hash::Sha384, b"other"));
    }
}
