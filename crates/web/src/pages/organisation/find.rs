use axum::Json;
use axum::response::{IntoResponse as _, Redirect, Response};
use cabinet::Failure;
use cabinet::fold::fold;
use cabinet::organisation::{
    self, Found, KindId, Locality, LocalityId, Organisation, OrganisationCode, Region, RegionId, Wanted,
};
use db::Tx;
use serde::Deserialize;
use text::Lang;
use url::form_urlencoded::Serializer;

use crate::error::Error;
use crate::extract::Query;
use crate::pages::{refuse, show};
use crate::view::error::ErrorKind;
use crate::view::organisation::{Chosen, FindOrganisation, Group, KindTab, More, Pick, Results};
use crate::visitor::Visitor;

/// Organisations on a page, and as many while one types.
const PAGE: usize = 20;

/// What was chosen and typed so far. What cannot be read was not chosen.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    kind: String,
    region: String,
    locality: String,
    q: String,
    after: String,
    /// A link that says which organisation it is.
    organisation: String,
    return_to: String,
}

/// What the storage says to that.
struct Choices {
    kind: Option<KindId>,
    region: Option<Region>,
    locality: Option<Locality>,
    regions: Vec<Region>,
    localities: Vec<Locality>,
    found: Found,
}

/// Skipped where a link or this device says which organisation it is (B-7.a).
pub(super) async fn page(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Error> {
    if let Ok(code) = OrganisationCode::parse(&asked.organisation) {
        return Ok(visitor.to_organisation(&code, &asked.return_to).into_response());
    }
    if let Some(code) = visitor.remembered.as_ref().filter(|_| asked.kind.is_empty()) {
        return Ok(visitor.to_organisation(code, &asked.return_to).into_response());
    }
    let view = visitor.find_view(asked).await?;
    show(&view)
}

/// The results alone, for the page's script.
pub(super) async fn found(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Json<Results>, Error> {
    let choices = visitor.choices(&asked).await?;
    Ok(Json(results(visitor.page(None).lang, &asked, &choices)))
}

impl Visitor {
    fn to_organisation(&self, code: &OrganisationCode, return_to: &str) -> Redirect {
        Redirect::to(&self.with_return_to(&format!("/o/{code}"), return_to))
    }

    /// The page to choose on, for a link that led nowhere.
    pub(super) async fn no_such_organisation(&self) -> Result<Response, Error> {
        let mut view = self.find_view(Asked::default()).await?;
        view.refusal = Some(self.refusal(&view.page, "organisation.unknown"));
        let mut response = refuse(&view)?;
        *response.status_mut() = axum::http::StatusCode::NOT_FOUND;
        Ok(response)
    }

    /// Whether this network may look for organisations now.
    pub(crate) fn may_search(&self) -> Result<(), Error> {
        if self.app.searches.take(self.visit.address, self.visit.now) {
            Ok(())
        } else {
            Err(Error::Page(ErrorKind::TooMany { minutes: 1 }))
        }
    }

    async fn find_view(&self, mut asked: Asked) -> Result<FindOrganisation, Error> {
        asked.return_to = self.kept(&asked.return_to);
        let choices = self.choices(&asked).await?;
        let session = self.session().await?;
        let page = self.page(session.as_ref());
        let results = results(page.lang, &asked, &choices);
        Ok(FindOrganisation {
            kinds: self.kind_tabs(&asked, &choices),
            chosen: chosen(page.lang, &asked, &choices),
            carried: asked.carried(&choices),
            text: asked.q.clone(),
            results,
            refusal: None,
            page,
        })
    }

    async fn choices(&self, asked: &Asked) -> Result<Choices, Error> {
        self.may_search()?;
        let asked = asked.clone();
        let kinds = &self.app.rules.organisation.kinds;
        let kind = kinds.iter().find(|kind| kind.id.as_str() == asked.kind);
        let kind = kind.or(kinds.first()).map(|kind| kind.id.clone());
        let choices = self
            .app
            .db
            .read_heavy(move |tx| choices(tx, &asked, kind.as_ref()));
        Ok(choices.await?)
    }

    fn kind_tabs(&self, asked: &Asked, choices: &Choices) -> Vec<KindTab> {
        let tab = |kind: &organisation::OrganisationKind| KindTab {
            label: kind.label.in_language(self.language(None)).to_owned(),
            href: address(&[("kind", kind.id.as_str()), ("return_to", &asked.return_to)]),
            current: Some(&kind.id) == choices.kind.as_ref(),
        };
        self.app.rules.organisation.kinds.iter().map(tab).collect()
    }
}

fn choices(tx: &mut Tx<'_>, asked: &Asked, kind: Option<&KindId>) -> Result<Choices, Failure> {
    let Some(kind) = kind else {
        return Ok(Choices::none());
    };
    let mut regions = organisation::list_regions(tx, kind)?;
    let region = asked
        .region
        .parse::<RegionId>()
        .ok()
        .and_then(|id| regions.iter().find(|region| region.id == id).cloned());
    let mut localities = match &region {
        Some(region) => organisation::list_localities(tx, kind, region.id, "")?,
        None => Vec::new(),
    };
    let asked_locality = asked.locality.parse::<LocalityId>().ok();
    let locality = match localities.as_slice() {
        // a city that is a region of its own needs no second question
        [only] if asked.q.is_empty() => Some(only.clone()),
        all => asked_locality.and_then(|id| all.iter().find(|place| place.id == id).cloned()),
    };
    let text = fold(&asked.q);
    regions.retain(|place| region.is_none() && fold(&place.name).contains(&text));
    localities.retain(|place| locality.is_none() && fold(&place.name).contains(&text));
    let wanted = Wanted {
        kind: Some(kind),
        region: region.as_ref().map(|region| region.id),
        locality: locality.as_ref().map(|locality| locality.id),
        text: &asked.q,
        after: asked.after.parse().ok(),
        limit: PAGE,
    };
    let looks = locality.is_some() || !text.is_empty();
    let found = if looks {
        organisation::search(tx, &wanted)?
    } else {
        Found::default()
    };
    Ok(Choices {
        kind: Some(kind.clone()),
        region,
        locality,
        regions,
        localities,
        found,
    })
}

impl Choices {
    fn none() -> Self {
        Self {
            kind: None,
            region: None,
            locality: None,
            regions: Vec::new(),
            localities: Vec::new(),
            found: Found::default(),
        }
    }

    fn kind(&self) -> &str {
        self.kind.as_ref().map(KindId::as_str).unwrap_or_default()
    }
}

impl Asked {
    /// What the form carries on beside what is typed into it.
    fn carried(&self, choices: &Choices) -> Vec<(&'static str, String)> {
        let region = choices.region.as_ref().map(|region| region.id.to_string());
        let locality = choices.locality.as_ref().map(|locality| locality.id.to_string());
        let all = [
            ("kind", choices.kind().to_owned()),
            ("region", region.unwrap_or_default()),
            ("locality", locality.unwrap_or_default()),
            ("return_to", self.return_to.clone()),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

fn chosen(lang: Lang, asked: &Asked, choices: &Choices) -> Vec<Chosen> {
    let (kind, back) = (choices.kind(), asked.return_to.as_str());
    let region = choices.region.as_ref().map(|region| Chosen {
        label: text::organisation::regions(lang),
        name: region.name.clone(),
        href: address(&[("kind", kind), ("return_to", back)]),
    });
    let locality = choices.locality.as_ref().map(|locality| Chosen {
        label: text::organisation::localities(lang),
        name: locality.name.clone(),
        href: address(&[
            ("kind", kind),
            ("region", &locality.region.to_string()),
            ("return_to", back),
        ]),
    });
    region.into_iter().chain(locality).collect()
}

fn results(lang: Lang, asked: &Asked, choices: &Choices) -> Results {
    use text::organisation as words;
    let (kind, back) = (choices.kind(), asked.return_to.as_str());
    let region = |region: &Region| Pick {
        name: region.name.clone(),
        about: String::new(),
        href: address(&[
            ("kind", kind),
            ("region", &region.id.to_string()),
            ("return_to", back),
        ]),
    };
    let locality = |place: &Locality| Pick {
        name: place.name.clone(),
        about: String::new(),
        href: address(&[
            ("kind", kind),
            ("region", &place.region.to_string()),
            ("locality", &place.id.to_string()),
            ("return_to", back),
        ]),
    };
    let found = &choices.found;
    let organisation = |found: &Organisation| Pick {
        name: found.short_name.clone(),
        about: about(found),
        href: with_return_to(&format!("/o/{}", found.code), back),
    };
    let group = |title, picks: Vec<Pick>| Group { title, picks };
    let mut groups = vec![
        group(words::regions(lang), choices.regions.iter().map(region).collect()),
        group(
            words::localities(lang),
            choices.localities.iter().map(locality).collect(),
        ),
        group(
            words::organisations(lang),
            found.organisations.iter().map(organisation).collect(),
        ),
    ];
    groups.retain(|group| !group.picks.is_empty());
    Results {
        said: said(lang, asked, choices, groups.is_empty()),
        groups,
        more: more(lang, asked, choices),
    }
}

fn said(lang: Lang, asked: &Asked, choices: &Choices, is_nothing: bool) -> String {
    use text::organisation as words;
    let count = choices.found.organisations.len() as u64;
    if is_nothing && asked.q.is_empty() {
        words::none(lang).to_owned()
    } else if is_nothing {
        words::nothing(lang).to_owned()
    } else if asked.q.is_empty() || count == 0 {
        String::new()
    } else if choices.found.has_more {
        words::found_more(lang).to_owned()
    } else {
        words::found(lang, count)
    }
}

/// Lists of one place go on; what was found anywhere is narrowed by another word.
fn more(lang: Lang, asked: &Asked, choices: &Choices) -> Option<More> {
    let locality = choices.locality.as_ref().filter(|_| choices.found.has_more)?;
    let last = choices.found.organisations.last()?;
    Some(More {
        words: text::organisation::more(lang),
        href: address(&[
            ("kind", choices.kind()),
            ("region", &locality.region.to_string()),
            ("locality", &locality.id.to_string()),
            ("q", &asked.q),
            ("after", &last.id.to_string()),
            ("return_to", &asked.return_to),
        ]),
    })
}

/// What tells an organisation from others of the same name.
fn about(found: &Organisation) -> String {
    let full = (found.name != found.short_name).then_some(found.name.as_str());
    let parts = full.into_iter().map(str::to_owned).chain([place(found)]);
    parts.collect::<Vec<_>>().join(" · ")
}

/// «Сахалинская обл., Луговое»; a city that is a region of its own once.
pub(super) fn place(found: &Organisation) -> String {
    if fold(&found.region_name).contains(&fold(&found.locality_name)) {
        return found.region_name.clone();
    }
    format!("{}, {}", found.region_name, found.locality_name)
}

fn address(query: &[(&str, &str)]) -> String {
    let mut written = Serializer::new(String::new());
    written.extend_pairs(query.iter().filter(|(_, value)| !value.is_empty()));
    format!("/organisations?{}", written.finish())
}

fn with_return_to(path: &str, return_to: &str) -> String {
    if return_to.is_empty() {
        return path.to_owned();
    }
    let mut query = Serializer::new(String::new());
    query.append_pair("return_to", return_to);
    format!("{path}?{}", query.finish())
}
