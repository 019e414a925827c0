//! `/profile/binding`: whether all is well, the ways in, sessions, history.

use axum::Router;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use cabinet::Failure;
use cabinet::account::{self, Profile};
use cabinet::audit::Line;
use cabinet::binding::{self, Authenticator, AuthenticatorId, Kind, SecondFactor};
use cabinet::contact::Contacts;
use cabinet::security::{self, Security};
use cabinet::session::{OpenSession, Session, device_name};
use cabinet::sign_in::federation::StatedContact;
use db::Tx;
use serde::Deserialize;
use text::Lang;

use super::security::joined;
use super::{refuse, show};
use crate::draft::Kept;
use crate::error::Error;
use crate::extract::{Path, Query};
use crate::signed_in::Access;
use crate::view::Page;
use crate::view::binding::{
    Binding, Done, Factors, HistoryRow, IdentityCard, Method, NewContact, OwnFactor, PasskeyRow, SessionRow,
};
use crate::view::certificate::CertificateCard;
use crate::view::error::ErrorKind;
use crate::view::provider::ProviderButton;
use crate::visitor::Visitor;

const PAGE: &str = "/profile/binding";

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
        Some("recovered") => Some(Done::Recovered),
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

fn look(tx: &mut Tx<'_>, visitor: &Visitor, session: &Session) -> Result<(Profile, Security), Failure> {
    let profile = account::profile(tx, session.account)?;
    let seen = security::look(tx, &visitor.app.rules, &visitor.visit, session)?;
    Ok((profile, seen))
}

impl Visitor {
    async fn binding(&self) -> Result<Binding, Error> {
        let (session, (profile, all)) = self.read(Access::Enrolment, look).await?;
        let page = Page {
            path: PAGE.into(),
            ..self.page(Some(&session))
        };
        let (lang, ids, current) = (
            page.lang,
            Self::person_ids(page.lang, &profile),
            session.authenticator,
        );
        let password = all.ways.iter().find(|way| way.kind == Kind::Password);
        let cards = all
            .ways
            .iter()
            .filter_map(|way| self.certificate_card(lang, way, &ids, current));
        let (former, certificates) = cards.partition(CertificateCard::is_former);
        let mut sessions: Vec<SessionRow> = all.sessions.iter().map(|open| self.session_row(open)).collect();
        sessions.sort_by_key(|row| !row.current);
        Ok(Binding {
            checks: self.checks(lang, &session, &all),
            identities: each(&all.ways, |way| self.identity_card(lang, way, current)),
            to_link: self.to_link(&all.ways),
            certificates,
            former,
            password: password.map(|way| {
                self.record(
                    lang,
                    text::security::password_bound,
                    way.bound_at,
                    way.last_used_at,
                )
            }),
            passkeys: each(&all.ways, |way| self.passkey_row(lang, way, current)),
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

    /// Providers that are not linked yet.
    fn to_link(&self, ways: &[Authenticator]) -> Vec<ProviderButton> {
        let is_linked = |button: &ProviderButton| {
            let mut linked = ways.iter().filter_map(|way| way.identity.as_ref());
            linked.any(|identity| identity.provider.as_str() == button.id)
        };
        let mut buttons = self.provider_buttons();
        buttons.retain(|button| !is_linked(button));
        buttons
    }

    fn passkey_row(&self, lang: Lang, way: &Authenticator, opened_by: AuthenticatorId) -> Option<PasskeyRow> {
        let data = way.passkey.as_ref()?;
        Some(PasskeyRow {
            id: way.id.to_string(),
            name: data.name.clone(),
            record: self.record(lang, text::passkey::added, way.bound_at, way.last_used_at),
            is_backed_up: data.is_backed_up,
            current: way.id == opened_by,
        })
    }

    fn factors(&self, all: &Security) -> Factors {
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
            phone: phone(&all.contacts),
            codes_left: find(SecondFactor::RecoveryCode).and_then(|own| u64::try_from(own.codes_left).ok()),
        }
    }

    fn identity_card(
        &self,
        lang: Lang,
        way: &Authenticator,
        opened_by: AuthenticatorId,
    ) -> Option<IdentityCard> {
        let identity = way.identity.as_ref()?;
        let new_contact = |contact: &StatedContact| NewContact {
            key: contact.key(),
            value: contact.value.display(),
        };
        Some(IdentityCard {
            id: way.id.to_string(),
            provider: self.provider_label(&identity.provider, self.visit.language),
            name: text::name::from_capitals(&identity.name),
            record: self.record(
                lang,
                text::security::identity_bound,
                way.bound_at,
                way.last_used_at,
            ),
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
            near: open.is_near,
            opened_at: self.moment(open.opened_at),
            last_seen: self.moment(open.last_seen_at),
            method: method(open.opened_by),
            current: open.is_current,
        }
    }

    fn history_row(&self, lang: Lang, line: &Line) -> HistoryRow {
        let by = line.by().map(|kind| method(kind).words(lang).to_owned());
        let from = [
            by.unwrap_or_default(),
            device_name(&line.device),
            line.address.clone(),
        ];
        HistoryRow {
            at: self.moment(line.at),
            event: crate::words::event(lang, line.act).into(),
            new_device: line.is_of_new_device(),
            detail: joined(&from),
        }
    }
}

/// What `row` makes of each.
fn each<T>(ways: &[Authenticator], row: impl Fn(&Authenticator) -> Option<T>) -> Vec<T> {
    ways.iter().filter_map(row).collect()
}

/// The confirmed phone, masked.
fn phone(contacts: &Contacts) -> String {
    let in_force = contacts.phone.in_force.as_ref();
    in_force.map(|current| current.value.masked()).unwrap_or_default()
}

const fn method(kind: Kind) -> Method {
    match kind {
        Kind::Certificate => Method::Certificate,
        Kind::Password => Method::Password,
        Kind::ExternalIdentity => Method::Provider,
        Kind::Passkey => Method::Passkey,
    }
}
