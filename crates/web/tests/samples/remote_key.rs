//! By a certificate that the browser shows, and by a key in a phone.

use text::Lang;
use web::view::enrolment::Picture;
use web::view::phone::{ByPhone, Waiting};
use web::view::shown::{HolderCard, NotShown, ThisIsYou, ToCertificate};

use super::{Sample, person, refusal, sample, visitor};

pub(crate) fn samples(lang: Lang) -> Vec<Sample> {
    let departing = ToCertificate {
        page: visitor(lang),
        address: "https://cabinet.example:8443/0123".into(),
        cancel: "/sign-in".into(),
    };
    let not_shown = NotShown {
        page: visitor(lang),
        is_entry: true,
        refusal: refusal(lang, "shown.absent"),
    };
    let is_you = ThisIsYou {
        page: visitor(lang),
        is_entry: true,
        way: "shown",
        field: ("shown", "0123".into()),
        card: Some(card(lang)),
        warning: None,
        cancel: "/sign-in".into(),
        return_to: String::new(),
        organisation: String::new(),
        refusal: None,
    };
    let is_you_by_phone = ThisIsYou {
        page: person(lang),
        is_entry: false,
        way: "phone",
        warning: Some(text::phone::only_you(lang).into()),
        ..is_you.clone()
    };
    let wrong = ThisIsYou {
        card: None,
        refusal: Some(refusal(lang, "certificate.wrong_purpose")),
        ..is_you.clone()
    };
    let mut all = vec![
        sample("shown-departing", &departing),
        sample("shown-absent", &not_shown),
        sample("this-is-you", &is_you),
        sample("this-is-you-step-up", &is_you_by_phone),
        sample("this-is-you-refused", &wrong),
    ];
    all.extend(phones(lang));
    all
}

fn phones(lang: Lang) -> [Sample; 3] {
    let code = "mobileSign:https://cabinet.example/egov/0123456789abcdef0123456789abcdef0123456789abcdef";
    let waiting = ByPhone {
        page: visitor(lang),
        is_entry: true,
        host: "cabinet.example".into(),
        waiting: Some(Waiting {
            picture: Picture::of(code),
            code: code.into(),
            mobile: "https://m.egov.kz/mobileSign/?link=0".into(),
            business: "https://m.egov.kz/businessSign/?link=0".into(),
            until: "14:05".into(),
        }),
        cancel: "/sign-in".into(),
        return_to: String::new(),
        organisation: String::new(),
        refusal: None,
    };
    let refused = ByPhone {
        refusal: Some(refusal(lang, "certificate.expired")),
        ..waiting.clone()
    };
    let over = ByPhone {
        page: person(lang),
        is_entry: false,
        waiting: None,
        ..waiting.clone()
    };
    [
        sample("phone-waiting", &waiting),
        sample("phone-refused", &refused),
        sample("phone-over", &over),
    ]
}

fn card(lang: Lang) -> HolderCard {
    HolderCard {
        owner: "Сериков Асхат Қайратұлы".into(),
        about: vec![text::certificate::role_head(lang).into(), "АО «Тест»".into()],
        ids: vec![(text::certificate::iin(lang).into(), "900101300007".into())],
        purpose: text::certificate::purpose_sign_in(lang),
        issuer: "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) 2022".into(),
        issuer_lang: "kk",
        serial: "4A9C0F".into(),
        algorithm: "RSA 2048".into(),
        not_before: "01.03.2026, 09:00 (UTC+5)".into(),
        not_after: "01.03.2027, 09:00 (UTC+5)".into(),
        from_date: "01.03.2026".into(),
        until_date: "01.03.2027".into(),
        days_left: 98,
        elapsed_percent: 73,
    }
}
