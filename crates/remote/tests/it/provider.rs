//! OIDC-3 to OIDC-8: what an honest provider says is taken, and no lie is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use esign::time::UnixTime;
use remote::http::{HttpClient, HttpSettings};
use remote::oidc::{Algorithms, ClaimMapping, ClientProof, ClientSecret, OidcSettings, RelyingParty};
use remote::provider::{
    AuthorisationRequest, Callback, ClaimedName, Claims, ContactKind, Freshness, Label, Provider,
    ProviderFailure, ProviderSettings, Sent, TokenFault, Trusts,
};
use testkit::provider::{self as peer, Algorithm, CLIENT_ID, CLIENT_SECRET, Lie, Return};
use url::Url;

const NOW: i64 = 1_790_000_000;
/// And its S256 challenge, from RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// A provider and us.
struct Pair {
    peer: peer::Provider,
    provider: Provider,
    clock: Arc<AtomicI64>,
}

#[derive(Default)]
struct Wishes {
    required_assurance: Vec<String>,
    trusts: Trusts,
    algorithms: Algorithms,
}

async fn pair(wishes: Wishes) -> Pair {
    let peer = peer::Provider::start(NOW).await;
    let clock = Arc::new(AtomicI64::new(NOW));
    let http = HttpClient::new(&HttpSettings {
        internal_hosts: vec!["127.0.0.1".to_owned()],
        authorities: Vec::new(),
    });
    let mapping = ClaimMapping {
        person_ids: [("KZ:IIN".parse().unwrap(), "iin".to_owned())].into(),
        ..ClaimMapping::default()
    };
    let oidc = OidcSettings {
        client_proof: Some(ClientProof::Secret(ClientSecret::new(CLIENT_SECRET.to_owned()))),
        scopes: vec!["profile".to_owned()],
        algorithms: wishes.algorithms,
        mapping,
        ..OidcSettings::new(peer.issuer().parse().unwrap(), CLIENT_ID)
    };
    let settings = ProviderSettings {
        required_assurance: wishes.required_assurance,
        trusts: wishes.trusts,
        states: vec!["KZ:IIN".parse().unwrap()],
        ..ProviderSettings::new("city".parse().unwrap(), Label::everywhere("Город"))
    };
    let now = clock.clone();
    let now = Arc::new(move || UnixTime(now.load(Ordering::SeqCst)));
    Pair {
        provider: Provider::oidc(settings, RelyingParty::new(oidc, http.unwrap(), now)),
        peer,
        clock,
    }
}

fn request(freshness: Freshness) -> AuthorisationRequest {
    let challenge = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, VERIFIER.as_bytes());
    AuthorisationRequest {
        state: "the state".to_owned(),
        nonce: "the nonce".to_owned(),
        code_challenge: BASE64URL_NOPAD.encode(challenge.as_ref()),
        redirect_uri: redirect_uri(),
        language: "kk",
        freshness,
    }
}

fn redirect_uri() -> Url {
    "https://cabinet.example/sign-in/provider/city/callback"
        .parse()
        .unwrap()
}

fn sent(freshness: Freshness) -> Sent {
    Sent {
        state: "the state".to_owned(),
        nonce: "the nonce".to_owned(),
        code_verifier: VERIFIER.to_owned(),
        redirect_uri: redirect_uri(),
        freshness,
    }
}

fn callback(returned: Return) -> Callback {
    let (code, error) = match returned.answer {
        Ok(code) => (Some(code), None),
        Err(error) => (None, Some(error)),
    };
    Callback::new(code, error, None, returned.issuer).unwrap()
}

impl Pair {
    /// Goes there and comes back.
    async fn go(&self, freshness: Freshness) -> Result<Claims, ProviderFailure> {
        let to = self.provider.authorise(&request(freshness)).await?;
        let returned = self.peer.come_back(&to);
        self.provider.claims(callback(returned), &sent(freshness)).await
    }

    async fn buy(&self, returned: &Return) -> Result<Claims, ProviderFailure> {
        let sent = sent(Freshness::Any);
        self.provider.claims(callback(returned.clone()), &sent).await
    }

    async fn lied_to(&self, lie: Lie) -> ProviderFailure {
        self.peer.lie(&[lie]);
        let refused = self.go(Freshness::Any).await;
        self.peer.lie(&[]);
        assert!(refused.is_err(), "{lie:?} was believed");
        refused.unwrap_err()
    }
}

