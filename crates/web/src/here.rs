//! Ways that end on a page of ours: a directory is asked about a password between a transaction that counts the guess and
//! one that takes up the way and decides.

use cabinet::provider::ProviderKey;
use cabinet::sign_in::federation::{self, Arrived, Errand, FederationRefusal, Guess};
use cabinet::{Failure, Secret};
use remote::kerberos::Accepted;
use remote::provider::{Claims, ProviderFailure};

use crate::error::Error;
use crate::federation::{Astray, arrival};
use crate::visitor::Visitor;

impl Visitor {
    /// Whether the way that `state` names goes on with a password, or a ticket, here; a GET takes nothing up.
    pub(crate) async fn look_at_way(
        &self,
        key: &ProviderKey,
        state: &str,
    ) -> Result<Result<Errand, Astray>, Error> {
        let Some(state) = Secret::parse(state) else {
            return Ok(Err(Astray::lost(FederationRefusal::Gone)));
        };
        let (visitor, key) = (self.clone(), key.clone());
        let looked = self.app.db.read(move |tx| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            federation::look(tx, rules, visit, visitor.browser_hash(), &key, &state)
        });
        Ok(looked.await?.map_err(Astray::lost))
    }

    /// Proves who somebody is by a password that a directory checks. A wrong one leaves the way as it was.
    pub(crate) async fn prove_by_password(
        &self,
        key: &ProviderKey,
        state: &str,
        login: &str,
        password: &str,
    ) -> Result<Result<(Arrived, String), Astray>, Error> {
        let Some(state) = Secret::parse(state) else {
            return Ok(Err(Astray::lost(FederationRefusal::Gone)));
        };
        let guess = match self.guess(key, &state, login).await? {
            Ok(guess) => guess,
            Err(refusal) => return Ok(Err(Astray::lost(refusal))),
        };
        let claims = match self.provider(key) {
            Some(provider) => provider.claims_by_password(login, password).await,
            None => Err(ProviderFailure::Unusable("no longer configured".to_owned())),
        };
        match claims {
            Ok(claims) => self.take_up(key, state, claims, Some(guess)).await,
            Err(failure) => {
                let code = self.failed(key, &failure);
                self.entered::<()>("directory", Err(()), |()| code).await?.ok();
                Ok(Err(Astray::code(code)))
            }
        }
    }

    /// Proves who somebody is by a ticket of Kerberos; what proves to them who we are comes with it.
    pub(crate) async fn prove_by_ticket(
        &self,
        key: &ProviderKey,
        state: &str,
        ticket: Vec<u8>,
    ) -> Result<(Result<(Arrived, String), Astray>, Option<Vec<u8>>), Error> {
        let errand = match self.look_at_way(key, state).await? {
            Ok(errand) => errand,
            Err(astray) => return Ok((Err(astray), None)),
        };
        let accepted = match self.provider(key) {
            Some(provider) => provider.claims_by_ticket(ticket).await,
            None => Err(ProviderFailure::Unusable("no longer configured".to_owned())),
        };
        match accepted.map_err(|failure| self.failed(key, &failure)) {
            Ok(Accepted { claims, reply }) => {
                let state =
                    Secret::parse(state).ok_or_else(|| Failure::new("a state that was read before"))?;
                Ok((self.take_up(key, state, claims, None).await?, reply))
            }
            Err(code) => {
                let astray = Astray {
                    errand: Some(errand),
                    ..Astray::code(code)
                };
                Ok((Err(astray), None))
            }
        }
    }

    async fn guess(
        &self,
        key: &ProviderKey,
        state: &Secret,
        login: &str,
    ) -> Result<Result<Guess, FederationRefusal>, Error> {
        let (visitor, key, state, login) = (self.clone(), key.clone(), state.clone(), login.to_owned());
        let guess = self.app.db.write(move |tx| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            federation::guess(tx, rules, visit, visitor.browser_hash(), &key, &state, &login)
        });
        Ok(guess.await?)
    }

    /// Takes up the way of somebody who has just proved themselves here, and decides.
    async fn take_up(
        &self,
        key: &ProviderKey,
        state: Secret,
        claims: Claims,
        guess: Option<Guess>,
    ) -> Result<Result<(Arrived, String), Astray>, Error> {
        let arrival = arrival(key.clone(), claims, &self.app.rules.default_region);
        let (visitor, key) = (self.clone(), key.clone());
        let decided = self.app.db.write(move |tx| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            if let Some(guess) = &guess {
                guess.forgive(tx, visit)?;
            }
            let browser = visitor.browser_hash();
            let resumed = match federation::resume(tx, rules, visit, browser, &key, &state)? {
                Ok(resumed) => resumed,
                Err(refusal) => return Ok::<_, Failure>(Err(Astray::lost(refusal))),
            };
            let arrived = visitor.arrive_as(tx, &resumed, &arrival)?;
            let (errand, return_to) = (resumed.errand, resumed.return_to);
            Ok(match arrived {
                Ok(arrived) => Ok((arrived, return_to)),
                Err(refusal) => Err(Astray {
                    code: refusal.code(),
                    errand: Some(errand),
                    return_to,
                }),
            })
        });
        Ok(decided.await?)
    }
}
