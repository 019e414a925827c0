//! A private OpenLDAP server (`slapd`) with a small school in it.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Lines};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use data_encoding::BASE64;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

use crate::free_port;

/// Below which everybody is.
pub const BASE: &str = "dc=school,dc=example";
/// Who may look people up, and their password.
pub const ACCOUNT: [&str; 2] = ["cn=kabinet,dc=school,dc=example", "account password"];
/// The password of whom nothing else is said.
pub const PASSWORD: &str = "Пароль в школе";

/// Ports that were free a moment ago may be another's by now.
const TRIES: usize = 5;

/// What the server says.
type Words = Lines<BufReader<ChildStderr>>;

/// A running server; it ends with this value.
pub struct Directory {
    server: Child,
    told: Arc<Mutex<Vec<String>>>,
    listening: Option<JoinHandle<()>>,
    ports: [u16; 2],
    /// The authority of its certificate, in PEM.
    pub authority: String,
    _folder: TempDir,
}

/// Somebody in the directory.
pub struct Member<'a> {
    /// `uid`
    pub login: &'a str,
    /// фамилия, имя
    pub name: [&'a str; 2],
    /// Other attributes: name and value.
    pub attributes: &'a [(&'a str, &'a str)],
}

impl Directory {
    /// None, with a message, where the program is not installed.
    pub fn start(members: &[Member<'_>]) -> Option<Self> {
        if !Path::new("/usr/sbin/slapd").exists() {
            let required = std::env::var_os("KABINET_REQUIRE_PEERS").is_some();
            assert!(!required, "slapd is required here: apt-get install slapd");
            println!("skipped: slapd is not installed (apt-get install slapd)");
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let authority = certificates(folder.path());
        fs::create_dir(folder.path().join("db")).expect("a folder");
        fs::write(folder.path().join("slapd.conf"), configuration(folder.path())).expect("a file");
        fs::write(folder.path().join("people.ldif"), people(members)).expect("a file");
        let filled = Command::new("/usr/sbin/slapadd")
            .args(["-f", "slapd.conf", "-l", "people.ldif"])
            .current_dir(&folder)
            .output()
            .expect("slapadd runs");
        assert!(
            filled.status.success(),
            "{}",
            String::from_utf8_lossy(&filled.stderr)
        );

        let (server, lines, ports) = (0..TRIES)
            .find_map(|_| listen(folder.path()))
            .expect("slapd starts");
        let told = Arc::new(Mutex::new(Vec::new()));
        let heard = told.clone();
        let listening = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                lock(&heard).push(line);
            }
        });
        Some(Self {
            server,
            told,
            listening: Some(listening),
            ports,
            authority,
            _folder: folder,
        })
    }

    /// Where it listens without TLS, until that is asked for.
    pub fn plain(&self) -> String {
        format!("ldap://127.0.0.1:{}", self.ports[0])
    }

    /// Where it listens with TLS.
    pub fn encrypted(&self) -> String {
        format!("ldaps://127.0.0.1:{}", self.ports[1])
    }

    /// Stops it, and gives what it told of what it was asked: `BIND dn="…"`, `SRCH base="…"`.
    pub fn stop(mut self) -> Vec<String> {
        self.end();
        std::mem::take(&mut *lock(&self.told))
    }

    fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        self.end();
    }
}

/// Starts the server and waits until it can be asked; nothing where somebody else took a port meanwhile: then it ends.
fn listen(folder: &Path) -> Option<(Child, Words, [u16; 2])> {
    let ports = [free_port(), free_port()];
    let mut server = Command::new("/usr/sbin/slapd")
        .args(["-f", "slapd.conf", "-d", "stats", "-h"])
        .arg(format!(
            "ldap://127.0.0.1:{}/ ldaps://127.0.0.1:{}/",
            ports[0], ports[1]
        ))
        .current_dir(folder)
        .stderr(Stdio::piped())
        .spawn()
        .expect("slapd runs");
    let mut lines = BufReader::new(server.stderr.take().expect("its words")).lines();
    let is_bound = has_said(&mut lines, "slapd starting", 1);
    // it says so before it listens
    if is_bound && ports.iter().all(|port| accepts(&mut server, *port)) && has_said(&mut lines, " closed", 2)
    {
        return Some((server, lines, ports));
    }
    let _ = server.kill();
    let _ = server.wait();
    None
}

fn has_said(lines: &mut Words, word: &str, times: usize) -> bool {
    let said = lines.map_while(Result::ok).filter(|line| line.contains(word));
    said.take(times).count() == times
}

/// Knocks until the server that owns the port lets in, or has ended.
fn accepts(server: &mut Child, port: u16) -> bool {
    while server.try_wait().is_ok_and(|ended| ended.is_none()) {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        std::thread::yield_now();
    }
    false
}

fn lock(told: &Mutex<Vec<String>>) -> MutexGuard<'_, Vec<String>> {
    told.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes the server's certificate and key; gives the authority.
fn certificates(folder: &Path) -> String {
    let key = || KeyPair::generate().expect("a key");
    let (authority_key, server_key) = (key(), key());
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = params.self_signed(&authority_key).expect("an authority").pem();
    let issuer = Issuer::new(params, authority_key);
    let server = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
    let server = server.signed_by(&server_key, &issuer).expect("a certificate");
    fs::write(folder.join("server.pem"), server.pem()).expect("a file");
    fs::write(folder.join("server.key"), server_key.serialize_pem()).expect("a file");
    authority
}

fn configuration(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "include /etc/ldap/schema/core.schema\n\
         include /etc/ldap/schema/cosine.schema\n\
         include /etc/ldap/schema/inetorgperson.schema\n\
         modulepath /usr/lib/ldap\n\
         moduleload back_mdb\n\
         pidfile {folder}/pid\n\
         TLSCertificateFile {folder}/server.pem\n\
         TLSCertificateKeyFile {folder}/server.key\n\
         allow bind_anon_dn\n\
         database mdb\n\
         suffix \"{BASE}\"\n\
         directory {folder}/db\n\
         access to attrs=userPassword by anonymous auth by * none\n\
         access to * by dn.base=\"{}\" read by self read by * none\n",
        ACCOUNT[0]
    )
}

fn people(members: &[Member<'_>]) -> String {
    let [account, password] = ACCOUNT;
    let mut ldif = format!(
        "dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: School\ndc: school\n\n\
         dn: {account}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: kabinet\n\
         userPassword: {password}\n\n\
         dn: ou=people,{BASE}\nobjectClass: organizationalUnit\nou: people\n\n\
         dn: ou=elsewhere,{BASE}\nobjectClass: referral\nobjectClass: extensibleObject\nou: elsewhere\n\
         ref: ldap://127.0.0.1:1/ou=elsewhere,{BASE}\n\n"
    );
    for Member {
        login,
        name: [surname, given_name],
        attributes,
    } in members
    {
        let lines = [
            ("dn", format!("uid={login},ou=people,{BASE}")),
            ("objectClass", "inetOrgPerson".to_owned()),
            ("uid", (*login).to_owned()),
            ("cn", format!("{given_name} {surname}")),
            ("sn", (*surname).to_owned()),
            ("givenName", (*given_name).to_owned()),
            ("userPassword", PASSWORD.to_owned()),
        ];
        let others = attributes
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        for (name, value) in lines.into_iter().chain(others) {
            // writing to a String cannot fail
            let _ = writeln!(ldif, "{name}:: {}", BASE64.encode(value.as_bytes()));
        }
        ldif.push('\n');
    }
    ldif
}
