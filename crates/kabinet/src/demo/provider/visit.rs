//! What a person does: choose, agree, go back to the portal (OpenID Connect Core 1.0 §3.1.2).

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::{Router, routing};
use serde::Deserialize;
use text::Lang;
use url::Url;
use url::form_urlencoded::parse;

use super::grant::Grant;
use super::page::{Choose, Consent, Refused};
use super::people::{RESIDENTS, Resident};
use super::{CLIENT_ID, Provider};

const STYLE: &str = include_str!("../../../templates/demo_provider/style.css");

/// A request of the portal, as it stands in the address.
#[derive(Default)]
struct Request {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    state: String,
    nonce: Option<String>,
    code_challenge: String,
    code_challenge_method: String,
    ui_locales: String,
}

#[derive(Deserialize)]
struct Chosen {
    request: String,
    subject: String,
}

#[derive(Deserialize)]
struct Answered {
    request: String,
    answer: Answer,
    subject: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Answer {
    Allow,
    Cancel,
    Fail,
}

pub(super) fn routes() -> Router<Arc<Provider>> {
    Router::new()
        .route("/authorise", routing::get(choose))
        .route("/consent", routing::post(consent))
        .route("/answer", routing::post(answer))
        .route("/style.css", routing::get(style))
}

async fn choose(State(provider): State<Arc<Provider>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let request = Request::read(&query);
    if !request.is_of(&provider) {
        return refused(&provider, request.lang());
    }
    let page = Choose {
        lang: request.lang(),
        request: &query,
        residents: RESIDENTS,
    };
    show(&provider, StatusCode::OK, &page)
}

async fn consent(State(provider): State<Arc<Provider>>, Form(chosen): Form<Chosen>) -> Response {
    let request = Request::read(&chosen.request);
    match find(&chosen.subject).filter(|_| request.is_of(&provider)) {
        None => refused(&provider, request.lang()),
        Some(resident) => {
            let page = Consent {
                lang: request.lang(),
                request: &chosen.request,
                portal: &provider.portal_name,
                resident,
            };
            show(&provider, StatusCode::OK, &page)
        }
    }
}

async fn answer(State(provider): State<Arc<Provider>>, Form(answered): Form<Answered>) -> Response {
    let request = Request::read(&answered.request);
    let Some(mut back) = request.redirect().filter(|_| request.is_of(&provider)) else {
        return refused(&provider, request.lang());
    };
    let resident = answered.subject.as_deref().and_then(find);
    let code = match (answered.answer, resident) {
        (Answer::Allow, Some(resident)) => {
            let code = provider.grants.issue(request.granted_by(resident));
            code.ok_or("temporarily_unavailable")
        }
        (Answer::Cancel, _) => Err("access_denied"),
        (Answer::Allow | Answer::Fail, _) => Err("server_error"),
    };
    match code {
        Ok(code) => back.query_pairs_mut().append_pair("code", &code),
        Err(error) => back.query_pairs_mut().append_pair("error", error),
    };
    back.query_pairs_mut()
        .append_pair("state", &request.state)
        .append_pair("iss", &provider.issuer);
    Redirect::to(back.as_str()).into_response()
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

impl Request {
    fn read(query: &str) -> Self {
        let mut request = Self::default();
        for (name, value) in parse(query.as_bytes()) {
            let value = value.into_owned();
            match name.as_ref() {
                "response_type" => request.response_type = value,
                "client_id" => request.client_id = value,
                "redirect_uri" => request.redirect_uri = value,
                "state" => request.state = value,
                "nonce" => request.nonce = Some(value),
                "code_challenge" => request.code_challenge = value,
                "code_challenge_method" => request.code_challenge_method = value,
                "ui_locales" => request.ui_locales = value,
                _ => {}
            }
        }
        request
    }

    /// Only the portal is answered, and only at its own address.
    fn is_of(&self, provider: &Provider) -> bool {
        self.client_id == CLIENT_ID
            && self.redirect_uri == provider.redirect_uri
            && self.response_type == "code"
            && self.code_challenge_method == "S256"
            && !self.code_challenge.is_empty()
    }

    fn redirect(&self) -> Option<Url> {
        self.redirect_uri.parse().ok()
    }

    fn lang(&self) -> Lang {
        let mut wished = self.ui_locales.split(' ').filter_map(Lang::from_code);
        wished.next().unwrap_or(Lang::Ru)
    }

    fn granted_by(&self, resident: &'static Resident) -> Grant {
        Grant {
            resident,
            redirect_uri: self.redirect_uri.clone(),
            nonce: self.nonce.clone(),
            code_challenge: self.code_challenge.clone(),
        }
    }
}

fn find(subject: &str) -> Option<&'static Resident> {
    RESIDENTS.iter().find(|resident| resident.subject == subject)
}

fn refused(provider: &Provider, lang: Lang) -> Response {
    show(provider, StatusCode::BAD_REQUEST, &Refused { lang })
}

fn show(provider: &Provider, status: StatusCode, page: &impl Template) -> Response {
    let Ok(html) = page.render() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    // A form's redirect back to the portal is an act of the form.
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action 'self' {}; base-uri 'none'; frame-ancestors 'none'",
        provider.portal
    );
    let mut headers = HeaderMap::new();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        let _: Option<HeaderValue> = headers.insert::<HeaderName>(name, HeaderValue::from_static(value));
    }
    (status, headers, Html(html)).into_response()
}
