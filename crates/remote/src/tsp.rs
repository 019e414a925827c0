//! Asking an authority to stamp the time (RFC 3161 §3.4).

use std::time::Duration;

use esign::tsp::{Imprint, MalformedTimeStamp, TimeStampRequest, TimeStampResponse, TimeStampToken};
use esign::verdict::Problem;

use crate::http::{Endpoint, HttpClient, HttpError, Limits, Post};

const LIMITS: Limits = Limits {
    connect: Duration::from_secs(5),
    total: Duration::from_secs(10),
    body: 256 * 1024,
};

/// One time-stamping authority.
#[derive(Clone)]
pub struct TimeStamping {
    http: HttpClient,
    endpoint: Endpoint,
}

/// Why there is no time stamp.
#[derive(Debug, thiserror::Error)]
pub enum TimeStampError {
    /// The authority was not reached, or did not answer properly.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// What it sent is no response.
    #[error("not a time-stamp response: {0}")]
    Malformed(MalformedTimeStamp),
    /// It refused, and says why.
    #[error("the authority refused (status {status}): {reasons}")]
    Refused {
        /// PKIStatus
        status: u32,
        /// what it says
        reasons: String,
    },
    /// It stamped something else than was asked.
    #[error("the time stamp is not the one that was asked for: {}", .0.code())]
    Other(Problem),
    /// There is no randomness for the request.
    #[error("no randomness")]
    NoRandomness,
}

impl TimeStamping {
    /// The authority at this address.
    pub const fn new(http: HttpClient, endpoint: Endpoint) -> Self {
        Self { http, endpoint }
    }

    /// Asks for a stamp on an imprint. The token answers this very request; whether it proves a time is for
    /// [`TimeStampToken::verify`] to say.
    pub async fn stamp(&self, imprint: Imprint) -> Result<TimeStampToken, TimeStampError> {
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).map_err(|_| TimeStampError::NoRandomness)?;
        let request = TimeStampRequest::new(imprint).with_nonce(&nonce);
        let post = Post {
            media_type: "application/timestamp-query",
            accept: "application/timestamp-reply",
            body: &request.to_der(),
        };
        let answer = self.http.post(&self.endpoint, post, &LIMITS).await?;
        match TimeStampResponse::parse(&answer).map_err(TimeStampError::Malformed)? {
            TimeStampResponse::Refused(failure) => Err(TimeStampError::Refused {
                status: failure.status,
                reasons: [failure.reasons.join("; "), failure.text].join(" "),
            }),
            granted @ TimeStampResponse::Granted(_) => {
                granted.token_for(&request).map_err(TimeStampError::Other)
            }
        }
    }
}
