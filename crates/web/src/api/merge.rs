use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use cabinet::binding::SecondFactor;
use cabinet::merge::{Fate, KeptPassword, MergeId, Subject};
use cabinet::{Secret, merge};
use serde::{Deserialize, Serialize};
use text::date;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Refused, refused};
use crate::draft::Kept;
use crate::error::Error;
use crate::extract::{self, Path};
use crate::passkey::Used;
use crate::proof::{Answer, Posed};
use crate::signed_in::Access;
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(begin))
        .routes(routes!(challenge))
        .routes(routes!(certificate))
        .routes(routes!(password))
        .routes(routes!(passkey))
        .routes(routes!(second_factor))
        .routes(routes!(second_passkey))
        .routes(routes!(preview))
        .routes(routes!(confirm))
        .routes(routes!(cancel))
        .routes(routes!(list))
        .routes(routes!(undo))
}

/// Begins to make another account of the same person one with this one. Needs a fresh proof
#[utoipa::path(post, path = "/api/v1/merge", tag = "merge", responses((status = 201), Refused))]
async fn begin(visitor: Visitor) -> Result<impl IntoResponse, Error> {
    let begun = visitor.begin_merge().await?;
    let secret = begun.ok_or(Error::StepUp(Kept::nothing("/profile/merge")))?;
    Ok((StatusCode::CREATED, visitor.merges_by(&secret)))
}

/// A text to be signed, to prove the other account
#[utoipa::path(
    post, path = "/api/v1/merge/challenge", tag = "merge", responses((status = 200, body = Posed), Refused)
)]
async fn challenge(visitor: Visitor) -> Result<Json<Posed>, Error> {
    Ok(Json(visitor.pose_merge().await?))
}

/// A signed text.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Signature {
    /// CMS in base64.
    cms: String,
    /// The nonce of the challenge, where the text is not in the CMS.
    nonce: Option<String>,
}

/// Proves the other account by certificate
#[utoipa::path(
    post, path = "/api/v1/merge/certificate", tag = "merge",
    request_body = Signature, responses((status = 204), Refused)
)]
async fn certificate(
    visitor: Visitor,
    extract::Json(signature): extract::Json<Signature>,
) -> Result<impl IntoResponse, Error> {
    let answer = Answer::read(&signature.cms, signature.nonce.as_deref());
    let proven = visitor.merge_with_certificate(answer).await?;
    proven
        .map(|secret| proven_by(&visitor, &secret))
        .map_err(Error::refused)
}

/// A login with its password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Login {
    login: String,
    password: String,
}

/// Proves the other account by password, where it has nothing stronger
#[utoipa::path(
    post, path = "/api/v1/merge/password", tag = "merge",
    request_body = Login, responses((status = 204), Refused)
)]
async fn password(
    visitor: Visitor,
    extract::Json(login): extract::Json<Login>,
) -> Result<impl IntoResponse, Error> {
    let proven = visitor.merge_with_password(login.login, login.password).await?;
    proven
        .map(|secret| proven_by(&visitor, &secret))
        .map_err(Error::refused)
}

/// Proves the other account by passkey; its challenge is that of a sign-in
#[utoipa::path(
    post, path = "/api/v1/merge/passkey", tag = "merge",
    request_body = Used, responses((status = 204), Refused)
)]
async fn passkey(
    visitor: Visitor,
    extract::Json(used): extract::Json<Used>,
) -> Result<impl IntoResponse, Error> {
    let proven = visitor.merge_with_passkey(Ok(used)).await?;
    proven
        .map(|secret| proven_by(&visitor, &secret))
        .map_err(Error::refused)
}

/// Gives a passkey as the second factor that the proof of the other account waits for
#[utoipa::path(
    post, path = "/api/v1/merge/second-factor/passkey", tag = "merge",
    request_body = Used, responses((status = 204), Refused)
)]
async fn second_passkey(
    visitor: Visitor,
    extract::Json(used): extract::Json<Used>,
) -> Result<impl IntoResponse, Error> {
    let proven = visitor.merge_with_second_passkey(Ok(used)).await?;
    proven
        .map(|secret| proven_by(&visitor, &secret))
        .map_err(Error::refused)
}

/// A second factor of the other account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Code {
    /// `totp`, `sms` or `recovery-code`.
    way: String,
    code: String,
}

/// Gives the second factor that the proof of the other account waits for
#[utoipa::path(
    post, path = "/api/v1/merge/second-factor", tag = "merge",
    request_body = Code, responses((status = 204), Refused)
)]
async fn second_factor(
    visitor: Visitor,
    extract::Json(code): extract::Json<Code>,
) -> Result<impl IntoResponse, Error> {
    let way = SecondFactor::parse(&code.way).ok_or(Error::refused("request.malformed"))?;
    let proven = visitor.merge_with_code(way, code.code).await?;
    proven
        .map(|secret| proven_by(&visitor, &secret))
        .map_err(Error::refused)
}

