//! ESIA: signed requests, pinned tokens, the person's data, against an emulator that checks what ESIA checks.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64URL_NOPAD;
use esign::time::UnixTime;
use remote::esia::{Esia, EsiaSettings, Permission, Signer};
use remote::http::{HttpClient, HttpSettings};
use remote::provider::{
    AuthorisationRequest, Callback, ClaimedName, Claims, ContactKind, Freshness, Label, Provider,
    ProviderFailure, ProviderSettings, Sent, TokenFault, Trusts,
};
use testkit::esia::{self as peer, CLIENT_ID, ISSUER, Identity, Mood};
use url::Url;

const NOW: i64 = 1_790_000_000;
const VERIFIER: &str = "a-verifier-of-forty-three-characters-at-least";
const STATE: &str = "b5f1c0a6-6f2e-4c39-9df0-6a1f1a6f2a11";

struct Pair {
    peer: peer::Esia,
    provider: Provider,
}

/// The emulator signs tokens as `theirs`; we sign requests with `ours`.
async fn pair(theirs: Identity, ours: Identity, registered: &Identity) -> Pair {
    let trusted = vec![theirs.certificate().clone()];
    let certificate = ours.certificate().clone();
    let signer = Signer::Key(Arc::new(ours.into_gost().unwrap()));
    let peer = peer::Esia::start(registered.certificate().clone(), theirs, NOW).await;
    let provider = provider(&peer, certificate, signer, trusted);
    Pair { peer, provider }
}

fn provider(
    peer: &peer::Esia,
    certificate: esign::certificate::Certificate,
    signer: Signer,
    trusted: Vec<esign::certificate::Certificate>,
) -> Provider {
    let http = HttpClient::new(&HttpSettings {
        internal_hosts: vec!["127.0.0.1".to_owned()],
        authorities: Vec::new(),
    });
    let esia = EsiaSettings {
        host: peer.host().parse().unwrap(),
        issuer: ISSUER.to_owned(),
        client_id: CLIENT_ID.to_owned(),
        scopes: ["fullname", "snils", "inn", "email", "mobile"]
            .map(str::to_owned)
            .to_vec(),
        organisation_scopes: Vec::new(),
        permissions: vec![consent()],
        certificate,
        signer,
        trusted,
    };
    let settings = ProviderSettings {
        required_assurance: vec!["confirmed".to_owned()],
        trusts: Trusts {
            email: true,
            phone: true,
        },
        states: vec!["RU:SNILS".parse().unwrap()],
        ..ProviderSettings::new("esia".parse().unwrap(), Label::everywhere("Госуслуги"))
    };
    let now = Arc::new(|| UnixTime(NOW));
    Provider::esia(settings, Esia::new(esia, http.unwrap(), now))
}

fn consent() -> Permission {
    Permission {
        name: "CABINET".to_owned(),
        responsible: Some("Управление образования".to_owned()),
        minutes: Some(60),
        actions: vec!["ALL_ACTIONS_TO_DATA".to_owned()],
        purposes: vec!["SIGN_IN".to_owned(), "CONTACTS".to_owned()],
        scopes: vec!["fullname".to_owned(), "snils".to_owned()],
    }
}

fn redirect_uri() -> Url {
    "https://cabinet.example/sign-in/provider/esia/callback"
        .parse()
        .unwrap()
}

impl Pair {
    async fn go(&self, freshness: Freshness) -> Result<Claims, ProviderFailure> {
        let request = AuthorisationRequest {
            state: STATE.to_owned(),
            nonce: "ESIA has none".to_owned(),
            code_challenge: BASE64URL_NOPAD.encode(digest(&SHA256, VERIFIER.as_bytes()).as_ref()),
            redirect_uri: redirect_uri(),
            language: "ru",
            freshness,
        };
        let to = self.provider.authorise(&request).await?;
        let back = self.peer.come_back(&to);
        assert_eq!(back["state"], STATE);
        let of = |name: &str| back.get(name).cloned();
        let callback = Callback::new(of("code"), of("error"), of("error_description"), of("iss"))?;
        let sent = Sent {
            state: STATE.to_owned(),
            nonce: request.nonce,
            code_verifier: VERIFIER.to_owned(),
            redirect_uri: redirect_uri(),
            freshness,
        };
        self.provider.claims(callback, &sent).await
    }

