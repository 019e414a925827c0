//! The words of each notice.

use cabinet::Rules;
use cabinet::binding::{Kind, SecondFactor};
use cabinet::contact::Slot;
use cabinet::message::Notice;
use cabinet::session::device_name;
use db::Timestamp;
use text::date::{self, Zone};
use text::{Lang, binding, contact as field, message as say};

/// What all words of one message have in common.
pub(crate) struct Tone<'a> {
    pub(crate) lang: Lang,
    pub(crate) rules: &'a Rules,
    pub(crate) zone: &'a Zone,
}

/// A letter in words.
#[derive(Debug)]
pub(crate) struct Wording {
    pub(crate) subject: String,
    pub(crate) blocks: Vec<Block>,
}

/// A piece of a letter.
#[derive(Debug)]
pub(crate) enum Block {
    Paragraph(String),
    Code(String),
    Facts(Vec<(&'static str, String)>),
    Button(&'static str, String),
    Note(String),
}

impl Tone<'_> {
    fn time(&self, at: Timestamp) -> String {
        date::moment_with_zone(at.as_seconds(), self.zone)
    }

    fn field(&self, slot: Slot) -> &'static str {
        match slot {
            Slot::Email => field::email(self.lang),
            Slot::Phone => field::phone(self.lang),
            Slot::ExtraEmail => field::extra_email(self.lang),
            Slot::ExtraPhone => field::extra_phone(self.lang),
        }
    }
}

/// A notice as a letter.
pub(crate) fn letter(tone: &Tone<'_>, notice: &Notice) -> Wording {
    Wording {
        subject: subject(tone.lang, notice).to_owned(),
        blocks: blocks(tone, notice),
    }
}

const fn subject(lang: Lang, notice: &Notice) -> &'static str {
    match notice {
        Notice::EmailCode { .. } | Notice::PhoneCode { .. } => say::email_code(lang),
        Notice::AddressInUse => say::address_in_use(lang),
        Notice::ContactChanged { .. } => say::contact_changed(lang),
        Notice::ContactRemoved { .. } => say::contact_removed(lang),
        Notice::ContactConfirmed { .. } => say::contact_confirmed(lang),
        Notice::ContactUndone { .. } => say::contact_undone(lang),
        Notice::NewDevice { .. } => say::new_device(lang),
        Notice::CertificateBound { .. } => say::certificate_bound(lang),
        Notice::RenewalPrepared { .. } => say::renewal_prepared(lang),
        Notice::CertificateRemoved { .. } => say::certificate_removed(lang),
        Notice::CertificateEnds { .. } => say::certificate_ends(lang),
        Notice::CertificateEnded { .. } => say::certificate_ended(lang),
        Notice::PasswordSet { .. } => say::password_set(lang),
        Notice::PasswordChanged { .. } => say::password_changed(lang),
        Notice::IdentityLinked { .. } => say::identity_linked(lang),
        Notice::IdentityUnlinked { .. } => say::identity_unlinked(lang),
        Notice::AccountsMerged { .. } => say::accounts_merged(lang),
        Notice::MergeUndone { .. } => say::merge_undone(lang),
        Notice::SessionsEnded { .. } => say::sessions_ended(lang),
        Notice::SignInCode { .. } => say::sign_in_code(lang),
        Notice::RecoveryBegun { .. } => say::recovery_begun(lang),
        Notice::AccountRecovered { .. } => say::account_recovered(lang),
        Notice::AssistedRecoveryAsked { .. } | Notice::AssistedRecoveryApproved { .. } => {
            say::assisted_recovery_asked(lang)
        }
        Notice::AssistedRecoveryEnded { .. } => say::assisted_recovery_ended(lang),
        Notice::SecondFactorSet { .. } => say::second_factor_set(lang),
        Notice::SecondFactorRemoved { .. } => say::second_factor_removed(lang),
        Notice::SecondFactorGuessed { .. } => say::second_factor_guessed(lang),
        Notice::RecoveryCodesMade { .. } => say::recovery_codes_made(lang),
        Notice::RecoveryCodeUsed { .. } => say::recovery_code_used(lang),
        Notice::PasskeyBound { .. } => say::passkey_bound(lang),
        Notice::PasskeyRemoved { .. } => say::passkey_removed(lang),
    }
}

