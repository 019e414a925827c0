//! The exchange of a code for tokens (RFC 6749 §4.1.3).

use data_encoding::BASE64;
use esign::time::UnixTime;
use serde::Deserialize;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::metadata::{ClientAuthentication, Metadata};
use super::{ClientProof, OidcSettings, assertion, read};
use crate::http::{HttpClient, Question};
use crate::provider::{ProviderFailure, Sent};

/// What was bought. It lives for one callback and is neither stored nor logged (threat OIDC-10).
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) id_token: String,
    pub(super) access_token: String,
    token_type: String,
}

/// RFC 6749 §5.2
#[derive(Deserialize)]
struct Refused {
    error: String,
}

pub(super) async fn exchange(
    settings: &OidcSettings,
    metadata: &Metadata,
    http: &HttpClient,
    code: &str,
    sent: &Sent,
    now: UnixTime,
) -> Result<Tokens, ProviderFailure> {
    let (form, authorization) = form(settings, metadata, code, sent, now)?;
    let question = Question {
        form: Some(&form),
        authorization: authorization.as_deref(),
    };
    let reply = http.ask(&metadata.token, &question, &read::LIMITS).await?;
    match reply.status {
        200 => read::json::<Tokens>(&reply.body)?.of_known_type(),
        400 | 401 => Err(refused(reply.status, &reply.body)),
        status => Err(read::status_of(status)),
    }
}

/// The form, and the header where the provider wants the secret there.
fn form(
    settings: &OidcSettings,
    metadata: &Metadata,
    code: &str,
    sent: &Sent,
    now: UnixTime,
) -> Result<(String, Option<String>), ProviderFailure> {
    let mut form = Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", sent.redirect_uri.as_str())
        .append_pair("code_verifier", &sent.code_verifier);
    let mut authorization = None;
    match (&settings.client_proof, metadata.authentication) {
        (Some(ClientProof::Key(key)), _) => {
            // the issuer as audience: a word meant for one token endpoint serves at no other provider
            let audience = settings.issuer.as_str();
            let word = key.assertion(&settings.client_id, audience, now)?;
            form.append_pair("client_id", &settings.client_id)
                .append_pair("client_assertion_type", assertion::TYPE)
                .append_pair("client_assertion", &word);
        }
        (Some(ClientProof::Secret(secret)), ClientAuthentication::Basic) => {
            authorization = Some(basic(&settings.client_id, secret.expose()));
        }
        (Some(ClientProof::Secret(secret)), ClientAuthentication::Post) => {
            form.append_pair("client_id", &settings.client_id)
                .append_pair("client_secret", secret.expose());
        }
        (None, _) => {
            form.append_pair("client_id", &settings.client_id);
        }
    }
    Ok((form.finish(), authorization))
}

impl Tokens {
    fn of_known_type(self) -> Result<Self, ProviderFailure> {
        if self.token_type.eq_ignore_ascii_case("bearer") {
            Ok(self)
        } else {
            Err(ProviderFailure::Unusable("a token of an unknown type".to_owned()))
        }
    }
}

/// `client_secret_basic`: both parts are form-encoded first (RFC 6749 §2.3.1).
fn basic(client_id: &str, secret: &str) -> String {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(client_id), encoded(secret));
    format!("Basic {}", BASE64.encode(pair.as_bytes()))
}

fn refused(status: u16, body: &[u8]) -> ProviderFailure {
    match read::json::<Refused>(body) {
        Ok(refused) if refused.error == "invalid_grant" => ProviderFailure::CodeSpent,
        Ok(refused) => ProviderFailure::Rejected(printable(&refused.error)),
        Err(_) => read::status_of(status),
    }
}

/// Words of others for the log: short, and of the characters that RFC 6749 §5.2 allows.
pub(crate) fn printable(text: &str) -> String {
    let graphic = text.chars().filter(|c| c.is_ascii_graphic() || *c == ' ');
    graphic.take(200).collect()
}
