use std::sync::Arc;
use std::time::Duration;

use cabinet::binding::{
    self, Authenticator, AuthenticatorId, CertificateState, Kind, NewPassword, RemovalRefusal,
};
use cabinet::sign_in::SignInRefusal;
use cabinet::{Secret, Visit};
use testkit::entry::World;
use testkit::pki::{Key, aigul, askhat};
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn list(world: &World, visit: &Visit, secret: &Secret) -> Vec<Authenticator> {
    let account = world.session(visit, secret).await.unwrap().account;
    world
        .read(visit, move |tx, rules, visit| {
            binding::list(tx, rules, visit.now, account)
        })
        .await
}

async fn remove(
    world: &World,
    visit: &Visit,
    secret: &Secret,
    id: AuthenticatorId,
) -> Result<(), RemovalRefusal> {
    let session = world.session(visit, secret).await.unwrap();
    world
        .write(visit, move |tx, rules, visit| {
            let by = session.step_up(tx, rules, visit)?.unwrap();
            binding::remove_certificate(tx, rules, visit, &by, id)
        })
        .await
}

/// Enters by the first key and steps up, so that other ways in may be removed.
async fn stepped_up(world: &World, number: u64, key: &Key) -> Secret {
    let secret = world.enter(&visit(), browser(number), key).await.unwrap().secret;
    world.step_up(&visit(), &secret, key).await.unwrap()
}

#[test]
fn a_6_a_every_certificate_ever_bound_is_listed_with_its_data() {
    on_both(|db| async {
        let world = World::new(db);
        let (old, new) = (world.authority.issue(&askhat()), world.authority.issue(&askhat()));
        world.enter(&visit(), browser(1), &old).await.unwrap();
        let secret = stepped_up(&world, 1, &new).await;
        let first = list(&world, &visit(), &secret)
            .await
            .into_iter()
            .find(|line| line.certificate.as_ref().unwrap().fingerprint == old.certificate().fingerprint());
        let first = first.unwrap();
        let data = first.certificate.unwrap();
        assert_eq!(data.owner, "СЕРИКОВ АСХАТ");
        assert_eq!(data.issuer, "ТЕСТ ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ");
        assert!(data.subject.contains("IIN900101300007"), "{}", data.subject);
        assert_eq!(
            data.not_after.as_seconds(),
            old.certificate().not_after().as_seconds()
        );
        assert_eq!(data.certificate.as_ref(), Some(old.certificate()));
        assert!(!data.serial.is_empty() && !data.algorithm.is_empty());
        assert_eq!(data.state, CertificateState::Valid);
        assert_eq!(first.last_used_at, Some(visit().now));

        remove(&world, &visit(), &secret, first.id).await.unwrap();
        let states: Vec<_> = list(&world, &visit(), &secret)
            .await
            .into_iter()
            .map(|line| line.certificate.unwrap().state)
            .collect();
        assert!(states.contains(&CertificateState::Removed { at: visit().now }));
        assert_eq!(states.len(), 2);
        let later = visit().later(Duration::from_secs(600));
        let secret = world.enter(&later, browser(1), &new).await.unwrap().secret;
        let all = list(&world, &later, &secret).await;
        assert_eq!(all.len(), 2);
    });
}

#[test]
fn lnk_13_a_removed_certificate_ends_its_sessions_and_enters_no_more() {
    on_both(|db| async {
        let world = World::new(db);
        let (old, new) = (world.authority.issue(&askhat()), world.authority.issue(&askhat()));
        let opened = world.enter(&visit(), browser(1), &old).await.unwrap();
        let secret = stepped_up(&world, 2, &new).await;
        let id = list(&world, &visit(), &secret)
            .await
            .into_iter()
            .find(|line| line.certificate.as_ref().unwrap().fingerprint == old.certificate().fingerprint())
            .unwrap()
            .id;
        remove(&world, &visit(), &secret, id).await.unwrap();
        assert!(world.session(&visit(), &opened.secret).await.is_none());
        assert!(world.session(&visit(), &secret).await.is_some());
        let again = world.enter(&visit(), browser(1), &old).await;
        assert_eq!(again.unwrap_err(), SignInRefusal::CertificateRemoved);
        let twice = remove(&world, &visit(), &secret, id).await;
        assert_eq!(twice.unwrap_err(), RemovalRefusal::NotFound);
    });
}