#[expect(clippy::too_many_lines, reason = "one arm a notice, and nothing else")]
fn blocks(tone: &Tone<'_>, notice: &Notice) -> Vec<Block> {
    let lang = tone.lang;
    match notice {
        Notice::EmailCode {
            code,
            code_until,
            link,
            link_until,
        } => email_code(tone, code, *code_until, Some((link, *link_until))),
        Notice::PhoneCode { code, code_until } => email_code(tone, code, *code_until, None),
        Notice::AddressInUse => {
            vec![
                paragraph(say::address_in_use_text(lang)),
                paragraph(say::address_in_use_advice(lang)),
            ]
        }
        Notice::ContactChanged {
            slot,
            new_masked,
            undo_link,
            undo_until,
        } => vec![
            Block::Paragraph(say::contact_changed_text(lang, tone.field(*slot), new_masked)),
            paragraph(say::contact_changed_stranger(lang)),
            Block::Button(say::contact_changed_button(lang), undo_link.clone()),
            Block::Note(say::link_until(lang, &tone.time(*undo_until))),
        ],
        Notice::ContactRemoved {
            slot,
            undo_link,
            undo_until,
        } => vec![
            Block::Paragraph(say::contact_removed_text(lang, tone.field(*slot))),
            paragraph(say::contact_removed_stranger(lang)),
            Block::Button(say::contact_removed_button(lang), undo_link.clone()),
            Block::Note(say::link_until(lang, &tone.time(*undo_until))),
        ],
        Notice::ContactConfirmed { slot, masked } => vec![
            Block::Paragraph(say::contact_confirmed_text(lang, tone.field(*slot), masked)),
            Block::Note(say::contact_confirmed_stranger(lang).to_owned()),
        ],
        Notice::ContactUndone { slot } => vec![
            Block::Paragraph(say::contact_undone_text(lang, tone.field(*slot))),
            paragraph(say::contact_undone_next(lang)),
        ],
        Notice::NewDevice {
            by,
            device,
            address,
            at,
            link,
        } => {
            let mut facts = device_facts(tone, device, address, *at);
            facts.push((say::label_factor(lang), method(lang, *by).to_owned()));
            vec![
                paragraph(say::new_device_text(lang)),
                Block::Facts(facts),
                paragraph(say::new_device_own(lang)),
                paragraph(say::new_device_stranger(lang)),
                Block::Button(say::new_device_button(lang), link.clone()),
            ]
        }
        Notice::CertificateBound {
            owner,
            serial,
            at,
            link,
        } => {
            let facts = certificate_facts(tone, owner, serial, *at);
            disownable(tone, say::certificate_bound_text(lang), facts, link)
        }
        Notice::RenewalPrepared {
            owner,
            serial,
            at,
            link,
        } => {
            let facts = certificate_facts(tone, owner, serial, *at);
            disownable(tone, say::renewal_prepared_text(lang), facts, link)
        }
        Notice::CertificateRemoved {
            owner,
            serial,
            at,
            link,
        } => {
            let facts = certificate_facts(tone, owner, serial, *at);
            disownable(tone, say::certificate_removed_text(lang), facts, link)
        }
        Notice::CertificateEnds {
            owner,
            serial,
            until,
            link,
        } => {
            let (text, advice) = (
                say::certificate_ends_text(lang),
                say::certificate_ends_advice(lang),
            );
            certificate_end(
                tone,
                text,
                ending_facts(tone, owner, serial, *until),
                advice,
                link,
            )
        }
        Notice::CertificateEnded {
            owner,
            serial,
            until,
            link,
        } => {
            let (text, advice) = (
                say::certificate_ended_text(lang),
                say::certificate_ended_advice(lang),
            );
            certificate_end(
                tone,
                text,
                ending_facts(tone, owner, serial, *until),
                advice,
                link,
            )
        }
        Notice::PasswordSet { at, link } => {
            disownable(tone, say::password_set_text(lang), when(tone, *at), link)
        }
        Notice::PasswordChanged { at, link } => {
            disownable(tone, say::password_changed_text(lang), when(tone, *at), link)
        }
        Notice::IdentityLinked {
            provider,
            name,
            at,
            link,
        } => vec![
            paragraph(say::identity_linked_text(lang)),
            Block::Facts(identity_facts(tone, provider, name, *at)),
            paragraph(say::identity_linked_stranger(lang)),
            Block::Button(say::identity_linked_suspend(lang), link.clone()),
        ],
        Notice::IdentityUnlinked {
            provider,
            name,
            at,
            link,
        } => {
            let facts = identity_facts(tone, provider, name, *at);
            disownable(tone, say::identity_unlinked_text(lang), facts, link)
        }
        Notice::SignInCode { code, code_until } => vec![
            paragraph(say::sign_in_code_lead(lang)),
            Block::Code(code.clone()),
            Block::Paragraph(say::sign_in_code_until(lang, &tone.time(*code_until))),
            Block::Note(say::sign_in_code_stranger(lang).to_owned()),
        ],
        Notice::RecoveryBegun {
            code,
            code_until,
            device,
            address,
        } => vec![
            paragraph(say::recovery_begun_lead(lang)),
            Block::Code(code.clone()),
            Block::Paragraph(say::recovery_begun_until(lang, &tone.time(*code_until))),
            paragraph(say::recovery_begun_asked(lang)),
            Block::Facts(place_facts(tone, device, address)),
            Block::Note(say::recovery_begun_stranger(lang).to_owned()),
        ],
        Notice::AccountRecovered {
            device,
            address,
            at,
            link,
        } => {
            let facts = device_facts(tone, device, address, *at);
            disownable(tone, say::account_recovered_text(lang), facts, link)
        }
        Notice::AssistedRecoveryAsked { by, at, link } => {
            let facts = officer_facts(tone, &[by], *at);
            assisted(
                tone,
                say::assisted_recovery_asked_text(lang).to_owned(),
                facts,
                link,
            )
        }
        Notice::AssistedRecoveryApproved {
            asked_by,
            approved_by,
            at,
            open_from,
            link,
        } => {
            let facts = officer_facts(tone, &[asked_by, approved_by], *at);
            let text = say::assisted_recovery_asked_approved(lang, &tone.time(*open_from));
            assisted(tone, text, facts, link)
        }
        Notice::AssistedRecoveryEnded { at } => vec![
            paragraph(say::assisted_recovery_ended_text(lang)),
            Block::Facts(when(tone, *at)),
        ],
        Notice::SecondFactorSet { factor, at, link } => {
            let facts = factor_facts(tone, *factor, *at);
            disownable(tone, say::second_factor_set_text(lang), facts, link)
        }
        Notice::SecondFactorRemoved { factor, at, link } => {
            let facts = factor_facts(tone, *factor, *at);
            disownable(tone, say::second_factor_removed_text(lang), facts, link)
        }
        Notice::SecondFactorGuessed {
            device,
            address,
            at,
            link,
        } => {
            let facts = device_facts(tone, device, address, *at);
            let mut blocks = disownable(tone, say::second_factor_guessed_text(lang), facts, link);
            blocks.insert(2, paragraph(say::second_factor_guessed_advice(lang)));
            blocks
        }
        Notice::RecoveryCodesMade { at, link } => {
            disownable(tone, say::recovery_codes_made_text(lang), when(tone, *at), link)
        }
        Notice::RecoveryCodeUsed { left, at, link } => {
            let mut blocks = disownable(tone, say::recovery_code_used_text(lang), when(tone, *at), link);
            blocks.insert(
                2,
                Block::Paragraph(say::recovery_code_used_left(lang, &left.to_string())),
            );
            blocks
        }
        Notice::PasskeyBound { name, at, link } => {
            let facts = passkey_facts(tone, name, *at);
            disownable(tone, say::passkey_bound_text(lang), facts, link)
        }
        Notice::PasskeyRemoved { name, at, link } => {
            let facts = passkey_facts(tone, name, *at);
            disownable(tone, say::passkey_removed_text(lang), facts, link)
        }
        Notice::AccountsMerged {
            other,
            at,
            undo_until,
            link,
        } => vec![
            paragraph(say::accounts_merged_text(lang)),
            Block::Facts(cabinet_facts(tone, other, *at)),
            Block::Paragraph(say::accounts_merged_stranger(lang, &tone.time(*undo_until))),
            Block::Button(say::accounts_merged_button(lang), link.clone()),
        ],
        Notice::MergeUndone { other, at } => vec![
            paragraph(say::merge_undone_text(lang)),
            Block::Facts(cabinet_facts(tone, other, *at)),
        ],
        Notice::SessionsEnded { at } => vec![
            paragraph(say::sessions_ended_text(lang)),
            Block::Facts(when(tone, *at)),
            paragraph(say::sessions_ended_advice(lang)),
        ],
    }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(text.to_owned())
}

