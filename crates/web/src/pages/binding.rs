//! `/profile/binding`: certificates, password, sessions, history.

use axum::Router;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use cabinet::Failure;
use cabinet::account::{self, Profile};
use cabinet::audit::{self, Line};
use cabinet::binding::{self, Authenticator, AuthenticatorId, Kind, SecondFactor};
use cabinet::contact::{self, E164};
use cabinet::session::{self, OpenSession, Session, device_name};
use cabinet::sign_in::federation::StatedContact;
use db::Tx;
use serde::Deserialize;

use super::{refuse, show};
use crate::draft::Kept;
use crate::error::Error;
use crate::extract::{Path, Query};
use crate::signed_in::Access;
use crate::view::Page;
use crate::view::binding::{
    Binding, Done, Factors, HistoryRow, IdentityCard, Method, NewContact, OwnFactor, PasskeyRow, SessionRow,
};
use crate::view::error::ErrorKind;
use crate::view::provider::ProviderButton;
use crate::visitor::Visitor;

const PAGE: &str = "/profile/binding";
/// Lines of history on the page.
const HISTORY: u32 = 50;

pub(super) fn routes() -> Router {
    Router::new()
        .route(PAGE, get(page))
        .route("/profile/certificates/{id}/remove", post(remove))
}

#[derive(Deserialize)]
struct Flash {
    done: Option<String>,
}

async fn page(visitor: Visitor, Query(flash): Query<Flash>) -> Result<Response, Error> {
    let mut view = visitor.binding().await?;
    view.done = match flash.done.as_deref() {
        Some("password-set") => Some(Done::PasswordSet),
        Some("password-changed") => Some(Done::PasswordChanged),
        Some("certificate-removed") => Some(Done::CertificateRemoved),
        Some("totp-set") => Some(Done::TotpSet),
        Some("sms-set") => Some(Done::SmsSet),
        Some("factor-removed") => Some(Done::FactorRemoved),
        Some("passkey-bound") => Some(Done::PasskeyBound),
        Some("passkey-renamed") => Some(Done::PasskeyRenamed),
        Some("passkey-removed") => Some(Done::PasskeyRemoved),
        Some("linked") => Some(Done::Linked),
        Some("linked-contacts") => Some(Done::LinkedWithContacts),
        Some("unlinked") => Some(Done::Unlinked),
        Some("resumed") => Some(Done::Resumed),
        Some("answered") => Some(Done::Answered),
        Some("session-ended") => Some(Done::SessionEnded),
        Some("others-ended") => Some(Done::OthersEnded),
        _ => None,
    };
    show(&view)
}

