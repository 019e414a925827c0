//! `/profile/linking`: both identities side by side, before a link is made.

use axum::Router;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use cabinet::contact::{Taken, Value};
use cabinet::session::Session;
use cabinet::sign_in::federation::{self, Choice, Confirmation, Errand, FederationRefusal};

use super::provider::to;
use super::{refuse, show};
use crate::cookie;
use crate::draft::Kept;
use crate::error::Error;
use crate::extract::Form;
use crate::signed_in::Access;
use crate::view::Page;
use crate::view::holder;
use crate::view::linking::{ContactRow, IdRow, Linking};
use crate::visitor::Visitor;
use crate::words::full_name;

const PAGE: &str = "/profile/linking";

pub(super) fn routes() -> Router {
    Router::new()
        .route(PAGE, get(page).post(confirm))
        .route("/profile/linking/cancel", post(cancel))
}

/// The proof comes first: what is ticked here is kept nowhere.
async fn page(visitor: Visitor) -> Result<Response, Error> {
    match visitor.confirmation().await? {
        None => Ok(Redirect::to("/profile/binding").into_response()),
        Some((_, Err(refusal))) => visitor.not_linked(refusal).await,
        Some((_, Ok(both))) if !both.is_proven => Err(Error::StepUp(Kept::nothing(PAGE))),
        Some((session, Ok(both))) => show(&visitor.linking_page(&session, &both)),
    }
}

async fn confirm(visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Error> {
    let choice = choice(fields);
    let Some(linked) = visitor.confirm_linking(choice.clone()).await? else {
        return Ok(Redirect::to("/profile/binding").into_response());
    };
    match linked {
        Ok(linked) => {
            let asked = linked
                .contacts
                .iter()
                .any(|taken| matches!(taken, Taken::Asked(_)));
            let done = if asked { "linked-contacts" } else { "linked" };
            let page = format!("/profile/binding?done={done}");
            Ok(to(&page, cookie::clear(cookie::LINKING)))
        }
        Err(FederationRefusal::StepUpRequired) => Err(Error::StepUp(Kept::nothing(PAGE))),
        Err(refusal @ (FederationRefusal::NotAcknowledged | FederationRefusal::NotReplaced)) => {
            let Some((session, Ok(both))) = visitor.confirmation().await? else {
                return visitor.not_linked(refusal).await;
            };
            let mut view = visitor.linking_page(&session, &both);
            view.keep(&choice);
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
            refuse(&view)
        }
        Err(refusal) => visitor.not_linked(refusal).await,
    }
}

async fn cancel(visitor: Visitor) -> Result<Response, Error> {
    visitor.give_up_linking().await?;
    Ok(to("/profile/binding", cookie::clear(cookie::LINKING)))
}

/// What was ticked.
fn choice(fields: Vec<(String, String)>) -> Choice {
    let mut choice = Choice::default();
    for (name, value) in fields {
        match name.as_str() {
            "contact" => choice.contacts.push(value),
            "difference_seen" => choice.difference_seen = true,
            "replace" => choice.replace = true,
            _ => {}
        }
    }
    choice
}

impl Visitor {
    /// Both identities; `None`: no link waits in this browser.
    pub(crate) async fn confirmation(
        &self,
    ) -> Result<Option<(Session, Result<Confirmation, FederationRefusal>)>, Error> {
        let Some((browser, secret)) = self.linking() else {
            return Ok(None);
        };
        let both = self.read(Access::Whole, move |tx, visitor, session| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            federation::preview(tx, rules, visit, browser, session, &secret)
        });
        Ok(Some(both.await?))
    }

    /// Makes the link; `None`: none waits in this browser.
    pub(crate) async fn confirm_linking(
        &self,
        choice: Choice,
    ) -> Result<Option<Result<federation::Linked, FederationRefusal>>, Error> {
        let Some((browser, secret)) = self.linking() else {
            return Ok(None);
        };
        let linked = self.act(Access::Whole, move |tx, visitor, session| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            federation::confirm(tx, rules, visit, browser, session, &secret, &choice)
        });
        linked.await.map(Some)
    }

    async fn not_linked(&self, refusal: FederationRefusal) -> Result<Response, Error> {
        self.astray(None, refusal.code(), Some(Errand::Link), "").await
    }

    fn linking_page(&self, session: &Session, both: &Confirmation) -> Linking {
        let page = Page {
            path: PAGE.into(),
            ..self.page(Some(session))
        };
        let lang = page.lang;
        let ids = both.person_ids.iter().map(|line| IdRow {
            label: holder::id_name(lang, &line.country, &line.kind),
            there: line.there.clone(),
            here: line.here.clone(),
        });
        let contacts = both.contacts.iter().map(|offer| ContactRow {
            key: offer.stated.key(),
            value: offer.stated.value.display(),
            is_verified: offer.stated.is_verified,
            is_known: offer.slot.is_none(),
            replaces: offer.replaces.as_ref().map(Value::display),
            is_chosen: offer.is_suggested(),
        });
        Linking {
            provider: self.provider_label(&both.arrival.provider, self.language(Some(session))),
            name_there: full_name(lang, &both.arrival.name),
            name_here: full_name(lang, &both.profile.name),
            names: both.names,
            ids: ids.collect(),
            contacts: contacts.collect(),
            replaces: both.replaces.as_ref().map(|linked| linked.name.clone()),
            difference_seen: false,
            replace: false,
            until: self.time(both.until),
            refusal: None,
            page,
        }
    }
}