    async fn in_mood(&self, mood: Mood) -> ProviderFailure {
        self.peer.moods(&[mood]);
        let refused = self.go(Freshness::Any).await;
        self.peer.moods(&[]);
        assert!(refused.is_err(), "{mood:?} was believed");
        refused.unwrap_err()
    }
}

#[tokio::test]
async fn a_person_of_esia_is_known_by_number_name_and_contacts() {
    for theirs in [Identity::rsa(), Identity::gost(9)] {
        let pair = pair(theirs, Identity::gost(3), &Identity::gost(3)).await;
        let claims = pair.go(Freshness::Since(UnixTime(NOW))).await.unwrap();
        assert_eq!(
            (claims.issuer.as_str(), claims.subject.as_str()),
            (ISSUER, "1000299")
        );
        assert!(matches!(claims.name, Some(ClaimedName::Parts { surname, .. }) if surname == "Ковалёва"));
        let ids: Vec<String> = claims.person_ids.iter().map(ToString::to_string).collect();
        assert_eq!(
            ids,
            ["RU:SNILS:11223344595"],
            "the configuration lets it state no INN"
        );
        let contacts: Vec<_> = claims
            .contacts
            .iter()
            .map(|it| (it.kind, it.value.as_str(), it.is_verified))
            .collect();
        assert_eq!(
            contacts,
            [
                (ContactKind::Email, "irina@example.ru", true),
                (ContactKind::Phone, "+79161234567", false)
            ]
        );
        let end = pair
            .provider
            .end_session(&"https://cabinet.example/".parse().unwrap());
        let end = end.unwrap();
        assert_eq!(
            (end.path(), end.query()),
            (
                "/idp/ext/Logout",
                Some("client_id=CABINET01&redirect_url=https%3A%2F%2Fcabinet.example%2F")
            )
        );
    }
}

#[tokio::test]
async fn oidc_5_a_token_of_esia_is_checked_like_any_other() {
    let pair = pair(Identity::rsa(), Identity::gost(3), &Identity::gost(3)).await;
    for (mood, fault) in [
        (Mood::StrangeSigner, TokenFault::Signature),
        (Mood::OtherIssuer, TokenFault::Issuer),
        (Mood::OtherAudience, TokenFault::Audience),
        (Mood::Expired, TokenFault::Expired),
    ] {
        assert_eq!(pair.in_mood(mood).await, fault.into(), "{mood:?}");
    }
    assert_eq!(pair.in_mood(Mood::OtherState).await.code(), "provider.unusable");
    assert_eq!(
        pair.in_mood(Mood::OtherPerson).await,
        ProviderFailure::OtherPerson
    );
    assert!(pair.go(Freshness::Any).await.is_ok());
    let later = UnixTime(NOW + 3600);
    assert_eq!(
        pair.go(Freshness::Since(later)).await,
        Err(ProviderFailure::NotFresh)
    );
}

#[tokio::test]
async fn oidc_8_an_account_that_is_not_confirmed_does_not_let_in() {
    let pair = pair(Identity::rsa(), Identity::gost(3), &Identity::gost(3)).await;
    assert_eq!(pair.in_mood(Mood::Unconfirmed).await, ProviderFailure::TooWeak);
}

#[tokio::test]
async fn oidc_8_a_proof_of_before_is_refused_until_the_person_has_signed_out_there() {
    let pair = pair(Identity::rsa(), Identity::gost(3), &Identity::gost(3)).await;
    let now = Freshness::Since(UnixTime(NOW));
    for mood in [Mood::OldProof, Mood::NoProofTime] {
        pair.peer.moods(&[mood]);
        assert_eq!(pair.go(now).await, Err(ProviderFailure::NotFresh), "{mood:?}");
        assert!(
            pair.go(Freshness::Any).await.is_ok(),
            "to enter it is enough: {mood:?}"
        );
    }
    pair.peer.moods(&[Mood::OldProof]);
    let home = "https://cabinet.example/step-up".parse().unwrap();
    let left = pair.provider.end_session(&home).unwrap();
    assert_eq!(pair.peer.sign_out(&left), home);
    assert!(pair.go(now).await.is_ok());
}

