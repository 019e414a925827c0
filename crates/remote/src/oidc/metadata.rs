//! What a provider publishes of itself (OpenID Connect Discovery 1.0 §3, §4).

use serde::Deserialize;

use super::{ClientProof, OidcSettings, read};
use crate::http::{Endpoint, HttpClient};
use crate::provider::ProviderFailure;

/// What is used of the metadata.
pub(super) struct Metadata {
    pub(super) authorisation: Endpoint,
    pub(super) token: Endpoint,
    pub(super) userinfo: Option<Endpoint>,
    pub(super) keys: Endpoint,
    pub(super) end_session: Option<Endpoint>,
    pub(super) authentication: ClientAuthentication,
    /// Callbacks say who they are from (RFC 9207 §3).
    pub(super) names_issuer: bool,
}

/// How we prove to the token endpoint that it is us (OpenID Connect Core 1.0 §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClientAuthentication {
    Basic,
    Post,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: Option<String>,
    jwks_uri: String,
    end_session_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// Asks for the metadata and believes it only if it is the configured issuer's (threat OIDC-7).
pub(super) async fn fetch(settings: &OidcSettings, http: &HttpClient) -> Result<Metadata, ProviderFailure> {
    let issuer = settings.issuer.as_str();
    let place = format!(
        "{}/.well-known/openid-configuration",
        issuer.strip_suffix('/').unwrap_or(issuer)
    );
    let place = place.parse().map_err(|_| unusable("the issuer is no address"))?;
    let document: Document = read::get(http, &place, None).await?;
    document.believed(settings)
}

impl Document {
    fn believed(self, settings: &OidcSettings) -> Result<Metadata, ProviderFailure> {
        if self.issuer != settings.issuer.as_str() {
            return Err(unusable("the metadata is another issuer's"));
        }
        let place = |text: &str| endpoint(settings, text);
        let optional = |text: Option<String>| text.as_deref().map(place).transpose();
        Ok(Metadata {
            authorisation: place(&self.authorization_endpoint)?,
            token: place(&self.token_endpoint)?,
            userinfo: optional(self.userinfo_endpoint)?,
            keys: place(&self.jwks_uri)?,
            end_session: optional(self.end_session_endpoint)?,
            authentication: authentication(settings, self.token_endpoint_auth_methods_supported.as_deref())?,
            names_issuer: self.authorization_response_iss_parameter_supported,
        })
    }
}

/// An address of the provider: on one of its hosts, and no less protected than the issuer itself.
fn endpoint(settings: &OidcSettings, text: &str) -> Result<Endpoint, ProviderFailure> {
    let endpoint: Endpoint = text
        .parse()
        .map_err(|_| unusable("an address of the metadata is none"))?;
    if !settings.is_host(endpoint.host()) {
        return Err(ProviderFailure::Unusable(format!(
            "the metadata names the host {}, which `hosts` does not",
            endpoint.host()
        )));
    }
    if settings.issuer.is_encrypted() && !endpoint.is_encrypted() {
        return Err(unusable("an address of the metadata is without TLS"));
    }
    Ok(endpoint)
}

/// The first method that both sides know; without a list it is `client_secret_basic` (Discovery 1.0 §3).
fn authentication(
    settings: &OidcSettings,
    supported: Option<&[String]>,
) -> Result<ClientAuthentication, ProviderFailure> {
    let Some(supported) = supported else {
        return Ok(ClientAuthentication::Basic);
    };
    let knows = |method: &str| supported.iter().any(|known| known == method);
    if let Some(ClientProof::Key(_)) = settings.client_proof {
        return if knows("private_key_jwt") {
            Ok(ClientAuthentication::Post)
        } else {
            Err(unusable("it does not take private_key_jwt"))
        };
    }
    if knows("client_secret_basic") {
        Ok(ClientAuthentication::Basic)
    } else if knows("client_secret_post") || knows("none") {
        Ok(ClientAuthentication::Post)
    } else {
        Err(unusable("no method of client authentication in common"))
    }
}

fn unusable(why: &str) -> ProviderFailure {
    ProviderFailure::Unusable(why.to_owned())
}
