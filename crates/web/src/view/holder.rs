//! Who holds a key, in words: capacity, numbers with their names, what the key is for and where it is kept.

use esign::profile::{KeyStorage, Role};
use esign::trust::KeyPurpose;
use text::{Lang, certificate as words};

/// In what capacity the owner acts.
pub fn role(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Person => words::role_person(lang),
        Role::Entrepreneur => words::role_entrepreneur(lang),
        Role::Head => words::role_head(lang),
        Role::Signatory => words::role_signatory(lang),
        Role::FinancialSignatory => words::role_financial_signatory(lang),
        Role::HumanResources => words::role_human_resources(lang),
        Role::Employee => words::role_employee(lang),
        Role::Affiliated => words::role_affiliated(lang),
        Role::Organisation => words::role_organisation(lang),
        Role::InformationSystem => words::role_information_system(lang),
        Role::AuthorityStaff => words::role_authority_staff(lang),
        Role::Restricted => words::role_restricted(lang),
    }
}

/// Where the key is kept.
pub fn storage(lang: Lang, storage: KeyStorage) -> String {
    let token = |name| words::storage_token(lang, name);
    match storage {
        KeyStorage::File => words::storage_file(lang).into(),
        KeyStorage::JavaKeyStore => words::storage_java(lang).into(),
        KeyStorage::IdCard => words::storage_id_card(lang).into(),
        KeyStorage::Kaztoken => token("KAZTOKEN"),
        KeyStorage::EToken => token("eToken"),
        KeyStorage::JaCarta => token("JaCarta"),
        KeyStorage::AKey => token("aKey"),
        KeyStorage::Sim => words::storage_sim(lang).into(),
        KeyStorage::Cloud => words::storage_cloud(lang).into(),
        KeyStorage::QualifiedDevice => words::storage_qualified(lang).into(),
    }
}

/// The algorithm of a key. Standards of Russia and Kazakhstan are called differently in each language.
pub fn algorithm(lang: Lang, name: &str) -> String {
    match (name.strip_prefix("GOST R "), name.strip_prefix("GOST ")) {
        (Some(number), _) => words::algorithm_gost_r(lang, number),
        (None, Some(number)) => words::algorithm_gost(lang, number),
        (None, None) => name.to_owned(),
    }
}

/// What the key is for.
pub fn purpose(lang: Lang, purpose: Option<KeyPurpose>) -> &'static str {
    match purpose {
        Some(KeyPurpose::SignIn) => words::purpose_sign_in(lang),
        Some(KeyPurpose::Sign) => words::purpose_sign(lang),
        Some(KeyPurpose::Both) => words::purpose_both(lang),
        None => words::purpose_none(lang),
    }
}

/// Kinds of numbers that have a name here; [`id_name`] tells it.
const ID_KINDS: [&str; 15] = [
    "IIN", "BIN", "SNILS", "INN", "INNLE", "OGRN", "OGRNIP", "PNO", "PAS", "IDC", "TIN", "TAX", "VAT", "NTR",
    "PSD",
];

/// What a number is called; its kind where it has no name.
pub fn id_name(lang: Lang, country: &str, kind: &str) -> String {
    match kind {
        "IIN" => words::iin(lang).into(),
        "BIN" => words::bin(lang).into(),
        "SNILS" => words::snils(lang).into(),
        "INN" => words::inn(lang).into(),
        "INNLE" => words::innle(lang).into(),
        "OGRN" => words::ogrn(lang).into(),
        "OGRNIP" => words::ogrnip(lang).into(),
        "PNO" => words::pno(lang, country),
        "PAS" => words::pas(lang, country),
        "IDC" => words::idc(lang, country),
        "TIN" | "TAX" => words::tin(lang, country),
        "VAT" => words::vat(lang, country),
        "NTR" => words::ntr(lang, country),
        "PSD" => words::psd(lang, country),
        other => other.into(),
    }
}

/// All of these words by the names that the page's script knows them by; `{}` stands for the country of a number.
pub(super) fn key_words(lang: Lang) -> impl Iterator<Item = (String, String)> {
    let roles = Role::ALL
        .iter()
        .map(move |it| (format!("role-{}", it.as_str()), role(lang, *it).to_owned()));
    let storages = KeyStorage::ALL
        .iter()
        .map(move |it| (format!("storage-{}", it.as_str()), storage(lang, *it)));
    let ids = ID_KINDS
        .iter()
        .map(move |kind| (format!("id-{kind}"), id_name(lang, "{}", kind)));
    let algorithms = ["GOST R", "GOST"].into_iter().map(move |name| {
        (
            format!("algorithm-{name}"),
            algorithm(lang, &format!("{name} {{}}")),
        )
    });
    roles.chain(storages).chain(ids).chain(algorithms)
}
