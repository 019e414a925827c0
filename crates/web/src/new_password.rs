//! Setting a password, for the page and the API: judged and hashed on the pool, between two transactions.

use cabinet::binding::{self, NewPassword, PasswordHash, PasswordRefusal};

use crate::error::Error;
use crate::signed_in::Access;
use crate::visitor::Visitor;

/// Where a password is set.
pub(crate) const PAGE: &str = "/profile/password";

impl Visitor {
    /// Sets or changes the password. The fresh proof is asked for first: without it nothing typed is even judged.
    pub(crate) async fn set_password(&self, password: String) -> Result<Result<(), PasswordRefusal>, Error> {
        let personal = self.change(Access::Whole, PAGE, (), |tx, visitor, fresh, ()| {
            binding::personal_words(tx, &visitor.app.rules, &visitor.visit, fresh.account())
                .map(Ok::<_, PasswordRefusal>)
        });
        let personal = match personal.await? {
            Ok(personal) => personal,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let hash = match self.hash_password(password, personal).await? {
            Ok(hash) => hash,
            Err(refusal) => return Ok(Err(refusal)),
        };
        self.change(Access::Whole, PAGE, (), move |tx, visitor, fresh, ()| {
            binding::set_password(tx, &visitor.app.rules, &visitor.visit, fresh, &hash).map(Ok)
        })
        .await
    }

    /// Judges a password and hashes it on the pool, outside any transaction.
    pub(crate) async fn hash_password(
        &self,
        password: String,
        personal: Vec<String>,
    ) -> Result<Result<PasswordHash, PasswordRefusal>, Error> {
        let entropy = self.visit.entropy.clone();
        let hashed = self
            .app
            .passwords
            .run(move || NewPassword::check(&password, &personal).map(|accepted| accepted.hash(&entropy)));
        Ok(match hashed.await? {
            Ok(hash) => Ok(hash?),
            Err(refusal) => Err(refusal),
        })
    }
}
