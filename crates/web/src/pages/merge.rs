//! `/profile/merge`: two accounts of one person become one.

use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use cabinet::Secret;
use cabinet::binding::{Kind, SecondFactor};
use cabinet::contact::Slot;
use cabinet::merge::{self, Fate, Item, KeptPassword, MergeId, Stage, Subject};
use serde::Deserialize;
use text::{Lang, merge as say};

use super::provider::key;
use super::{refuse, show, signing};
use crate::cookie;
use crate::draft::Kept;
use crate::error::Error;
use crate::extract::{Form, Path, Query};
use crate::merge::CONFIRM;
use crate::passkey::{Answered, Used};
use crate::proof::{Answer, Posed, Signed};
use crate::second_factor::forget;
use crate::signed_in::Access;
use crate::view::Page;
use crate::view::error::ErrorKind;
use crate::view::merge::{MergeConfirm, MergeItem, MergeProve, MergeStart, ProofBy, RecentMerge};
use crate::view::second_factor::SecondFactorPage;
use crate::visitor::Visitor;
use crate::words::full_name;

const PAGE: &str = "/profile/merge";
const PROVE: &str = "/profile/merge/prove";

pub(super) fn routes() -> Router {
    Router::new()
        .route(PAGE, get(page).post(begin))
        .route(PROVE, get(prove_page))
        .route("/profile/merge/challenge", post(challenge))
        .route("/profile/merge/certificate", get(back_to_proof).post(certificate))
        .route("/profile/merge/password", get(back_to_proof).post(password))
        .route("/profile/merge/passkey", get(back_to_proof).post(passkey))
        .route("/profile/merge/provider/{id}", get(back_to_proof).post(provider))
        .route(CONFIRM, get(confirm_page).post(confirm))
        .route("/profile/merge/cancel", post(cancel))
        .route("/profile/merge/{id}/undo", post(undo))
}

#[derive(Deserialize)]
struct Shown {
    way: Option<String>,
    done: Option<String>,
}

async fn page(visitor: Visitor, Query(shown): Query<Shown>) -> Result<Response, Error> {
    let mut view = visitor.merge_page().await?;
    match shown.done.as_deref() {
        Some("merged") => view.done = view.recent.first().map(|merge| merge.until.clone()),
        Some("undone") => view.undone = true,
        _ => {}
    }
    show(&view)
}

/// Without a fresh proof there is nothing to begin (threats, SES-5).
async fn begin(visitor: Visitor) -> Result<Response, Error> {
    match visitor.begin_merge().await? {
        Some(secret) => Ok(visitor.to_merge(&secret, PROVE)),
        None => Err(Error::StepUp(Kept::nothing(PAGE))),
    }
}

async fn prove_page(visitor: Visitor, Query(shown): Query<Shown>) -> Result<Response, Error> {
    let by = match shown.way.as_deref() {
        Some("password") => ProofBy::Password,
        Some("other") => ProofBy::Other,
        _ => ProofBy::Certificate,
    };
    match visitor.merge_stage().await?.1 {
        Some(Stage::Proof) => Ok(signing(show(&visitor.merge_proof(by).await?)?)),
        Some(Stage::Word) => Ok(Redirect::to(CONFIRM).into_response()),
        None => Ok(Redirect::to(PAGE).into_response()),
    }
}

async fn back_to_proof() -> Redirect {
    Redirect::to(PROVE)
}

async fn challenge(visitor: Visitor) -> Result<Json<Posed>, Error> {
    Ok(Json(visitor.pose_merge().await?))
}

async fn certificate(visitor: Visitor, Form(signed): Form<Signed>) -> Result<Response, Error> {
    let answer = Answer::read(&signed.cms, None);
    let proven = visitor.merge_with_certificate(answer).await?;
    visitor.merge_proven(proven, ProofBy::Certificate, "").await
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
}

async fn password(visitor: Visitor, Form(typed): Form<Typed>) -> Result<Response, Error> {
    let proven = visitor
        .merge_with_password(typed.login.clone(), typed.password)
        .await?;
    visitor
        .merge_proven(proven, ProofBy::Password, &typed.login)
        .await
}

async fn passkey(visitor: Visitor, Form(answered): Form<Answered>) -> Result<Response, Error> {
    let proven = visitor
        .merge_with_passkey(Used::read(&answered.credential))
        .await?;
    visitor.merge_proven(proven, ProofBy::Other, "").await
}