/// What a merge would do.
#[derive(Debug, Serialize, ToSchema)]
struct Preview {
    /// Whose the other account is.
    name: String,
    items: Vec<Item>,
    /// Both have a password: one is to be chosen.
    two_passwords: bool,
}

/// Something that the other account holds.
#[derive(Debug, Serialize, ToSchema)]
struct Item {
    /// A kind of way in or second factor, `email`, `phone` and so on, `person_id` or `membership`.
    kind: &'static str,
    /// How its owner knows it; may be empty.
    name: String,
    /// Whether it moves; otherwise there is no room for it.
    moves: bool,
}

/// What the merge would do, once the other account was proven
#[utoipa::path(
    get, path = "/api/v1/merge", tag = "merge", responses((status = 200, body = Preview), Refused)
)]
async fn preview(visitor: Visitor) -> Result<Json<Preview>, Error> {
    let preview = visitor.merge_preview().await?.1.map_err(refused)?;
    let item = |item: merge::Item| Item {
        kind: match item.subject {
            Subject::Way(kind) => kind.as_str(),
            Subject::Factor(factor) => factor.as_str(),
            Subject::Contact(slot) => slot.as_str(),
            Subject::PersonId => "person_id",
            Subject::Membership => "membership",
        },
        name: item.name,
        moves: item.fate == Fate::Moves,
    };
    Ok(Json(Preview {
        name: preview.other.to_string(),
        items: preview.items.into_iter().map(item).collect(),
        two_passwords: preview.two_passwords,
    }))
}

/// The person's word.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Word {
    /// Which password stays: `own` or `other`.
    password: Option<String>,
}

/// A merge.
#[derive(Debug, Serialize, ToSchema)]
struct Merged {
    id: String,
    undo_until: String,
}

/// Makes the two accounts one. Needs a fresh proof
#[utoipa::path(
    post, path = "/api/v1/merge/confirm", tag = "merge",
    request_body = Word, responses((status = 200, body = Merged), Refused)
)]
async fn confirm(visitor: Visitor, extract::Json(word): extract::Json<Word>) -> Result<Json<Merged>, Error> {
    let password = match word.password.as_deref() {
        None | Some("own") => KeptPassword::Own,
        Some("other") => KeptPassword::Other,
        Some(_) => return Err(Error::refused("request.malformed")),
    };
    let done = visitor.confirm_merge(password).await?;
    let done = done.ok_or(Error::StepUp(Kept::nothing("/profile/merge")))?;
    let done = done.map_err(refused)?;
    Ok(Json(Merged {
        id: done.id.to_string(),
        undo_until: date::machine(done.undo_until.as_seconds()),
    }))
}

/// Gives up a merge that was begun
#[utoipa::path(delete, path = "/api/v1/merge", tag = "merge", responses((status = 204), Refused))]
async fn cancel(visitor: Visitor) -> Result<StatusCode, Error> {
    visitor.cancel_merge().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The merges that can still be undone
#[utoipa::path(
    get, path = "/api/v1/merges", tag = "merge", responses((status = 200, body = Vec<Merged>), Refused)
)]
async fn list(visitor: Visitor) -> Result<Json<Vec<Merged>>, Error> {
    let done = visitor.read(Access::Whole, |tx, visitor, session| {
        merge::list(tx, visitor.visit.now, session.account)
    });
    let merged = |done: merge::Done| Merged {
        id: done.id.to_string(),
        undo_until: date::machine(done.undo_until.as_seconds()),
    };
    Ok(Json(done.await?.1.into_iter().map(merged).collect()))
}

/// Makes two accounts of one again. Needs a fresh proof
#[utoipa::path(
    post, path = "/api/v1/merges/{id}/undo", tag = "merge",
    params(("id" = String, Path)), responses((status = 204), Refused)
)]
async fn undo(visitor: Visitor, Path(id): Path<String>) -> Result<StatusCode, Error> {
    let id: MergeId = id.parse().map_err(|_| Error::refused("merge.undo_over"))?;
    let undone = visitor.undo_merge(id).await?;
    let undone = undone.ok_or(Error::StepUp(Kept::nothing("/profile/merge")))?;
    undone.map(|()| StatusCode::NO_CONTENT).map_err(refused)
}

fn proven_by(visitor: &Visitor, secret: &Secret) -> impl IntoResponse + use<> {
    (StatusCode::NO_CONTENT, visitor.merges_by(secret))
}

impl Visitor {
    fn merges_by(&self, secret: &Secret) -> AppendHeaders<[(header::HeaderName, header::HeaderValue); 1]> {
        AppendHeaders([(header::SET_COOKIE, self.merging_cookie(secret))])
    }
}
