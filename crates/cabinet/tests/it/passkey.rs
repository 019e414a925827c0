use std::time::Duration;

use cabinet::binding::{
    self, Assertion, AuthenticatorId, Kind, PasskeyChallenge, PasskeyRefusal, PasskeyUse, RemovalRefusal,
};
use cabinet::message::Notice;
use cabinet::organisation::{self, Entrance, Method, NewOrganisation, OfferedMethods, OrganisationCode};
use cabinet::session::{self, Remedy};
use cabinet::sign_in::{self, Entered, Opened};
use cabinet::{BrowserHash, Secret, Visit};
use testkit::entry::{World, opened};
use testkit::factor::{Device, VERIFIED};
use testkit::pki::aigul;
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

use crate::contact::resident::{letters, secret_in};
use crate::organisation::school;
use crate::second_factor::Owner;

const HERE: u64 = 1;

/// Adds a passkey in the owner's session.
async fn add(owner: &Owner, id: &[u8]) -> (Device, AuthenticatorId) {
    let user = owner.session(&visit()).await.account.as_bytes().to_vec();
    let device = Device::new(id, &user);
    let added = attest(owner, &device).await.unwrap();
    (device, added)
}

async fn attest(owner: &Owner, device: &Device) -> Result<AuthenticatorId, PasskeyRefusal> {
    let here = browser(HERE);
    let offer = owner
        .act(&visit(), move |tx, rules, visit, by| {
            binding::offer_passkey(tx, rules, visit, here, by)
        })
        .await;
    let made = device.attest(&offer.challenge);
    let bound = owner
        .act(&visit(), move |tx, rules, visit, by| {
            binding::bind_passkey(tx, rules, visit, here, by, "Ноутбук", &made)
        })
        .await;
    Ok(bound?.id)
}

async fn challenge(world: &World, visit: &Visit, from: BrowserHash) -> PasskeyChallenge {
    world
        .write(visit, move |tx, rules, visit| {
            binding::issue_passkey_challenge(tx, rules, visit, from, PasskeyUse::SignIn)
        })
        .await
}

async fn enter(
    world: &World,
    visit: &Visit,
    from: BrowserHash,
    assertion: &Assertion,
) -> Result<Opened, PasskeyRefusal> {
    let assertion = assertion.clone();
    let entered: Result<Entered, PasskeyRefusal> = world
        .write(visit, move |tx, rules, visit| {
            sign_in::with_passkey(tx, rules, visit, from, &assertion, None)
        })
        .await;
    entered.map(opened)
}

#[test]
fn pky_1_a_passkey_opens_its_account_and_each_answer_works_once() {
    on_both(|db| async {
        let owner = Owner::new(&World::new(db)).await;
        let (mut device, id) = add(&owner, b"laptop").await;
        let asked = challenge(&owner.world, &visit(), browser(5)).await;
        assert_eq!((asked.site.as_str(), asked.keys.len()), ("kabinet.example", 0));
        let answer = device.assert(&asked.challenge);
        let elsewhere = enter(&owner.world, &visit(), browser(6), &answer).await;
        assert_eq!(elsewhere.unwrap_err(), PasskeyRefusal::ChallengeGone);
        let opened = enter(&owner.world, &visit(), browser(5), &answer).await.unwrap();
        let session = owner.world.session(&visit(), &opened.secret).await.unwrap();
        assert_eq!(
            (session.account, session.authenticator),
            (owner.session(&visit()).await.account, id)
        );
        let replayed = enter(&owner.world, &visit(), browser(5), &answer).await;
        assert_eq!(replayed.unwrap_err(), PasskeyRefusal::ChallengeGone);
    });
}

type Lie = fn(&mut Device);

