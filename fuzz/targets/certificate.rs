//! Certificates: reading one, and everything that is shown or asked of it.
#![no_main]

use esign::certificate::Certificate;
use esign::profile::Profile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(certificate) = Certificate::parse(data) else {
        return;
    };
    assert_eq!(certificate.der(), data, "the bytes as received");
    let _ = (
        certificate.subject().to_string(),
        certificate.issuer().to_string(),
    );
    let _ = (certificate.algorithm_name(), certificate.signature_algorithm());
    let _ = (certificate.key_usage(), certificate.extended_key_usage());
    let _ = (
        certificate.subject_alternative_names(),
        certificate.basic_constraints(),
    );
    let _ = (
        certificate.subject_key_identifier(),
        certificate.authority_key_identifier(),
    );
    for profile in Profile::ALL {
        let _ = profile.read(&certificate);
    }
});
