use std::time::Duration;

use cabinet::account::AccountId;
use cabinet::message::{self, Recent};
use cabinet::session::{self, Remedy};
use cabinet::ticket::LinkRefusal;
use cabinet::{Secret, Visit};
use db::params;
use testkit::entry::World;
use testkit::pki::askhat;
use testkit::storage::on_both;
use testkit::visit::{Elsewhere, browser, visit};

const HOUR: Duration = Duration::from_secs(3600);

async fn give_email(world: &World, account: AccountId) {
    world
        .write(&visit(), move |tx, _, visit| {
            Ok(tx.execute(
                "insert into contact (account_id, slot, value, key, confirmed_at)
                 values ($1, 'email', 'askhat@example.kz', 'askhat@example.kz', $2)",
                params![account, visit.now],
            )?)
        })
        .await;
}

async fn outbox(world: &World) -> Vec<Recent> {
    world
        .read(&visit(), |tx, rules, _| message::list_recent(tx, rules, 100))
        .await
}

async fn kinds(world: &World) -> Vec<String> {
    outbox(world)
        .await
        .into_iter()
        .map(|message| message.kind)
        .collect()
}

#[test]
fn cms_3_a_sign_in_from_a_new_browser_is_told_to_the_person_and_one_from_a_known_browser_is_not() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let account = world.enter(&visit(), browser(1), &key).await.unwrap().account;
        give_email(&world, account).await;
        world.enter(&visit(), browser(1), &key).await.unwrap();
        assert_eq!(kinds(&world).await, Vec::<String>::new());
        world.enter(&visit(), browser(2), &key).await.unwrap();
        assert_eq!(kinds(&world).await, ["new-device"]);
        assert_eq!(outbox(&world).await[0].to, "askhat@example.kz");
        world.enter(&visit().later(HOUR), browser(2), &key).await.unwrap();
        assert_eq!(kinds(&world).await.len(), 1);
    });
}

#[test]
fn crt_4_a_renewed_certificate_is_told_to_the_person_once() {
    on_both(|db| async {
        let world = World::new(db);
        let account = world
            .enter(&visit(), browser(1), &world.authority.issue(&askhat()))
            .await
            .unwrap()
            .account;
        give_email(&world, account).await;
        let renewed = world.authority.issue(&askhat());
        world.enter(&visit(), browser(1), &renewed).await.unwrap();
        world.enter(&visit(), browser(1), &renewed).await.unwrap();
        assert_eq!(kinds(&world).await, ["certificate-bound"]);
    });
}

#[test]
fn cms_3_this_was_not_me_ends_everything_once_and_opens_nothing() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let opened = world.enter(&visit(), browser(1), &key).await.unwrap();
        give_email(&world, opened.account).await;
        let thief = world.enter(&visit(), browser(2), &key).await.unwrap().secret;
        let link = not_me_link(&world).await;

        let preview = async |visit: Visit| {
            let link = link.clone();
            world
                .read(&visit, move |tx, rules, visit| {
                    session::disown_preview(tx, rules, visit, &link)
                })
                .await
        };
        for _ in 0..3 {
            assert_eq!(preview(visit()).await.unwrap().at, visit().now);
        }
        assert_eq!(preview(visit().later(72 * HOUR)).await, Err(LinkRefusal::Expired));
        assert!(world.session(&visit(), &thief).await.is_some());

        let disown = async || {
            let link = link.clone();
            world
                .write(&visit(), move |tx, rules, visit| {
                    session::disown(tx, rules, visit, &link)
                })
                .await
        };
        assert_eq!(disown().await, Ok(Remedy::KeyStays));
        assert!(world.session(&visit(), &thief).await.is_none());
        assert!(world.session(&visit(), &opened.secret).await.is_none());
        assert_eq!(disown().await, Err(LinkRefusal::Used));
        assert!(world.enter(&visit(), browser(1), &key).await.is_ok());
    });
}

/// Takes the secret of the link out of the only message.
async fn not_me_link(world: &World) -> Secret {
    let notice: Vec<u8> = world
        .read(&visit(), |tx, _, _| {
            Ok(tx.one("select notice from message", params![])?)
        })
        .await;
    let notice = world.rules.server_key.open("message.notice", &notice).unwrap();
    let notice = String::from_utf8(notice).unwrap();
    let (_, link) = notice.split_once("https://kabinet.example/not-me/").unwrap();
    Secret::parse(&link[..64]).unwrap()
}

#[test]
fn aud_2_no_secret_is_in_the_trail() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let challenge = world.challenge(&visit(), browser(1)).await;
        let secret = world.enter(&visit(), browser(1), &key).await.unwrap().secret;
        let stronger = world.step_up(&visit(), &secret, &key).await.unwrap();
        let details: Vec<String> = world
            .read(&visit(), |tx, _, _| {
                Ok(tx.list("select detail from audit_line", params![])?)
            })
            .await;
        assert!(details.len() > 3);
        let trail = details.concat();
        for marker in [challenge.nonce.expose(), secret.expose(), stronger.expose()] {
            assert!(!trail.contains(&marker));
        }
        assert!(!trail.contains("900101300007"));
    });
}
