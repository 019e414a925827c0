//! What a configuration trusts now.

use std::sync::Arc;

use data_encoding::HEXUPPER;
use esign::certificate::Certificate;
use esign::revocation::{Crl, Evidence};
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, RevocationRule};

use super::judge::{Judgement, Place};
use super::{Answer, List, about, sheets};
use crate::config::{self, Config};
use crate::inspect::sheet::Sheet;

/// Every group with its certificates and lists.
pub(super) fn list(arguments: &List, now: UnixTime) -> anyhow::Result<Answer> {
    let config = Config::load(&arguments.file.config, &config::environment())?;
    let trust = Arc::new(config.trust()?);
    config.revocation(&trust)?;
    let mut is_sound = true;
    let groups: Vec<_> = trust
        .groups()
        .iter()
        .map(|group| {
            let evidence = trust.evidence(&group.id).unwrap_or_default();
            let answer = describe(group, &evidence, now);
            is_sound &= answer.is_sound;
            answer.sheet
        })
        .collect();
    Ok(Answer {
        sheet: Sheet::default().with("groups", sheets(groups)),
        is_sound,
    })
}

fn describe(group: &AnchorGroup, evidence: &Evidence, now: UnixTime) -> Answer {
    let mut is_sound = true;
    let mut judged = |certificates: &[Certificate], place| {
        let judged = certificates.iter().map(|certificate| {
            let judgement = Judgement::of(certificate, place, now);
            is_sound &= judgement.is_sound();
            about(certificate, &judgement)
        });
        sheets(judged.collect::<Vec<_>>())
    };
    let anchors = judged(&group.anchors, Place::Anchor);
    let intermediates = judged(&group.intermediates, Place::Intermediate);
    let is_asked = [group.revocation.sign_in, group.revocation.sign]
        .iter()
        .any(|rule| *rule != RevocationRule::NotAsked);
    let lists = evidence.crls();
    is_sound &= !is_asked || lists.iter().all(|list| state(list, now) == State::Fresh);
    let sheet = Sheet::default()
        .with("id", group.id.as_str())
        .with("profile", group.profile.as_str())
        .with(
            "person_ids",
            group
                .person_ids
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
        )
        .with("anchors", anchors)
        .with("intermediates", intermediates)
        .with("revocation_asked", is_asked)
        .with(
            "revocation_lists",
            sheets(lists.iter().map(|list| revocation_list(list, now))),
        );
    Answer { sheet, is_sound }
}

/// Whether a list may be believed now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Fresh,
    Stale,
    NotYet,
    /// It does not say until when, so it never counts.
    Endless,
}

impl State {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::NotYet => "not_yet",
            Self::Endless => "endless",
        }
    }
}

fn state(list: &Crl, now: UnixTime) -> State {
    match list.next_update() {
        _ if now < list.this_update() => State::NotYet,
        None => State::Endless,
        Some(next) if next < now => State::Stale,
        Some(_) => State::Fresh,
    }
}

fn revocation_list(list: &Crl, now: UnixTime) -> Sheet {
    Sheet::default()
        .with("issuer", list.issuer().to_string())
        .with("number", list.number().map(|number| HEXUPPER.encode(number)))
        .with("is_delta", list.is_delta())
        .with("this_update", list.this_update())
        .with("next_update", list.next_update())
        .with("entries", list.len())
        .with("state", state(list, now).as_str())
}
