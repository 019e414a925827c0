//! A load generator small enough not to be what is measured: blocking keep-alive connections, one thread each.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// One keep-alive connection.
pub struct Connection {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
}

/// What came back: status, `Set-Cookie` and `Location` lines, body.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Header lines as received, lower-case names.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of that (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// The value of a cookie set by this answer.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .filter(|(n, _)| n == "set-cookie")
            .find_map(|(_, v)| {
                let (key, rest) = v.split_once('=')?;
                (key == name).then(|| rest.split(';').next().unwrap_or_default())
            })
    }
}

impl Connection {
    /// Opens a connection with Nagle's algorithm off.
    pub fn open(address: SocketAddr) -> Result<Self> {
        let writer = TcpStream::connect(address)?;
        writer.set_nodelay(true)?;
        Ok(Self {
            reader: BufReader::with_capacity(64 * 1024, writer.try_clone()?),
            writer,
        })
    }

    /// Sends one request as written and reads the whole answer.
    pub fn send(&mut self, request: &[u8]) -> Result<Answer> {
        self.writer.write_all(request)?;
        let mut line = String::new();
        self.reader.read_line(&mut line)?;
        let status = line.split(' ').nth(1).context("status line")?.parse()?;
        let mut headers = Vec::with_capacity(16);
        let mut length = 0;
        loop {
            line.clear();
            self.reader.read_line(&mut line)?;
            let text = line.trim_end();
            if text.is_empty() {
                break;
            }
            let (name, value) = text.split_once(':').context("header")?;
            let (name, value) = (name.to_ascii_lowercase(), value.trim().to_owned());
            if name == "content-length" {
                length = value.parse()?;
            }
            if name == "transfer-encoding" {
                bail!("the load generator reads Content-Length only");
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
}

/// Requests per second of one request repeated on `connections` connections for `span`.
pub fn rate(address: SocketAddr, request: &[u8], connections: usize, span: Duration) -> Result<f64> {
    let started = Instant::now();
    let counts = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(move || -> Result<u64> {
                    let mut connection = Connection::open(address)?;
                    let mut count = 0;
                    while started.elapsed() < span {
                        let answer = connection.send(request)?;
                        if answer.status != 200 {
                            bail!("status {} while measuring", answer.status);
                        }
                        count += 1;
                    }
                    Ok(count)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|t| t.join().map_err(|_| anyhow::anyhow!("a client panicked"))?)
            .sum::<Result<u64>>()
    })?;
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    Ok(counts as f64 / started.elapsed().as_secs_f64())
}

/// The middle value.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
