//! Where people may have their keys.

use web::{KeySource, KeySources};

use super::sections::Profile;
use super::{Config, Problem};

impl Config {
    /// What the operator names, or files and the programs that belong to the profiles of the anchor groups.
    pub(super) fn key_sources(&self) -> Result<KeySources, Problem> {
        let offered = match &self.keys.sources {
            Some(sources) => sources.iter().map(|id| source(id)).collect::<Result<_, _>>()?,
            None => self.usual_sources(),
        };
        let extensions = self.keys.crypto_pro_extensions.clone();
        match extensions.iter().find(|id| !is_extension(id)) {
            Some(id) => Err(Problem::new(format!(
                "[keys] crypto_pro_extensions: \"{id}\" is no id of an extension; they have 32 letters from a to p"
            ))),
            None => Ok(KeySources::new(&offered, extensions)),
        }
    }

    fn usual_sources(&self) -> Vec<KeySource> {
        let of_groups = self.anchor_group.iter().filter_map(|group| match group.profile {
            Profile::Kz => Some(KeySource::Ncalayer),
            Profile::Ru => Some(KeySource::CryptoPro),
            Profile::Eidas | Profile::Plain => None,
        });
        std::iter::once(KeySource::File).chain(of_groups).collect()
    }
}

fn source(id: &str) -> Result<KeySource, Problem> {
    KeySource::parse(id).ok_or_else(|| {
        let known = KeySource::ALL.map(KeySource::id).join(", ");
        Problem::new(format!("[keys] sources: \"{id}\" is none of {known}"))
    })
}

/// What the id looks like that Chromium gives to an extension.
fn is_extension(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|letter| (b'a'..=b'p').contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{EXAMPLE, read};

    fn sources(from: &str, to: &str) -> Result<Vec<KeySource>, String> {
        let config = read::parse(&EXAMPLE.replace(from, to), "kabinet.toml", &[]).unwrap();
        let sources = config.key_sources().map_err(|problem| problem.to_string())?;
        Ok(sources.offered().to_vec())
    }

    #[test]
    fn a_3_the_operator_says_where_keys_may_be() {
        use KeySource::{CryptoPro, File, Ncalayer};
        assert_eq!(sources("", ""), Ok(vec![File, Ncalayer]), "the example is Kazakh");
        assert_eq!(
            sources("profile = \"kz\"", "profile = \"ru\""),
            Ok(vec![File, CryptoPro])
        );
        assert_eq!(sources("profile = \"kz\"", "profile = \"plain\""), Ok(vec![File]));
        let named = "#sources = [\"file\", \"ncalayer\"]";
        assert_eq!(
            sources(named, "sources = [\"crypto-pro\", \"ncalayer\"]"),
            Ok(vec![CryptoPro, Ncalayer])
        );
        let refused = sources(named, "sources = [\"floppy\"]").unwrap_err();
        assert!(
            refused.contains("\"floppy\" is none of file, ncalayer"),
            "{refused}"
        );
        let refused = sources(
            "#crypto_pro_extensions = [\"pfhgbfnnjiafkhfdkmpiflachepdcjod\"]",
            "crypto_pro_extensions = [\"https://evil.example\"]",
        );
        assert!(refused.unwrap_err().contains("is no id of an extension"));
    }
}
