use db::{Timestamp, Tx};
use esign::certificate::Certificate;

use super::{
    AuthenticatorId, BoundBy, IdentityData, Kind, certificate, identities, list_usable, passkey, store,
};
use crate::account::AccountId;
use crate::{Failure, Rules};

/// A way into an account, as its owner sees it.
#[derive(Clone, Debug)]
pub struct Authenticator {
    /// Its name, for [`super::remove_certificate`].
    pub id: AuthenticatorId,
    /// What it is.
    pub kind: Kind,
    /// When it was bound; of a password, when it was last set.
    pub bound_at: Timestamp,
    /// How it was bound.
    pub bound_by: BoundBy,
    /// When it last opened or strengthened a session.
    pub last_used_at: Option<Timestamp>,
    /// Whether nothing else opens the account now: it cannot be taken away.
    pub is_only_way: bool,
    /// The data of a certificate.
    pub certificate: Option<CertificateData>,
    /// The data of an identity at a provider.
    pub identity: Option<IdentityData>,
    /// The data of a passkey.
    pub passkey: Option<PasskeyData>,
}

/// What is known of a passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyData {
    /// As the person called it.
    pub name: String,
    /// Whether the device may copy it elsewhere.
    pub may_be_backed_up: bool,
    /// Whether there is such a copy.
    pub is_backed_up: bool,
}

/// What a certificate says of itself.
#[derive(Clone, Debug)]
pub struct CertificateData {
    /// The unique name of its owner.
    pub owner: String,
    /// The whole subject.
    pub subject: String,
    /// The name of its issuer, in the script it was written in.
    pub issuer: String,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// The algorithm of its key.
    pub algorithm: String,
    /// Valid from.
    pub not_before: Timestamp,
    /// Valid until.
    pub not_after: Timestamp,
    /// SHA-256 of the whole certificate.
    pub fingerprint: [u8; 32],
    /// The anchor group that vouched for it.
    pub anchor_group: String,
    /// Its state now.
    pub state: CertificateState,
    /// The certificate itself, from which everything else can be read; not kept of those bound long ago.
    pub certificate: Option<Certificate>,
}

impl CertificateData {
    /// What a certificate says that is bound to nobody yet.
    pub fn of(certificate: &Certificate, anchor_group: &str, now: Timestamp) -> Self {
        let (not_before, not_after) = certificate::validity(certificate);
        let issuer = certificate.issuer();
        Self {
            owner: certificate::owner(certificate),
            subject: certificate.subject().to_string(),
            issuer: issuer.common_name().unwrap_or_else(|| issuer.to_string()),
            serial: certificate::serial(certificate),
            algorithm: certificate.algorithm_name(),
            not_before,
            not_after,
            fingerprint: certificate.fingerprint(),
            anchor_group: anchor_group.to_owned(),
            state: CertificateState::at(now, not_before, not_after),
            certificate: Some(certificate.clone()),
        }
    }
}

/// The state of a bound certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateState {
    /// It opens the account.
    Valid,
    /// Its time has not come.
    NotYetValid,
    /// Its time is over.
    Expired,
    /// The person removed it.
    Removed {
        /// When.
        at: Timestamp,
    },
}

impl CertificateState {
    fn at(now: Timestamp, not_before: Timestamp, not_after: Timestamp) -> Self {
        if now < not_before {
            Self::NotYetValid
        } else if now > not_after {
            Self::Expired
        } else {
            Self::Valid
        }
    }
}

/// The ways into an account, and every certificate that ever was one (A-6.a), newest first.
pub fn list(
    tx: &mut Tx<'_>,
    rules: &Rules,
    now: Timestamp,
    account: AccountId,
) -> Result<Vec<Authenticator>, Failure> {
    let mut list: Vec<Authenticator> = store::list_certificates(tx, account)?
        .into_iter()
        .map(|row| certificate_way(row, now))
        .collect();
    for linked in identities(tx, rules, account)? {
        list.push(Authenticator {
            id: linked.authenticator,
            kind: Kind::ExternalIdentity,
            bound_at: linked.bound_at,
            bound_by: BoundBy::Person,
            last_used_at: linked.last_used_at,
            is_only_way: false,
            certificate: None,
            identity: Some(linked.shown(tx, rules)?),
            passkey: None,
        });
    }
    let passwords = store::list_passwords(tx, account)?
        .into_iter()
        .map(|row| Authenticator {
            id: row.id,
            kind: Kind::Password,
            bound_at: row.bound_at,
            bound_by: row.bound_by,
            last_used_at: row.last_used_at,
            is_only_way: false,
            certificate: None,
            identity: None,
            passkey: None,
        });
    list.extend(passwords);
    list.extend(passkey::list(tx, account)?.into_iter().map(passkey_way));
    if let [only] = list_usable(tx, rules, account, now)?.as_slice() {
        for way in &mut list {
            way.is_only_way = way.id == only.id;
        }
    }
    Ok(list)
}

fn certificate_way(row: store::CertificateRow, now: Timestamp) -> Authenticator {
    let state = match row.removed_at {
        Some(at) => CertificateState::Removed { at },
        None => CertificateState::at(now, row.not_before, row.not_after),
    };
    Authenticator {
        id: row.id,
        kind: Kind::Certificate,
        bound_at: row.bound_at,
        bound_by: row.bound_by,
        last_used_at: row.last_used_at,
        is_only_way: false,
        certificate: Some(CertificateData {
            owner: row.owner,
            subject: row.subject,
            issuer: row.issuer,
            serial: row.serial,
            algorithm: row.algorithm,
            not_before: row.not_before,
            not_after: row.not_after,
            fingerprint: row.fingerprint,
            anchor_group: row.anchor_group,
            state,
            certificate: row.der.and_then(|der| Certificate::parse(der).ok()),
        }),
        identity: None,
        passkey: None,
    }
}

fn passkey_way(row: passkey::PasskeyRow) -> Authenticator {
    Authenticator {
        id: row.id,
        kind: Kind::Passkey,
        bound_at: row.bound_at,
        bound_by: row.bound_by,
        last_used_at: row.last_used_at,
        is_only_way: false,
        certificate: None,
        identity: None,
        passkey: Some(PasskeyData {
            name: row.name,
            may_be_backed_up: row.may_be_backed_up,
            is_backed_up: row.is_backed_up,
        }),
    }
}
