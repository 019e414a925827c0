//! Signing in through an organisation, and the organisations one belongs to.

use text::Lang;
use web::view::organisation::{
    Chosen, EnterOrganisation, FindOrganisation, Group, KindTab, MembershipCard, More, MyOrganisations, Pick,
    Results, Way,
};

use super::{Sample, person, refusal, sample, visitor};

pub(crate) fn samples(lang: Lang) -> Vec<Sample> {
    let mut all = find(lang);
    all.extend(enter(lang));
    all.extend(mine(lang));
    all
}

fn find(lang: Lang) -> Vec<Sample> {
    let tab = |label: &str, current| KindTab {
        label: label.into(),
        href: "/organisations?kind=education".into(),
        current,
    };
    let pick = |name: &str, about: &str| Pick {
        name: name.into(),
        about: about.into(),
        href: "/o/lugovoe-30".into(),
    };
    let begun = FindOrganisation {
        page: visitor(lang),
        kinds: vec![
            tab("Образовательная организация", true),
            tab("Управление образованием", false),
        ],
        chosen: Vec::new(),
        carried: vec![("kind", "education".into())],
        text: String::new(),
        results: Results {
            said: String::new(),
            groups: vec![Group {
                title: text::organisation::regions(lang),
                picks: vec![pick("Алматы", ""), pick("Сахалинская обл.", "")],
            }],
            more: None,
        },
        refusal: None,
    };
    let found = FindOrganisation {
        text: "30 луговое".into(),
        chosen: vec![Chosen {
            label: text::organisation::regions(lang),
            name: "Сахалинская обл.".into(),
            href: "/organisations".into(),
        }],
        results: Results {
            said: text::organisation::found(lang, 1),
            groups: vec![Group {
                title: text::organisation::organisations(lang),
                picks: vec![pick("МБОУ СОШ № 30 п/р Луговое", "Сахалинская обл., Луговое")],
            }],
            more: Some(More {
                words: text::organisation::more(lang),
                href: "/organisations?after=1".into(),
            }),
        },
        ..begun.clone()
    };
    let unknown = FindOrganisation {
        refusal: Some(refusal(lang, "organisation.unknown")),
        ..begun.clone()
    };
    vec![
        sample("organisation-find", &begun),
        sample("organisation-found", &found),
        sample("organisation-unknown", &unknown),
    ]
}

fn enter(lang: Lang) -> Vec<Sample> {
    let provider = Way::Provider {
        label: "Госуслуги".into(),
        action: "/sign-in/provider/egov".into(),
        organisation: "lugovoe-30".into(),
    };
    let certificate = Way::Link {
        label: text::organisation::by_certificate(lang).into(),
        href: "/sign-in?organisation=lugovoe-30".into(),
    };
    let passkey = Way::Passkey {
        action: "/o/lugovoe-30/passkey".into(),
    };
    let whole = EnterOrganisation {
        page: visitor(lang),
        code: "lugovoe-30".into(),
        action: "/o/lugovoe-30".into(),
        short_name: "МБОУ СОШ № 30 п/р Луговое".into(),
        name: "Муниципальное бюджетное общеобразовательное учреждение".into(),
        place: "Сахалинская обл., Луговое".into(),
        other: "/organisations?kind=education".into(),
        return_to: String::new(),
        ways: vec![Way::Password, provider.clone(), certificate.clone()],
        login: String::new(),
        login_error: None,
        password_error: None,
        remember: true,
        refusal: None,
    };
    let refused = EnterOrganisation {
        login: "i.kovaleva".into(),
        login_error: Some(text::organisation::login_empty(lang).into()),
        refusal: Some(refusal(lang, "password.wrong")),
        ..whole.clone()
    };
    let state_first = EnterOrganisation {
        ways: vec![provider.clone(), certificate, passkey, Way::Password],
        ..whole.clone()
    };
    let only_state = EnterOrganisation {
        ways: vec![provider],
        ..whole.clone()
    };
    let nowhere = EnterOrganisation {
        ways: Vec::new(),
        ..whole.clone()
    };
    vec![
        sample("organisation-enter", &whole),
        sample("organisation-enter-refused", &refused),
        sample("organisation-enter-state-first", &state_first),
        sample("organisation-enter-only-state", &only_state),
        sample("organisation-enter-nowhere", &nowhere),
    ]
}

fn mine(lang: Lang) -> Vec<Sample> {
    let membership = |name: &str, is_current| MembershipCard {
        id: "0194b6f0-0000-7000-8000-000000000000".into(),
        name: name.into(),
        about: "учитель, начальная школа".into(),
        is_current,
    };
    let some = MyOrganisations {
        page: person(lang),
        memberships: vec![
            membership("Гимназия № 12", true),
            membership("МБОУ СОШ № 30 п/р Луговое", false),
        ],
        is_own: false,
        refusal: None,
    };
    let refused = MyOrganisations {
        refusal: Some(refusal(lang, "organisation.other_method")),
        ..some.clone()
    };
    let none = MyOrganisations {
        memberships: Vec::new(),
        is_own: true,
        ..some.clone()
    };
    vec![
        sample("organisations", &some),
        sample("organisations-refused", &refused),
        sample("organisations-none", &none),
    ]
}
