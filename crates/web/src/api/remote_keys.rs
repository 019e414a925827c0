use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use cabinet::sign_in::{Onward, PhoneState};
use serde::{Deserialize, Serialize};
use text::date;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Refused;
use super::sign_in::signed_in;
use super::step_up::stronger;
use crate::cookie::{self, Life};
use crate::error::Error;
use crate::extract::Json;
use crate::remote_key::{Errand, Finished};
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(way_to_enter))
        .routes(routes!(shown_to_enter))
        .routes(routes!(way_to_confirm))
        .routes(routes!(shown_to_confirm))
        .routes(routes!(code_to_enter, state_of_entry, cancel_entry))
        .routes(routes!(phone_to_enter))
        .routes(routes!(
            code_to_confirm,
            state_of_confirmation,
            cancel_confirmation
        ))
        .routes(routes!(phone_to_confirm))
}

/// Where a key is to lead.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Toward {
    /// The code of the organisation to be here for; it must offer this way in.
    organisation: Option<String>,
}

/// Where a certificate is to be shown.
#[derive(Debug, Serialize, ToSchema)]
struct WayToCertificate {
    /// Opened with a certificate it redirects to a page whose last part names what was shown.
    address: String,
}

/// A certificate that was shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShownCertificate {
    /// The last part of the page that the way led back to.
    shown: String,
}

/// A code for the app eGov Mobile.
#[derive(Debug, Serialize, ToSchema)]
struct PhoneCode {
    /// What a QR code is to say.
    code: String,
    /// Opens eGov Mobile on the same device.
    egov_mobile: String,
    /// Opens eGov Business there.
    egov_business: String,
}

/// What has come from the phone.
#[derive(Debug, Serialize, ToSchema)]
struct PhoneProgress {
    /// `waiting`, `refused`, `signed` or `gone`
    state: &'static str,
    /// The code of the refusal, where a signature was refused; another may come.
    refused: Option<&'static str>,
    /// Whose certificate signed.
    owner: Option<String>,
    /// Until when the code is good.
    expires_at: Option<String>,
}

/// Begins a way to where the browser shows a certificate
#[utoipa::path(
    post, path = "/api/v1/sign-in/shown-certificate/way", tag = "sign-in",
    request_body = Toward, responses((status = 201, body = WayToCertificate), Refused)
)]
async fn way_to_enter(visitor: Visitor, Json(toward): Json<Toward>) -> Result<Response, Error> {
    visitor.api_way(Errand::SignIn, toward).await
}

/// Signs in by a certificate that was shown in a handshake
#[utoipa::path(
    post, path = "/api/v1/sign-in/shown-certificate", tag = "sign-in",
    request_body = ShownCertificate, responses((status = 201, description = "The session is in the cookies"), Refused)
)]
async fn shown_to_enter(visitor: Visitor, Json(shown): Json<ShownCertificate>) -> Result<Response, Error> {
    visitor.api_shown(Errand::SignIn, &shown.shown).await
}

/// Begins a way to where the browser shows a certificate to confirm a change
#[utoipa::path(
    post, path = "/api/v1/step-up/shown-certificate/way", tag = "step-up",
    request_body = Toward, responses((status = 201, body = WayToCertificate), Refused)
)]
async fn way_to_confirm(visitor: Visitor, Json(toward): Json<Toward>) -> Result<Response, Error> {
    visitor.api_way(Errand::StepUp, toward).await
}

/// A fresh proof by a certificate that was shown, where the operator lets it confirm changes
#[utoipa::path(
    post, path = "/api/v1/step-up/shown-certificate", tag = "step-up",
    request_body = ShownCertificate, responses((status = 204), Refused)
)]
async fn shown_to_confirm(visitor: Visitor, Json(shown): Json<ShownCertificate>) -> Result<Response, Error> {
    visitor.api_shown(Errand::StepUp, &shown.shown).await
}

/// A code that the app eGov Mobile signs by, good once and in this client
#[utoipa::path(
    post, path = "/api/v1/sign-in/phone", tag = "sign-in",
    request_body = Toward, responses((status = 201, body = PhoneCode), Refused)
)]
async fn code_to_enter(visitor: Visitor, Json(toward): Json<Toward>) -> Result<Response, Error> {
    visitor.api_code(Errand::SignIn, toward).await
}

/// What has come of the code
#[utoipa::path(
    get, path = "/api/v1/sign-in/phone", tag = "sign-in",
    responses((status = 200, body = PhoneProgress), Refused)
)]
async fn state_of_entry(visitor: Visitor) -> Result<axum::Json<PhoneProgress>, Error> {
    visitor.api_progress(Errand::SignIn).await
}

/// Gives the code up
#[utoipa::path(
    delete, path = "/api/v1/sign-in/phone", tag = "sign-in", responses((status = 204), Refused)
)]
async fn cancel_entry(visitor: Visitor) -> Result<Response, Error> {
    visitor.api_cancel(Errand::SignIn).await
}

/// Signs in by the signature from the phone
#[utoipa::path(
    post, path = "/api/v1/sign-in/phone/session", tag = "sign-in",
    responses((status = 201, description = "The session is in the cookies"), Refused)
)]
async fn phone_to_enter(visitor: Visitor) -> Result<Response, Error> {
    visitor.api_signed(Errand::SignIn).await
}

