//! Ways to outside providers and back, as pages and the API ask for them: the provider is asked between a transaction
//! that takes up the way and one that decides.

use axum::http::HeaderValue;
use cabinet::account::{Language, Name};
use cabinet::contact::{self, Value};
use cabinet::organisation::Method;
use cabinet::provider::ProviderKey;
use cabinet::session;
use cabinet::sign_in::Opened;
use cabinet::sign_in::federation::{
    self, Arrival, Arrived, Begun, Errand, FederationRefusal, Intent, Pending, Resumed, StatedContact,
};
use cabinet::{BrowserHash, Decision, Failure, Secret};
use db::{Timestamp, Tx};
use esign::time::UnixTime;
use remote::provider::{
    AuthorisationRequest, Callback, ClaimedContact, ClaimedName, Claims, ContactKind, Freshness, Offered,
    ProtocolKind, Provider, ProviderFailure, Sent,
};
use serde::Deserialize;
use url::Url;

use crate::cookie::{self, Life};
use crate::error::Error;
use crate::signed_in::Access;
use crate::visitor::Visitor;

/// How long a browser keeps the secret of a link that waits; the server's own time counts.
const LINKING: u32 = 15 * 60;

/// What a browser brings back from a provider.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct Back {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// Why somebody who came back is not let on, and what they had gone for.
pub(crate) struct Astray {
    pub(crate) code: &'static str,
    /// Nothing where even that is not known.
    pub(crate) errand: Option<Errand>,
    /// Where they wanted to go.
    pub(crate) return_to: String,
}

impl Astray {
    pub(crate) fn lost(refusal: FederationRefusal) -> Self {
        Self::code(refusal.code())
    }

    pub(crate) fn code(code: &'static str) -> Self {
        Self {
            code,
            errand: None,
            return_to: String::new(),
        }
    }
}

impl Visitor {
    /// The providers that anybody may be offered.
    pub(crate) fn providers(&self) -> impl Iterator<Item = &Provider> {
        let is_offered = |provider: &&Provider| provider.settings().offered == Offered::Everywhere;
        self.app.providers.iter().filter(is_offered)
    }

    /// What people call a provider.
    pub(crate) fn provider_label(&self, key: &ProviderKey, language: Language) -> String {
        self.app.rules.provider_label(key, language).to_owned()
    }

