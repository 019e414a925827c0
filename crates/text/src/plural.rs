//! Plural categories of whole numbers (CLDR).

use crate::Lang;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plural {
    One,
    Few,
    Many,
    Other,
}

impl Plural {
    pub(crate) const fn of(lang: Lang, count: u64) -> Self {
        match lang {
            Lang::Ru => match (count % 10, count % 100) {
                (1, tail) if tail != 11 => Self::One,
                (2..=4, tail) if tail < 12 || tail > 14 => Self::Few,
                _ => Self::Many,
            },
            Lang::Kk | Lang::En if count == 1 => Self::One,
            Lang::Kk | Lang::En => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
    use unic_langid::LanguageIdentifier;

    use super::*;

    #[test]
    fn categories_are_those_of_cldr() {
        for lang in Lang::ALL {
            let language: LanguageIdentifier = lang.code().parse().unwrap();
            let rules = PluralRules::create(language, PluralRuleType::CARDINAL).unwrap();
            for count in (0..300_u64).chain([1_001, 1_011, 1_000_000, 1_000_002]) {
                let expected = match rules.select(count).unwrap() {
                    PluralCategory::ONE => Plural::One,
                    PluralCategory::FEW => Plural::Few,
                    PluralCategory::MANY => Plural::Many,
                    _ => Plural::Other,
                };
                assert_eq!(Plural::of(lang, count), expected, "{} {count}", lang.code());
            }
        }
    }
}
