//! Keys that answer the server: certificates shown at the door, signatures brought by a phone.

use std::sync::Arc;
use std::time::Duration;

use cabinet::sign_in::{
    self, ChallengePurpose, Evidence as _, Onward, PhonePage, PhoneState, Presented, SignInRefusal,
};
use cabinet::{BrowserHash, Secret, Visit};
use esign::provider;
use testkit::entry::{World, entered, words};
use testkit::pki::{Key, askhat};
use testkit::storage::on_both;
use testkit::visit::{Elsewhere as _, browser, visit};

async fn shown(world: &World, key: &Key, by: BrowserHash) -> Secret {
    let chain = vec![key.certificate().der().to_vec()];
    world
        .write(&visit(), move |tx, rules, visit| {
            let (purpose, onward) = (ChallengePurpose::SignIn(by), Onward::default());
            let way = sign_in::send_for_certificate(tx, rules, visit, by, purpose, onward)?;
            let shown = sign_in::present_certificate(tx, rules, visit, &way, &chain)?.unwrap();
            assert!(
                sign_in::present_certificate(tx, rules, visit, &way, &chain)?.is_none(),
                "a way is gone once"
            );
            Ok(shown.secret)
        })
        .await
}

async fn find(world: &World, visit: &Visit, by: BrowserHash, secret: &Secret) -> Option<Presented> {
    let secret = secret.clone();
    world
        .read(visit, move |tx, rules, visit| {
            sign_in::find_presented(tx, rules, visit, by, ChallengePurpose::SignIn(by), &secret)
        })
        .await
}

#[test]
fn prx_3_what_was_shown_opens_one_session_in_one_browser() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let secret = shown(&world, &key, browser(1)).await;
        assert!(find(&world, &visit(), browser(2), &secret).await.is_none());
        let late = visit().later(Duration::from_mins(5));
        assert!(find(&world, &late, browser(1), &secret).await.is_none());
        let presented = find(&world, &visit(), browser(1), &secret).await.unwrap();
        let proof = presented.verify(&world.trust, &visit(), provider::native());
        let proof = Arc::new(proof.unwrap());
        let enter = async |by: BrowserHash| {
            let proof = proof.clone();
            world
                .write(&visit(), move |tx, rules, visit| {
                    sign_in::with_certificate(tx, rules, visit, by, &proof, None)
                })
                .await
        };
        let stolen = enter(browser(2)).await;
        assert_eq!(stolen.map(entered).unwrap_err(), SignInRefusal::ChallengeGone);
        assert!(entered(enter(browser(1)).await.unwrap()).created);
        let again = enter(browser(1)).await;
        assert_eq!(again.map(entered).unwrap_err(), SignInRefusal::ChallengeGone);
    });
}

async fn page(world: &World, by: BrowserHash, secret: &Secret) -> Option<PhonePage> {
    let secret = secret.clone();
    world
        .read(&visit(), move |tx, rules, visit| {
            sign_in::find_phone_page(tx, rules, visit, by, ChallengePurpose::SignIn(by), &secret)
        })
        .await
}

#[test]
fn cms_1_a_phone_brings_one_signature_to_one_browser() {
    on_both(|db| async {
        let world = World::new(db);
        let key = world.authority.issue(&askhat());
        let by = browser(1);
        let secret = world
            .write(&visit(), move |tx, rules, visit| {
                let (purpose, onward) = (ChallengePurpose::SignIn(by), Onward::default());
                sign_in::offer_to_phone(tx, rules, visit, by, purpose, &words(), onward)
            })
            .await;
        assert!(page(&world, browser(2), &secret).await.is_none());
        let phone = page(&world, by, &secret).await.unwrap().phone;
        let fetched = phone.clone();
        let errand = world
            .read(&visit(), move |tx, rules, visit| {
                sign_in::find_phone_errand(tx, rules, visit, &fetched)
            })
            .await
            .unwrap();
        let at = esign::time::UnixTime(visit().now.as_seconds());
        let cms = key.sign(errand.text.as_bytes(), at);
        assert_eq!(
            errand.check(b"no cms", &world.trust, &visit(), provider::native()),
            Err(SignInRefusal::CmsMalformed)
        );
        errand
            .check(&cms, &world.trust, &visit(), provider::native())
            .unwrap();
        let bring = async |checked: Result<Vec<u8>, SignInRefusal>| {
            let (phone, errand) = (phone.clone(), errand.clone());
            world
                .write(&visit(), move |tx, rules, visit| {
                    let checked = checked.as_deref().map_err(|refusal| *refusal);
                    sign_in::bring_signature(tx, rules, visit, &phone, &errand, checked)
                })
                .await
        };
        bring(Err(SignInRefusal::CertificateExpired)).await.unwrap();
        let state = page(&world, by, &secret).await.unwrap().state;
        assert!(matches!(
            state,
            PhoneState::Refused(SignInRefusal::CertificateExpired)
        ));
        bring(Ok(cms.clone())).await.unwrap();
        bring(Ok(cms)).await.unwrap_err();
        let PhoneState::Signed(answer) = page(&world, by, &secret).await.unwrap().state else {
            panic!("nothing was brought");
        };
        let proof = answer.verify(&world.trust, &visit(), provider::native());
        let proof = Arc::new(proof.unwrap());
        let entry = world
            .write(&visit(), move |tx, rules, visit| {
                sign_in::with_certificate(tx, rules, visit, by, &proof, None)
            })
            .await;
        assert!(entered(entry.unwrap()).created);
        assert!(
            page(&world, by, &secret).await.is_none(),
            "its challenge is used up"
        );
    });
}
