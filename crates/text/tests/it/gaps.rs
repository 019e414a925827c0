//! What the compiler refuses, shown on files in memory.

use crate::compiler::{Language, Source, compile};

const RU: &str = "title = Заголовок";
const KK: &str = "title = Тақырып";
const EN: &str = "title = Title";

fn file(language: Language, capability: &str, ftl: &str) -> Source {
    Source {
        language,
        capability: capability.to_owned(),
        ftl: ftl.to_owned(),
    }
}

fn capability(name: &str, ru: &str, kk: &str, en: &str) -> Vec<Source> {
    vec![
        file(Language::Ru, name, ru),
        file(Language::Kk, name, kk),
        file(Language::En, name, en),
    ]
}

/// The problems of a capability `page`, one a line.
fn problems(ru: &str, kk: &str, en: &str) -> String {
    problems_of(&capability("page", ru, kk, en))
}

fn problems_of(sources: &[Source]) -> String {
    let Err(problems) = compile(sources) else {
        panic!("these texts must not compile")
    };
    problems
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

fn compiled(ru: &str, kk: &str, en: &str) -> String {
    compile(&capability("page", ru, kk, en)).expect("these texts compile")
}

#[test]
fn complete_texts_compile() {
    let rust = compiled(RU, KK, EN);
    assert!(rust.contains("pub mod page"), "{rust}");
    assert!(
        rust.contains("pub const fn title(lang: Lang) -> &'static str"),
        "{rust}"
    );
}

#[test]
fn a_missing_key_is_refused() {
    assert_eq!(
        problems("title = А\nhint = Б", KK, "title = A\nhint = B"),
        "crates/text/kk/page.ftl: `hint`: is missing (it is there in ru, en)"
    );
}

#[test]
fn an_extra_key_is_refused() {
    assert_eq!(
        problems(RU, "title = Т\nextra = А", EN),
        "crates/text/ru/page.ftl: `extra`: is missing (it is there in kk)\n\
         crates/text/en/page.ftl: `extra`: is missing (it is there in kk)"
    );
}

#[test]
fn a_missing_attribute_is_refused() {
    assert_eq!(
        problems("title = А\n    .why = Б", KK, "title = A\n    .why = B"),
        "crates/text/kk/page.ftl: `title.why`: is missing (it is there in ru, en)"
    );
}

#[test]
fn a_missing_file_is_refused() {
    let sources = [file(Language::Ru, "page", RU), file(Language::En, "page", EN)];
    assert_eq!(
        problems_of(&sources),
        "crates/text/kk/page.ftl: the file is missing"
    );
}

#[test]
fn a_key_that_is_there_twice_is_refused() {
    assert_eq!(
        problems("title = А\ntitle = Б", KK, EN),
        "crates/text/ru/page.ftl: `title`: is there twice"
    );
}

#[test]
fn keys_that_would_be_one_function_are_refused() {
    let both = "title = А\n    .why = Б\ntitle-why = В";
    assert!(problems(both, both, both).contains("ru/page.ftl: `title-why`: collides with `title.why`"));
}

#[test]
fn differing_variables_are_refused() {
    assert_eq!(
        problems("sent = На { $address }", "sent = { $address }", "sent = Sent"),
        "crates/text/en/page.ftl: `sent`: does not use $address, another language does"
    );
    let renamed = problems("sent = { $address }", "sent = { $email }", "sent = { $address }");
    assert!(
        renamed.contains("kk/page.ftl: `sent`: does not use $address"),
        "{renamed}"
    );
    assert!(
        renamed.contains("en/page.ftl: `sent`: does not use $email"),
        "{renamed}"
    );
}

#[test]
fn an_unknown_reference_is_refused() {
    assert_eq!(
        problems("title = { nothing }", KK, EN),
        "crates/text/ru/page.ftl: `title`: refers to `nothing`, which is not there"
    );
    assert!(problems("title = { -nothing }", KK, EN).contains("refers to `-nothing`, which is not there"));
    assert!(problems("title = { title.no }", KK, EN).contains("refers to `title.no`, which is not there"));
}

#[test]
fn a_circle_of_references_is_refused() {
    let circle = problems("title = { other }\nother = { title }", KK, EN);
    assert!(circle.contains("refers to itself through `title`"), "{circle}");
}

#[test]
fn an_incomplete_plural_is_refused_by_the_rules_of_each_language() {
    let ru = "days = { $count ->\n    [one] день\n   *[many] дней\n }";
    let kk = "days = { $count ->\n    [one] күн\n   *[other] күн\n }";
    let en = "days = { $count ->\n   *[other] days\n }";
    assert_eq!(
        problems(ru, kk, en),
        "crates/text/ru/page.ftl: `days`: $count lacks the plural form [few]\n\
         crates/text/en/page.ftl: `days`: $count lacks the plural form [one]"
    );
}

#[test]
fn an_incomplete_plural_inside_another_selector_is_refused() {
    let nested = "left = { $slot ->\n    [email] { $count ->\n       *[other] дней\n    }\n   *[phone] { $count } дней\n }";
    let found = problems(nested, nested, nested);
    assert!(
        found.contains("ru/page.ftl: `left`: $count lacks the plural form [one], [few], [many]"),
        "{found}"
    );
}

#[test]
fn a_selector_that_lacks_a_word_is_refused() {
    let full = "kind = { $slot ->\n    [email] А\n   *[phone] Б\n }";
    let short = "kind = { $slot ->\n   *[phone] Б\n }";
    assert!(problems(full, short, full).contains("kk/page.ftl: `kind`: $slot lacks the variant"));
}

#[test]
fn broken_syntax_is_refused_with_its_line() {
    let broken = problems("title = А\n\nhint = { $", KK, EN);
    assert!(broken.contains("ru/page.ftl: line 3: "), "{broken}");
}

#[test]
fn functions_and_arguments_of_terms_are_refused() {
    assert!(problems("title = { NUMBER($x) }", KK, EN).contains("the function NUMBER is not supported"));
    let term = "-brand = А\ntitle = { -brand(case: \"genitive\") }";
    assert!(problems(term, KK, EN).contains("arguments of terms are not supported"));
}

#[test]
fn a_variable_may_not_take_the_name_of_the_language() {
    assert!(problems("title = { $lang }", KK, EN).contains("the variable $lang needs another name"));
}

#[test]
fn terms_and_references_are_replaced_at_build_time() {
    let rust = compiled(
        "-brand = Кабинет\nname = { -brand }\ntitle = Это { name }",
        "name = А\ntitle = Б",
        "name = A\ntitle = B",
    );
    assert!(rust.contains("\"Это Кабинет\""), "{rust}");
}

#[test]
fn terms_of_the_shared_file_reach_every_capability() {
    let mut sources = capability("page", "title = Ключ { -signature }", KK, EN);
    sources.push(file(Language::Ru, "terms", "-signature = ЭЦП"));
    let rust = compile(&sources).expect("these texts compile");
    assert!(rust.contains("\"Ключ ЭЦП\""), "{rust}");
    assert!(!rust.contains("pub mod terms"), "{rust}");
}

#[test]
fn parameters_are_alphabetical_and_typed() {
    let ftl = "left = { $tries } { $address }: { $count ->\n    [one] а\n    [few] б\n   *[many] в\n }";
    let other = "left = { $tries } { $address }: { $count }";
    let rust = compiled(ftl, other, other);
    assert!(
        rust.contains("pub fn left(lang: Lang, address: &str, count: u64, tries: &str) -> String"),
        "{rust}"
    );
}

#[test]
fn exact_numbers_come_before_plural_forms() {
    let ftl = "left = { $count ->\n    [one] день\n    [0] нет\n   *[other] дней\n }";
    let ru = "left = { $count ->\n    [one] а\n    [few] б\n   *[many] в\n }";
    let rust = compiled(ru, ftl, ftl);
    let zero = rust.find("if count == 0").expect("the exact number is there");
    let one = rust
        .find("else if Plural::of(Lang::Kk, count) == Plural::One")
        .expect("so is the form");
    assert!(zero < one, "{rust}");
}

#[test]
fn words_of_rust_are_usable_as_keys() {
    let rust = compiled("continue = Дальше", "continue = Әрі қарай", "continue = Continue");
    assert!(rust.contains("pub const fn r#continue"), "{rust}");
}

#[test]
fn a_refusal_needs_what_why_and_now() {
    let whole = "key_file-no_key = А\n    .why = Б\n    .now = В";
    let rust = compile(&capability("refusal", whole, whole, whole)).expect("these texts compile");
    assert!(rust.contains("\"key_file.no_key\""), "{rust}");
    let half = "key_file-no_key = А\n    .why = Б";
    assert!(
        problems_of(&capability("refusal", half, half, half))
            .contains("`key_file-no_key.now`: a refusal has")
    );
    let filled = "x = { $name }\n    .why = Б\n    .now = В";
    assert!(
        problems_of(&capability("refusal", filled, filled, filled)).contains("a refusal has no variables")
    );
}
