use std::sync::Arc;
use std::time::Duration;

use cabinet::account;
use cabinet::binding;
use cabinet::sign_in::SignInRefusal;
use cabinet::{Newcomer, Secret};
use testkit::entry::World;
use testkit::pki::{Authority, aigul, askhat};
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn cms_1_cms_2_cms_3_the_challenge_names_product_purpose_site_account_time_browser_and_network() {
    in_memory(|db| async {
        let world = World::new(db);
        let challenge = world.challenge(&visit(), browser(1)).await;
        let nonce = challenge.nonce.expose();
        let expected = format!(
            "Kabinet/1 sign-in\nВход в личный кабинет\nСайт: kabinet.example\nУчётная запись: новая\n\
             Время: 22.11.2026 15:00 (UTC+05:00)\nБраузер: Chrome, Linux\nСеть: 192.0.2.0/24\nnonce: {nonce}\n"
        );
        assert_eq!(challenge.text, expected);
        assert_eq!(nonce.len() * 4, 256);
        let found = world.find(&visit(), browser(1), &challenge.nonce).await.unwrap();
        assert_eq!(found.text(), challenge.text);
    });
}

#[test]
fn cms_2_a_visitor_cannot_write_lines_of_the_challenge() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut visit = visit();
        visit.device = "robot\nnonce: 00\u{2028}x".to_owned();
        let text = world.challenge(&visit, browser(1)).await.text;
        assert_eq!(text.lines().count(), 8);
        assert_eq!(text.matches("nonce: ").count(), 2);
        assert!(text.contains("Браузер: robotnonce: 00"));
    });
}

#[test]
fn a_2_a_the_first_entry_makes_the_account_and_the_next_finds_it() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let first = world.enter(&visit(), browser(1), &key).await.unwrap();
        assert!(first.created);
        let second = world
            .enter(&visit().later(MINUTE), browser(1), &key)
            .await
            .unwrap();
        assert!(!second.created);
        assert_eq!(first.account, second.account);
        let profile = world
            .read(&visit(), move |tx, _, _| account::profile(tx, first.account))
            .await;
        assert_eq!(profile.name.to_string(), "СЕРИКОВ АСХАТ ҚАЙРАТҰЛЫ");
        assert_eq!(profile.person_ids[0].to_string(), "KZ:IIN:900101300007");
        assert_eq!(profile.person_ids.len(), 1);
    });
}

#[test]
fn cms_1_a_replay_is_refused() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let signed = world.answer(&visit(), browser(1), &key).await.unwrap();
        assert!(world.submit(&visit(), browser(1), &signed).await.is_ok());
        let again = world.submit(&visit(), browser(1), &signed).await;
        assert_eq!(again.unwrap_err(), SignInRefusal::ChallengeGone);
    });
}

#[test]
fn cms_1_race_1_of_20_parallel_replays_one_enters() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let signed = world.answer(&visit(), browser(1), &key).await.unwrap();
        let tries: Vec<_> = (0..20)
            .map(|_| {
                let (world, signed) = (world.clone(), signed.clone());
                tokio::spawn(async move { world.submit(&visit(), browser(1), &signed).await })
            })
            .collect();
        let mut entered = Vec::new();
        for attempt in tries {
            match attempt.await.unwrap() {
                Ok(opened) => entered.push(opened),
                Err(refusal) => assert_eq!(refusal, SignInRefusal::ChallengeGone),
            }
        }
        assert_eq!(entered.len(), 1);
        let session = world.session(&visit(), &entered[0].secret).await.unwrap();
        let sessions = world
            .read(&visit(), move |tx, rules, visit| {
                cabinet::session::list(tx, rules, visit, &session)
            })
            .await;
        assert_eq!(sessions.len(), 1);
    });
}

#[test]
fn race_1_of_20_parallel_first_entries_of_one_person_one_makes_the_account() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let mut answers = Vec::new();
        for _ in 0..20 {
            answers.push(world.answer(&visit(), browser(1), &key).await.unwrap());
        }
        let tries: Vec<_> = answers
            .into_iter()
            .map(|signed| {
                let world = world.clone();
                tokio::spawn(async move { world.submit(&visit(), browser(1), &signed).await.unwrap() })
            })
            .collect();
        let mut opened = Vec::new();
        for attempt in tries {
            opened.push(attempt.await.unwrap());
        }
        assert_eq!(opened.iter().filter(|opened| opened.created).count(), 1);
        assert!(opened.iter().all(|other| other.account == opened[0].account));
    });
}

