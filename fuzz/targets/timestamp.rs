//! Time stamps and the answers of their authorities, judged with real anchors.
#![no_main]

use esign::cms::raise_to_t;
use esign::provider::portable;
use esign::tsp::{TimeStampResponse, TimeStampToken};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = TimeStampResponse::parse(data);
    if let Ok(token) = TimeStampToken::parse(data) {
        assert_eq!(token.as_bytes(), data);
        let _ = token.verify(b"message", fuzz::trust(), fuzz::NOW, portable());
        // a token is a message too; nobody stamped this one with itself
        assert!(raise_to_t(data, &token, portable()).is_err());
    }
});