fn email_code(
    tone: &Tone<'_>,
    code: &str,
    until: Timestamp,
    link: Option<(&String, Timestamp)>,
) -> Vec<Block> {
    let lang = tone.lang;
    let mut blocks = vec![
        paragraph(say::email_code_lead(lang)),
        Block::Code(code.to_owned()),
        Block::Paragraph(say::email_code_until(lang, &tone.time(until))),
    ];
    if let Some((link, link_until)) = link {
        blocks.push(Block::Paragraph(say::email_code_link(
            lang,
            &tone.time(link_until),
        )));
        blocks.push(Block::Button(say::email_code_button(lang), link.clone()));
    }
    blocks.push(Block::Note(say::email_code_stranger(lang).to_owned()));
    blocks
}

/// What happened, and the way out for whoever did not do it.
fn disownable(tone: &Tone<'_>, text: &str, facts: Vec<(&'static str, String)>, link: &str) -> Vec<Block> {
    vec![
        paragraph(text),
        Block::Facts(facts),
        paragraph(say::stranger_sessions(tone.lang)),
        Block::Button(say::end_sessions(tone.lang), link.to_owned()),
    ]
}

fn certificate_end(
    tone: &Tone<'_>,
    text: &str,
    facts: Vec<(&'static str, String)>,
    advice: &str,
    link: &str,
) -> Vec<Block> {
    vec![
        paragraph(text),
        Block::Facts(facts),
        paragraph(advice),
        Block::Button(say::certificate_ends_button(tone.lang), link.to_owned()),
    ]
}

const fn method(lang: Lang, by: Kind) -> &'static str {
    match by {
        Kind::Certificate => binding::method_certificate(lang),
        Kind::Password => binding::method_password(lang),
        Kind::ExternalIdentity => binding::method_provider(lang),
        Kind::Passkey => binding::method_passkey(lang),
    }
}