#[test]
fn pky_1_whatever_a_response_states_is_compared_with_what_was_asked() {
    in_memory(|db| async {
        let world = World::new(db);
        let owner = Owner::new(&world).await;
        let (_, _) = add(&owner, b"laptop").await;
        let user = owner.session(&visit()).await.account.as_bytes().to_vec();
        let lies: [(&str, Lie, PasskeyRefusal); 6] = [
            ("no verification", |d| d.flags = 0x01, PasskeyRefusal::NotVerified),
            ("no presence", |d| d.flags = 0x04, PasskeyRefusal::NotVerified),
            (
                "a copy of what has none",
                |d| d.flags = VERIFIED | 0x10,
                PasskeyRefusal::Malformed,
            ),
            (
                "another origin",
                |d| d.origin = "https://kabinet.example.evil".into(),
                PasskeyRefusal::WrongOrigin,
            ),
            (
                "another site",
                |d| d.site = "evil.example".into(),
                PasskeyRefusal::WrongOrigin,
            ),
            (
                "another algorithm",
                |d| d.algorithm = -8,
                PasskeyRefusal::UnsupportedAlgorithm,
            ),
        ];
        for (what, lie, refusal) in lies {
            let mut device = Device::new(what.as_bytes(), &user);
            lie(&mut device);
            assert_eq!(attest(&owner, &device).await.unwrap_err(), refusal, "{what}");
        }
        for (what, lie, refusal) in lies.into_iter().take(5) {
            let mut device = Device::new(what.as_bytes(), &user);
            attest(&owner, &device).await.unwrap();
            lie(&mut device);
            let asked = challenge(&world, &visit(), browser(5)).await;
            let answer = device.assert(&asked.challenge);
            let refused = enter(&world, &visit(), browser(5), &answer).await;
            assert_eq!(refused.unwrap_err(), refusal, "{what}");
        }
    });
}

#[test]
fn pky_1_type_challenge_owner_signature_and_counter_are_checked() {
    in_memory(|db| async {
        let world = World::new(db);
        let owner = Owner::new(&world).await;
        let (mut device, _) = add(&owner, b"laptop").await;
        let ask = || async { challenge(&world, &visit(), browser(5)).await.challenge };
        let refused = |answer: Assertion| {
            let world = world.clone();
            async move { enter(&world, &visit(), browser(5), &answer).await.unwrap_err() }
        };

        let wrong_type = device.assert_about(device.client_data("webauthn.create", &ask().await));
        assert_eq!(refused(wrong_type).await, PasskeyRefusal::Malformed);
        let invented = device.assert(&Secret::new(&visit().entropy));
        assert_eq!(refused(invented).await, PasskeyRefusal::ChallengeGone);
        let framed = String::from_utf8(device.client_data("webauthn.get", &ask().await)).unwrap();
        let framed = device.assert_about(framed.replace("false", "true").into_bytes());
        assert_eq!(refused(framed).await, PasskeyRefusal::WrongOrigin);
        let mut nameless = device.assert(&ask().await);
        nameless.user_handle = None;
        assert_eq!(refused(nameless).await, PasskeyRefusal::Unknown);
        let mut renamed = device.assert(&ask().await);
        renamed.user_handle = Some(vec![7; 16]);
        assert_eq!(refused(renamed).await, PasskeyRefusal::Unknown);
        let mut unknown = device.assert(&ask().await);
        unknown.credential_id = b"another".to_vec();
        assert_eq!(refused(unknown).await, PasskeyRefusal::Unknown);
        let mut changed = device.assert(&ask().await);
        *changed.signature.last_mut().unwrap() ^= 1;
        assert_eq!(refused(changed).await, PasskeyRefusal::SignatureInvalid);
        let mut longer = device.assert(&ask().await);
        longer.authenticator_data.push(0);
        assert_eq!(refused(longer).await, PasskeyRefusal::Malformed);

        device.counter = 10;
        let right = device.assert(&ask().await);
        assert!(enter(&world, &visit(), browser(5), &right).await.is_ok());
        device.counter = 10;
        let copied = device.assert(&ask().await);
        assert_eq!(refused(copied).await, PasskeyRefusal::CounterBack);
    });
}

