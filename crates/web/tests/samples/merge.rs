//! Two accounts become one.

use text::Lang;
use web::view::merge::{MergeConfirm, MergeItem, MergeProve, MergeStart, ProofBy, RecentMerge};

use super::account::{MOMENT, OTHER_MOMENT};
use super::outside::rules;
use super::provider::button;
use super::{Sample, person, refusal, sample};

const NAME: &str = "Әбдірахманқызы Гүлбаршын-Ұлжан Ерланқызы";

pub(crate) fn samples(lang: Lang) -> Vec<Sample> {
    let start = MergeStart {
        page: person(lang),
        recent: vec![],
        done: None,
        undone: false,
        refusal: None,
    };
    let done = MergeStart {
        recent: vec![RecentMerge {
            id: "01k4".into(),
            name: NAME.into(),
            at: OTHER_MOMENT.into(),
            until: MOMENT.into(),
        }],
        done: Some(MOMENT.into()),
        ..start.clone()
    };
    let by_key = MergeProve {
        page: person(lang),
        by: ProofBy::Certificate,
        rules: rules(),
        providers: vec![button()],
        login: String::new(),
        refusal: None,
    };
    let by_password = MergeProve {
        by: ProofBy::Password,
        login: "900101300017".into(),
        refusal: Some(refusal(lang, "merge.weak_proof")),
        ..by_key.clone()
    };
    let by_other = MergeProve {
        by: ProofBy::Other,
        ..by_key.clone()
    };
    let item = |icon, kind, name: &str| MergeItem {
        icon,
        kind,
        name: name.into(),
    };
    let confirm = MergeConfirm {
        page: person(lang),
        name: NAME.into(),
        moves: vec![
            item(
                "file",
                text::merge::way_certificate(lang),
                "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)",
            ),
            item("mail", text::contact::email(lang), "gulbarshyn@mail.kz"),
            item("card", text::merge::person_id(lang), "900101300017"),
            item(
                "person",
                text::merge::membership(lang),
                "МБОУ СОШ № 30 п/р Луговое",
            ),
        ],
        stays: vec![item("lock", text::merge::way_password(lang), "")],
        two_passwords: true,
        refusal: None,
    };
    let refused = MergeConfirm {
        moves: vec![],
        stays: vec![],
        refusal: Some(refusal(lang, "merge.person_id_differs")),
        ..confirm.clone()
    };
    vec![
        sample("merge", &start),
        sample("merge-done", &done),
        sample("merge-prove", &by_key),
        sample("merge-prove-password", &by_password),
        sample("merge-prove-other", &by_other),
        sample("merge-confirm", &confirm),
        sample("merge-refused", &refused),
    ]
}
