//! Facts into words: times in the installation's zone, refusals by their codes.

use std::time::Duration;

use cabinet::account::{Name, PersonId, Profile};
use cabinet::audit::Act;
use cabinet::binding::{Authenticator, AuthenticatorId, CertificateData, CertificateState};
use data_encoding::HEXLOWER;
use db::Timestamp;
use esign::certificate::Certificate;
use esign::cms::VerifiedSigner;
use esign::profile::Subject;
use esign::trust::KeyPurpose;
use text::{Lang, date};

use crate::pages::security::bound;
use crate::view::certificate::{CertificateCard, Record, Validity};
use crate::view::shown::HolderCard;
use crate::view::{Page, Refusal, holder};
use crate::visitor::Visitor;

/// What ends in fewer days than this ends soon.
pub(crate) const SOON_DAYS: u64 = 30;

/// A person's full name in the order of the language and in ordinary letters: certificates write capitals.
pub(crate) fn full_name(lang: Lang, name: &Name) -> String {
    let full = text::name::full(lang, &name.surname, &name.given_name, &name.patronymic);
    text::name::from_capitals(&full)
}

impl Visitor {
    /// A refusal in the language of `page`.
    pub(crate) fn refusal(&self, page: &Page, code: &'static str) -> Refusal {
        let words = text::refusal::by_code(page.lang, code);
        Refusal {
            code,
            what: words.map_or_else(|| code.to_owned(), |words| words.what.to_owned()),
            why: words.map(|words| words.why.to_owned()).unwrap_or_default(),
            now: words.map(|words| words.now.to_owned()).unwrap_or_default(),
            reference: self.visit.request_id.clone(),
        }
    }

    /// What happened, for the error of one field.
    pub(crate) fn mistake(page: &Page, code: &'static str) -> String {
        text::refusal::by_code(page.lang, code).map_or_else(|| code.to_owned(), |words| words.what.to_owned())
    }

    /// `22.11.2026`
    pub(crate) fn day(&self, at: Timestamp) -> String {
        date::day(at.as_seconds(), &self.app.site.zone)
    }

    /// `14:05`
    pub(crate) fn time(&self, at: Timestamp) -> String {
        date::time(at.as_seconds(), &self.app.site.zone)
    }

    /// `14:05` today, `23.11.2026, 14:05` on any other day.
    pub(crate) fn time_or_moment(&self, at: Timestamp) -> String {
        if self.day(at) == self.day(self.visit.now) {
            self.time(at)
        } else {
            date::moment(at.as_seconds(), &self.app.site.zone)
        }
    }

    /// A person's numbers with their names.
    pub(crate) fn person_ids(lang: Lang, profile: &Profile) -> Vec<(String, String)> {
        named(lang, &profile.person_ids)
    }

    /// The card of a certificate; nothing for other ways in.
    pub(crate) fn certificate_card(
        &self,
        lang: Lang,
        way: &Authenticator,
        ids: &[(String, String)],
        opened_by: AuthenticatorId,
    ) -> Option<CertificateCard> {
        let card = self.card(lang, way.certificate.as_ref()?);
        let record = self.record(
            lang,
            |lang, date| bound(lang, date, way.bound_by),
            way.bound_at,
            way.last_used_at,
        );
        Some(CertificateCard {
            id: way.id.to_string(),
            ids: if card.ids.is_empty() {
                ids.to_vec()
            } else {
                card.ids
            },
            bound_at: self.moment(way.bound_at),
            last_used: way.last_used_at.map(|at| self.moment(at)).unwrap_or_default(),
            record,
            current: way.id == opened_by,
            ..card
        })
    }

    /// The card of a certificate that belongs to nobody yet.
    pub(crate) fn card_of(
        &self,
        lang: Lang,
        certificate: &Certificate,
        anchor_group: &str,
    ) -> CertificateCard {
        self.card(
            lang,
            &CertificateData::of(certificate, anchor_group, self.visit.now),
        )
    }