#[test]
fn lnk_10_pky_1_a_key_belongs_to_one_account_for_ever() {
    in_memory(|db| async {
        let world = World::new(db);
        let owner = Owner::new(&world).await;
        let (device, id) = add(&owner, b"laptop").await;
        let again = attest(&owner, &device).await;
        assert_eq!(again.unwrap_err(), PasskeyRefusal::AlreadyBound);

        let key = world.authority.issue(&aigul());
        let secret = world.enter(&visit(), browser(HERE), &key).await.unwrap().secret;
        let secret = world.step_up(&visit(), &secret, &key).await.unwrap();
        let other = Owner {
            world: world.clone(),
            key,
            secret,
        };
        let theirs = attest(&other, &device).await;
        assert_eq!(theirs.unwrap_err(), PasskeyRefusal::AlreadyBound);

        // a passkey of somebody else makes no session stronger
        let session = other.session(&visit()).await;
        let (mut stranger, asked) = (device, session.clone());
        let challenge = world
            .write(&visit(), move |tx, rules, visit| {
                let asked = PasskeyUse::StepUp(&asked);
                binding::issue_passkey_challenge(tx, rules, visit, browser(HERE), asked)
            })
            .await;
        let answer = stranger.assert(&challenge.challenge);
        let grown = world
            .write(&visit(), move |tx, rules, visit| {
                session::step_up_with_passkey(tx, rules, visit, browser(HERE), &session, &answer)
            })
            .await;
        // and where a key is bound, it is the stronger way
        assert_eq!(grown.unwrap_err(), PasskeyRefusal::StrongerMethod);
        assert!(list(&owner).await.contains(&id));
    });
}

#[test]
fn ses_5_a_passkey_strengthens_no_session_that_added_it() {
    in_memory(|db| async {
        let world = World::new(db);
        let owner = Owner::new(&world).await;
        let (mut device, _) = add(&owner, b"laptop").await;
        // the key is no way in any more: the passkey is the strongest
        let later = visit().later(Duration::from_secs(10 * 365 * 24 * 3600));
        let asked = challenge(&world, &later, browser(5)).await;
        let answer = device.assert(&asked.challenge);
        let opened = enter(&world, &later, browser(5), &answer).await.unwrap();
        let secret = step_up(&world, &later, &opened.secret, &mut device)
            .await
            .unwrap();
        let owner = Owner {
            world: world.clone(),
            key: owner.key,
            secret,
        };
        let user = device.user.clone();
        let fresh = Device::new(b"phone", &user);
        let soon = later.later(Duration::from_secs(60));
        let offer = owner
            .act(&soon, |tx, rules, visit, by| {
                binding::offer_passkey(tx, rules, visit, browser(HERE), by)
            })
            .await;
        let made = fresh.attest(&offer.challenge);
        let bound = owner
            .act(&soon, move |tx, rules, visit, by| {
                binding::bind_passkey(tx, rules, visit, browser(HERE), by, "Телефон", &made)
            })
            .await;
        bound.unwrap();
        let mut fresh = fresh;
        let refused = step_up(&world, &soon, &owner.secret, &mut fresh).await;
        assert_eq!(refused.unwrap_err(), PasskeyRefusal::BoundInThisSession);
    });
}

async fn step_up(
    world: &World,
    visit: &Visit,
    secret: &Secret,
    device: &mut Device,
) -> Result<Secret, PasskeyRefusal> {
    let session = world.session(visit, secret).await.unwrap();
    let asked = session.clone();
    let challenge = world.write(visit, move |tx, rules, visit| {
        let asked = PasskeyUse::StepUp(&asked);
        binding::issue_passkey_challenge(tx, rules, visit, browser(5), asked)
    });
    let answer = device.assert(&challenge.await.challenge);
    world
        .write(visit, move |tx, rules, visit| {
            session::step_up_with_passkey(tx, rules, visit, browser(5), &session, &answer)
        })
        .await
}

#[test]
fn lnk_13_a_removed_passkey_ends_what_it_opened_and_opens_nothing_more() {
    on_both(|db| async {
        let world = World::new(db);
        let owner = Owner::new(&world).await;
        let (mut device, id) = add(&owner, b"laptop").await;
        let asked = challenge(&world, &visit(), browser(5)).await;
        let opened = enter(&world, &visit(), browser(5), &device.assert(&asked.challenge)).await;
        let opened = opened.unwrap();
        let removed = owner
            .act(&visit(), move |tx, rules, visit, by| {
                binding::remove(tx, rules, visit, by, id)
            })
            .await;
        assert_eq!(removed, Ok(()));
        assert!(world.session(&visit(), &opened.secret).await.is_none());
        let asked = challenge(&world, &visit(), browser(5)).await;
        let dead = enter(&world, &visit(), browser(5), &device.assert(&asked.challenge)).await;
        assert_eq!(dead.unwrap_err(), PasskeyRefusal::Unknown);
        let again = owner
            .act(&visit(), move |tx, rules, visit, by| {
                binding::remove(tx, rules, visit, by, id)
            })
            .await;
        assert_eq!(again, Err(RemovalRefusal::NotFound));
        assert!(!list(&owner).await.contains(&id));
    });
}

