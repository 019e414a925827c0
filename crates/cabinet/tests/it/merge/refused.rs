use cabinet::merge::{KeptPassword, MergeRefusal};
use cabinet::session;
use db::params;
use testkit::entry::World;
use testkit::pki::askhat;
use testkit::storage::on_both;
use testkit::visit::{browser, visit};

use super::pair::Pair;

#[test]
fn lnk_14_numbers_of_one_kind_that_differ_are_two_people() {
    on_both(|db| async {
        let pair = Pair::new(&World::new(db)).await;
        let account = pair.session().await.account;
        pair.world
            .write(&visit(), move |tx, _, visit| {
                Ok(tx.execute(
                    "insert into person_id (anchor_group, country, kind, value, account_id, stated_at)
                     values ('another', 'KZ', 'IIN', '850101400016', $1, $2)",
                    params![account, visit.now],
                )?)
            })
            .await;
        let before = pair.rows().await;
        let secret = pair.begin().await;
        let secret = pair.prove(&secret, &pair.other.key).await.unwrap();
        assert_eq!(
            pair.preview(&secret).await.unwrap_err(),
            MergeRefusal::PersonIdDiffers
        );
        let refused = pair.confirm(&secret, KeptPassword::Own).await;
        assert_eq!(refused, Err(MergeRefusal::PersonIdDiffers));
        assert_eq!(pair.rows().await, before);
    });
}

#[test]
fn lnk_14_rights_in_an_organisation_move_by_no_merge() {
    on_both(|db| async {
        let pair = Pair::new(&World::new(db)).await;
        let other = pair.other.session(&visit()).await.account;
        pair.world
            .write(&visit(), move |tx, _, _| {
                Ok(tx.execute(
                    "insert into membership_right (organisation_id, account_id, right_name) values ($1, $1, 'sign')",
                    params![other],
                )?)
            })
            .await;
        let secret = pair.begin().await;
        let secret = pair.prove(&secret, &pair.other.key).await.unwrap();
        let refused = pair.confirm(&secret, KeptPassword::Own).await;
        assert_eq!(refused, Err(MergeRefusal::HasRights));
    });
}

#[test]
fn lnk_14_ses_5_a_password_alone_does_not_prove_an_account_that_has_a_key() {
    on_both(|db| async {
        let pair = Pair::new(&World::new(db)).await;
        let secret = pair.begin().await;
        let weak = pair.prove_by_password(&secret).await;
        assert_eq!(weak.unwrap_err(), MergeRefusal::WeakProof);
        let own = pair.prove(&secret, &pair.kept.key).await;
        assert_eq!(own.unwrap_err(), MergeRefusal::SameAccount);
        let other = pair.other.session(&visit()).await;
        let open = pair
            .world
            .read(&visit(), move |tx, rules, visit| {
                session::list(tx, rules, visit, &other)
            })
            .await;
        assert_eq!(open.len(), 1, "the entry that was the proof is over");
        assert_eq!(pair.preview(&secret).await.unwrap_err(), MergeRefusal::NotProven);
    });
}

#[test]
fn lnk_10_of_parallel_confirmations_exactly_one_merges() {
    on_both(|db| async {
        let pair = std::sync::Arc::new(Pair::new(&World::new(db)).await);
        let secret = pair.begin().await;
        let secret = pair.prove(&secret, &pair.other.key).await.unwrap();
        let confirmations = (0..6).map(|_| {
            let (pair, secret) = (pair.clone(), secret.clone());
            tokio::spawn(async move { pair.confirm(&secret, KeptPassword::Own).await })
        });
        let mut done = 0;
        for confirmation in confirmations.collect::<Vec<_>>() {
            match confirmation.await.unwrap() {
                Ok(_) => done += 1,
                Err(refusal) => assert!(
                    matches!(refusal, MergeRefusal::Gone | MergeRefusal::AccountBlocked),
                    "{refusal:?}"
                ),
            }
        }
        assert_eq!(done, 1);
    });
}

#[test]
fn lnk_10_an_account_goes_into_one_other_and_opens_nothing_of_its_own() {
    on_both(|db| async {
        let pair = Pair::new(&World::new(db)).await;
        let other = pair.other.session(&visit()).await.account;
        pair.merge().await;
        let merged = pair
            .world
            .read(&visit(), move |tx, _, _| {
                let into: Option<Vec<u8>> =
                    tx.one("select merged_into from account where id = $1", params![other])?;
                Ok(into)
            })
            .await;
        assert!(merged.is_some());
        let renewed = pair.world.authority.issue(&askhat());
        let entered = pair.world.enter(&visit(), browser(3), &renewed).await.unwrap();
        assert_eq!(
            entered.account,
            pair.session().await.account,
            "a new key of the same person leads to the account that stays"
        );
    });
}

/// Two accounts that both want a third one: whoever is first has it, the other is told that it is shut.
#[test]
fn lnk_10_of_two_accounts_that_race_for_a_third_one_gets_it() {
    on_both(|db| async {
        let pair = Pair::new(&World::new(db)).await;
        let rival = pair.rival().await;
        let (ours, theirs) = (pair.begin().await, rival.begin().await);
        let ours = pair.prove(&ours, &pair.other.key).await.unwrap();
        let theirs = rival.prove(&theirs, &pair.other.key).await.unwrap();
        let (pair, rival) = (std::sync::Arc::new(pair), std::sync::Arc::new(rival));
        let race = [(pair.clone(), ours), (rival, theirs)].map(|(side, secret)| {
            tokio::spawn(async move { side.confirm(&secret, KeptPassword::Own).await })
        });
        let mut won = 0;
        for side in race {
            match side.await.unwrap() {
                Ok(_) => won += 1,
                Err(refusal) => assert_eq!(refusal, MergeRefusal::AccountBlocked),
            }
        }
        assert_eq!(won, 1);
        let merged = pair
            .world
            .read(&visit(), |tx, _, _| {
                let merged: (i64,) = tx.one(
                    "select count(*) from account where merged_into is not null",
                    params![],
                )?;
                Ok(merged.0)
            })
            .await;
        assert_eq!(merged, 1);
    });
}
