use data_encoding::HEXUPPER;
use db::{Timestamp, Tx};
use esign::certificate::Certificate;
use esign::time::UnixTime;
use serde_json::json;

use super::{AuthenticatorId, BoundBy, Kind, reminder, store};
use crate::account::AccountId;
use crate::audit::{self, Act, Event};
use crate::{Failure, Visit};

/// Binds a verified certificate to an account and says so in the audit trail.
pub(crate) fn bind_certificate(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    by: BoundBy,
    certificate: &Certificate,
    anchor_group: &str,
) -> Result<AuthenticatorId, Failure> {
    let id = visit.id(AuthenticatorId::new);
    let row = data(visit, certificate, anchor_group);
    store::insert(tx, id, account, Kind::Certificate, by, visit.now)?;
    if store::insert_certificate(tx, id, &row)? == 0 {
        return Err(Failure::new("a certificate that was just not bound is bound"));
    }
    let detail = json!({ "authenticator": id, "by": by, "serial": row.serial, "issuer": row.issuer });
    let event = Event::by(account, Act::CertificateBound, detail);
    audit::record(tx, visit, event)?;
    Ok(id)
}

/// The binding of a certificate, also a removed one.
pub(crate) fn find_certificate(
    tx: &mut Tx<'_>,
    fingerprint: &[u8; 32],
) -> Result<Option<store::BoundRow>, Failure> {
    Ok(store::find_certificate(tx, fingerprint)?)
}

/// Whose name a certificate bears.
pub(crate) fn owner(certificate: &Certificate) -> String {
    let subject = certificate.subject();
    subject.common_name().unwrap_or_else(|| subject.to_string())
}

/// Its serial number, as authorities write it.
pub(crate) fn serial(certificate: &Certificate) -> String {
    HEXUPPER.encode(certificate.serial())
}

fn data(visit: &Visit, certificate: &Certificate, anchor_group: &str) -> store::NewCertificate {
    let not_after = timestamp(certificate.not_after());
    let issuer = certificate.issuer();
    store::NewCertificate {
        fingerprint: certificate.fingerprint(),
        public_key_digest: certificate.public_key_digest(),
        anchor_group: anchor_group.to_owned(),
        owner: owner(certificate),
        subject: certificate.subject().to_string(),
        issuer: issuer.common_name().unwrap_or_else(|| issuer.to_string()),
        serial: serial(certificate),
        algorithm: certificate.algorithm_name(),
        not_before: timestamp(certificate.not_before()),
        not_after,
        remind_at: reminder::next(visit.now, not_after),
        der: certificate.der().to_vec(),
    }
}

/// From when until when a certificate is valid.
pub(super) fn validity(certificate: &Certificate) -> (Timestamp, Timestamp) {
    (
        timestamp(certificate.not_before()),
        timestamp(certificate.not_after()),
    )
}

fn timestamp(time: UnixTime) -> Timestamp {
    Timestamp::from_seconds(time.as_seconds())
}
