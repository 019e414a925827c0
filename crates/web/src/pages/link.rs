//! Links from messages. The token leaves the address at once for a cookie; a GET shows, only the button acts.

use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use cabinet::contact::{self, LinkPreview, UndoPreview};
use cabinet::session;
use cabinet::ticket::LinkRefusal;
use cabinet::{Decision, Secret};
use db::Tx;

use super::contact::shown;
use super::show;
use crate::cookie::{self, Life};
use crate::error::Error;
use crate::extract::Path;
use crate::view::Page;
use crate::view::link::{Confirm, ConfirmState, Dead, NotMe, NotMeState, Undo, UndoState};
use crate::visitor::Visitor;

const LIFE: Duration = Duration::from_secs(15 * 60);

pub(super) fn routes() -> Router {
    Router::new()
        .route("/confirm/{token}", get(async |token| swap(token, "/confirm")))
        .route("/confirm", get(confirm_page).post(confirm))
        .route("/undo/{token}", get(async |token| swap(token, "/undo")))
        .route("/undo", get(undo_page).post(undo))
        .route("/not-me/{token}", get(async |token| swap(token, "/not-me")))
        .route("/not-me", get(not_me_page).post(not_me))
}

/// Takes the token out of the address before anything of the page is loaded (MSG-2).
fn swap(Path(token): Path<String>, page: &'static str) -> Response {
    let life = Life::Seconds(u32::try_from(LIFE.as_secs()).unwrap_or(u32::MAX));
    let cookie = match Secret::parse(&token) {
        Some(secret) => cookie::set(cookie::LINK, &secret.expose(), life),
        None => cookie::clear(cookie::LINK),
    };
    (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(page)).into_response()
}

async fn confirm_page(visitor: Visitor) -> Result<Response, Error> {
    let preview = visitor.look(|tx, visitor, secret| {
        contact::confirm_by_link_preview(tx, &visitor.app.rules, &visitor.visit, secret)
    });
    let state = match preview.await? {
        Err(dead) => ConfirmState::Dead(dead),
        Ok(LinkPreview { slot, value, .. }) => ConfirmState::Ready {
            action: "/confirm".into(),
            slot: shown(slot),
            address: value.masked(),
        },
    };
    visitor.show_confirm(state).await
}

async fn confirm(visitor: Visitor) -> Result<Response, Error> {
    let confirmed = visitor.use_up(|tx, visitor, secret| {
        contact::confirm_by_link(tx, &visitor.app.rules, &visitor.visit, secret)
    });
    let state = match confirmed.await? {
        Ok(confirmed) => ConfirmState::Done {
            address: confirmed.value.masked(),
        },
        Err(dead) => ConfirmState::Dead(dead),
    };
    visitor.show_confirm(state).await
}

async fn undo_page(visitor: Visitor) -> Result<Response, Error> {
    let preview = visitor
        .look(|tx, visitor, secret| contact::undo_preview(tx, &visitor.app.rules, &visitor.visit, secret));
    let state = match preview.await? {
        Err(dead) => UndoState::Dead(dead),
        Ok(UndoPreview {
            slot,
            previous,
            new,
            changed_at,
            ..
        }) => UndoState::Ready {
            action: "/undo".into(),
            slot: shown(slot),
            old: previous.unwrap_or_default(),
            new: new.unwrap_or_default(),
            changed_at: visitor.moment(changed_at),
        },
    };
    visitor.show_undo(state).await
}

async fn undo(visitor: Visitor) -> Result<Response, Error> {
    let undone =
        visitor.use_up(|tx, visitor, secret| contact::undo(tx, &visitor.app.rules, &visitor.visit, secret));
    let state = match undone.await? {
        Ok(undone) => UndoState::Done {
            old: undone.previous.unwrap_or_default(),
        },
        Err(dead) => UndoState::Dead(dead),
    };
    visitor.show_undo(state).await
}

async fn not_me_page(visitor: Visitor) -> Result<Response, Error> {
    let preview = visitor
        .look(|tx, visitor, secret| session::disown_preview(tx, &visitor.app.rules, &visitor.visit, secret));
    let state = match preview.await? {
        Err(dead) => NotMeState::Dead(dead),
        Ok(told) => NotMeState::Ready {
            action: "/not-me".into(),
            at: visitor.moment(told.at),
            remedy: told.remedy,
        },
    };
    visitor.show_not_me(state).await
}

async fn not_me(visitor: Visitor) -> Result<Response, Error> {
    let disowned =
        visitor.use_up(|tx, visitor, secret| session::disown(tx, &visitor.app.rules, &visitor.visit, secret));
    let state = match disowned.await? {
        Ok(remedy) => NotMeState::Done { remedy },
        Err(dead) => NotMeState::Dead(dead),
    };
    visitor.show_not_me(state).await
}

impl Visitor {
    /// Looks at what the link's token would do.
    async fn look<T: Send + 'static>(
        &self,
        look: impl Fn(&mut Tx<'_>, &Self, &Secret) -> Decision<T, LinkRefusal> + Send + 'static,
    ) -> Result<Result<T, Dead>, Error> {
        let (visitor, Some(secret)) = (self.clone(), self.link.clone()) else {
            return Ok(Err(Dead::Unknown));
        };
        let seen = self.app.db.read(move |tx| look(tx, &visitor, &secret)).await?;
        Ok(seen.map_err(Dead::from))
    }

    /// Does what the link's token is for.
    async fn use_up<T: Send + 'static, R: Send + 'static>(
        &self,
        act: impl Fn(&mut Tx<'_>, &Self, &Secret) -> Decision<T, R> + Send + 'static,
    ) -> Result<Result<T, Dead>, Error>
    where
        Dead: From<R>,
    {
        let (visitor, Some(secret)) = (self.clone(), self.link.clone()) else {
            return Ok(Err(Dead::Unknown));
        };
        let done = self.app.db.write(move |tx| act(tx, &visitor, &secret)).await?;
        Ok(done.map_err(Dead::from))
    }

    async fn show_confirm(&self, state: ConfirmState) -> Result<Response, Error> {
        let session = self.session().await?;
        show(&Confirm {
            page: Page {
                path: "/confirm".into(),
                ..self.page(session.as_ref())
            },
            state,
        })
    }

    async fn show_undo(&self, state: UndoState) -> Result<Response, Error> {
        let session = self.session().await?;
        show(&Undo {
            page: Page {
                path: "/undo".into(),
                ..self.page(session.as_ref())
            },
            state,
        })
    }

    async fn show_not_me(&self, state: NotMeState) -> Result<Response, Error> {
        let session = self.session().await?;
        show(&NotMe {
            page: Page {
                path: "/not-me".into(),
                ..self.page(session.as_ref())
            },
            state,
        })
    }
}
