//! What the scripts about keys say: a module for each set of words and each language, kept by browsers as other assets
//! are, so that pages stay light and nobody loads the words of a program that they have not chosen.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::sync::LazyLock;

use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::write::GzEncoder;
use text::Lang;

use super::{agent_words, check, holder};
use crate::key_sources::KeySource;

/// Which script the words are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The key dialog itself, key files among its words.
    Dialog,
    /// A source of keys.
    Source(KeySource),
    /// The component check.
    Check,
}

/// The words of one script in one language.
#[derive(Debug)]
pub struct KeyWords {
    /// Address; it carries the digest of the content.
    pub url: String,
    /// The digest, as a header has it.
    pub(crate) etag: String,
    /// `export default { "opening": "…" };`
    pub module: Vec<u8>,
    /// The same, compressed.
    pub(crate) gzip: Option<Vec<u8>>,
}

/// Words by the names that scripts know them by; `{}` stands for a moment.
pub(super) type Words = Vec<(String, String)>;

impl Speaker {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Dialog,
        Self::Source(KeySource::File),
        Self::Source(KeySource::Ncalayer),
        Self::Source(KeySource::CryptoPro),
        Self::Check,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Dialog => "dialog",
            Self::Source(source) => source.id(),
            Self::Check => "check",
        }
    }

    /// Its words in every language.
    fn modules(self) -> &'static [KeyWords; 3] {
        match self {
            Self::Dialog => &DIALOG,
            Self::Source(KeySource::File) => &FILE,
            Self::Source(KeySource::Ncalayer) => &NCALAYER,
            Self::Source(KeySource::CryptoPro) => &CRYPTO_PRO,
            Self::Check => &CHECK,
        }
    }

    fn words(self, lang: Lang) -> Words {
        match self {
            Self::Dialog => dialog(lang).into_iter().chain(holder::key_words(lang)).collect(),
            Self::Source(KeySource::File) => file(lang),
            Self::Source(KeySource::Ncalayer) => agent_words::ncalayer(lang),
            Self::Source(KeySource::CryptoPro) => agent_words::crypto_pro(lang),
            Self::Check => check::words(lang),
        }
    }
}

impl KeyWords {
    /// The dialog's words in this language.
    pub fn of(lang: Lang) -> &'static Self {
        Self::for_speaker(Speaker::Dialog, lang)
    }

    /// The words of this script in this language.
    pub fn for_speaker(speaker: Speaker, lang: Lang) -> &'static Self {
        let [ru, kk, en] = speaker.modules();
        match lang {
            Lang::Ru => ru,
            Lang::Kk => kk,
            Lang::En => en,
        }
    }

    /// The module at this address.
    pub(crate) fn find(url: &str) -> Option<&'static Self> {
        let mut all = Speaker::ALL.into_iter().flat_map(Speaker::modules);
        all.find(|words| words.url == url)
    }

    fn every(speaker: Speaker) -> [Self; 3] {
        [Lang::Ru, Lang::Kk, Lang::En].map(|lang| Self::new(speaker, lang))
    }

    fn new(speaker: Speaker, lang: Lang) -> Self {
        let words: BTreeMap<_, _> = speaker.words(lang).into_iter().collect();
        let module = format!("export default {};\n", serde_json::json!(words));
        let digest = esign::provider::sha256(module.as_bytes());
        let digest = HEXLOWER.encode(digest.first_chunk::<8>().unwrap_or(&[0; 8]));
        Self {
            url: format!("/assets/key-words.{}.{}.{digest}.js", speaker.name(), lang.code()),
            etag: format!("\"{digest}\""),
            gzip: compressed(module.as_bytes()).ok(),
            module: module.into_bytes(),
        }
    }
}

/// Made when they are first asked for.
type Modules = LazyLock<[KeyWords; 3]>;

static DIALOG: Modules = Modules::new(|| KeyWords::every(Speaker::Dialog));
static FILE: Modules = Modules::new(|| KeyWords::every(Speaker::Source(KeySource::File)));
static NCALAYER: Modules = Modules::new(|| KeyWords::every(Speaker::Source(KeySource::Ncalayer)));
static CRYPTO_PRO: Modules = Modules::new(|| KeyWords::every(Speaker::Source(KeySource::CryptoPro)));
static CHECK: Modules = Modules::new(|| KeyWords::every(Speaker::Check));

fn compressed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// A text that needs nothing filled in, in each language.
type Text = fn(Lang) -> &'static str;

/// Words that need nothing filled in.
pub(super) fn plain(lang: Lang, words: &[(&str, Text)]) -> Words {
    words
        .iter()
        .map(|(name, words)| ((*name).to_owned(), words(lang).to_owned()))
        .collect()
}

/// What the dialog says of itself, of keys, and of what any program may answer.
fn dialog(lang: Lang) -> Words {
    use text::{agent, certificate, key};
    let mut words = plain(
        lang,
        &[
            ("opening", key::opening),
            ("signing", key::signing),
            ("cancelled", key::cancelled),
            ("signer.unavailable", key::unavailable),
            ("offline", key::offline),
            ("too-many", key::too_many),
            ("stale", key::stale),
            ("key_file.unsupported_key", key::why_unsupported),
            ("key_file.outdated_key", key::why_outdated),
            ("for-documents", key::why_for_documents),
            ("not-for-sign-in", key::why_not_for_sign_in),
            ("purpose-sign-in", certificate::purpose_sign_in),
            ("purpose-both", certificate::purpose_both),
            ("agent.refused", agent::refused),
            ("agent.refused.now", agent::refused_now),
            ("agent.gone", agent::gone),
            ("agent.gone.now", agent::gone_now),
            ("agent.silent", agent::silent),
            ("agent.silent.now", agent::silent_now),
            ("agent.malformed", agent::malformed),
            ("agent.malformed.now", agent::malformed_now),
            ("agent.other-certificate", agent::other_certificate),
            ("agent.other-certificate.now", agent::other_certificate_now),
            ("agent.unusable", agent::unusable),
            ("cms.signer_certificate_missing", agent::no_certificate),
            ("cms.signer_certificate_missing.now", agent::no_certificate_now),
            ("cms.content_mismatch", agent::other_text),
            ("cms.content_mismatch.now", agent::other_text_now),
        ],
    );
    words.push(("expired".into(), key::why_expired(lang, "{}")));
    words.push(("not-yet".into(), key::why_not_yet(lang, "{}")));
    words.push(("from-to".into(), certificate::from_to(lang, "{from}", "{until}")));
    words
}

/// What is said of key files.
fn file(lang: Lang) -> Words {
    use text::key;
    plain(
        lang,
        &[
            ("refresh-password", key::refresh_password),
            ("file-empty", key::file_empty),
            ("password-empty", key::password_empty),
            ("key_file.wrong_password", key::wrong_password),
            ("key_file.unknown_format", key::unknown_format),
            ("key_file.malformed", key::malformed),
            ("key_file.unsupported_algorithm", key::unsupported_algorithm),
            ("key_file.crypto_pro", key::crypto_pro),
            ("key_file.too_costly", key::too_costly),
            ("key_file.no_key", key::no_key),
            ("too-large", key::too_large),
            ("unreadable", key::unreadable),
        ],
    )
}