    /// Begins the way of somebody who wants to enter, perhaps at the page of the organisation that has this code; gives
    /// the address to go to.
    pub(crate) async fn depart_to_sign_in(
        &self,
        key: &ProviderKey,
        organisation: &str,
        return_to: &str,
    ) -> Result<Result<Url, &'static str>, Error> {
        let entrance = self.entrance(organisation, Method::Provider(key.clone())).await?;
        let organisation = entrance.map(|entrance| entrance.organisation);
        let (visitor, provider, return_to) = (self.clone(), key.clone(), return_to.to_owned());
        let begun = self.app.db.write(move |tx| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            federation::begin(
                tx,
                rules,
                visit,
                browser,
                Intent::SignIn(organisation),
                &provider,
                &return_to,
            )
        });
        self.address(key, begun.await?).await
    }

    /// Begins the way of somebody who wants to link an identity; `None`: a fresh proof is needed first (B-10.a).
    pub(crate) async fn depart_to_link(
        &self,
        key: &ProviderKey,
    ) -> Result<Option<Result<Url, &'static str>>, Error> {
        let provider = key.clone();
        let begun = self.act(Access::Whole, move |tx, visitor, session| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            let Ok(by) = session.step_up(tx, rules, visit)? else {
                return Ok(Ok(None));
            };
            let begun = federation::begin(tx, rules, visit, browser, Intent::Link(&by), &provider, "")?;
            Ok(begun.map(Some))
        });
        match begun.await?.transpose() {
            None => Ok(None),
            Some(begun) => Ok(Some(self.address(key, begun).await?)),
        }
    }

    /// Begins the way of somebody who makes their session stronger.
    pub(crate) async fn depart_to_step_up(
        &self,
        key: &ProviderKey,
        return_to: &str,
    ) -> Result<Result<Url, &'static str>, Error> {
        let (provider, return_to) = (key.clone(), return_to.to_owned());
        let begun = self.act(Access::FirstEntry, move |tx, visitor, session| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            federation::begin(
                tx,
                rules,
                visit,
                browser,
                Intent::StepUp(session),
                &provider,
                &return_to,
            )
        });
        self.address(key, begun.await?).await
    }

    /// Begins the way of somebody who proves the other one of two accounts.
    pub(crate) async fn depart_to_merge(
        &self,
        key: &ProviderKey,
    ) -> Result<Result<Url, &'static str>, Error> {
        let provider = key.clone();
        let begun = self.act(Access::Whole, move |tx, visitor, session| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            let Some(secret) = &visitor.merging else {
                return Ok(Err(FederationRefusal::MergeGone));
            };
            let intent = Intent::Merge(session, secret);
            federation::begin(tx, rules, visit, browser, intent, &provider, "")
        });
        self.address(key, begun.await?).await
    }

    /// Where the browser goes with what was begun.
    async fn address(
        &self,
        key: &ProviderKey,
        begun: Result<Begun, FederationRefusal>,
    ) -> Result<Result<Url, &'static str>, Error> {
        let begun = match begun {
            Ok(begun) => begun,
            Err(refusal) => return Ok(Err(refusal.code())),
        };
        let Some((provider, redirect_uri)) = self.provider(key).zip(self.callback_address(key)) else {
            return Ok(Err(FederationRefusal::ProviderOff.code()));
        };
        if let Some(page) = page_here(provider.kind()) {
            return Ok(Ok(address_here(&redirect_uri, page, &begun.state)));
        }
        let request = AuthorisationRequest {
            state: begun.state.expose(),
            nonce: begun.nonce.expose(),
            code_challenge: begun.code_challenge,
            redirect_uri,
            language: self.visit.language.as_str(),
            freshness: freshness(begun.anew.then_some(self.visit.now)),
        };
        let address = provider.authorise(&request).await;
        Ok(address.map_err(|failure| self.failed(key, &failure)))
    }

    /// Takes up the way of somebody who came back, asks the provider about them, and decides.
    pub(crate) async fn come_back(
        &self,
        key: &ProviderKey,
        back: Back,
    ) -> Result<Result<(Arrived, String), Astray>, Error> {
        let resumed = match self.resume(key, back.state.as_deref()).await? {
            Ok(resumed) => resumed,
            Err(refusal) => return Ok(Err(Astray::lost(refusal))),
        };
        let (errand, return_to) = (resumed.errand, resumed.return_to.clone());
        let state = back.state.clone().unwrap_or_default();
        let arrived = match self.ask_provider(key, back, state, &resumed).await {
            Ok(arrival) => self.decide(resumed, arrival).await?,
            Err(failure) => Err(self.failed(key, &failure)),
        };
        Ok(match arrived {
            Ok(arrived) => Ok((arrived, return_to)),
            Err(code) => Err(Astray {
                code,
                errand: Some(errand),
                return_to,
            }),
        })
    }

    async fn resume(
        &self,
        key: &ProviderKey,
        state: Option<&str>,
    ) -> Result<Result<Resumed, FederationRefusal>, Error> {
        let Some(state) = state.and_then(Secret::parse) else {
            return Ok(Err(FederationRefusal::Gone));
        };
        let (visitor, key) = (self.clone(), key.clone());
        let resumed = self.app.db.write(move |tx| {
            let browser = visitor.browser_hash();
            federation::resume(tx, &visitor.app.rules, &visitor.visit, browser, &key, &state)
        });
        Ok(resumed.await?)
    }

    async fn ask_provider(
        &self,
        key: &ProviderKey,
        back: Back,
        state: String,
        resumed: &Resumed,
    ) -> Result<Arrival, ProviderFailure> {
        let gone = || ProviderFailure::Unusable("no longer configured".to_owned());
        let (provider, redirect_uri) = self
            .provider(key)
            .zip(self.callback_address(key))
            .ok_or_else(gone)?;
        let callback = Callback::new(back.code, back.error, back.error_description, back.iss)?;
        let sent = Sent {
            state,
            nonce: resumed.nonce.expose(),
            code_verifier: resumed.verifier.expose(),
            redirect_uri,
            freshness: freshness(resumed.anew_since()),
        };
        let claims = provider.claims(callback, &sent).await?;
        Ok(arrival(key.clone(), claims, &self.app.rules.default_region))
    }

    async fn decide(
        &self,
        resumed: Resumed,
        arrival: Arrival,
    ) -> Result<Result<Arrived, &'static str>, Error> {
        let visitor = self.clone();
        let arrived = self
            .app
            .db
            .write(move |tx| visitor.arrive_as(tx, &resumed, &arrival));
        Ok(arrived.await?.map_err(FederationRefusal::code))
    }

    /// Decides about who came back, by the session of now.
    pub(crate) fn arrive_as(
        &self,
        tx: &mut Tx<'_>,
        resumed: &Resumed,
        arrival: &Arrival,
    ) -> Decision<Arrived, FederationRefusal> {
        let (rules, visit) = (&self.app.rules, &self.visit);
        let session = match &self.session {
            Some(secret) => session::find(tx, rules, visit, secret)?,
            None => None,
        };
        federation::arrive(tx, rules, visit, session.as_ref(), resumed, arrival)
    }

    pub(crate) fn provider(&self, key: &ProviderKey) -> Option<&Provider> {
        self.app.providers.get(&key.as_str().parse().ok()?)
    }

    /// The redirect URI of this provider alone (threats, OIDC-4).
    fn callback_address(&self, key: &ProviderKey) -> Option<Url> {
        let link = self
            .app
            .rules
            .link(&["sign-in", "provider", key.as_str(), "callback"]);
        link.parse().ok()
    }

    /// Out of the session that a provider keeps, and back to where a fresh proof is asked for.
    pub(crate) fn way_out(&self, key: &ProviderKey) -> Option<String> {
        let back: Url = self.app.rules.link(&["step-up"]).parse().ok()?;
        self.provider(key)?.end_session(&back).map(Into::into)
    }

    pub(crate) fn failed(&self, key: &ProviderKey, failure: &ProviderFailure) -> &'static str {
        let (request, provider, code) = (&self.visit.request_id, key.as_str(), failure.code());
        tracing::warn!(request, provider, code, %failure, "a provider was of no help");
        code
    }

    /// Lets the browser keep the secret of a link that waits.
    pub(crate) fn linking_cookie(pending: &Pending) -> HeaderValue {
        cookie::set(cookie::LINKING, &pending.secret.expose(), Life::Seconds(LINKING))
    }

    /// A proof was made, or refused, while a link waits for it: an entry ties it to the account, too many refusals are its
    /// end (B-5.c).
    pub(crate) async fn go_on_linking(&self, opened: Option<&Opened>) -> Result<(), Error> {
        let (visitor, Some((browser, secret))) = (self.clone(), self.linking()) else {
            return Ok(());
        };
        let entry = opened.map(|opened| (opened.account, opened.session));
        let cookie = self.app.db.write(move |tx| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            let Some((account, session)) = entry else {
                let goes_on = federation::count_refused_proof(tx, rules, visit, browser, &secret)?;
                return Ok::<_, Failure>((!goes_on).then(|| cookie::clear(cookie::LINKING)));
            };
            let adopted = federation::adopt(tx, rules, visit, browser, &secret, account, session)?;
            Ok(adopted.ok().map(|pending| Self::linking_cookie(&pending)))
        });
        if let Some(cookie) = cookie.await? {
            self.linking_is_now(cookie);
        }
        Ok(())
    }

    /// The link that waits in this browser, if there is one.
    pub(crate) fn linking(&self) -> Option<(BrowserHash, Secret)> {
        self.linking.clone().map(|secret| (self.browser_hash(), secret))
    }
}

