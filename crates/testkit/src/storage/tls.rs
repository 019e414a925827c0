//! A cluster that speaks TLS, with certificates made by OpenSSL.

use std::{net::TcpListener, path::PathBuf};

use super::Cluster;

/// A cluster that speaks TLS on 127.0.0.1, under the name `localhost`.
#[derive(Debug)]
pub struct Encrypted {
    /// Who vouches for it.
    pub ca: PathBuf,
    /// Who does not.
    pub other_ca: PathBuf,
    port: u16,
}

impl Encrypted {
    /// The address of its database, asked for under this name.
    pub fn url(&self, name: &str) -> String {
        format!(
            "host={name} hostaddr=127.0.0.1 port={} user=postgres dbname=postgres",
            self.port
        )
    }
}

impl Cluster {
    /// Gives the server a certificate and starts it anew.
    ///
    /// # Panics
    /// If that fails.
    pub fn encrypt(&self) -> Encrypted {
        for name in ["ca", "other"] {
            self.openssl(&format!("-subj /CN={name} -keyout {name}.key -out {name}.pem"));
        }
        self.openssl(
            "-subj /CN=localhost -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE \
             -CA ca.pem -CAkey ca.key -keyout server.key -out server.pem",
        );
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let file = |name: &str| self.folder().join(name);
        self.set(&format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nssl = on\nssl_cert_file = '{}'\nssl_key_file = '{}'\n",
            file("server.pem").display(),
            file("server.key").display()
        ));
        self.crash();
        self.resume();
        Encrypted {
            ca: file("ca.pem"),
            other_ca: file("other.pem"),
            port,
        }
    }

    fn openssl(&self, arguments: &str) {
        let new = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 2";
        let arguments: Vec<&str> = new.split(' ').chain(arguments.split_whitespace()).collect();
        self.run("/usr/bin/openssl", &arguments);
    }
}