#[tokio::test]
async fn an_honest_provider_is_believed() {
    let wishes = Wishes {
        trusts: Trusts {
            email: true,
            phone: false,
        },
        required_assurance: vec!["high".to_owned()],
        ..Wishes::default()
    };
    let pair = pair(wishes).await;
    for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
        pair.peer.sign_by(algorithm);
        let claims = pair.go(Freshness::Since(UnixTime(NOW))).await.unwrap();
        assert_eq!(
            (claims.issuer.as_str(), claims.subject.as_str()),
            (pair.peer.issuer(), "alice")
        );
        let name = ClaimedName::Parts {
            surname: "Ковалёва".to_owned(),
            given_name: "Ирина".to_owned(),
            patronymic: Some("Сергеевна".to_owned()),
        };
        assert_eq!(claims.name, Some(name));
        assert_eq!(claims.person_ids[0].to_string(), "KZ:IIN:910712401035");
        let contacts: Vec<_> = claims
            .contacts
            .iter()
            .map(|it| (it.kind, it.is_verified))
            .collect();
        assert_eq!(
            contacts,
            [(ContactKind::Email, true), (ContactKind::Phone, false)],
            "LNK-5: the provider's word on phones does not count here"
        );
        assert_eq!(claims.authenticated_at, Some(UnixTime(NOW)));
    }
    assert_eq!(pair.peer.connections(), 1, "connections are kept");
    assert_eq!(pair.peer.asked("/keys"), 1, "keys are kept");
    let end = pair
        .provider
        .end_session(&"https://cabinet.example/".parse().unwrap());
    assert!(
        end.unwrap()
            .as_str()
            .starts_with(&format!("{}/end?client_id=", pair.peer.issuer()))
    );
}

#[tokio::test]
async fn oidc_3_the_request_carries_pkce_nonce_state_and_its_own_address() {
    let wishes = Wishes {
        required_assurance: vec!["high".to_owned(), "higher".to_owned()],
        ..Wishes::default()
    };
    let pair = pair(wishes).await;
    let to = pair
        .provider
        .authorise(&request(Freshness::Since(UnixTime(NOW))))
        .await;
    let query: Vec<(String, String)> = to.unwrap().query_pairs().into_owned().collect();
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "kabinet"),
        ("redirect_uri", redirect_uri().as_str()),
        ("scope", "openid profile"),
        ("state", "the state"),
        ("nonce", "the nonce"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
        ("acr_values", "high higher"),
        ("ui_locales", "kk"),
        ("prompt", "login"),
        ("max_age", "0"),
    ] {
        let found: Vec<&str> = query
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .collect();
        assert_eq!(found, [value], "{name}");
    }
}

#[tokio::test]
async fn oidc_3_another_nonce_and_another_verifier_are_refused() {
    let pair = pair(Wishes::default()).await;
    for lie in [Lie::OtherNonce, Lie::NoNonce] {
        assert_eq!(pair.lied_to(lie).await, TokenFault::Nonce.into(), "{lie:?}");
    }
    let to = pair.provider.authorise(&request(Freshness::Any)).await.unwrap();
    let returned = pair.peer.come_back(&to);
    let stolen = Sent {
        code_verifier: "another browser's secret".to_owned(),
        ..sent(Freshness::Any)
    };
    let refused = pair.provider.claims(callback(returned), &stolen).await;
    assert_eq!(refused, Err(ProviderFailure::CodeSpent));
}

#[tokio::test]
async fn oidc_3_a_code_buys_once() {
    let pair = pair(Wishes::default()).await;
    let to = pair.provider.authorise(&request(Freshness::Any)).await.unwrap();
    let returned = pair.peer.come_back(&to);
    assert!(pair.buy(&returned).await.is_ok());
    assert_eq!(pair.buy(&returned).await, Err(ProviderFailure::CodeSpent));
    // A provider that sells twice is why a ticket here takes one exchange: the tokens alone do not tell.
    pair.peer.lie(&[Lie::CodeTwice]);
    let returned = pair.peer.come_back(&to);
    assert!(pair.buy(&returned).await.is_ok() && pair.buy(&returned).await.is_ok());
}

#[tokio::test]
async fn oidc_4_a_callback_of_another_provider_buys_nothing() {
    let pair = pair(Wishes::default()).await;
    for lie in [Lie::CallbackOfAnother, Lie::NamelessCallback] {
        assert_eq!(pair.lied_to(lie).await, ProviderFailure::WrongSender, "{lie:?}");
    }
    pair.peer.lie(&[Lie::Declined, Lie::CallbackOfAnother]);
    assert_eq!(pair.go(Freshness::Any).await, Err(ProviderFailure::WrongSender));
    assert_eq!(pair.peer.asked("/token"), 0, "the code went to nobody");
}

