//! A running `kabinet demo`, and visitors who keep their cookies.

use std::fmt::Write as _;
use std::fs;
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use testkit::http::{Answer, Connection, Cookies};

/// A server process pinned to the first core; ended when dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From the start of the process to the first 200.
    pub first_answer: Duration,
}

impl Server {
    /// Starts `program arguments…`, where `ADDRESS` in an argument is replaced by a free address, and waits for `path`.
    pub fn start(program: &Path, arguments: &[&str], path: &str) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let arguments = arguments
            .iter()
            .map(|a| a.replace("ADDRESS", &address.to_string()));
        let started = Instant::now();
        let child = Command::new("taskset")
            .args(["-c", "0"])
            .arg(program)
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("taskset")?;
        let mut server = Self {
            child,
            address,
            first_answer: Duration::ZERO,
        };
        let request = get(address, path, "");
        loop {
            if started.elapsed() > Duration::from_secs(120) {
                bail!("{} did not answer", program.display());
            }
            if TcpStream::connect(address).is_ok()
                && Connection::open(address)?
                    .send(&request)
                    .is_ok_and(|answer| answer.status == 200)
            {
                server.first_answer = started.elapsed();
                return Ok(server);
            }
            std::thread::yield_now();
        }
    }

    /// Resident memory in KiB.
    pub fn resident(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|l| l.starts_with("VmRSS")).context("VmRSS")?;
        line.split_whitespace()
            .nth(1)
            .and_then(|n| n.parse().ok())
            .context("VmRSS")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// The folder of the built binaries: the one this program runs from.
pub fn built() -> Result<PathBuf> {
    Ok(std::env::current_exe()?
        .parent()
        .context("folder of the program")?
        .to_owned())
}

/// A GET as written on the wire.
pub fn get(address: SocketAddr, path: &str, cookies: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\nAccept-Language: ru\r\n{cookies}\r\n"
    )
    .into_bytes()
}

/// Somebody at a browser.
pub struct Visitor {
    address: SocketAddr,
    connection: Connection,
    cookies: Cookies,
    csrf: String,
    forwarded: String,
}

impl Visitor {
    /// Opens the sign-in page, as everybody does first.
    pub fn open(address: SocketAddr) -> Result<Self> {
        let mut visitor = Self {
            address,
            connection: Connection::open(address)?,
            cookies: Cookies::default(),
            csrf: String::new(),
            forwarded: String::new(),
        };
        visitor.look("/sign-in")?;
        Ok(visitor)
    }

    /// Opens a page with forms, and takes the token that they carry.
    pub fn look(&mut self, path: &str) -> Result<()> {
        let page = self.get(path)?;
        let body = String::from_utf8_lossy(&page.body);
        let (_, rest) = body
            .split_once("name=\"csrf\" value=\"")
            .with_context(|| format!("a form token on {path}"))?;
        rest.split('"')
            .next()
            .unwrap_or_default()
            .clone_into(&mut self.csrf);
        Ok(())
    }

    /// Opens another connection: the server closes one that was silent for long.
    pub fn reconnect(&mut self) -> Result<()> {
        self.connection = Connection::open(self.address)?;
        Ok(())
    }

    /// The `Cookie` header line, with its line end.
    pub fn cookie_line(&self) -> String {
        self.cookies.line()
    }

    /// Posts as a trusted proxy does for a visitor at that address.
    pub fn forward_for(&mut self, address: IpAddr) {
        self.forwarded = format!("X-Forwarded-For: {address}\r\n");
    }

    /// Asks for a page.
    pub fn get(&mut self, path: &str) -> Result<Answer> {
        let answer = self.get_and_forget(path)?;
        self.keep(&answer);
        Ok(answer)
    }

    /// Asks for a page; the cookies of its answer are not kept, so that the next request is like this one.
    pub fn get_and_forget(&mut self, path: &str) -> Result<Answer> {
        let request = get(self.address, path, &self.cookie_line());
        Ok(self.connection.send(&request)?)
    }

    /// Posts a form; the form token is added.
    pub fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let mut body = format!("csrf={}", self.csrf);
        for (name, value) in fields {
            body.push('&');
            body.push_str(name);
            body.push('=');
            for byte in value.bytes() {
                if byte.is_ascii_alphanumeric() {
                    body.push(byte.into());
                } else {
                    write!(body, "%{byte:02X}")?;
                }
            }
        }
        self.post(path, "application/x-www-form-urlencoded", &body)
    }

    /// [`post_form`](Self::post_form), and keeps the cookies of the answer.
    pub fn post_and_keep(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let answer = self.post_form(path, fields)?;
        self.keep(&answer);
        Ok(answer)
    }

    /// Posts JSON; the form token goes in its header.
    pub fn post_json(&mut self, path: &str, body: &Value) -> Result<Value> {
        let answer = self.send_json(path, body)?;
        if answer.status != 200 {
            bail!(
                "{path}: {} {}",
                answer.status,
                String::from_utf8_lossy(&answer.body)
            );
        }
        Ok(serde_json::from_slice(&answer.body)?)
    }

    /// [`post_json`](Self::post_json), whatever the answer.
    pub fn send_json(&mut self, path: &str, body: &Value) -> Result<Answer> {
        self.post(path, "application/json", &body.to_string())
    }

    fn post(&mut self, path: &str, kind: &str, body: &str) -> Result<Answer> {
        let address = self.address;
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nContent-Type: {kind}\r\nX-CSRF-Token: {}\r\nContent-Length: {}\r\n{}{}\r\n{body}",
            self.csrf,
            body.len(),
            self.forwarded,
            self.cookie_line()
        );
        Ok(self.connection.send(request.as_bytes())?)
    }

    /// Keeps the cookies of an answer.
    pub fn keep(&mut self, answer: &Answer) {
        self.cookies.keep(answer);
    }
}

/// The guide that the demo writes for programs.
pub fn demo(folder: &Path) -> Result<Value> {
    Ok(serde_json::from_slice(&fs::read(folder.join("demo.json"))?)?)
}

/// Somebody of the demo who has a password: login and password.
pub fn known_person(folder: &Path) -> Result<(String, String)> {
    let guide = demo(folder)?;
    let people = guide.get("people").and_then(Value::as_array).context("people")?;
    let text = |person: &Value, name: &str| person.get(name).and_then(Value::as_str).map(str::to_owned);
    let known = people.iter().find_map(|person| {
        let login = text(person, "person_id")?.rsplit(':').next()?.to_owned();
        Some((login, text(person, "account_password")?))
    });
    known.context("a person with a password")
}
