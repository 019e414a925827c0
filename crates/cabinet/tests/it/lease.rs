use std::time::Duration;

use cabinet::lease::{self, Lease};
use db::Timestamp;
use testkit::entry::World;
use testkit::storage::on_both;
use testkit::visit::{NOW, visit};

const LIFE: Duration = Duration::from_secs(30);

async fn take(world: &World, now: Timestamp, holder: u8) -> Option<Lease> {
    world
        .write(&visit(), move |tx, _, _| {
            lease::take(tx, now, "outbox", [holder; 16], LIFE)
        })
        .await
}

async fn holds(world: &World, now: Timestamp, held: &Lease) -> bool {
    let held = held.clone();
    world
        .read(&visit(), move |tx, _, _| lease::holds(tx, now, &held))
        .await
}

#[test]
fn one_node_holds_a_job_and_a_lost_lease_is_of_no_use() {
    on_both(|db| async {
        let world = World::new(db);
        let first = take(&world, NOW, 1).await.unwrap();
        assert_eq!(take(&world, NOW, 2).await, None);
        assert!(holds(&world, NOW, &first).await);

        let late = NOW.plus(LIFE);
        assert!(!holds(&world, late, &first).await);
        let second = take(&world, late, 2).await.unwrap();
        assert!(second.fence > first.fence);
        let slow = first.clone();
        let renewed = world
            .write(&visit(), move |tx, _, _| lease::renew(tx, late, &slow, LIFE))
            .await;
        assert_eq!(renewed, None);
        assert!(!holds(&world, late, &first).await);

        let held = second.clone();
        let renewed = world
            .write(&visit(), move |tx, _, _| lease::renew(tx, late, &held, 2 * LIFE))
            .await;
        assert_eq!(renewed.unwrap().expires_at, late.plus(2 * LIFE));
        let held = second.clone();
        world
            .write(&visit(), move |tx, _, _| lease::release(tx, late, &held))
            .await;
        let third = take(&world, late, 1).await.unwrap();
        assert!(third.fence > second.fence);
    });
}

#[test]
fn race_1_of_20_nodes_one_takes_the_job() {
    on_both(|db| async {
        let world = World::new(db);
        let nodes: Vec<_> = (0..20)
            .map(|holder| {
                let world = world.clone();
                tokio::spawn(async move { take(&world, NOW, holder).await })
            })
            .collect();
        let mut taken = 0;
        for node in nodes {
            taken += u32::from(node.await.unwrap().is_some());
        }
        assert_eq!(taken, 1);
    });
}
