//! Through an outside provider, and both identities side by side.

use cabinet::sign_in::federation::Likeness;
use text::Lang;
use web::view::linking::{ContactRow, IdRow, Linking};
use web::view::provider::{Departing, DirectoryPassword, NotLinked, ProviderButton, ProviderProblem};

use super::{Sample, person, refusal, sample, visitor};

pub(super) fn button() -> ProviderButton {
    ProviderButton {
        id: "state".into(),
        label: "Госуслуги".into(),
    }
}

pub(crate) fn samples(lang: Lang) -> Vec<Sample> {
    let mut all = ways(lang);
    all.extend(linkings(lang));
    all
}

fn ways(lang: Lang) -> Vec<Sample> {
    let not_linked = NotLinked {
        page: visitor(lang),
        provider: "Госуслуги".into(),
        name: "Сериков Асхат Қайратұлы".into(),
        until: "14:20".into(),
    };
    let nameless = NotLinked {
        page: person(lang),
        name: String::new(),
        ..not_linked.clone()
    };
    let problem = ProviderProblem {
        page: visitor(lang),
        refusal: refusal(lang, "federation.gone"),
        provider: Some("Госуслуги".into()),
        again: Some("/sign-in/provider/state".into()),
        sign_out_there: None,
        way_back: "/sign-in".into(),
        return_to: String::new(),
    };
    let stale = ProviderProblem {
        page: person(lang),
        refusal: refusal(lang, "provider.not_fresh"),
        sign_out_there: Some("https://gov.example/logout".into()),
        way_back: "/step-up".into(),
        ..problem.clone()
    };
    let elsewhere = ProviderProblem {
        page: person(lang),
        refusal: refusal(lang, "federation.linked_elsewhere"),
        again: None,
        way_back: "/profile/binding".into(),
        ..problem.clone()
    };
    let departing = Departing {
        page: visitor(lang),
        provider: "Госуслуги".into(),
        address: "https://state.example/authorise?state=1&nonce=2".into(),
    };
    let password = DirectoryPassword {
        page: visitor(lang),
        provider: "Школьная сеть".into(),
        action: "/sign-in/provider/school/password?state=1".into(),
        login: String::new(),
        login_error: None,
        password_error: None,
        refusal: None,
    };
    let wrong = DirectoryPassword {
        login: "aigul".into(),
        refusal: Some(refusal(lang, "provider.password_wrong")),
        ..password.clone()
    };
    let empty = DirectoryPassword {
        login_error: Some(text::provider::login_empty(lang).into()),
        password_error: Some(text::sign_in::password_empty(lang).into()),
        ..password.clone()
    };
    vec![
        sample("directory-password", &password),
        sample("directory-password-wrong", &wrong),
        sample("directory-password-empty", &empty),
        sample("provider-departing", &departing),
        sample("provider-not-linked", &not_linked),
        sample("provider-not-linked-nameless", &nameless),
        sample("provider-problem", &problem),
        sample("provider-problem-stale", &stale),
        sample("provider-problem-elsewhere", &elsewhere),
    ]
}

fn linkings(lang: Lang) -> Vec<Sample> {
    let id = |label: &str, there: Option<&str>, here: Option<&str>| IdRow {
        label: label.into(),
        there: there.map(str::to_owned),
        here: here.map(str::to_owned),
    };
    let contact = |value: &str| ContactRow {
        key: value.into(),
        value: value.into(),
        is_verified: true,
        is_known: false,
        replaces: None,
        is_chosen: true,
    };
    let same = Linking {
        page: person(lang),
        provider: "Госуслуги".into(),
        name_there: "Әбдірахманқызы Гүлбаршын-Ұлжан Ерланқызы".into(),
        name_here: "Әбдірахманқызы Гүлбаршын-Ұлжан Ерланқызы".into(),
        names: Likeness::Same,
        ids: vec![
            id("ИИН", Some("900101300007"), Some("900101300007")),
            id("СНИЛС", Some("112-233-445 95"), None),
        ],
        contacts: vec![
            contact("gulbarshyn@mail.example"),
            ContactRow {
                is_known: true,
                ..contact("+7 (707) 555-55-55")
            },
            ContactRow {
                is_verified: false,
                is_chosen: false,
                replaces: Some("old@mail.example".into()),
                ..contact("second@mail.example")
            },
        ],
        replaces: None,
        difference_seen: false,
        replace: false,
        until: "14:20".into(),
        refusal: None,
    };
    let differ = Linking {
        name_there: "Сериков Асхат".into(),
        names: Likeness::Differ,
        ids: vec![id("ИИН", None, Some("900101300007"))],
        replaces: Some("Гүлбаршын".into()),
        refusal: Some(refusal(lang, "federation.not_acknowledged")),
        ..same.clone()
    };
    vec![sample("linking", &same), sample("linking-differ", &differ)]
}
