use data_encoding::BASE64URL_NOPAD;
use db::{Timestamp, Tx};
use serde::{Deserialize, Serialize};

use super::{AWAY, FederationRefusal};
use crate::account::AccountId;
use crate::organisation::{Entrance, EntranceRefusal, Method, OrganisationId};
use crate::provider::{self, Offered, ProviderKey};
use crate::secret::sha256;
use crate::session::{Session, SessionId, SteppedUp};
use crate::ticket::{self, LinkRefusal, New, Purpose};
use crate::{BrowserHash, Decision, Failure, Rules, Secret, Visit, refuse};

/// What somebody goes to a provider for, and for whom.
#[derive(Clone, Copy, Debug)]
pub enum Intent<'a> {
    /// To enter, perhaps at the page of an organisation.
    SignIn(Option<OrganisationId>),
    /// To link who they are there to the account of this session (B-10.a).
    Link(&'a SteppedUp),
    /// To make this session stronger.
    StepUp(&'a Session),
    /// To prove the account that is to go into that of this session, by the merge that this secret finds.
    Merge(&'a Session, &'a Secret),
}

/// What a way to a provider is for; it is good for nothing else (threats, OIDC-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Errand {
    /// To enter.
    SignIn,
    /// To link.
    Link,
    /// To make a session stronger.
    StepUp,
    /// To prove the other one of two accounts.
    Merge,
}

impl Errand {
    /// Whether a session that the provider keeps is not enough (threats, SES-5).
    const fn is_anew(self) -> bool {
        matches!(self, Self::StepUp | Self::Merge)
    }
}

impl Intent<'_> {
    const fn errand(self) -> Errand {
        match self {
            Self::SignIn(_) => Errand::SignIn,
            Self::Link(_) => Errand::Link,
            Self::StepUp(_) => Errand::StepUp,
            Self::Merge(..) => Errand::Merge,
        }
    }

    const fn organisation(self) -> Option<OrganisationId> {
        match self {
            Self::SignIn(organisation) => organisation,
            Self::Link(_) | Self::StepUp(_) | Self::Merge(..) => None,
        }
    }

    const fn owner(self) -> Option<(AccountId, SessionId)> {
        match self {
            Self::SignIn(_) => None,
            Self::Link(by) => Some((by.account(), by.session())),
            Self::StepUp(session) | Self::Merge(session, _) => Some((session.account, session.id)),
        }
    }

    fn merge(self) -> Option<String> {
        match self {
            Self::Merge(_, secret) => Some(secret.expose()),
            _ => None,
        }
    }
}

/// A way to a provider that was just begun: what goes with the request.
#[derive(Debug)]
pub struct Begun {
    /// `state`.
    pub state: Secret,
    /// `nonce`.
    pub nonce: Secret,
    /// `code_challenge` for the method `S256` (RFC 7636, 4.2).
    pub code_challenge: String,
    /// Whether the provider must ask for a proof now, also of somebody whom it knows already.
    pub anew: bool,
}

/// Somebody who came back; exists once for each way.
#[derive(Debug)]
pub struct Resumed {
    /// What the way was for.
    pub errand: Errand,
    /// Where they want to go.
    pub return_to: String,
    /// `nonce`, as it was sent.
    pub nonce: Secret,
    /// `code_verifier`.
    pub verifier: Secret,
    pub(super) provider: ProviderKey,
    pub(super) organisation: Option<OrganisationId>,
    pub(super) browser: BrowserHash,
    pub(super) began_at: Timestamp,
    pub(super) owner: Option<(AccountId, SessionId)>,
    /// What finds the merge.
    pub(super) merge: Option<Secret>,
}

impl Resumed {
    /// The provider that was asked.
    pub const fn provider(&self) -> &ProviderKey {
        &self.provider
    }

    /// After when the person must have proved themselves there, where it matters.
    pub fn anew_since(&self) -> Option<Timestamp> {
        self.errand.is_anew().then_some(self.began_at)
    }
}

/// What the first ticket holds.
#[derive(Serialize, Deserialize)]
pub(super) struct Sent {
    pub(super) provider: ProviderKey,
    pub(super) errand: Errand,
    pub(super) organisation: Option<OrganisationId>,
    nonce: String,
    verifier: String,
    return_to: String,
    merge: Option<String>,
}