async fn provider(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Error> {
    let key = key(&id)?;
    match visitor.depart_to_merge(&key).await? {
        Ok(address) => visitor.leave(&key, &address),
        Err(code) => visitor.merge_proven(Err(code), ProofBy::Other, "").await,
    }
}

async fn confirm_page(visitor: Visitor) -> Result<Response, Error> {
    show(&visitor.merge_confirmation().await?)
}

#[derive(Deserialize)]
struct Chosen {
    #[serde(default)]
    password: String,
}

async fn confirm(visitor: Visitor, Form(chosen): Form<Chosen>) -> Result<Response, Error> {
    let password = match chosen.password.as_str() {
        "other" => KeptPassword::Other,
        _ => KeptPassword::Own,
    };
    match visitor.confirm_merge(password).await? {
        None => Err(Error::StepUp(Kept::nothing(CONFIRM))),
        Some(Ok(_)) => Ok(no_longer(Redirect::to("/profile/merge?done=merged"))),
        Some(Err(refusal)) => {
            let mut view = visitor.merge_confirmation().await?;
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
            refuse(&view)
        }
    }
}

async fn cancel(visitor: Visitor) -> Result<Response, Error> {
    visitor.cancel_merge().await?;
    Ok(no_longer(Redirect::to("/profile/binding")))
}

async fn undo(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Error> {
    let id: MergeId = id.parse().map_err(|_| Error::Page(ErrorKind::NotFound))?;
    match visitor.undo_merge(id).await? {
        None => Err(Error::StepUp(Kept::nothing(PAGE))),
        Some(Ok(())) => Ok(Redirect::to("/profile/merge?done=undone").into_response()),
        Some(Err(refusal)) => {
            let mut view = visitor.merge_page().await?;
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
            refuse(&view)
        }
    }
}

/// The browser forgets the merge.
fn no_longer(redirect: Redirect) -> Response {
    let forget = AppendHeaders([(header::SET_COOKIE, cookie::clear(cookie::MERGING))]);
    (forget, redirect).into_response()
}

impl Visitor {
    /// The second factor of the other account was given on the page for it.
    pub(super) async fn merge_proven_by_factor(
        &self,
        proven: Result<Secret, &'static str>,
        mut view: SecondFactorPage,
    ) -> Result<Response, Error> {
        match proven {
            Ok(secret) => Ok((forget(), self.to_merge(&secret, CONFIRM)).into_response()),
            Err(code) if code.starts_with("merge.") => {
                self.merge_proven(Err(code), ProofBy::Certificate, "").await
            }
            Err(code) => {
                view.refusal = Some(self.refusal(&view.page, code));
                refuse(&view)
            }
        }
    }

    async fn merge_proven(
        &self,
        proven: Result<Secret, &'static str>,
        by: ProofBy,
        login: &str,
    ) -> Result<Response, Error> {
        match proven {
            Ok(secret) => Ok(self.to_merge(&secret, CONFIRM)),
            Err(code) => {
                let mut view = self.merge_proof(by).await?;
                login.clone_into(&mut view.login);
                view.refusal = Some(self.refusal(&view.page, code));
                Ok(signing(refuse(&view)?))
            }
        }
    }

    fn to_merge(&self, secret: &Secret, page: &'static str) -> Response {
        let cookie = AppendHeaders([(header::SET_COOKIE, self.merging_cookie(secret))]);
        (cookie, Redirect::to(page)).into_response()
    }

    async fn merge_page(&self) -> Result<MergeStart, Error> {
        let (session, done) = self
            .read(Access::Whole, |tx, visitor, session| {
                merge::list(tx, visitor.visit.now, session.account)
            })
            .await?;
        let page = Page {
            path: PAGE.into(),
            ..self.page(Some(&session))
        };
        let recent = done.into_iter().map(|merge| RecentMerge {
            id: merge.id.to_string(),
            name: full_name(page.lang, &merge.other),
            at: self.moment(merge.merged_at),
            until: self.moment(merge.undo_until),
        });
        Ok(MergeStart {
            recent: recent.collect(),
            done: None,
            undone: false,
            refusal: None,
            page,
        })
    }

    async fn merge_proof(&self, by: ProofBy) -> Result<MergeProve, Error> {
        let (session, _) = self.merge_stage().await?;
        Ok(MergeProve {
            page: Page {
                path: PROVE.into(),
                ..self.page(Some(&session))
            },
            by,
            rules: self.key_rules(),
            providers: self.provider_buttons(),
            login: String::new(),
            refusal: None,
        })
    }

    async fn merge_confirmation(&self) -> Result<MergeConfirm, Error> {
        let (session, preview) = self.merge_preview().await?;
        let page = Page {
            path: CONFIRM.into(),
            ..self.page(Some(&session))
        };
        let lang = page.lang;
        let refusal = preview.as_ref().err().map(|refusal| refusal.code());
        let preview = preview.ok();
        let items = |fate: Fate| -> Vec<MergeItem> {
            let all = preview.iter().flat_map(|preview| &preview.items);
            all.filter(|item| item.fate == fate)
                .map(|item| shown(lang, item))
                .collect()
        };
        Ok(MergeConfirm {
            name: preview
                .as_ref()
                .map(|preview| full_name(lang, &preview.other))
                .unwrap_or_default(),
            moves: items(Fate::Moves),
            stays: items(Fate::Stays),
            two_passwords: preview.as_ref().is_some_and(|preview| preview.two_passwords),
            refusal: refusal.map(|code: &'static str| self.refusal(&page, code)),
            page,
        })
    }
}

fn shown(lang: Lang, item: &Item) -> MergeItem {
    let (icon, kind) = match item.subject {
        Subject::Way(Kind::Certificate) => ("file", say::way_certificate(lang)),
        Subject::Way(Kind::Password) => ("lock", say::way_password(lang)),
        Subject::Way(Kind::Passkey) => ("key", say::way_passkey(lang)),
        Subject::Way(Kind::ExternalIdentity) => ("person", say::way_identity(lang)),
        Subject::Factor(SecondFactor::Totp | SecondFactor::Passkey) => ("phone", say::factor_totp(lang)),
        Subject::Factor(SecondFactor::Sms) => ("mail", say::factor_sms(lang)),
        Subject::Factor(SecondFactor::RecoveryCode) => ("file", say::factor_recovery_code(lang)),
        Subject::Contact(Slot::Email) => ("mail", text::contact::email(lang)),
        Subject::Contact(Slot::ExtraEmail) => ("mail", text::contact::extra_email(lang)),
        Subject::Contact(Slot::Phone) => ("phone", text::contact::phone(lang)),
        Subject::Contact(Slot::ExtraPhone) => ("phone", text::contact::extra_phone(lang)),
        Subject::PersonId => ("card", say::person_id(lang)),
        Subject::Membership => ("person", say::membership(lang)),
    };
    MergeItem {
        icon,
        kind,
        name: item.name.clone(),
    }
}
