use cabinet::sign_in::{self, SignInRefusal};
use testkit::entry::World;
use testkit::pki::askhat;
use testkit::storage::{in_memory, on_both};
use testkit::visit::{browser, visit};

use super::{IIN, PASSWORD, attempt, enter, person, set};

#[test]
fn a_2_a_both_ways_lead_to_one_account() {
    on_both(|db| async {
        let world = World::new(db);
        let (_, secret) = person(&world).await;
        let account = world.session(&visit(), &secret).await.unwrap().account;
        let opened = enter(&world, &visit(), " 900101 300007 ", PASSWORD, browser(2))
            .await
            .unwrap();
        assert_eq!(opened.account, account);
        assert!(world.session(&visit(), &opened.secret).await.is_some());
    });
}

#[test]
fn a_2_b_pwd_5_an_unknown_login_a_missing_password_and_a_wrong_one_are_answered_alike() {
    on_both(|db| async {
        let world = World::new(db);
        let wrong = enter(&world, &visit(), IIN, PASSWORD, browser(1))
            .await
            .unwrap_err();
        assert_eq!(wrong, SignInRefusal::PasswordWrong);
        world
            .enter(&visit(), browser(1), &world.authority.issue(&askhat()))
            .await
            .unwrap();
        let wrong = enter(&world, &visit(), IIN, PASSWORD, browser(1))
            .await
            .unwrap_err();
        assert_eq!(wrong, SignInRefusal::PasswordWrong);
        person(&world).await;
        for (login, password) in [
            (IIN, "верблюд-скрипка-47-облакО"),
            ("850615400026", PASSWORD),
            ("+77075555555", PASSWORD),
            ("nobody@example.kz", PASSWORD),
        ] {
            let wrong = enter(&world, &visit(), login, password, browser(1))
                .await
                .unwrap_err();
            assert_eq!(wrong, SignInRefusal::PasswordWrong, "{login}");
        }
    });
}

#[test]
fn a_2_d_a_login_that_nobody_can_have_is_told_apart_by_its_form_alone() {
    in_memory(|db| async {
        let world = World::new(db);
        for login in [
            "",
            "900101300008",
            "90010130000",
            "иванов",
            "a@",
            "'; drop table account; --",
        ] {
            let refused = attempt(&world, &visit(), login, PASSWORD).await.unwrap_err();
            assert_eq!(refused, SignInRefusal::LoginMalformed, "{login}");
        }
    });
}

#[test]
fn pwd_3_a_blocked_account_is_told_so_only_after_the_right_password() {
    in_memory(|db| async {
        let world = World::new(db);
        let (_, secret) = person(&world).await;
        let account = world.session(&visit(), &secret).await.unwrap().account;
        world
            .write(&visit(), move |tx, _, visit| {
                cabinet::account::block(tx, visit, account)
            })
            .await;
        let wrong = enter(&world, &visit(), IIN, "не тот пароль", browser(1)).await;
        assert_eq!(wrong.unwrap_err(), SignInRefusal::PasswordWrong);
        let right = enter(&world, &visit(), IIN, PASSWORD, browser(1)).await;
        assert_eq!(right.unwrap_err(), SignInRefusal::AccountBlocked);
    });
}

#[test]
fn race_1_a_password_changed_while_the_old_one_was_checked_does_not_enter() {
    on_both(|db| async {
        let world = World::new(db);
        let (_, secret) = person(&world).await;
        let checked = attempt(&world, &visit(), IIN, PASSWORD).await.unwrap();
        set(&world, &visit(), &secret, "другой-долгий-пароль-96-окно").await;
        let late = world
            .write(&visit(), move |tx, rules, visit| {
                sign_in::with_password(tx, rules, visit, browser(1), &checked)
            })
            .await;
        assert_eq!(late.unwrap_err(), SignInRefusal::PasswordWrong);
    });
}
