//! From a CSV file to organisations: every mistake with its line and column.

use std::collections::HashMap;
use std::fmt;

use cabinet::organisation::{
    CodeRefusal, KindId, Method, NewOrganisation, OfferedMethods, OrganisationCode, SupportEntry, SupportWay,
};
use cabinet::{Demand, Rules};
use csv::{ReaderBuilder, StringRecord};

const NAME_CHARS: usize = 300;
const MISTAKES: usize = 100;
const NEEDED: [&str; 5] = ["code", "kind", "region", "locality", "name"];
const OPTIONAL: [&str; 5] = ["short_name", "methods", "second_factor", "support", "closed"];

/// What is wrong in the file, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// The line in the file.
    line: u64,
    /// The column; empty: the whole line.
    column: &'static str,
    what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, what } = self;
        if column.is_empty() {
            write!(f, "line {line}: {what}")
        } else {
            write!(f, "line {line}, {column}: {what}")
        }
    }
}

/// Reads the whole file: organisations, or what is wrong with it, the first hundred mistakes.
pub(crate) fn read(bytes: &[u8], rules: &Rules) -> Result<Vec<NewOrganisation>, Vec<Mistake>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').count() as u64;
        vec![whole(line, "not UTF-8; save the file as «CSV UTF-8»")]
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header = reader
        .headers()
        .cloned()
        .map_err(|error| vec![whole(1, error.to_string())])?;
    let columns = Columns::read(&header)?;
    let mut table = Table {
        columns,
        rules,
        rows: Vec::new(),
        lines: HashMap::new(),
        mistakes: Vec::new(),
    };
    for record in reader.records() {
        match record {
            Ok(record) => table.take(&record),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                table.mistakes.push(whole(line, error.to_string()));
            }
        }
        if table.mistakes.len() >= MISTAKES {
            break;
        }
    }
    if table.mistakes.is_empty() {
        Ok(table.rows)
    } else {
        Err(table.mistakes)
    }
}

fn whole(line: u64, what: impl Into<String>) -> Mistake {
    Mistake {
        line,
        column: "",
        what: what.into(),
    }
}

/// Office programs write semicolons where the comma divides numbers.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    if header.matches(';').count() > header.matches(',').count() {
        b';'
    } else {
        b','
    }
}

/// Which column stands where.
struct Columns(HashMap<&'static str, usize>);

impl Columns {
    fn read(header: &StringRecord) -> Result<Self, Vec<Mistake>> {
        let mut columns = HashMap::new();
        let mut mistakes = Vec::new();
        for (place, name) in header.iter().enumerate() {
            let known = NEEDED.iter().chain(&OPTIONAL);
            match known.copied().find(|known| *known == name.to_lowercase()) {
                None => mistakes.push(whole(1, format!("the column «{name}» is not known"))),
                Some(known) => {
                    if columns.insert(known, place).is_some() {
                        mistakes.push(whole(1, format!("the column «{name}» stands there twice")));
                    }
                }
            }
        }
        for needed in NEEDED.iter().filter(|needed| !columns.contains_key(**needed)) {
            mistakes.push(whole(1, format!("the column «{needed}» is missing")));
        }
        if mistakes.is_empty() {
            Ok(Self(columns))
        } else {
            Err(mistakes)
        }
    }

    fn cell<'r>(&self, record: &'r StringRecord, name: &str) -> &'r str {
        let place = self.0.get(name);
        place.and_then(|place| record.get(*place)).unwrap_or_default()
    }
}

struct Table<'r> {
    columns: Columns,
    rules: &'r Rules,
    rows: Vec<NewOrganisation>,
    /// Where each code stood first.
    lines: HashMap<OrganisationCode, u64>,
    mistakes: Vec<Mistake>,
}

/// What is wrong in a cell.
type Cell<T> = Result<T, String>;

