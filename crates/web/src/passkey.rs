//! Passkeys between the browser and the domain: what is asked, as `navigator.credentials` takes it, and what came back.

use cabinet::Secret;
use cabinet::binding::{
    self, Assertion, Attestation, PasskeyChallenge, PasskeyRefusal, PasskeyUse, RegistrationOffer,
    SecondFactor,
};
use cabinet::organisation::Entrance;
use cabinet::session;
use cabinet::sign_in::second_factor::{self, Passed};
use cabinet::sign_in::{self, Entered};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Error;
use crate::signed_in::Access;
use crate::view::error::ErrorKind;
use crate::visitor::Visitor;

/// `PublicKeyCredentialRequestOptionsJSON` (WebAuthn, 5.5).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Request {
    challenge: String,
    rp_id: String,
    allow_credentials: Vec<Descriptor>,
    user_verification: &'static str,
    /// Milliseconds.
    timeout: u128,
}

/// `PublicKeyCredentialCreationOptionsJSON` (WebAuthn, 5.4).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Creation {
    challenge: String,
    rp: Site,
    user: User,
    pub_key_cred_params: Vec<Algorithm>,
    exclude_credentials: Vec<Descriptor>,
    authenticator_selection: Selection,
    attestation: &'static str,
    /// Milliseconds.
    timeout: u128,
}

/// A key that is known.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Descriptor {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
}

/// This site.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Site {
    id: String,
    name: String,
}

/// The owner, as the device will show them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    id: String,
    name: String,
    display_name: String,
}

/// An algorithm, as COSE numbers it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Algorithm {
    #[serde(rename = "type")]
    kind: &'static str,
    alg: i64,
}

/// What the device must be able to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Selection {
    resident_key: &'static str,
    require_resident_key: bool,
    user_verification: &'static str,
}

const KEY: &str = "public-key";

/// `RegistrationResponseJSON` (WebAuthn, 5.1), as far as it is read; bytes are base64url.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(crate) struct Created {
    response: CreatedResponse,
}

/// `AuthenticatorAttestationResponseJSON`
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CreatedResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    attestation_object: String,
}

/// `AuthenticationResponseJSON` (WebAuthn, 5.1), as far as it is read; bytes are base64url.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Used {
    raw_id: String,
    response: UsedResponse,
}

/// `AuthenticatorAssertionResponseJSON`
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UsedResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    authenticator_data: String,
    signature: String,
    user_handle: Option<String>,
}

/// What a device answered, in a form.
#[derive(Debug, Deserialize)]
pub(crate) struct Answered {
    /// For [`Used::read`].
    #[serde(default)]
    pub(crate) credential: String,
    /// Where the person was going.
    #[serde(default)]
    pub(crate) return_to: String,
}

impl Created {
    /// From the hidden field of a form.
    pub(crate) fn read(json: &str) -> Result<Self, PasskeyRefusal> {
        serde_json::from_str(json).map_err(|_| PasskeyRefusal::Malformed)
    }

    pub(crate) fn attestation(&self) -> Result<Attestation, PasskeyRefusal> {
        Ok(Attestation {
            client_data: bytes(&self.response.client_data)?,
            object: bytes(&self.response.attestation_object)?,
        })
    }
}

impl Used {
    /// From the hidden field of a form.
    pub(crate) fn read(json: &str) -> Result<Self, PasskeyRefusal> {
        serde_json::from_str(json).map_err(|_| PasskeyRefusal::Malformed)
    }

    pub(crate) fn assertion(&self) -> Result<Assertion, PasskeyRefusal> {
        let response = &self.response;
        Ok(Assertion {
            credential_id: bytes(&self.raw_id)?,
            client_data: bytes(&response.client_data)?,
            authenticator_data: bytes(&response.authenticator_data)?,
            signature: bytes(&response.signature)?,
            user_handle: response.user_handle.as_deref().map(bytes).transpose()?,
        })
    }
}

fn bytes(text: &str) -> Result<Vec<u8>, PasskeyRefusal> {
    BASE64URL_NOPAD
        .decode(text.as_bytes())
        .map_err(|_| PasskeyRefusal::Malformed)
}

fn descriptors(keys: &[Vec<u8>]) -> Vec<Descriptor> {
    let descriptor = |key: &Vec<u8>| Descriptor {
        kind: KEY,
        id: BASE64URL_NOPAD.encode(key),
    };
    keys.iter().map(descriptor).collect()
}

