//! What the tests share: files of the shared folder, openssl as a peer, containers built by hand.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use esign::asn1::{Oid, context, integer, object_identifier, octet_string, oids, sequence};

/// A test file, or nothing where the shared folder is absent.
pub(crate) fn vector(name: &str) -> Option<Vec<u8>> {
    let path = vector_path(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        println!("skipped: {} is absent", path.display());
    }
    bytes
}

pub(crate) fn vector_path(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/vectors")).join(name)
}

/// Bytes that differ from call to call and are the same in every run.
pub(crate) fn counting_random(start: u8) -> impl FnMut(&mut [u8]) {
    let mut next = start;
    move |bytes| {
        for byte in bytes {
            next = next.wrapping_mul(5).wrapping_add(113);
            *byte = next;
        }
    }
}

/// A folder to run openssl in.
pub(crate) struct Openssl {
    folder: tempfile::TempDir,
    configuration: Option<PathBuf>,
}

/// Loads the engine; there is no other way to it than a configuration file.
const GOST: &str = "openssl_conf = all\n[all]\nengines = engines\n[engines]\ngost = gost\n\
                    [gost]\nengine_id = gost\ndefault_algorithms = ALL\n";

impl Openssl {
    /// Nothing where there is no openssl.
    pub(crate) fn find() -> Option<Self> {
        let version = Command::new("openssl")
            .arg("version")
            .stdout(Stdio::null())
            .status();
        if !version.is_ok_and(|status| status.success()) {
            println!("skipped: openssl is absent");
            return None;
        }
        Some(Self {
            folder: tempfile::tempdir().unwrap(),
            configuration: None,
        })
    }

    /// With the GOST engine; nothing where it is absent.
    pub(crate) fn with_gost() -> Option<Self> {
        let mut openssl = Self::find()?;
        openssl.configuration = Some(openssl.write("gost.cnf", GOST.as_bytes()));
        let engine = openssl.run(["engine", "gost"]);
        if engine.is_err() {
            assert!(
                std::env::var_os("KABINET_REQUIRE_PEERS").is_none(),
                "the GOST engine of OpenSSL is absent"
            );
            println!("skipped: the GOST engine of OpenSSL is absent");
            return None;
        }
        Some(openssl)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        std::fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Runs it in the folder: what it printed, or what it complained of.
    pub(crate) fn run<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Vec<u8>, String> {
        let output = Command::new("openssl")
            .args(arguments)
            .current_dir(self.folder.path())
            .envs(self.configuration.iter().map(|path| ("OPENSSL_CONF", path)))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    /// Runs it with arguments separated by spaces; it must succeed.
    pub(crate) fn must(&self, arguments: &str) -> Vec<u8> {
        self.run(arguments.split(' ')).unwrap()
    }

    /// Makes `NAME.pem` and `NAME.crt` (PEM), and gives the key as PKCS#8 and the certificate, both in DER.
    pub(crate) fn key(&self, name: &str, options: &str) -> Pair {
        self.must(&format!("genpkey {options} -out {name}.pem"));
        self.must(&format!(
            "req -x509 -new -key {name}.pem -subj /CN={name} -days 30 -out {name}.crt"
        ));
        self.must(&format!(
            "pkcs8 -topk8 -nocrypt -in {name}.pem -outform DER -out {name}.p8"
        ));
        self.must(&format!("x509 -in {name}.crt -outform DER -out {name}.der"));
        Pair {
            private_key: self.read(&format!("{name}.p8")),
            certificate: self.read(&format!("{name}.der")),
        }
    }
}

/// A private key (PKCS#8) and a certificate, not necessarily its own.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) private_key: Vec<u8>,
    pub(crate) certificate: Vec<u8>,
}

pub(crate) const P256: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";
pub(crate) const P384: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-384";
pub(crate) const RSA: &str = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048";
pub(crate) const ED25519: &str = "-algorithm ED25519";

/// Encodes an identifier given by its content octets after `1.2.840.113549.1`.
pub(crate) fn rsadsi(rest: &[u8]) -> Vec<u8> {
    let content = [&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1], rest].concat();
    object_identifier(Oid::from_content(&content).unwrap())
}

/// `1.2.840.113549.1.12.10.1.N`: a key (1), a shrouded key (2), a certificate (3), a bag of bags (6).
pub(crate) fn bag(kind: u8, value: &[u8]) -> Vec<u8> {
    sequence(&[rsadsi(&[12, 10, 1, kind]), context(0, value)])
}

pub(crate) fn certificate_bag(certificate: &[u8]) -> Vec<u8> {
    bag(
        3,
        &sequence(&[rsadsi(&[9, 22, 1]), context(0, &octet_string(certificate))]),
    )
}

/// A container of bags that nothing protects, with MacData as given.
pub(crate) fn container(bags: &[Vec<u8>], mac_data: &[u8]) -> Vec<u8> {
    let content_info =
        |content: &[u8]| sequence(&[object_identifier(oids::DATA), context(0, &octet_string(content))]);
    let safe = sequence(&[content_info(&sequence(bags))]);
    sequence(&[integer(&[3]), content_info(&safe), mac_data.to_vec()])
}

/// The bytes of a PEM text.
pub(crate) fn from_pem(pem: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(pem).unwrap();
    let base64: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    data_encoding::BASE64.decode(base64.as_bytes()).unwrap()
}
