use axum::response::{IntoResponse as _, Redirect, Response};
use cabinet::organisation::{self, Membership, OrganisationId};
use cabinet::session::Session;
use serde::Deserialize;

use crate::error::Error;
use crate::extract::Form;
use crate::pages::{refuse, show};
use crate::signed_in::Access;
use crate::view::error::ErrorKind;
use crate::view::organisation::{MembershipCard, MyOrganisations};
use crate::visitor::Visitor;

const PAGE: &str = "/profile/organisations";

/// Where one belongs.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Error> {
    show(&visitor.my_organisations().await?)
}

#[derive(Deserialize)]
pub(super) struct Choice {
    /// An organisation's id, or nothing for the person's own cabinet.
    organisation: String,
}

/// From now on the person is here for another organisation.
pub(super) async fn switch(visitor: Visitor, Form(choice): Form<Choice>) -> Result<Response, Error> {
    let wanted = match choice.organisation.as_str() {
        "" => None,
        id => Some(
            id.parse::<OrganisationId>()
                .map_err(|_| Error::Page(ErrorKind::BadRequest))?,
        ),
    };
    let switched = visitor.act(Access::Whole, move |tx, visitor, session| {
        organisation::switch(tx, &visitor.app.rules, &visitor.visit, session, wanted)
    });
    match switched.await? {
        Ok(()) => Ok(Redirect::to(PAGE).into_response()),
        Err(refusal) => {
            let mut view = visitor.my_organisations().await?;
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
            refuse(&view)
        }
    }
}

impl Visitor {
    async fn my_organisations(&self) -> Result<MyOrganisations, Error> {
        let (session, memberships) = self
            .read(Access::Whole, |tx, _, session| {
                organisation::list_memberships(tx, session.account)
            })
            .await?;
        Ok(MyOrganisations {
            page: self.page(Some(&session)),
            memberships: memberships.iter().map(|one| card(&session, one)).collect(),
            is_own: session.organisation.is_none(),
            refusal: None,
        })
    }
}

fn card(session: &Session, membership: &Membership) -> MembershipCard {
    let current = session.organisation.as_ref().map(|current| current.id);
    let about = [&membership.position, &membership.department];
    let about = about.into_iter().filter(|part| !part.is_empty());
    MembershipCard {
        id: membership.organisation.to_string(),
        name: membership.short_name.clone(),
        about: about.cloned().collect::<Vec<_>>().join(", "),
        is_current: current == Some(membership.organisation),
    }
}