fn when(tone: &Tone<'_>, at: Timestamp) -> Vec<(&'static str, String)> {
    vec![(say::label_time(tone.lang), tone.time(at))]
}

fn device_facts(tone: &Tone<'_>, device: &str, address: &str, at: Timestamp) -> Vec<(&'static str, String)> {
    let mut facts = place_facts(tone, device, address);
    facts.extend(when(tone, at));
    facts
}

fn place_facts(tone: &Tone<'_>, device: &str, address: &str) -> Vec<(&'static str, String)> {
    vec![
        (
            say::label_device(tone.lang),
            harmless(&device_name(device), say::unknown_device(tone.lang)),
        ),
        (say::label_address(tone.lang), address.to_owned()),
    ]
}

fn factor_facts(tone: &Tone<'_>, factor: SecondFactor, at: Timestamp) -> Vec<(&'static str, String)> {
    let name = match factor {
        SecondFactor::Passkey => say::factor_passkey(tone.lang),
        SecondFactor::Totp => say::factor_totp(tone.lang),
        SecondFactor::Sms => say::factor_sms(tone.lang),
        SecondFactor::RecoveryCode => say::factor_recovery_code(tone.lang),
    };
    let mut facts = vec![(say::label_factor(tone.lang), name.to_owned())];
    facts.extend(when(tone, at));
    facts
}

