use std::time::Duration;

use cabinet::cleanup::{self, Swept};
use testkit::entry::World;
use testkit::pki::askhat;
use testkit::storage::on_both;
use testkit::visit::{Elsewhere, browser, visit};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[test]
fn what_is_over_goes_in_bounded_steps_and_an_idle_server_writes_nothing() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        for _ in 0..3 {
            world.enter(&visit(), browser(1), &key).await.unwrap();
        }
        let due = async |at: &cabinet::Visit| world.read(at, cleanup::is_due).await;
        let sweep = async |at: &cabinet::Visit| {
            world
                .write(at, |tx, rules, visit| cleanup::sweep(tx, rules, visit, 2))
                .await
        };
        assert!(!due(&visit()).await);
        assert_eq!(sweep(&visit()).await, Swept::default());

        let month = visit().later(31 * DAY);
        assert!(due(&month).await);
        let first = sweep(&month).await;
        assert_eq!(
            first,
            Swept {
                tickets: 2,
                sessions: 2,
                throttles: 0
            }
        );
        assert!(first.is_full(2));
        let second = sweep(&month).await;
        assert_eq!(
            second,
            Swept {
                tickets: 1,
                sessions: 1,
                throttles: 0
            }
        );
        assert!(!due(&month).await);
    });
}
