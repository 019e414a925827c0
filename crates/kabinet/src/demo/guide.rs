//! What the demo tells: `demo.json` for scripts, a short guide for people.

use std::fs;
use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use super::people::{KEY_PASSWORD, PEOPLE, Person, RENEWED, Work};
use super::{ANCHORS, KEYS, provider};

const FILE: &str = "demo.json";

#[derive(Serialize)]
struct Guide<'g> {
    base_url: &'g str,
    /// PEM file of the authority's certificates.
    anchors: String,
    people: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<Provider<'g>>,
}

/// The provider beside the portal.
#[derive(Serialize)]
struct Provider<'g> {
    id: &'static str,
    issuer: &'g str,
    people: Vec<Account>,
}

/// An account there.
#[derive(Serialize)]
struct Account {
    subject: &'static str,
    name: String,
    note: &'static str,
}

#[derive(Serialize)]
struct Entry {
    name: String,
    person_id: &'static str,
    key_file: String,
    key_password: &'static str,
    /// The next key of the same person, and its certificate alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    new_key_file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_certificate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_password: Option<&'static str>,
    /// Where they enter with a user name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    work: Vec<WorkEntry>,
    note: &'static str,
}

#[derive(Serialize)]
struct WorkEntry {
    /// The organisation's own sign-in page.
    path: String,
    user_name: &'static str,
}

/// Whether the folder holds a demo: the guide is written last.
pub(crate) fn is_in(folder: &Path) -> bool {
    folder.join(FILE).is_file()
}

/// Writes `demo.json` with absolute paths, all at once.
pub(crate) fn write(folder: &Path, base_url: &str, provider: Option<&str>) -> Result<()> {
    let absolute = fs::canonicalize(folder)?;
    let path = |relative: &str| absolute.join(relative).display().to_string();
    let people = PEOPLE.iter().map(|person| Entry {
        name: person.name(),
        person_id: person.iin,
        key_file: path(&format!("{KEYS}/{}", person.file)),
        key_password: KEY_PASSWORD,
        new_key_file: next(person, RENEWED.file).map(|file| path(&file)),
        new_certificate: next(person, RENEWED.certificate).map(|file| path(&file)),
        account_password: password(person),
        work: person.work.iter().map(work).collect(),
        note: person.note,
    });
    let guide = Guide {
        base_url,
        anchors: path(ANCHORS),
        people: people.collect(),
        provider: provider.map(|issuer| Provider {
            id: provider::ID,
            issuer,
            people: accounts(),
        }),
    };
    let part = folder.join("demo.json.part");
    fs::write(&part, serde_json::to_string_pretty(&guide)? + "\n")?;
    fs::rename(part, folder.join(FILE))?;
    Ok(())
}

/// Prints where to look.
pub(crate) fn print(folder: &Path, base_url: &str, provider: Option<&str>) {
    let keys = folder.join(KEYS);
    println!("\n  The portal:    {base_url}");
    println!("  Its messages:  {base_url}/demo/messages   (e-mail and SMS go nowhere else)");
    println!(
        "  Key files:     {}   (password of each: {KEY_PASSWORD})\n",
        keys.display()
    );
    for person in PEOPLE {
        println!("  {:<42} {}", person.file, person.name());
        println!("  {:<42} {}", "", person.note);
    }
    println!(
        "\n  {:<42} the next key of the same person: enter with it, or prepare its",
        RENEWED.file
    );
    println!(
        "  {:<42} renewal under «Сертификаты» with {}",
        "", RENEWED.certificate
    );
    println!("\n  With a password instead, on the tab «По ИИН»:");
    for person in PEOPLE {
        if let Some(password) = password(person) {
            println!("  {}   {password}   {}", person.iin, person.name());
        }
    }
    println!("\n  Without key and password, at {base_url}/recover (the codes come to /demo/messages):");
    for (person, email, phone) in with_two_contacts() {
        println!("  {:<42} {email}, then {phone}", person.name());
    }
    if let Some(issuer) = provider {
        println!("\n  With «Демо-Госуслуги» ({issuer}), by a click on a name:");
        for account in accounts() {
            println!("  {:<42} {}", account.name, account.note);
        }
    }
    println!("\n  With a user name and the same password, at an organisation's own page:");
    for person in PEOPLE {
        for work in person.work {
            println!(
                "  {:<12} {base_url}/o/{}   {}",
                work.user_name,
                work.organisation,
                person.name()
            );
        }
    }
    println!(
        "\n  For scripts: {}. Ctrl-C ends it; to begin anew, remove the folder.\n",
        folder.join(FILE).display()
    );
}

fn accounts() -> Vec<Account> {
    let account = |resident: &provider::Resident| Account {
        subject: resident.subject,
        name: resident.name(),
        note: resident.note,
    };
    provider::RESIDENTS.iter().map(account).collect()
}

/// Where a file of the person's next key is, if they have one.
fn next(person: &Person, file: &str) -> Option<String> {
    (person.iin == RENEWED.iin).then(|| format!("{KEYS}/{file}"))
}

fn work(work: &Work) -> WorkEntry {
    WorkEntry {
        path: format!("/o/{}", work.organisation),
        user_name: work.user_name,
    }
}

/// Who can show two different contacts.
fn with_two_contacts() -> impl Iterator<Item = (&'static Person, &'static str, &'static str)> {
    PEOPLE.iter().filter_map(|person| {
        let cabinet = person.cabinet.as_ref()?;
        Some((person, cabinet.email, cabinet.phone?))
    })
}

fn password(person: &Person) -> Option<&'static str> {
    person.cabinet.as_ref().and_then(|cabinet| cabinet.password)
}
