//! «Привязка» in its states.

use cabinet::binding::IdentityState;
use db::Timestamp;
use text::Lang;
use web::view::binding::{
    self, Binding, Factors, HistoryRow, IdentityCard, Method, NewContact, OwnFactor, PasskeyRow, SessionRow,
};
use web::view::certificate::{CertificateCard, Record, Validity};
use web::view::security::{Act, Check, Checks, Tone};

use super::account::{MOMENT, OTHER_MOMENT};
use super::provider::button;
use super::{Sample, person, sample};

pub(super) fn card(lang: Lang, validity: Validity, elapsed_percent: u8) -> CertificateCard {
    CertificateCard {
        id: "1".into(),
        owner: "Әбдірахманқызы Гүлбаршын-Ұлжан".into(),
        about: vec![
            text::certificate::role_head(lang).into(),
            "АО «Қазақстан инновациялары»".into(),
        ],
        ids: vec![(text::certificate::iin(lang).into(), "900101300017".into())],
        organisation_ids: vec![(text::certificate::bin(lang).into(), "940140000385".into())],
        issuer: "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)".into(),
        issuer_lang: "kk",
        serial: "5A9F03C1774E20B1D8C64401A7F2E93B10C2D4E5".into(),
        algorithm: "RSA 2048".into(),
        purpose: text::certificate::purpose_both(lang),
        storage: Some(text::certificate::storage_file(lang).into()),
        not_before: "20.10.2026, 13:00 (UTC+5)".into(),
        not_after: "20.10.2027, 13:00 (UTC+5)".into(),
        from_date: "20.10.2026".into(),
        until_date: "20.10.2027".into(),
        validity,
        elapsed_percent,
        fingerprint: "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea".into(),
        bound_at: MOMENT.into(),
        last_used: String::new(),
        record: record(),
        current: false,
        is_default: false,
        may_choose: false,
    }
}

fn record() -> Record {
    Record {
        bound: "Привязан 20.10.2026, при первом входе".into(),
        used: "Последний вход: сегодня в 14:05".into(),
    }
}

fn calm(lang: Lang) -> Checks {
    let well = |title: String, why: &str| Check {
        tone: Tone::Well,
        title,
        why: why.into(),
        act: None,
    };
    let when = text::security::yesterday(lang, "14:05");
    Checks {
        all: vec![
            well(
                text::security::last_entry(lang, &when),
                "Chrome, Android · 178.89.0.0",
            ),
            well(text::security::second_step(lang).into(), "TOTP"),
            well(
                text::security::reached(lang).into(),
                "gulbarshyn@mail.kz, +7 (707) 555-5555",
            ),
        ],
    }
}

fn attention(lang: Lang) -> Checks {
    let when = text::security::yesterday(lang, "14:05");
    let look = |title: String, why: String, href, words| Check {
        tone: Tone::Attention,
        title,
        why,
        act: Some(Act { href, words }),
    };
    let mut checks = calm(lang);
    checks.all.splice(
        0..0,
        [
            look(
                text::security::new_device(lang).into(),
                text::security::new_device_why(lang, "178.89.0.0", "Firefox, Windows", &when),
                "#strange",
                text::security::new_device_now(lang),
            ),
            look(
                text::security::key_ends(lang, 12),
                text::security::key_ends_why(lang).into(),
                "/help/certificate",
                text::security::key_ends_now(lang),
            ),
        ],
    );
    checks
}

pub(crate) fn samples(lang: Lang) -> Vec<Sample> {
    let full = full(lang);
    let linked = Binding {
        identities: vec![
            identity(IdentityState::InForce),
            IdentityCard {
                new_contacts: vec![NewContact {
                    key: "new@mail.example".into(),
                    value: "new@mail.example".into(),
                }],
                ..identity(IdentityState::Suspended {
                    at: Timestamp::from_seconds(1_795_341_600),
                })
            },
            IdentityCard {
                is_only_way: true,
                current: false,
                ..identity(IdentityState::ProviderOff)
            },
        ],
        to_link: vec![button()],
        done: Some(binding::Done::Linked),
        ..full.clone()
    };
    let mut sparse = Binding {
        identities: vec![],
        to_link: vec![button()],
        checks: calm(lang),
        certificates: vec![],
        former: vec![],
        password: None,
        passkeys: vec![],
        factors: Factors::default(),
        owed: true,
        history: vec![],
        done: None,
        ..full.clone()
    };
    sparse.sessions.truncate(1);
    vec![
        sample("binding", &full),
        sample("binding-linked", &linked),
        sample("binding-empty", &sparse),
    ]
}

fn passkey() -> PasskeyRow {
    PasskeyRow {
        id: "01k4".into(),
        name: "MacBook Айгүл".into(),
        record: record(),
        is_backed_up: true,
        current: false,
    }
}

fn identity(state: IdentityState) -> IdentityCard {
    IdentityCard {
        id: "01k4".into(),
        provider: "Госуслуги".into(),
        name: "Әбдірахманқызы Гүлбаршын-Ұлжан Ерланқызы".into(),
        record: record(),
        assurance: Some("confirmed".into()),
        state,
        current: true,
        is_only_way: false,
        new_contacts: vec![],
    }
}

fn full(lang: Lang) -> Binding {
    let session = |id: &str, device: &str, method, current| SessionRow {
        id: id.into(),
        device: device.into(),
        address: "178.89.0.0".into(),
        near: current,
        opened_at: OTHER_MOMENT.into(),
        last_seen: MOMENT.into(),
        method,
        current,
    };
    let event = |event: &str, detail: &str| HistoryRow {
        at: MOMENT.into(),
        event: event.into(),
        new_device: !detail.is_empty(),
        detail: detail.into(),
    };
    Binding {
        identities: vec![],
        to_link: vec![],
        page: person(lang),
        checks: attention(lang),
        certificates: vec![
            CertificateCard {
                last_used: MOMENT.into(),
                current: true,
                ..card(lang, Validity::Valid { days_left: 332 }, 9)
            },
            card(lang, Validity::EndsSoon { days_left: 12 }, 97),
            card(lang, Validity::NotYet, 0),
        ],
        former: vec![
            card(lang, Validity::Expired, 100),
            card(lang, Validity::Revoked, 40),
            card(lang, Validity::Removed, 40),
        ],
        password: Some(record()),
        passkeys: vec![passkey()],
        factors: Factors {
            totp: Some(OwnFactor {
                id: "01k5".into(),
                since: "20.10.2026".into(),
                last_used: String::new(),
            }),
            sms: None,
            phone: "+7 707 ***-**-55".into(),
            codes_left: Some(2),
        },
        owed: false,
        sessions: vec![
            session("1", "Chrome, Android", Method::Certificate, true),
            session("2", "Firefox, Windows", Method::Password, false),
        ],
        history: vec![
            event(
                text::binding::done_password_changed(lang),
                "Chrome, Android, 178.89.0.0",
            ),
            event(text::binding::done_session_ended(lang), ""),
        ],
        done: Some(binding::Done::PasswordChanged),
        refusal: None,
    }
}
