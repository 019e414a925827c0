//! The compiled texts of the project.

use text::{Lang, refusal};

#[test]
fn every_refusal_has_words_in_every_language() {
    for code in refusal::CODES {
        for lang in Lang::ALL {
            let words = refusal::by_code(lang, code).expect("a listed code has words");
            for text in [words.what, words.why, words.now] {
                assert!(!text.trim().is_empty(), "{code} is silent in {}", lang.code());
                assert!(!text.contains('!'), "{code} shouts in {}", lang.code());
            }
            assert!(!words.what.ends_with('.'), "{code}: a heading has no full stop");
            assert!(
                words.now.chars().count() <= 40,
                "{code}: `{}` is too long for a button",
                words.now
            );
        }
    }
    assert!(refusal::by_code(Lang::Ru, "no.such_code").is_none());
}

#[test]
fn a_6_b_the_five_outcomes_of_a_certificate_have_five_texts() {
    let codes = [
        "certificate.expired",
        "certificate.not_yet_valid",
        "certificate.revoked",
        "certificate.unknown_issuer",
        "certificate.status_unknown",
    ];
    for lang in Lang::ALL {
        let mut texts: Vec<&str> = codes
            .iter()
            .map(|code| refusal::by_code(lang, code).expect("the code has words").what)
            .collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), codes.len(), "{}", lang.code());
    }
}