/// The passkeys of an owner.
async fn list(owner: &Owner) -> Vec<AuthenticatorId> {
    let account = owner.session(&visit()).await.account;
    let ways = owner
        .world
        .read(&visit(), move |tx, rules, visit| {
            binding::list(tx, rules, visit.now, account)
        })
        .await;
    ways.into_iter()
        .filter(|way| way.kind == Kind::Passkey)
        .map(|way| way.id)
        .collect()
}

#[test]
fn lnk_9_at_an_organisation_a_passkey_opens_where_it_is_offered() {
    in_memory(|db| async {
        let owner = Owner::new(&World::new(db)).await;
        let (mut device, _) = add(&owner, b"laptop").await;
        for offered in [Method::Passkey, Method::Password] {
            let is_offered = offered == Method::Passkey;
            let rows = [NewOrganisation {
                methods: OfferedMethods::new([offered]),
                ..school("lugovoe-30", "Сахалинская обл.", "Луговое", "МБОУ СОШ № 30")
            }];
            let organisation = owner
                .world
                .write(&visit(), move |tx, _, visit| {
                    organisation::import(tx, visit, &rows)?;
                    let code = OrganisationCode::parse("lugovoe-30").unwrap();
                    Ok(organisation::find_by_code(tx, &code)?.unwrap().id)
                })
                .await;
            let asked = challenge(&owner.world, &visit(), browser(5)).await;
            let answer = device.assert(&asked.challenge);
            let entrance = Entrance {
                organisation,
                method: Method::Passkey,
            };
            let entered = owner
                .world
                .write(&visit(), move |tx, rules, visit| {
                    sign_in::with_passkey(tx, rules, visit, browser(5), &answer, Some(&entrance))
                })
                .await;
            match entered {
                Ok(Entered::Opened(_)) => assert!(is_offered),
                refused => assert!(
                    !is_offered && matches!(refused, Err(PasskeyRefusal::NotOffered)),
                    "{refused:?}"
                ),
            }
        }
    });
}

#[test]
fn rule_6_not_me_said_of_a_new_passkey_removes_it_at_once_and_its_sheet() {
    on_both(|db| async {
        let world = World::new(db);
        let owner = Owner::new(&world).await;
        owner.confirm_email("askhat@example.kz").await;
        let (mut device, id) = add(&owner, b"stranger").await;
        let asked = challenge(&world, &visit(), browser(5)).await;
        let answer = device.assert(&asked.challenge);
        let stranger = enter(&world, &visit(), browser(5), &answer).await.unwrap();
        let told = letters(&world, &visit()).await;
        let link = told.iter().find_map(|letter| match &letter.notice {
            Notice::PasskeyBound { link, .. } => Some(secret_in(link)),
            _ => None,
        });
        let link = link.unwrap();
        let looked = link.clone();
        let promised = world
            .read(&visit(), move |tx, rules, visit| {
                session::disown_preview(tx, rules, visit, &looked)
            })
            .await;
        assert_eq!(promised.unwrap().remedy, Remedy::PasskeyRemoved);
        let taken = world
            .write(&visit(), move |tx, rules, visit| {
                session::disown(tx, rules, visit, &link)
            })
            .await;
        assert_eq!(taken, Ok(Remedy::PasskeyRemoved));
        assert!(world.session(&visit(), &stranger.secret).await.is_none());
        let asked = challenge(&world, &visit(), browser(5)).await;
        let again = enter(&world, &visit(), browser(5), &device.assert(&asked.challenge)).await;
        assert_eq!(again.unwrap_err(), PasskeyRefusal::Unknown);
        let opened = owner.enter(&visit(), browser(2)).await.unwrap();
        assert!(
            matches!(opened, Entered::Opened(_)),
            "no second step is left: {id}"
        );
    });
}
