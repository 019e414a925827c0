//! What the links in messages do. The token is the last part of the link; it goes into the body, never into an address
//! (MSG-2).

use axum::Json;
use cabinet::ticket::LinkRefusal;
use cabinet::{Decision, Refusal, Secret, contact, session};
use db::Tx;
use serde::{Deserialize, Serialize};
use text::date;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Refused, refused};
use crate::error::Error;
use crate::extract;
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(confirm_preview))
        .routes(routes!(confirm))
        .routes(routes!(undo_preview))
        .routes(routes!(undo))
        .routes(routes!(not_me_preview))
        .routes(routes!(not_me))
}

/// The last part of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Link {
    token: String,
}

impl Link {
    fn secret(&self) -> Result<Secret, Error> {
        Secret::parse(&self.token).ok_or(Error::refused("link.gone"))
    }
}

/// A contact that a link confirms.
#[derive(Debug, Serialize, ToSchema)]
struct ToConfirm {
    slot: &'static str,
    /// Masked.
    value: String,
    asked_at: String,
    until: String,
}

/// Shows what a confirmation link would confirm; uses nothing up
#[utoipa::path(
    post, path = "/api/v1/confirm/preview", tag = "links",
    request_body = Link, responses((status = 200, body = ToConfirm), Refused)
)]
async fn confirm_preview(
    visitor: Visitor,
    extract::Json(link): extract::Json<Link>,
) -> Result<Json<ToConfirm>, Error> {
    let seen = visitor.preview(&link, |tx, visitor, secret| {
        contact::confirm_by_link_preview(tx, &visitor.app.rules, &visitor.visit, secret)
    });
    let seen = seen.await?;
    Ok(Json(ToConfirm {
        slot: seen.slot.as_str(),
        value: seen.value.masked(),
        asked_at: date::machine(seen.asked_at.as_seconds()),
        until: date::machine(seen.until.as_seconds()),
    }))
}

/// A contact that is in force now.
#[derive(Debug, Serialize, ToSchema)]
struct InForce {
    slot: &'static str,
    /// Masked; nothing if the slot is empty.
    value: Option<String>,
}

/// Confirms a contact by the link that was sent to it
#[utoipa::path(
    post, path = "/api/v1/confirm", tag = "links",
    request_body = Link, responses((status = 200, body = InForce), Refused)
)]
async fn confirm(visitor: Visitor, extract::Json(link): extract::Json<Link>) -> Result<Json<InForce>, Error> {
    let confirmed = visitor.follow(&link, |tx, visitor, secret| {
        contact::confirm_by_link(tx, &visitor.app.rules, &visitor.visit, secret)
    });
    let confirmed = confirmed.await?;
    Ok(Json(InForce {
        slot: confirmed.slot.as_str(),
        value: Some(confirmed.value.masked()),
    }))
}

/// A change that a link undoes.
#[derive(Debug, Serialize, ToSchema)]
struct ToUndo {
    slot: &'static str,
    /// What comes back, masked; nothing if the slot was empty.
    previous: Option<String>,
    /// What was given instead, masked; nothing if it was removed.
    new: Option<String>,
    changed_at: String,
    until: String,
}

/// Shows which change of a contact a link would undo; uses nothing up
#[utoipa::path(
    post, path = "/api/v1/undo/preview", tag = "links",
    request_body = Link, responses((status = 200, body = ToUndo), Refused)
)]
async fn undo_preview(
    visitor: Visitor,
    extract::Json(link): extract::Json<Link>,
) -> Result<Json<ToUndo>, Error> {
    let seen = visitor.preview(&link, |tx, visitor, secret| {
        contact::undo_preview(tx, &visitor.app.rules, &visitor.visit, secret)
    });
    let seen = seen.await?;
    Ok(Json(ToUndo {
        slot: seen.slot.as_str(),
        previous: seen.previous,
        new: seen.new,
        changed_at: date::machine(seen.changed_at.as_seconds()),
        until: date::machine(seen.until.as_seconds()),
    }))
}

/// Undoes a change of a contact, ends all sessions and freezes contacts
#[utoipa::path(
    post, path = "/api/v1/undo", tag = "links",
    request_body = Link, responses((status = 200, body = InForce), Refused)
)]
async fn undo(visitor: Visitor, extract::Json(link): extract::Json<Link>) -> Result<Json<InForce>, Error> {
    let undone = visitor.follow(&link, |tx, visitor, secret| {
        contact::undo(tx, &visitor.app.rules, &visitor.visit, secret)
    });
    let undone = undone.await?;
    Ok(Json(InForce {
        slot: undone.slot.as_str(),
        value: undone.previous,
    }))
}

/// An act that its account's owner may disown.
#[derive(Debug, Serialize, ToSchema)]
struct ToDisown {
    /// When it happened.
    at: String,
    until: String,
    /// What becomes of the way in that the message told of: `password_removed`, `identity_suspended`, `only_way_stays`,
    /// `key_stays` or `nothing`.
    remedy: &'static str,
}

/// Shows what «this was not me» would do; uses nothing up
#[utoipa::path(
    post, path = "/api/v1/not-me/preview", tag = "links",
    request_body = Link, responses((status = 200, body = ToDisown), Refused)
)]
async fn not_me_preview(
    visitor: Visitor,
    extract::Json(link): extract::Json<Link>,
) -> Result<Json<ToDisown>, Error> {
    let seen = visitor.preview(&link, |tx, visitor, secret| {
        session::disown_preview(tx, &visitor.app.rules, &visitor.visit, secret)
    });
    let seen = seen.await?;
    Ok(Json(ToDisown {
        at: date::machine(seen.at.as_seconds()),
        until: date::machine(seen.until.as_seconds()),
        remedy: seen.remedy.as_str(),
    }))
}

/// What «this was not me» did.
#[derive(Debug, Serialize, ToSchema)]
struct DoneAway {
    /// What became of the way in that the message told of, as in the preview.
    remedy: &'static str,
}

/// «This was not me»: ends all sessions
#[utoipa::path(
    post, path = "/api/v1/not-me", tag = "links",
    request_body = Link, responses((status = 200, body = DoneAway), Refused)
)]
async fn not_me(visitor: Visitor, extract::Json(link): extract::Json<Link>) -> Result<Json<DoneAway>, Error> {
    let disowned = visitor.follow(&link, |tx, visitor, secret| {
        session::disown(tx, &visitor.app.rules, &visitor.visit, secret)
    });
    let remedy = disowned.await?.as_str();
    Ok(Json(DoneAway { remedy }))
}

impl Visitor {
    /// Shows what a link would do.
    async fn preview<T: Send + 'static>(
        &self,
        link: &Link,
        look: impl Fn(&mut Tx<'_>, &Self, &Secret) -> Decision<T, LinkRefusal> + Send + 'static,
    ) -> Result<T, Error> {
        let secret = link.secret()?;
        let visitor = self.clone();
        let seen = self.app.db.read(move |tx| look(tx, &visitor, &secret));
        seen.await?.map_err(refused)
    }

    /// Does what a link is for.
    async fn follow<T, R>(
        &self,
        link: &Link,
        act: impl Fn(&mut Tx<'_>, &Self, &Secret) -> Decision<T, R> + Send + 'static,
    ) -> Result<T, Error>
    where
        T: Send + 'static,
        R: Refusal + Send + 'static,
    {
        let secret = link.secret()?;
        let visitor = self.clone();
        let done = self.app.db.write(move |tx| act(tx, &visitor, &secret));
        done.await?.map_err(refused)
    }
}
