use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use cabinet::binding::{AuthenticatorId, SecondFactor};
use cabinet::contact::Slot;
use cabinet::recovery::{Method, RecoveryRefusal, Sent, Step, What};
use serde::{Deserialize, Serialize};
use text::date;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::sign_in::signed_in;
use super::{Refused, refused};
use crate::cookie;
use crate::error::Error;
use crate::extract::Json;
use crate::recovery::Unfinished;
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(under_way, begin))
        .routes(routes!(assisted))
        .routes(routes!(code))
        .routes(routes!(contact))
        .routes(routes!(factor))
        .routes(routes!(password))
        .routes(routes!(finish))
        .routes(routes!(methods, remove))
}

/// Who wants to get back in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NamedPerson {
    /// An e-mail, a phone or an IIN; a user name with its organisation.
    login: String,
    /// The code of that organisation.
    #[serde(default)]
    organisation: String,
}

/// Asks for a code at the confirmed contact of whoever this names. The answer is the same whether or not it names anybody
#[utoipa::path(
    post, path = "/api/v1/recovery", tag = "recovery",
    request_body = NamedPerson, responses((status = 202), Refused)
)]
async fn begin(visitor: Visitor, Json(named): Json<NamedPerson>) -> Result<impl IntoResponse, Error> {
    let organisation = visitor.organisation_of(&named.organisation).await?;
    let begun = visitor.begin_recovery(named.login, organisation.map(|found| found.id));
    goes_on(StatusCode::ACCEPTED, begun.await?)
}

/// The code of two people of the operator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Halves {
    first: String,
    second: String,
}

/// Gives both halves of the code that two people of the operator have handed over
#[utoipa::path(
    post, path = "/api/v1/recovery/assisted", tag = "recovery",
    request_body = Halves, responses((status = 204), Refused)
)]
async fn assisted(visitor: Visitor, Json(halves): Json<Halves>) -> Result<impl IntoResponse, Error> {
    let given = visitor.give_recovery_halves(halves.first, halves.second);
    goes_on(StatusCode::NO_CONTENT, given.await?)
}

/// A recovery under way.
#[derive(Debug, Serialize, ToSchema)]
struct RecoveryUnderWay {
    /// `code`, `proof` or `password`.
    step: &'static str,
    /// Where the code that is waited for went, masked; not said of the first.
    sent_to: Option<String>,
    /// Contacts that a code can go to.
    contacts: Vec<MaskedContact>,
    /// `totp`, `recovery-code`: what can be typed. With no contact either, only people can help.
    factors: Vec<&'static str>,
    until: String,
}

/// A contact that a code can go to.
#[derive(Debug, Serialize, ToSchema)]
struct MaskedContact {
    /// `email`, `phone`, `extra_email` or `extra_phone`.
    contact: &'static str,
    /// Its value, masked.
    masked: String,
}

/// What the recovery of this client waits for
#[utoipa::path(
    get, path = "/api/v1/recovery", tag = "recovery",
    responses((status = 200, body = RecoveryUnderWay), Refused)
)]
async fn under_way(visitor: Visitor) -> Result<axum::Json<RecoveryUnderWay>, Error> {
    let found = visitor.recovery().await?;
    let found = found.ok_or_else(|| refused(RecoveryRefusal::Gone))?;
    let mut view = RecoveryUnderWay {
        step: "password",
        sent_to: None,
        contacts: Vec::new(),
        factors: Vec::new(),
        until: date::machine(found.until.as_seconds()),
    };
    match found.step {
        Step::Password => {}
        Step::Code(sent) => {
            view.step = "code";
            view.sent_to = match sent {
                Sent::Perhaps(_) => None,
                Sent::To(masked) => Some(masked),
            };
        }
        Step::Proof(ways) => {
            view.step = "proof";
            let contact = |(slot, masked): (Slot, String)| MaskedContact {
                contact: slot.as_str(),
                masked,
            };
            view.contacts = ways.contacts.into_iter().map(contact).collect();
            view.factors = ways.factors.iter().map(|factor| factor.as_str()).collect();
        }
    }
    Ok(axum::Json(view))
}

/// A code from a message.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TypedCode {
    code: String,
}

/// Gives the code that was sent
#[utoipa::path(
    post, path = "/api/v1/recovery/code", tag = "recovery",
    request_body = TypedCode, responses((status = 204), Refused)
)]
async fn code(visitor: Visitor, Json(typed): Json<TypedCode>) -> Result<impl IntoResponse, Error> {
    goes_on(
        StatusCode::NO_CONTENT,
        visitor.give_recovery_code(typed.code).await?,
    )
}

/// Another contact.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChosenContact {
    /// `email`, `phone`, `extra_email` or `extra_phone`.
    contact: String,
}

