//! Pages of a person who is signed in.

use text::Lang;
use web::view::binding::Method;
use web::view::contact::{self, ConflictRow, ContactField, Contacts, ContactsConflict, Pending, Slot, State};
use web::view::enrolment::{AppOffer, ConnectApp, NewPasskey, Picture, Sheet};
use web::view::first_entry::{AddressKind, FirstEntry, FirstEntryCode, Required};
use web::view::home::{EndsSoon, Home, Step};
use web::view::password::SetPassword;
use web::view::step_up::{Reason, StepUp};

use super::outside::rules;
use super::provider::button;
use super::{Sample, person, refusal, sample};

pub(super) const MOMENT: &str = "22.11.2026, 14:05 (UTC+5)";
pub(super) const OTHER_MOMENT: &str = "20.11.2026, 09:12 (UTC+5)";

pub(crate) fn samples(lang: Lang) -> Vec<Sample> {
    let mut all = first_entry(lang);
    all.extend(home(lang));
    all.extend(contacts(lang));
    all.extend(proofs(lang));
    all.extend(enrolments(lang));
    all
}

fn first_entry(lang: Lang) -> Vec<Sample> {
    let email = FirstEntry {
        page: person(lang),
        required: Required::Email,
        kind: AddressKind::Email,
        value: String::new(),
        error: None,
        refusal: None,
    };
    let mistaken = FirstEntry {
        value: "aigul@mail".into(),
        error: Some(
            text::refusal::by_code(lang, "contact.email_malformed")
                .unwrap()
                .what
                .into(),
        ),
        ..email.clone()
    };
    let phone = FirstEntry {
        required: Required::Phone,
        kind: AddressKind::Phone,
        ..email.clone()
    };
    let either = FirstEntry {
        required: Required::Either,
        kind: AddressKind::Phone,
        value: "+7 (707) 555-5555".into(),
        ..email.clone()
    };
    let code = FirstEntryCode {
        page: person(lang),
        kind: AddressKind::Email,
        address: "gulbarshyn@mail.kz".into(),
        until: "14:15".into(),
        resend_at: Some("14:06".into()),
        resent: false,
        error: None,
        refusal: None,
    };
    let again = FirstEntryCode {
        resend_at: None,
        resent: true,
        error: Some(
            text::refusal::by_code(lang, "contact.code_wrong")
                .unwrap()
                .what
                .into(),
        ),
        ..code.clone()
    };
    let over = FirstEntryCode {
        kind: AddressKind::Phone,
        address: "+7 (707) 555-5555".into(),
        until: String::new(),
        resend_at: None,
        refusal: Some(refusal(lang, "contact.too_many_tries")),
        ..code.clone()
    };
    vec![
        sample("first-entry", &email),
        sample("first-entry-mistake", &mistaken),
        sample("first-entry-phone", &phone),
        sample("first-entry-either", &either),
        sample("first-entry-code", &code),
        sample("first-entry-code-mistake", &again),
        sample("first-entry-code-over", &over),
    ]
}

fn home(lang: Lang) -> Vec<Sample> {
    let full = Home {
        page: person(lang),
        ids: vec![(text::certificate::iin(lang).into(), "900101300017".into())],
        steps: vec![
            Step::Confirm {
                address: "gulbarshyn@mail.kz".into(),
            },
            Step::Bouncing {
                address: "+7 (707) 555-5555".into(),
            },
            Step::AddPhone,
            Step::SetPassword,
        ],
        ends_soon: vec![
            EndsSoon {
                subject: "AUTH_RSA256, 5A9F…03C1".into(),
                until: MOMENT.into(),
                days_left: 12,
                over: false,
            },
            EndsSoon {
                subject: "AUTH_RSA256, 11B2…77D0".into(),
                until: OTHER_MOMENT.into(),
                days_left: 0,
                over: true,
            },
        ],
        addresses: vec!["gulbarshyn@mail.kz".into(), "+7 (707) 555-5555".into()],
        previous_entry: Some(OTHER_MOMENT.into()),
        previous_device: "Firefox, Windows".into(),
    };
    let empty = Home {
        steps: vec![],
        ends_soon: vec![],
        addresses: vec![],
        previous_entry: None,
        previous_device: String::new(),
        ..full.clone()
    };
    vec![sample("home", &full), sample("home-empty", &empty)]
}

fn field(slot: Slot, value: &str, state: State) -> ContactField {
    ContactField {
        slot,
        value: value.into(),
        state,
        pending: None,
        error: None,
    }
}

fn pending(value: &str) -> Pending {
    Pending {
        value: value.into(),
        until: "14:15".into(),
        expired: false,
        resend_at: Some("14:06".into()),
        code: String::new(),
        code_error: None,
    }
}

