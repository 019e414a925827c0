//! Renewal ahead of time, as pages and the API ask for it.

use cabinet::renewal::{self, RenewalId, RenewalRefusal};
use cabinet::session::Session;
use cabinet::sign_in::{self, ChallengePurpose, SignInRefusal};
use esign::certificate::Certificate;

use crate::error::Error;
use crate::language::lang;
use crate::proof::{Answer, Posed};
use crate::signed_in::Access;
use crate::status::Occasion;
use crate::visitor::Visitor;

impl Visitor {
    /// Keeps the certificate of a file until the statement about it is signed.
    pub(crate) async fn offer_renewal(&self, file: &[u8]) -> Result<Result<(), RenewalRefusal>, Error> {
        let successor = match renewal::read_successor(file) {
            Ok(successor) => successor,
            Err(refusal) => return Ok(Err(refusal)),
        };
        self.act(Access::Whole, move |tx, visitor, session| {
            let (rules, visit, trust) = (&visitor.app.rules, &visitor.visit, &visitor.app.trust);
            renewal::offer(tx, rules, visit, trust, session, &successor)
        })
        .await
    }

    /// The certificate that was kept.
    pub(crate) async fn offered_renewal(&self) -> Result<(Session, Option<Certificate>), Error> {
        self.read(Access::Whole, |tx, visitor, session| {
            renewal::offered(tx, &visitor.app.rules, &visitor.visit, session)
        })
        .await
    }

    /// The statement about it, to be signed with the old key.
    pub(crate) async fn pose_renewal(&self) -> Result<Posed, Error> {
        let posed = self.act(Access::Whole, |tx, visitor, session| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            let Some(successor) = renewal::offered(tx, rules, visit, session)? else {
                return Ok(Err(RenewalRefusal::OfferGone));
            };
            let purpose = ChallengePurpose::Renewal(session, &successor);
            let lang = lang(visitor.language(Some(session)));
            let words = visitor.challenge_words(lang, text::challenge::renewal(lang));
            sign_in::issue_challenge(tx, rules, visit, purpose, &words).map(Ok)
        });
        match posed.await? {
            Ok(posed) => Ok(self.posed(posed)),
            Err(refusal) => Err(Error::refused(refusal.code())),
        }
    }

    /// Stores the statement that was signed.
    pub(crate) async fn make_renewal(
        &self,
        answer: Result<Answer, SignInRefusal>,
    ) -> Result<Result<RenewalId, &'static str>, Error> {
        let answer = match answer {
            Ok(answer) => answer,
            Err(refusal) => return Ok(Err(refusal.code())),
        };
        let (session, Some(successor)) = self.offered_renewal().await? else {
            return Ok(Err(RenewalRefusal::OfferGone.code()));
        };
        let cms = answer.cms();
        let occasion = Occasion::Renewal(Box::new(session), Box::new(successor));
        let signed = match self.verify(Ok(answer), occasion).await? {
            Ok(signed) => signed,
            Err(refusal) => return Ok(Err(refusal.code())),
        };
        let made = self.act(Access::Whole, move |tx, visitor, session| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            renewal::make(tx, rules, visit, session, &signed, &cms)
        });
        Ok(made.await?.map_err(RenewalRefusal::code))
    }

    /// Takes a statement back.
    pub(crate) async fn revoke_renewal(&self, id: RenewalId) -> Result<Result<(), RenewalRefusal>, Error> {
        self.act(Access::Whole, move |tx, visitor, session| {
            renewal::revoke(tx, &visitor.visit, session, id)
        })
        .await
    }

    /// A statement with its signature.
    pub(crate) async fn renewal_evidence(&self, id: RenewalId) -> Result<renewal::Evidence, Error> {
        let found = self.read(Access::Whole, move |tx, _, session| {
            renewal::evidence(tx, session.account, id)
        });
        let (_, evidence) = found.await?;
        evidence.ok_or(Error::refused(RenewalRefusal::NotFound.code()))
    }
}
