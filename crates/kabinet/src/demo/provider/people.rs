//! Who has an account at the provider of the demo. Some are people of the portal, under the same number.

/// Somebody with an account there.
#[derive(Debug)]
pub(crate) struct Resident {
    /// What the provider calls the person; it never changes.
    pub(crate) subject: &'static str,
    pub(crate) surname: &'static str,
    pub(crate) given_name: &'static str,
    pub(crate) patronymic: &'static str,
    pub(crate) iin: Option<&'static str>,
    pub(crate) email: Contact,
    pub(crate) phone: Contact,
    pub(crate) is_confirmed: bool,
    /// What to see with this person.
    pub(crate) note: &'static str,
}

/// An address or number, and whether the provider has verified it.
#[derive(Debug)]
pub(crate) struct Contact {
    pub(crate) value: &'static str,
    pub(crate) is_verified: bool,
}

impl Resident {
    pub(crate) fn name(&self) -> String {
        let name = format!("{} {} {}", self.surname, self.given_name, self.patronymic);
        name.trim_end().to_owned()
    }

    /// The level of assurance, as `acr` has it.
    pub(crate) const fn assurance(&self) -> &'static str {
        if self.is_confirmed { "confirmed" } else { "simple" }
    }
}

const fn verified(value: &'static str) -> Contact {
    Contact {
        value,
        is_verified: true,
    }
}

const fn unverified(value: &'static str) -> Contact {
    Contact {
        value,
        is_verified: false,
    }
}

/// Everybody.
pub(crate) const RESIDENTS: &[Resident] = &[
    Resident {
        subject: "1000301",
        surname: "Ковалёва",
        given_name: "Ирина",
        patronymic: "Сергеевна",
        iin: Some("910712401035"),
        email: verified("irina.kovaleva@mail.example.kz"),
        phone: verified("+77075555555"),
        is_confirmed: true,
        note: "has a cabinet under the same name and number, with another e-mail",
    },
    Resident {
        subject: "1000302",
        surname: "Кожахметов",
        given_name: "Улан",
        patronymic: "Серикович",
        iin: Some("950412300710"),
        email: verified("ulan@example.kz"),
        phone: verified("+77011234567"),
        is_confirmed: true,
        note: "has a cabinet under the same number, where his name is written otherwise",
    },
    Resident {
        subject: "1000303",
        surname: "Сәрсенова",
        given_name: "Айгүл",
        patronymic: "Мұратқызы",
        iin: Some("880306400120"),
        email: unverified("aigul@example.kz"),
        phone: verified("+77021234567"),
        is_confirmed: true,
        note: "has no cabinet yet",
    },
    Resident {
        subject: "1000304",
        surname: "Иванова",
        given_name: "Мария",
        patronymic: "Олеговна",
        iin: None,
        email: unverified("irina.kovaleva@example.kz"),
        phone: verified("+79161234567"),
        is_confirmed: true,
        note: "gives somebody else's e-mail, which opens nothing",
    },
    Resident {
        subject: "1000305",
        surname: "Ким",
        given_name: "Александр",
        patronymic: "Викторович",
        iin: Some("791123300450"),
        email: verified("kim@example.kz"),
        phone: verified("+77051234567"),
        is_confirmed: false,
        note: "has a simplified account there, which does not let in here",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::people::PEOPLE;

    #[test]
    fn residents_are_people_of_the_portal_or_strangers() {
        for resident in RESIDENTS {
            if let Some(iin) = resident.iin {
                assert!(PEOPLE.iter().any(|person| person.iin == iin), "{iin}");
            }
        }
        assert!(RESIDENTS.iter().any(|resident| resident.iin.is_none()));
        assert!(RESIDENTS.iter().any(|resident| !resident.is_confirmed));
    }
}