    fn card(&self, lang: Lang, data: &CertificateData) -> CertificateCard {
        let holder = self.holder(data);
        let (subject, purpose) = holder.unwrap_or((Subject::default(), Some(KeyPurpose::SignIn)));
        let role = || subject.role.map(|role| holder::role(lang, role).to_owned());
        CertificateCard {
            id: String::new(),
            owner: text::name::from_capitals(&data.owner),
            about: subject
                .title
                .or_else(role)
                .into_iter()
                .chain(subject.organisation)
                .collect(),
            ids: named(lang, &subject.person_ids),
            organisation_ids: subject
                .organisation_ids
                .iter()
                .map(|id| (holder::id_name(lang, &id.country, &id.kind), id.value.clone()))
                .collect(),
            issuer: data.issuer.clone(),
            issuer_lang: script(&data.issuer),
            serial: data.serial.clone(),
            algorithm: holder::algorithm(lang, &data.algorithm),
            purpose: holder::purpose(lang, purpose),
            storage: subject.storage.map(|storage| holder::storage(lang, storage)),
            not_before: self.moment(data.not_before),
            not_after: self.moment(data.not_after),
            from_date: self.day(data.not_before),
            until_date: self.day(data.not_after),
            validity: self.validity(data),
            elapsed_percent: elapsed(data.not_before, data.not_after, self.visit.now),
            fingerprint: HEXLOWER.encode(&data.fingerprint),
            bound_at: String::new(),
            last_used: String::new(),
            record: Record::default(),
            current: false,
            is_default: false,
            may_choose: false,
        }
    }

    /// The card of whoever has just proven to hold a key.
    pub(crate) fn holder_card(&self, lang: Lang, signer: &VerifiedSigner) -> HolderCard {
        let (certificate, subject) = (signer.certificate(), signer.subject().clone());
        let group = self.app.trust.group(signer.anchor_group());
        let at = |time: esign::time::UnixTime| Timestamp::from_seconds(time.0);
        let (from, until) = (at(certificate.not_before()), at(certificate.not_after()));
        let owner = certificate.subject().common_name();
        let issuer = certificate.issuer().common_name().unwrap_or_default();
        let role = subject.role.map(|role| holder::role(lang, role).to_owned());
        let organisation_ids = subject.organisation_ids.iter();
        let organisation_ids =
            organisation_ids.map(|id| (holder::id_name(lang, &id.country, &id.kind), id.value.clone()));
        HolderCard {
            owner: text::name::from_capitals(&owner.unwrap_or_else(|| certificate.subject().to_string())),
            about: subject
                .title
                .or(role)
                .into_iter()
                .chain(subject.organisation)
                .collect(),
            ids: named(lang, &subject.person_ids)
                .into_iter()
                .chain(organisation_ids)
                .collect(),
            purpose: holder::purpose(lang, group.and_then(|group| group.key_purpose(certificate))),
            issuer_lang: script(&issuer),
            issuer,
            serial: HEXLOWER.encode(certificate.serial()).to_uppercase(),
            algorithm: holder::algorithm(lang, &certificate.algorithm_name()),
            not_before: self.moment(from),
            not_after: self.moment(until),
            from_date: self.day(from),
            until_date: self.day(until),
            days_left: days(until.since(self.visit.now)),
            elapsed_percent: elapsed(from, until, self.visit.now),
        }
    }

    /// What a bound certificate says of its owner, and for what its key may be used, by the rules of the group that
    /// vouched for it; nothing if the certificate or the group is no longer there.
    pub(crate) fn holder(&self, data: &CertificateData) -> Option<(Subject, Option<KeyPurpose>)> {
        let certificate = data.certificate.as_ref()?;
        let group = self.app.trust.group(&data.anchor_group)?;
        let subject = group.subject(certificate).ok()?;
        Some((subject, group.key_purpose(certificate)))
    }

    fn validity(&self, data: &CertificateData) -> Validity {
        let days_left = days(data.not_after.since(self.visit.now));
        match data.state {
            CertificateState::Valid if days_left < SOON_DAYS => Validity::EndsSoon { days_left },
            CertificateState::Valid => Validity::Valid { days_left },
            CertificateState::NotYetValid => Validity::NotYet,
            CertificateState::Expired => Validity::Expired,
            CertificateState::Removed { .. } => Validity::Removed,
        }
    }

    /// `22.11.2026, 14:05 (UTC+5)`
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        date::moment_with_zone(at.as_seconds(), &self.app.site.zone)
    }
}

/// Numbers with their names.
fn named(lang: Lang, ids: &[PersonId]) -> Vec<(String, String)> {
    let named = |id: &PersonId| (holder::id_name(lang, &id.country, &id.kind), id.value.clone());
    ids.iter().map(named).collect()
}

/// Whole days.
pub(crate) fn days(duration: Duration) -> u64 {
    duration.as_secs() / (24 * 60 * 60)
}

/// How much of a span has passed, 0 to 100.
fn elapsed(from: Timestamp, until: Timestamp, now: Timestamp) -> u8 {
    let (whole, passed) = (until.since(from).as_secs().max(1), now.since(from).as_secs());
    u8::try_from(passed.saturating_mul(100) / whole)
        .unwrap_or(100)
        .min(100)
}

