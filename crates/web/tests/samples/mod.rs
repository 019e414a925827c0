//! A sample of every page in every state, for the test of all pages and for the gallery.

use askama::Template;
use text::Lang;
use web::view::{Page, Refusal, Support, SupportKind};

mod account;
mod binding;
mod certificates;
mod merge;
mod organisation;
mod outside;
mod provider;
mod recovery;
mod remote_key;
mod unknown_certificate;

/// A rendered page.
pub(crate) struct Sample {
    /// What it shows, as a file name.
    pub(crate) name: String,
    pub(crate) html: String,
}

/// Every page in every state.
pub(crate) fn all(lang: Lang) -> Vec<Sample> {
    let mut samples = outside::samples(lang);
    samples.extend(account::samples(lang));
    samples.extend(binding::samples(lang));
    samples.extend(certificates::samples(lang));
    samples.extend(merge::samples(lang));
    samples.extend(organisation::samples(lang));
    samples.extend(provider::samples(lang));
    samples.extend(recovery::samples(lang));
    samples.extend(remote_key::samples(lang));
    samples.extend(unknown_certificate::samples(lang));
    samples
}

fn sample(name: &str, view: &impl Template) -> Sample {
    let html = view.render().unwrap();
    Sample {
        name: name.to_owned(),
        html,
    }
}

/// The frame before sign-in.
fn visitor(lang: Lang) -> Page {
    let label = |ru: &str, kk: &str, en: &str| match lang {
        Lang::Ru => ru.to_owned(),
        Lang::Kk => kk.to_owned(),
        Lang::En => en.to_owned(),
    };
    let support = |label, kind, value: &str| Support {
        label,
        kind,
        value: value.into(),
    };
    Page {
        lang,
        product: label("Открытый Алматы", "Ашық Алматы", "Open Almaty"),
        person: None,
        organisation: None,
        csrf: "dG9rZW4".into(),
        path: "/".into(),
        support: vec![
            support(
                label("Единая справка", "Бірыңғай анықтама", "City desk"),
                SupportKind::Phone,
                "1308",
            ),
            support(
                label(
                    "Управление образования",
                    "Білім басқармасы",
                    "Education department",
                ),
                SupportKind::Phone,
                "+7 (727) 338-33-88",
            ),
            support(
                label("Служба поддержки", "Қолдау қызметі", "Support"),
                SupportKind::Mail,
                "support@open-almaty.example",
            ),
        ]
        .into(),
        version: "0.1.0",
        demo: false,
        idle_minutes: 0,
    }
}

/// The frame of a person who is signed in; the name is long on purpose.
fn person(lang: Lang) -> Page {
    Page {
        person: Some("Әбдірахманқызы Гүлбаршын-Ұлжан Ерланқызы".into()),
        organisation: Some("МБОУ СОШ № 30 п/р Луговое".into()),
        idle_minutes: 30,
        ..visitor(lang)
    }
}

fn refusal(lang: Lang, code: &'static str) -> Refusal {
    let words = text::refusal::by_code(lang, code).unwrap();
    Refusal {
        code,
        what: words.what.into(),
        why: words.why.into(),
        now: words.now.into(),
        reference: "01k4-7f3q-9d2m".into(),
    }
}
