//! Tickets of a Windows domain: against a real KDC of MIT Kerberos. Built with the feature `kerberos` alone.

use data_encoding::BASE64;
use remote::kerberos::{Kerberos, KerberosProblem, KerberosSettings};
use remote::provider::{Label, Offered, Provider, ProviderFailure, ProviderSettings};
use testkit::kerberos::{REALM, Realm, SERVICE};

fn settings(realm: &Realm) -> KerberosSettings {
    KerberosSettings {
        service: SERVICE.parse().unwrap(),
        keytab: realm.keytab(),
        realms: Vec::new(),
    }
}

fn provider(settings: KerberosSettings) -> Provider {
    let about = ProviderSettings {
        offered: Offered::ByOrganisation,
        ..ProviderSettings::new("windows".parse().unwrap(), Label::everywhere("Windows"))
    };
    Provider::kerberos(about, Kerberos::new(settings).unwrap())
}

fn decoded(token: &str) -> Vec<u8> {
    BASE64.decode(token.as_bytes()).unwrap()
}

#[tokio::test]
async fn b_7_c_a_ticket_says_who_it_is_and_gets_our_own_proof() {
    let Some(realm) = Realm::start(&["alice"]) else {
        return;
    };
    let known = provider(settings(&realm));
    let token = realm.token(&realm.sign_in("alice"), "localhost");
    let accepted = known.claims_by_ticket(decoded(&token)).await.unwrap();
    assert_eq!(accepted.claims.issuer, REALM);
    assert_eq!(accepted.claims.subject, "alice@TEST.LOCAL");
    assert_eq!(
        accepted.claims.authenticated_at, None,
        "a ticket is no fresh proof"
    );
    assert!(
        accepted.reply.is_some_and(|reply| !reply.is_empty()),
        "mutual authentication"
    );
}

#[tokio::test]
async fn spn_1_a_ticket_is_good_once_for_this_service_and_of_a_person() {
    let Some(realm) = Realm::start(&["alice", "alice/admin", "desk$"]) else {
        return;
    };
    let known = provider(settings(&realm));
    let alice = realm.sign_in("alice");
    let token = decoded(&realm.token(&alice, "localhost"));
    known.claims_by_ticket(token.clone()).await.unwrap();
    let again = known.claims_by_ticket(token).await;
    assert!(
        matches!(again, Err(ProviderFailure::NoTicket(_))),
        "replay: {again:?}"
    );

    let other = decoded(&realm.token(&alice, "other"));
    let refused = known.claims_by_ticket(other).await;
    assert!(
        matches!(refused, Err(ProviderFailure::NoTicket(_))),
        "another service: {refused:?}"
    );

    for nobody in ["alice/admin", "desk$"] {
        let token = decoded(&realm.token(&realm.sign_in(nobody), "localhost"));
        let refused = known.claims_by_ticket(token).await;
        assert!(
            matches!(refused, Err(ProviderFailure::NoTicket(_))),
            "{nobody}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn spn_1_a_stranger_to_the_realm_and_a_broken_ticket_are_nobody() {
    let (Some(realm), Some(other)) = (Realm::start(&["alice"]), Realm::start(&["alice"])) else {
        return;
    };
    let known = provider(settings(&realm));
    let foreign = decoded(&other.token(&other.sign_in("alice"), "localhost"));
    let mut broken = decoded(&realm.token(&realm.sign_in("alice"), "localhost"));
    let last = broken.len() - 1;
    broken[last] ^= 1;
    let ntlm = decoded("TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKAO5CAAAADw==");
    for ticket in [
        foreign,
        broken,
        ntlm,
        Vec::new(),
        vec![0x60],
        vec![0x60; 49 * 1024],
    ] {
        let refused = known.claims_by_ticket(ticket).await;
        assert!(
            matches!(refused, Err(ProviderFailure::NoTicket(_))),
            "{refused:?}"
        );
    }
    let elsewhere = provider(KerberosSettings {
        realms: vec!["OTHER.LOCAL".to_owned()],
        ..settings(&realm)
    });
    let token = decoded(&realm.token(&realm.sign_in("alice"), "localhost"));
    let refused = elsewhere.claims_by_ticket(token).await;
    assert!(
        matches!(refused, Err(ProviderFailure::NoTicket(_))),
        "{refused:?}"
    );
}

#[test]
fn spn_1_a_keytab_of_another_service_is_refused_at_the_start() {
    let Some(realm) = Realm::start(&[]) else { return };
    let service = "HTTP/cabinet@TEST.LOCAL".parse().unwrap();
    let refused = Kerberos::new(KerberosSettings {
        service,
        ..settings(&realm)
    });
    assert!(matches!(refused.err(), Some(KerberosProblem::OtherService(_))));
}
