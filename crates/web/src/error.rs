//! What a request ends with when it does not end well: one type for pages and the API, turned into words, once, by
//! the gate.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::fmt::Write as _;
use std::sync::Arc;

use askama::Template as _;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use cabinet::Failure;
use esign::verdict::Code;
use serde::Serialize;
use tokio::time::error::Elapsed;

use crate::language::lang;
use crate::pool::Undone;
use crate::view::error::{ErrorKind, ErrorPage};
use crate::visitor::Visitor;

/// Why there is no proper answer.
#[derive(Debug, Clone)]
pub(crate) enum Error {
    /// The request itself cannot be served.
    Page(ErrorKind),
    /// Only for people who are signed in.
    SignIn,
    /// The same, where a session ended under a form: what was typed is kept.
    SignInAgain(crate::draft::Kept),
    /// Only after a fresh proof. The draft, if any, is already kept.
    StepUp(crate::draft::Kept),
    /// The first proof was right; nothing is open before the second factor was given.
    SecondFactor(crate::second_factor::Needed),
    /// The certificate is good, and no account holds it: it waits for the proof of one.
    CertificateUnknown,
    /// Only after a second factor was set up.
    SecondFactorOwed,
    /// Only after the first entry is complete.
    FirstEntry,
    /// A use case refused, where no form can show it; perhaps for single fields, each with its code.
    Refused {
        code: &'static str,
        status: StatusCode,
        fields: Vec<(&'static str, &'static str)>,
    },
    /// Nobody's fault in this conversation.
    Failure(Arc<Failure>),
}

/// An error of the API, as RFC 9457 has it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Problem {
    /// `urn:kabinet:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// What happened, in the language of the request.
    title: String,
    status: u16,
    /// Why, where it can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'static str>,
    /// The stable code.
    code: &'static str,
    /// The clause of the standard, where a signature or certificate broke its rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<&'static str>,
    /// The second factors that may be given, last used first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ways: Vec<&'static str>,
    /// Codes of single fields.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<&'static str, &'static str>,
    /// The reference of this request, also in the log.
    reference: String,
}

impl Error {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Page(kind) => {
                StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Self::SignIn | Self::SignInAgain(_) => StatusCode::UNAUTHORIZED,
            Self::StepUp(_)
            | Self::FirstEntry
            | Self::SecondFactor(_)
            | Self::SecondFactorOwed
            | Self::CertificateUnknown => StatusCode::FORBIDDEN,
            Self::Refused { status, .. } => *status,
            Self::Failure(failure) if is_temporary(failure) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failure(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Page(kind) => match kind {
                ErrorKind::BadRequest => "request.malformed",
                ErrorKind::StaleForm => "request.forbidden",
                ErrorKind::NotFound => "page.not_found",
                ErrorKind::WrongMethod => "request.wrong_method",
                ErrorKind::TooLarge => "request.too_large",
                ErrorKind::WrongHost => "request.wrong_host",
                ErrorKind::TooMany { .. } => "request.too_many",
                ErrorKind::Internal => "server.failed",
                ErrorKind::Unavailable => "server.busy",
            },
            Self::SignIn | Self::SignInAgain(_) => "session.gone",
            Self::StepUp(_) => "step_up.required",
            Self::SecondFactor(_) => "second_factor.needed",
            Self::SecondFactorOwed => "second_factor.owed",
            Self::CertificateUnknown => "certificate.unknown",
            Self::FirstEntry => "first_entry.required",
            Self::Refused { code, .. } => code,
            Self::Failure(failure) if is_temporary(failure) => "server.busy",
            Self::Failure(_) => "server.failed",
        }
    }

    /// A refusal of a use case, for a program.
    pub(crate) fn refused(code: &'static str) -> Self {
        let status = match code {
            "session.gone" => StatusCode::UNAUTHORIZED,
            "step_up.required" => StatusCode::FORBIDDEN,
            "organisation.closed" | "organisation.method_not_offered" | "organisation.not_member" => {
                StatusCode::FORBIDDEN
            }
            "contact.stale"
            | "federation.linked_elsewhere"
            | "federation.already_linked"
            | "certificate.account_exists"
            | "certificate.already_bound" => StatusCode::CONFLICT,
            "federation.gone"
            | "merge.gone"
            | "merge.undo_over"
            | "federation.used"
            | "certificate.waits_no_longer"
            | "federation.given_up"
            | "link.used"
            | "link.replaced"
            | "link.expired"
            | "recovery.gone"
            | "second_factor.gone" => StatusCode::GONE,
            _ if code.ends_with(".not_found") || matches!(code, "link.gone" | "organisation.unknown") => {
                StatusCode::NOT_FOUND
            }
            _ if code.contains(".too_many") || code.ends_with(".too_soon") => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::Refused {
            code,
            status,
            fields: Vec::new(),
        }
    }

    fn fields(&self) -> BTreeMap<&'static str, &'static str> {
        match self {
            Self::Refused { fields, .. } => fields.iter().copied().collect(),
            _ => BTreeMap::new(),
        }
    }

    /// The whole answer, for a browser or for a program.
    pub(crate) async fn answer(&self, visitor: &Visitor) -> Response {
        self.log(visitor);
        let mut response = if visitor.wants_json {
            self.problem(visitor)
        } else {
            self.page(visitor).await
        };
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        if let Self::SecondFactor(needed) = self {
            response
                .headers_mut()
                .append(header::SET_COOKIE, needed.cookie.clone());
        }
        if let Self::Page(ErrorKind::TooMany { minutes }) = self {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(minutes * 60));
        }
        response
    }