#[tokio::test]
async fn oidc_5_every_lie_of_the_id_token_is_noticed() {
    let pair = pair(Wishes::default()).await;
    for algorithm in [Algorithm::Rs256, Algorithm::Es256] {
        pair.peer.sign_by(algorithm);
        for (lie, fault) in [
            (Lie::Unsigned, TokenFault::Malformed),
            (Lie::KeyConfusion, TokenFault::Algorithm),
            (Lie::WrongSignature, TokenFault::Signature),
            (Lie::ForgedKey, TokenFault::Signature),
            (Lie::UnknownKey, TokenFault::UnknownKey),
            (Lie::Critical, TokenFault::Malformed),
            (Lie::WrongIssuer, TokenFault::Issuer),
            (Lie::AlmostTheIssuer, TokenFault::Issuer),
            (Lie::WrongAudience, TokenFault::Audience),
            (Lie::SeveralAudiences, TokenFault::AuthorisedParty),
            (Lie::OtherParty, TokenFault::AuthorisedParty),
            (Lie::Expired, TokenFault::Expired),
            (Lie::FromTheFuture, TokenFault::NotYetValid),
            (Lie::NumberedSubject, TokenFault::Malformed),
        ] {
            assert_eq!(
                pair.lied_to(lie).await,
                fault.into(),
                "{lie:?} with {algorithm:?}"
            );
        }
        assert!(
            pair.go(Freshness::Any).await.is_ok(),
            "and then the truth is believed"
        );
    }
}

#[tokio::test]
async fn oidc_5_an_algorithm_that_is_not_configured_is_refused() {
    let wishes = Wishes {
        algorithms: Algorithms::named(&["RS256".to_owned()]).unwrap(),
        ..Wishes::default()
    };
    let pair = pair(wishes).await;
    assert_eq!(pair.go(Freshness::Any).await, Err(TokenFault::Algorithm.into()));
    pair.peer.sign_by(Algorithm::Rs256);
    assert!(pair.go(Freshness::Any).await.is_ok());
}

#[tokio::test]
async fn oidc_5_clocks_may_be_a_minute_apart_and_no_more() {
    let pair = pair(Wishes::default()).await;
    for (ours, expected) in [
        (NOW - 60, Ok(())),
        (NOW - 61, Err(TokenFault::NotYetValid)),
        (NOW + 359, Ok(())),
        (NOW + 360, Err(TokenFault::Expired)),
    ] {
        pair.clock.store(ours, Ordering::SeqCst);
        let outcome = pair.go(Freshness::Any).await;
        assert_eq!(
            outcome.map(|_| ()),
            expected.map_err(Into::into),
            "{}",
            ours - NOW
        );
    }
}

#[tokio::test]
async fn oidc_5_an_unknown_key_is_looked_for_once_a_minute() {
    let pair = pair(Wishes::default()).await;
    pair.go(Freshness::Any).await.unwrap();
    for _ in 0..5 {
        pair.lied_to(Lie::UnknownKey).await;
    }
    assert_eq!(
        pair.peer.asked("/keys"),
        1,
        "they were fetched less than a minute ago"
    );
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(61)).await;
    tokio::time::resume();
    for _ in 0..5 {
        pair.lied_to(Lie::UnknownKey).await;
    }
    assert_eq!(pair.peer.asked("/keys"), 2);
}

#[tokio::test]
async fn oidc_6_userinfo_of_somebody_else_is_refused() {
    let pair = pair(Wishes::default()).await;
    for lie in [Lie::OtherSubject, Lie::NoSubject] {
        assert_eq!(pair.lied_to(lie).await, ProviderFailure::OtherPerson, "{lie:?}");
    }
}

#[tokio::test]
async fn oidc_7_metadata_that_lie_are_not_believed() {
    for (lie, code) in [
        (Lie::MetadataOfAnotherIssuer, "provider.unusable"),
        (Lie::ForeignTokenEndpoint, "provider.unusable"),
        (Lie::HugeMetadata, "provider.unusable"),
        (Lie::RedirectedMetadata, "provider.unusable"),
        (Lie::Down, "provider.unreachable"),
    ] {
        let pair = pair(Wishes::default()).await;
        assert_eq!(pair.lied_to(lie).await.code(), code, "{lie:?}");
        assert_eq!(
            pair.peer.asked("/token") + pair.peer.asked("/elsewhere"),
            0,
            "{lie:?}"
        );
    }
}

