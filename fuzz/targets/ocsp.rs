//! Answers of responders.
#![no_main]

use esign::revocation::OcspResponse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(response) = OcspResponse::parse(data) {
        assert_eq!(response.der(), data, "the bytes as received");
        let _ = (response.produced_at(), response.next_update(), response.nonce());
        let _ = (response.basic_der(), response.certificates().len());
    }
});