fn cabinet_facts(tone: &Tone<'_>, owner: &str, at: Timestamp) -> Vec<(&'static str, String)> {
    let mut facts = vec![(say::label_cabinet(tone.lang), harmless(owner, "–"))];
    facts.extend(when(tone, at));
    facts
}

/// The people of the operator, each in a line.
fn officer_facts(tone: &Tone<'_>, officers: &[&String], at: Timestamp) -> Vec<(&'static str, String)> {
    let officer = |name: &&String| (say::label_officer(tone.lang), harmless(name, "–"));
    let mut facts: Vec<_> = officers.iter().map(officer).collect();
    facts.extend(when(tone, at));
    facts
}

/// What people of the operator do, and how its owner stops them.
fn assisted(tone: &Tone<'_>, text: String, facts: Vec<(&'static str, String)>, link: &str) -> Vec<Block> {
    vec![
        Block::Paragraph(text),
        Block::Facts(facts),
        paragraph(say::assisted_recovery_asked_stranger(tone.lang)),
        Block::Button(say::assisted_recovery_asked_button(tone.lang), link.to_owned()),
    ]
}

fn passkey_facts(tone: &Tone<'_>, name: &str, at: Timestamp) -> Vec<(&'static str, String)> {
    let mut facts = vec![(
        say::label_name(tone.lang),
        harmless(name, say::factor_passkey(tone.lang)),
    )];
    facts.extend(when(tone, at));
    facts
}

fn certificate_facts(
    tone: &Tone<'_>,
    owner: &str,
    serial: &str,
    at: Timestamp,
) -> Vec<(&'static str, String)> {
    let mut facts = which_certificate(tone, owner, serial);
    facts.extend(when(tone, at));
    facts
}

fn ending_facts(tone: &Tone<'_>, owner: &str, serial: &str, until: Timestamp) -> Vec<(&'static str, String)> {
    let mut facts = which_certificate(tone, owner, serial);
    facts.push((say::label_until(tone.lang), tone.time(until)));
    facts
}

fn which_certificate(tone: &Tone<'_>, owner: &str, serial: &str) -> Vec<(&'static str, String)> {
    vec![
        (
            say::label_owner(tone.lang),
            owner.chars().filter(|c| !c.is_control()).take(128).collect(),
        ),
        (say::label_serial(tone.lang), serial.to_owned()),
    ]
}

/// The name comes from outside: one that a mail program could turn into a link is not repeated (MSG-3).
fn identity_facts(tone: &Tone<'_>, provider: &str, name: &str, at: Timestamp) -> Vec<(&'static str, String)> {
    let name = harmless(name, "");
    let mut facts = vec![(say::label_provider(tone.lang), provider.to_owned())];
    facts.extend((!name.is_empty()).then(|| (say::label_name_there(tone.lang), name)));
    facts.extend(when(tone, at));
    facts
}

/// A browser calls itself what it likes: a name that a mail program could turn into a link is not repeated (MSG-3).
fn harmless(name: &str, otherwise: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || c == ' ' || c == ',' || c == '-';
    if name.is_empty() || !name.chars().all(is_plain) {
        otherwise.to_owned()
    } else {
        name.to_owned()
    }
}