/// Has a code sent to another contact
#[utoipa::path(
    post, path = "/api/v1/recovery/contact", tag = "recovery",
    request_body = ChosenContact, responses((status = 202), Refused)
)]
async fn contact(visitor: Visitor, Json(chosen): Json<ChosenContact>) -> Result<impl IntoResponse, Error> {
    let slot = Slot::parse(&chosen.contact).ok_or_else(|| refused(RecoveryRefusal::NotYours))?;
    goes_on(StatusCode::ACCEPTED, visitor.send_recovery_code(slot).await?)
}

/// A second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GivenFactor {
    /// `totp` or `recovery-code`.
    way: String,
    code: String,
}

/// Gives a code of the app or of the printed sheet
#[utoipa::path(
    post, path = "/api/v1/recovery/factor", tag = "recovery",
    request_body = GivenFactor, responses((status = 204), Refused)
)]
async fn factor(visitor: Visitor, Json(given): Json<GivenFactor>) -> Result<impl IntoResponse, Error> {
    let factor = SecondFactor::parse(&given.way).ok_or_else(|| refused(RecoveryRefusal::NotYours))?;
    let given = visitor.give_recovery_factor(factor, given.code).await?;
    goes_on(StatusCode::NO_CONTENT, given)
}

/// The new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecoveredPassword {
    password: String,
}

/// Sets the new password: everything of before is over, and a session is opened
#[utoipa::path(
    put, path = "/api/v1/recovery/password", tag = "recovery",
    request_body = RecoveredPassword, responses((status = 201), Refused)
)]
async fn password(visitor: Visitor, Json(new): Json<RecoveredPassword>) -> Result<impl IntoResponse, Error> {
    let opened = visitor.complete_recovery(new.password).await?;
    let opened = opened.map_err(|unfinished| match unfinished {
        Unfinished::Recovery(refusal) => refused(refusal),
        Unfinished::Password(refusal) => refused(refusal),
    })?;
    let forget = AppendHeaders([(header::SET_COOKIE, cookie::clear(cookie::RECOVERY))]);
    Ok((forget, signed_in(&visitor, &opened)))
}

/// Ends all other sessions and everything half finished, for who is in by a way that is not lost. Needs a fresh proof
#[utoipa::path(
    post, path = "/api/v1/recovery/finish", tag = "recovery",
    responses((status = 204), Refused)
)]
async fn finish(visitor: Visitor) -> Result<StatusCode, Error> {
    visitor.finish_recovery().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A way in that may be removed after a recovery.
#[derive(Debug, Serialize, ToSchema)]
struct KnownMethod {
    id: String,
    kind: &'static str,
    /// It was bound before the contact was confirmed that the account was recovered by.
    is_suspect: bool,
}

impl From<Method> for KnownMethod {
    fn from(method: Method) -> Self {
        Self {
            id: method.id.to_string(),
            kind: match &method.what {
                What::Way(way) => way.kind.as_str(),
                What::Factor(factor) => factor.factor.as_str(),
            },
            is_suspect: method.is_suspect,
        }
    }
}

/// The ways in that may be removed now, without a proof by the one that is lost
#[utoipa::path(
    get, path = "/api/v1/recovery/methods", tag = "recovery",
    responses((status = 200, body = Vec<KnownMethod>), Refused)
)]
async fn methods(visitor: Visitor) -> Result<axum::Json<Vec<KnownMethod>>, Error> {
    let (_, review) = visitor.recovery_review().await?;
    let review = review.ok_or_else(|| refused(RecoveryRefusal::ReviewOver))?;
    Ok(axum::Json(
        review.methods.into_iter().map(KnownMethod::from).collect(),
    ))
}

/// Ways in that the person does not know.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnknownMethods {
    /// Their ids; none: all are known.
    remove: Vec<String>,
}

/// Removes the ways in that the person does not know; this can be done once
#[utoipa::path(
    post, path = "/api/v1/recovery/methods", tag = "recovery",
    request_body = UnknownMethods, responses((status = 204), Refused)
)]
async fn remove(visitor: Visitor, Json(unknown): Json<UnknownMethods>) -> Result<StatusCode, Error> {
    let ids = unknown.remove.iter().map(|id| id.parse());
    let ids: Result<Vec<AuthenticatorId>, _> = ids.collect();
    let ids = ids.map_err(|_| Error::refused("binding.not_found"))?;
    let removed = visitor.finish_recovery_review(ids).await?;
    removed.map(|()| StatusCode::NO_CONTENT).map_err(refused)
}

/// The recovery goes on under another cookie.
fn goes_on(
    status: StatusCode,
    stepped: Result<HeaderValue, RecoveryRefusal>,
) -> Result<impl IntoResponse + use<>, Error> {
    let cookie = stepped.map_err(refused)?;
    Ok((status, AppendHeaders([(header::SET_COOKIE, cookie)])))
}