    fn problem(&self, visitor: &Visitor) -> Response {
        let words = text::refusal::by_code(lang(visitor.visit.language), self.code());
        let problem = Problem {
            kind: format!("urn:kabinet:problem:{}", self.code()),
            title: words.map_or_else(|| self.code().to_owned(), |words| words.what.to_owned()),
            status: self.status().as_u16(),
            detail: words.map(|words| words.why).filter(|why| !why.is_empty()),
            code: self.code(),
            clause: Code::from_text(self.code()).map(Code::clause),
            ways: match self {
                Self::SecondFactor(needed) => needed.ways.iter().map(|way| way.as_str()).collect(),
                _ => Vec::new(),
            },
            fields: self.fields(),
            reference: visitor.visit.request_id.clone(),
        };
        let media = (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        (self.status(), [media], Json(problem)).into_response()
    }

    async fn page(&self, visitor: &Visitor) -> Response {
        let kind = match self {
            Self::SignIn => return visitor.to_sign_in().into_response(),
            Self::SignInAgain(kept) => return kept.to_sign_in(visitor),
            Self::StepUp(kept) => return kept.to_step_up(visitor),
            Self::FirstEntry => return Redirect::to("/first-entry/code").into_response(),
            Self::SecondFactor(needed) => {
                return Redirect::to(&visitor.with_return_to("/second-factor", &needed.return_to))
                    .into_response();
            }
            Self::CertificateUnknown => return Redirect::to("/new-certificate").into_response(),
            Self::SecondFactorOwed => return Redirect::to("/profile/binding").into_response(),
            Self::Page(kind) => *kind,
            Self::Refused {
                status: StatusCode::NOT_FOUND,
                ..
            } => ErrorKind::NotFound,
            Self::Refused { .. } => ErrorKind::BadRequest,
            Self::Failure(failure) if is_temporary(failure) => ErrorKind::Unavailable,
            Self::Failure(_) => ErrorKind::Internal,
        };
        let person = match kind {
            // Under another name nobody is signed in, and a storage in trouble is not asked again.
            ErrorKind::WrongHost | ErrorKind::Internal | ErrorKind::Unavailable => None,
            _ => visitor.session().await.unwrap_or_default(),
        };
        let page = ErrorPage {
            page: visitor.page(person.as_ref()),
            kind,
            reference: visitor.visit.request_id.clone(),
            base_url: visitor.app.rules.base_url.to_string(),
        };
        match page.render() {
            Ok(page) => (self.status(), Html(page)).into_response(),
            Err(_) => self.status().into_response(),
        }
    }

    pub(crate) fn log(&self, visitor: &Visitor) {
        if let Self::Failure(failure) = self {
            let mut causes = failure.to_string();
            let mut source = failure.source();
            while let Some(cause) = source {
                // Writing into a `String` does not fail.
                let _ = write!(causes, ": {cause}");
                source = cause.source();
            }
            tracing::error!(request = visitor.visit.request_id, causes, "a request failed");
        }
    }
}

/// The storage is full, busy or being restarted: the same request may succeed in a moment.
fn is_temporary(failure: &Failure) -> bool {
    failure
        .source()
        .and_then(|cause| cause.downcast_ref())
        .is_some_and(db::Error::is_temporary)
}

/// The gate finds the error in the answer's extensions: only it knows the visitor.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Failure(Arc::new(failure))
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        Failure::from(error).into()
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Failure::new(error).into()
    }
}

impl From<Undone> for Error {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::Busy => Self::Page(ErrorKind::Unavailable),
            Undone::Panicked => Failure::new(undone).into(),
        }
    }
}

impl From<Elapsed> for Error {
    fn from(_: Elapsed) -> Self {
        Self::Page(ErrorKind::BadRequest)
    }
}
