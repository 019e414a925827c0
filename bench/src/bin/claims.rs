//! What a provider says of people, per second (RS256, 32 clients): `bench/claims`.
//!
//! We run on one thread, the provider on another. The codes are fetched before; measured is what a callback costs:
//! exchange, ID token, userinfo.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use anyhow::{Context, Result, ensure};
use bench::load::median;
use esign::time::UnixTime;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use remote::http::{HttpClient, HttpSettings};
use remote::oidc::{Algorithms, ClaimMapping, ClientProof, ClientSecret, OidcSettings, RelyingParty};
use remote::provider::{
    AuthorisationRequest, Callback, Freshness, Label, Offered, Provider, ProviderSettings, Sent, Trusts,
};
use serde_json::Value;
use testkit::provider::{self as peer, CLIENT_ID, CLIENT_SECRET, Return};
use tokio::task::LocalSet;
use url::Url;

const CLIENTS: usize = 32;
const EACH: usize = 100;
const ROUNDS: usize = 3;
/// And its S256 challenge (RFC 7636 appendix B).
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn main() -> Result<()> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let now = i64::try_from(now.as_secs())?;
    let theirs = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let peer = theirs.block_on(async { tokio::spawn(peer::Provider::start(now)).await })?;
    peer.sign_by(peer::Algorithm::Rs256);
    let ours = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let provider = Arc::new(provider(&peer, now)?);
    let rates = (0..ROUNDS).map(|_| LocalSet::new().block_on(&ours, round(&provider, &peer)));
    let (claims, bare) = (median(rates.collect::<Result<_>>()?), bare(&peer)?);
    println!("callbacks answered, {CLIENTS} clients, one thread: {claims:.0}/s");
    println!("their ID tokens only verified, one thread:   {bare:.0}/s");
    println!(
        "connections that the provider saw:           {}",
        peer.connections()
    );
    ensure!(peer.connections() <= 2 * CLIENTS, "connections are not kept");
    ensure!(claims >= 1000.0, "must reach 1000/s");
    Ok(())
}

/// Callbacks per second.
async fn round(provider: &Arc<Provider>, peer: &peer::Provider) -> Result<f64> {
    let to = provider.authorise(&request()?).await?;
    let codes: Vec<Vec<Return>> = (0..CLIENTS)
        .map(|_| (0..EACH).map(|_| peer.come_back(&to)).collect())
        .collect();
    let started = Instant::now();
    let clients: Vec<_> = codes
        .into_iter()
        .map(|codes| {
            let provider = provider.clone();
            tokio::task::spawn_local(async move {
                for returned in codes {
                    let callback = Callback::new(returned.answer.ok(), None, None, returned.issuer)?;
                    provider.claims(callback, &sent()?).await?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for client in clients {
        client.await??;
    }
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    Ok((CLIENTS * EACH) as f64 / started.elapsed().as_secs_f64())
}

/// Verifications per second of such a token, and nothing else.
fn bare(peer: &peer::Provider) -> Result<f64> {
    let token = peer.id_token("nonce");
    let keys: JwkSet = serde_json::from_value(peer.published_keys())?;
    let key = DecodingKey::from_jwk(keys.find("rs").context("the key")?)?;
    let mut signature_alone = Validation::new(Algorithm::RS256);
    signature_alone.required_spec_claims.clear();
    signature_alone.validate_exp = false;
    signature_alone.validate_aud = false;
    let started = Instant::now();
    for _ in 0..CLIENTS * EACH {
        decode::<Value>(&token, &key, &signature_alone)?;
    }
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    Ok((CLIENTS * EACH) as f64 / started.elapsed().as_secs_f64())
}

fn provider(peer: &peer::Provider, now: i64) -> Result<Provider> {
    let http = HttpClient::new(&HttpSettings {
        internal_hosts: vec!["127.0.0.1".to_owned()],
        authorities: Vec::new(),
    })?;
    let oidc = OidcSettings {
        issuer: peer.issuer().parse()?,
        other_hosts: Vec::new(),
        client_id: CLIENT_ID.to_owned(),
        client_proof: Some(ClientProof::Secret(ClientSecret::new(CLIENT_SECRET.to_owned()))),
        scopes: Vec::new(),
        algorithms: Algorithms::default(),
        mapping: ClaimMapping::default(),
    };
    let label = String::new();
    let settings = ProviderSettings {
        id: "bench".parse()?,
        label: Label {
            ru: label.clone(),
            kk: label.clone(),
            en: label,
        },
        offered: Offered::Everywhere,
        required_assurance: Vec::new(),
        trusts: Trusts::default(),
        states: Vec::new(),
    };
    let clock = Arc::new(move || UnixTime(now));
    Ok(Provider::oidc(settings, RelyingParty::new(oidc, http, clock)))
}

fn request() -> Result<AuthorisationRequest> {
    Ok(AuthorisationRequest {
        state: "state".to_owned(),
        nonce: "nonce".to_owned(),
        code_challenge: CHALLENGE.to_owned(),
        redirect_uri: redirect_uri()?,
        language: "ru",
        freshness: Freshness::Any,
    })
}

fn sent() -> Result<Sent> {
    Ok(Sent {
        state: "state".to_owned(),
        nonce: "nonce".to_owned(),
        code_verifier: VERIFIER.to_owned(),
        redirect_uri: redirect_uri()?,
        freshness: Freshness::Any,
    })
}

fn redirect_uri() -> Result<Url> {
    Ok("https://cabinet.example/sign-in/provider/bench/callback".parse()?)
}