#[test]
fn cms_1_a_challenge_belongs_to_its_browser_and_lives_five_minutes() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let nonce = world.challenge(&visit(), browser(1)).await.nonce;
        assert!(world.find(&visit(), browser(2), &nonce).await.is_none());
        assert!(
            world
                .find(&visit().later(5 * MINUTE), browser(1), &nonce)
                .await
                .is_none()
        );
        let other = Secret::new(&visit().entropy);
        assert!(world.find(&visit(), browser(1), &other).await.is_none());

        let signed = world.answer(&visit(), browser(1), &key).await.unwrap();
        let elsewhere = world.submit(&visit(), browser(2), &signed).await;
        assert_eq!(elsewhere.unwrap_err(), SignInRefusal::ChallengeGone);
        let late = world
            .submit(&visit().later(5 * MINUTE), browser(1), &signed)
            .await;
        assert_eq!(late.unwrap_err(), SignInRefusal::ChallengeGone);
        assert!(
            world
                .submit(&visit().later(4 * MINUTE), browser(1), &signed)
                .await
                .is_ok()
        );
    });
}

#[test]
fn cms_2_cms_4_only_the_stored_text_is_an_answer() {
    in_memory(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let now = esign::time::UnixTime(visit().now.as_seconds());
        let first = world.challenge(&visit(), browser(1)).await;
        let second = world.challenge(&visit(), browser(1)).await;
        for text in [
            second.text.clone(),
            first.text.replace("sign-in", "step-up"),
            first.text.replace('\n', "\r\n"),
        ] {
            let challenge = world.find(&visit(), browser(1), &first.nonce).await.unwrap();
            let cms = key.sign(text.as_bytes(), now);
            let verdict = challenge.verify(&cms, &world.trust, &visit(), esign::provider::native());
            assert_eq!(verdict.unwrap_err(), SignInRefusal::CmsContentMismatch);
        }
    });
}

#[test]
fn crt_1_a_namesake_with_another_number_is_another_account() {
    on_both(|db| async {
        let world = World::new(db);
        let mut namesake = askhat();
        namesake.iin = aigul().iin;
        let one = world
            .enter(&visit(), browser(1), &world.authority.issue(&askhat()))
            .await
            .unwrap();
        let two = world
            .enter(&visit(), browser(1), &world.authority.issue(&namesake))
            .await
            .unwrap();
        assert_ne!(one.account, two.account);
    });
}

#[test]
fn crt_1_a_certificate_without_a_number_is_nobodys() {
    on_both(|db| async {
        let world = World::new(db);
        world
            .enter(&visit(), browser(1), &world.authority.issue(&askhat()))
            .await
            .unwrap();
        let mut nobody = askhat();
        nobody.iin = None;
        let refused = world
            .enter(&visit(), browser(1), &world.authority.issue(&nobody))
            .await;
        assert_eq!(refused.unwrap_err(), SignInRefusal::CertificateNoPersonId);
    });
}

#[test]
fn crt_3_the_same_number_from_another_anchor_group_is_another_account() {
    on_both(|db| async {
        let register = Newcomer::Register;
        let mut world =
            World::new(db).with_rules(|rules| rules.sign_in.new_certificate.usual.newcomer = register);
        let other = Authority::new("ДРУГОЙ ЦЕНТР");
        let mute = Authority::new("ЦЕНТР БЕЗ ПРАВА НА ИИН");
        let mut silent = mute.group("silent");
        silent.person_ids.clear();
        let groups = vec![world.authority.group("main"), other.group("other"), silent];
        world.trust = Arc::new(esign::trust::TrustStore::new(groups));
        let one = world
            .enter(&visit(), browser(1), &world.authority.issue(&askhat()))
            .await
            .unwrap();
        let two = world
            .enter(&visit(), browser(1), &other.issue(&askhat()))
            .await
            .unwrap();
        assert_ne!(one.account, two.account);
        let refused = world.enter(&visit(), browser(1), &mute.issue(&askhat())).await;
        assert_eq!(refused.unwrap_err(), SignInRefusal::CertificateNoPersonId);
    });
}

