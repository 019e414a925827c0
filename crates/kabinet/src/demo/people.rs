//! The people of the demo city. All are invented; their numbers have valid check digits.

/// The password of every key file of the demo.
pub(crate) const KEY_PASSWORD: &str = "Kabinet2026";

/// One person, with one key file.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) surname: &'static str,
    pub(crate) given_name: &'static str,
    pub(crate) patronymic: &'static str,
    /// The individual identification number (ИИН).
    pub(crate) iin: &'static str,
    pub(crate) file: &'static str,
    pub(crate) keys: &'static [Key],
    /// The organisation that they head.
    pub(crate) head_of: Option<Company>,
    pub(crate) cabinet: Option<Cabinet>,
    /// Where they work.
    pub(crate) work: &'static [Work],
    /// What to see with this person.
    pub(crate) note: &'static str,
}

/// An organisation.
#[derive(Debug)]
pub(crate) struct Company {
    pub(crate) name: &'static str,
    /// The business identification number (БИН).
    pub(crate) bin: &'static str,
}

/// A place in an organisation of `organisations.csv`.
#[derive(Debug)]
pub(crate) struct Work {
    /// The organisation's code.
    pub(crate) organisation: &'static str,
    /// By which they enter there.
    pub(crate) user_name: &'static str,
    pub(crate) department: &'static str,
    pub(crate) position: &'static str,
}

