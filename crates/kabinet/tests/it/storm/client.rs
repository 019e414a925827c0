//! A program that uses the JSON API as its documentation says: it keeps cookies and repeats the token.

use std::io;
use std::net::SocketAddr;

use data_encoding::BASE64;
use esign::time::UnixTime;
use serde_json::{Value, json};
use testkit::http::{Answer, Connection, Cookies};
use testkit::pki::Key;

use super::site::HOST;

const SESSION: &str = "__Host-kabinet";
/// Nothing was done, and the same request may be sent again: writers on PostgreSQL may get into each other's way.
const BUSY: u16 = 503;
const PATIENCE: u32 = 50;

/// One client. An error is the end of its connection: whether the last request was done is not known.
pub(crate) struct Client {
    connection: Connection,
    cookies: Cookies,
    token: String,
}

impl Client {
    /// A visitor whom nobody knows yet.
    pub(crate) fn open(address: SocketAddr) -> io::Result<Self> {
        let mut client = Self {
            connection: Connection::open(address)?,
            cookies: Cookies::default(),
            token: String::new(),
        };
        client.is_signed_in()?;
        Ok(client)
    }

    /// Whether the session still holds; takes over the token for changes.
    pub(crate) fn is_signed_in(&mut self) -> io::Result<bool> {
        let visit = self.expect(200, "GET", "/api/v1/session", None)?;
        visit["csrf_token"].as_str().unwrap().clone_into(&mut self.token);
        Ok(visit["signed_in"].as_bool().unwrap())
    }

    /// Whether a session cookie, of this or another client, still opens a cabinet.
    pub(crate) fn opens(&mut self, session: &str) -> io::Result<bool> {
        self.cookies.set(SESSION, session);
        self.is_signed_in()
    }

    /// Signs in once more, beside the sessions that are open; gives the cookie.
    pub(crate) fn sign_in(&mut self, key: &Key) -> io::Result<String> {
        if self.cookies.remove(SESSION).is_some() {
            self.is_signed_in()?;
        }
        self.prove("sign-in", 201, key)
    }

    /// Makes the session stronger; gives its new cookie.
    pub(crate) fn step_up(&mut self, key: &Key) -> io::Result<String> {
        self.is_signed_in()?;
        self.prove("step-up", 204, key)
    }

    fn prove(&mut self, act: &str, done: u16, key: &Key) -> io::Result<String> {
        let posed = self.expect(200, "POST", &format!("/api/v1/{act}/challenge"), None)?;
        let at: jiff::Timestamp = posed["at"].as_str().unwrap().parse().unwrap();
        let text = posed["text"].as_str().unwrap();
        let cms = BASE64.encode(&key.sign(text.as_bytes(), UnixTime(at.as_second())));
        let path = format!("/api/v1/{act}/certificate");
        let answer = self.call("POST", &path, Some(&json!({ "cms": cms })))?;
        assert_eq!(answer.status, done, "{}", String::from_utf8_lossy(&answer.body));
        Ok(answer.cookie(SESSION).unwrap().to_owned())
    }

    /// How many sessions the account has open.
    pub(crate) fn sessions(&mut self) -> io::Result<i64> {
        let open = self.expect(200, "GET", "/api/v1/sessions", None)?;
        Ok(i64::try_from(open.as_array().unwrap().len()).unwrap())
    }

    /// The contacts with their states.
    pub(crate) fn contacts(&mut self) -> io::Result<Value> {
        self.expect(200, "GET", "/api/v1/contacts", None)
    }

    /// Saves the contacts.
    pub(crate) fn save(&mut self, form: &Value) -> io::Result<Value> {
        self.expect(200, "PUT", "/api/v1/contacts", Some(form))
    }

    fn expect(&mut self, status: u16, method: &str, path: &str, body: Option<&Value>) -> io::Result<Value> {
        let answer = self.call(method, path, body)?;
        let said = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, status, "{method} {path}: {said}");
        Ok(serde_json::from_str(&said).unwrap())
    }

    fn call(&mut self, method: &str, path: &str, body: Option<&Value>) -> io::Result<Answer> {
        let kind = body.map_or("", |_| "Content-Type: application/json\r\n");
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept: application/json\r\n{}X-CSRF-Token: {}\r\n{kind}\
             Content-Length: {}\r\n\r\n{body}",
            self.cookies.line(),
            self.token,
            body.len(),
        );
        for _ in 0..PATIENCE {
            let answer = self.connection.send(request.as_bytes())?;
            if answer.status != BUSY {
                self.cookies.keep(&answer);
                return Ok(answer);
            }
        }
        panic!("{method} {path}: busy {PATIENCE} times")
    }
}
