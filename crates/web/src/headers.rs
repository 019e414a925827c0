//! What every answer tells the browser not to do.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;

use crate::key_sources::{KeySource, KeySources};

/// Marks an answer that is a page with the signing module: its policy lets the module be compiled and run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signing;

macro_rules! policy {
    ($script:literal, $more:literal) => {
        concat!(
            "default-src 'none'; script-src 'self'",
            $script,
            "; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'",
            $more,
            "; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            "; require-trusted-types-for 'script'; trusted-types kabinet"
        )
    };
}

const POLICY: &str = policy!("", "");
const SIGNING_POLICY: &str = policy!(" 'wasm-unsafe-eval'", "; worker-src 'self'");
const FEATURES: &str = "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), \
                        gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

const FIXED: [(HeaderName, HeaderValue); 6] = [
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(FEATURES),
    ),
];

/// How many headers a page has at most, cookies apart.
pub(crate) const COUNT: usize = 12;

/// The policy of pages with the key chooser: they reach the programs that are offered, and no others.
pub(crate) fn signing_policy(offered: &[KeySource], extensions: &[String]) -> HeaderValue {
    let mut connect = vec!["connect-src 'self'"];
    connect.extend(offered.iter().filter_map(|source| source.connects()));
    let mut policy = SIGNING_POLICY.replace("connect-src 'self'", &connect.join(" "));
    if offered.contains(&KeySource::CryptoPro) {
        let mut script = vec!["script-src 'self'".to_owned()];
        script.extend(extensions.iter().map(|id| format!("chrome-extension://{id}")));
        policy = policy.replace("script-src 'self'", &script.join(" "));
        policy.push_str(" kabinet-extension");
    }
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(SIGNING_POLICY))
}

/// Adds the headers. Whatever says nothing of caching is not stored.
pub(crate) fn secure(response: &mut Response, keys: &KeySources, https: bool) {
    let policy = match response.extensions().get::<Signing>() {
        Some(Signing) => keys.policy(),
        None => HeaderValue::from_static(POLICY),
    };
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in FIXED {
        headers.insert(name, value);
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if https {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
}