#[test]
fn crt_4_a_renewed_certificate_opens_the_same_account() {
    on_both(|db| async {
        let world = World::new(db);
        let first = world
            .enter(&visit(), browser(1), &world.authority.issue(&askhat()))
            .await
            .unwrap();
        let renewed = world.authority.issue(&askhat());
        let second = world
            .enter(&visit().later(MINUTE), browser(1), &renewed)
            .await
            .unwrap();
        assert_eq!(first.account, second.account);
        assert!(!second.created);
        let list = world
            .read(&visit(), move |tx, rules, visit| {
                binding::list(tx, rules, visit.now, first.account)
            })
            .await;
        assert_eq!(list.len(), 2);
        assert_eq!(list[0].bound_by, binding::BoundBy::SamePersonId);
        assert_eq!(list[1].bound_by, binding::BoundBy::FirstEntry);
    });
}

#[test]
fn crt_4_one_number_that_fits_does_not_open_the_account_of_a_person_with_another() {
    const SNILS: &[u64] = &[1, 2, 643, 100, 3];
    const INN: &[u64] = &[1, 2, 643, 3, 131, 1, 1];
    on_both(|db| async {
        let mut world = World::new(db);
        let mut group = world.authority.group("main");
        group.profile = esign::profile::Profile::Ru;
        group.person_ids = ["RU:SNILS", "RU:INN"].map(|kind| kind.parse().unwrap()).to_vec();
        world.trust = Arc::new(esign::trust::TrustStore::new(vec![group]));
        let issue = |attributes: &[(&'static [u64], &'static str)]| {
            let mut person = askhat();
            person.attributes = attributes.to_vec();
            world.authority.issue(&person)
        };
        let own = issue(&[(SNILS, "11223344595"), (INN, "500100732259")]);
        let own = world.enter(&visit(), browser(1), &own).await.unwrap();
        let mixed = issue(&[(SNILS, "11223344595"), (INN, "526317984689")]);
        let refused = world.enter(&visit(), browser(1), &mixed).await;
        assert_eq!(refused.unwrap_err(), SignInRefusal::CertificatePersonIdDiffers);
        let fewer = issue(&[(INN, "500100732259")]);
        let fewer = world.enter(&visit(), browser(1), &fewer).await.unwrap();
        assert_eq!(fewer.account, own.account);
    });
}

#[test]
fn pwd_3_a_blocked_account_is_not_entered_and_is_left() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let opened = world.enter(&visit(), browser(1), &key).await.unwrap();
        let (account, secret) = (opened.account, opened.secret);
        world
            .write(&visit(), move |tx, _, visit| account::block(tx, visit, account))
            .await;
        assert!(world.session(&visit(), &secret).await.is_none());
        let refused = world.enter(&visit(), browser(1), &key).await;
        assert_eq!(refused.unwrap_err(), SignInRefusal::AccountBlocked);
        let renewed = world.authority.issue(&askhat());
        let refused = world.enter(&visit(), browser(1), &renewed).await;
        assert_eq!(refused.unwrap_err(), SignInRefusal::AccountBlocked);
        world
            .write(&visit(), move |tx, _, visit| account::unblock(tx, visit, account))
            .await;
        assert!(world.enter(&visit(), browser(1), &key).await.is_ok());
        assert!(world.session(&visit(), &secret).await.is_none());
    });
}

#[test]
fn a_5_a_b_2_outcomes_of_the_verifier_reach_the_person_by_their_codes() {
    in_memory(|db| async {
        let world = World::new(db);
        let mut expired = askhat();
        expired.years = [2024, 2025];
        let mut early = askhat();
        early.years = [2027, 2028];
        let mut signing = askhat();
        signing.purposes = vec![testkit::pki::EMAIL_PROTECTION];
        let stranger = Authority::new("ЧУЖОЙ").issue(&askhat());
        for (key, code) in [
            (world.authority.issue(&expired), "certificate.expired"),
            (world.authority.issue(&early), "certificate.not_yet_valid"),
            (world.authority.issue(&signing), "certificate.wrong_purpose"),
            (stranger, "certificate.unknown_issuer"),
        ] {
            let refused = world.enter(&visit(), browser(1), &key).await;
            assert_eq!(refused.unwrap_err().code(), code);
        }
    });
}
