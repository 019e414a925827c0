//! The findings for scripts. The keys are a promise; new ones may come.

use data_encoding::HEXUPPER;
use esign::certificate::Certificate;
use esign::cms::{DocumentReport, Quirk, SignerReport, TimeStampReport};
use esign::profile::{OrganisationId, PersonId, Profile};
use esign::revocation::Source;
use esign::trust::RevocationRule;
use esign::verdict::{Code, Verdict};
use serde_json::{Map, Value, json};

use super::judge::Judge;
use super::row::{Outcome, Row};
use super::target::Target;

/// One object about one file.
pub(super) fn document(report: &DocumentReport, judge: &Judge) -> Value {
    json!({
        "verdict": report.verdict.as_str(),
        "code": code(&report.verdict),
        "clause": clause(&report.verdict),
        "at": judge.at.to_string(),
        "revocation": asked(judge.revocation),
        "attached": report.is_attached,
        "quirks": quirks(&report.quirks),
        "evidence_inside": {
            "certificates": report.evidence.certificates,
            "crls": report.evidence.crls,
            "ocsp_responses": report.evidence.ocsp_responses,
        },
        "signers": report.signers.iter().map(signer).collect::<Vec<_>>(),
    })
}

/// One object on one line, about one file among several.
pub(super) fn row(target: &Target, report: &anyhow::Result<DocumentReport>, judge: &Judge) -> Row {
    let mut object = Map::new();
    object.insert("file".into(), target.signature.display().to_string().into());
    let content = target.content.as_ref().map(|path| path.display().to_string());
    object.insert("content".into(), content.into());
    match report {
        Ok(report) => {
            if let Value::Object(found) = document(report, judge) {
                object.extend(found);
            }
        }
        Err(error) => {
            object.insert("verdict".into(), "unknown".into());
            object.insert("code".into(), "file.unreadable".into());
            object.insert("problem".into(), format!("{error:#}").into());
        }
    }
    Row {
        outcome: Outcome::of(report.as_ref().ok()),
        text: format!("{}\n", Value::Object(object)),
    }
}

fn code<T>(verdict: &Verdict<T>) -> Option<&'static str> {
    verdict.code().map(Code::as_str)
}

fn clause<T>(verdict: &Verdict<T>) -> Option<&'static str> {
    verdict.code().map(Code::clause)
}

fn quirks(quirks: &[Quirk]) -> Vec<&'static str> {
    quirks.iter().map(|quirk| quirk.as_str()).collect()
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
        "level": report.level.as_str(),
        "signing_time_claimed": report.claimed_signing_time.map(|time| time.to_string()),
        "signing_time_proven": report.proven_time.as_ref().map(|proven| proven.latest().to_string()),
        "signed_attributes": report.has_signed_attributes,
        "path": path(report),
        "evidence": evidence(report),
        "time_stamps": report.time_stamps.iter().map(time_stamp).collect::<Vec<_>>(),
        "references": report.references.as_ref().map(Verdict::as_str),
        "counter_signatures": report.counter_signatures.iter().map(signer).collect::<Vec<_>>(),
        "quirks": quirks(&report.quirks),
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

/// Subjects from the signer to the anchor, where a path holds.
fn path(report: &SignerReport) -> Vec<String> {
    match &report.verdict {
        Verdict::Valid(verified) => verified
            .path()
            .iter()
            .map(|certificate| certificate.subject().to_string())
            .collect(),
        _ => Vec::new(),
    }
}

/// The lists and answers that the statuses of the path rest on.
fn evidence(report: &SignerReport) -> Vec<Value> {
    let Verdict::Valid(verified) = &report.verdict else {
        return Vec::new();
    };
    let sources = verified.findings().iter().flat_map(|finding| &finding.sources);
    sources
        .map(|source| match source {
            Source::Crl(crl) => json!({
                "kind": "crl",
                "issuer": crl.issuer().to_string(),
                "this_update": crl.this_update().to_string(),
                "next_update": crl.next_update().map(|time| time.to_string()),
                "fingerprint": HEXUPPER.encode(&crl.fingerprint()),
            }),
            Source::Ocsp(answer) => json!({
                "kind": "ocsp",
                "produced_at": answer.produced_at().to_string(),
                "next_update": answer.next_update().map(|time| time.to_string()),
                "fingerprint": HEXUPPER.encode(&answer.fingerprint()),
            }),
        })
        .collect()
}

fn time_stamp(stamp: &TimeStampReport) -> Value {
    json!({
        "kind": stamp.kind.as_str(),
        "time": stamp.stated_time.map(|time| time.to_string()),
        "authority": stamp.authority.as_ref().map(|authority| authority.subject().to_string()),
        "verdict": stamp.verdict.as_str(),
        "code": code(&stamp.verdict),
        "clause": clause(&stamp.verdict),
    })
}

fn certificate_facts(certificate: &Certificate) -> Value {
    // no anchor group says which profile holds, so the certificate's own identifiers do
    let subject = Profile::detect(certificate).read(certificate).unwrap_or_default();
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

fn person_id(id: &PersonId) -> Value {
    json!({ "country": id.country, "kind": id.kind, "value": id.value })
}

fn organisation_id(id: &OrganisationId) -> Value {
    json!({ "country": id.country, "kind": id.kind, "value": id.value })
}
