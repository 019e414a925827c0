//! `/sign-in/shown`, `/step-up/shown`: by a certificate that the browser shows in a handshake.

use axum::Router;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use cabinet::sign_in::Onward;
use serde::Deserialize;

use super::{refuse, show};
use crate::error::Error;
use crate::extract::{Form, Path};
use crate::remote_key::{Errand, Finished};
use crate::view::shown::{NotShown, ThisIsYou, ToCertificate};
use crate::visitor::Visitor;

const GONE: &str = "challenge.gone";

pub(super) fn routes() -> Router {
    Router::new()
        .route(
            "/sign-in/shown",
            get(async || Redirect::to("/sign-in")).post(sign_in),
        )
        .route("/sign-in/shown/enter", post(enter))
        .route("/sign-in/shown/{shown}", get(who_enters))
        .route(
            "/step-up/shown",
            get(async || Redirect::to("/step-up")).post(step_up),
        )
        .route("/step-up/shown/enter", post(strengthen))
        .route("/step-up/shown/{shown}", get(who_steps_up))
}

/// Where a key is to lead.
#[derive(Deserialize)]
pub(super) struct Way {
    #[serde(default)]
    pub(super) return_to: String,
    /// The code of the organisation whose page led here.
    #[serde(default)]
    pub(super) organisation: String,
}

#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    shown: String,
}

async fn sign_in(visitor: Visitor, Form(way): Form<Way>) -> Result<Response, Error> {
    visitor.to_certificate(Errand::SignIn, way).await
}

async fn step_up(visitor: Visitor, Form(way): Form<Way>) -> Result<Response, Error> {
    visitor.to_certificate(Errand::StepUp, way).await
}

async fn who_enters(visitor: Visitor, Path(shown): Path<String>) -> Result<Response, Error> {
    visitor.shown(Errand::SignIn, shown).await
}

async fn who_steps_up(visitor: Visitor, Path(shown): Path<String>) -> Result<Response, Error> {
    visitor.shown(Errand::StepUp, shown).await
}

async fn enter(visitor: Visitor, Form(form): Form<Shown>) -> Result<Response, Error> {
    visitor.use_shown(Errand::SignIn, &form.shown).await
}

async fn strengthen(visitor: Visitor, Form(form): Form<Shown>) -> Result<Response, Error> {
    visitor.use_shown(Errand::StepUp, &form.shown).await
}

impl Way {
    /// Only pages of this site are gone on to.
    pub(super) fn onward(&self, visitor: &Visitor) -> Onward {
        Onward {
            return_to: visitor.kept(&self.return_to),
            organisation: self.organisation.clone(),
        }
    }
}

impl Visitor {
    /// Says what the browser is about to ask, and leads to where it does.
    async fn to_certificate(&self, errand: Errand, way: Way) -> Result<Response, Error> {
        let onward = way.onward(self);
        let cancel = self.with_return_to(errand.page(), &onward.return_to);
        let address = self.go_for_certificate(errand, onward).await?;
        let session = self.session().await?;
        show(&ToCertificate {
            page: self.page(session.as_ref()),
            address: address.into(),
            cancel,
        })
    }

    /// Who the certificate belongs to: look first, enter second.
    async fn shown(&self, errand: Errand, shown: String) -> Result<Response, Error> {
        if matches!(shown.as_str(), "absent" | "gone" | "failed") {
            return self.not_shown(errand, &shown).await;
        }
        let occasion = self.occasion(errand).await?;
        let Some(presented) = self.find_shown(&occasion, &shown).await? else {
            return self.not_shown(errand, "gone").await;
        };
        let lang = self.page(None).lang;
        let recognised = self
            .recognise(presented.clone(), move |visitor, signer| {
                visitor.holder_card(lang, signer)
            })
            .await?;
        let mut view = self.this_is_you(errand, "shown", presented.onward()).await?;
        view.field = ("shown", shown);
        match recognised {
            Ok(card) => {
                view.card = Some(card);
                show(&view)
            }
            Err(refusal) => {
                view.refusal = Some(self.refusal(&view.page, refusal.code()));
                refuse(&view)
            }
        }
    }

    async fn use_shown(&self, errand: Errand, shown: &str) -> Result<Response, Error> {
        let occasion = self.occasion(errand).await?;
        let Some(presented) = self.find_shown(&occasion, shown).await? else {
            return self.not_shown(errand, "gone").await;
        };
        let onward = presented.onward().clone();
        let finished = self
            .finish("certificate-tls", presented, occasion, &onward.organisation)
            .await?;
        self.finished(errand, "shown", finished, &onward).await
    }

    /// Where a proof leads, or why it leads nowhere.
    pub(super) async fn finished(
        &self,
        errand: Errand,
        way: &'static str,
        finished: Result<Finished, &'static str>,
        onward: &Onward,
    ) -> Result<Response, Error> {
        match finished {
            Ok(Finished::Entered(entered)) => self.let_in(entered, &onward.return_to),
            Ok(Finished::Grown(grown)) => self.strengthen(grown, &onward.return_to),
            Err(code) => {
                let mut view = self.this_is_you(errand, way, onward).await?;
                view.refusal = Some(self.refusal(&view.page, code));
                refuse(&view)
            }
        }
    }

    pub(super) async fn this_is_you(
        &self,
        errand: Errand,
        way: &'static str,
        onward: &Onward,
    ) -> Result<ThisIsYou, Error> {
        let session = self.session().await?;
        Ok(ThisIsYou {
            page: self.page(session.as_ref()),
            is_entry: errand == Errand::SignIn,
            way,
            field: (way, String::new()),
            card: None,
            warning: None,
            cancel: self.with_return_to(errand.page(), &onward.return_to),
            return_to: onward.return_to.clone(),
            organisation: onward.organisation.clone(),
            refusal: None,
        })
    }

    async fn not_shown(&self, errand: Errand, why: &str) -> Result<Response, Error> {
        let session = self.session().await?;
        let page = self.page(session.as_ref());
        let code = match why {
            "absent" => "shown.absent",
            "failed" => "shown.failed",
            _ => GONE,
        };
        let view = NotShown {
            refusal: self.refusal(&page, code),
            page,
            is_entry: errand == Errand::SignIn,
        };
        Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, show(&view)?).into_response())
    }
}