#[test]
fn lnk_11_the_last_usable_way_in_stays() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let secret = stepped_up(&world, 1, &key).await;
        let id = list(&world, &visit(), &secret).await[0].id;
        let last = remove(&world, &visit(), &secret, id).await;
        assert_eq!(last.unwrap_err(), RemovalRefusal::LastUsable);

        let hash = NewPassword::check("верблюд-скрипка-47-облако", &[])
            .unwrap()
            .hash(&visit().entropy)
            .unwrap();
        let session = world.session(&visit(), &secret).await.unwrap();
        world
            .write(&visit(), move |tx, rules, visit| {
                let by = session.step_up(tx, rules, visit)?.unwrap();
                binding::set_password(tx, rules, visit, &by, &hash)
            })
            .await;
        let kinds: Vec<_> = list(&world, &visit(), &secret)
            .await
            .iter()
            .map(|line| line.kind)
            .collect();
        assert_eq!(kinds, [Kind::Certificate, Kind::Password]);
        assert_eq!(remove(&world, &visit(), &secret, id).await, Ok(()));
    });
}

#[test]
fn lnk_11_an_expired_certificate_is_no_way_in() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut long = askhat();
        long.years = [2026, 2030];
        let (short, long) = (world.authority.issue(&askhat()), world.authority.issue(&long));
        world.enter(&visit(), browser(1), &short).await.unwrap();
        world.enter(&visit(), browser(1), &long).await.unwrap();
        let later = visit().later(60 * DAY);
        let secret = world.enter(&later, browser(1), &long).await.unwrap().secret;
        let secret = world.step_up(&later, &secret, &long).await.unwrap();
        let all = list(&world, &later, &secret).await;
        let usable = all
            .iter()
            .find(|line| line.certificate.as_ref().unwrap().state == CertificateState::Valid);
        let last = remove(&world, &later, &secret, usable.unwrap().id).await;
        assert_eq!(last.unwrap_err(), RemovalRefusal::LastUsable);
    });
}

#[test]
fn lnk_11_race_1_two_removals_at_once_never_leave_none() {
    on_both(|db| async {
        let world = World::new(db);
        for round in 0..5 {
            let mut person = if round % 2 == 0 { askhat() } else { aigul() };
            person.iin = Some(
                [
                    "900101300007",
                    "850615400026",
                    "010229500016",
                    "010101500401",
                    "940140000385",
                ][round],
            );
            let (one, two) = (world.authority.issue(&person), world.authority.issue(&person));
            let (first, second) = (
                stepped_up(&world, 1, &one).await,
                stepped_up(&world, 2, &two).await,
            );
            let all = list(&world, &visit(), &first).await;
            let removals: Vec<_> = [(first, all[0].id), (second, all[1].id)]
                .into_iter()
                .map(|(secret, id)| {
                    let world = world.clone();
                    tokio::spawn(async move {
                        let session = world.session(&visit(), &secret).await?;
                        let session = Arc::new(session);
                        world
                            .write(&visit(), move |tx, rules, visit| {
                                match session.step_up(tx, rules, visit)? {
                                    Ok(by) => {
                                        binding::remove_certificate(tx, rules, visit, &by, id).map(Some)
                                    }
                                    Err(_ended) => Ok(None),
                                }
                            })
                            .await
                    })
                })
                .collect();
            let mut removed = 0;
            for removal in removals {
                removed += u32::from(removal.await.unwrap() == Some(Ok(())));
            }
            assert_eq!(removed, 1);
        }
    });
}
