use axum::http::StatusCode;
use axum::response::IntoResponse;
use cabinet::organisation::Method;
use cabinet::sign_in::{Entered, Opened, SignInRefusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Refused, refused};
use crate::error::Error;
use crate::extract::Json;
use crate::proof::{Answer, Posed};
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(challenge))
        .routes(routes!(certificate))
        .routes(routes!(password))
}

/// A text to be signed, good once, for five minutes, with this client's cookies
#[utoipa::path(
    post, path = "/api/v1/sign-in/challenge", tag = "sign-in",
    responses((status = 200, body = Posed), Refused)
)]
async fn challenge(visitor: Visitor) -> Result<axum::Json<Posed>, Error> {
    Ok(axum::Json(visitor.pose_sign_in().await?))
}

/// A signed challenge.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Signed {
    /// CMS SignedData in base64, attached or detached.
    pub(super) cms: String,
    /// The challenge's nonce; needed where the signature is detached.
    pub(super) nonce: Option<String>,
}

impl Signed {
    pub(super) fn answer(&self) -> Result<Answer, SignInRefusal> {
        Answer::read(&self.cms, self.nonce.as_deref())
    }
}

/// A signed challenge to sign in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignedToEnter {
    /// CMS SignedData in base64, attached or detached.
    cms: String,
    /// The challenge's nonce; needed where the signature is detached.
    nonce: Option<String>,
    /// The code of the organisation to be here for; it must offer this way in.
    organisation: Option<String>,
}

/// A session that was opened; it is in the cookies. Ask `GET /api/v1/session` for the new token.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SignedIn {
    account: String,
    /// The cabinet was made by this sign-in.
    created: bool,
}

/// Signs in by certificate
#[utoipa::path(
    post, path = "/api/v1/sign-in/certificate", tag = "sign-in",
    request_body = SignedToEnter, responses((status = 201, body = SignedIn), Refused)
)]
async fn certificate(
    visitor: Visitor,
    Json(signed): Json<SignedToEnter>,
) -> Result<impl IntoResponse, Error> {
    let answer = Answer::read(&signed.cms, signed.nonce.as_deref());
    let organisation = signed.organisation.unwrap_or_default();
    let entrance = visitor.entrance(&organisation, Method::Certificate).await?;
    let opened = visitor.enter_with_certificate(answer, entrance).await?;
    entered(&visitor, opened)
}

/// A login and its password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Typed {
    /// ИИН, phone or e-mail; at an organisation also a user name.
    login: String,
    password: String,
    /// The code of the organisation to be here for; it must offer this way in.
    organisation: Option<String>,
}

/// Signs in by password
#[utoipa::path(
    post, path = "/api/v1/sign-in/password", tag = "sign-in",
    request_body = Typed, responses((status = 201, body = SignedIn), Refused)
)]
async fn password(visitor: Visitor, Json(typed): Json<Typed>) -> Result<impl IntoResponse, Error> {
    let organisation = typed.organisation.unwrap_or_default();
    let entrance = visitor.entrance(&organisation, Method::Password).await?;
    let opened = visitor
        .enter_with_password(&typed.login, typed.password, entrance)
        .await?;
    entered(&visitor, opened)
}

fn entered(
    visitor: &Visitor,
    entered: Result<Entered, SignInRefusal>,
) -> Result<impl IntoResponse + use<>, Error> {
    let opened = visitor.whole(entered.map_err(refused)?, "")?;
    Ok(signed_in(visitor, &opened))
}

pub(super) fn signed_in(visitor: &Visitor, opened: &Opened) -> impl IntoResponse + use<> {
    let body = axum::Json(SignedIn {
        account: opened.account.to_string(),
        created: opened.created,
    });
    (StatusCode::CREATED, visitor.opened(opened), body)
}
