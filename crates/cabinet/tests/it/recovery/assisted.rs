//! Two of the operator's people help somebody back in.

use std::time::Duration;

use cabinet::account::{self, AccountId};
use cabinet::binding::SecondFactor;
use cabinet::message::Notice;
use cabinet::recovery::{self, AssistedId, AssistedRefusal, Half, Officer, RecoveryRefusal, Request, Step};
use cabinet::session::{Remedy, disown};
use cabinet::{Visit, audit, cleanup};
use testkit::entry::World;
use testkit::factor::code;
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, visit};

use super::returner::{EMAIL, WayBack, account_of, remove_certificate, resident, there};
use crate::contact::resident::{Resident, kinds, letters, secret_in};
use crate::second_factor::Owner;

const HOUR: Duration = Duration::from_secs(3600);
const WAIT: Duration = Duration::from_secs(72 * 3600);
const ALMOST: Duration = Duration::from_secs(71 * 3600);

fn dana() -> Officer {
    Officer::named("Дана Омарова").unwrap()
}

fn serik() -> Officer {
    Officer::named("Серик Ахметов").unwrap()
}

struct Help {
    id: AssistedId,
    halves: [Half; 2],
}

async fn ask(world: &World, account: AccountId, skips: bool) -> Result<(AssistedId, Half), AssistedRefusal> {
    let request = Request {
        account,
        reason: "пришла сама, удостоверение показала".into(),
        skips_second_factor: skips,
    };
    let asked = world
        .write(&visit(), move |tx, rules, visit| {
            recovery::ask(tx, rules, visit, &dana(), &request)
        })
        .await;
    asked.map(|asked| (asked.id, asked.half))
}

async fn approve(world: &World, officer: Officer, id: AssistedId) -> Result<Half, AssistedRefusal> {
    let approved = world
        .write(&visit(), move |tx, rules, visit| {
            recovery::approve(tx, rules, visit, &officer, id)
        })
        .await;
    approved.map(|approved| approved.half)
}

async fn help(world: &World, account: AccountId, skips: bool) -> Help {
    let (id, first) = ask(world, account, skips).await.unwrap();
    let second = approve(world, serik(), id).await.unwrap();
    Help {
        id,
        halves: [first, second],
    }
}

async fn come(world: &World, at: &Visit, halves: [String; 2]) -> Result<WayBack, RecoveryRefusal> {
    let given = world.write(at, move |tx, rules, visit| {
        let [first, second] = &halves;
        recovery::give_halves(tx, rules, visit, there(), [first, second], None)
    });
    Ok(WayBack {
        world: world.clone(),
        visit: at.clone(),
        browser: there(),
        secret: given.await?,
    })
}

impl Help {
    fn printed(&self) -> [String; 2] {
        self.halves.clone().map(|half| half.printed())
    }
}

async fn person(world: &World) -> (Resident, AccountId) {
    let person = resident(world).await;
    let account = account_of(&person).await;
    (person, account)
}

#[test]
fn four_10_2_two_people_of_the_operator_open_the_way_after_the_waiting_time() {
    on_both(|db| async {
        let world = World::new(db);
        let (person, account) = person(&world).await;
        let help = help(&world, account, false).await;
        let told = letters(&world, &visit()).await;
        for kind in ["assisted-recovery-asked", "assisted-recovery-approved"] {
            assert!(kinds(&told).contains(&(EMAIL, kind)), "{told:?}");
        }

        let early = come(&world, &visit().later(ALMOST), help.printed()).await;
        assert_eq!(early.err(), Some(RecoveryRefusal::TooEarly));
        let later = visit().later(WAIT + HOUR);
        let [first, second] = help.printed();
        let way = come(&world, &later, [second.to_lowercase(), first])
            .await
            .unwrap();
        assert_eq!(
            way.step().await,
            Some(Step::Password),
            "a certificate is not asked for"
        );
        let opened = way.complete().await.unwrap();
        assert!(world.session(&later, &person.secret).await.is_none(), "LNK-2");
        let session = world.session(&later, &opened.secret).await.unwrap();
        let review = world
            .read(&later, move |tx, rules, visit| {
                recovery::review(tx, rules, visit, &session)
            })
            .await
            .unwrap();
        assert!(!review.methods.is_empty(), "every way in is listed");
        let again = come(&world, &later, help.printed()).await;
        assert_eq!(again.err(), Some(RecoveryRefusal::HalvesWrong), "once");
    });
}

#[test]
fn rule_2_3_5_one_person_alone_recovers_nothing() {
    on_both(|db| async {
        let world = World::new(db);
        let (_, account) = person(&world).await;
        let (id, first) = ask(&world, account, false).await.unwrap();
        let alone = approve(&world, Officer::named("дана омарова").unwrap(), id).await;
        assert_eq!(alone.unwrap_err(), AssistedRefusal::SameOfficer);
        let later = visit().later(WAIT + HOUR);
        let half = come(&world, &later, [first.printed(), first.printed()]).await;
        assert_eq!(half.err(), Some(RecoveryRefusal::HalvesWrong));
        let twice = ask(&world, account, false).await;
        assert_eq!(twice.unwrap_err(), AssistedRefusal::AlreadyAsked);
        approve(&world, serik(), id).await.unwrap();
        let twice = approve(&world, serik(), id).await;
        assert_eq!(twice.unwrap_err(), AssistedRefusal::AlreadyApproved);
        let half = come(&world, &later, [first.printed(), String::new()]).await;
        assert_eq!(half.err(), Some(RecoveryRefusal::HalvesWrong));
    });
}

