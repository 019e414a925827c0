//! The findings, for scripts and for people.

use std::fmt::Write as _;

use data_encoding::HEXUPPER;
use esign::certificate::Certificate;
use esign::cms::{DocumentReport, SignerReport};
use esign::profile::{OrganisationId, PersonId, Profile, Subject};
use esign::time::UnixTime;
use esign::trust::RevocationRule;
use esign::verdict::{Code, Verdict};
use serde_json::{Value, json};

/// One JSON object; its keys are a promise to scripts.
pub(super) fn json(report: &DocumentReport, at: UnixTime, revocation: RevocationRule) -> Value {
    json!({
        "verdict": report.verdict.as_str(),
        "code": code(&report.verdict),
        "clause": clause(&report.verdict),
        "at": at.to_string(),
        "revocation": asked(revocation),
        "signers": report.signers.iter().map(signer).collect::<Vec<_>>(),
    })
}

fn code<T>(verdict: &Verdict<T>) -> Option<&'static str> {
    verdict.code().map(Code::as_str)
}

fn clause<T>(verdict: &Verdict<T>) -> Option<&'static str> {
    verdict.code().map(Code::clause)
}

fn asked(revocation: RevocationRule) -> &'static str {
    match revocation {
        RevocationRule::NotAsked => "not_asked",
        RevocationRule::Required { .. } => "asked",
    }
}

fn signer(report: &SignerReport) -> Value {
    let mut signer = json!({
        "verdict": report.verdict.as_str(),
        "code": code(&report.verdict),
        "clause": clause(&report.verdict),
        "signing_time_claimed": report.claimed_signing_time.map(|time| time.to_string()),
        "signing_time_proven": Value::Null,
        "signed_attributes": report.has_signed_attributes,
    });
    let about = match &report.certificate {
        Some(certificate) => certificate_facts(certificate),
        None => json!({
            "subject": null, "person_ids": [], "organisation_ids": [], "issuer": null, "serial": null,
            "algorithm": null, "not_before": null, "not_after": null, "fingerprint": null,
        }),
    };
    if let (Some(signer), Value::Object(about)) = (signer.as_object_mut(), about) {
        signer.extend(about);
    }
    signer
}

fn certificate_facts(certificate: &Certificate) -> Value {
    let subject = subject(certificate);
    json!({
        "subject": certificate.subject().to_string(),
        "person_ids": subject.person_ids.iter().map(person_id).collect::<Vec<_>>(),
        "organisation_ids": subject.organisation_ids.iter().map(organisation_id).collect::<Vec<_>>(),
        "issuer": certificate.issuer().to_string(),
        "serial": HEXUPPER.encode(certificate.serial()),
        "algorithm": certificate.algorithm_name(),
        "not_before": certificate.not_before().to_string(),
        "not_after": certificate.not_after().to_string(),
        "fingerprint": HEXUPPER.encode(&certificate.fingerprint()),
    })
}

/// No anchor group says which profile holds, so the certificate's own identifiers do.
fn subject(certificate: &Certificate) -> Subject {
    Profile::detect(certificate).read(certificate).unwrap_or_default()
}

fn person_id(id: &PersonId) -> Value {
    json!({ "country": id.country, "kind": id.kind, "value": id.value })
}

fn organisation_id(id: &OrganisationId) -> Value {
    json!({ "country": id.country, "kind": id.kind, "value": id.value })
}

/// Lines for people, which also say what was not looked at.
pub(super) fn text(report: &DocumentReport, at: UnixTime, revocation: RevocationRule) -> String {
    let mut out = String::new();
    // writing to a String cannot fail
    let _ = write_text(&mut out, report, at, revocation);
    out
}

fn write_text(
    out: &mut String,
    report: &DocumentReport,
    at: UnixTime,
    revocation: RevocationRule,
) -> std::fmt::Result {
    writeln!(out, "{}", heading(&report.verdict))?;
    explain(out, "  ", &report.verdict)?;
    for (index, signer) in report.signers.iter().enumerate() {
        writeln!(out, "\nSignature {}: {}", index + 1, signer.verdict.as_str())?;
        explain(out, "  ", &signer.verdict)?;
        match &signer.certificate {
            Some(certificate) => about(out, certificate)?,
            None => writeln!(out, "  The signer's certificate is not in the message.")?,
        }
        match signer.claimed_signing_time {
            Some(time) => writeln!(
                out,
                "  Signing time  {time}, a claim of the signer: no time stamp proves it"
            )?,
            None => writeln!(out, "  Signing time  not stated")?,
        }
        if !signer.has_signed_attributes {
            writeln!(
                out,
                "  Note          no signed attributes: the signature names neither time nor certificate"
            )?;
        }
    }
    writeln!(out, "\nJudged at {at}.")?;
    match revocation {
        RevocationRule::NotAsked => writeln!(
            out,
            "Whether a certificate was revoked was not asked; give its issuer's list with --crl FILE to ask."
        ),
        RevocationRule::Required { .. } => {
            writeln!(out, "Revocation was asked of the lists given with --crl.")
        }
    }
}

fn heading(verdict: &Verdict<()>) -> &'static str {
    match verdict {
        Verdict::Valid(()) => "Valid: every signature holds and leads to a certificate you trust.",
        Verdict::Invalid(_) => "Not valid.",
        Verdict::Unknown(_) => {
            "Not determined: nothing is known to be wrong, but something could not be checked."
        }
    }
}

fn explain<T>(out: &mut String, indent: &str, verdict: &Verdict<T>) -> std::fmt::Result {
    match verdict.code() {
        Some(code) => writeln!(out, "{indent}{} ({code}, {})", code.describe(), code.clause()),
        None => Ok(()),
    }
}

fn about(out: &mut String, certificate: &Certificate) -> std::fmt::Result {
    let subject = subject(certificate);
    writeln!(out, "  Signer        {}", certificate.subject())?;
    for id in &subject.person_ids {
        writeln!(out, "  Person        {} {} {}", id.country, id.kind, id.value)?;
    }
    for id in &subject.organisation_ids {
        writeln!(out, "  Organisation  {} {} {}", id.country, id.kind, id.value)?;
    }
    writeln!(out, "  Issuer        {}", certificate.issuer())?;
    writeln!(out, "  Serial        {}", HEXUPPER.encode(certificate.serial()))?;
    writeln!(
        out,
        "  Validity      {} to {}",
        certificate.not_before(),
        certificate.not_after()
    )?;
    writeln!(out, "  Key           {}", certificate.algorithm_name())
}
