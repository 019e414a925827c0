//! Pages that are the same for every stranger but for the token of their forms and the time: written once per
//! language, then only filled in.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use askama::Template;
use axum::response::Response;
use cabinet::organisation;
use text::date;

use super::{page, show};
use crate::error::Error;
use crate::language::lang;
use crate::view::Page;
use crate::view::sign_in::{SignInCertificate, SignInPassword};
use crate::view::start::Start;
use crate::visitor::Visitor;

/// Written in place of what differs; no text and no configuration holds them.
const TOKEN: &str = "\u{10fffd}token\u{10fffd}";
const NOW: &str = "\u{10fffd}now\u{10fffd}";

/// Seconds that a look for organisations counts.
const LOOK_EVERY: i64 = 10;

/// Pages by path and language.
type Pages = RwLock<HashMap<(&'static str, &'static str), Arc<Written>>>;

/// The pages written so far, without and with organisations.
#[derive(Default)]
pub(crate) struct Standing {
    pages: [Pages; 2],
    has_organisations: AtomicBool,
    /// When it was last looked for organisations, in seconds.
    looked_at: AtomicI64,
}

/// The pieces between the gaps, and what fills the gap after each.
struct Written {
    pieces: Vec<(String, Option<Gap>)>,
    length: usize,
}

#[derive(Clone, Copy)]
enum Gap {
    Token,
    Now,
}

/// A page that can be written with gaps.
pub(super) trait Gaps: Template {
    fn page(&mut self) -> &mut Page;

    /// Where the page names the time.
    fn now(&mut self) -> Option<&mut String> {
        None
    }
}

impl Gaps for Start {
    fn page(&mut self) -> &mut Page {
        &mut self.page
    }
}

impl Gaps for SignInPassword {
    fn page(&mut self) -> &mut Page {
        &mut self.page
    }
}

impl Gaps for SignInCertificate {
    fn page(&mut self) -> &mut Page {
        &mut self.page
    }

    fn now(&mut self) -> Option<&mut String> {
        Some(&mut self.rules.now)
    }
}

impl Visitor {
    /// Whether there are organisations to sign in through, as far as was seen. Once there are some, there always are.
    pub(super) fn knows_organisations(&self) -> bool {
        self.standing.has_organisations.load(Ordering::Relaxed)
    }

    /// Looks for organisations now and then until there are some: an operator may bring them in while the server runs.
    pub(super) async fn look_for_organisations(&self) -> Result<(), Error> {
        let now = self.visit.now.as_seconds();
        let is_fresh = now < self.standing.looked_at.load(Ordering::Relaxed) + LOOK_EVERY;
        if self.knows_organisations() || is_fresh {
            return Ok(());
        }
        self.standing.looked_at.store(now, Ordering::Relaxed);
        if self.app.db.read(organisation::is_any).await? {
            self.standing.has_organisations.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// The page at `path` for a stranger. Asked for with anything beside its path it is written anew.
    pub(super) fn show_standing<T: Gaps>(
        &self,
        path: &'static str,
        view: impl FnOnce() -> T,
    ) -> Result<Response, Error> {
        if self.path != path {
            return show(&view());
        }
        let key = (path, lang(self.visit.language).code());
        let [without, with] = &self.standing.pages;
        let pages = if self.knows_organisations() { with } else { without };
        let known = pages
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .cloned();
        let written = if let Some(written) = known {
            written
        } else {
            let written = Arc::new(Written::new(view())?);
            pages
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(key, Arc::clone(&written));
            written
        };
        let now = date::machine(self.visit.now.as_seconds());
        Ok(page(written.fill(&self.csrf(), &now)))
    }
}

impl Written {
    fn new(mut view: impl Gaps) -> Result<Self, askama::Error> {
        TOKEN.clone_into(&mut view.page().csrf);
        if let Some(now) = view.now() {
            NOW.clone_into(now);
        }
        let page = view.render()?;
        let mut pieces = Vec::new();
        let mut rest = page.as_str();
        while let Some((piece, gap, after)) = next_gap(rest) {
            pieces.push((piece.to_owned(), Some(gap)));
            rest = after;
        }
        pieces.push((rest.to_owned(), None));
        Ok(Self {
            pieces,
            length: page.len(),
        })
    }

    fn fill(&self, token: &str, now: &str) -> String {
        let mut page = String::with_capacity(self.length + self.pieces.len() * token.len());
        for (piece, gap) in &self.pieces {
            page.push_str(piece);
            match gap {
                Some(Gap::Token) => page.push_str(token),
                Some(Gap::Now) => page.push_str(now),
                None => {}
            }
        }
        page
    }
}

/// The text before the first gap, the gap, and the text after it.
fn next_gap(text: &str) -> Option<(&str, Gap, &str)> {
    let token = text
        .split_once(TOKEN)
        .map(|(before, after)| (before, Gap::Token, after));
    let now = text
        .split_once(NOW)
        .map(|(before, after)| (before, Gap::Now, after));
    match (token, now) {
        (Some(token), Some(now)) => Some(if token.0.len() < now.0.len() { token } else { now }),
        (token, now) => token.or(now),
    }
}