/// The language that a name is most likely written in, by its letters.
fn script(name: &str) -> &'static str {
    if name.chars().any(|c| "ӘәҒғҚқҢңӨөҰұҮүҺһІі".contains(c)) {
        "kk"
    } else if name.chars().any(|c| ('А'..='я').contains(&c)) {
        "ru"
    } else {
        "en"
    }
}

/// A line of the history.
pub(crate) fn event(lang: Lang, act: Act) -> &'static str {
    use text::history as words;
    match act {
        Act::AccountCreated => words::account_created(lang),
        Act::AccountBlocked => words::account_blocked(lang),
        Act::AccountUnblocked => words::account_unblocked(lang),
        Act::LanguageChanged => words::language_changed(lang),
        Act::CertificateBound => words::certificate_bound(lang),
        Act::CertificateChosen => words::certificate_chosen(lang),
        Act::RenewalPrepared => words::renewal_prepared(lang),
        Act::RenewalRevoked => words::renewal_revoked(lang),
        Act::RenewalCompleted => words::renewal_completed(lang),
        Act::CertificateRemoved => words::certificate_removed(lang),
        Act::PasswordSet => words::password_set(lang),
        Act::PasswordChanged => words::password_changed(lang),
        Act::PasswordRemoved => words::password_removed(lang),
        Act::IdentityLinked => words::identity_linked(lang),
        Act::IdentityUnlinked => words::identity_unlinked(lang),
        Act::IdentitySuspended => words::identity_suspended(lang),
        Act::IdentityResumed => words::identity_resumed(lang),
        Act::ProviderDisabled => words::provider_disabled(lang),
        Act::ProviderEnabled => words::provider_enabled(lang),
        Act::RecoveryBegun => words::recovery_begun(lang),
        Act::AccountRecovered => words::account_recovered(lang),
        Act::AssistedRecoveryAsked => words::assisted_recovery_asked(lang),
        Act::AssistedRecoveryApproved => words::assisted_recovery_approved(lang),
        Act::AssistedRecoveryEnded => words::assisted_recovery_ended(lang),
        Act::RecoveryReviewed => words::recovery_reviewed(lang),
        Act::SecondFactorSet => words::second_factor_set(lang),
        Act::SecondFactorRemoved => words::second_factor_removed(lang),
        Act::RecoveryCodesMade => words::recovery_codes_made(lang),
        Act::RecoveryCodeUsed => words::recovery_code_used(lang),
        Act::PasskeyBound => words::passkey_bound(lang),
        Act::PasskeyRenamed => words::passkey_renamed(lang),
        Act::PasskeyRemoved => words::passkey_removed(lang),
        Act::SignInRefused => words::sign_in_refused(lang),
        Act::SessionOpened => words::session_opened(lang),
        Act::SessionSteppedUp => words::session_stepped_up(lang),
        Act::StepUpRefused => words::step_up_refused(lang),
        Act::SessionEnded => words::session_ended(lang),
        Act::SessionsEnded => words::sessions_ended(lang),
        Act::SessionDisowned => words::session_disowned(lang),
        Act::ContactRequested => words::contact_requested(lang),
        Act::ContactConfirmed => words::contact_confirmed(lang),
        Act::ContactRemoved => words::contact_removed(lang),
        Act::ContactCancelled => words::contact_cancelled(lang),
        Act::ContactUndone => words::contact_undone(lang),
        Act::OrganisationAdded => words::organisation_added(lang),
        Act::OrganisationChanged => words::organisation_changed(lang),
        Act::OrganisationMethodsChanged => words::organisation_methods_changed(lang),
        Act::OrganisationSwitched => words::organisation_switched(lang),
        Act::StaffAdded => words::staff_added(lang),
        Act::MembershipBegun => words::membership_begun(lang),
        Act::UserNameSet => words::user_name_set(lang),
        Act::MergeProven => words::merge_proven(lang),
        Act::AccountMerged => words::account_merged(lang),
        Act::AccountMergedInto => words::account_merged_into(lang),
        Act::MergeUndone => words::merge_undone(lang),
        Act::HeadsLinked => words::heads_linked(lang),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_6_d_the_issuer_is_read_in_its_own_script() {
        assert_eq!(script("ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST)"), "kk");
        assert_eq!(script("Удостоверяющий центр"), "ru");
        assert_eq!(script("Demo CA"), "en");
    }

    #[test]
    fn the_time_line_stays_within_its_ends() {
        let at = Timestamp::from_seconds;
        assert_eq!(elapsed(at(100), at(200), at(50)), 0);
        assert_eq!(elapsed(at(100), at(200), at(150)), 50);
        assert_eq!(elapsed(at(100), at(200), at(1_000_000)), 100);
        assert_eq!(elapsed(at(100), at(100), at(100)), 0);
    }
}
