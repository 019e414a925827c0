//! The rows of «Где ваш ключ?».

use text::Lang;

use super::key_words::{KeyWords, Speaker};
use crate::assets::url;
use crate::key_sources::KeySource;

impl KeySource {
    /// Its name.
    pub(super) fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::File => text::key::place_file(lang),
            Self::Ncalayer => text::agent::ncalayer(lang),
            Self::CryptoPro => text::agent::crypto_pro(lang),
        }
    }

    /// What one needs for it, in a line.
    pub(super) fn hint(self, lang: Lang) -> &'static str {
        match self {
            Self::File => text::key::place_file_hint(lang),
            Self::Ncalayer => text::agent::ncalayer_hint(lang),
            Self::CryptoPro => text::agent::crypto_pro_hint(lang),
        }
    }

    /// The address of its script, which is loaded when it is chosen.
    pub(super) fn script(self) -> &'static str {
        match self {
            Self::File => url::KEY_FILE_JS,
            Self::Ncalayer => url::KEY_NCALAYER_JS,
            Self::CryptoPro => url::KEY_CRYPTO_PRO_JS,
        }
    }

    /// The address of the words of that script.
    pub(super) fn words(self, lang: Lang) -> &'static str {
        &KeyWords::for_speaker(Speaker::Source(self), lang).url
    }
}
