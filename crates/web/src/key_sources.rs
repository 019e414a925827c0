//! Where people may have their keys, as the operator offers it: the rows of «Где ваш ключ?» and what pages with them may reach.

use std::sync::Arc;

use axum::http::HeaderValue;

use crate::headers;

/// A place where a key may be, or a program that signs with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeySource {
    /// A key file, opened in the page.
    File,
    /// NCALayer, the program of the Kazakh authority, by a socket on the person's own computer.
    Ncalayer,
    /// КриптоПро ЭЦП Browser plug-in, by the vendor's extension of the browser.
    CryptoPro,
}

/// The extensions in which the vendor ships the plug-in's bridge: Chrome and Edge, Chrome before manifest 3, Opera and Yandex.
const CRYPTO_PRO_EXTENSIONS: [&str; 3] = [
    "pfhgbfnnjiafkhfdkmpiflachepdcjod",
    "iifchhfnnmpdbibifmljnfjhpififfog",
    "epebfcehmdedogndhlcacafjaacknbcm",
];

/// What the operator offers, the usual one first.
#[derive(Debug, Clone)]
pub struct KeySources {
    offered: Arc<[KeySource]>,
    extensions: Arc<[String]>,
    policy: HeaderValue,
}

impl KeySource {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::File, Self::Ncalayer, Self::CryptoPro];

    /// Names it in the configuration, in the page and in its script.
    pub fn id(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Ncalayer => "ncalayer",
            Self::CryptoPro => "crypto-pro",
        }
    }

    /// The source of this id.
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.id() == id)
    }

    /// Where the source's script connects to, beside this site.
    pub(crate) fn connects(self) -> Option<&'static str> {
        match self {
            Self::File | Self::CryptoPro => None,
            Self::Ncalayer => Some("wss://127.0.0.1:13579"),
        }
    }
}

impl KeySources {
    /// These sources, each once; without any, key files. No `extensions` means the vendor's own.
    pub fn new(offered: &[KeySource], extensions: Vec<String>) -> Self {
        let mut once = Vec::with_capacity(offered.len());
        for source in offered {
            if !once.contains(source) {
                once.push(*source);
            }
        }
        if once.is_empty() {
            once.push(KeySource::File);
        }
        let extensions = if extensions.is_empty() {
            CRYPTO_PRO_EXTENSIONS.map(str::to_owned).to_vec()
        } else {
            extensions
        };
        Self {
            policy: headers::signing_policy(&once, &extensions),
            offered: once.into(),
            extensions: extensions.into(),
        }
    }

    /// What is offered.
    pub fn offered(&self) -> &[KeySource] {
        &self.offered
    }

    /// The ids of the extensions that may bridge to КриптоПро; none where it is not offered.
    pub(crate) fn extensions(&self) -> &[String] {
        if self.offers(KeySource::CryptoPro) {
            &self.extensions
        } else {
            &[]
        }
    }

    /// Whether this one is offered.
    pub fn offers(&self, source: KeySource) -> bool {
        self.offered.contains(&source)
    }

    /// The content security policy of pages with the chooser.
    pub(crate) fn policy(&self) -> HeaderValue {
        self.policy.clone()
    }
}

impl Default for KeySources {
    fn default() -> Self {
        Self::new(&[], Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_2_a_page_reaches_the_programs_that_are_offered_and_no_others() {
        let policy = |offered: &[KeySource]| {
            let sources = KeySources::new(offered, Vec::new());
            sources.policy().to_str().unwrap().to_owned()
        };
        let file = policy(&[]);
        assert!(file.contains("; connect-src 'self'; "), "{file}");
        assert!(file.contains("script-src 'self' 'wasm-unsafe-eval';"), "{file}");
        assert!(file.ends_with("trusted-types kabinet"), "{file}");
        let ncalayer = policy(&[KeySource::File, KeySource::Ncalayer]);
        assert!(
            ncalayer.contains("; connect-src 'self' wss://127.0.0.1:13579; "),
            "{ncalayer}"
        );
        assert!(!ncalayer.contains("chrome-extension"), "{ncalayer}");
        let crypto_pro = policy(&[KeySource::CryptoPro]);
        assert!(
            crypto_pro.contains(
                "script-src 'self' chrome-extension://pfhgbfnnjiafkhfdkmpiflachepdcjod chrome-extension://"
            ),
            "{crypto_pro}"
        );
        assert!(crypto_pro.contains("; connect-src 'self'; "), "{crypto_pro}");
        assert!(
            crypto_pro.ends_with("trusted-types kabinet kabinet-extension"),
            "{crypto_pro}"
        );
    }

    #[test]
    fn a_3_each_source_is_offered_once_and_in_the_operators_order() {
        let sources = KeySources::new(
            &[KeySource::Ncalayer, KeySource::File, KeySource::Ncalayer],
            Vec::new(),
        );
        assert_eq!(sources.offered(), [KeySource::Ncalayer, KeySource::File]);
        for source in KeySource::ALL {
            assert_eq!(KeySource::parse(source.id()), Some(source));
        }
    }
}
