use std::time::Duration;

use db::Tx;
use esign::certificate::Certificate;
use esign::trust::TrustStore;

use super::RenewalRefusal;
use crate::account::{self, Name, PersonId};
use crate::binding::{self, CertificateData, CertificateState};
use crate::session::Session;
use crate::sign_in::federation::Likeness;
use crate::sign_in::federation::compare::{self, person_ids_differ};
use crate::ticket::{self, New, Purpose};
use crate::{Decision, Failure, Rules, Visit, refuse};

/// How long a certificate that was shown waits for the statement about it.
const LIFE: Duration = Duration::from_secs(30 * 60);

/// What the trusted authorities' rules read from a certificate that has not been verified yet: it is only compared.
struct Stated {
    person_ids: Vec<PersonId>,
    name: Name,
}

/// Keeps the certificate that is to follow, for this session, until the statement about it is signed. One that names
/// another person is refused at once (D-8.b); whether it is good is found out at its first entry.
pub fn offer(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    trust: &TrustStore,
    session: &Session,
    certificate: &Certificate,
) -> Decision<(), RenewalRefusal> {
    if let Some(refusal) = obstacle(tx, visit, trust, session, certificate)? {
        refuse!(refusal);
    }
    ticket::discard_kind(tx, visit, session.account, Purpose::RenewalOffer)?;
    let new = New {
        purpose: Purpose::RenewalOffer,
        browser: None,
        account: Some(session.account),
        session: Some(session.id),
        life: LIFE,
        tries: 0,
        payload: certificate.der(),
    };
    ticket::issue(tx, rules, visit, new)?;
    Ok(Ok(()))
}

/// The certificate that was kept for this session.
pub fn offered(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    session: &Session,
) -> Result<Option<Certificate>, Failure> {
    let since = visit.now.minus(LIFE);
    let kept = ticket::list_since(tx, rules, visit, Purpose::RenewalOffer, session.account, since)?;
    let Some(own) = kept.into_iter().find(|ticket| ticket.session == Some(session.id)) else {
        return Ok(None);
    };
    Ok(Certificate::parse(own.payload).ok())
}

fn obstacle(
    tx: &mut Tx<'_>,
    visit: &Visit,
    trust: &TrustStore,
    session: &Session,
    certificate: &Certificate,
) -> Result<Option<RenewalRefusal>, Failure> {
    if let Some(bound) = binding::find_certificate(tx, &certificate.fingerprint())? {
        return Ok(Some(if bound.account == session.account {
            RenewalRefusal::AlreadyBound
        } else {
            RenewalRefusal::BoundElsewhere
        }));
    }
    if CertificateData::of(certificate, "", visit.now).state == CertificateState::Expired {
        return Ok(Some(RenewalRefusal::Expired));
    }
    let stated = stated(trust, certificate);
    let known = account::profile(tx, session.account)?;
    if person_ids_differ(&known.person_ids, &stated.person_ids) {
        return Ok(Some(RenewalRefusal::PersonIdDiffers));
    }
    let is_same = stated.person_ids.iter().any(|id| known.person_ids.contains(id));
    let other_name = compare::names(&known.name, &stated.name) == Likeness::Differ;
    Ok((!is_same && other_name).then_some(RenewalRefusal::NameDiffers))
}

/// By the rules of the first group whose authority the certificate names as its issuer.
fn stated(trust: &TrustStore, certificate: &Certificate) -> Stated {
    let issuer = certificate.issuer().to_string();
    let issues = |authority: &Certificate| authority.subject().to_string() == issuer;
    let group = trust
        .groups()
        .iter()
        .find(|group| group.anchors.iter().chain(&group.intermediates).any(issues));
    let subject = group.and_then(|group| group.subject(certificate).ok());
    match subject {
        Some(subject) => Stated {
            name: Name::from(&subject.name),
            person_ids: subject.person_ids,
        },
        None => Stated {
            person_ids: Vec::new(),
            name: Name {
                surname: binding::owner(certificate),
                ..Name::default()
            },
        },
    }
}
