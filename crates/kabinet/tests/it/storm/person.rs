//! Somebody who acts without a pause and notes every answer.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::mpsc::Sender;

use serde_json::json;
use testkit::pki::{Authority, Key, Person as Identity, askhat};

use super::client::Client;

/// How many changes are made in a session.
const CHANGES: u32 = 3;

/// A person, and what the server promised them.
pub(crate) struct Person {
    key: Key,
    /// The first digit of everything this person enters.
    digit: usize,
    /// Cookies of sessions that must hold; that of one whose last step-up was not answered is unknown.
    cookies: Vec<String>,
    sign_ins: Acts,
    changes: Acts,
}

/// Acts of one kind, of one person, one after the other.
#[derive(Debug, Default)]
struct Acts {
    acknowledged: i64,
    sent: i64,
}

/// What became of requests that were never answered.
#[derive(Debug, Default)]
pub(crate) struct Unanswered {
    done: i64,
    not_done: i64,
}

impl Acts {
    fn send<T>(&mut self, request: impl FnOnce(i64) -> io::Result<T>) -> io::Result<T> {
        self.sent += 1;
        let answer = request(self.sent)?;
        self.acknowledged = self.sent;
        Ok(answer)
    }

    /// One more, sent and answered.
    fn add(&mut self) {
        self.sent += 1;
        self.acknowledged += 1;
    }

    /// So many are there: all that were acknowledged, and none that nobody sent.
    fn settle(&mut self, found: i64, unanswered: &mut Unanswered) {
        assert!(
            (self.acknowledged..=self.sent).contains(&found),
            "{self:?}, but {found} are there"
        );
        unanswered.done += found - self.acknowledged;
        unanswered.not_done += self.sent - found;
        (self.acknowledged, self.sent) = (found, found);
    }
}

impl Person {
    /// People with keys of this authority; as many as there are numbers.
    pub(crate) fn all(authority: &Authority) -> Vec<Self> {
        let numbers = [
            "880306400120",
            "910712401035",
            "950412300710",
            "791123300450",
            "850615400026",
        ];
        let new = |(digit, iin)| {
            let identity = Identity {
                iin: Some(iin),
                years: [2020, 2040],
                ..askhat()
            };
            Self {
                key: authority.issue(&identity),
                digit,
                cookies: Vec::new(),
                sign_ins: Acts::default(),
                changes: Acts::default(),
            }
        };
        numbers.into_iter().enumerate().map(new).collect()
    }

    /// Acts until the server is gone, and tells of every act that was acknowledged.
    pub(crate) fn storm(&mut self, address: SocketAddr, acknowledged: &Sender<()>) {
        let Err(end) = self.act(address, acknowledged);
        assert_ne!(end.kind(), io::ErrorKind::WouldBlock, "the server hangs");
    }

    fn act(&mut self, address: SocketAddr, acknowledged: &Sender<()>) -> io::Result<Infallible> {
        let mut client = Client::open(address)?;
        // Nobody listens any more when the end is near.
        let tell = || acknowledged.send(()).unwrap_or_default();
        loop {
            self.sign_in(&mut client)?;
            tell();

            // Until the answer comes, nobody knows which cookie it is.
            self.cookies.pop();
            self.cookies.push(client.step_up(&self.key)?);
            tell();

            for _ in 0..CHANGES {
                self.change(&mut client)?;
                tell();
            }
        }
    }

    fn sign_in(&mut self, client: &mut Client) -> io::Result<()> {
        let cookie = self.sign_ins.send(|_| client.sign_in(&self.key))?;
        self.cookies.push(cookie);
        Ok(())
    }

    /// One change of two contacts, with its number in both.
    fn change(&mut self, client: &mut Client) -> io::Result<()> {
        let version = client.contacts()?["version"].clone();
        let digit = self.digit;
        let saved = self.changes.send(|number| {
            client.save(&json!({
                "email": "",
                "phone": "",
                "extra_email": email(digit, number),
                "extra_phone": phone(digit, number),
                "version": version,
            }))
        })?;
        assert_eq!(saved["asked"], json!(["extra_email", "extra_phone"]));
        Ok(())
    }

    /// Asks the server that came back for everything it had promised.
    pub(crate) fn check(&mut self, address: SocketAddr, unanswered: &mut Unanswered) -> io::Result<()> {
        let mut client = Client::open(address)?;
        for cookie in &self.cookies {
            assert!(client.opens(cookie)?, "a session that was acknowledged is gone");
        }
        // The session that asks is among those it sees.
        self.cookies.push(client.sign_in(&self.key)?);
        self.sign_ins.settle(client.sessions()? - 1, unanswered);
        self.sign_ins.add();

        let contacts = client.contacts()?;
        let number = contacts["version"].as_i64().unwrap();
        self.changes.settle(number, unanswered);
        let values = ["extra_email", "extra_phone"].map(|slot| contacts[slot]["pending"]["value"].as_str());
        let whole = [email(self.digit, number), phone(self.digit, number)];
        let expected = whole
            .each_ref()
            .map(|value| (number > 0).then_some(value.as_str()));
        assert_eq!(values, expected, "{contacts}");
        Ok(())
    }
}

fn email(digit: usize, number: i64) -> String {
    format!("storm.{digit}.{number}@example.kz")
}

fn phone(digit: usize, number: i64) -> String {
    format!("+7701{digit}{number:06}")
}