#[tokio::test]
async fn oidc_7_nobody_waits_longer_than_five_seconds() {
    for lie in [Lie::SlowMetadata, Lie::SlowTokens] {
        let pair = pair(Wishes::default()).await;
        if lie == Lie::SlowTokens {
            pair.go(Freshness::Any).await.unwrap();
        }
        tokio::time::pause();
        let began = tokio::time::Instant::now();
        assert_eq!(pair.lied_to(lie).await.code(), "provider.unreachable", "{lie:?}");
        assert!(began.elapsed() < Duration::from_secs(6), "{lie:?}");
        tokio::time::resume();
    }
}

#[tokio::test]
async fn oidc_7_the_last_good_copy_serves_while_the_provider_lies() {
    let pair = pair(Wishes::default()).await;
    pair.go(Freshness::Any).await.unwrap();
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(2 * 3600)).await;
    tokio::time::resume();
    pair.peer.lie(&[Lie::MetadataOfAnotherIssuer, Lie::BrokenKeys]);
    pair.go(Freshness::Any).await.unwrap();
    assert_eq!(pair.peer.asked("/.well-known/openid-configuration"), 2);
    pair.go(Freshness::Any).await.unwrap();
    assert_eq!(
        pair.peer.asked("/.well-known/openid-configuration"),
        2,
        "once a minute"
    );
}

#[tokio::test]
async fn oidc_7_answers_of_the_token_endpoint_are_bounded() {
    let pair = pair(Wishes::default()).await;
    for lie in [Lie::HugeTokens, Lie::RedirectedTokens, Lie::NoIdToken] {
        assert_eq!(pair.lied_to(lie).await.code(), "provider.unusable", "{lie:?}");
    }
    assert_eq!(pair.peer.asked("/elsewhere"), 0);
}

#[tokio::test]
async fn oidc_8_a_level_that_was_not_reached_lets_nobody_in() {
    let wishes = Wishes {
        required_assurance: vec!["high".to_owned()],
        ..Wishes::default()
    };
    let strict = pair(wishes).await;
    assert_eq!(strict.lied_to(Lie::LowAssurance).await, ProviderFailure::TooWeak);
    let lax = pair(Wishes::default()).await;
    lax.peer.lie(&[Lie::LowAssurance]);
    let claims = lax.go(Freshness::Any).await.unwrap();
    assert_eq!(claims.assurance.as_deref(), Some("low"), "and is told as it is");
}

#[tokio::test]
async fn oidc_8_an_old_proof_does_not_pass_for_a_new_one() {
    let pair = pair(Wishes::default()).await;
    pair.peer.lie(&[Lie::OldProof]);
    assert!(pair.go(Freshness::Any).await.is_ok());
    let refused = pair.go(Freshness::Since(UnixTime(NOW))).await;
    assert_eq!(refused, Err(ProviderFailure::NotFresh));
}

#[tokio::test]
async fn lnk_5_verified_in_text_verifies_nothing() {
    let wishes = Wishes {
        trusts: Trusts {
            email: true,
            phone: true,
        },
        ..Wishes::default()
    };
    let pair = pair(wishes).await;
    pair.peer.lie(&[Lie::VerifiedInText]);
    let claims = pair.go(Freshness::Any).await.unwrap();
    assert!(!claims.contacts[0].is_verified);
    assert!(claims.contacts[1].is_verified);
}

#[tokio::test]
async fn a_person_who_declines_is_not_an_error_of_the_provider() {
    let pair = pair(Wishes::default()).await;
    assert_eq!(pair.lied_to(Lie::Declined).await, ProviderFailure::Declined);
}

#[tokio::test]
async fn oidc_10_no_secret_is_shown_by_what_may_be_logged() {
    let shown = format!("{:?} {:?}", request(Freshness::Any), sent(Freshness::Any));
    assert!(
        !shown.contains("the nonce") && !shown.contains(VERIFIER),
        "{shown}"
    );
    let pair = pair(Wishes::default()).await;
    for lie in [Lie::NoIdToken, Lie::Unsigned, Lie::OtherSubject, Lie::HugeTokens] {
        let told = format!("{0} {0:?}", pair.lied_to(lie).await);
        assert!(!told.contains("access-") && !told.contains("eyJ"), "{told}");
    }
}
