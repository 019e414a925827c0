use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use cabinet::organisation::{self, Entrance, Method, Organisation, OrganisationCode, OrganisationId};
use serde::Deserialize;
use text::Lang;

use super::find::place;
use crate::cookie::{self, Life};
use crate::error::Error;
use crate::extract::{Form, Path, Query};
use crate::pages::{refuse, show};
use crate::passkey::{Answered, Used};
use crate::view::organisation::{EnterOrganisation, Way};
use crate::view::{Page, Support};
use crate::visitor::Visitor;

#[derive(Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    return_to: String,
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    return_to: String,
    #[serde(default)]
    remember: String,
}

/// The ways in of one organisation.
pub(super) async fn page(
    visitor: Visitor,
    Path(code): Path<String>,
    Query(back): Query<Back>,
) -> Result<Response, Error> {
    if visitor.session().await?.is_some() {
        return Ok(visitor.onward(&back.return_to).into_response());
    }
    match visitor.find_organisation(&code).await? {
        Some((found, offered)) => show(&visitor.enter_view(&found, &offered, &back.return_to)),
        None => visitor.no_such_organisation().await,
    }
}

/// By user name, phone or ИИН, where the organisation offers it: a hidden form is refused as well (threats, LNK-9).
pub(super) async fn password(
    visitor: Visitor,
    Path(code): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Error> {
    let Some((found, offered)) = visitor.find_organisation(&code).await? else {
        return visitor.no_such_organisation().await;
    };
    let mut view = visitor.enter_view(&found, &offered, &typed.return_to);
    view.remember = !typed.remember.is_empty();
    if view.mistakes(&typed) {
        view.login = typed.login;
        return refuse(&view);
    }
    let entrance = entrance(found.id, Method::Password);
    match visitor
        .enter_with_password(&typed.login, typed.password, Some(entrance))
        .await?
    {
        Ok(entered) => {
            let mut response = visitor.let_in(entered, &typed.return_to)?;
            let remembered = remembered(&found.code, view.remember);
            response.headers_mut().append(header::SET_COOKIE, remembered);
            Ok(response)
        }
        Err(refusal) => {
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
            view.login = typed.login;
            refuse(&view)
        }
    }
}

/// By a passkey, where the organisation offers it.
pub(super) async fn passkey(
    visitor: Visitor,
    Path(code): Path<String>,
    Form(answered): Form<Answered>,
) -> Result<Response, Error> {
    let Some((found, offered)) = visitor.find_organisation(&code).await? else {
        return visitor.no_such_organisation().await;
    };
    let entrance = entrance(found.id, Method::Passkey);
    let used = Used::read(&answered.credential);
    match visitor.enter_with_passkey(used, Some(entrance)).await? {
        Ok(entered) => visitor.let_in(entered, &answered.return_to),
        Err(refusal) => {
            let mut view = visitor.enter_view(&found, &offered, &answered.return_to);
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
            refuse(&view)
        }
    }
}

fn entrance(organisation: OrganisationId, method: Method) -> Entrance {
    Entrance { organisation, method }
}

fn remembered(code: &OrganisationCode, remember: bool) -> axum::http::HeaderValue {
    if remember {
        cookie::set(cookie::ORGANISATION, code.as_str(), Life::Year)
    } else {
        cookie::clear(cookie::ORGANISATION)
    }
}

impl EnterOrganisation {
    /// Marks what was left empty.
    fn mistakes(&mut self, typed: &Typed) -> bool {
        let lang = self.page.lang;
        if typed.login.trim().is_empty() {
            self.login_error = Some(text::organisation::login_empty(lang).into());
        }
        if typed.password.is_empty() {
            self.password_error = Some(text::sign_in::password_empty(lang).into());
        }
        self.login_error.is_some() || self.password_error.is_some()
    }
}

impl Visitor {
    /// The organisation that a link names, with the ways in that open something now.
    pub(crate) async fn find_organisation(
        &self,
        code: &str,
    ) -> Result<Option<(Organisation, Vec<Method>)>, Error> {
        let Ok(code) = OrganisationCode::parse(code) else {
            return Ok(None);
        };
        let rules = self.app.rules.clone();
        let found = self.app.db.read(move |tx| {
            let Some(found) = organisation::find_by_code(tx, &code)? else {
                return Ok(None);
            };
            let offered = organisation::usable_methods(tx, &rules, found.id)?;
            Ok::<_, cabinet::Failure>(Some((found, offered)))
        });
        Ok(found.await?)
    }

    /// The organisation that a form or a link of another page names: an empty code is none.
    pub(crate) async fn organisation_of(&self, code: &str) -> Result<Option<Organisation>, Error> {
        if code.is_empty() {
            return Ok(None);
        }
        let Ok(code) = OrganisationCode::parse(code) else {
            return Err(Error::refused("organisation.unknown"));
        };
        let found = self.app.db.read(move |tx| organisation::find_by_code(tx, &code));
        match found.await? {
            Some(found) => Ok(Some(found)),
            None => Err(Error::refused("organisation.unknown")),
        }
    }

    /// The way into an organisation's page, for other pages that belong to it: an empty code is no organisation.
    pub(crate) async fn entrance(&self, code: &str, method: Method) -> Result<Option<Entrance>, Error> {
        let found = self.organisation_of(code).await?;
        Ok(found.map(|found| entrance(found.id, method)))
    }

    fn enter_view(&self, found: &Organisation, offered: &[Method], return_to: &str) -> EnterOrganisation {
        let mut page = Page {
            path: self.with_return_to(&format!("/o/{}", found.code), return_to),
            ..self.page(None)
        };
        if !found.support.is_empty() {
            page.support = found.support.iter().map(Support::from).collect();
        }
        let is_closed = found.closed_at.is_some();
        let ways = offered.iter().filter(|_| !is_closed);
        EnterOrganisation {
            code: found.code.to_string(),
            action: format!("/o/{}", found.code),
            short_name: found.short_name.clone(),
            name: Some(&found.name)
                .filter(|name| **name != found.short_name)
                .cloned()
                .unwrap_or_default(),
            place: place(found),
            other: self.with_return_to(&format!("/organisations?kind={}", found.kind.as_str()), return_to),
            return_to: self.kept(return_to),
            ways: ways
                .filter_map(|method| self.way(&page, found, method, return_to))
                .collect(),
            login: String::new(),
            login_error: None,
            password_error: None,
            remember: true,
            refusal: is_closed.then(|| self.refusal(&page, "organisation.closed")),
            page,
        }
    }

    /// The button of a way in; nothing where this installation does not have it.
    fn way(&self, page: &Page, found: &Organisation, method: &Method, return_to: &str) -> Option<Way> {
        match method {
            Method::Password => Some(Way::Password),
            Method::Certificate => {
                let path = format!("/sign-in?organisation={}", found.code);
                Some(Way::Link {
                    label: text::organisation::by_certificate(page.lang).to_owned(),
                    href: self.with_return_to(&path, return_to),
                })
            }
            Method::Provider(key) => {
                let provider = self.app.providers.get(&key.as_str().parse().ok()?)?;
                let label = &provider.settings().label;
                let label = match page.lang {
                    Lang::Ru => &label.ru,
                    Lang::Kk => &label.kk,
                    Lang::En => &label.en,
                };
                Some(Way::Provider {
                    label: label.clone(),
                    action: format!("/sign-in/provider/{}", provider.id()),
                    organisation: found.code.to_string(),
                })
            }
            Method::Passkey => Some(Way::Passkey {
                action: format!("/o/{}/passkey", found.code),
            }),
        }
    }
}
