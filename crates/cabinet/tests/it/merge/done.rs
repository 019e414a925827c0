use std::sync::Arc;
use std::time::Duration;

use cabinet::audit::{self, Act};
use cabinet::binding::Kind;
use cabinet::contact::{self, Slot};
use cabinet::merge::{self, Fate, KeptPassword, MergeRefusal, Subject};
use cabinet::message::Notice;
use cabinet::session::{self, Remedy};
use cabinet::{cleanup, sign_in};
use db::params;
use testkit::entry::World;
use testkit::pki::askhat;
use testkit::storage::on_both;
use testkit::visit::{Elsewhere, browser, visit};

use super::pair::Pair;
use crate::contact::resident::{letters, secret_in};
use crate::password::{PASSWORD, set};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[test]
fn lnk_14_req_4_10_3_two_accounts_become_one_and_both_are_told() {
    on_both(|db| async {
        let pair = Pair::new(&World::new(db)).await;
        let (world, session) = (&pair.world, pair.session().await);
        let secret = pair.begin().await;
        assert_eq!(
            pair.preview(&secret).await.unwrap_err(),
            MergeRefusal::NotProven,
            "nothing is shown of an account that was not proven"
        );
        let secret = pair.prove(&secret, &pair.other.key).await.unwrap();
        let preview = pair.preview(&secret).await.unwrap();
        assert!(preview.items.iter().all(|item| item.fate == Fate::Moves));
        assert!(!preview.two_passwords);
        let subjects: Vec<Subject> = preview.items.iter().map(|item| item.subject).collect();
        for subject in [
            Subject::Way(Kind::Certificate),
            Subject::Way(Kind::Password),
            Subject::Contact(Slot::Email),
            Subject::PersonId,
        ] {
            assert!(subjects.contains(&subject), "{subject:?} of {subjects:?}");
        }

        let done = pair.confirm(&secret, KeptPassword::Own).await.unwrap();
        assert_eq!(done.undo_until, visit().now.plus(7 * DAY));
        assert!(world.session(&visit(), &pair.other.secret).await.is_none());
        assert!(world.session(&visit(), &pair.kept.secret).await.is_some());
        let told: Vec<String> = letters(world, &visit())
            .await
            .into_iter()
            .filter(|letter| matches!(letter.notice, Notice::AccountsMerged { .. }))
            .map(|letter| letter.to)
            .collect();
        assert_eq!(told.len(), 2, "{told:?}");
        for address in ["aigul@mail.kz", "askhat@mail.kz"] {
            assert!(told.iter().any(|to| to == address), "{told:?}");
        }

        let entered = world.enter(&visit(), browser(7), &pair.other.key).await.unwrap();
        assert_eq!(entered.account, session.account, "the other key opens what stays");
        let account = session.account;
        let (contacts, history, ids) = world
            .read(&visit(), move |tx, rules, visit| {
                Ok((
                    contact::list(tx, rules, visit.now, account)?,
                    audit::history(tx, account, 100)?,
                    cabinet::account::profile(tx, account)?.person_ids.len(),
                ))
            })
            .await;
        assert!(contacts.extra_email.in_force.is_some());
        assert_eq!(ids, 1);
        for act in [Act::AccountMerged, Act::AccountMergedInto, Act::PasswordSet] {
            assert!(history.iter().any(|line| line.act == act), "{act:?}");
        }
    });
}

#[test]
fn lnk_14_an_undo_within_days_restores_exactly_and_later_there_is_none() {
    on_both(|db| async {
        let pair = Pair::new(&World::new(db)).await;
        let before = pair.rows().await;
        let done = pair.merge().await;
        assert_ne!(pair.rows().await, before);
        let late = visit().later(7 * DAY);
        let id = done.id;
        let gone = pair
            .world
            .write(&late, move |tx, rules, visit| {
                let kept = tx.one("select kept_id from account_merge", params![])?;
                merge::list(tx, visit.now, kept).map(|left| (left.len(), rules.merge.undo))
            })
            .await;
        assert_eq!(gone, (0, 7 * DAY));

        let undone = pair
            .act(&visit(), move |tx, rules, visit, by| {
                merge::undo(tx, rules, visit, by, id)
            })
            .await;
        assert_eq!(undone, Ok(()));
        assert_eq!(pair.rows().await, before);
        let again = pair
            .act(&visit(), move |tx, rules, visit, by| {
                merge::undo(tx, rules, visit, by, id)
            })
            .await;
        assert_eq!(again, Err(MergeRefusal::UndoOver));
        let entered = pair
            .world
            .enter(&visit(), browser(8), &pair.other.key)
            .await
            .unwrap();
        assert_ne!(entered.account, pair.session().await.account);
    });
}

