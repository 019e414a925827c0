//! Two accounts of one person: the one that stays, and the other.

use std::sync::Arc;

use cabinet::merge::{self, Confirmed, KeptPassword, MergeRefusal, Preview};
use cabinet::session::{Session, SteppedUp};
use cabinet::sign_in::{self, ChallengePurpose, Entered};
use cabinet::{Failure, Rules, Secret, Visit};
use db::{Tx, params};
use esign::provider;
use testkit::entry::{World, words};
use testkit::pki::{Key, Person, aigul, askhat};
use testkit::visit::{browser, visit};

use crate::contact::resident::{Resident, letters};
use crate::password::{PASSWORD, set};

/// The account that stays states no number; the other has one, a key, a password and an e-mail.
pub(super) struct Pair {
    pub(super) world: World,
    pub(super) kept: Resident,
    pub(super) other: Resident,
}

impl Pair {
    pub(super) async fn new(world: &World) -> Self {
        let mut kept = Resident::with_email(world, &aigul(), 1, "aigul@mail.kz").await;
        let account = kept.session(&visit()).await.account;
        world
            .write(&visit(), move |tx, _, _| {
                Ok(tx.execute("delete from person_id where account_id = $1", params![account])?)
            })
            .await;
        let mut other = Resident::with_email(world, &askhat(), 2, "askhat@mail.kz").await;
        other.step_up(&visit()).await;
        set(world, &visit(), &other.secret, PASSWORD).await;
        kept.step_up(&visit()).await;
        letters(world, &visit()).await;
        Self {
            world: world.clone(),
            kept,
            other,
        }
    }

    /// A third account that wants the other one, too; it states no number either.
    pub(super) async fn rival(&self) -> Self {
        let person = Person {
            name: ["КИМ", "ВЕРА", "ИВАНОВНА"],
            ..aigul()
        };
        let mut kept = Resident::with_email(&self.world, &person, 3, "kim@mail.kz").await;
        let account = kept.session(&visit()).await.account;
        self.world
            .write(&visit(), move |tx, _, _| {
                Ok(tx.execute("delete from person_id where account_id = $1", params![account])?)
            })
            .await;
        kept.step_up(&visit()).await;
        Self {
            world: self.world.clone(),
            kept,
            other: Resident::new(&self.world, &askhat(), 4).await,
        }
    }

    pub(super) async fn session(&self) -> Session {
        self.kept.session(&visit()).await
    }

    /// Does what needs a fresh proof, in the account that stays.
    pub(super) async fn act<T: Send + 'static>(
        &self,
        visit: &Visit,
        act: impl Fn(&mut Tx<'_>, &Rules, &Visit, &SteppedUp) -> Result<T, Failure> + Send + 'static,
    ) -> T {
        let session = self.session().await;
        self.world
            .write(visit, move |tx, rules, visit| {
                let by = session.step_up(tx, rules, visit)?.unwrap();
                act(tx, rules, visit, &by)
            })
            .await
    }

    pub(super) async fn begin(&self) -> Secret {
        self.act(&visit(), |tx, rules, visit, by| {
            merge::begin(tx, rules, visit, browser(1), by)
        })
        .await
    }

    /// Proves another account by this key.
    pub(super) async fn prove(&self, secret: &Secret, key: &Key) -> Result<Secret, MergeRefusal> {
        let session = self.session().await;
        let asked = session.clone();
        let challenge = self
            .world
            .write(&visit(), move |tx, rules, visit| {
                let purpose = ChallengePurpose::Merge(&asked);
                let nonce = sign_in::issue_challenge(tx, rules, visit, purpose, &words())?.nonce;
                sign_in::find_challenge(tx, rules, visit, purpose, &nonce)
            })
            .await
            .expect("the challenge just issued");
        let cms = key.answer(&challenge, &visit());
        let signed = challenge
            .verify(&cms, &self.world.trust, &visit(), provider::native())
            .expect("a good key");
        let (signed, secret) = (Arc::new(signed), secret.clone());
        self.world
            .write(&visit(), move |tx, rules, visit| {
                let here = browser(1);
                let entered = merge::prove_with_certificate(tx, rules, visit, here, &session, &signed)?;
                match entered {
                    Ok(Entered::Opened(entry)) => {
                        merge::prove(tx, rules, visit, here, &session, &secret, &entry)
                    }
                    Ok(Entered::SecondFactorNeeded(_)) => panic!("a second factor is asked for"),
                    Err(refusal) => Ok(Err(refusal)),
                }
            })
            .await
    }