impl Table<'_> {
    fn take(&mut self, record: &StringRecord) {
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |name| self.columns.cell(record, name);
        let name = cell("name");
        let short = Some(cell("short_name"))
            .filter(|short| !short.is_empty())
            .unwrap_or(name);
        let cells = (
            marked("code", code(cell("code"))),
            marked("kind", self.kind(cell("kind"))),
            marked("region", filled(cell("region"))),
            marked("locality", filled(cell("locality"))),
            marked("name", filled(name)),
            marked("short_name", filled(short)),
            marked("support", support(cell("support"))),
            marked("methods", methods(cell("methods"))),
            marked("second_factor", second_factor(cell("second_factor"))),
            marked("closed", yes(cell("closed"))),
        );
        let mut mistakes = Vec::new();
        let mut wrong = |(column, what): (&'static str, String)| {
            mistakes.push(Mistake { line, column, what });
        };
        let row = (|| {
            let (code, kind, region, locality, name, short_name, support, methods, second_factor, is_closed) =
                cells;
            let code = code.map_err(&mut wrong).ok();
            let kind = kind.map_err(&mut wrong).ok();
            let region = region.map_err(&mut wrong).ok();
            let locality = locality.map_err(&mut wrong).ok();
            let name = name.map_err(&mut wrong).ok();
            let short_name = short_name.map_err(&mut wrong).ok();
            let support = support.map_err(&mut wrong).ok();
            let methods = methods.map_err(&mut wrong).ok();
            let second_factor = second_factor.map_err(&mut wrong).ok();
            let is_closed = is_closed.map_err(&mut wrong).ok();
            Some(NewOrganisation {
                code: code?,
                kind: kind?,
                region: region?,
                locality: locality?,
                name: name?,
                short_name: short_name?,
                support: support?,
                methods: methods?,
                second_factor: second_factor?,
                is_closed: is_closed?,
            })
        })();
        self.mistakes.extend(mistakes);
        if let Some(row) = row {
            self.add(line, row);
        }
    }

    fn add(&mut self, line: u64, row: NewOrganisation) {
        if let Some(first) = self.lines.insert(row.code.clone(), line) {
            self.mistakes.push(Mistake {
                line,
                column: "code",
                what: format!("«{}» stands in line {first} already", row.code),
            });
        }
        self.rows.push(row);
    }

    fn kind(&self, text: &str) -> Cell<KindId> {
        let kinds = &self.rules.organisation.kinds;
        let found = kinds.iter().find(|kind| kind.id.as_str() == text);
        found.map(|kind| kind.id.clone()).ok_or_else(|| {
            let known: Vec<&str> = kinds.iter().map(|kind| kind.id.as_str()).collect();
            format!("«{text}» is no kind of the configuration: {}", known.join(", "))
        })
    }
}

fn marked<T>(column: &'static str, cell: Cell<T>) -> Result<T, (&'static str, String)> {
    cell.map_err(|what| (column, what))
}

fn filled(text: &str) -> Cell<String> {
    match text.chars().count() {
        0 => Err("is empty".to_owned()),
        1..=NAME_CHARS if !text.chars().any(char::is_control) => Ok(text.to_owned()),
        1..=NAME_CHARS => Err("has line breaks or other control characters".to_owned()),
        more => Err(format!("has {more} characters; {NAME_CHARS} at most")),
    }
}

fn code(text: &str) -> Cell<OrganisationCode> {
    OrganisationCode::parse(text).map_err(|refusal| match refusal {
        CodeRefusal::Malformed => {
            format!("«{text}» is no code: 2 to 32 Latin letters, digits and hyphens")
        }
        CodeRefusal::CheckDigit => format!("«{text}»: the check digit of the БИН or ИНН does not fit"),
    })
}

fn methods(text: &str) -> Cell<Option<OfferedMethods>> {
    let words = text.split([' ', ',', ';']).filter(|word| !word.is_empty());
    let methods = words.map(|word| {
        Method::parse(word)
            .ok_or_else(|| format!("«{word}» is none of password, certificate, passkey, provider/ID"))
    });
    Ok(OfferedMethods::new(methods.collect::<Cell<Vec<_>>>()?))
}

