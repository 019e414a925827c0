//! People who come from a provider.

use cabinet::account::{Name, PersonId};
use cabinet::contact::Value;
use cabinet::provider::{Offered, ProviderKey, ProviderLabel, ProviderRules};
use cabinet::session::{Session, SteppedUp};
use cabinet::sign_in::federation::{
    self, Arrival, Arrived, Begun, Choice, FederationRefusal, Intent, Linked, Resumed, StatedContact,
};
use cabinet::{BrowserHash, Secret, Visit};
use db::Db;
use std::sync::Arc;
use testkit::entry::World;
use testkit::pki::{Key, askhat};
use testkit::visit::{browser, visit};

pub(super) fn state() -> ProviderKey {
    "state".parse().unwrap()
}

pub(super) fn city() -> ProviderKey {
    "city".parse().unwrap()
}

/// A world with two providers.
pub(super) fn world(db: Db) -> World {
    World::new(db).with_rules(|rules| {
        rules.providers = [(state(), true), (city(), false)]
            .map(|(key, proves_anew)| ProviderRules {
                label: ProviderLabel {
                    ru: "Госуслуги".to_owned(),
                    kk: "Мемқызмет".to_owned(),
                    en: "State services".to_owned(),
                },
                key,
                proves_anew,
                offered: Offered::Everywhere,
                demand: cabinet::Demand::Nobody,
            })
            .to_vec();
    })
}

/// Асхат, as the state knows him.
pub(super) fn arrival(subject: &str) -> Arrival {
    Arrival {
        provider: state(),
        issuer: "https://state.example".to_owned(),
        subject: subject.to_owned(),
        name: Name {
            surname: "Сериков".to_owned(),
            given_name: "Асхат".to_owned(),
            patronymic: "Қайратұлы".to_owned(),
        },
        person_ids: vec![iin("900101300007")],
        contacts: vec![
            email("askhat@state.example", true),
            email("spare@state.example", false),
        ],
        assurance: Some("confirmed".to_owned()),
        authenticated_at: Some(visit().now),
    }
}

pub(super) fn iin(value: &str) -> PersonId {
    PersonId {
        country: "KZ".to_owned(),
        kind: "IIN".to_owned(),
        value: value.to_owned(),
    }
}

pub(super) fn email(text: &str, is_verified: bool) -> StatedContact {
    let value = cabinet::contact::parse_email(text).unwrap().unwrap();
    StatedContact {
        value: Value::Email(value),
        is_verified,
    }
}

/// Whoever is signed in by a certificate and has stepped up.
pub(super) struct Owner {
    pub(super) world: World,
    pub(super) key: Key,
    pub(super) secret: Secret,
    pub(super) browser: BrowserHash,
}

impl Owner {
    pub(super) async fn new(world: &World, device: u64) -> Self {
        Self::of(world, device, world.authority.issue(&askhat())).await
    }

    pub(super) async fn of(world: &World, device: u64, key: Key) -> Self {
        let secret = world.enter(&visit(), browser(device), &key).await.unwrap().secret;
        let secret = world.step_up(&visit(), &secret, &key).await.unwrap();
        Self {
            world: world.clone(),
            key,
            secret,
            browser: browser(device),
        }
    }

    /// The same account, entered and proven anew through the provider.
    pub(super) async fn again_through(&self, arrival: &Arrival) -> Self {
        let Arrived::Opened(opened) = enters(&self.world, &visit(), self.browser, arrival)
            .await
            .unwrap()
        else {
            panic!("not linked");
        };
        let session = self.world.session(&visit(), &opened.secret).await.unwrap();
        let (asked, browser, provider) = (session.clone(), self.browser, arrival.provider.clone());
        let begun = self
            .world
            .write(&visit(), move |tx, rules, visit| {
                federation::begin(tx, rules, visit, browser, Intent::StepUp(&asked), &provider, "")
            })
            .await
            .unwrap();
        let resumed = resumes(&self.world, &visit(), browser, &arrival.provider, begun).await;
        let arrived = arrives(&self.world, &visit(), Some(session), resumed.unwrap(), arrival).await;
        let Arrived::SteppedUp(secret) = arrived.unwrap() else {
            panic!("no step-up");
        };
        Self {
            world: self.world.clone(),
            key: self.world.authority.issue(&askhat()),
            secret,
            browser,
        }
    }

