//! `/recover/assisted`: the code whose halves two people of the operator have handed over.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::{PROOF, refuse, show, to};
use crate::error::Error;
use crate::extract::Form;
use crate::view::Page;
use crate::view::recovery::Assisted;
use crate::visitor::Visitor;

const PAGE: &str = "/recover/assisted";

pub(super) fn routes() -> Router {
    Router::new().route(PAGE, get(page).post(halves))
}

async fn page(visitor: Visitor) -> Result<Response, Error> {
    show(&visitor.assisted_page())
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    first: String,
    #[serde(default)]
    second: String,
}

async fn halves(visitor: Visitor, Form(typed): Form<Typed>) -> Result<Response, Error> {
    let mut view = visitor.assisted_page();
    let empty = |half: &str| {
        half.trim()
            .is_empty()
            .then(|| text::recovery::half_empty(view.page.lang).into())
    };
    (view.first_error, view.second_error) = (empty(&typed.first), empty(&typed.second));
    if view.first_error.is_some() || view.second_error.is_some() {
        return refuse(&view);
    }
    match visitor.give_recovery_halves(typed.first, typed.second).await? {
        Ok(cookie) => Ok(to(PROOF, cookie)),
        Err(refusal) => {
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
            refuse(&view)
        }
    }
}

impl Visitor {
    fn assisted_page(&self) -> Assisted {
        Assisted {
            page: Page {
                path: PAGE.into(),
                ..self.page(None)
            },
            first_error: None,
            second_error: None,
            refusal: None,
        }
    }
}
