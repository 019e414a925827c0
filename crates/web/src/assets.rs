//! Styles, scripts, icons and the signing module: embedded, compressed at build time, kept by browsers for ever.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::error::Error;
use crate::extract::Path;
use crate::headers::Signing;
use crate::view::error::ErrorKind;
use crate::view::key_words::KeyWords;

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

#[derive(Clone, Copy)]
struct Asset {
    name: &'static str,
    url: &'static str,
    etag: &'static str,
    media: &'static str,
    plain: &'static [u8],
    gzip: Option<&'static [u8]>,
}

/// `GET /assets/{file}`
pub(crate) async fn get(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    let url = format!("/assets/{file}");
    let asset = find(&url)
        .or_else(|| KeyWords::find(&url).map(Asset::from))
        .ok_or(Error::Page(ErrorKind::NotFound))?;
    let known = |header: &HeaderValue| header.as_bytes() == asset.etag.as_bytes();
    let mut response = if headers.get(header::IF_NONE_MATCH).is_some_and(known) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        content(&asset, &headers)
    };
    let fields = response.headers_mut();
    fields.insert(header::ETAG, HeaderValue::from_static(asset.etag));
    fields.insert(header::CACHE_CONTROL, FOR_EVER);
    fields.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if asset.name == "signer-worker.js" {
        // A worker lives under the policy of its own script.
        response.extensions_mut().insert(Signing);
    }
    Ok(response)
}

fn find(url: &str) -> Option<Asset> {
    let place = FILES.binary_search_by(|asset| asset.url.cmp(url)).ok()?;
    FILES.get(place).copied()
}

impl From<&'static KeyWords> for Asset {
    fn from(words: &'static KeyWords) -> Self {
        Self {
            name: "key-words.js",
            url: &words.url,
            etag: &words.etag,
            media: "text/javascript; charset=utf-8",
            plain: &words.module,
            gzip: words.gzip.as_deref(),
        }
    }
}

fn content(asset: &Asset, headers: &HeaderMap) -> Response {
    let media = (header::CONTENT_TYPE, HeaderValue::from_static(asset.media));
    match asset.gzip.filter(|_| takes_gzip(headers)) {
        Some(gzip) => {
            let encoding = (header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            ([media, encoding], Bytes::from_static(gzip)).into_response()
        }
        None => ([media], Bytes::from_static(asset.plain)).into_response(),
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|line| line.to_str().ok())
        .unwrap_or_default();
    accepted
        .split(',')
        .any(|coding| matches!(coding.trim(), "gzip" | "*"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_names_carry_the_digest_of_the_content() {
        assert!(FILES.is_sorted_by_key(|asset| asset.url));
        for asset in FILES {
            assert!(asset.url.contains(asset.etag.trim_matches('"')), "{}", asset.url);
            assert!(asset.gzip.is_none_or(|gzip| gzip.len() < asset.plain.len()));
        }
    }
}
