//! A private realm of MIT Kerberos (`krb5kdc`) with one service and a few people in it.

use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

use crate::free_port;

/// The realm.
pub const REALM: &str = "TEST.LOCAL";
/// The service whose keys stand in the keytab.
pub const SERVICE: &str = "HTTP/localhost@TEST.LOCAL";
/// The password of everybody.
pub const PASSWORD: &str = "password";

/// A running realm; it ends with this value.
pub struct Realm {
    server: Child,
    folder: TempDir,
}

impl Realm {
    /// With these people. None, with a message, where the programs are not installed.
    pub fn start(people: &[&str]) -> Option<Self> {
        let programs = ["/usr/sbin/krb5kdc", "/usr/sbin/kadmin.local", "/usr/bin/kinit"];
        if let Some(missing) = programs.iter().find(|program| !Path::new(program).exists()) {
            let required = std::env::var_os("KABINET_REQUIRE_PEERS").is_some();
            assert!(!required, "{missing} is required here");
            println!(
                "skipped: {missing} is not installed (apt-get install krb5-kdc krb5-admin-server krb5-user)"
            );
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        configure(folder.path(), port);
        let run = |program: &str, arguments: &[&str]| {
            let done = command(folder.path(), program).args(arguments).output();
            succeeded(&done.expect("a program runs"));
        };
        run(
            "/usr/sbin/kdb5_util",
            &["create", "-s", "-r", REALM, "-P", "master"],
        );
        let admin = |question: &str| run("/usr/sbin/kadmin.local", &["-q", question]);
        for person in people {
            admin(&format!("addprinc -pw {PASSWORD} {person}"));
        }
        for service in ["HTTP/localhost", "HTTP/other"] {
            admin(&format!("addprinc -randkey {service}"));
        }
        let keytab = folder.path().join("http.keytab").display().to_string();
        admin(&format!("ktadd -k {keytab} HTTP/localhost"));
        let server = command(folder.path(), "/usr/sbin/krb5kdc")
            .arg("-n")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("krb5kdc runs");
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::yield_now();
        }
        Some(Self { server, folder })
    }

    /// The keys of [`SERVICE`].
    pub fn keytab(&self) -> PathBuf {
        self.folder.path().join("http.keytab")
    }

    /// Signs a person in, as a workstation does; gives their tickets.
    pub fn sign_in(&self, person: &str) -> PathBuf {
        let tickets = self
            .folder
            .path()
            .join(format!("tickets-{}", person.replace('/', "-")));
        let mut kinit = self
            .program("kinit", &tickets)
            .arg(person)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("kinit runs");
        let mut input = kinit.stdin.take().expect("its input");
        writeln!(input, "{PASSWORD}").expect("it reads");
        drop(input);
        assert!(
            kinit.wait().expect("it ends").success(),
            "{person} is not signed in"
        );
        tickets
    }

    /// A program of a person's workstation, with their tickets.
    pub fn program(&self, program: &str, tickets: &Path) -> Command {
        let mut command = command(self.folder.path(), program);
        command.env("KRB5CCNAME", format!("FILE:{}", tickets.display()));
        command
    }

    /// The token of SPNEGO that a browser sends to `host`, in Base64, as `curl` makes it.
    pub fn token(&self, tickets: &Path, host: &str) -> String {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let mut curl = self
            .program("curl", tickets)
            .args(["--silent", "--negotiate", "--user", ":", "--resolve"])
            .arg(format!("{host}:{port}:127.0.0.1"))
            .arg(format!("http://{host}:{port}/"))
            .stdout(Stdio::null())
            .spawn()
            .expect("curl runs");
        let (mut stream, _) = listener.accept().expect("curl connects");
        let head = read_head(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
        drop(stream);
        curl.wait().expect("it ends");
        let token = head
            .lines()
            .find_map(|line| line.strip_prefix("Authorization: Negotiate "));
        token.expect("a ticket").trim().to_owned()
    }
}

impl Drop for Realm {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn read_head(stream: &mut TcpStream) -> String {
    use std::io::Read as _;
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).expect("bytes") == 1 {
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}

fn command(folder: &Path, program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env("KRB5_CONFIG", folder.join("krb5.conf"))
        .env("KRB5_KDC_PROFILE", folder.join("kdc.conf"));
    command
}

fn succeeded(done: &Output) {
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn configure(folder: &Path, port: u16) {
    let krb5 = format!(
        "[libdefaults]\n default_realm = {REALM}\n dns_lookup_kdc = false\n rdns = false\n \
         dns_canonicalize_hostname = false\n udp_preference_limit = 1\n\
         [realms]\n {REALM} = {{\n  kdc = 127.0.0.1:{port}\n }}\n\
         [domain_realm]\n localhost = {REALM}\n other = {REALM}\n"
    );
    let place = folder.display();
    let kdc = format!(
        "[kdcdefaults]\n kdc_listen = 127.0.0.1:{port}\n kdc_tcp_listen = 127.0.0.1:{port}\n\
         [realms]\n {REALM} = {{\n  database_name = {place}/principal\n  key_stash_file = {place}/stash\n  \
         acl_file = {place}/acl\n  supported_enctypes = aes256-cts-hmac-sha1-96:normal aes128-cts-hmac-sha1-96:normal\n }}\n"
    );
    fs::write(folder.join("krb5.conf"), krb5).expect("a file");
    fs::write(folder.join("kdc.conf"), kdc).expect("a file");
    fs::write(folder.join("acl"), "").expect("a file");
}
