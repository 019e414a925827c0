use std::time::Duration;

use db::Tx;

use super::{CurrentOrganisation, Recovered, Session, SessionId, store};
use crate::account::Name;
use crate::organisation::{self, OrganisationId};
use crate::{Failure, Rules, Secret, Visit};

/// How exactly the last use is known: a page view seldom writes.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// The session of this cookie, if it holds now. One indexed read; nothing is written.
pub fn find(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    secret: &Secret,
) -> Result<Option<Session>, Failure> {
    let row = store::find(tx, secret.hash())?;
    Ok(row.and_then(|row| holding(rules, visit, row)))
}

/// The session of this name, if it holds now.
pub(crate) fn find_holding(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    id: SessionId,
) -> Result<Option<Session>, Failure> {
    let row = store::find_by_id(tx, id)?;
    Ok(row.and_then(|row| holding(rules, visit, row)))
}

pub(super) fn holding(rules: &Rules, visit: &Visit, row: store::Row) -> Option<Session> {
    let expires_at = row.expires_at.min(row.last_seen_at.plus(rules.session.idle));
    (row.ended_at.is_none() && row.blocked_at.is_none() && visit.now < expires_at).then(|| Session {
        id: row.id,
        account: row.account,
        authenticator: row.authenticator,
        name: Name {
            surname: row.surname,
            given_name: row.given_name,
            patronymic: row.patronymic,
        },
        language: row.language,
        opened_at: row.opened_at,
        last_seen_at: row.last_seen_at,
        expires_at,
        has_email: row.emails > 0,
        has_phone: row.phones > 0,
        owes_second_factor: row.owes_second_factor,
        recovered: row.recovered_at.map(|at| Recovered {
            at,
            contact_since: row.contact_since,
        }),
        stepped_up_until: row.stepped_up_at.map(|at| at.plus(rules.session.step_up)),
        organisation: row
            .organisation
            .zip(row.organisation_name)
            .map(|(id, short_name)| CurrentOrganisation {
                id,
                short_name,
                support: organisation::read_support(&row.organisation_support.unwrap_or_default()),
            }),
    })
}

impl Session {
    /// Whether [`touch`] would write.
    pub fn needs_touch(&self, visit: &Visit) -> bool {
        self.last_seen_at.plus(TOUCH_EVERY) <= visit.now
    }
}

/// Notes that the session is in use, at most once a minute.
pub fn touch(tx: &mut Tx<'_>, visit: &Visit, session: SessionId) -> Result<(), Failure> {
    store::update_last_seen(tx, session, visit.now, visit.now.minus(TOUCH_EVERY))?;
    Ok(())
}

/// The organisation that the person is here for from now on.
pub(crate) fn set_organisation(
    tx: &mut Tx<'_>,
    session: SessionId,
    organisation: Option<OrganisationId>,
) -> Result<(), Failure> {
    Ok(store::update_organisation(tx, session, organisation)?)
}

/// The account was recovered in this session, or, with nothing, what followed from that is over.
pub(crate) fn set_recovered(
    tx: &mut Tx<'_>,
    session: SessionId,
    recovered: Option<Recovered>,
) -> Result<(), Failure> {
    let (at, since) = (
        recovered.map(|it| it.at),
        recovered.and_then(|it| it.contact_since),
    );
    Ok(store::update_recovered(tx, session, at, since)?)
}