/// One key of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    pub(crate) algorithm: Algorithm,
    pub(crate) purpose: Purpose,
    pub(crate) term: Term,
    pub(crate) issuer: Issuer,
    pub(crate) is_revoked: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rsa,
    Ecdsa,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    SignIn,
    Documents,
    /// One key for both, as the national authority issues them since 2022.
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Term {
    Now,
    Past,
    Future,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Issuer {
    /// The authority that the demo's server trusts.
    Trusted,
    /// One that it does not know.
    Stranger,
}

/// A cabinet that is already in use.
#[derive(Debug)]
pub(crate) struct Cabinet {
    pub(crate) email: &'static str,
    pub(crate) phone: Option<&'static str>,
    pub(crate) extra_email: Option<&'static str>,
    pub(crate) password: Option<&'static str>,
}

impl Person {
    /// Surname first.
    pub(crate) fn name(&self) -> String {
        let parts = [self.surname, self.given_name, self.patronymic];
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

const RSA: Key = Key {
    algorithm: Algorithm::Rsa,
    purpose: Purpose::SignIn,
    term: Term::Now,
    issuer: Issuer::Trusted,
    is_revoked: false,
};
const ECDSA: Key = Key {
    algorithm: Algorithm::Ecdsa,
    ..RSA
};

/// Everybody.
pub(crate) const PEOPLE: &[Person] = &[
    Person {
        surname: "Сәрсенова",
        given_name: "Айгүл",
        patronymic: "Мұратқызы",
        iin: "880306400120",
        file: "AUTH_RSA_sarsenova.p12",
        keys: &[RSA],
        head_of: None,
        cabinet: None,
        work: &[],
        note: "valid key, RSA; never signed in: the first entry asks for an e-mail",
    },
    Person {
        surname: "Ковалёва",
        given_name: "Ирина",
        patronymic: "Сергеевна",
        iin: "910712401035",
        file: "AUTH_RSA_kovaleva.p12",
        keys: &[RSA],
        head_of: None,
        cabinet: Some(Cabinet {
            email: "irina.kovaleva@example.kz",
            phone: Some("+77075555555"),
            extra_email: Some("kovaleva@school12.example.kz"),
            password: Some("тихий-трамвай-на-рассвете"),
        }),
        work: &[
            Work {
                organisation: "930240011372",
                user_name: "i.kovaleva",
                department: "Начальная школа",
                position: "учитель",
            },
            Work {
                organisation: "6507001235",
                user_name: "kovaleva",
                department: "",
                position: "педагог дополнительного образования",
            },
        ],
        note: "valid key, RSA; confirmed contacts, a password and a history",
    },
    Person {
        surname: "Қожахметов",
        given_name: "Ұлан",
        patronymic: "",
        iin: "950412300710",
        file: "AUTH_ECDSA_kozhakhmetov.p12",
        keys: &[ECDSA],
        head_of: None,
        cabinet: Some(Cabinet {
            email: "ulan@example.kz",
            phone: None,
            extra_email: None,
            password: Some("қар-жауған-төбе-үстінде"),
        }),
        work: &[Work {
            organisation: "380540161379",
            user_name: "ulan",
            department: "Жаратылыстану пәндері",
            position: "физика мұғалімі",
        }],
        note: "valid key, ECDSA P-256; no patronymic; a confirmed e-mail and a password",
    },
    Person {
        surname: "Ким",
        given_name: "Александр",
        patronymic: "Викторович",
        iin: "791123300450",
        file: "keys_kim.p12",
        keys: &[
            RSA,
            Key {
                purpose: Purpose::Documents,
                ..RSA
            },
            Key {
                term: Term::Past,
                ..RSA
            },
        ],
        head_of: None,
        cabinet: None,
        work: &[],
        note: "one file with three keys: for signing in, for documents, and an expired one",
    },
    Person {
        surname: "Жұмабаева",
        given_name: "Гүлнәр",
        patronymic: "Ерланқызы",
        iin: "700514400265",
        file: "AUTH_RSA_zhumabaeva_expired.p12",
        keys: &[Key {
            term: Term::Past,
            ..RSA
        }],
        head_of: None,
        cabinet: None,
        work: &[],
        note: "expired key",
    },
    Person {
        surname: "Петров",
        given_name: "Андрей",
        patronymic: "Николаевич",
        iin: "861219300587",
        file: "AUTH_RSA_petrov_not_yet_valid.p12",
        keys: &[Key {
            term: Term::Future,
            ..RSA
        }],
        head_of: None,
        cabinet: None,
        work: &[],
        note: "key that is not valid yet",
    },
    Person {
        surname: "Омаров",
        given_name: "Дәулет",
        patronymic: "Қайратұлы",
        iin: "770101300840",
        file: "RSA_omarov_documents_only.p12",
        keys: &[Key {
            purpose: Purpose::Documents,
            ..RSA
        }],
        head_of: None,
        cabinet: None,
        work: &[],
        note: "wrong purpose: a key for signing documents only",
    },
    Person {
        surname: "Смирнова",
        given_name: "Ольга",
        patronymic: "Петровна",
        iin: "830928400143",
        file: "AUTH_RSA_smirnova_unknown_authority.p12",
        keys: &[Key {
            issuer: Issuer::Stranger,
            ..RSA
        }],
        head_of: None,
        cabinet: None,
        work: &[],
        note: "unknown CA: a key of an authority that the portal does not trust",
    },
    Person {
        surname: "Тілеубаев",
        given_name: "Ерасыл",
        patronymic: "Бауыржанұлы",
        iin: "010228500371",
        file: "AUTH_ECDSA_tileubaev_revoked.p12",
        keys: &[Key {
            is_revoked: true,
            ..ECDSA
        }],
        head_of: None,
        cabinet: None,
        work: &[],
        note: "revoked key",
    },
    Person {
        surname: "Ахметова",
        given_name: "Динара",
        patronymic: "Болатқызы",
        iin: "810403400551",
        file: "ECDSA_akhmetova_head.p12",
        keys: &[Key {
            purpose: Purpose::Both,
            ..ECDSA
        }],
        head_of: Some(Company {
            name: "ТОО \"КӨКТЕМ-ДЕМО\"",
            bin: "200240001234",
        }),
        cabinet: None,
        work: &[],
        note: "head of an organisation, with one key for signing in and for documents",
    },
    Person {
        surname: "Бекетова",
        given_name: "Сәуле",
        patronymic: "Асқарқызы",
        iin: "780915401003",
        file: "AUTH_ECDSA_beketova.p12",
        keys: &[ECDSA],
        head_of: None,
        cabinet: Some(Cabinet {
            email: "saule.beketova@example.kz",
            phone: Some("+77012223344"),
            extra_email: None,
            password: Some("жаңбырдан-кейінгі-кемпірқосақ"),
        }),
        work: &[
            Work {
                organisation: "140940081373",
                user_name: "beketova",
                department: "Отдел среднего образования",
                position: "главный специалист",
            },
            Work {
                organisation: "930240011372",
                user_name: "beketova",
                department: "",
                position: "член попечительского совета",
            },
        ],
        note: "valid key, ECDSA P-256; works at the education authority, which takes its people in by certificate first",
    },
];

/// Whose certificate has a successor already, to try a renewal with: the key file of that, and the certificate alone.
pub(crate) const RENEWED: Renewed = Renewed {
    iin: "950412300710",
    file: "AUTH_ECDSA_kozhakhmetov_new.p12",
    certificate: "AUTH_ECDSA_kozhakhmetov_new.cer",
    key: ECDSA,
};

/// The next key of somebody.
#[derive(Debug)]
pub(crate) struct Renewed {
    pub(crate) iin: &'static str,
    pub(crate) file: &'static str,
    pub(crate) certificate: &'static str,
    pub(crate) key: Key,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn numbers_and_files_are_sound_and_unique() {
        let numbers: BTreeSet<&str> = PEOPLE.iter().map(|person| person.iin).collect();
        let files: BTreeSet<&str> = PEOPLE.iter().map(|person| person.file).collect();
        assert_eq!((numbers.len(), files.len()), (PEOPLE.len(), PEOPLE.len()));
        for person in PEOPLE {
            assert!(esign::profile::check::iin(person.iin).is_ok(), "{}", person.iin);
        }
    }
}
