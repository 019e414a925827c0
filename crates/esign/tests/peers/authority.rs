//! Certificates, lists and time stamps by the OpenSSL command line.

use std::path::Path;
use std::process::Command;

use data_encoding::{BASE64, HEXUPPER};
use esign::asn1::{self, oids, tag};
use esign::certificate::Certificate;
use esign::cms::sign::{Form, Request, sign};
use esign::private_key::PrivateKey;
use esign::profile::Profile;
use esign::revocation::{Crl, OcspRequest, OcspResponse};
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, RevocationPolicy, RevocationRule, TrustStore, UnknownStatus};
use tempfile::TempDir;

pub(crate) const CONTENT: &[u8] = "Заявление № 7\r\nӨтінеміз\n".as_bytes();

/// Keys of persons, by their names.
pub(crate) const KINDS: [(&str, &[&str]); 4] = [
    ("rsa", &["-newkey", "rsa:2048"]),
    ("p256", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    ("p384", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"]),
    ("ed25519", &["-newkey", "ed25519"]),
];

const CONFIG: &str = "\
[ca]\ndefault_ca = own\n\
[own]\ndatabase = index.txt\ndefault_md = sha256\ndefault_crl_days = 30\n\
[person]\nkeyUsage = critical,digitalSignature,nonRepudiation\nextendedKeyUsage = clientAuth,emailProtection\n\
subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n\
[issuer]\nbasicConstraints = critical,CA:TRUE,pathlen:0\nkeyUsage = critical,keyCertSign,cRLSign\n\
subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n\
[rich]\nbasicConstraints = CA:FALSE\nkeyUsage = critical,digitalSignature,nonRepudiation\n\
extendedKeyUsage = clientAuth,emailProtection\nsubjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n\
subjectAltName = email:a@b.example,DNS:b.example,URI:https://b.example/\ncertificatePolicies = 1.2.3.4\n\
crlDistributionPoints = URI:http://b.example/crl\nauthorityInfoAccess = OCSP;URI:http://b.example/ocsp\n\
[time]\nkeyUsage = critical,digitalSignature\nextendedKeyUsage = critical,timeStamping\n\
[tsa]\ndefault_tsa = tsa1\n\
[tsa1]\nserial = tsa.serial\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256, sha384, sha512\n\
accuracy = secs:1\ness_cert_id_alg = sha256\n\
[tsa_v1]\nserial = tsa.serial\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\n\
ess_cert_id_chain = no\ness_cert_id_alg = sha1\n";

/// A folder with a root, a person of each kind of key, and a time-stamping authority under a root of its own.
pub(crate) struct Authority {
    folder: TempDir,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let made = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        made.write("config", CONFIG.as_bytes());
        made.write("index.txt", b"");
        made.write("tsa.serial", b"01");
        made.write("content", CONTENT);
        for root in ["root", "timeroot"] {
            let subject = format!("/CN={root}");
            let names = [format!("{root}.key"), format!("{root}.pem")];
            made.run(&[
                "req",
                "-x509",
                "-nodes",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-days",
                "3000",
                "-set_serial",
                "1",
                "-keyout",
                &names[0],
                "-out",
                &names[1],
                "-subj",
                &subject,
                "-addext",
                "keyUsage=critical,keyCertSign,cRLSign",
            ]);
        }
        for (name, key) in KINDS {
            made.issue(name, key, "root", "person", "900");
        }
        made.issue("time", KINDS[0].1, "timeroot", "time", "900");
        made
    }

    /// A person under the root whose certificate expires after a day.
    pub(crate) fn issue_for_a_day(&self, name: &str) {
        self.issue(name, KINDS[1].1, "root", "person", "1");
    }

    pub(crate) fn issue(&self, name: &str, key: &[&str], issuer: &str, section: &str, days: &str) {
        let [key_file, request, certificate, issuer_file, issuer_key] = [
            format!("{name}.key"),
            format!("{name}.csr"),
            format!("{name}.pem"),
            format!("{issuer}.pem"),
            format!("{issuer}.key"),
        ];
        let subject = format!("/CN={name}/serialNumber=IIN900101300007");
        // nothing that is judged may be longer or shorter in another run
        let serial = format!("0x01{}", HEXUPPER.encode(name.as_bytes()));
        let ask = [
            "req", "-nodes", "-keyout", &key_file, "-out", &request, "-subj", &subject,
        ];
        self.run(&[&ask[..], key].concat());
        self.run(&[
            "x509",
            "-req",
            "-in",
            &request,
            "-CA",
            &issuer_file,
            "-CAkey",
            &issuer_key,
            "-days",
            days,
            "-set_serial",
            &serial,
            "-extfile",
            "config",
            "-extensions",
            section,
            "-out",
            &certificate,
        ]);
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path().join(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(name)).unwrap()
    }

    /// Whether OpenSSL succeeded; what it says otherwise.
    pub(crate) fn try_run(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        let output = Command::new("openssl")
            .args(arguments)
            .current_dir(self.path())
            .output()
            .unwrap();
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Vec<u8> {
        self.try_run(arguments)
            .unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
    }

    pub(crate) fn body(&self, name: &str) -> Vec<u8> {
        let pem = String::from_utf8(self.read(name)).unwrap();
        let body: String = pem.lines().filter(|line| !line.starts_with("---")).collect();
        BASE64.decode(body.as_bytes()).unwrap()
    }

    pub(crate) fn certificate(&self, name: &str) -> Certificate {
        Certificate::parse(self.body(&format!("{name}.pem"))).unwrap()
    }

    /// A list of an issuer that revokes nobody.
    pub(crate) fn list(&self, issuer: &str) -> Crl {
        let [certificate, key] = [format!("{issuer}.pem"), format!("{issuer}.key")];
        self.run(&[
            "ca",
            "-config",
            "config",
            "-gencrl",
            "-cert",
            &certificate,
            "-keyfile",
            &key,
            "-out",
            "list.pem",
        ]);
        Crl::parse(self.body("list.pem")).unwrap()
    }

    /// What the responder of OpenSSL, with the issuer's key, says of a certificate; it counts for a day.
    pub(crate) fn answer(&self, name: &str, issuer: &str, status: &str) -> OcspResponse {
        let (subject, authority) = (self.certificate(name), self.certificate(issuer));
        let serial = HEXUPPER.encode(subject.serial());
        self.write(
            "answers.txt",
            format!("{status}\t{serial}\tunknown\t/CN=x\n").as_bytes(),
        );
        let request = OcspRequest::new(&subject, &authority, None);
        self.write("question", &request.to_der());
        let [certificate, key] = [format!("{issuer}.pem"), format!("{issuer}.key")];
        self.run(&[
            "ocsp",
            "-index",
            "answers.txt",
            "-CA",
            &certificate,
            "-rsigner",
            &certificate,
            "-rkey",
            &key,
            "-ndays",
            "1",
            "-reqin",
            "question",
            "-respout",
            "answer",
        ]);
        let response = OcspResponse::parse(&self.read("answer")).unwrap();
        assert_eq!(request.is_answered_by(&response), Ok(()));
        response
    }

    pub(crate) fn key(&self, name: &str) -> PrivateKey {
        PrivateKey::from_pkcs8(&self.body(&format!("{name}.key"))).unwrap()
    }

    /// CAdES-BES made here.
    pub(crate) fn sign(&self, name: &str, form: Form) -> Vec<u8> {
        let key = self.key(name);
        let certificate = self.certificate(name);
        let request = Request {
            key: &key,
            certificate: &certificate,
            others: &[],
            content: CONTENT,
            at: self.now(),
            form,
        };
        sign(&request, &mut random).unwrap()
    }

    /// A certificate or a list over this content, by the issuer.
    pub(crate) fn signed(&self, tbs: &[u8]) -> Vec<u8> {
        let signature = self.key("issuer").sign(tbs, &mut random).unwrap();
        let algorithm = asn1::sequence(&[asn1::object_identifier(oids::ECDSA_SHA256)]);
        let signature = asn1::tlv(tag::BIT_STRING, &[&[0], &signature[..]].concat());
        asn1::sequence(&[tbs.to_vec(), algorithm, signature])
    }

    /// A moment at which the certificates just made are valid and no time stamp is from the future.
    pub(crate) fn now(&self) -> UnixTime {
        UnixTime(self.certificate("time").not_before().0 + 60)
    }

    pub(crate) fn trust(&self, rule: RevocationRule) -> TrustStore {
        let mut group = AnchorGroup::new("test", Profile::Plain, vec![self.certificate("root")]);
        group.time_stamps.anchors = vec![self.certificate("timeroot")];
        group.revocation = RevocationPolicy::uniform(rule);
        TrustStore::new(vec![group])
    }
}

pub(crate) const REQUIRED: RevocationRule = RevocationRule::Required {
    unknown: UnknownStatus::Refuse,
};

/// Bytes for blinding; they leave no trace in a signature.
pub(crate) fn random(bytes: &mut [u8]) {
    for (byte, value) in bytes.iter_mut().zip((1..=251).cycle()) {
        *byte = value;
    }
}
