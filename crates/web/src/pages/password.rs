//! `/profile/password`

use axum::Router;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use cabinet::account::{self, Profile};
use cabinet::binding::{self, Kind};
use cabinet::session::Session;
use serde::Deserialize;

use super::{refuse, show};
use crate::draft::Kept;
use crate::error::Error;
use crate::extract::Form;
use crate::new_password::PAGE;
use crate::signed_in::Access;
use crate::view::Page;
use crate::view::password::SetPassword;
use crate::visitor::Visitor;

pub(super) fn routes() -> Router {
    Router::new().route(PAGE, get(page).post(set))
}

/// The proof comes first: what is typed here is kept nowhere, and would be lost.
async fn page(visitor: Visitor) -> Result<Response, Error> {
    let (session, view) = visitor.password_page().await?;
    if !session.is_stepped_up(visitor.visit.now) {
        return Err(Error::StepUp(Kept::nothing(PAGE)));
    }
    show(&view)
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    password: String,
}

async fn set(visitor: Visitor, Form(typed): Form<Typed>) -> Result<Response, Error> {
    let (_, mut view) = visitor.password_page().await?;
    match visitor.set_password(typed.password).await? {
        Ok(()) => {
            let done = if view.change {
                "password-changed"
            } else {
                "password-set"
            };
            Ok(Redirect::to(&format!("/profile/binding?done={done}")).into_response())
        }
        Err(mistake) => {
            view.error = Some(Visitor::mistake(&view.page, mistake.code()));
            refuse(&view)
        }
    }
}

impl Visitor {
    async fn password_page(&self) -> Result<(Session, SetPassword), Error> {
        let (session, (profile, change)): (Session, (Profile, bool)) = self
            .read(Access::Whole, |tx, visitor, session| {
                let ways = binding::list(tx, &visitor.app.rules, visitor.visit.now, session.account)?;
                let change = ways.iter().any(|way| way.kind == Kind::Password);
                Ok((account::profile(tx, session.account)?, change))
            })
            .await?;
        let view = SetPassword {
            page: Page {
                path: PAGE.into(),
                ..self.page(Some(&session))
            },
            change,
            login: profile
                .person_ids
                .into_iter()
                .next()
                .map(|id| id.value)
                .unwrap_or_default(),
            error: None,
        };
        Ok((session, view))
    }
}
