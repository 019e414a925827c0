//! Certificates that are wrong in one place and signed nevertheless, before three judges. Every difference between us,
//! OpenSSL and `cryptography` is listed with its reason.

mod parts;
mod rules;

use esign::certificate::Certificate;
use esign::path::{self, PolicyInputs, Query, RevocationQuery, SignatureCache};
use esign::provider::native;
use esign::revocation::Evidence;
use esign::trust::RevocationRule;
use esign::verdict::Verdict;

use crate::authority::Authority;
use crate::cryptography::{Good, Opinion, Opinions, Unsound, cryptography, openssl};

const SOUND: Opinions = [Good; 3];

fn ours(authority: &Authority, der: &[u8]) -> Opinion {
    let Ok(person) = Certificate::parse(der) else {
        return Unsound;
    };
    let (root, issuer) = (authority.certificate("root"), authority.certificate("issuer"));
    let query = Query {
        target: &person,
        anchors: std::slice::from_ref(&root),
        candidates: vec![&issuer],
        at: authority.now(),
        revocation: RevocationQuery::now(RevocationRule::NotAsked),
        evidence: &Evidence::new(),
        policy: PolicyInputs::default(),
        min_rsa_bits: 2048,
    };
    match path::validate(&query, native(), &SignatureCache::default()) {
        Verdict::Valid(_) => Good,
        _ => Unsound,
    }
}

/// What the three say of certificates, by name.
fn judge(authority: &Authority, certificates: Vec<(String, Vec<u8>)>) -> Option<Vec<(String, Opinions)>> {
    let file = |index: usize| format!("judged{index}");
    for (index, (_, der)) in certificates.iter().enumerate() {
        authority.write(&file(index), der);
    }
    let files: Vec<_> = (0..certificates.len()).map(file).collect();
    let third = cryptography(authority, "certificate", &files)?;
    let judged = certificates.into_iter().zip(files).zip(third);
    let judged = judged.map(|(((name, der), file), third)| {
        (
            name,
            [ours(authority, &der), openssl(authority, &file, &[]), third],
        )
    });
    Some(judged.collect())
}
