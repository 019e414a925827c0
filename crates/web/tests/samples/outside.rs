//! Pages that need no session.

use cabinet::session::Remedy;
use esign::profile::Profile;
use esign::trust::PurposeRule;
use text::Lang;
use web::view::contact::Slot;
use web::view::demo::{Channel, DemoMessage, DemoMessages};
use web::view::error::{ErrorKind, ErrorPage};
use web::view::help::{Accessibility, Help, HelpCertificate};
use web::view::key_rules::{KeyGroup, KeyRules, RemoteWays};
use web::view::link::{Confirm, ConfirmState, Dead, NotMe, NotMeState, Undo, UndoState};
use web::view::provider::Expected;
use web::view::second_factor::{Factor, Occasion, SecondFactorPage};
use web::view::sign_in::{SignInCertificate, SignInPassword};
use web::view::start::{SignOutReason, SignedOut, Start};
use web::{KeySource, KeySources};

use super::provider::button;
use super::{Sample, person, refusal, sample, visitor};

pub(crate) fn samples(lang: Lang) -> Vec<Sample> {
    let mut all = vec![
        sample(
            "start",
            &Start {
                page: visitor(lang),
                organisations: true,
            },
        ),
        sample(
            "start-signed-in",
            &Start {
                page: person(lang),
                organisations: true,
            },
        ),
        sample("help", &Help { page: visitor(lang) }),
        sample("help-certificate", &HelpCertificate { page: visitor(lang) }),
        sample("accessibility", &Accessibility { page: person(lang) }),
    ];
    all.extend(second_factors(lang));
    for (name, reason) in [
        ("chosen", SignOutReason::Chosen),
        ("timed-out", SignOutReason::TimedOut),
        ("ended-elsewhere", SignOutReason::EndedElsewhere),
    ] {
        let view = SignedOut {
            page: visitor(lang),
            reason,
            return_to: "/profile/contacts".into(),
            remembers: true,
            kept: reason == SignOutReason::TimedOut,
        };
        all.push(sample(&format!("signed-out-{name}"), &view));
    }
    all.extend(sign_in(lang));
    all.extend(links(lang));
    all.extend(errors(lang));
    all.extend(demo(lang));
    all
}

pub(crate) fn rules() -> KeyRules {
    KeyRules {
        now: "2026-11-22T09:05:00Z".into(),
        zone: "Asia/Almaty".into(),
        groups: vec![KeyGroup {
            issuers: vec![],
            sign_in: (&PurposeRule::sign_in_of(Profile::Kz)).into(),
            sign: (&PurposeRule::sign_of(Profile::Kz)).into(),
        }],
        extensions: vec![],
        sources: KeySources::new(&KeySource::ALL, vec![]),
        remote: RemoteWays {
            shown: true,
            phone: true,
        },
    }
}

fn sign_in(lang: Lang) -> Vec<Sample> {
    let certificate = SignInCertificate {
        page: visitor(lang),
        return_to: "/profile/contacts".into(),
        organisation: "lugovoe-30".into(),
        organisations: true,
        providers: vec![],
        expected: None,
        rules: rules(),
        refusal: None,
    };
    let refused = SignInCertificate {
        refusal: Some(refusal(lang, "certificate.expired")),
        ..certificate.clone()
    };
    let password = SignInPassword {
        page: visitor(lang),
        return_to: String::new(),
        organisations: true,
        providers: vec![button()],
        expected: None,
        login: String::new(),
        login_error: None,
        password_error: None,
        refusal: None,
    };
    let mistaken = SignInPassword {
        login: "900101300018".into(),
        login_error: Some(text::sign_in::iin_wrong(lang).into()),
        password_error: Some(text::sign_in::password_empty(lang).into()),
        ..password.clone()
    };
    let wrong = SignInPassword {
        refusal: Some(refusal(lang, "password.wrong")),
        ..password.clone()
    };
    let expected = SignInPassword {
        return_to: "/profile/linking".into(),
        expected: Some(Expected {
            title: text::provider::expected(lang, "Госуслуги"),
            name: "Сериков Асхат Қайратұлы".into(),
            why: text::provider::expected_why(lang),
        }),
        ..password.clone()
    };
    vec![
        sample("sign-in-password-expected", &expected),
        sample("sign-in", &certificate),
        sample("sign-in-refused", &refused),
        sample("sign-in-password", &password),
        sample("sign-in-password-mistakes", &mistaken),
        sample("sign-in-password-wrong", &wrong),
    ]
}

