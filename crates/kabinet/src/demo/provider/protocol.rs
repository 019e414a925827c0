//! What programs ask: metadata, keys, tokens, userinfo (OpenID Connect Core 1.0 §3.1.3, §5.3).

use std::sync::Arc;

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router, routing};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::grant::Grant;
use super::people::Resident;
use super::{CLIENT_ID, Provider};
use crate::clock;

const KEY_ID: &str = "demo";
/// Seconds that an ID token counts.
const TOKEN_LIFE: i64 = 300;

/// The key of ID tokens.
pub(super) struct Signer {
    key: EncodingKey,
    published: Value,
}

#[derive(Deserialize)]
struct Exchange {
    grant_type: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
    client_id: String,
}

impl Signer {
    /// A new key on P-256.
    pub(super) fn new() -> anyhow::Result<Self> {
        let key = EncodingKey::from_ec_der(&rcgen::KeyPair::generate()?.serialize_der());
        let mut published = Jwk::from_encoding_key(&key, Algorithm::ES256)?;
        published.common.key_id = Some(KEY_ID.to_owned());
        Ok(Self {
            key,
            published: json!({ "keys": [published] }),
        })
    }

    fn sign(&self, claims: &Value) -> Option<String> {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(KEY_ID.to_owned());
        encode(&header, claims, &self.key).ok()
    }
}

pub(super) fn routes() -> Router<Arc<Provider>> {
    Router::new()
        .route("/.well-known/openid-configuration", routing::get(metadata))
        .route("/keys", routing::get(keys))
        .route("/token", routing::post(token))
        .route("/userinfo", routing::get(userinfo))
}

async fn metadata(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", provider.issuer);
    Json(json!({
        "issuer": provider.issuer,
        "authorization_endpoint": at("/authorise"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "ui_locales_supported": ["ru", "kk", "en"],
    }))
}

async fn keys(State(provider): State<Arc<Provider>>) -> Json<Value> {
    Json(provider.signer.published.clone())
}

async fn token(State(provider): State<Arc<Provider>>, Form(asked): Form<Exchange>) -> Response {
    if asked.grant_type != "authorization_code" {
        return refused("unsupported_grant_type");
    }
    if asked.client_id != CLIENT_ID {
        return refused("invalid_client");
    }
    let grant = provider.grants.take(&asked.code);
    let grant = grant
        .filter(|grant| grant.redirect_uri == asked.redirect_uri && grant.was_asked_by(&asked.code_verifier));
    let Some(grant) = grant else {
        return refused("invalid_grant");
    };
    let signed = provider.signer.sign(&id_token(&provider.issuer, &grant));
    match (signed, provider.grants.issue(grant)) {
        (Some(id_token), Some(access_token)) => {
            let tokens = json!({
                "id_token": id_token, "access_token": access_token, "token_type": "Bearer",
            });
            ([(header::CACHE_CONTROL, "no-store")], Json(tokens)).into_response()
        }
        _ => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn userinfo(State(provider): State<Arc<Provider>>, headers: HeaderMap) -> Response {
    let bearer = headers.get(header::AUTHORIZATION);
    let bearer = bearer.and_then(|bearer| bearer.to_str().ok()?.strip_prefix("Bearer "));
    match bearer.and_then(|token| provider.grants.take(token)) {
        Some(grant) => Json(claims(grant.resident)).into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

fn id_token(issuer: &str, grant: &Grant) -> Value {
    let now = clock::now().as_seconds();
    json!({
        "iss": issuer, "sub": grant.resident.subject, "aud": CLIENT_ID, "nonce": grant.nonce,
        "iat": now, "exp": now + TOKEN_LIFE, "auth_time": now, "acr": grant.resident.assurance(),
    })
}

fn claims(resident: &Resident) -> Value {
    let mut claims = json!({
        "sub": resident.subject,
        "family_name": resident.surname, "given_name": resident.given_name,
        "middle_name": resident.patronymic,
        "email": resident.email.value, "email_verified": resident.email.is_verified,
        "phone_number": resident.phone.value, "phone_number_verified": resident.phone.is_verified,
    });
    if let (Some(iin), Some(claims)) = (resident.iin, claims.as_object_mut()) {
        claims.insert("iin".to_owned(), iin.into());
    }
    claims
}

/// RFC 6749 §5.2
fn refused(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response()
}
