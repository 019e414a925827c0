use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// What is known of something, in a fixed order: indented lines for people, a JSON object for scripts.
#[derive(Debug, Default)]
pub(crate) struct Sheet(Vec<(&'static str, Fact)>);

/// One thing that is known.
#[derive(Debug)]
pub(crate) enum Fact {
    Text(String),
    Number(u64),
    Flag(bool),
    List(Vec<Fact>),
    Sheet(Sheet),
    Nothing,
}

impl Sheet {
    pub(crate) fn of(kind: &str) -> Self {
        Self::default().with("kind", kind)
    }

    pub(crate) fn with(mut self, key: &'static str, fact: impl Into<Fact>) -> Self {
        self.0.push((key, fact.into()));
        self
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Fact> {
        self.0
            .iter()
            .find(|(known, _)| *known == key)
            .map(|(_, fact)| fact)
    }

    /// Something with a name and an identifier, as extensions and attributes are: the name says both.
    fn write_named(&self, out: &mut String, indent: usize) {
        let name = self.get("name").map(Fact::to_line).unwrap_or_default();
        let critical = matches!(self.get("critical"), Some(Fact::Flag(true)));
        let name = if critical {
            format!("{name} (critical)")
        } else {
            name
        };
        match self.0.last() {
            Some((_, Fact::Sheet(value))) => {
                line(out, indent, &name, "");
                value.write(out, indent + 2);
            }
            Some((_, Fact::List(values))) if values.iter().any(|v| matches!(v, Fact::Sheet(_))) => {
                write_list(out, indent, &name, values);
            }
            Some((key, value)) if *key != "oid" => line(out, indent, &format!("{name}:"), &value.to_line()),
            _ => line(out, indent, &name, ""),
        }
    }

    /// Lines; what is empty or does not apply is left out.
    pub(crate) fn write(&self, out: &mut String, indent: usize) {
        let shown = || self.0.iter().filter(|(_, fact)| !fact.is_empty());
        let width = shown().map(|(key, _)| key.chars().count()).max().unwrap_or(0);
        for (key, fact) in shown() {
            let label = label(key);
            match fact {
                Fact::Sheet(sheet) if sheet.get("oid").is_some() => {
                    let name = sheet.get("name").map(Fact::to_line).unwrap_or_default();
                    line(out, indent, &format!("{label:width$}"), &name);
                }
                Fact::Sheet(sheet) => {
                    line(out, indent, &label, "");
                    sheet.write(out, indent + 2);
                }
                Fact::List(items) if items.iter().any(|item| matches!(item, Fact::Sheet(_))) => {
                    write_list(out, indent, &label, items);
                }
                Fact::List(items) if items.iter().map(|item| item.to_line().len()).sum::<usize>() > 72 => {
                    line(out, indent, &label, "");
                    for item in items {
                        line(out, indent + 2, &item.to_line(), "");
                    }
                }
                other => line(out, indent, &format!("{label:width$}"), &other.to_line()),
            }
        }
    }
}

/// Sheets one under the other: by their names where they have one, else numbered.
fn write_list(out: &mut String, indent: usize, label: &str, items: &[Fact]) {
    let mut is_open = false;
    for (index, item) in items.iter().enumerate() {
        match item {
            Fact::Sheet(sheet) if sheet.get("name").is_some() => {
                if !is_open {
                    line(out, indent, label, "");
                    is_open = true;
                }
                sheet.write_named(out, indent + 2);
            }
            Fact::Sheet(sheet) => {
                line(out, indent, &format!("{label} {}", index + 1), "");
                sheet.write(out, indent + 2);
            }
            other => line(out, indent, label, &other.to_line()),
        }
    }
}

fn line(out: &mut String, indent: usize, label: &str, value: &str) {
    out.extend(std::iter::repeat_n(' ', indent));
    out.push_str(label);
    if !value.is_empty() {
        out.push_str("  ");
        out.push_str(value);
    }
    out.push('\n');
}

/// `not_before` is "Not before".
fn label(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

impl Fact {
    fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Sheet(sheet) => sheet.0.is_empty(),
            Self::Nothing => true,
            Self::Number(_) | Self::Flag(_) => false,
        }
    }

    fn to_line(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => (if *flag { "yes" } else { "no" }).into(),
            Self::List(items) => items.iter().map(Self::to_line).collect::<Vec<_>>().join(", "),
            Self::Sheet(_) | Self::Nothing => String::new(),
        }
    }
}

impl Serialize for Sheet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, fact) in &self.0 {
            map.serialize_entry(key, fact)?;
        }
        map.end()
    }
}

impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::List(items) => serializer.collect_seq(items),
            Self::Sheet(sheet) => sheet.serialize(serializer),
            Self::Nothing => serializer.serialize_none(),
        }
    }
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Fact {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<u32> for Fact {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Fact {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

impl From<Sheet> for Fact {
    fn from(sheet: Sheet) -> Self {
        Self::Sheet(sheet)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Fact {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Self>> From<Option<T>> for Fact {
    fn from(fact: Option<T>) -> Self {
        fact.map_or(Self::Nothing, Into::into)
    }
}

impl From<esign::time::UnixTime> for Fact {
    fn from(time: esign::time::UnixTime) -> Self {
        Self::Text(time.to_string())
    }
}
