//! `/profile/certificates`: every certificate of the account, the one that signs by default, and renewal ahead of time.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use cabinet::binding::{self, AuthenticatorId};
use cabinet::renewal::{self, Renewal, RenewalId, RenewalState};
use cabinet::session::Session;
use cabinet::{Failure, account};
use db::Tx;
use esign::certificate::Certificate;
use serde::Deserialize;
use text::Lang;

use super::{refuse, show, signing};
use crate::error::Error;
use crate::extract::{Form, Path, Query};
use crate::proof::{Answer, Posed, Signed};
use crate::signed_in::Access;
use crate::view::certificate::CertificateCard;
use crate::view::certificates::{Certificates, Done, NewRenewal, RenewalRow, SignRenewal};
use crate::view::error::ErrorKind;
use crate::view::{Page, Refusal};
use crate::visitor::Visitor;

pub(super) const PAGE: &str = "/profile/certificates";
const NEW: &str = "/profile/renewals/new";
const SIGN: &str = "/profile/renewals/sign";

pub(super) fn routes() -> Router {
    Router::new()
        .route(PAGE, get(page))
        .route("/profile/certificates/{id}/default", post(choose))
        .route("/profile/certificates/{id}/download", get(download))
        .route(NEW, get(new_page).post(new))
        .route("/profile/renewals/challenge", post(challenge))
        .route(SIGN, get(sign_page).post(sign))
        .route("/profile/renewals/{id}/revoke", post(revoke))
        .route("/profile/renewals/{id}/statement", get(statement))
        .route("/profile/renewals/{id}/signature", get(signature))
}

#[derive(Deserialize)]
struct Flash {
    done: Option<String>,
}

async fn page(visitor: Visitor, Query(flash): Query<Flash>) -> Result<Response, Error> {
    let mut view = visitor.certificates().await?;
    view.done = match flash.done.as_deref() {
        Some("added") => Some(Done::Added),
        Some("removed") => Some(Done::Removed),
        Some("chosen") => Some(Done::Chosen),
        Some("prepared") => Some(Done::Prepared),
        Some("revoked") => Some(Done::Revoked),
        _ => None,
    };
    show(&view)
}

