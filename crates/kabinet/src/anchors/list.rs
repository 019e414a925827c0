//! What a configuration trusts now.

use std::sync::Arc;

use data_encoding::HEXUPPER;
use esign::certificate::Certificate;
use esign::revocation::Crl;
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, RevocationRule};
use remote::revocation::SourceLists;

use super::judge::{Judgement, Place};
use super::{Answer, List, about, sheets};
use crate::config::{self, Config};
use crate::inspect::sheet::Sheet;

/// Every group with its certificates and lists.
pub(super) fn list(arguments: &List, now: UnixTime) -> anyhow::Result<Answer> {
    let config = Config::load(&arguments.file.config, &config::environment())?;
    let trust = Arc::new(config.trust()?);
    let revocation = config.revocation(&trust)?;
    let mut is_sound = true;
    let groups: Vec<_> = trust
        .groups()
        .iter()
        .map(|group| {
            let known = revocation.as_ref();
            let sources = known.map_or_else(Vec::new, |known| known.lists(&group.id));
            let answer = describe(group, &sources, now);
            is_sound &= answer.is_sound;
            answer.sheet
        })
        .collect();
    Ok(Answer {
        sheet: Sheet::default().with("groups", sheets(groups)),
        is_sound,
    })
}

fn describe(group: &AnchorGroup, sources: &[SourceLists], now: UnixTime) -> Answer {
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
    let is_fresh = |source: &SourceLists| {
        !source.lists.is_empty() && source.lists.iter().all(|list| state(list, now) == State::Fresh)
    };
    is_sound &= !is_asked || sources.iter().all(is_fresh);
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
            sheets(sources.iter().flat_map(|source| revocation_lists(source, now))),
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
    /// The server has not fetched it yet, or cannot use what it fetched.
    Missing,
}

impl State {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::NotYet => "not_yet",
            Self::Endless => "endless",
            Self::Missing => "missing",
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

/// The lists of a source, or that it has none.
fn revocation_lists(source: &SourceLists, now: UnixTime) -> Vec<Sheet> {
    let from = || Sheet::default().with("source", source.source.as_str());
    if source.lists.is_empty() {
        let missing = from().with("state", State::Missing.as_str());
        return vec![missing.with("problem", source.problem.clone())];
    }
    let lists = source.lists.iter().map(|list| {
        from()
            .with("issuer", list.issuer().to_string())
            .with("number", list.number().map(|number| HEXUPPER.encode(number)))
            .with("is_delta", list.is_delta())
            .with("this_update", list.this_update())
            .with("next_update", list.next_update())
            .with("entries", list.len())
            .with("state", state(list, now).as_str())
    });
    lists.collect()
}