fn contacts(lang: Lang) -> Vec<Sample> {
    let confirmed = || State::Confirmed {
        since: "20.10.2026".into(),
    };
    let calm = Contacts {
        page: person(lang),
        version: "7".into(),
        fields: vec![
            field(Slot::Email, "gulbarshyn@mail.kz", confirmed()),
            field(Slot::Phone, "+7 (707) 555-5555", confirmed()),
            field(Slot::ExtraEmail, "", State::Empty),
            field(Slot::ExtraPhone, "", State::Empty),
        ],
        done: None,
        refusal: None,
    };
    let mut waiting = Contacts {
        done: Some(contact::Done::SavedPending),
        ..calm.clone()
    };
    waiting.fields[0].pending = Some(pending("gulbarshyn.new@mail.kz"));
    waiting.fields[1].pending = Some(Pending {
        resend_at: None,
        code: "123456".into(),
        code_error: Some(
            text::refusal::by_code(lang, "contact.code_wrong")
                .unwrap()
                .what
                .into(),
        ),
        ..pending("+49 151 234 567 89")
    });
    let mut aged = calm.clone();
    aged.fields[1] = field(
        Slot::Phone,
        "+7 (707) 555-5555",
        State::Aged {
            since: "20.10.2025".into(),
        },
    );
    waiting.fields[2] = field(Slot::ExtraEmail, "second@mail.kz", State::Empty);
    waiting.fields[2].pending = Some(Pending {
        expired: true,
        ..pending("second@mail.kz")
    });
    waiting.fields[3] = field(
        Slot::ExtraPhone,
        "+7 (727) 338-33-88",
        State::Bouncing {
            since: "19.11.2026".into(),
        },
    );
    let mut mistaken = Contacts {
        refusal: Some(refusal(lang, "contact.too_many_messages")),
        ..calm.clone()
    };
    mistaken.fields[1].value = "+7 (707) 555".into();
    mistaken.fields[1].error = Some(
        text::refusal::by_code(lang, "contact.phone_malformed")
            .unwrap()
            .what
            .into(),
    );
    let kept = Contacts {
        done: Some(contact::Done::Kept),
        ..calm.clone()
    };
    let saved = Contacts {
        done: Some(contact::Done::Saved),
        ..calm.clone()
    };
    let row = |slot, yours: &str, saved: &str| ConflictRow {
        slot,
        yours: yours.into(),
        saved: saved.into(),
    };
    let conflict = ContactsConflict {
        page: person(lang),
        version: "8".into(),
        changed_at: MOMENT.into(),
        rows: vec![
            row(
                Slot::Email,
                "gulbarshyn.very.long.address@education-department.almaty.kz",
                "gulbarshyn@mail.kz",
            ),
            row(Slot::Phone, "+7 (707) 555-5555", "+7 (707) 555-5555"),
            row(Slot::ExtraEmail, "", "second@mail.kz"),
            row(Slot::ExtraPhone, "", ""),
        ],
    };
    vec![
        sample("contacts", &calm),
        sample("contacts-aged", &aged),
        sample("contacts-pending", &waiting),
        sample("contacts-mistake", &mistaken),
        sample("contacts-kept", &kept),
        sample("contacts-saved", &saved),
        sample("contacts-conflict", &conflict),
    ]
}

fn proofs(lang: Lang) -> Vec<Sample> {
    let set = SetPassword {
        page: person(lang),
        change: false,
        login: "900101300017".into(),
        error: None,
    };
    let change = SetPassword {
        change: true,
        error: Some(
            text::refusal::by_code(lang, "password.too_short")
                .unwrap()
                .what
                .into(),
        ),
        ..set.clone()
    };
    let certificate = StepUp {
        page: person(lang),
        reason: Reason::Contacts,
        method: Method::Certificate,
        providers: Vec::new(),
        return_to: "/profile/contacts".into(),
        rules: rules(),
        password_error: None,
        refusal: None,
    };
    let password = StepUp {
        method: Method::Password,
        reason: Reason::Password,
        password_error: Some(text::sign_in::password_empty(lang).into()),
        ..certificate.clone()
    };
    let provider = StepUp {
        method: Method::Provider,
        reason: Reason::Binding,
        providers: vec![button()],
        ..certificate.clone()
    };
    let refused = StepUp {
        reason: Reason::Binding,
        refusal: Some(refusal(lang, "certificate.other_person")),
        ..certificate.clone()
    };
    vec![
        sample("password-set", &set),
        sample("password-change", &change),
        sample("step-up", &certificate),
        sample("step-up-password", &password),
        sample("step-up-provider", &provider),
        sample("step-up-refused", &refused),
    ]
}

fn enrolments(lang: Lang) -> Vec<Sample> {
    let intro = ConnectApp {
        page: person(lang),
        offer: None,
        error: None,
        refusal: None,
    };
    let offered = ConnectApp {
        offer: Some(AppOffer {
            picture: Picture::of("otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=a"),
            secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".into(),
        }),
        error: Some(
            text::refusal::by_code(lang, "totp.code_wrong")
                .unwrap()
                .what
                .into(),
        ),
        ..intro.clone()
    };
    let key = NewPasskey {
        page: person(lang),
        name: String::new(),
        error: None,
        refusal: Some(refusal(lang, "passkey.not_verified")),
    };
    let sheet = Sheet {
        page: person(lang),
        codes: (0..10).map(|n| format!("ABCD-EFGH-JK{n}M")).collect(),
        date: "22.11.2026".into(),
        then: "/profile/binding",
    };
    vec![
        sample("totp", &intro),
        sample("totp-offer", &offered),
        sample("passkey-new", &key),
        sample("recovery-codes", &sheet),
    ]
}