async fn choose(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Error> {
    match visitor.choose_certificate(authenticator(&id)?).await? {
        Ok(()) => Ok(Redirect::to("/profile/certificates?done=chosen").into_response()),
        Err(refusal) => visitor.certificates_refused(refusal.code()).await,
    }
}

async fn download(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Error> {
    let certificate = visitor.own_certificate(authenticator(&id)?).await?;
    let name = data_encoding::HEXUPPER.encode(certificate.serial());
    Ok(attached(
        "application/pkix-cert",
        &format!("{name}.cer"),
        certificate.der().to_vec(),
    ))
}

async fn new_page(visitor: Visitor) -> Result<Response, Error> {
    let (session, ()) = visitor.read(Access::Whole, |_, _, _| Ok(())).await?;
    show(&visitor.new_renewal(Some(&session), None))
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    certificate: String,
}

async fn new(visitor: Visitor, Form(given): Form<Given>) -> Result<Response, Error> {
    match visitor.offer_renewal(given.certificate.as_bytes()).await? {
        Ok(()) => Ok(Redirect::to(SIGN).into_response()),
        Err(refusal) => {
            let session = visitor.session().await?;
            refuse(&visitor.new_renewal(session.as_ref(), Some(refusal.code())))
        }
    }
}

async fn challenge(visitor: Visitor) -> Result<Json<Posed>, Error> {
    Ok(Json(visitor.pose_renewal().await?))
}

async fn sign_page(visitor: Visitor) -> Result<Response, Error> {
    match visitor.offered_renewal().await? {
        (_, None) => Ok(Redirect::to(NEW).into_response()),
        (session, Some(successor)) => Ok(signing(show(&visitor.sign_renewal(&session, &successor))?)),
    }
}

async fn sign(visitor: Visitor, Form(signed): Form<Signed>) -> Result<Response, Error> {
    let Err(code) = visitor.make_renewal(Answer::read(&signed.cms, None)).await? else {
        return Ok(Redirect::to("/profile/certificates?done=prepared").into_response());
    };
    let (session, Some(successor)) = visitor.offered_renewal().await? else {
        let session = visitor.session().await?;
        return refuse(&visitor.new_renewal(session.as_ref(), Some(code)));
    };
    let mut view = visitor.sign_renewal(&session, &successor);
    view.refusal = Some(visitor.refusal(&view.page, code));
    Ok(signing(refuse(&view)?))
}

async fn revoke(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Error> {
    match visitor.revoke_renewal(renewal_id(&id)?).await? {
        Ok(()) => Ok(Redirect::to("/profile/certificates?done=revoked").into_response()),
        Err(refusal) => visitor.certificates_refused(refusal.code()).await,
    }
}

async fn statement(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Error> {
    let evidence = visitor.renewal_evidence(renewal_id(&id)?).await?;
    let text = evidence.statement.into_bytes();
    Ok(attached("text/plain; charset=utf-8", "statement.txt", text))
}

async fn signature(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Error> {
    let evidence = visitor.renewal_evidence(renewal_id(&id)?).await?;
    Ok(attached(
        "application/pkcs7-signature",
        "statement.p7s",
        evidence.signature,
    ))
}

/// A file to keep; nothing of it is shown by the browser (threats, DOC-3).
fn attached(media: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    if let Ok(disposition) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    let policy = HeaderName::from_static("x-content-type-options");
    headers.insert(policy, HeaderValue::from_static("nosniff"));
    response
}

fn authenticator(id: &str) -> Result<AuthenticatorId, Error> {
    id.parse().map_err(|_| Error::Page(ErrorKind::NotFound))
}

fn renewal_id(id: &str) -> Result<RenewalId, Error> {
    id.parse().map_err(|_| Error::Page(ErrorKind::NotFound))
}

/// What the page shows.
struct Seen {
    profile: account::Profile,
    ways: Vec<binding::Authenticator>,
    default: Option<AuthenticatorId>,
    renewals: Vec<Renewal>,
}

fn look(tx: &mut Tx<'_>, visitor: &Visitor, session: &Session) -> Result<Seen, Failure> {
    let ways = binding::list(tx, &visitor.app.rules, visitor.visit.now, session.account)?;
    Ok(Seen {
        profile: account::profile(tx, session.account)?,
        default: binding::default_certificate(tx, session.account, &ways)?,
        renewals: renewal::list(tx, session.account)?,
        ways,
    })
}

impl Visitor {
    async fn certificates(&self) -> Result<Certificates, Error> {
        let (session, seen) = self.read(Access::Whole, look).await?;
        let page = Page {
            path: PAGE.into(),
            ..self.page(Some(&session))
        };
        let (lang, ids) = (page.lang, Self::person_ids(page.lang, &seen.profile));
        let cards = seen.ways.iter().filter_map(|way| {
            let card = self.certificate_card(lang, way, &ids, session.authenticator)?;
            Some(CertificateCard {
                is_default: seen.default == Some(way.id),
                may_choose: true,
                ..card
            })
        });
        let (former, certificates) = cards.partition(CertificateCard::is_former);
        Ok(Certificates {
            certificates,
            former,
            renewals: seen
                .renewals
                .iter()
                .map(|made| self.renewal_row(lang, made))
                .collect(),
            done: None,
            refusal: None,
            page,
        })
    }

    async fn certificates_refused(&self, code: &'static str) -> Result<Response, Error> {
        let mut view = self.certificates().await?;
        view.refusal = Some(self.refusal(&view.page, code));
        refuse(&view)
    }

    fn renewal_row(&self, lang: Lang, made: &Renewal) -> RenewalRow {
        RenewalRow {
            id: made.id.to_string(),
            serial: made.serial.clone(),
            made: text::renewal::made(lang, &self.moment(made.made_at)),
            state: match made.state {
                RenewalState::Waiting => text::renewal::waiting(lang).to_owned(),
                RenewalState::Used { at } => text::renewal::used(lang, &self.day(at)),
                RenewalState::Revoked { at } => text::renewal::revoked(lang, &self.day(at)),
            },
            is_waiting: made.state == RenewalState::Waiting,
        }
    }

    fn new_renewal(&self, session: Option<&Session>, code: Option<&'static str>) -> NewRenewal {
        let page = Page {
            path: NEW.into(),
            ..self.page(session)
        };
        let refusal: Option<Refusal> = code.map(|code| self.refusal(&page, code));
        NewRenewal { page, refusal }
    }

    fn sign_renewal(&self, session: &Session, successor: &Certificate) -> SignRenewal {
        let page = Page {
            path: SIGN.into(),
            ..self.page(Some(session))
        };
        SignRenewal {
            card: self.card_of(page.lang, successor, &self.group_of(successor)),
            rules: self.key_rules(),
            refusal: None,
            page,
        }
    }

    /// The anchor group whose authority the certificate names as its issuer; empty: none.
    pub(super) fn group_of(&self, certificate: &Certificate) -> String {
        let issuer = certificate.issuer().to_string();
        let issues = |authority: &Certificate| authority.subject().to_string() == issuer;
        let mut groups = self.app.trust.groups().iter();
        let group = groups.find(|group| group.anchors.iter().chain(&group.intermediates).any(issues));
        group.map(|group| group.id.clone()).unwrap_or_default()
    }

    /// Makes a certificate the one that signs by default.
    pub(crate) async fn choose_certificate(
        &self,
        id: AuthenticatorId,
    ) -> Result<Result<(), binding::RemovalRefusal>, Error> {
        self.act(Access::Whole, move |tx, visitor, session| {
            binding::choose_default_certificate(tx, &visitor.visit, session, id)
        })
        .await
    }

    /// A certificate of the person, as its authority made it.
    pub(crate) async fn own_certificate(&self, id: AuthenticatorId) -> Result<Certificate, Error> {
        let (_, ways) = self
            .read(Access::Whole, |tx, visitor, session| {
                binding::list(tx, &visitor.app.rules, visitor.visit.now, session.account)
            })
            .await?;
        let own = ways.into_iter().find(|way| way.id == id);
        let certificate = own.and_then(|way| way.certificate?.certificate);
        certificate.ok_or(Error::Page(ErrorKind::NotFound))
    }
}
