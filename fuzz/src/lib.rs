//! What the targets share: real anchors, so that the fuzzer gets past the first door.

use std::path::Path;
use std::sync::LazyLock;

use esign::certificate::Certificate;
use esign::profile::Profile;
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, TrustStore};

/// The moment of every judgement: 2026-11-22.
pub const NOW: UnixTime = UnixTime(1_795_305_600);

static TRUST: LazyLock<TrustStore> = LazyLock::new(|| {
    let folder = std::env::var_os("FUZZ_ANCHORS").unwrap_or_default();
    let group = |profile: Profile| AnchorGroup::new(profile.as_str(), profile, anchors(Path::new(&folder)));
    TrustStore::new(Profile::ALL.map(group).into())
});

/// The authorities among the certificates of the folder `FUZZ_ANCHORS`, under every profile.
pub fn trust() -> &'static TrustStore {
    &TRUST
}

fn anchors(folder: &Path) -> Vec<Certificate> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .filter_map(|file| std::fs::read(file.path()).ok())
        .filter_map(|der| Certificate::parse(der).ok())
        .filter(Certificate::is_authority)
        .collect()
}