fn links(lang: Lang) -> Vec<Sample> {
    let address = "г•••н@mail.kz".to_owned();
    let confirm = |state| Confirm {
        page: visitor(lang),
        state,
    };
    let undo = |state| Undo {
        page: visitor(lang),
        state,
    };
    let not_me = |state| NotMe {
        page: visitor(lang),
        state,
    };
    let at = "22.11.2026, 14:05 (UTC+5)".to_owned();
    let mut all = vec![
        sample(
            "confirm",
            &confirm(ConfirmState::Ready {
                action: "/confirm".into(),
                slot: Slot::Email,
                address: address.clone(),
            }),
        ),
        sample(
            "confirm-done",
            &confirm(ConfirmState::Done {
                address: address.clone(),
            }),
        ),
        sample(
            "undo",
            &undo(UndoState::Ready {
                action: "/undo".into(),
                slot: Slot::Email,
                old: address.clone(),
                new: "x•••x@mail.example".into(),
                changed_at: at.clone(),
            }),
        ),
        sample("undo-done", &undo(UndoState::Done { old: address })),
        sample(
            "not-me",
            &not_me(NotMeState::Ready {
                action: "/not-me".into(),
                at: at.clone(),
                remedy: Remedy::KeyStays,
            }),
        ),
        sample(
            "not-me-password",
            &not_me(NotMeState::Ready {
                action: "/not-me".into(),
                at,
                remedy: Remedy::PasswordRemoved,
            }),
        ),
        sample(
            "not-me-done",
            &not_me(NotMeState::Done {
                remedy: Remedy::KeyStays,
            }),
        ),
        sample(
            "not-me-done-password",
            &not_me(NotMeState::Done {
                remedy: Remedy::PasswordRemoved,
            }),
        ),
        sample(
            "not-me-done-identity",
            &not_me(NotMeState::Done {
                remedy: Remedy::IdentitySuspended,
            }),
        ),
    ];
    for (name, dead) in [
        ("expired", Dead::Expired),
        ("used", Dead::Used),
        ("replaced", Dead::Replaced),
        ("not-available", Dead::NotAvailable),
        ("unknown", Dead::Unknown),
    ] {
        all.push(sample(
            &format!("confirm-{name}"),
            &confirm(ConfirmState::Dead(dead)),
        ));
        all.push(sample(&format!("undo-{name}"), &undo(UndoState::Dead(dead))));
        all.push(sample(&format!("not-me-{name}"), &not_me(NotMeState::Dead(dead))));
    }
    all
}

fn errors(lang: Lang) -> Vec<Sample> {
    let kinds = [
        ErrorKind::BadRequest,
        ErrorKind::StaleForm,
        ErrorKind::NotFound,
        ErrorKind::WrongMethod,
        ErrorKind::TooLarge,
        ErrorKind::WrongHost,
        ErrorKind::TooMany { minutes: 3 },
        ErrorKind::Internal,
        ErrorKind::Unavailable,
    ];
    let page = |kind| ErrorPage {
        page: visitor(lang),
        kind,
        reference: "01k4-7f3q-9d2m".into(),
        base_url: "https://kabinet.example/".into(),
    };
    kinds
        .into_iter()
        .map(|kind| sample(&format!("error-{}", kind.status()), &page(kind)))
        .collect()
}

fn demo(lang: Lang) -> Vec<Sample> {
    let mut page = visitor(lang);
    page.demo = true;
    let letter = DemoMessage {
        channel: Channel::Email,
        to: "gulbarshyn@mail.kz".into(),
        at: "22.11.2026, 14:05 (UTC+5)".into(),
        subject: "Код подтверждения: 204 816".into(),
        lang: "ru",
        body: "Здравствуйте!\n\nКод: 204816\n\nКод действует 10 минут.".into(),
        code: Some("204816".into()),
        link: Some("https://kabinet.example/confirm#dG9rZW4".into()),
    };
    let sms = DemoMessage {
        channel: Channel::Sms,
        to: "+77075555555".into(),
        subject: String::new(),
        body: "Ашық Алматы: код 204816".into(),
        lang: "kk",
        link: None,
        ..letter.clone()
    };
    vec![
        sample(
            "demo-messages",
            &DemoMessages {
                page: page.clone(),
                messages: vec![letter, sms],
            },
        ),
        sample(
            "demo-messages-none",
            &DemoMessages {
                page,
                messages: vec![],
            },
        ),
    ]
}

fn second_factors(lang: Lang) -> Vec<Sample> {
    let code = SecondFactorPage {
        page: visitor(lang),
        occasion: Occasion::Entry,
        chosen: Some(Factor::Totp),
        others: vec![Factor::Passkey, Factor::Sms, Factor::RecoveryCode],
        phone: "+7 707 ***-**-55".into(),
        sent: false,
        return_to: "/profile/contacts".into(),
        error: None,
        refusal: None,
    };
    let wrong = SecondFactorPage {
        chosen: Some(Factor::RecoveryCode),
        refusal: Some(refusal(lang, "second_factor.wrong")),
        ..code.clone()
    };
    let unsent = SecondFactorPage {
        chosen: Some(Factor::Sms),
        others: vec![Factor::RecoveryCode],
        ..code.clone()
    };
    let sent = SecondFactorPage {
        sent: true,
        ..unsent.clone()
    };
    let passkey = SecondFactorPage {
        occasion: Occasion::StepUp,
        chosen: Some(Factor::Passkey),
        ..unsent.clone()
    };
    let gone = SecondFactorPage {
        chosen: None,
        others: vec![],
        refusal: Some(refusal(lang, "second_factor.gone")),
        ..code.clone()
    };
    vec![
        sample("second-factor-totp", &code),
        sample("second-factor-wrong", &wrong),
        sample("second-factor-sms", &unsent),
        sample("second-factor-sms-sent", &sent),
        sample("second-factor-passkey", &passkey),
        sample("second-factor-gone", &gone),
    ]
}