impl Visitor {
    /// Asks for any passkey of this site, to enter. Anybody may, so a network is given only so many.
    pub(crate) async fn pose_passkey_sign_in(&self) -> Result<Request, Error> {
        if !self.app.challenges.take(self.visit.address, self.visit.now) {
            return Err(Error::Page(ErrorKind::TooMany { minutes: 1 }));
        }
        let visitor = self.clone();
        let asked = self.app.db.write(move |tx| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            binding::issue_passkey_challenge(tx, rules, visit, browser, PasskeyUse::SignIn)
        });
        Ok(self.request(asked.await?))
    }

    /// Asks for a passkey of the person who is signed in.
    pub(crate) async fn pose_passkey_step_up(&self) -> Result<Request, Error> {
        let asked = self.act(Access::FirstEntry, |tx, visitor, session| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            let asked = PasskeyUse::StepUp(session);
            binding::issue_passkey_challenge(tx, rules, visit, browser, asked).map(Ok::<_, PasskeyRefusal>)
        });
        let asked = asked.await?.map_err(|refusal| Error::refused(refusal.code()))?;
        Ok(self.request(asked))
    }

    /// Asks for a passkey beside the first proof that waits in this browser.
    pub(crate) async fn pose_passkey_second_factor(&self) -> Result<Request, Error> {
        let asked = self.with_waiting(|tx, rules, visit, visitor, secret| {
            let browser = visitor.browser_hash();
            let Some(pending) = second_factor::pending(tx, rules, visit, browser, secret)? else {
                return Ok(Err(second_factor::SecondFactorRefusal::Gone));
            };
            let asked = PasskeyUse::SecondFactor(&pending);
            binding::issue_passkey_challenge(tx, rules, visit, browser, asked).map(Ok)
        });
        let asked = asked.await?.map_err(|refusal| Error::refused(refusal.code()))?;
        Ok(self.request(asked))
    }

    /// Enters by a passkey.
    pub(crate) async fn enter_with_passkey(
        &self,
        used: Result<Used, PasskeyRefusal>,
        entrance: Option<Entrance>,
    ) -> Result<Result<Entered, PasskeyRefusal>, Error> {
        let assertion = match used.and_then(|used| used.assertion()) {
            Ok(assertion) => assertion,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let visitor = self.clone();
        let entered = self.app.db.write(move |tx| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            sign_in::with_passkey(tx, rules, visit, browser, &assertion, entrance.as_ref())
        });
        self.entered("passkey", entered.await?, PasskeyRefusal::code)
            .await
    }

    /// Makes the session stronger by a passkey; gives its new secret.
    pub(crate) async fn step_up_with_passkey(
        &self,
        used: Result<Used, PasskeyRefusal>,
    ) -> Result<Result<Secret, PasskeyRefusal>, Error> {
        let assertion = match used.and_then(|used| used.assertion()) {
            Ok(assertion) => assertion,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let grown = self.act(Access::FirstEntry, move |tx, visitor, session| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            session::step_up_with_passkey(tx, rules, visit, browser, session, &assertion)
        });
        grown.await
    }

    /// Gives a passkey as second factor.
    pub(crate) async fn give_passkey(
        &self,
        used: Result<Used, PasskeyRefusal>,
    ) -> Result<Result<Passed, PasskeyRefusal>, Error> {
        let assertion = match used.and_then(|used| used.assertion()) {
            Ok(assertion) => assertion,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(secret) = self.entry.clone() else {
            return Ok(Err(PasskeyRefusal::SecondFactorGone));
        };
        let visitor = self.clone();
        let passed = self.app.db.write(move |tx| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            second_factor::with_passkey(tx, rules, visit, browser, &secret, &assertion)
        });
        self.passed(SecondFactor::Passkey, passed.await?, PasskeyRefusal::code)
            .await
    }

    /// What the browser is to make.
    pub(crate) fn creation(&self, offer: &RegistrationOffer, person: String) -> Creation {
        Creation {
            challenge: offer.challenge.base64url(),
            rp: Site {
                id: offer.site.clone(),
                name: self.app.rules.product_name.clone(),
            },
            user: User {
                id: BASE64URL_NOPAD.encode(&offer.user),
                name: person.clone(),
                display_name: person,
            },
            pub_key_cred_params: offer
                .algorithms
                .into_iter()
                .map(|alg| Algorithm { kind: KEY, alg })
                .collect(),
            exclude_credentials: descriptors(&offer.known),
            authenticator_selection: Selection {
                resident_key: "required",
                require_resident_key: true,
                user_verification: "required",
            },
            attestation: "none",
            timeout: self.app.rules.sign_in.challenge_life.as_millis(),
        }
    }

    fn request(&self, asked: PasskeyChallenge) -> Request {
        Request {
            challenge: asked.challenge.base64url(),
            rp_id: asked.site,
            allow_credentials: descriptors(&asked.keys),
            user_verification: "required",
            timeout: self.app.rules.sign_in.challenge_life.as_millis(),
        }
    }
}
