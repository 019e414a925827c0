//! The web room: pages, the API, and the listener they are served on.
//!
//! A request passes the gate ([`gate`]: visitor, host, headers, log), the token check ([`csrf`]), and reaches a
//! handler in [`pages`] or [`api`], which calls a use case of `cabinet` and shows what came of it.

mod allowance;
mod api;
mod app;
pub mod assets;
mod body;
mod cookie;
mod csrf;
mod door;
mod draft;
mod enrolment;
mod error;
mod extract;
mod federation;
mod gate;
mod headers;
mod here;
mod key_sources;
mod language;
mod listener;
mod merge;
mod metrics;
mod new_password;
mod operator;
mod pages;
mod panic;
mod passkey;
mod pool;
mod proof;
mod proxy;
mod recovery;
mod remote_key;
mod renewal;
mod return_to;
mod router;
mod second_factor;
mod signed_in;
mod status;
mod unknown_certificate;
pub mod view;
mod visitor;
mod words;

pub use allowance::Allowance;
pub use app::{App, Operator, Site};
pub use door::{Door, HeaderError, ProxiedDoor, TlsDoor};
pub use key_sources::{KeySource, KeySources};
pub use listener::{Limits, serve, serve_door, serve_operator};
pub use metrics::Metrics;
pub use operator::Probe;
pub use pool::Pool;
pub use proxy::Proxies;
pub use remote_key::{CertificateAddress, EgovMobile, RemoteKeys};
pub use router::{operator_router, router};
