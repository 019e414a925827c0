use cabinet::account::AccountId;
use cabinet::audit::{self, Act, Break, Broken, Chain, Event, Head, Report};
use db::params;
use testkit::entry::World;
use testkit::pki::askhat;
use testkit::storage::on_both;
use testkit::visit::{browser, visit};

/// An account with some lines, linked by the server's chain.
async fn account(world: &World) -> (AccountId, Head) {
    let key = world.authority.issue(&askhat());
    let account = world.enter(&visit(), browser(1), &key).await.unwrap().account;
    for _ in 0..3 {
        world.enter(&visit(), browser(1), &key).await.unwrap();
    }
    let head = world
        .write(&visit(), |tx, _, visit| audit::link_heads(tx, visit))
        .await
        .unwrap();
    (account, head)
}

/// What only somebody with all rights on the database can do.
async fn without_guard(world: &World) {
    let sqlite = world.db.write(|tx| {
        for drop in [
            "drop trigger audit_line_update",
            "drop trigger audit_line_delete",
            "drop trigger audit_head_update",
            "drop trigger audit_head_delete",
        ] {
            tx.execute(drop, params![])?;
        }
        Ok::<_, db::Error>(())
    });
    if sqlite.await.is_err() {
        for table in [
            "alter table audit_line disable trigger all",
            "alter table audit_head disable trigger all",
        ] {
            tamper(world, table).await;
        }
    }
}

#[test]
fn aud_1_the_database_itself_refuses_to_change_the_trail() {
    on_both(|db| async {
        let world = World::new(db);
        account(&world).await;
        for sql in [
            "update audit_line set detail = ''",
            "update audit_line set address = '203.0.113.1' where seq = 2",
            "delete from audit_line where seq = 3",
            "delete from audit_line",
            "update audit_head set seq = seq - 1",
            "delete from audit_head",
        ] {
            let refused = world.db.write(move |tx| tx.execute(sql, params![])).await;
            assert!(refused.is_err(), "{sql}");
        }
        account(&world).await;
        assert_eq!(verify(&world, vec![]).await.broken, None);
    });
}

async fn tamper(world: &World, sql: &'static str) {
    world
        .write(&visit(), move |tx, _, _| Ok(tx.execute(sql, params![])?))
        .await;
}

async fn verify(world: &World, anchors: Vec<Head>) -> Report {
    world
        .read(&visit(), move |tx, _, _| audit::verify(tx, &anchors))
        .await
}

fn broken(account: AccountId, seq: i64, why: Break) -> Broken {
    Broken {
        chain: account.to_string().replace('-', ""),
        seq,
        why,
    }
}

const MIN_LINES: u64 = 6;

#[test]
fn aud_1_an_untouched_trail_is_whole_and_an_idle_one_links_nothing() {
    on_both(|db| async {
        let world = World::new(db);
        let (account, head) = account(&world).await;
        let report = verify(&world, vec![head]).await;
        assert_eq!(report.broken, None);
        assert_eq!(report.chains, 2);
        assert!(report.lines > MIN_LINES);
        let linked = world
            .write(&visit(), |tx, _, visit| audit::link_heads(tx, visit))
            .await;
        assert_eq!(linked, None);
        let history = world
            .read(&visit(), move |tx, _, _| audit::history(tx, account, 100))
            .await;
        assert_eq!(history.last().unwrap().act, Act::AccountCreated);
        let numbers: Vec<i64> = history.iter().rev().map(|line| line.seq).collect();
        assert_eq!(
            numbers,
            (1..=i64::try_from(history.len()).unwrap()).collect::<Vec<_>>()
        );
    });
}

#[test]
fn aud_1_an_altered_line_is_named() {
    on_both(|db| async {
        let world = World::new(db);
        let (account, _) = account(&world).await;
        without_guard(&world).await;
        tamper(
            &world,
            "update audit_line set address = '203.0.113.1' where seq = 2",
        )
        .await;
        assert_eq!(
            verify(&world, vec![]).await.broken,
            Some(broken(account, 2, Break::Altered))
        );
    });
}

