//! From a provider's callback to a session, per second (RS256, PKCE, 32 clients, durable): `bench/callback`.
//!
//! The ways there are not measured, nor are the provider's signatures: all tokens are prepared, then all callbacks are
//! sent. What counts is the state taken up, the exchange, the ID token, userinfo, and the session synced to the disk.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Instant, SystemTime};

use anyhow::{Context, Result, ensure};
use bench::key::{known_key, signed};
use bench::load::{median, timed};
use bench::site::{Server, Visitor, built};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Value, json};
use testkit::http::Answer;
use testkit::provider::{self as peer, CLIENT_ID, CLIENT_SECRET};
use url::{Url, form_urlencoded};

const CLIENTS: usize = 32;
const EACH: usize = 40;
const ROUNDS: usize = 3;

fn main() -> Result<()> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let now = i64::try_from(now.as_secs())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let peer = runtime.block_on(async { tokio::spawn(peer::Provider::start(now)).await })?;
    peer.sign_by(peer::Algorithm::Rs256);

    let data = std::env::temp_dir().join(format!("kabinet-bench-{}", std::process::id()));
    let kabinet = built()?.join("kabinet");
    let arguments = ["demo", "--data", &data.to_string_lossy(), "--listen", "ADDRESS"];
    drop(Server::start(&kabinet, &arguments, "/health")?);
    introduce(&peer, &data)?;
    let site = Server::start(&kabinet, &arguments, "/health")?;
    link(&peer, &data, site.address)?;

    let mut visitors = (0..CLIENTS)
        .map(|_| Visitor::open(site.address))
        .collect::<Result<Vec<_>>>()?;
    round(&mut visitors, &peer, 2)?;
    let rates = (0..ROUNDS)
        .map(|_| round(&mut visitors, &peer, EACH))
        .collect::<Result<Vec<_>>>()?;
    let (served, bare) = (median(rates), bare(&peer)?);
    println!("callback to session, durable, {CLIENTS} clients: {served:.0}/s   (must reach 1000/s)");
    println!("their ID tokens only verified, one thread:  {bare:.0}/s");
    println!("  = {:.2} x", served / bare);
    drop(site);
    fs::remove_dir_all(&data)?;
    ensure!(served >= 1000.0, "must reach 1000/s");
    Ok(())
}

/// Lets the demo know the provider.
fn introduce(peer: &peer::Provider, data: &Path) -> Result<()> {
    let secret = data.join("bench.secret");
    fs::write(&secret, CLIENT_SECRET)?;
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600))?;
    let file = data.join("kabinet.toml");
    let section = format!(
        r#"
[[provider]]
id = "bench"
label = {{ ru = "Bench", kk = "Bench", en = "Bench" }}
kind = "oidc"
issuer = "{}"
client_id = "{CLIENT_ID}"
client_secret_file = "bench.secret"
"#,
        peer.issuer()
    );
    Ok(fs::write(&file, fs::read_to_string(&file)? + &section)?)
}

/// Somebody of the demo signs in by their key, and by it again links their identity there.
fn link(peer: &peer::Provider, data: &Path, site: SocketAddr) -> Result<()> {
    let key = known_key(data)?;
    let mut person = Visitor::open(site)?;
    for errand in ["sign-in", "step-up"] {
        let posed = person.post_json(&format!("/{errand}/challenge"), &json!({ "purpose": errand }))?;
        let text = posed.get("text").and_then(Value::as_str).context("text")?;
        let cms = signed(&key, text)?;
        person.post_and_keep(
            &format!("/{errand}/certificate"),
            &[("cms", &cms), ("return_to", "")],
        )?;
        person.look("/profile/contacts")?;
    }
    let departing = person.post_and_keep("/profile/identities/bench/link", &[])?;
    person.get(&way_back(peer, &departing)?)?;
    let linked = person.post_form("/profile/linking", &[("difference_seen", "1")])?;
    let place = linked.header("location").unwrap_or_default();
    ensure!(
        place.contains("done=linked"),
        "not linked: {} {place}",
        linked.status
    );
    Ok(())
}

/// Callbacks that became sessions, per second.
fn round(visitors: &mut [Visitor], peer: &peer::Provider, each: usize) -> Result<f64> {
    let (callbacks, _) = timed(visitors, |visitor, _| {
        let way = || way_back(peer, &visitor.post_form("/sign-in/provider/bench", &[])?);
        std::iter::repeat_with(way).take(each).collect::<Result<Vec<_>>>()
    })?;
    let (_, took) = timed(visitors, |visitor, index| {
        for callback in callbacks.get(index).into_iter().flatten() {
            let answer = visitor.get_and_forget(callback)?;
            ensure!(
                answer.cookie("__Host-kabinet").is_some(),
                "refused: {} {}",
                answer.status,
                String::from_utf8_lossy(&answer.body)
            );
        }
        Ok(())
    })?;
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    Ok((visitors.len() * each) as f64 / took.as_secs_f64())
}

/// The address that the browser brings back from there, for the page that sent it; the token behind it is signed.
fn way_back(peer: &peer::Provider, departing: &Answer) -> Result<String> {
    let refresh = departing.header("refresh").context("a way to the provider")?;
    let to: Url = refresh.trim_start_matches("0; url=").parse()?;
    let returned = peer.come_back(&to);
    let code = returned
        .answer
        .map_err(|error| anyhow::anyhow!("declined: {error}"))?;
    peer.prepare(&code);
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("code", &code)
        .append_pair("state", &returned.state)
        .append_pair("iss", peer.issuer())
        .finish();
    Ok(format!("/sign-in/provider/bench/callback?{query}"))
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
