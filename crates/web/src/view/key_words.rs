//! What the key dialog's script says: a module for each language, kept by browsers as other assets are, so that the
//! pages with the dialog stay light.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::sync::LazyLock;

use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::write::GzEncoder;
use text::Lang;

use super::holder;

/// The words of one language.
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

impl KeyWords {
    /// The words of this language.
    pub fn of(lang: Lang) -> &'static Self {
        let [ru, kk, en] = &*ALL;
        match lang {
            Lang::Ru => ru,
            Lang::Kk => kk,
            Lang::En => en,
        }
    }

    /// The module at this address.
    pub(crate) fn find(url: &str) -> Option<&'static Self> {
        ALL.iter().find(|words| words.url == url)
    }

    fn new(lang: Lang) -> Self {
        let words: BTreeMap<String, String> = said(lang)
            .map(|(name, words)| (name.to_owned(), words))
            .into_iter()
            .chain(holder::key_words(lang))
            .collect();
        let module = format!("export default {};\n", serde_json::json!(words));
        let digest = esign::provider::sha256(module.as_bytes());
        let digest = HEXLOWER.encode(digest.first_chunk::<8>().unwrap_or(&[0; 8]));
        Self {
            url: format!("/assets/key-words.{}.{digest}.js", lang.code()),
            etag: format!("\"{digest}\""),
            gzip: compressed(module.as_bytes()).ok(),
            module: module.into_bytes(),
        }
    }
}

static ALL: LazyLock<[KeyWords; 3]> = LazyLock::new(|| [Lang::Ru, Lang::Kk, Lang::En].map(KeyWords::new));

fn compressed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// What the dialog says of itself and of files and keys; `{}` stands for a moment.
fn said(lang: Lang) -> [(&'static str, String); 28] {
    use text::{certificate, key};
    let fixed = |name, words: fn(Lang) -> &'static str| (name, words(lang).to_owned());
    [
        fixed("opening", key::opening),
        fixed("signing", key::signing),
        fixed("cancelled", key::cancelled),
        fixed("refresh-password", key::refresh_password),
        fixed("file-empty", key::file_empty),
        fixed("password-empty", key::password_empty),
        fixed("key_file.wrong_password", key::wrong_password),
        fixed("key_file.unknown_format", key::unknown_format),
        fixed("key_file.malformed", key::malformed),
        fixed("key_file.unsupported_algorithm", key::unsupported_algorithm),
        fixed("key_file.crypto_pro", key::crypto_pro),
        fixed("key_file.too_costly", key::too_costly),
        fixed("key_file.no_key", key::no_key),
        fixed("key_file.unsupported_key", key::why_unsupported),
        fixed("key_file.outdated_key", key::why_outdated),
        fixed("too-large", key::too_large),
        fixed("unreadable", key::unreadable),
        fixed("signer.unavailable", key::unavailable),
        fixed("offline", key::offline),
        fixed("too-many", key::too_many),
        fixed("stale", key::stale),
        ("expired", key::why_expired(lang, "{}")),
        ("not-yet", key::why_not_yet(lang, "{}")),
        fixed("for-documents", key::why_for_documents),
        fixed("not-for-sign-in", key::why_not_for_sign_in),
        ("from-to", certificate::from_to(lang, "{from}", "{until}")),
        fixed("purpose-sign-in", certificate::purpose_sign_in),
        fixed("purpose-both", certificate::purpose_both),
    ]
}
