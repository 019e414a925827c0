//! A blocking HTTP/1.1 client small enough not to be what is tested or measured: one keep-alive connection.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A server that says nothing for so long hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// One keep-alive connection.
#[derive(Debug)]
pub struct Connection {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Header lines as received, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of that (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter().filter(|(known, _)| known == name);
        named.next().map(|(_, value)| value.as_str())
    }

    /// The value of a cookie set by this answer.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let mut set = self.cookies().filter(|(known, _)| *known == name);
        set.next().map(|(_, value)| value)
    }

    fn cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.headers.iter().filter(|(name, _)| name == "set-cookie");
        lines.filter_map(|(_, line)| line.split(';').next()?.split_once('='))
    }
}

impl Connection {
    /// Opens a connection with Nagle's algorithm off.
    pub fn open(address: SocketAddr) -> io::Result<Self> {
        let writer = TcpStream::connect(address)?;
        writer.set_nodelay(true)?;
        writer.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            reader: BufReader::with_capacity(64 * 1024, writer.try_clone()?),
            writer,
        })
    }

    /// Sends one request as written and reads the whole answer; an error where the connection ends before it does.
    pub fn send(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.writer.write_all(request)?;
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| malformed("status line", &first))?;
        let mut headers = Vec::with_capacity(16);
        let mut length = 0;
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or_else(|| malformed("header", &line))?;
            let (name, value) = (name.to_ascii_lowercase(), value.trim().to_owned());
            match name.as_str() {
                "content-length" => length = value.parse().map_err(|_| malformed("length", &value))?,
                "transfer-encoding" => return Err(malformed("transfer encoding", &value)),
                _ => {}
            }
            headers.push((name, value));
        }
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body)?;
        Ok(Answer {
            status,
            headers,
            body,
        })
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.reader.read_line(&mut line)?;
        if !line.ends_with('\n') {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        line.truncate(line.trim_end().len());
        Ok(line)
    }
}

fn malformed(what: &str, text: &str) -> io::Error {
    io::Error::other(format!("a {what} that this client does not read: {text}"))
}

/// The cookies that a browser would keep of one site.
#[derive(Debug, Clone, Default)]
pub struct Cookies(Vec<(String, String)>);

impl Cookies {
    /// Keeps what an answer sets.
    pub fn keep(&mut self, answer: &Answer) {
        for (name, value) in answer.cookies() {
            if value.is_empty() {
                self.remove(name);
            } else {
                self.set(name, value);
            }
        }
    }

    /// Adds a cookie, or gives it another value.
    pub fn set(&mut self, name: &str, value: &str) {
        self.remove(name);
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// Forgets a cookie, and tells what it was.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let place = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(place).1)
    }

    /// The header line with its end, or nothing.
    pub fn line(&self) -> String {
        let pairs: Vec<String> = self
            .0
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if pairs.is_empty() {
            return String::new();
        }
        format!("Cookie: {}\r\n", pairs.join("; "))
    }
}
