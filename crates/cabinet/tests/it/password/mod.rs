//! Passwords: entering by them, guessing at them, changing them.

mod change;
mod entry;
mod guesses;

use std::sync::Arc;

use cabinet::binding::{self, NewPassword};
use cabinet::sign_in::{self, CheckedPassword, Opened, SignInRefusal};
use cabinet::{BrowserHash, Secret, Visit};
use testkit::entry::{World, opened};
use testkit::pki::{Key, askhat};
use testkit::visit::{browser, visit};

const IIN: &str = "900101300007";
pub(crate) const PASSWORD: &str = "верблюд-скрипка-47-облако";

/// A person who entered by a key and set a password; gives the key and the session's secret.
async fn person(world: &World) -> (Key, Secret) {
    let key = world.authority.issue(&askhat());
    let secret = world.enter(&visit(), browser(1), &key).await.unwrap().secret;
    let secret = world.step_up(&visit(), &secret, &key).await.unwrap();
    set(world, &visit(), &secret, PASSWORD).await;
    (key, secret)
}

pub(crate) async fn set(world: &World, visit: &Visit, secret: &Secret, text: &str) {
    let hash = NewPassword::check(text, &[])
        .unwrap()
        .hash(&visit.entropy)
        .unwrap();
    let session = world.session(visit, secret).await.unwrap();
    world
        .write(visit, move |tx, rules, visit| {
            let by = session.step_up(tx, rules, visit)?.unwrap();
            binding::set_password(tx, rules, visit, &by, &hash)
        })
        .await;
}

async fn attempt(
    world: &World,
    visit: &Visit,
    login: &'static str,
    password: &str,
) -> Result<Arc<CheckedPassword>, SignInRefusal> {
    let attempt = world
        .write(visit, move |tx, rules, visit| {
            sign_in::password_attempt(tx, rules, visit, login, None)
        })
        .await?;
    Ok(Arc::new(sign_in::check_password(
        attempt,
        password,
        &visit.entropy,
    )))
}

pub(crate) async fn enter(
    world: &World,
    visit: &Visit,
    login: &'static str,
    password: &str,
    browser: BrowserHash,
) -> Result<Opened, SignInRefusal> {
    let checked = attempt(world, visit, login, password).await?;
    world
        .write(visit, move |tx, rules, visit| {
            sign_in::with_password(tx, rules, visit, browser, &checked)
        })
        .await
        .map(opened)
}
