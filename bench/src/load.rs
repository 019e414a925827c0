//! A load generator: blocking keep-alive connections, one thread each.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use testkit::http::Connection;

use crate::site::Visitor;

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

/// Runs one closure a visitor, all at once; what they made, and how long the slowest took.
pub fn timed<T: Send>(
    visitors: &mut [Visitor],
    act: impl Fn(&mut Visitor, usize) -> Result<T> + Sync,
) -> Result<(Vec<T>, Duration)> {
    let started = Instant::now();
    let made = std::thread::scope(|scope| {
        let act = &act;
        let threads: Vec<_> = visitors
            .iter_mut()
            .enumerate()
            .map(|(index, visitor)| scope.spawn(move || act(visitor, index)))
            .collect();
        threads
            .into_iter()
            .map(|t| t.join().map_err(|_| anyhow::anyhow!("a client panicked"))?)
            .collect::<Result<Vec<T>>>()
    })?;
    Ok((made, started.elapsed()))
}

/// The middle value.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
