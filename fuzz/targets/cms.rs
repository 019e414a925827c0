//! Signed messages, as a document and as the answer to a challenge, judged with real anchors.
#![no_main]

use esign::cms;
use esign::provider::portable;
use esign::verdict::Verdict;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let report = cms::verify_document(data, None, fuzz::trust(), fuzz::NOW, portable());
    if matches!(report.verdict, Verdict::Valid(_)) {
        assert!(!report.signers.is_empty(), "nobody signed, and it is valid");
    }
    let _ = cms::verify_document(data, Some(b"content"), fuzz::trust(), fuzz::NOW, portable());
    let _ = cms::verify_sign_in(data, b"challenge", fuzz::trust(), fuzz::NOW, portable());
});
