//! Every certificate of an account, and renewal ahead of time.

use text::Lang;
use web::view::certificate::{CertificateCard, Validity};
use web::view::certificates::{Certificates, Done, NewRenewal, RenewalRow, SignRenewal};
use web::view::sign_in_help::SignInHelp;

use super::{Sample, binding, outside, person, provider, refusal, sample, visitor};

pub(crate) fn samples(lang: Lang) -> Vec<Sample> {
    let card = |validity, elapsed| CertificateCard {
        may_choose: true,
        ..binding::card(lang, validity, elapsed)
    };
    let row = |id: &str, state: String, is_waiting| RenewalRow {
        id: id.into(),
        serial: "5A9F03C1774E20B1D8C64401A7F2E93B10C2D4E5".into(),
        made: text::renewal::made(lang, "20.10.2026, 13:00 (UTC+5)"),
        state,
        is_waiting,
    };
    let all = Certificates {
        page: person(lang),
        certificates: vec![
            CertificateCard {
                is_default: true,
                ..card(Validity::Valid { days_left: 332 }, 9)
            },
            card(Validity::EndsSoon { days_left: 12 }, 97),
        ],
        former: vec![card(Validity::Expired, 100)],
        renewals: vec![
            row("1", text::renewal::waiting(lang).into(), true),
            row("2", text::renewal::used(lang, "20.10.2026"), false),
        ],
        done: Some(Done::Prepared),
        refusal: None,
    };
    let none = Certificates {
        certificates: Vec::new(),
        former: Vec::new(),
        renewals: Vec::new(),
        done: None,
        refusal: Some(refusal(lang, "renewal.not_found")),
        ..all.clone()
    };
    let new = NewRenewal {
        page: person(lang),
        refusal: None,
    };
    let refused = NewRenewal {
        refusal: Some(refusal(lang, "renewal.private_key")),
        ..new.clone()
    };
    let sign = SignRenewal {
        page: person(lang),
        card: card(Validity::NotYet, 0),
        rules: outside::rules(),
        refusal: None,
    };
    let ended = SignInHelp {
        page: visitor(lang),
        refusal: Some(refusal(lang, "certificate.expired")),
        card: Some(card(Validity::Expired, 100)),
        providers: vec![provider::button()],
        return_to: String::new(),
    };
    let unknown = SignInHelp {
        refusal: Some(refusal(lang, "certificate.status_unknown")),
        card: Some(card(Validity::Valid { days_left: 40 }, 90)),
        ..ended.clone()
    };
    let asked = SignInHelp {
        refusal: None,
        card: None,
        ..ended.clone()
    };
    vec![
        sample("sign-in-ended", &ended),
        sample("sign-in-status-unknown", &unknown),
        sample("sign-in-help", &asked),
        sample("certificates", &all),
        sample("certificates-none", &none),
        sample("renewal-new", &new),
        sample("renewal-new-refused", &refused),
        sample("renewal-sign", &sign),
    ]
}
