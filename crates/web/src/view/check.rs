//! The component check: what this browser and this computer can do.

use askama::Template;
use text::{Lang, check};

use super::Page;
use super::key_rules::KeyRules;
use super::key_words::{KeyWords, Speaker, Words, plain};
use crate::key_sources::KeySource;

/// `/check`: one line for each thing that keys need, with its fix.
#[derive(Debug, Clone, Template)]
#[template(path = "check.html")]
pub struct Check {
    /// The frame.
    pub page: Page,
    /// What keys are judged by, and which sources there are.
    pub rules: KeyRules,
}

impl Check {
    fn words(&self) -> &'static str {
        &KeyWords::for_speaker(Speaker::Check, self.page.lang).url
    }

    /// What the browser itself must be able to do, and its name.
    fn abilities(&self) -> Vec<(&'static str, &'static str)> {
        let lang = self.page.lang;
        let mut abilities = vec![
            ("connection", check::connection(lang)),
            ("module", check::module(lang)),
            ("passkey", check::passkey(lang)),
            ("memory", check::memory(lang)),
            ("clock", check::clock(lang)),
        ];
        if self.rules.sources.offers(KeySource::Ncalayer) {
            abilities.push(("network", check::network(lang)));
        }
        abilities
    }

    /// The programs that keys may be in.
    fn programs(&self) -> Vec<KeySource> {
        let offered = self.rules.sources.offered().iter().copied();
        offered.filter(|source| *source != KeySource::File).collect()
    }
}

/// What the script of the page says.
pub(super) fn words(lang: Lang) -> Words {
    let mut words = plain(
        lang,
        &[
            ("looking", check::looking),
            ("again", check::again),
            ("connection.good", check::connection_good),
            ("connection.bad", check::connection_fix),
            ("module.good", check::module_good),
            ("module.bad", check::module_fix),
            ("passkey.good", check::passkey_good),
            ("passkey.maybe", check::passkey_fix),
            ("memory.good", check::memory_good),
            ("memory.maybe", check::memory_fix),
            ("clock.good", check::clock_good),
            ("network.granted", check::network_good),
            ("network.prompt", check::network_ask),
            ("network.free", check::network_free),
        ],
    );
    words.push(("clock.maybe".into(), check::clock_fix(lang, "{}")));
    words.push(("found".into(), check::found(lang, "{version}")));
    words.push((
        "found-crypto-pro".into(),
        check::found_crypto_pro(lang, "{csp}", "{version}"),
    ));
    words
}
