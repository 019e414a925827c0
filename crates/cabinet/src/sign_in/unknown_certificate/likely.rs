use db::Tx;
use esign::cms::VerifiedSigner;

use crate::account::{self, Name};
use crate::{Failure, fold};

/// Whether there seems to be an account of this person, though none is known by the numbers that this anchor group states
/// (D-9.a): somebody else stated one of them, or a namesake is there whose number of that kind nobody has stated. A hint
/// to ask by, never to bind by (D-7.b).
pub(in crate::sign_in) fn is_likely(tx: &mut Tx<'_>, signer: &VerifiedSigner) -> Result<bool, Failure> {
    for id in signer.person_ids() {
        if !account::list_by_person_id(tx, id)?.is_empty() {
            return Ok(true);
        }
    }
    let name = Name::from(signer.person_name());
    if name.surname.is_empty() || name.given_name.is_empty() {
        return Ok(false);
    }
    let kind = signer.person_ids().first();
    let namesakes =
        account::list_namesakes(tx, &spellings(&name.surname), &spellings(&name.given_name), kind)?;
    let same = |namesake: &Name| fold::fold(&namesake.to_string()) == fold::fold(&name.to_string());
    Ok(namesakes.iter().any(same))
}

/// A name in capitals, as certificates write it, and as people do.
fn spellings(name: &str) -> [String; 2] {
    let mut begins = true;
    let mut usual = String::with_capacity(name.len());
    for letter in name.chars() {
        if begins {
            usual.extend(letter.to_uppercase());
        } else {
            usual.extend(letter.to_lowercase());
        }
        begins = !letter.is_alphabetic();
    }
    [name.to_uppercase(), usual]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_looked_for_as_certificates_and_as_people_write_it() {
        assert_eq!(spellings("ӘЛИЕВА-КИМ"), ["ӘЛИЕВА-КИМ", "Әлиева-Ким"]);
    }
}