/// A code that the app eGov Mobile confirms a change by
#[utoipa::path(
    post, path = "/api/v1/step-up/phone", tag = "step-up",
    request_body = Toward, responses((status = 201, body = PhoneCode), Refused)
)]
async fn code_to_confirm(visitor: Visitor, Json(toward): Json<Toward>) -> Result<Response, Error> {
    visitor.api_code(Errand::StepUp, toward).await
}

/// What has come of the code
#[utoipa::path(
    get, path = "/api/v1/step-up/phone", tag = "step-up",
    responses((status = 200, body = PhoneProgress), Refused)
)]
async fn state_of_confirmation(visitor: Visitor) -> Result<axum::Json<PhoneProgress>, Error> {
    visitor.api_progress(Errand::StepUp).await
}

/// Gives the code up
#[utoipa::path(
    delete, path = "/api/v1/step-up/phone", tag = "step-up", responses((status = 204), Refused)
)]
async fn cancel_confirmation(visitor: Visitor) -> Result<Response, Error> {
    visitor.api_cancel(Errand::StepUp).await
}

/// A fresh proof by the signature from the phone; the session goes on under a new cookie
#[utoipa::path(
    post, path = "/api/v1/step-up/phone/proof", tag = "step-up", responses((status = 204), Refused)
)]
async fn phone_to_confirm(visitor: Visitor) -> Result<Response, Error> {
    visitor.api_signed(Errand::StepUp).await
}

impl From<Toward> for Onward {
    fn from(toward: Toward) -> Self {
        Self {
            return_to: String::new(),
            organisation: toward.organisation.unwrap_or_default(),
        }
    }
}

impl Visitor {
    async fn api_way(&self, errand: Errand, toward: Toward) -> Result<Response, Error> {
        let address = self.go_for_certificate(errand, toward.into()).await?;
        let way = WayToCertificate {
            address: address.into(),
        };
        Ok((StatusCode::CREATED, axum::Json(way)).into_response())
    }

    async fn api_shown(&self, errand: Errand, shown: &str) -> Result<Response, Error> {
        let occasion = self.occasion(errand).await?;
        let presented = self.find_shown(&occasion, shown).await?;
        let presented = presented.ok_or_else(gone)?;
        let organisation = presented.onward().organisation.clone();
        let finished = self
            .finish("certificate-tls", presented, occasion, &organisation)
            .await?;
        self.api_finished(finished)
    }

    async fn api_code(&self, errand: Errand, toward: Toward) -> Result<Response, Error> {
        let secret = self.offer_to_phone(errand, toward.into()).await?;
        let occasion = self.occasion(errand).await?;
        let page = self.find_phone_page(&occasion, Some(secret.clone())).await?;
        let links = self.egov_links(&page.ok_or_else(gone)?.phone);
        let code = PhoneCode {
            code: links.code,
            egov_mobile: links.mobile,
            egov_business: links.business,
        };
        let cookie = cookie::set(cookie::PHONE, &secret.expose(), Life::Browser);
        let cookie = AppendHeaders([(header::SET_COOKIE, cookie)]);
        Ok((StatusCode::CREATED, cookie, axum::Json(code)).into_response())
    }

    async fn api_progress(&self, errand: Errand) -> Result<axum::Json<PhoneProgress>, Error> {
        let occasion = self.occasion(errand).await?;
        let page = self.find_phone_page(&occasion, self.phone.clone()).await?;
        let expires_at = page
            .as_ref()
            .map(|page| date::machine(page.expires_at.as_seconds()));
        let (mut refused, mut owner) = (None, None);
        let state = match page.map(|page| page.state) {
            None => "gone",
            Some(PhoneState::Waiting) => "waiting",
            Some(PhoneState::Refused(refusal)) => {
                refused = Some(refusal.code());
                "refused"
            }
            Some(PhoneState::Signed(answer)) => {
                let name = self.recognise(*answer, |_, signer| signer.certificate().subject().common_name());
                owner = name.await?.ok().flatten();
                "signed"
            }
        };
        Ok(axum::Json(PhoneProgress {
            state,
            refused,
            owner,
            expires_at,
        }))
    }

    async fn api_signed(&self, errand: Errand) -> Result<Response, Error> {
        let occasion = self.occasion(errand).await?;
        let page = self.find_phone_page(&occasion, self.phone.clone()).await?;
        let signed = page.map(|page| (page.state, page.onward));
        let Some((PhoneState::Signed(answer), onward)) = signed else {
            return Err(gone());
        };
        let finished = self
            .finish("egov-mobile", *answer, occasion, &onward.organisation)
            .await?;
        self.api_finished(finished)
    }

    async fn api_cancel(&self, errand: Errand) -> Result<Response, Error> {
        self.cancel_phone(errand).await?;
        let cookie = AppendHeaders([(header::SET_COOKIE, cookie::clear(cookie::PHONE))]);
        Ok((StatusCode::NO_CONTENT, cookie).into_response())
    }

    fn api_finished(&self, finished: Result<Finished, &'static str>) -> Result<Response, Error> {
        Ok(match finished.map_err(Error::refused)? {
            Finished::Entered(entered) => signed_in(self, &self.whole(entered, "")?).into_response(),
            Finished::Grown(grown) => stronger(&self.grown(grown, "")?).into_response(),
        })
    }
}

fn gone() -> Error {
    Error::refused("challenge.gone")
}
