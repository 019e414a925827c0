//! Renewal ahead of time (D-8.f).

use std::sync::Arc;
use std::time::Duration;

use cabinet::binding::{self, BoundBy};
use cabinet::renewal::{self, RenewalId, RenewalRefusal, RenewalState};
use cabinet::session::Session;
use cabinet::sign_in::{self, CertificateEntry, ChallengePurpose};
use cabinet::{Newcomer, SamePersonId, Visit, WithoutPersonId};
use esign::certificate::Certificate;
use esign::provider;
use testkit::entry::{World, words};
use testkit::pki::{Key, Person, aigul, askhat};
use testkit::storage::{in_memory, on_both};
use testkit::visit::{Elsewhere, browser, visit};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Nothing is bound by a number alone.
fn world(db: db::Db) -> World {
    World::new(db).with_rules(|rules| {
        let usual = &mut rules.sign_in.new_certificate.usual;
        usual.same_person = SamePersonId::Prove;
        usual.newcomer = Newcomer::Register;
        usual.without_person_id = WithoutPersonId::Prove;
    })
}

async fn session_of(world: &World, visit: &Visit, key: &Key) -> Session {
    let opened = world.enter(visit, browser(1), key).await.unwrap();
    world.session(visit, &opened.secret).await.unwrap()
}

async fn offer(
    world: &World,
    visit: &Visit,
    session: &Session,
    successor: &Certificate,
) -> Result<(), RenewalRefusal> {
    let (trust, session, successor) = (world.trust.clone(), session.clone(), successor.clone());
    world
        .write(visit, move |tx, rules, visit| {
            renewal::offer(tx, rules, visit, &trust, &session, &successor)
        })
        .await
}

/// Signs the statement about the successor with this key.
async fn state(
    world: &World,
    visit: &Visit,
    session: &Session,
    successor: &Certificate,
    key: &Key,
) -> Result<RenewalId, RenewalRefusal> {
    let (asked, named) = (session.clone(), successor.clone());
    let challenge = world
        .write(visit, move |tx, rules, visit| {
            let purpose = ChallengePurpose::Renewal(&asked, &named);
            let nonce = sign_in::issue_challenge(tx, rules, visit, purpose, &words())?.nonce;
            sign_in::find_challenge(tx, rules, visit, purpose, &nonce)
        })
        .await
        .expect("the statement just written");
    assert!(challenge.text().starts_with("Kabinet/1 renewal\n"));
    let cms = key.answer(&challenge, visit);
    let signed = challenge
        .verify(&cms, &world.trust, visit, provider::native())
        .unwrap();
    let (signed, session) = (Arc::new(signed), session.clone());
    world
        .write(visit, move |tx, rules, visit| {
            renewal::make(tx, rules, visit, &session, &signed, &cms)
        })
        .await
}

#[test]
fn d_8_f_after_a_signed_statement_the_first_entry_needs_nothing_further() {
    on_both(|db| async {
        let world = world(db);
        let (old, new) = (world.authority.issue(&askhat()), world.authority.issue(&askhat()));
        let session = session_of(&world, &visit(), &old).await;
        offer(&world, &visit(), &session, new.certificate())
            .await
            .unwrap();
        let id = state(&world, &visit(), &session, new.certificate(), &old)
            .await
            .unwrap();
        // the old certificate ends; what was stated in its time counts
        let later = visit().later(DAY);
        let entered = world.enter(&later, browser(2), &new).await.unwrap();
        assert_eq!((entered.account, entered.created), (session.account, false));
        let account = session.account;
        let (ways, renewals, evidence) = world
            .read(&later, move |tx, rules, visit| {
                Ok((
                    binding::list(tx, rules, visit.now, account)?,
                    renewal::list(tx, account)?,
                    renewal::evidence(tx, account, id)?.unwrap(),
                ))
            })
            .await;
        assert_eq!(ways[0].bound_by, BoundBy::Renewal);
        assert!(matches!(renewals[0].state, RenewalState::Used { .. }));
        assert!(evidence.statement.contains("certificate-sha256: ") && !evidence.signature.is_empty());
    });
}