    /// Enters the other account by its password, as a proof.
    pub(super) async fn prove_by_password(&self, secret: &Secret) -> Result<Secret, MergeRefusal> {
        let session = self.session().await;
        let attempt = self
            .world
            .write(&visit(), |tx, rules, visit| {
                sign_in::password_attempt(tx, rules, visit, "900101300007", None)
            })
            .await
            .unwrap();
        let checked = Arc::new(sign_in::check_password(attempt, PASSWORD, &visit().entropy));
        let secret = secret.clone();
        self.world
            .write(&visit(), move |tx, rules, visit| {
                let here = browser(1);
                match sign_in::with_password(tx, rules, visit, here, &checked)?.unwrap() {
                    Entered::Opened(entry) => merge::prove(tx, rules, visit, here, &session, &secret, &entry),
                    Entered::SecondFactorNeeded(_) => Ok(Err(MergeRefusal::NotProven)),
                }
            })
            .await
    }

    pub(super) async fn preview(&self, secret: &Secret) -> Result<Preview, MergeRefusal> {
        let (session, secret) = (self.session().await, secret.clone());
        self.world
            .read(&visit(), move |tx, rules, visit| {
                merge::preview(tx, rules, visit, browser(1), &session, &secret)
            })
            .await
    }

    pub(super) async fn confirm(
        &self,
        secret: &Secret,
        password: KeptPassword,
    ) -> Result<Confirmed, MergeRefusal> {
        let secret = secret.clone();
        self.act(&visit(), move |tx, rules, visit, by| {
            merge::confirm(tx, rules, visit, browser(1), by, &secret, password)
        })
        .await
    }

    /// The whole way.
    pub(super) async fn merge(&self) -> Confirmed {
        let secret = self.begin().await;
        let secret = self.prove(&secret, &self.other.key).await.unwrap();
        self.confirm(&secret, KeptPassword::Own).await.unwrap()
    }

    /// Every row that says to whom something belongs.
    pub(super) async fn rows(&self) -> Vec<String> {
        const WORDS: [&str; 6] = [
            "select account_id, hash from password",
            "select account_id, value from person_id",
            "select account_id, slot || key from contact",
            "select account_id, slot || key || coalesce(cast(held_until as text), '') from contact_login",
            "select account_id, folded from organisation_user_name",
            "select id, case when merged_into is null then 'own' else 'merged' end from account",
        ];
        const BYTES: [&str; 4] = [
            "select account_id, id from authenticator where removed_at is null",
            "select account_id, staff_id from membership",
            "select account_id, seed from totp",
            "select account_id, code_hash from recovery_code",
        ];
        let mut rows = self
            .world
            .read(&visit(), |tx, _, _| {
                let mut rows = Vec::new();
                for sql in WORDS {
                    let found: Vec<(Vec<u8>, String)> = tx.list(sql, params![])?;
                    rows.extend(
                        found
                            .into_iter()
                            .map(|(id, what)| format!("{sql}: {id:?} {what}")),
                    );
                }
                for sql in BYTES {
                    let found: Vec<(Vec<u8>, Vec<u8>)> = tx.list(sql, params![])?;
                    rows.extend(
                        found
                            .into_iter()
                            .map(|(id, what)| format!("{sql}: {id:?} {what:?}")),
                    );
                }
                Ok(rows)
            })
            .await;
        rows.sort();
        rows
    }
}
