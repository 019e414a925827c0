//! ESIA, the state's sign-in of Russia (Госуслуги): requests signed by GOST R 34.10-2012, tokens signed by RSA or GOST,
//! and the person's data by calls of its own.

mod error;
mod id_token;
mod permission;
mod person;
mod request;
mod settings;
mod signer;

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use self::id_token::IdToken;
use self::person::Person;
use self::request::Signed;
use crate::http::{Endpoint, HttpClient, Question};
use crate::oidc::read;
use crate::provider::{Answer, AuthorisationRequest, Callback, Claims, ProviderFailure, Sent};
use crate::revocation::Clock;

pub use permission::Permission;
pub use settings::{EsiaSettings, Signer};

/// Us, as ESIA knows us.
pub struct Esia {
    settings: EsiaSettings,
    http: HttpClient,
    clock: Clock,
}

/// What was bought. It lives for one callback and is neither stored nor logged (threat OIDC-10).
#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    id_token: String,
    state: String,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
    #[serde(default)]
    error_description: String,
}

impl Esia {
    /// Asks nobody yet.
    pub const fn new(settings: EsiaSettings, http: HttpClient, clock: Clock) -> Self {
        Self {
            settings,
            http,
            clock,
        }
    }

    pub(crate) fn origins(&self) -> Vec<String> {
        vec![self.settings.host.origin()]
    }

    /// `/aas/oauth2/v2/ac`
    pub(crate) async fn authorise(&self, request: &AuthorisationRequest) -> Result<Url, ProviderFailure> {
        let signed = Signed {
            state: &request.state,
            redirect_uri: request.redirect_uri.as_str(),
            code: None,
            at: (self.clock)(),
        };
        let mut parameters = signed.parameters(&self.settings).await?;
        parameters
            .append_pair("response_type", "code")
            .append_pair("access_type", "online")
            .append_pair("code_challenge", &request.code_challenge)
            .append_pair("code_challenge_method", "S256");
        if let Some(permissions) = permission::parameter(&self.settings.permissions) {
            parameters.append_pair("permissions", &permissions);
        }
        let mut url = self.endpoint("/aas/oauth2/v2/ac")?.url().clone();
        url.set_query(Some(&parameters.finish()));
        Ok(url)
    }

    pub(crate) async fn claims(&self, callback: Callback, sent: &Sent) -> Result<Claims, ProviderFailure> {
        // It names itself nowhere in a callback; whoever does is somebody else (RFC 9207 §2.4).
        if callback
            .issuer
            .is_some_and(|issuer| issuer != self.settings.issuer)
        {
            return Err(ProviderFailure::WrongSender);
        }
        let code = match callback.answer {
            Answer::Code(code) => code,
            Answer::Error { code, description } => return Err(error::failure(&code, &description)),
        };
        let tokens = self.exchange(&code, sent).await?;
        let now = (self.clock)();
        let token = id_token::check(&tokens.id_token, &self.settings, sent.freshness, now)?;
        let person = self.person(&token, &tokens.access_token).await?;
        Ok(Claims {
            issuer: self.settings.issuer.clone(),
            subject: token.oid,
            name: person.name(),
            person_ids: person.person_ids()?,
            assurance: Some(person.assurance().to_owned()),
            contacts: person.contacts(),
            authenticated_at: token.authenticated_at,
        })
    }

    /// `/idp/ext/Logout`
    pub(crate) fn end_session(&self, return_to: &Url) -> Option<Url> {
        let mut url = self.endpoint("/idp/ext/Logout").ok()?.url().clone();
        url.query_pairs_mut()
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_url", return_to.as_str());
        Some(url)
    }

    /// `/aas/oauth2/v3/te`: with a state of its own, which has to come back.
    async fn exchange(&self, code: &str, sent: &Sent) -> Result<Tokens, ProviderFailure> {
        let state = request::new_state()?;
        let signed = Signed {
            state: &state,
            redirect_uri: sent.redirect_uri.as_str(),
            code: Some(code),
            at: (self.clock)(),
        };
        // finished before anything is awaited: a form that is being written stays on its thread
        let form = {
            let mut form = signed.parameters(&self.settings).await?;
            form.append_pair("grant_type", "authorization_code")
                .append_pair("token_type", "Bearer")
                .append_pair("code_verifier", &sent.code_verifier);
            form.finish()
        };
        let question = Question {
            form: Some(&form),
            authorization: None,
        };
        let endpoint = self.endpoint("/aas/oauth2/v3/te")?;
        let reply = self.http.ask(&endpoint, &question, &read::LIMITS).await?;
        if reply.status != 200 {
            let refused = read::json::<Refused>(&reply.body);
            return Err(match refused {
                Ok(refused) => error::failure(&refused.error, &refused.error_description),
                Err(_) => read::status_of(reply.status),
            });
        }
        let tokens: Tokens = read::json(&reply.body)?;
        if tokens.state != state {
            return Err(ProviderFailure::Unusable(
                "the answer has another state".to_owned(),
            ));
        }
        Ok(tokens)
    }

    /// `/rs/prns/{oid}`, contacts included. An answer that names another person is not believed (threat OIDC-6). Whoever
    /// consented to nothing is known by the number alone, and whether the account is confirmed.
    async fn person(&self, token: &IdToken, access_token: &str) -> Result<Person, ProviderFailure> {
        let oid = token.oid.as_str();
        let place = self.endpoint(&format!("/rs/prns/{oid}?embed=(contacts.elements)"))?;
        let bearer = format!("Bearer {access_token}");
        let question = Question {
            form: None,
            authorization: Some(&bearer),
        };
        let reply = self.http.ask(&place, &question, &read::LIMITS).await?;
        let said: Value = match reply.status {
            200 => read::json(&reply.body)?,
            403 if error::is_withheld(&reply.body) => return Ok(Person::withheld(token.is_trusted)),
            status => return Err(read::status_of(status)),
        };
        if said
            .get("oid")
            .is_some_and(|told| id_token::number(told).as_deref() != Some(oid))
        {
            return Err(ProviderFailure::OtherPerson);
        }
        Person::deserialize(said)
            .map_err(|_| ProviderFailure::Unusable("the person is not as it must be".to_owned()))
    }

    fn endpoint(&self, path: &str) -> Result<Endpoint, ProviderFailure> {
        let place = self.settings.place(path);
        place
            .parse()
            .map_err(|_| ProviderFailure::Unusable("the host is no address".to_owned()))
    }
}
