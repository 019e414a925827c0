use esign::profile::check;

const LENGTHS: std::ops::RangeInclusive<usize> = 2..=32;

/// What names an organisation in links and files: its БИН or ИНН, or a word of small Latin letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrganisationCode(String);

crate::refusals! {
    /// Why a text is no code.
    pub enum CodeRefusal {
        Malformed = "organisation.code_malformed",
        CheckDigit = "organisation.code_check_digit",
    }
}

impl OrganisationCode {
    /// Reads a code. Twelve digits are a БИН and ten an ИНН, so their check digit must fit.
    pub fn parse(text: &str) -> Result<Self, CodeRefusal> {
        let code = text.trim().to_ascii_lowercase();
        let plain = code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !plain || !LENGTHS.contains(&code.len()) {
            return Err(CodeRefusal::Malformed);
        }
        let is_number = code.bytes().all(|byte| byte.is_ascii_digit());
        let fits = match code.len() {
            12 if is_number => check::bin(&code).is_ok(),
            10 if is_number => check::inn(&code).is_ok(),
            _ => true,
        };
        if fits {
            Ok(Self(code))
        } else {
            Err(CodeRefusal::CheckDigit)
        }
    }

    /// The code as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) const fn stored(code: String) -> Self {
        Self(code)
    }
}

impl std::fmt::Display for OrganisationCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_number_of_the_state_or_a_word() {
        let code = |text| OrganisationCode::parse(text).map(|code| code.to_string());
        assert_eq!(code(" School-30 "), Ok("school-30".to_owned()));
        assert_eq!(code("200240001234"), Ok("200240001234".to_owned()));
        assert_eq!(code("200240001235"), Err(CodeRefusal::CheckDigit));
        assert_eq!(code("7707083893"), Ok("7707083893".to_owned()));
        assert_eq!(code("7707083890"), Err(CodeRefusal::CheckDigit));
        for wrong in ["", "a", "школа", "a/b", "a b", &"a".repeat(33)] {
            assert_eq!(code(wrong), Err(CodeRefusal::Malformed), "{wrong}");
        }
    }
}