async fn remove(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Error> {
    let id: AuthenticatorId = id.parse().map_err(|_| Error::Page(ErrorKind::NotFound))?;
    let removed = visitor.act(Access::Whole, move |tx, visitor, session| {
        let (rules, visit) = (&visitor.app.rules, &visitor.visit);
        match session.step_up(tx, rules, visit)? {
            Ok(fresh) => Ok(binding::remove_certificate(tx, rules, visit, &fresh, id)?.map(Some)),
            Err(_) => Ok(Ok(None)),
        }
    });
    match removed.await? {
        Ok(Some(())) => Ok(Redirect::to("/profile/binding?done=certificate-removed").into_response()),
        Ok(None) => Err(Error::StepUp(Kept::nothing(PAGE))),
        Err(refusal) => refused(&visitor, refusal.code()).await,
    }
}

/// The page again, with a refusal.
pub(super) async fn refused(visitor: &Visitor, code: &'static str) -> Result<Response, Error> {
    let mut view = visitor.binding().await?;
    view.refusal = Some(visitor.refusal(&view.page, code));
    refuse(&view)
}

/// What the page shows.
struct Everything {
    profile: Profile,
    ways: Vec<Authenticator>,
    factors: Vec<binding::OwnFactor>,
    phone: Option<E164>,
    sessions: Vec<OpenSession>,
    history: Vec<Line>,
}

fn look(tx: &mut Tx<'_>, visitor: &Visitor, session: &Session) -> Result<Everything, Failure> {
    Ok(Everything {
        profile: account::profile(tx, session.account)?,
        ways: binding::list(tx, &visitor.app.rules, visitor.visit.now, session.account)?,
        factors: binding::list_second_factors(tx, session.account)?,
        phone: contact::confirmed_phone(tx, session.account)?,
        sessions: session::list(tx, &visitor.app.rules, &visitor.visit, session)?,
        history: audit::history(tx, session.account, HISTORY)?,
    })
}

impl Visitor {
    async fn binding(&self) -> Result<Binding, Error> {
        let (session, all) = self.read(Access::Enrolment, look).await?;
        let page = Page {
            path: PAGE.into(),
            ..self.page(Some(&session))
        };
        let (lang, ids) = (page.lang, Self::person_ids(page.lang, &all.profile));
        let password = all.ways.iter().find(|way| way.kind == Kind::Password);
        let card = |way: &Authenticator| self.certificate_card(lang, way, &ids, session.authenticator);
        let mut sessions: Vec<SessionRow> = all.sessions.iter().map(|open| self.session_row(open)).collect();
        sessions.sort_by_key(|row| !row.current);
        let identities: Vec<IdentityCard> = all
            .ways
            .iter()
            .filter_map(|way| self.identity_card(lang, way, session.authenticator))
            .collect();
        let is_linked = |button: &ProviderButton| {
            let mut linked = all.ways.iter().filter_map(|way| way.identity.as_ref());
            linked.any(|identity| identity.provider.as_str() == button.id)
        };
        let mut to_link = self.provider_buttons();
        to_link.retain(|button| !is_linked(button));
        Ok(Binding {
            identities,
            to_link,
            certificates: all.ways.iter().filter_map(card).collect(),
            password_since: password.map(|way| self.day(way.bound_at)),
            passkeys: all
                .ways
                .iter()
                .filter_map(|way| self.passkey_row(way, session.authenticator))
                .collect(),
            factors: self.factors(&all),
            owed: session.owes_second_factor,
            sessions,
            history: all
                .history
                .iter()
                .map(|line| self.history_row(lang, line))
                .collect(),
            done: None,
            refusal: None,
            page,
        })
    }

    fn passkey_row(&self, way: &Authenticator, opened_by: AuthenticatorId) -> Option<PasskeyRow> {
        let data = way.passkey.as_ref()?;
        Some(PasskeyRow {
            id: way.id.to_string(),
            name: data.name.clone(),
            added: self.day(way.bound_at),
            last_used: way.last_used_at.map(|at| self.moment(at)).unwrap_or_default(),
            is_backed_up: data.is_backed_up,
            current: way.id == opened_by,
        })
    }

    fn factors(&self, all: &Everything) -> Factors {
        let find = |factor| all.factors.iter().find(|own| own.factor == factor);
        let own = |factor| {
            find(factor).map(|own| OwnFactor {
                id: own.id.map(|id| id.to_string()).unwrap_or_default(),
                since: own.bound_at.map(|at| self.day(at)).unwrap_or_default(),
                last_used: own.last_used_at.map(|at| self.moment(at)).unwrap_or_default(),
            })
        };
        Factors {
            totp: own(SecondFactor::Totp),
            sms: own(SecondFactor::Sms),
            phone: all.phone.as_ref().map(E164::masked).unwrap_or_default(),
            codes_left: find(SecondFactor::RecoveryCode).and_then(|own| u64::try_from(own.codes_left).ok()),
        }
    }

    fn identity_card(
        &self,
        lang: text::Lang,
        way: &Authenticator,
        opened_by: AuthenticatorId,
    ) -> Option<IdentityCard> {
        let identity = way.identity.as_ref()?;
        let new_contact = |contact: &StatedContact| NewContact {
            key: contact.key(),
            value: contact.value.display(),
        };
        let never = || text::provider::never_used(lang).to_owned();
        Some(IdentityCard {
            id: way.id.to_string(),
            provider: self.provider_label(&identity.provider, self.visit.language),
            name: text::name::from_capitals(&identity.name),
            linked_at: self.moment(way.bound_at),
            last_used: way.last_used_at.map_or_else(never, |at| self.moment(at)),
            assurance: identity.assurance.clone(),
            state: identity.state,
            current: way.id == opened_by,
            is_only_way: way.is_only_way,
            new_contacts: identity.new_contacts.iter().map(new_contact).collect(),
        })
    }

    fn session_row(&self, open: &OpenSession) -> SessionRow {
        SessionRow {
            id: open.id.to_string(),
            device: device_name(&open.device),
            address: open.address.clone(),
            opened_at: self.moment(open.opened_at),
            last_seen: self.moment(open.last_seen_at),
            method: match open.opened_by {
                Kind::Certificate => Method::Certificate,
                Kind::Password => Method::Password,
                Kind::ExternalIdentity => Method::Provider,
                Kind::Passkey => Method::Passkey,
            },
            current: open.is_current,
        }
    }

    fn history_row(&self, lang: text::Lang, line: &Line) -> HistoryRow {
        let from = [device_name(&line.device), line.address.clone()];
        HistoryRow {
            at: self.moment(line.at),
            event: crate::words::event(lang, line.act).into(),
            detail: from
                .iter()
                .filter(|part| !part.is_empty())
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(" · "),
        }
    }
}
