//! Organisations found while one types, among 20,000, on both engines: every keystroke from the second on is a search.

use cabinet::account::Language;
use cabinet::organisation::{self, KindId, NewOrganisation, OrganisationCode, Wanted};
use cabinet::{Demand, Entropy, Failure, MIGRATIONS, Visit};
use db::{Db, Engine, Timestamp};
use std::{
    error::Error as StdError,
    net::{IpAddr, Ipv4Addr},
    time::{Duration, Instant},
};
use testkit::storage::{Cluster, Durability};
use tokio::runtime::Runtime;

const ORGANISATIONS: usize = 20_000;
const PEOPLE: usize = 400;
const LIMIT: Duration = Duration::from_millis(5);

const SORTS: [&str; 8] = [
    "Общеобразовательная школа",
    "Школа-гимназия",
    "Школа-лицей",
    "Ясли-сад «Балапан»",
    "Гимназия имени Абая",
    "Колледж технологий",
    "Орта мектеп",
    "Өнер мектебі",
];
const SYLLABLES: [&str; 12] = [
    "Қара", "Сары", "Ақ", "Көк", "Бай", "Тас", "Жар", "Ала", "Луго", "Ново", "Верх", "Усть",
];
const ENDS: [&str; 10] = [
    "ой",
    "су",
    "тау",
    "көл",
    "бұлақ",
    "вое",
    "дар",
    "қорған",
    "төбе",
    "ск",
];

fn main() -> Result<(), Box<dyn StdError>> {
    let runtime = Runtime::new()?;
    let folder = tempfile::tempdir()?;
    let sqlite = Engine::Sqlite {
        path: folder.path().join("bench.db"),
    };
    let mut slowest = measure("SQLite", &runtime, sqlite)?;
    if let Some(cluster) = Cluster::start(Durability::None) {
        let postgres = Engine::Postgres {
            url: cluster.url(&cluster.create_database()),
            ca: None,
            connections: 4,
        };
        slowest = slowest.max(measure("PostgreSQL", &runtime, postgres)?);
    }
    if slowest > LIMIT {
        return Err(format!(
            "a search takes more than {} ms in one case of a hundred",
            LIMIT.as_millis()
        )
        .into());
    }
    Ok(())
}

fn measure(name: &str, runtime: &Runtime, engine: Engine) -> Result<Duration, Box<dyn StdError>> {
    let db = Db::open(engine, MIGRATIONS)?;
    let began = Instant::now();
    runtime.block_on(db.write(|tx| {
        let rows: Vec<NewOrganisation> = (0..ORGANISATIONS).filter_map(organisation).collect();
        organisation::import(tx, &visit(), &rows)
    }))?;
    let imported = began.elapsed();
    let mut taken = Vec::new();
    let mut found = 0;
    for person in 0..PEOPLE {
        let typed = typed(person);
        let letters: Vec<char> = typed.chars().collect();
        for length in 2..=letters.len() {
            let text: String = letters.iter().take(length).collect();
            let began = Instant::now();
            let names = runtime.block_on(search(&db, text))?;
            taken.push(began.elapsed());
            if length == letters.len() {
                found += usize::from(names > 0);
            }
        }
    }
    db.close();
    if found < PEOPLE {
        return Err(format!("{name}: only {found} of {PEOPLE} found what they looked for").into());
    }
    taken.sort_unstable();
    let at = |share: usize| taken.get(taken.len() * share / 100).copied().unwrap_or_default();
    let (median, p99) = (at(50), at(99));
    println!(
        "{name}: {} searches among {ORGANISATIONS} organisations: median {:.2} ms, p99 {:.2} ms, longest {:.2} ms \
         (at most {} ms at p99); brought in in {:.1} s",
        taken.len(),
        millis(median),
        millis(p99),
        millis(taken.last().copied().unwrap_or_default()),
        LIMIT.as_millis(),
        imported.as_secs_f64(),
    );
    Ok(p99)
}

fn visit() -> Visit {
    Visit {
        now: Timestamp::from_seconds(1_795_341_600),
        language: Language::Ru,
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        device: String::new(),
        request_id: "bench".to_owned(),
        entropy: Entropy::system(),
    }
}

async fn search(db: &Db, text: String) -> Result<usize, Failure> {
    db.read_heavy(move |tx| {
        let education = KindId::parse("education");
        let wanted = Wanted {
            kind: education.as_ref(),
            region: None,
            locality: None,
            text: &text,
            after: None,
            limit: 20,
        };
        Ok(organisation::search(tx, &wanted)?.organisations.len())
    })
    .await
}

/// The same for every run.
fn pick<'a>(from: &[&'a str], number: usize) -> &'a str {
    from.get(number % from.len()).copied().unwrap_or_default()
}

fn locality(number: usize) -> String {
    let place = number * 7919 % 1000;
    format!(
        "{}{}",
        pick(&SYLLABLES, place),
        pick(&ENDS, place / SYLLABLES.len())
    )
}

fn school(number: usize) -> u64 {
    (number * 31 % 180) as u64 + 1
}

fn organisation(number: usize) -> Option<NewOrganisation> {
    let (sort, place) = (pick(&SORTS, number), locality(number));
    let short_name = format!("{sort} № {}", school(number));
    Some(NewOrganisation {
        code: OrganisationCode::parse(&format!("org-{number}")).ok()?,
        kind: KindId::parse(if number % 40 == 39 {
            "authority"
        } else {
            "education"
        })?,
        region: format!("{} облысы", pick(&SYLLABLES, number * 7919 % 1000 / 60)),
        locality: place.clone(),
        name: format!("Коммунальное государственное учреждение «{short_name}» отдела образования {place}"),
        short_name,
        support: Vec::new(),
        methods: None,
        second_factor: Demand::Nobody,
        is_closed: false,
    })
}

/// What a person types to find an organisation: in small letters, without those that only Kazakh has.
fn typed(person: usize) -> String {
    let number = person * 47 % ORGANISATIONS;
    let number = if number % 40 == 39 { number + 1 } else { number };
    let (sort, place, school) = (pick(&SORTS, number), locality(number), school(number));
    let typed = match person % 4 {
        0 => format!("{sort} {school} {place}"),
        1 => format!("{place} {school}"),
        2 => format!("{sort} {place}"),
        _ => format!("{school} {place} {sort}"),
    };
    cabinet::fold::fold(&typed)
}

fn millis(taken: Duration) -> f64 {
    taken.as_secs_f64() * 1000.0
}