#[test]
fn aud_1_a_deleted_line_is_named() {
    on_both(|db| async {
        let world = World::new(db);
        let (account, _) = account(&world).await;
        without_guard(&world).await;
        tamper(&world, "delete from audit_line where seq = 3").await;
        assert_eq!(
            verify(&world, vec![]).await.broken,
            Some(broken(account, 4, Break::Missing))
        );
    });
}

#[test]
fn aud_1_swapped_lines_are_named() {
    on_both(|db| async {
        let world = World::new(db);
        let (account, _) = account(&world).await;
        without_guard(&world).await;
        tamper(&world, "update audit_line set seq = 100 where seq = 3").await;
        tamper(&world, "update audit_line set seq = 3 where seq = 4").await;
        tamper(&world, "update audit_line set seq = 4 where seq = 100").await;
        assert_eq!(
            verify(&world, vec![]).await.broken,
            Some(broken(account, 3, Break::Altered))
        );
    });
}

#[test]
fn aud_1_a_cut_tail_is_named_even_if_the_head_was_cut_too() {
    on_both(|db| async {
        let world = World::new(db);
        let (account, _) = account(&world).await;
        without_guard(&world).await;
        let history = world
            .read(&visit(), move |tx, _, _| audit::history(tx, account, 1))
            .await;
        let last = history[0].seq;
        world
            .write(&visit(), move |tx, _, _| {
                Ok(tx.execute(
                    "delete from audit_line where chain = $1 and seq = $2",
                    params![account, last],
                )?)
            })
            .await;
        assert_eq!(
            verify(&world, vec![]).await.broken,
            Some(broken(account, last, Break::Cut))
        );
        world
            .write(&visit(), move |tx, _, _| {
                let hash: Vec<u8> = tx.one(
                    "select hash from audit_line where chain = $1 order by seq desc limit 1",
                    params![account],
                )?;
                let update = "update audit_head set seq = seq - 1, hash = $1 where chain = $2";
                Ok(tx.execute(update, params![hash, account])?)
            })
            .await;
        assert_eq!(
            verify(&world, vec![]).await.broken,
            Some(broken(account, last, Break::Relinked))
        );
    });
}

#[test]
fn aud_1_a_deleted_chain_is_named() {
    on_both(|db| async {
        let world = World::new(db);
        let (account, head) = account(&world).await;
        without_guard(&world).await;
        let remove = async |sql| {
            world
                .write(&visit(), move |tx, _, _| Ok(tx.execute(sql, params![account])?))
                .await;
        };
        remove("delete from audit_line where chain = $1").await;
        assert_eq!(
            verify(&world, vec![]).await.broken,
            Some(broken(account, 1, Break::Cut))
        );
        remove("delete from audit_head where chain = $1").await;
        let report = verify(&world, vec![]).await;
        assert_eq!(report.broken.unwrap().why, Break::Relinked);
        tamper(&world, "delete from audit_line").await;
        tamper(&world, "delete from audit_head").await;
        assert_eq!(verify(&world, vec![]).await.broken, None);
        let report = verify(&world, vec![head]).await;
        assert_eq!(report.broken.unwrap().why, Break::Anchor);
    });
}

#[test]
fn aud_1_parallel_events_leave_no_gap() {
    on_both(|db| async {
        let world = World::new(db);
        let acts: Vec<_> = (0..20)
            .map(|_| {
                let world = world.clone();
                tokio::spawn(async move {
                    let event = || Event {
                        chain: Chain::Server,
                        act: Act::AccountBlocked,
                        actor: None,
                        detail: audit::no_detail(),
                    };
                    world
                        .write(&visit(), move |tx, _, visit| audit::record(tx, visit, event()))
                        .await;
                })
            })
            .collect();
        for act in acts {
            act.await.unwrap();
        }
        let report = verify(&world, vec![]).await;
        assert_eq!((report.lines, report.broken), (20, None));
    });
}

#[test]
fn clk_1_the_newest_line_tells_whether_the_clock_went_back() {
    on_both(|db| async {
        let world = World::new(db);
        let none = world.read(&visit(), |tx, _, _| audit::latest_time(tx)).await;
        assert_eq!(none, None);
        account(&world).await;
        let latest = world.read(&visit(), |tx, _, _| audit::latest_time(tx)).await;
        assert_eq!(latest, Some(visit().now));
    });
}
