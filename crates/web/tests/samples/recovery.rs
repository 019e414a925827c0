//! Back into an account whose usual way in is lost.

use cabinet::binding::SecondFactor;
use cabinet::contact::Slot;
use cabinet::recovery::Sent;
use text::Lang;
use web::view::Refusal;
use web::view::recovery::{Assisted, Finish, MethodRow, Methods, NewPassword, Proof, Recover, TypeCode};

use super::provider::button;
use super::{Sample, person, refusal, sample, visitor};

pub(crate) fn samples(lang: Lang) -> Vec<Sample> {
    let recover = |login_error: Option<&str>, refusal: Option<Refusal>| Recover {
        page: visitor(lang),
        return_to: "/recover/finish".into(),
        providers: vec![button()],
        organisation: None,
        login: login_error.map(|_| "askhat@").unwrap_or_default().into(),
        login_error: login_error.map(Into::into),
        refusal,
    };
    let mistake = text::refusal::by_code(lang, "login.malformed").map(|words| words.what);
    let code = |sent: Sent, refusal: Option<Refusal>| TypeCode {
        page: visitor(lang),
        sent,
        until: "14:05".into(),
        error: None,
        refusal,
    };
    let perhaps = || Sent::Perhaps("askhat.serikov@example.kz".into());
    let proof = |contacts: Vec<(Slot, String)>, factors: Vec<SecondFactor>| Proof {
        page: visitor(lang),
        contacts,
        factors,
        refusal: None,
    };
    let assisted = |refusal: Option<Refusal>| Assisted {
        page: visitor(lang),
        first_error: None,
        second_error: None,
        refusal,
    };
    let phone = vec![(Slot::Phone, "+7 *** *** ** 55".into())];
    let mut all = vec![
        sample("recover", &recover(None, None)),
        sample("recover-mistake", &recover(mistake, None)),
        sample(
            "recover-gone",
            &recover(None, Some(refusal(lang, "recovery.gone"))),
        ),
        sample("recover-code", &code(perhaps(), None)),
        sample(
            "recover-code-wrong",
            &code(perhaps(), Some(refusal(lang, "recovery.code_wrong"))),
        ),
        sample(
            "recover-code-second",
            &code(Sent::To("+7 *** *** ** 55".into()), None),
        ),
        sample("recover-proof", &proof(phone, vec![SecondFactor::RecoveryCode])),
        sample(
            "recover-proof-factors",
            &proof(Vec::new(), vec![SecondFactor::Totp, SecondFactor::RecoveryCode]),
        ),
        sample("recover-assisted", &assisted(None)),
        sample(
            "recover-assisted-early",
            &assisted(Some(refusal(lang, "recovery.too_early"))),
        ),
        sample("recover-stuck", &proof(Vec::new(), Vec::new())),
        sample("recover-finish", &Finish { page: person(lang) }),
    ];
    let password = |error: Option<&str>| NewPassword {
        page: visitor(lang),
        error: error.map(Into::into),
        refusal: None,
    };
    let weak = text::refusal::by_code(lang, "password.too_weak").map(|words| words.what);
    all.push(sample("recover-password", &password(None)));
    all.push(sample("recover-password-weak", &password(weak)));
    all.extend(methods(lang));
    all
}

fn methods(lang: Lang) -> Vec<Sample> {
    let moment = "22.11.2026, 14:05 (UTC+5)";
    let row = |kind: &str, name: &str, about: &str, is_suspect: bool| MethodRow {
        id: format!("{kind}-{name}"),
        name: text::recovery::named(lang, kind, name),
        about: about.into(),
        bound: moment.into(),
        last_used: (!is_suspect).then(|| moment.into()),
        is_suspect,
        is_only_way: false,
    };
    let certificate = row(
        text::recovery::kind_certificate(lang),
        "Сериков Асхат",
        &text::recovery::issued(lang, "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST)", "22.11.2027"),
        false,
    );
    let passkey = row(text::recovery::kind_passkey(lang), "Pixel 9", "", true);
    let view = |methods: Vec<MethodRow>| Methods {
        page: person(lang),
        is_by_contact: true,
        methods,
        until: "14:35".into(),
    };
    vec![
        sample("recover-methods", &view(vec![certificate, passkey])),
        sample("recover-methods-none", &view(Vec::new())),
    ]
}
