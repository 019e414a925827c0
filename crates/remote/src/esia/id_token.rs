//! ID tokens of ESIA: under a pinned certificate, by RSA or by GOST, and without a nonce: PKCE and `state` tie them to
//! the request.

use data_encoding::BASE64URL_NOPAD;
use esign::algorithm::{Gost, Hash, SignatureAlgorithm};
use esign::certificate::Certificate;
use esign::provider::native;
use esign::time::UnixTime;
use serde::Deserialize;
use serde_json::Value;

use super::EsiaSettings;
use crate::provider::{Freshness, ProviderFailure, TokenFault};

/// How far two clocks may be apart, in seconds.
const LEEWAY: i64 = 60;

/// A token that passed every check.
pub(super) struct IdToken {
    /// The person's number in ESIA.
    pub(super) oid: String,
    pub(super) authenticated_at: Option<UnixTime>,
    /// Whether the account is a confirmed one.
    pub(super) is_trusted: bool,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Value,
    sub: Value,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    auth_time: Option<i64>,
    #[serde(rename = "urn:esia:sbj")]
    account: Option<Account>,
}

#[derive(Deserialize)]
struct Account {
    #[serde(rename = "urn:esia:sbj:is_tru", alias = "is_tru", default)]
    is_trusted: bool,
}

pub(super) fn check(
    token: &str,
    settings: &EsiaSettings,
    freshness: Freshness,
    now: UnixTime,
) -> Result<IdToken, ProviderFailure> {
    let claims = verified(token, &settings.trusted)?;
    if claims.iss != settings.issuer {
        return Err(TokenFault::Issuer.into());
    }
    if claims.aud.as_str() != Some(&settings.client_id) {
        return Err(TokenFault::Audience.into());
    }
    let latest = now.0.saturating_add(LEEWAY);
    if claims.exp.saturating_add(LEEWAY) <= now.0 {
        return Err(TokenFault::Expired.into());
    }
    if claims.iat > latest || claims.nbf.is_some_and(|from| from > latest) {
        return Err(TokenFault::NotYetValid.into());
    }
    if let Freshness::Since(moment) = freshness {
        let at = claims.auth_time.ok_or(ProviderFailure::NotFresh)?;
        if at.saturating_add(LEEWAY) < moment.0 {
            return Err(ProviderFailure::NotFresh);
        }
    }
    Ok(IdToken {
        oid: number(&claims.sub).ok_or(TokenFault::Malformed)?,
        authenticated_at: claims.auth_time.map(UnixTime),
        is_trusted: claims.account.is_some_and(|account| account.is_trusted),
    })
}

/// The claims, once the signature is verified under one of the certificates.
fn verified(token: &str, trusted: &[Certificate]) -> Result<Claims, TokenFault> {
    let mut parts = token.split('.');
    let (Some(header), Some(claims), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(TokenFault::Malformed);
    };
    let decoded: Header = part(header)?;
    if decoded.crit.is_some() {
        return Err(TokenFault::Malformed);
    }
    let algorithm = match decoded.alg.as_str() {
        "RS256" => SignatureAlgorithm::RsaPkcs1(Hash::Sha256),
        "GOST3410_2012_256" => SignatureAlgorithm::Gost(Gost::Russian256),
        _ => return Err(TokenFault::Algorithm),
    };
    let signature = octets(signature)?;
    let message = format!("{header}.{claims}");
    let is_signed = trusted.iter().any(|certificate| {
        native()
            .verify(&algorithm, certificate.spki(), message.as_bytes(), &signature)
            .is_ok()
    });
    if !is_signed {
        return Err(TokenFault::Signature);
    }
    part(claims)
}

fn part<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, TokenFault> {
    serde_json::from_slice(&octets(text)?).map_err(|_| TokenFault::Malformed)
}

fn octets(text: &str) -> Result<Vec<u8>, TokenFault> {
    BASE64URL_NOPAD
        .decode(text.as_bytes())
        .map_err(|_| TokenFault::Malformed)
}

/// ESIA writes the number of a person as a number or as a text of digits.
pub(super) fn number(value: &Value) -> Option<String> {
    let text = match value {
        Value::Number(number) => number.as_u64()?.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    let is_number = (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(text)
}
