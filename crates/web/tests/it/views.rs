//! Every page in every state and language: well formed, complete, one thing to do.

use std::collections::BTreeMap;

use text::Lang;
use web::view::key_words::KeyWords;

use crate::samples::{self, Sample};

const VOID: [&str; 5] = ["meta", "link", "input", "br", "!doctype"];

fn each(check: impl Fn(Lang, &Sample)) {
    for lang in Lang::ALL {
        for sample in samples::all(lang) {
            check(lang, &sample);
        }
    }
}

/// The tags of a page, in order: name, attributes, whether it closes.
fn tags(html: &str) -> Vec<(&str, &str, bool)> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let end = rest.find('>').expect("an open tag");
        let (tag, after) = (&rest[..end], &rest[end + 1..]);
        let (tag, closes) = tag.strip_prefix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once([' ', '\n']).unwrap_or((tag, ""));
        tags.push((name, attributes, closes));
        rest = if name == "script" && !closes {
            &after[after.find("</script").unwrap()..]
        } else {
            after
        };
    }
    tags
}

fn count(html: &str, name: &str) -> usize {
    tags(html)
        .iter()
        .filter(|(tag, _, closes)| *tag == name && !closes)
        .count()
}

fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = attributes.split_once(&format!("{name}=\""))?;
    after.split_once('"').map(|(value, _)| value)
}

#[test]
fn tags_are_balanced() {
    each(|lang, sample| {
        let mut open = Vec::new();
        for (name, attributes, closes) in tags(&sample.html) {
            if closes {
                assert_eq!(open.pop(), Some(name), "{} {lang:?}: </{name}>", sample.name);
            } else if !VOID.contains(&name) && !attributes.ends_with('/') {
                open.push(name.trim_end_matches('/'));
            }
        }
        assert_eq!(open, Vec::<&str>::new(), "{} {lang:?}", sample.name);
    });
}

#[test]
fn a_page_names_its_language_its_title_and_one_heading() {
    each(|lang, sample| {
        let html = &sample.html;
        assert!(
            html.contains(&format!("<html lang=\"{}\">", lang.code())),
            "{}",
            sample.name
        );
        assert_eq!(count(html, "h1"), 1, "{} {lang:?}: headings", sample.name);
        assert_eq!(count(html, "main"), 1, "{} {lang:?}: main", sample.name);
        assert!(!html.contains("<title> –"), "{} {lang:?}: title", sample.name);
    });
}

#[test]
fn a_page_has_at_most_one_primary_button_in_view() {
    each(|lang, sample| {
        let mut hidden_part = false;
        let mut primary = 0;
        for (_, attributes, closes) in tags(&sample.html) {
            // a row of the chooser shows its form only when it is chosen
            if attributes.contains("data-part=") || attributes.contains("place-body") {
                hidden_part = attributes.ends_with(" hidden");
            }
            if !closes && attributes.contains("button-primary") && !hidden_part {
                primary += 1;
            }
        }
        assert!(
            primary <= 1,
            "{} {lang:?}: {primary} primary buttons",
            sample.name
        );
    });
}

#[test]
fn a_13_support_stands_on_every_page() {
    each(|lang, sample| {
        let footer = sample.html.split("<footer").nth(1).unwrap();
        assert!(footer.contains("href=\"tel:1308\""), "{} {lang:?}", sample.name);
        assert!(footer.contains("href=\"mailto:"), "{} {lang:?}", sample.name);
    });
}

#[test]
fn ids_are_unique_and_what_points_to_them_finds_them() {
    each(|lang, sample| {
        let tags = tags(&sample.html);
        let mut ids: Vec<&str> = tags
            .iter()
            .filter_map(|(_, attributes, _)| attribute(attributes, " id").or_else(|| leading_id(attributes)))
            .collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{} {lang:?}: an id twice", sample.name);
        for name in ["for", "aria-labelledby", "aria-describedby", "form"] {
            for (_, attributes, _) in &tags {
                let Some(list) = attribute(attributes, name) else {
                    continue;
                };
                for id in list.split_whitespace() {
                    assert!(
                        ids.contains(&id),
                        "{} {lang:?}: {name} points to {id}",
                        sample.name
                    );
                }
            }
        }
    });
}

fn leading_id(attributes: &str) -> Option<&str> {
    attributes
        .strip_prefix("id=\"")
        .and_then(|after| after.split('"').next())
}

#[test]
fn web_2_nothing_inline() {
    each(|lang, sample| {
        for (name, attributes, _) in tags(&sample.html) {
            let inline = attributes.contains(" style=")
                || attributes.contains(" on") && attributes.contains("=\"javascript");
            assert!(!inline, "{} {lang:?}: <{name} {attributes}>", sample.name);
            if name == "script" && !attributes.is_empty() {
                let data = attributes.contains("application/json");
                assert!(
                    data || attributes.contains("src="),
                    "{} {lang:?}: inline script",
                    sample.name
                );
            }
        }
    });
}

#[test]
fn texts_are_filled_in_and_in_their_language() {
    each(|lang, sample| {
        assert!(
            !sample.html.contains("{ $"),
            "{} {lang:?}: a variable is left",
            sample.name
        );
        if lang == Lang::En {
            let main = sample
                .html
                .split("<main")
                .nth(1)
                .unwrap()
                .split("</main")
                .next()
                .unwrap();
            let russian = text::layout::cancel(Lang::Ru);
            assert!(
                !main.contains(russian),
                "{}: Russian on an English page",
                sample.name
            );
        }
    });
}

#[test]
fn first_page_stays_small() {
    let page = samples::all(Lang::Ru)
        .into_iter()
        .find(|sample| sample.name == "start")
        .unwrap();
    assert!(page.html.len() < 8 * 1024, "{} bytes", page.html.len());
}

#[test]
fn web_1_key_rules_cannot_leave_their_script() {
    let rules = web::view::key_rules::KeyRules {
        zone: "</script><script>\u{2028}&".into(),
        ..Default::default()
    };
    let json = rules.json();
    assert!(!json.contains(['<', '>', '&', '\u{2028}']), "{json}");
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(read["zone"], "</script><script>\u{2028}&");
}

#[test]
fn a_6_the_dialog_has_words_for_whatever_a_key_may_say() {
    use esign::profile::{KeyStorage, Role};
    let roles = Role::ALL.iter().map(|role| format!("role-{}", role.as_str()));
    let storages = KeyStorage::ALL
        .iter()
        .map(|storage| format!("storage-{}", storage.as_str()));
    let expected: Vec<String> = roles.chain(storages).collect();
    for lang in Lang::ALL {
        let module = &KeyWords::of(lang).module;
        let json = module
            .strip_prefix(b"export default ")
            .and_then(|rest| rest.strip_suffix(b";\n"))
            .unwrap();
        let words: BTreeMap<String, String> = serde_json::from_slice(json).unwrap();
        for name in &expected {
            assert!(words.contains_key(name), "{name} in {lang:?}");
        }
        assert_eq!(words["id-BIN"], text::certificate::bin(lang));
        assert_eq!(words["id-IIN"], text::certificate::iin(lang));
    }
    each(|lang, sample| {
        if sample.html.contains("id=\"key-dialog\"") {
            let place = format!("data-words=\"{}\"", KeyWords::of(lang).url);
            assert!(sample.html.contains(&place), "{lang:?} {}", sample.name);
        }
    });
}
