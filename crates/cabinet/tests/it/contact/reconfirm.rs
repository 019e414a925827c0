//! Numbers change hands: one confirmed long ago is confirmed anew (A-12.d, threats SMS-2).

use std::time::Duration;

use cabinet::contact::{self, ResendRefusal, Slot};
use testkit::entry::World;
use testkit::pki::askhat;
use testkit::storage::on_both;
use testkit::visit::{Elsewhere, browser, visit};

use super::resident::{Resident, code_to, kinds, letters};

/// Shorter than in life: the key of the test must last.
const LONG: Duration = Duration::from_secs(20 * 24 * 3600);

async fn reconfirm(resident: &Resident, visit: &cabinet::Visit, slot: Slot) -> Result<(), ResendRefusal> {
    let session = resident.session(visit).await;
    let asked = resident.world.write(visit, move |tx, rules, visit| {
        contact::reconfirm(tx, rules, visit, &session, slot)
    });
    asked.await
}

#[test]
fn a_12_d_a_number_confirmed_long_ago_is_confirmed_anew_and_stays_in_force_meanwhile() {
    on_both(|db| async {
        let world = World::new(db).with_rules(|rules| rules.contact.reconfirm_after = LONG);
        let mut resident = Resident::with_email(&world, &askhat(), 1, "askhat@mail.kz").await;
        resident
            .change_and_confirm(&visit(), Slot::Phone, "87075555555")
            .await;
        let early = reconfirm(&resident, &visit(), Slot::Phone).await;
        assert_eq!(early.unwrap_err(), ResendRefusal::NothingPending);

        let later = visit().later(LONG);
        resident.secret = world
            .enter(&later, browser(1), &resident.key)
            .await
            .unwrap()
            .secret;
        let other = world
            .enter(&later, browser(2), &resident.key)
            .await
            .unwrap()
            .secret;
        let aged = resident.contacts(&later).await;
        assert!(aged.phone.in_force.unwrap().is_aged(&world.rules, later.now));
        assert!(!aged.email.in_force.unwrap().is_aged(&world.rules, later.now));

        letters(&world, &later).await;
        reconfirm(&resident, &later, Slot::Phone).await.unwrap();
        let sent = letters(&world, &later).await;
        assert_eq!(kinds(&sent), [("+77075555555", "phone-code")]);
        assert!(resident.contacts(&later).await.phone.in_force.is_some());
        let code = code_to(&sent, "+77075555555");
        resident.confirm(&later, Slot::Phone, &code).await.unwrap();

        let phone = resident.contacts(&later).await.phone;
        assert_eq!((phone.in_force.unwrap().since, phone.pending), (later.now, None));
        assert!(world.session(&later, &other).await.is_some(), "no way in changed");
        assert_eq!(kinds(&letters(&world, &later).await), []);
    });
}
