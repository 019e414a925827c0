//! Names as they are compared, sorted and searched: without regard to case, marks and the letters that only Kazakh has,
//! so that К finds Қ.

/// Digits that numbers are padded to where they decide an order: № 5 stands before № 30.
const DIGITS: usize = 8;

/// The text in small letters of the common alphabet, words apart by one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase).map(common) {
        if letter.is_alphanumeric() {
            folded.push(letter);
        } else if !folded.ends_with(' ') && !folded.is_empty() {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// What rows are sorted by. Bytes, because the engines sort texts each in its own way.
pub(crate) fn sort_key(text: &str) -> Vec<u8> {
    let folded = fold(text);
    let mut key = String::with_capacity(2 * folded.len());
    for word in folded.split(' ') {
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            key.extend(std::iter::repeat_n('0', DIGITS.saturating_sub(word.len())));
        }
        key.push_str(word);
        key.push(' ');
    }
    key.push_str(text);
    key.into_bytes()
}

const fn common(letter: char) -> char {
    match letter {
        'ә' => 'а',
        'ғ' => 'г',
        'ё' => 'е',
        'і' => 'и',
        'қ' => 'к',
        'ң' => 'н',
        'ө' => 'о',
        'ұ' | 'ү' => 'у',
        'һ' => 'х',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kazakh_letters_are_found_by_those_of_every_keyboard() {
        assert_eq!(
            fold("  «Өскемен» қаласының №12 ҰЛТТЫҚ гимназиясы "),
            "оскемен каласынын 12 улттык гимназиясы"
        );
        assert_eq!(fold("ӘҒЁІҢҮҺ"), fold("агеинух"));
        assert_eq!(fold("п/р Луговое"), "п р луговое");
        assert_eq!(fold("«»"), "");
    }

    #[test]
    fn numbers_sort_as_numbers() {
        let mut names = ["СОШ № 30", "СОШ № 5", "Школа", "Әл-Фараби", "СОШ № 12"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, ["Әл-Фараби", "СОШ № 5", "СОШ № 12", "СОШ № 30", "Школа"]);
    }
}