#[test]
fn d_8_f_a_statement_that_was_taken_back_or_whose_certificate_was_removed_counts_no_longer() {
    in_memory(|db| async {
        let world = world(db);
        let (old, new) = (world.authority.issue(&askhat()), world.authority.issue(&askhat()));
        let session = session_of(&world, &visit(), &old).await;
        offer(&world, &visit(), &session, new.certificate())
            .await
            .unwrap();
        let id = state(&world, &visit(), &session, new.certificate(), &old)
            .await
            .unwrap();
        let (owner, now) = (session.clone(), visit());
        let revoked = world.write(&now, move |tx, _, visit| renewal::revoke(tx, visit, &owner, id));
        revoked.await.unwrap();
        let signed = world.answer(&visit(), browser(2), &new).await.unwrap();
        let presented = world.present(&visit(), browser(2), &signed).await.unwrap();
        assert!(matches!(presented, CertificateEntry::Unknown(_)), "{presented:?}");
        let again = world.write(&now, move |tx, _, visit| renewal::revoke(tx, visit, &session, id));
        assert_eq!(again.await.unwrap_err(), RenewalRefusal::NotFound);
    });
}

#[test]
fn d_8_b_a_successor_of_another_person_is_refused_before_anything_is_signed() {
    in_memory(|db| async {
        let world = world(db);
        let old = world.authority.issue(&askhat());
        let session = session_of(&world, &visit(), &old).await;
        let hers = world.authority.issue(&aigul());
        let refused = offer(&world, &visit(), &session, hers.certificate()).await;
        assert_eq!(refused.unwrap_err(), RenewalRefusal::PersonIdDiffers);
        let stranger = world.authority.issue(&Person { iin: None, ..aigul() });
        let refused = offer(&world, &visit(), &session, stranger.certificate()).await;
        assert_eq!(refused.unwrap_err(), RenewalRefusal::NameDiffers);
        let refused = offer(&world, &visit(), &session, old.certificate()).await;
        assert_eq!(refused.unwrap_err(), RenewalRefusal::AlreadyBound);
        let ended = world.authority.issue(&Person {
            years: [2024, 2025],
            ..askhat()
        });
        let refused = offer(&world, &visit(), &session, ended.certificate()).await;
        assert_eq!(refused.unwrap_err(), RenewalRefusal::Expired);
    });
}

#[test]
fn d_8_f_a_statement_counts_for_the_certificate_that_it_names_and_by_the_key_of_the_account() {
    in_memory(|db| async {
        let world = world(db);
        let (old, other) = (world.authority.issue(&askhat()), world.authority.issue(&aigul()));
        session_of(&world, &visit(), &other).await;
        let session = session_of(&world, &visit(), &old).await;
        let (one, two) = (world.authority.issue(&askhat()), world.authority.issue(&askhat()));
        offer(&world, &visit(), &session, one.certificate())
            .await
            .unwrap();
        let refused = state(&world, &visit(), &session, two.certificate(), &old).await;
        assert_eq!(refused.unwrap_err(), RenewalRefusal::OfferGone);
        let refused = state(&world, &visit(), &session, one.certificate(), &other).await;
        assert_eq!(refused.unwrap_err(), RenewalRefusal::NotBound);
    });
}

#[test]
fn d_14_a_certificates_are_read_from_every_kind_of_file_and_private_keys_from_none() {
    let world = testkit::pki::Authority::new("ЦЕНТР");
    let key = world.issue(&askhat());
    let der = key.certificate().der();
    let base64 = data_encoding::BASE64.encode(der);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n");
    for file in [der, base64.as_bytes(), pem.as_bytes()] {
        assert_eq!(renewal::read_successor(file).unwrap().der(), der);
    }
    let authority = renewal::read_successor(world.certificate().der());
    assert_eq!(authority.unwrap_err(), RenewalRefusal::Authority);
    let pfx = [0x30, 0x07, 0x02, 0x01, 0x03, 0x30, 0x02, 0x05, 0x00];
    let encrypted = [0x30, 0x06, 0x30, 0x02, 0x05, 0x00, 0x04, 0x00];
    let bare = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for file in [pfx.as_slice(), &encrypted, bare] {
        assert_eq!(
            renewal::read_successor(file).unwrap_err(),
            RenewalRefusal::PrivateKey
        );
    }
    for file in [b"".as_slice(), b"not a certificate", &[0x30, 0x80]] {
        assert_eq!(
            renewal::read_successor(file).unwrap_err(),
            RenewalRefusal::NotACertificate
        );
    }
}
