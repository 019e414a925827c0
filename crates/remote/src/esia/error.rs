//! What ESIA says when it says no.

use crate::oidc::printable;
use crate::provider::ProviderFailure;

/// What a refusal means. ESIA writes its own code before the words: `ESIA-007004: …`.
pub(super) fn failure(error: &str, description: &str) -> ProviderFailure {
    let told = printable(&format!("{error} {description}"));
    match code(description) {
        Some("007004") => ProviderFailure::Declined,
        Some("007007" | "007008") => ProviderFailure::Unreachable(told),
        Some("007011") => ProviderFailure::CodeSpent,
        Some("007015") => ProviderFailure::Clock,
        Some("007046") => ProviderFailure::SecondFactor,
        Some("007055") => ProviderFailure::TooWeak,
        Some("007060" | "007061" | "007062" | "007194") => ProviderFailure::WrongRole,
        None if error == "access_denied" => ProviderFailure::Declined,
        None if error == "invalid_grant" => ProviderFailure::CodeSpent,
        None if error == "server_error" => ProviderFailure::Unreachable(told),
        _ => ProviderFailure::Rejected(told),
    }
}

/// No right to the data that was asked for: the person did not consent to it.
pub(super) fn is_withheld(body: &[u8]) -> bool {
    code(&String::from_utf8_lossy(body)) == Some("007019")
}

fn code(description: &str) -> Option<&str> {
    let (_, after) = description.split_once("ESIA-")?;
    let code = after.get(..6)?;
    code.bytes().all(|byte| byte.is_ascii_digit()).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_way_out() {
        for (description, expected) in [
            ("ESIA-007004: Владелец ресурса отказал", "provider.declined"),
            ("ESIA-007007: internal", "provider.unreachable"),
            ("ESIA-007011: expired", "provider.code_spent"),
            ("ESIA-007015: timestamp", "provider.clock"),
            ("ESIA-007046: second factor", "provider.second_factor"),
            ("ESIA-007053: client_secret", "provider.rejected"),
            ("ESIA-007055: not trusted", "provider.too_weak"),
            ("ESIA-007194: not a member", "provider.wrong_role"),
            ("ESIA-036700: permissions", "provider.rejected"),
            ("ESIA-x", "provider.rejected"),
            ("", "provider.rejected"),
        ] {
            assert_eq!(
                failure("invalid_request", description).code(),
                expected,
                "{description}"
            );
        }
        assert_eq!(failure("access_denied", ""), ProviderFailure::Declined);
    }
}
