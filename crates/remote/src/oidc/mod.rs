//! OpenID Connect Core 1.0 as relying party: the code flow with PKCE (RFC 7636).

mod settings;

use url::Url;

use crate::http::HttpClient;
use crate::provider::{AuthorisationRequest, Callback, Claims, ProviderFailure, Sent};
use crate::revocation::Clock;

pub use settings::{ClaimMapping, ClientSecret, OidcSettings};

/// Us, as one provider knows us.
pub struct RelyingParty {
    settings: OidcSettings,
    http: HttpClient,
    clock: Clock,
}

impl RelyingParty {
    /// Asks nobody yet: a provider that is down does not keep the server from starting.
    pub const fn new(settings: OidcSettings, http: HttpClient, clock: Clock) -> Self {
        Self {
            settings,
            http,
            clock,
        }
    }

    pub(crate) fn hosts(&self) -> impl Iterator<Item = &str> {
        let others = self.settings.hosts.iter().map(String::as_str);
        std::iter::once(self.settings.issuer.host()).chain(others)
    }

    #[expect(clippy::unused_async, reason = "discovery follows")]
    pub(crate) async fn authorise(
        &self,
        request: &AuthorisationRequest,
        assurance: &[String],
    ) -> Result<Url, ProviderFailure> {
        let _ = (request, assurance, &self.http, &self.clock);
        Err(ProviderFailure::Unreachable("not asked".to_owned()))
    }

    #[expect(clippy::unused_async, reason = "discovery follows")]
    pub(crate) async fn claims(&self, callback: Callback, sent: &Sent) -> Result<Claims, ProviderFailure> {
        let _ = (callback, sent);
        Err(ProviderFailure::Unreachable("not asked".to_owned()))
    }

    pub(crate) fn end_session(&self, return_to: &Url) -> Option<Url> {
        let _ = return_to;
        None
    }
}
