//! A certificate that no account holds.

use cabinet::sign_in::federation::Likeness;
use cabinet::sign_in::unknown_certificate::Why;
use text::Lang;
use web::view::certificate::{CertificateCard, Validity};
use web::view::linking::IdRow;
use web::view::unknown_certificate::{
    CertificateCode, ConfirmCertificate, JoinOrganisation, StoppedCertificate, UnknownCertificate,
};

use super::{Sample, binding, person, refusal, sample, visitor};

fn card(lang: Lang) -> CertificateCard {
    CertificateCard {
        about: Vec::new(),
        organisation_ids: Vec::new(),
        ..binding::card(lang, Validity::Valid { days_left: 360 }, 2)
    }
}

pub(crate) fn samples(lang: Lang) -> Vec<Sample> {
    let known = UnknownCertificate {
        page: visitor(lang),
        card: card(lang),
        why: Why::Known,
        until: "14:20".into(),
        refusal: None,
    };
    let newcomer = UnknownCertificate {
        why: Why::Newcomer {
            is_likely_known: false,
        },
        ..known.clone()
    };
    let likely = UnknownCertificate {
        why: Why::Newcomer {
            is_likely_known: true,
        },
        ..known.clone()
    };
    let several = UnknownCertificate {
        why: Why::Several,
        ..known.clone()
    };
    let nameless = UnknownCertificate {
        page: person(lang),
        card: binding::card(lang, Validity::Valid { days_left: 360 }, 2),
        why: Why::Nameless,
        ..known.clone()
    };
    let code = CertificateCode {
        page: visitor(lang),
        phone: String::new(),
        phone_error: None,
        is_sent: false,
        code_error: None,
        refusal: None,
    };
    let sent = CertificateCode {
        is_sent: true,
        code_error: Some(text::unknown_certificate::code_empty(lang).into()),
        ..code.clone()
    };
    let stopped = StoppedCertificate {
        page: visitor(lang),
        card: None,
        refusal: refusal(lang, "certificate.waits_no_longer"),
    };
    let elsewhere = StoppedCertificate {
        page: person(lang),
        card: Some(card(lang)),
        refusal: refusal(lang, "certificate.bound_elsewhere"),
    };
    vec![
        sample("unknown-certificate-known", &known),
        sample("unknown-certificate-newcomer", &newcomer),
        sample("unknown-certificate-likely", &likely),
        sample("unknown-certificate-several", &several),
        sample("unknown-certificate-nameless", &nameless),
        sample(
            "unknown-certificate-join",
            &JoinOrganisation { page: visitor(lang) },
        ),
        sample("unknown-certificate-code", &code),
        sample("unknown-certificate-code-sent", &sent),
        sample("unknown-certificate-confirm", &confirm(lang)),
        sample("unknown-certificate-stopped", &stopped),
        sample("unknown-certificate-elsewhere", &elsewhere),
    ]
}

fn confirm(lang: Lang) -> ConfirmCertificate {
    ConfirmCertificate {
        page: person(lang),
        card: card(lang),
        name_there: "Әбдірахманқызы Гүлбаршын-Ұлжан Ерланқызы".into(),
        name_here: "Абдирахманова Гульбаршын".into(),
        names: Likeness::Differ,
        ids: vec![IdRow {
            label: text::certificate::iin(lang).into(),
            there: Some("900101300017".into()),
            here: None,
        }],
        until: "14:20".into(),
        refusal: Some(refusal(lang, "certificate.not_acknowledged")),
    }
}