#[test]
fn four_10_2_whoever_holds_a_contact_stops_it_with_one_button() {
    on_both(|db| async {
        let world = World::new(db);
        let (_, account) = person(&world).await;
        let help = help(&world, account, false).await;
        let told = letters(&world, &visit()).await;
        let approved = told.iter().find_map(|letter| match &letter.notice {
            Notice::AssistedRecoveryApproved { link, .. } => Some(secret_in(link)),
            _ => None,
        });
        let link = approved.unwrap();
        let late = visit().later(ALMOST);
        let done = world
            .write(&late, move |tx, rules, visit| disown(tx, rules, visit, &link))
            .await;
        assert_eq!(done, Ok(Remedy::RecoveryStopped), "as long as it waits");
        let told = letters(&world, &late).await;
        assert_eq!(kinds(&told), [(EMAIL, "assisted-recovery-ended")]);
        let later = visit().later(WAIT + HOUR);
        let stopped = come(&world, &later, help.printed()).await;
        assert_eq!(stopped.err(), Some(RecoveryRefusal::HalvesWrong));
        let id = help.id;
        let gone = world
            .write(&later, move |tx, rules, visit| {
                recovery::cancel(tx, rules, visit, &serik(), id)
            })
            .await;
        assert_eq!(gone, Err(AssistedRefusal::NotFound));
    });
}

#[test]
fn four_10_2_stopped_while_the_person_chooses_a_password() {
    in_memory(|db| async {
        let world = World::new(db);
        let (_, account) = person(&world).await;
        let help = help(&world, account, false).await;
        let later = visit().later(WAIT + HOUR);
        let way = come(&world, &later, help.printed()).await.unwrap();
        let id = help.id;
        world
            .write(&later, move |tx, rules, visit| {
                recovery::cancel(tx, rules, visit, &dana(), id)
            })
            .await
            .unwrap();
        assert_eq!(way.complete().await.unwrap_err(), RecoveryRefusal::Gone);
    });
}

#[test]
fn pwd_8_the_second_factor_is_asked_for_unless_both_let_it_be_skipped() {
    in_memory(|db| async {
        let world = World::new(db);
        let owner = Owner::new(&world).await;
        let (seed, _) = owner.connect_app(&visit()).await;
        owner.confirm_email(EMAIL).await;
        let account = account_of(&owner.resident()).await;
        remove_certificate(&owner.resident()).await;
        let later = visit().later(WAIT + HOUR);

        let asked = help(&world, account, false).await;
        let mut way = come(&world, &later, asked.printed()).await.unwrap();
        assert!(matches!(way.step().await, Some(Step::Proof(_))));
        assert_eq!(way.complete().await.unwrap_err(), RecoveryRefusal::StepMissing);
        way.give_factor(SecondFactor::Totp, &code(&seed, later.now))
            .await
            .unwrap();
        way.complete().await.unwrap();

        let skipped = help(&world, account, true).await;
        let way = come(&world, &later, skipped.printed()).await.unwrap();
        assert_eq!(way.step().await, Some(Step::Password));
        let opened = way.complete().await.unwrap();
        let session = world.session(&later, &opened.secret).await.unwrap();
        let review = world
            .read(&later, move |tx, rules, visit| {
                recovery::review(tx, rules, visit, &session)
            })
            .await
            .unwrap();
        assert!(
            review.methods.iter().any(|method| method.is_suspect),
            "it stays until it is ticked"
        );
    });
}

#[test]
fn what_is_over_is_thrown_away_with_the_ended_sessions() {
    on_both(|db| async {
        let world = World::new(db);
        let (_, account) = person(&world).await;
        ask(&world, account, false).await.unwrap();
        let month = visit().later(WAIT + 40 * 24 * HOUR);
        assert!(world.read(&month, cleanup::is_due).await);
        let swept = world
            .write(&month, |tx, rules, visit| cleanup::sweep(tx, rules, visit, 100))
            .await;
        assert_eq!(swept.recoveries, 1);
        assert!(
            world
                .read(&month, |tx, _, visit| recovery::list(tx, visit))
                .await
                .is_empty()
        );
    });
}

#[test]
fn d_21_the_history_names_both_and_a_blocked_account_stays_shut() {
    in_memory(|db| async {
        let world = World::new(db);
        let (_, account) = person(&world).await;
        help(&world, account, false).await;
        let lines = world
            .read(&visit(), move |tx, _, _| audit::history(tx, account, 10))
            .await;
        let seen = format!("{lines:?}");
        for said in [
            "Дана Омарова",
            "Серик Ахметов",
            "удостоверение",
            "AssistedRecoveryApproved",
        ] {
            assert!(seen.contains(said), "{said}: {seen}");
        }
        world
            .write(&visit(), move |tx, _, visit| {
                tx.execute(
                    "update assisted_recovery set ended_at = $1",
                    db::params![visit.now],
                )?;
                account::block(tx, visit, account)
            })
            .await;
        let blocked = ask(&world, account, false).await;
        assert_eq!(blocked.unwrap_err(), AssistedRefusal::AccountBlocked);
    });
}