fn second_factor(text: &str) -> Cell<Demand> {
    match text {
        "" => Ok(Demand::Nobody),
        word => Demand::parse(word).ok_or_else(|| format!("«{word}» is none of nobody, enrolled, everybody")),
    }
}

fn support(text: &str) -> Cell<Vec<SupportEntry>> {
    let entries = text.split('|').map(str::trim).filter(|entry| !entry.is_empty());
    entries
        .map(|entry| {
            let (label, value) = entry
                .split_once(':')
                .ok_or_else(|| format!("«{entry}» is not «whom: phone or mail»"))?;
            let value = filled(value.trim())?;
            Ok(SupportEntry {
                label: filled(label.trim())?,
                way: if value.contains('@') {
                    SupportWay::Mail(value)
                } else {
                    SupportWay::Phone(value)
                },
            })
        })
        .collect()
}

fn yes(text: &str) -> Cell<bool> {
    match text.to_lowercase().as_str() {
        "" | "no" | "нет" | "0" => Ok(false),
        "yes" | "да" | "1" => Ok(true),
        _ => Err(format!("«{text}» is neither yes nor no")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        let base_url = url::Url::parse("https://kabinet.example/").unwrap();
        Rules::new(base_url, "Кабинет", cabinet::ServerKey::new([7; 32]))
    }

    fn mistakes(text: &str) -> Vec<String> {
        let mistakes = read(text.as_bytes(), &rules()).unwrap_err();
        mistakes.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_file_of_an_office_program_is_read() {
        let text = "\u{feff}Code;Kind;Region;Locality;Name;Methods;Support\r\n\
                    lugovoe-30;education;Сахалинская обл.;Луговое;\"Школа; № 30\";certificate password;\
                    Приёмная: 8 4242 1 | Почта: a@b.kz\r\n";
        let rows = read(text.as_bytes(), &rules()).unwrap();
        let [row] = rows.as_slice() else { unreachable!() };
        assert_eq!(
            (row.name.as_str(), row.short_name.as_str()),
            ("Школа; № 30", "Школа; № 30")
        );
        assert_eq!(row.methods.as_ref().unwrap().primary(), &Method::Certificate);
        assert_eq!(row.support.len(), 2);
    }

    #[test]
    fn every_mistake_is_told_with_its_line_and_column() {
        let text = "code,kind,region,locality,name,closed\n\
                    200240001235,school,Алматы,Алматы,Школа,\n\
                    a-1,education,,Алматы,Школа,maybe\n\
                    a-2,education,Алматы,Алматы,Школа,\n\
                    A-2,education,Алматы,Алматы,Школа,\n";
        assert_eq!(
            mistakes(text),
            [
                "line 2, code: «200240001235»: the check digit of the БИН or ИНН does not fit",
                "line 2, kind: «school» is no kind of the configuration: education, authority",
                "line 3, region: is empty",
                "line 3, closed: «maybe» is neither yes nor no",
                "line 5, code: «a-2» stands in line 4 already",
            ]
        );
    }

    #[test]
    fn a_wrong_table_is_told_as_a_whole() {
        assert_eq!(
            mistakes("code,name,colour\n"),
            [
                "line 1: the column «colour» is not known",
                "line 1: the column «kind» is missing",
                "line 1: the column «region» is missing",
                "line 1: the column «locality» is missing",
            ]
        );
        let windows_1251 = read(b"code,kind\nx,\xd8\xea\n", &rules()).unwrap_err();
        assert_eq!(windows_1251[0].line, 2);
    }

    #[test]
    fn the_organisations_of_the_demo_are_right() {
        assert!(super::super::demonstration(&rules()).unwrap().len() > 40);
    }
}
