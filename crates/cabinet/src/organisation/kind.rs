use crate::account::Language;

const LENGTHS: std::ops::RangeInclusive<usize> = 1..=32;

/// A word of the configuration that names a kind of organisation: `school`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KindId(String);

impl KindId {
    /// Small Latin letters, digits and hyphens.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        (plain && LENGTHS.contains(&text.len())).then(|| Self(text.to_owned()))
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) const fn stored(text: String) -> Self {
        Self(text)
    }
}

/// One text in every language of the product, as the operator wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Russian.
    pub ru: String,
    /// Kazakh.
    pub kk: String,
    /// English.
    pub en: String,
}

impl Label {
    /// The text in a language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Ru => &self.ru,
            Language::Kk => &self.kk,
            Language::En => &self.en,
        }
    }
}

/// A kind of organisation: a tab of the sign-in page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationKind {
    /// Its word in the configuration.
    pub id: KindId,
    /// Its name.
    pub label: Label,
}

/// The kinds where the configuration names none.
pub fn default_kinds() -> Vec<OrganisationKind> {
    let kind = |id: &str, ru: &str, kk: &str, en: &str| OrganisationKind {
        id: KindId(id.to_owned()),
        label: Label {
            ru: ru.to_owned(),
            kk: kk.to_owned(),
            en: en.to_owned(),
        },
    };
    vec![
        kind(
            "education",
            "Образовательная организация",
            "Білім беру ұйымы",
            "Educational organisation",
        ),
        kind(
            "authority",
            "Управление образованием",
            "Білім басқармасы",
            "Education authority",
        ),
    ]
}
