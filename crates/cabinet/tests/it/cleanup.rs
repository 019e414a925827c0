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
        let expected = Swept {
            tickets: 2,
            sessions: 2,
            ..Swept::default()
        };
        assert_eq!(first, expected);
        assert!(first.is_full(2));
        let expected = Swept {
            tickets: 1,
            sessions: 1,
            ..Swept::default()
        };
        assert_eq!(sweep(&month).await, expected);
        assert!(!due(&month).await);

        let year = visit().later(366 * DAY);
        assert!(due(&year).await);
        let expected = Swept {
            devices: 1,
            ..Swept::default()
        };
        assert_eq!(sweep(&year).await, expected);
        assert!(!due(&year).await);
    });
}
