//! Key files. The first byte chooses among passwords, so that both the wrong and the right one are tried.
#![no_main]

use libfuzzer_sys::fuzz_target;

const PASSWORDS: [&str; 4] = ["", "пароль-Test1", "Qwerty12", "test1234"];

fuzz_target!(|data: &[u8]| {
    let Some((&choice, file)) = data.split_first() else {
        return;
    };
    let Some(password) = PASSWORDS.get(usize::from(choice) % PASSWORDS.len()) else {
        return;
    };
    if let Ok(container) = esign::pkcs12::open(file, password) {
        assert!(!container.keys.is_empty(), "opened, and there is no key");
    }
});
