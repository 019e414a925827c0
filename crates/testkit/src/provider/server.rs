//! HTTP/1.1 with kept connections, as little as a provider needs.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A request as it came.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) query: String,
    /// names in lower case
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

/// What is answered.
pub(crate) enum Reply {
    Json(u16, String),
    /// to that address
    Redirect(String),
    /// never
    Nothing,
}

pub(crate) async fn serve(
    listener: TcpListener,
    connected: impl Fn() + Send + 'static,
    answer: Arc<impl Fn(&Asked) -> Reply + Send + Sync + 'static>,
) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connected();
        let answer = answer.clone();
        connections.spawn(async move { converse(stream, &*answer).await });
    }
}

async fn converse(stream: TcpStream, answer: &(impl Fn(&Asked) -> Reply + Sync)) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut stream = BufReader::new(stream);
    loop {
        let asked = read(&mut stream).await?;
        let (status, header, body) = match answer(&asked) {
            Reply::Json(status, body) => (status, "content-type: application/json\r\n".to_owned(), body),
            Reply::Redirect(to) => (302, format!("location: {to}\r\n"), String::new()),
            Reply::Nothing => std::future::pending().await,
        };
        let length = body.len();
        let answer = format!("HTTP/1.1 {status} .\r\n{header}content-length: {length}\r\n\r\n{body}");
        stream.write_all(answer.as_bytes()).await.ok()?;
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Asked> {
    let first = line(stream).await?;
    let target = first.split(' ').nth(1)?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut asked = Asked {
        path: path.to_owned(),
        query: query.to_owned(),
        ..Asked::default()
    };
    loop {
        let line = line(stream).await?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        asked
            .headers
            .insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = asked.headers.get("content-length");
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap_or(0))];
    stream.read_exact(&mut body).await.ok()?;
    asked.body = String::from_utf8(body).ok()?;
    Some(asked)
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await.ok()? {
        0 => None,
        _ => Some(line.trim_end().to_owned()),
    }
}