/// A notice as a text message.
pub(crate) fn sms(tone: &Tone<'_>, notice: &Notice) -> String {
    let (lang, product) = (tone.lang, tone.rules.product_name.as_str());
    match notice {
        Notice::PhoneCode { code, .. } | Notice::EmailCode { code, .. } => {
            with_origin(tone, &say::phone_code(lang, code, product), code)
        }
        Notice::AddressInUse => say::address_in_use_sms(lang, product),
        Notice::ContactChanged {
            slot,
            new_masked,
            undo_link,
            ..
        } => say::contact_changed_sms(lang, tone.field(*slot), undo_link, product, new_masked),
        Notice::ContactRemoved { slot, undo_link, .. } => {
            say::contact_removed_sms(lang, tone.field(*slot), undo_link, product)
        }
        Notice::ContactConfirmed { slot, masked } => {
            say::contact_confirmed_sms(lang, tone.field(*slot), product, masked)
        }
        Notice::ContactUndone { slot } => say::contact_undone_sms(lang, tone.field(*slot), product),
        Notice::NewDevice { at, link, .. } => say::new_device_sms(lang, link, product, &tone.time(*at)),
        Notice::CertificateBound { link, .. } => say::certificate_bound_sms(lang, link, product),
        Notice::RenewalPrepared { link, .. } => say::renewal_prepared_sms(lang, link, product),
        Notice::CertificateRemoved { link, .. } => say::certificate_removed_sms(lang, link, product),
        Notice::CertificateEnds { until, link, .. } => {
            say::certificate_ends_sms(lang, link, product, &tone.time(*until))
        }
        Notice::CertificateEnded { link, .. } => say::certificate_ended_sms(lang, link, product),
        Notice::PasswordSet { link, .. } => say::password_set_sms(lang, link, product),
        Notice::PasswordChanged { link, .. } => say::password_changed_sms(lang, link, product),
        Notice::IdentityLinked { provider, link, .. } => {
            say::identity_linked_sms(lang, link, product, provider)
        }
        Notice::IdentityUnlinked { provider, link, .. } => {
            say::identity_unlinked_sms(lang, link, product, provider)
        }
        Notice::SignInCode { code, .. } => {
            with_origin(tone, &say::sign_in_code_sms(lang, code, product), code)
        }
        Notice::RecoveryBegun { code, .. } => {
            with_origin(tone, &say::recovery_begun_sms(lang, code, product), code)
        }
        Notice::AccountRecovered { link, .. } => say::account_recovered_sms(lang, link, product),
        Notice::AssistedRecoveryAsked { link, .. } | Notice::AssistedRecoveryApproved { link, .. } => {
            say::assisted_recovery_asked_sms(lang, link, product)
        }
        Notice::AssistedRecoveryEnded { .. } => say::assisted_recovery_ended_sms(lang, product),
        Notice::SecondFactorSet { link, .. } => say::second_factor_set_sms(lang, link, product),
        Notice::SecondFactorRemoved { link, .. } => say::second_factor_removed_sms(lang, link, product),
        Notice::SecondFactorGuessed { link, .. } => say::second_factor_guessed_sms(lang, link, product),
        Notice::RecoveryCodesMade { link, .. } => say::recovery_codes_made_sms(lang, link, product),
        Notice::RecoveryCodeUsed { link, .. } => say::recovery_code_used_sms(lang, link, product),
        Notice::PasskeyBound { link, .. } => say::passkey_bound_sms(lang, link, product),
        Notice::PasskeyRemoved { link, .. } => say::passkey_removed_sms(lang, link, product),
        Notice::AccountsMerged { link, .. } => say::accounts_merged_sms(lang, link, product),
        Notice::MergeUndone { .. } => say::merge_undone_sms(lang, product),
        Notice::SessionsEnded { .. } => say::sessions_ended_sms(lang, product),
    }
}

/// A code as a text message; the last line lets the phone offer it on our own page only.
fn with_origin(tone: &Tone<'_>, text: &str, code: &str) -> String {
    let host = tone.rules.base_url.host_str().unwrap_or_default();
    format!("{text}\n\n@{host} #{code}")
}