#[tokio::test]
async fn a_person_is_asked_for_consent_and_may_withhold_it() {
    let pair = pair(Identity::rsa(), Identity::gost(3), &Identity::gost(3)).await;
    pair.go(Freshness::Any).await.unwrap();
    assert_eq!(
        pair.peer.permissions(),
        serde_json::json!([{
            "sysname": "CABINET", "responsibleObject": "Управление образования", "expire": 60,
            "actions": [{"sysname": "ALL_ACTIONS_TO_DATA"}],
            "purposes": [{"sysname": "SIGN_IN"}, {"sysname": "CONTACTS"}],
            "scopes": [{"sysname": "fullname"}, {"sysname": "snils"}],
        }])
    );
    let refused = pair.in_mood(Mood::RefusesEntry("ESIA-007004: отказ")).await;
    assert_eq!(refused, ProviderFailure::Declined);
    pair.peer.moods(&[Mood::Withheld]);
    let claims = pair.go(Freshness::Any).await.unwrap();
    assert_eq!((claims.subject.as_str(), claims.name), ("1000299", None));
    assert!(claims.person_ids.is_empty() && claims.contacts.is_empty());
    assert_eq!(
        claims.assurance.as_deref(),
        Some("confirmed"),
        "the token says so"
    );
}

#[tokio::test]
async fn each_refusal_of_esia_has_its_code() {
    let pair = pair(Identity::rsa(), Identity::gost(3), &Identity::gost(3)).await;
    for (mood, code) in [
        (Mood::RefusesEntry("ESIA-007004: отказ"), "provider.declined"),
        (
            Mood::RefusesEntry("ESIA-007055: не подтверждена"),
            "provider.too_weak",
        ),
        (
            Mood::RefusesEntry("ESIA-007046: второй фактор"),
            "provider.second_factor",
        ),
        (Mood::RefusesEntry("ESIA-007194: роль"), "provider.wrong_role"),
        (Mood::RefusesExchange("ESIA-007011: код"), "provider.code_spent"),
        (Mood::RefusesExchange("ESIA-007015: время"), "provider.clock"),
        (
            Mood::RefusesExchange("ESIA-007008: перегрузка"),
            "provider.unreachable",
        ),
    ] {
        assert_eq!(pair.in_mood(mood).await.code(), code, "{mood:?}");
    }
}

#[tokio::test]
async fn esia_knows_a_system_by_its_certificate_and_key() {
    let stranger = pair(Identity::rsa(), Identity::gost(3), &Identity::gost(4)).await;
    let refused = stranger.go(Freshness::Any).await.unwrap_err().to_string();
    assert!(refused.contains("ESIA-007002"), "{refused}");
    let theirs = Identity::rsa();
    let trusted = vec![theirs.certificate().clone()];
    let registered = Identity::gost(3).certificate().clone();
    let peer = peer::Esia::start(registered.clone(), theirs, NOW).await;
    let wrong_key = Signer::Key(Arc::new(Identity::gost(5).into_gost().unwrap()));
    let provider = provider(&peer, registered, wrong_key, trusted);
    let refused = Pair { peer, provider }
        .go(Freshness::Any)
        .await
        .unwrap_err()
        .to_string();
    assert!(refused.contains("ESIA-007053"), "{refused}");
}

#[tokio::test]
async fn a_command_may_sign_and_its_failure_is_told() {
    let ours = Identity::gost(3);
    let certificate = ours.certificate().clone();
    let peer = peer::Esia::start(certificate.clone(), Identity::rsa(), NOW).await;
    for (script, code) in [
        // a signature of the right length that is wrong: it went through to ESIA
        ("cat >/dev/null; head -c 64 /dev/zero", "ESIA-007053"),
        ("cat >/dev/null; head -c 63 /dev/zero", "could not be signed"),
        ("exit 1", "could not be signed"),
    ] {
        let signer = Signer::Command {
            program: "/bin/sh".into(),
            arguments: vec!["-c".to_owned(), script.to_owned()],
        };
        let provider = provider(&peer, certificate.clone(), signer, Vec::new());
        let pair = Pair {
            peer: peer::Esia::start(certificate.clone(), Identity::rsa(), NOW).await,
            provider,
        };
        let refused = pair.go(Freshness::Any).await.unwrap_err().to_string();
        assert!(refused.contains(code), "{script}: {refused}");
    }
}
