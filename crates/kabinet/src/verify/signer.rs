//! One signer, for people.

use ::text::Lang;
use ::text::verify as words;
use data_encoding::HEXUPPER;
use esign::certificate::Certificate;
use esign::cms::{Level, Quirk, SignerReport, VerifiedSigner};
use esign::profile::{Profile, Subject};
use esign::tsp::ProvenTime;
use esign::verdict::Verdict;
use web::view::holder::{id_name, role};

use super::judge::Judge;
use super::text::{self, Lines, moment};
use super::{Style, sources};

/// The block of a signer or counter-signer.
pub(super) fn write(
    lines: &mut Lines,
    indent: usize,
    title: &str,
    report: &SignerReport,
    judge: &Judge,
    style: &Style,
) {
    let lang = style.lang;
    lines.heading(
        indent,
        &format!("{title}: {}", text::verdict(lang, &report.verdict)),
    );
    let inside = indent + 2;
    text::explain(lines, inside, style, &report.verdict);
    match &report.certificate {
        Some(certificate) => who(lines, inside, certificate, style),
        None => lines.plain(inside, words::no_certificate(lang)),
    }
    lines.pair(inside, words::form(lang), form(lang, report.level));
    times(lines, inside, report, style);
    if let Verdict::Valid(verified) = &report.verdict {
        let at = report.proven_time.as_ref().map_or(judge.at, ProvenTime::latest);
        checked(lines, inside, verified, &moment(at, style), lang);
        lines.list(
            inside,
            words::relied_on(lang),
            sources::relied_on(report, verified, style),
        );
    }
    lines.list(inside, words::remarks(lang), remarks(report, lang));
    for (index, counter) in report.counter_signatures.iter().enumerate() {
        let title = words::counter_signature(lang, index as u64 + 1);
        write(lines, inside, &title, counter, judge, style);
    }
}

fn who(lines: &mut Lines, indent: usize, certificate: &Certificate, style: &Style) {
    let lang = style.lang;
    let subject = subject(certificate);
    let ids = subject
        .person_ids
        .iter()
        .map(|id| format!("{} {}", id_name(lang, &id.country, &id.kind), id.value));
    let capacity = subject.role.map(|capacity| role(lang, capacity).to_owned());
    let person = [name(certificate)].into_iter().chain(ids);
    lines.list(
        indent,
        words::signer(lang),
        person.chain(subject.title.clone()).chain(capacity),
    );
    let ids = subject
        .organisation_ids
        .iter()
        .map(|id| format!("{} {}", id_name(lang, &id.country, &id.kind), id.value));
    lines.list(
        indent,
        words::organisation(lang),
        subject.organisation.clone().into_iter().chain(ids),
    );
    let issuer = certificate.issuer();
    let issuer = issuer.common_name().unwrap_or_else(|| issuer.to_string());
    lines.pair(indent, words::issuer(lang), &issuer);
    lines.pair(
        indent,
        words::serial(lang),
        &HEXUPPER.encode(certificate.serial()),
    );
    let validity = words::from_to(
        lang,
        &moment(certificate.not_before(), style),
        &moment(certificate.not_after(), style),
    );
    lines.pair(indent, words::validity(lang), &validity);
    lines.pair(indent, words::algorithm(lang), &algorithm(lang, certificate));
}

fn times(lines: &mut Lines, indent: usize, report: &SignerReport, style: &Style) {
    let lang = style.lang;
    let claimed = report
        .claimed_signing_time
        .map_or_else(|| words::claimed_not(lang).into(), |time| moment(time, style));
    lines.pair(indent, words::claimed_time(lang), &claimed);
    let proven = report.proven_time.as_ref().map_or_else(
        || words::proven_not(lang).into(),
        |proven| words::proven_by(lang, &name(proven.authority()), &moment(proven.latest(), style)),
    );
    lines.pair(indent, words::proven_time(lang), &proven);
}

fn checked(lines: &mut Lines, indent: usize, verified: &VerifiedSigner, at: &str, lang: Lang) {
    let anchor = verified.path().last().map(name).unwrap_or_default();
    let mut checks = vec![
        words::checked_content(lang).to_owned(),
        words::checked_signature(lang).to_owned(),
        words::checked_path(lang, &anchor),
        words::checked_moment(lang, at),
    ];
    if sources::is_known_good(verified) {
        checks.push(words::checked_revocation(lang).to_owned());
    }
    lines.list(indent, words::checked(lang), checks);
}

fn remarks(report: &SignerReport, lang: Lang) -> Vec<String> {
    let quirks = report.quirks.iter().map(|quirk| quirk_owned(lang, *quirk));
    let stamps = report.time_stamps.iter().filter_map(|stamp| {
        let code = stamp.verdict.code()?;
        let what = text::words(lang, code).map_or(code.describe(), |words| words.what);
        Some(words::stamp_not_sound(
            lang,
            &format!("{what} ({code}, {})", code.clause()),
        ))
    });
    let references = match &report.references {
        Some(Verdict::Invalid(_) | Verdict::Unknown(_)) => {
            Some(words::references_do_not_fit(lang).to_owned())
        }
        _ => None,
    };
    quirks.chain(stamps).chain(references).collect()
}

fn quirk_owned(lang: Lang, found: Quirk) -> String {
    quirk(lang, found).to_owned()
}

/// A departure from the standards, in words.
pub(super) const fn quirk(lang: Lang, quirk: Quirk) -> &'static str {
    match quirk {
        Quirk::BerEnvelope => words::quirk_ber_envelope(lang),
        Quirk::Version => words::quirk_version(lang),
        Quirk::DigestNotAnnounced => words::quirk_digest_not_announced(lang),
        Quirk::SignerVersion => words::quirk_signer_version(lang),
        Quirk::NoSignedAttributes => words::quirk_no_signed_attributes(lang),
        Quirk::UnsortedAttributes => words::quirk_unsorted_attributes(lang),
        Quirk::AttributesSortedToSign => words::quirk_attributes_sorted_to_sign(lang),
        Quirk::SigningCertificateV1 => words::quirk_signing_certificate_v1(lang),
        Quirk::KeyOidAsSignature => words::quirk_key_oid_as_signature(lang),
        Quirk::ExplicitNull => words::quirk_explicit_null(lang),
    }
}

const fn form(lang: Lang, level: Level) -> &'static str {
    match level {
        Level::Cms => words::form_cms(lang),
        Level::Bes => words::form_bes(lang),
        Level::T => words::form_t(lang),
        Level::C => words::form_c(lang),
        Level::Lt => words::form_lt(lang),
        Level::XLong => words::form_x_long(lang),
        Level::Archive => words::form_archive(lang),
    }
}

/// The name by which people know the owner.
pub(super) fn name(certificate: &Certificate) -> String {
    let subject = subject(certificate);
    if subject.name.full.is_empty() {
        certificate.subject().to_string()
    } else {
        subject.name.full
    }
}

/// No anchor group says which profile holds, so the certificate's own identifiers do.
fn subject(certificate: &Certificate) -> Subject {
    Profile::detect(certificate).read(certificate).unwrap_or_default()
}

fn algorithm(lang: Lang, certificate: &Certificate) -> String {
    let name = certificate.algorithm_name();
    match lang {
        Lang::Ru | Lang::Kk => name.replace("GOST R", "ГОСТ Р").replace("GOST", "ГОСТ"),
        Lang::En => name,
    }
}