    pub(super) async fn session(&self, visit: &Visit) -> Session {
        self.world.session(visit, &self.secret).await.unwrap()
    }

    /// To the provider and back, with the wish to link.
    pub(super) async fn comes_back(&self, arrival: &Arrival) -> Result<Arrived, FederationRefusal> {
        let resumed = self.resumes(arrival).await;
        let session = self.session(&visit()).await;
        arrives(&self.world, &visit(), Some(session), resumed, arrival).await
    }

    pub(super) async fn resumes(&self, arrival: &Arrival) -> Resumed {
        let session = self.session(&visit()).await;
        let (browser, provider) = (self.browser, arrival.provider.clone());
        let begun = self
            .world
            .write(&visit(), move |tx, rules, visit| {
                let by = session.step_up(tx, rules, visit)?.unwrap();
                federation::begin(tx, rules, visit, browser, Intent::Link(&by), &provider, "")
            })
            .await
            .unwrap();
        resumes(&self.world, &visit(), self.browser, &arrival.provider, begun)
            .await
            .unwrap()
    }

    /// The same, up to the page with both identities.
    pub(super) async fn ready(&self, arrival: &Arrival) -> Secret {
        match self.comes_back(arrival).await.unwrap() {
            Arrived::ReadyToConfirm(pending) => pending.secret,
            other => panic!("{other:?}"),
        }
    }

    pub(super) async fn confirms(
        &self,
        visit: &Visit,
        secret: &Secret,
        choice: Choice,
    ) -> Result<Linked, FederationRefusal> {
        let session = Arc::new(self.session(visit).await);
        let (browser, secret) = (self.browser, secret.clone());
        self.world
            .write(visit, move |tx, rules, visit| {
                federation::confirm(tx, rules, visit, browser, &session, &secret, &choice)
            })
            .await
    }

    /// All of it.
    pub(super) async fn links(&self, arrival: &Arrival) -> Linked {
        let secret = self.ready(arrival).await;
        self.confirms(&visit(), &secret, Choice::default()).await.unwrap()
    }

    /// Does something that a fresh proof is needed for.
    pub(super) async fn with_proof<T: Send + 'static>(
        &self,
        act: impl Fn(&mut db::Tx<'_>, &cabinet::Rules, &Visit, &SteppedUp) -> Result<T, cabinet::Failure>
        + Send
        + 'static,
    ) -> T {
        let session = self.session(&visit()).await;
        self.world
            .write(&visit(), move |tx, rules, visit| {
                let by = session.step_up(tx, rules, visit)?.unwrap();
                act(tx, rules, visit, &by)
            })
            .await
    }
}

/// Begins a way to sign in.
pub(super) async fn begins(
    world: &World,
    visit: &Visit,
    browser: BrowserHash,
    provider: ProviderKey,
) -> Result<Begun, FederationRefusal> {
    world
        .write(visit, move |tx, rules, visit| {
            federation::begin(
                tx,
                rules,
                visit,
                browser,
                Intent::SignIn(None),
                &provider,
                "/cabinet",
            )
        })
        .await
}

pub(super) async fn resumes(
    world: &World,
    visit: &Visit,
    browser: BrowserHash,
    provider: &ProviderKey,
    begun: Begun,
) -> Result<Resumed, FederationRefusal> {
    let provider = provider.clone();
    world
        .write(visit, move |tx, rules, visit| {
            federation::resume(tx, rules, visit, browser, &provider, &begun.state)
        })
        .await
}

pub(super) async fn arrives(
    world: &World,
    visit: &Visit,
    session: Option<Session>,
    resumed: Resumed,
    arrival: &Arrival,
) -> Result<Arrived, FederationRefusal> {
    let arrival = arrival.clone();
    world
        .write(visit, move |tx, rules, visit| {
            federation::arrive(tx, rules, visit, session.as_ref(), &resumed, &arrival)
        })
        .await
}

/// Enters through a provider, as far as that goes.
pub(super) async fn enters(
    world: &World,
    visit: &Visit,
    browser: BrowserHash,
    arrival: &Arrival,
) -> Result<Arrived, FederationRefusal> {
    let begun = begins(world, visit, browser, arrival.provider.clone()).await?;
    let resumed = resumes(world, visit, browser, &arrival.provider, begun).await?;
    arrives(world, visit, None, resumed, arrival).await
}
