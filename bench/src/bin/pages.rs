//! Requests per second of Kabinet's pages beside the floors of a bare axum, in one run: `bench/pages`.
//! Also: start to the first 200 with existing data, idle memory, size of the binary.

use std::time::Duration;

use anyhow::Result;
use bench::load::{median, rate};
use bench::site::{Server, Visitor, built, get, known_person};

const ROUNDS: usize = 5;
const SPAN: Duration = Duration::from_millis(1500);
const CONNECTIONS: usize = 16;

fn main() -> Result<()> {
    let folder = built()?;
    let data = std::env::temp_dir().join(format!("kabinet-bench-{}", std::process::id()));
    std::fs::create_dir_all(&data)?;
    let database = data.join("floor.db");
    let floor = Server::start(
        &folder.join("floor"),
        &["ADDRESS", &database.to_string_lossy()],
        "/hello",
    )?;

    let kabinet = folder.join("kabinet");
    let place = data.join("demo");
    let arguments = ["demo", "--data", &place.to_string_lossy(), "--listen", "ADDRESS"];
    drop(Server::start(&kabinet, &arguments, "/health")?);
    let mut starts = Vec::new();
    for _ in 0..9 {
        starts.push(
            Server::start(&kabinet, &arguments, "/health")?
                .first_answer
                .as_secs_f64()
                * 1000.0,
        );
    }
    let site = Server::start(&kabinet, &arguments, "/health")?;
    let idle = site.resident()?;

    let mut person = Visitor::open(site.address)?;
    let (login, password) = known_person(&place)?;
    person.post_and_keep("/sign-in/password", &[("login", &login), ("password", &password)])?;
    let profile = person.get("/profile/contacts")?;
    anyhow::ensure!(profile.status == 200, "the profile answered {}", profile.status);

    let requests = [
        ("axum hello", floor.address, get(floor.address, "/hello", "")),
        (
            "axum page of 11 KB",
            floor.address,
            get(floor.address, "/page", ""),
        ),
        (
            "axum and one read",
            floor.address,
            get(floor.address, "/read", ""),
        ),
        ("sign-in page", site.address, get(site.address, "/sign-in", "")),
        (
            "profile page",
            site.address,
            get(site.address, "/profile/contacts", &person.cookie_line()),
        ),
    ];
    let mut rates = vec![Vec::new(); requests.len()];
    for _ in 0..ROUNDS {
        for ((_, address, request), rates) in requests.iter().zip(&mut rates) {
            rates.push(rate(*address, request, CONNECTIONS, SPAN)?);
        }
    }
    let middle: Vec<f64> = rates.into_iter().map(median).collect();
    for ((name, ..), rate) in requests.iter().zip(&middle) {
        println!("{name:24} {rate:9.0}/s");
    }
    if let [_, page, read, sign_in, profile] = middle[..] {
        println!(
            "sign-in page  = {:.2} x axum page of 11 KB   (must reach 0.5)",
            sign_in / page
        );
        println!(
            "profile page  = {:.2} x axum and one read    (must reach 0.35)",
            profile / read
        );
    }
    println!(
        "start to first 200, existing data: {:.1} ms (at most 40)",
        median(starts)
    );
    #[expect(clippy::cast_precision_loss, reason = "sizes for people")]
    {
        println!("idle memory: {:.1} MiB (at most 25)", idle as f64 / 1024.0);
        println!(
            "binary: {:.1} MiB (at most 25)",
            std::fs::metadata(&kabinet)?.len() as f64 / 1_048_576.0
        );
    }
    std::fs::remove_dir_all(&data)?;
    Ok(())
}