#[test]
fn lnk_14_of_two_passwords_the_own_one_stays_unless_the_other_is_chosen() {
    on_both(|db| async {
        let pair = two_passwords(db).await;
        let before = pair.rows().await;
        let opens = chosen(&pair, KeptPassword::Own).await;
        assert_eq!((opens, pair.rows().await), (false, before));
    });
    on_both(|db| async {
        let pair = two_passwords(db).await;
        let before = pair.rows().await;
        let opens = chosen(&pair, KeptPassword::Other).await;
        assert_eq!((opens, pair.rows().await), (true, before));
    });
}

async fn two_passwords(db: db::Db) -> Pair {
    let pair = Pair::new(&World::new(db)).await;
    let own = "совсем-другая-гроза-над-Медеу-17";
    set(&pair.world, &visit(), &pair.kept.secret, own).await;
    pair
}

/// Merges and undoes; whether the password of the other account opened the one that stayed meanwhile.
async fn chosen(pair: &Pair, choice: KeptPassword) -> bool {
    let secret = pair.begin().await;
    let secret = pair.prove(&secret, &pair.other.key).await.unwrap();
    assert!(pair.preview(&secret).await.unwrap().two_passwords);
    let done = pair.confirm(&secret, choice).await.unwrap();
    let attempt = pair
        .world
        .write(&visit(), |tx, rules, visit| {
            sign_in::password_attempt(tx, rules, visit, "900101300007", None)
        })
        .await
        .unwrap();
    let checked = Arc::new(sign_in::check_password(attempt, PASSWORD, &visit().entropy));
    let entered = pair
        .world
        .write(&visit(), move |tx, rules, visit| {
            sign_in::with_password(tx, rules, visit, browser(9), &checked)
        })
        .await;
    let undone = pair
        .act(&visit(), move |tx, rules, visit, by| {
            merge::undo(tx, rules, visit, by, done.id)
        })
        .await;
    assert_eq!(undone, Ok(()));
    entered.is_ok()
}

#[test]
fn lnk_14_this_was_not_me_makes_two_of_them_again() {
    on_both(|db| async {
        let pair = Pair::new(&World::new(db)).await;
        let before = pair.rows().await;
        pair.merge().await;
        let told = letters(&pair.world, &visit()).await;
        let link = told.iter().find_map(|letter| match &letter.notice {
            Notice::AccountsMerged { link, .. } if letter.to == "askhat@mail.kz" => Some(secret_in(link)),
            _ => None,
        });
        let link = link.unwrap();
        let done = pair
            .world
            .write(&visit(), move |tx, rules, visit| {
                session::disown(tx, rules, visit, &link)
            })
            .await;
        assert_eq!(done, Ok(Remedy::MergeUndone));
        assert_eq!(pair.rows().await, before);
        assert!(pair.world.session(&visit(), &pair.kept.secret).await.is_none());
    });
}

#[test]
fn what_can_be_undone_no_more_is_thrown_away_and_the_account_stays_merged() {
    on_both(|db| async {
        let pair = Pair::new(&World::new(db)).await;
        pair.merge().await;
        let later = visit().later(Duration::from_secs(38 * 24 * 3600));
        assert!(pair.world.read(&later, cleanup::is_due).await);
        let swept = pair
            .world
            .write(&later, |tx, rules, visit| cleanup::sweep(tx, rules, visit, 100))
            .await;
        assert_eq!(swept.merges, 1);
        let renewed = pair.world.authority.issue(&askhat());
        let entered = pair.world.enter(&later, browser(3), &renewed).await.unwrap();
        let kept = pair
            .world
            .read(&later, |tx, _, _| {
                let kept: Vec<(Vec<u8>,)> =
                    tx.list("select id from account where merged_into is null", &[])?;
                Ok(kept)
            })
            .await;
        assert_eq!(kept, [(entered.account.as_bytes().to_vec(),)]);
    });
}
