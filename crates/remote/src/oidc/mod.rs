//! OpenID Connect Core 1.0 as relying party: the code flow with PKCE (RFC 7636).

mod assertion;
mod id_token;
mod kept;
mod keys;
mod metadata;
mod person;
pub(crate) mod read;
mod settings;
mod token;

use std::sync::Arc;

use jsonwebtoken::Header;
use serde_json::{Map, Value};
use url::Url;

use self::id_token::{Expected, IdToken};
use self::kept::Kept;
use self::keys::Keys;
use self::metadata::Metadata;
use crate::http::{Endpoint, HttpClient};
use crate::provider::{
    Answer, AuthorisationRequest, Callback, Claims, Freshness, ProviderFailure, Sent, TokenFault,
};
use crate::revocation::Clock;

pub(crate) use person::Said;
pub(crate) use token::printable;

pub use assertion::{ClientKey, UnusableKey};
pub use settings::{
    Algorithms, ClaimMapping, ClientProof, ClientSecret, Issuer, MalformedIssuer, OidcSettings,
    UnknownAlgorithm,
};

/// Us, as one provider knows us.
pub struct RelyingParty {
    settings: OidcSettings,
    http: HttpClient,
    clock: Clock,
    metadata: Kept<Metadata>,
    keys: Kept<Keys>,
}

impl RelyingParty {
    /// Asks nobody yet: a provider that is down does not keep the server from starting.
    pub fn new(settings: OidcSettings, http: HttpClient, clock: Clock) -> Self {
        Self {
            settings,
            http,
            clock,
            metadata: Kept::default(),
            keys: Kept::default(),
        }
    }

    pub(crate) fn origins(&self) -> Vec<String> {
        self.settings.origins()
    }

    /// Core 1.0 §3.1.2.1
    pub(crate) async fn authorise(
        &self,
        request: &AuthorisationRequest,
        assurance: &[String],
    ) -> Result<Url, ProviderFailure> {
        let mut url = self.metadata().await?.authorisation.url().clone();
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", request.redirect_uri.as_str())
            .append_pair("scope", &self.settings.scope())
            .append_pair("state", &request.state)
            .append_pair("nonce", &request.nonce)
            .append_pair("code_challenge", &request.code_challenge)
            .append_pair("code_challenge_method", "S256")
            .append_pair("ui_locales", request.language);
        if !assurance.is_empty() {
            query.append_pair("acr_values", &assurance.join(" "));
        }
        if let Freshness::Since(_) = request.freshness {
            query.append_pair("prompt", "login").append_pair("max_age", "0");
        }
        drop(query);
        Ok(url)
    }

    pub(crate) async fn claims(&self, callback: Callback, sent: &Sent) -> Result<Claims, ProviderFailure> {
        let metadata = self.metadata().await?;
        let code = self.code(&metadata, callback)?;
        let tokens =
            token::exchange(&self.settings, &metadata, &self.http, &code, sent, (self.clock)()).await?;
        let id_token = self.id_token(&metadata, &tokens.id_token, sent).await?;
        let userinfo = self
            .userinfo(&metadata, &tokens.access_token, &id_token.subject)
            .await?;
        let said = Said([&id_token.claims, &userinfo]);
        let mapping = &self.settings.mapping;
        Ok(Claims {
            name: said.name(mapping),
            person_ids: said.person_ids(&mapping.person_ids)?,
            contacts: said.contacts(mapping),
            issuer: self.settings.issuer.as_str().to_owned(),
            subject: id_token.subject,
            assurance: id_token.assurance,
            authenticated_at: id_token.authenticated_at,
        })
    }

    /// RP-Initiated Logout 1.0 §2, without a hint: tokens are not kept.
    pub(crate) fn end_session(&self, return_to: &Url) -> Option<Url> {
        let metadata = self.metadata.held()?;
        let mut url = metadata.end_session.as_ref()?.url().clone();
        url.query_pairs_mut()
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("post_logout_redirect_uri", return_to.as_str());
        Some(url)
    }

    /// Nothing of a callback is used before it is known to come from this provider (RFC 9207 §2.4; threat OIDC-4).
    fn code(&self, metadata: &Metadata, callback: Callback) -> Result<String, ProviderFailure> {
        let is_from_here = match callback.issuer {
            Some(issuer) => issuer == self.settings.issuer.as_str(),
            None => !metadata.names_issuer,
        };
        if !is_from_here {
            return Err(ProviderFailure::WrongSender);
        }
        match callback.answer {
            Answer::Code(code) => Ok(code),
            Answer::Error { code, description } => Err(declined(&code, &description)),
        }
    }

    async fn id_token(
        &self,
        metadata: &Metadata,
        token: &str,
        sent: &Sent,
    ) -> Result<IdToken, ProviderFailure> {
        let header = id_token::header(token, &self.settings.algorithms)?;
        let keys = self.keys_for(&metadata.keys, &header).await?;
        let key = keys.find(&header).ok_or(TokenFault::UnknownKey)?;
        let claims = id_token::verify(token, &header, key)?;
        let expected = Expected {
            issuer: self.settings.issuer.as_str(),
            client_id: &self.settings.client_id,
            nonce: &sent.nonce,
            freshness: sent.freshness,
            now: (self.clock)(),
        };
        id_token::check(claims, &expected)
    }

    /// What the account there says; it must speak of the same person (Core 1.0 §5.3.2; threat OIDC-6).
    async fn userinfo(
        &self,
        metadata: &Metadata,
        access_token: &str,
        subject: &str,
    ) -> Result<Map<String, Value>, ProviderFailure> {
        let Some(endpoint) = &metadata.userinfo else {
            return Ok(Map::new());
        };
        let bearer = format!("Bearer {access_token}");
        let userinfo: Map<String, Value> = read::get(&self.http, endpoint, Some(&bearer)).await?;
        if userinfo.get("sub").and_then(Value::as_str) != Some(subject) {
            return Err(ProviderFailure::OtherPerson);
        }
        Ok(userinfo)
    }

    async fn metadata(&self) -> Result<Arc<Metadata>, ProviderFailure> {
        self.metadata
            .current(|| metadata::fetch(&self.settings, &self.http))
            .await
    }

    /// The keys that are known; asked for anew where the token's is not among them.
    async fn keys_for(&self, place: &Endpoint, header: &Header) -> Result<Arc<Keys>, ProviderFailure> {
        let fetch = || keys::fetch(&self.http, place);
        let known = self.keys.current(fetch).await?;
        match known.find(header) {
            Some(_) => Ok(known),
            None => self.keys.renew(fetch).await,
        }
    }
}

/// RFC 6749 §4.1.2.1, Core 1.0 §3.1.2.6
fn declined(code: &str, description: &str) -> ProviderFailure {
    let told = printable(&format!("{code} {description}"));
    match code {
        "access_denied" | "consent_required" | "interaction_required" | "login_required" => {
            ProviderFailure::Declined
        }
        "server_error" | "temporarily_unavailable" => ProviderFailure::Unreachable(told),
        _ => ProviderFailure::Rejected(told),
    }
}