/// Begins a way to a provider. The verifier stays here (threats, OIDC-3).
pub fn begin(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    intent: Intent<'_>,
    provider: &ProviderKey,
    return_to: &str,
) -> Decision<Begun, FederationRefusal> {
    if let Err(refusal) = may_use(tx, rules, provider, intent.errand(), intent.organisation())? {
        refuse!(refusal);
    }
    let (nonce, verifier) = (Secret::new(&visit.entropy), Secret::new(&visit.entropy));
    let sent = Sent {
        provider: provider.clone(),
        errand: intent.errand(),
        organisation: intent.organisation(),
        nonce: nonce.expose(),
        verifier: verifier.expose(),
        return_to: return_to.to_owned(),
        merge: intent.merge(),
    };
    let owner = intent.owner();
    let new = New {
        purpose: Purpose::Provider,
        browser: Some(browser),
        account: owner.map(|(account, _)| account),
        session: owner.map(|(_, session)| session),
        life: AWAY,
        tries: 0,
        payload: &serde_json::to_vec(&sent)?,
    };
    Ok(Ok(Begun {
        state: ticket::issue(tx, rules, visit, new)?.secret,
        nonce,
        code_challenge: BASE64URL_NOPAD.encode(&sha256(verifier.expose().as_bytes())),
        anew: intent.errand().is_anew(),
    }))
}

/// Takes up the way of somebody who came back, once, in the browser that began it (threats, OIDC-1). `provider` is whose
/// address they came back to: at another's nothing is asked of anybody (OIDC-4).
pub fn resume(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    provider: &ProviderKey,
    state: &Secret,
) -> Decision<Resumed, FederationRefusal> {
    let taken = ticket::take(tx, rules, visit, Purpose::Provider, state, Some(browser))?;
    let Some(ticket) = taken else {
        refuse!(why_gone(tx, state)?);
    };
    let sent: Sent = serde_json::from_slice(&ticket.payload)?;
    let secrets = Secret::parse(&sent.nonce).zip(Secret::parse(&sent.verifier));
    let Some((nonce, verifier)) = secrets.filter(|_| sent.provider == *provider) else {
        refuse!(FederationRefusal::Gone);
    };
    if !provider::is_on(tx, rules, provider)? {
        refuse!(FederationRefusal::ProviderOff);
    }
    Ok(Ok(Resumed {
        errand: sent.errand,
        return_to: sent.return_to,
        nonce,
        verifier,
        provider: sent.provider,
        organisation: sent.organisation,
        browser,
        began_at: ticket.created_at,
        owner: ticket.account.zip(ticket.session),
        merge: sent.merge.as_deref().and_then(Secret::parse),
    }))
}

pub(super) fn why_gone(tx: &mut Tx<'_>, state: &Secret) -> Result<FederationRefusal, Failure> {
    Ok(match ticket::why_gone(tx, Purpose::Provider, state)? {
        LinkRefusal::Used => FederationRefusal::Used,
        _ => FederationRefusal::Gone,
    })
}

/// Whether a provider may be used for this now: it is switched on, and whoever wants to enter does so where it is offered
/// (threats, LNK-9).
pub(super) fn may_use(
    tx: &mut Tx<'_>,
    rules: &Rules,
    key: &ProviderKey,
    errand: Errand,
    organisation: Option<OrganisationId>,
) -> Decision<(), FederationRefusal> {
    let Some(provider) = rules.provider(key) else {
        refuse!(FederationRefusal::ProviderOff);
    };
    if !provider::is_on(tx, rules, key)? {
        refuse!(FederationRefusal::ProviderOff);
    }
    match (errand, organisation) {
        (Errand::SignIn, Some(organisation)) => {
            let method = Method::Provider(key.clone());
            let entrance = Entrance { organisation, method };
            Ok(entrance.check(tx, rules)?.map_err(|refusal| match refusal {
                EntranceRefusal::Closed => FederationRefusal::OrganisationClosed,
                EntranceRefusal::MethodNotOffered => FederationRefusal::MethodNotOffered,
            }))
        }
        (Errand::SignIn, None) if provider.offered == Offered::ByOrganisation => {
            refuse!(FederationRefusal::MethodNotOffered)
        }
        _ => Ok(Ok(())),
    }
}
