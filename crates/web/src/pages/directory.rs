//! `/sign-in/provider/{id}/password`: a user name and password that a directory of an organisation checks.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use cabinet::provider::ProviderKey;
use serde::Deserialize;

use super::provider::key;
use super::{refuse, show};
use crate::error::Error;
use crate::extract::{Form, Path, Query};
use crate::view::Page;
use crate::view::provider::DirectoryPassword;
use crate::visitor::Visitor;

pub(super) fn routes() -> Router {
    Router::new().route("/sign-in/provider/{id}/password", get(page).post(password))
}

/// The way that the button began.
#[derive(Deserialize)]
pub(super) struct Way {
    #[serde(default)]
    pub(super) state: String,
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
}

async fn page(visitor: Visitor, Path(id): Path<String>, Query(way): Query<Way>) -> Result<Response, Error> {
    let key = key(&id)?;
    match visitor.look_at_way(&key, &way.state).await? {
        Ok(_) => show(&visitor.directory_form(&key, &way.state)),
        Err(astray) => visitor.arrived(&key, Err(astray)).await,
    }
}

/// An empty password is refused before anybody is asked (threats, SPN-3).
async fn password(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(way): Query<Way>,
    Form(typed): Form<Typed>,
) -> Result<Response, Error> {
    let key = key(&id)?;
    let mut view = visitor.directory_form(&key, &way.state);
    if view.mistakes(&typed) {
        view.login = typed.login;
        return refuse(&view);
    }
    let proved = visitor
        .prove_by_password(&key, &way.state, &typed.login, &typed.password)
        .await?;
    match proved {
        Err(astray) if matches!(astray.code, "provider.password_wrong" | "password.too_many_tries") => {
            view.refusal = Some(visitor.refusal(&view.page, astray.code));
            view.login = typed.login;
            refuse(&view)
        }
        arrived => visitor.arrived(&key, arrived).await,
    }
}

impl DirectoryPassword {
    /// Marks what was left empty.
    fn mistakes(&mut self, typed: &Typed) -> bool {
        let lang = self.page.lang;
        if typed.login.trim().is_empty() {
            self.login_error = Some(text::provider::login_empty(lang).into());
        }
        if typed.password.is_empty() {
            self.password_error = Some(text::sign_in::password_empty(lang).into());
        }
        self.login_error.is_some() || self.password_error.is_some()
    }
}

impl Visitor {
    fn directory_form(&self, key: &ProviderKey, state: &str) -> DirectoryPassword {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("state", state)
            .finish();
        let action = format!("/sign-in/provider/{key}/password?{query}");
        DirectoryPassword {
            page: Page {
                path: action.clone(),
                ..self.page(None)
            },
            provider: self.provider_label(key, self.visit.language),
            action,
            login: String::new(),
            login_error: None,
            password_error: None,
            refusal: None,
        }
    }
}
