//! The checks of an ID token (OpenID Connect Core 1.0 §3.1.3.7; threat OIDC-5).

use esign::time::UnixTime;
use jsonwebtoken::{DecodingKey, Header, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq as _;

use super::Algorithms;
use crate::provider::{Freshness, ProviderFailure, TokenFault};

/// How far two clocks may be apart, in seconds.
const LEEWAY: i64 = 60;
/// No subject is longer (Core 1.0 §2).
const MAX_SUBJECT: usize = 255;

/// What a token is held against.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) freshness: Freshness,
    pub(super) now: UnixTime,
}

/// A token that passed every check.
pub(super) struct IdToken {
    pub(super) subject: String,
    pub(super) assurance: Option<String>,
    pub(super) authenticated_at: Option<UnixTime>,
    /// Everything that it says.
    pub(super) claims: Map<String, Value>,
}

#[derive(Deserialize)]
struct Registered {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    auth_time: Option<i64>,
    acr: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// The header of a token, if its algorithm is allowed and it makes no demands that we do not know (RFC 7515 §4.1.11).
pub(super) fn header(token: &str, allowed: &Algorithms) -> Result<Header, TokenFault> {
    let header = decode_header(token).map_err(|_| TokenFault::Malformed)?;
    if header.crit.is_some() || header.enc.is_some() {
        return Err(TokenFault::Malformed);
    }
    if !allowed.contains(header.alg) {
        return Err(TokenFault::Algorithm);
    }
    Ok(header)
}

/// What a token says, once its signature by this key is verified.
pub(super) fn verify(
    token: &str,
    header: &Header,
    key: &DecodingKey,
) -> Result<Map<String, Value>, TokenFault> {
    let mut signature_alone = Validation::new(header.alg);
    signature_alone.required_spec_claims.clear();
    signature_alone.validate_exp = false;
    signature_alone.validate_aud = false;
    let verified = decode(token, key, &signature_alone).map_err(|_| TokenFault::Signature)?;
    Ok(verified.claims)
}

/// Holds what a token says against what it must say.
pub(super) fn check(claims: Map<String, Value>, expected: &Expected<'_>) -> Result<IdToken, ProviderFailure> {
    let registered = Registered::deserialize(&claims).map_err(|_| TokenFault::Malformed)?;
    registered.is_meant(expected)?;
    registered.is_in_time(expected.now)?;
    registered.answers(expected.nonce)?;
    registered.is_fresh(expected.freshness)?;
    if registered.sub.is_empty() || registered.sub.len() > MAX_SUBJECT {
        return Err(TokenFault::Malformed.into());
    }
    Ok(IdToken {
        subject: registered.sub,
        assurance: registered.acr,
        authenticated_at: registered.auth_time.map(UnixTime),
        claims,
    })
}

impl Registered {
    fn is_meant(&self, expected: &Expected<'_>) -> Result<(), TokenFault> {
        if self.iss != expected.issuer {
            return Err(TokenFault::Issuer);
        }
        let several = match &self.aud {
            Audience::One(one) if one == expected.client_id => false,
            Audience::Many(many) if many.iter().any(|one| one == expected.client_id) => many.len() > 1,
            _ => return Err(TokenFault::Audience),
        };
        match &self.azp {
            Some(party) if party == expected.client_id => Ok(()),
            None if !several => Ok(()),
            _ => Err(TokenFault::AuthorisedParty),
        }
    }

    fn is_in_time(&self, now: UnixTime) -> Result<(), TokenFault> {
        let latest = now.0.saturating_add(LEEWAY);
        if self.exp.saturating_add(LEEWAY) <= now.0 {
            return Err(TokenFault::Expired);
        }
        if self.iat > latest || self.nbf.is_some_and(|from| from > latest) {
            return Err(TokenFault::NotYetValid);
        }
        Ok(())
    }

    fn answers(&self, nonce: &str) -> Result<(), TokenFault> {
        let given = self.nonce.as_deref().unwrap_or_default();
        if bool::from(given.as_bytes().ct_eq(nonce.as_bytes())) {
            Ok(())
        } else {
            Err(TokenFault::Nonce)
        }
    }

    fn is_fresh(&self, freshness: Freshness) -> Result<(), ProviderFailure> {
        match (freshness, self.auth_time) {
            (Freshness::Any, _) => Ok(()),
            (Freshness::Since(moment), Some(at)) if at.saturating_add(LEEWAY) >= moment.0 => Ok(()),
            (Freshness::Since(_), _) => Err(ProviderFailure::NotFresh),
        }
    }
}
