//! TLS to PostgreSQL: all of it or no connection.

use crate::schema::SCHEMA;
use db::{Db, Engine, Error};
use std::path::PathBuf;
use testkit::storage::{Cluster, Durability};
use tokio::runtime::Runtime;

fn open(url: String, ca: Option<PathBuf>) -> Result<Db, Error> {
    let connections = 1;
    Db::open(Engine::Postgres { url, ca, connections }, SCHEMA)
}

fn refusal(url: String, ca: Option<PathBuf>) -> String {
    match open(url, ca) {
        Err(Error::Open { reason, cause }) => format!("{reason}: {cause:?}"),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("not refused"),
    }
}

#[test]
fn asvs_12_3_the_servers_certificate_and_name_are_checked() {
    let Some(cluster) = Cluster::start(Durability::None) else {
        return;
    };
    let server = cluster.encrypt();
    let ca = || Some(server.ca.clone());

    for mode in ["sslmode=require", "sslmode=verify-full", ""] {
        let db = open(format!("{} {mode}", server.url("localhost")), ca()).unwrap();
        let read = db.read(|tx| {
            tx.one::<String>(
                "select version from pg_stat_ssl where pid = pg_backend_pid()",
                &[],
            )
        });
        assert_eq!(
            Runtime::new().unwrap().block_on(read).unwrap(),
            "TLSv1.3",
            "{mode}"
        );
        db.close();
    }

    let stranger = refusal(server.url("localhost"), Some(server.other_ca.clone()));
    assert!(stranger.contains("UnknownIssuer"), "{stranger}");
    let of_the_system = refusal(format!("{} sslmode=require", server.url("localhost")), None);
    assert!(of_the_system.contains("UnknownIssuer"), "{of_the_system}");
    let another_name = refusal(server.url("elsewhere.example"), ca());
    assert!(another_name.contains("NotValidForName"), "{another_name}");
    let no_authority = refusal(server.url("localhost"), Some("/nowhere.pem".into()));
    assert!(no_authority.contains("/nowhere.pem"), "{no_authority}");
}

#[test]
fn asvs_12_3_a_server_without_tls_is_not_spoken_to() {
    let Some(cluster) = Cluster::shared() else { return };
    let url = format!("{} sslmode=require", cluster.url("postgres"));
    let refused = refusal(url, None);
    assert!(refused.contains("TLS"), "{refused}");
}