fn freshness(since: Option<Timestamp>) -> Freshness {
    since.map_or(Freshness::Any, |at| Freshness::Since(UnixTime(at.as_seconds())))
}

/// The page of ours on which people prove themselves to a provider of this kind; none where they go to it.
const fn page_here(kind: ProtocolKind) -> Option<&'static str> {
    match kind {
        ProtocolKind::Directory => Some("password"),
        ProtocolKind::Kerberos => Some("windows"),
        ProtocolKind::Oidc | ProtocolKind::Esia => None,
    }
}

/// The page of this provider and this way, where nobody has to leave.
fn address_here(redirect_uri: &Url, page: &str, state: &Secret) -> Url {
    let mut address = redirect_uri.clone();
    if let Ok(mut segments) = address.path_segments_mut() {
        segments.pop().push(page);
    }
    address.query_pairs_mut().append_pair("state", &state.expose());
    address
}

/// What a provider says, in the words of the domain; what is no address or number is left out.
pub(crate) fn arrival(provider: ProviderKey, claims: Claims, region: &str) -> Arrival {
    let contacts = claims.contacts.iter();
    Arrival {
        provider,
        issuer: claims.issuer,
        subject: claims.subject,
        name: claims.name.map(name).unwrap_or_default(),
        person_ids: claims.person_ids,
        contacts: contacts.filter_map(|claimed| stated(claimed, region)).collect(),
        assurance: claims.assurance,
        authenticated_at: claims
            .authenticated_at
            .map(|at| Timestamp::from_seconds(at.as_seconds())),
    }
}

fn name(claimed: ClaimedName) -> Name {
    match claimed {
        ClaimedName::Parts {
            surname,
            given_name,
            patronymic,
        } => Name {
            surname,
            given_name,
            patronymic: patronymic.unwrap_or_default(),
        },
        ClaimedName::Whole(whole) => Name {
            surname: whole,
            ..Name::default()
        },
    }
}

fn stated(claimed: &ClaimedContact, region: &str) -> Option<StatedContact> {
    let value = match claimed.kind {
        ContactKind::Email => contact::parse_email(&claimed.value).ok()?.map(Value::Email),
        ContactKind::Phone => contact::parse_phone(&claimed.value, region)
            .ok()?
            .map(Value::Phone),
    };
    value.map(|value| StatedContact {
        value,
        is_verified: claimed.is_verified,
    })
}
