//! Lists of revoked certificates.
#![no_main]

use esign::revocation::Crl;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(crl) = Crl::parse(data) {
        let _ = (
            crl.issuer().to_string(),
            crl.this_update(),
            crl.next_update(),
            crl.len(),
        );
    }
});
