//! Every refusal has words in every language.

use cabinet::binding::{PasskeyRefusal, PasswordRefusal, RemovalRefusal, SmsRefusal, TotpRefusal};
use cabinet::contact::{
    CancelRefusal, ConfirmRefusal, FieldRefusal, FirstEntryRefusal, ResendRefusal, SaveRefusal,
};
use cabinet::merge::MergeRefusal;
use cabinet::organisation::{CodeRefusal, EntranceRefusal, SwitchRefusal, UserNameRefusal};
use cabinet::recovery::RecoveryRefusal;
use cabinet::renewal::RenewalRefusal;
use cabinet::session::{SessionRefusal, StepUpRefusal};
use cabinet::sign_in::SignInRefusal;
use cabinet::sign_in::federation::FederationRefusal;
use cabinet::sign_in::second_factor::SecondFactorRefusal;
use cabinet::sign_in::unknown_certificate::UnknownCertificateRefusal;
use cabinet::ticket::LinkRefusal;
use remote::provider::ProviderFailure;
use text::Lang;

/// What the web room refuses itself.
const OURS: [&str; 18] = [
    "request.malformed",
    "request.forbidden",
    "request.too_large",
    "request.too_many",
    "request.wrong_method",
    "request.wrong_host",
    "page.not_found",
    "organisation.unknown",
    "session.gone",
    "shown.absent",
    "shown.failed",
    "certificate.unknown",
    "step_up.required",
    "first_entry.required",
    "second_factor.needed",
    "second_factor.owed",
    "server.busy",
    "server.failed",
];

#[test]
fn every_refusal_has_words() {
    let mut codes: Vec<&str> = OURS.to_vec();
    codes.extend(SignInRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(RenewalRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(
        UnknownCertificateRefusal::ALL
            .iter()
            .map(|refusal| refusal.code()),
    );
    codes.extend(StepUpRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(SessionRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(PasskeyRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(SecondFactorRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(RecoveryRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(SmsRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(TotpRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(PasswordRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(RemovalRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(FieldRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(FirstEntryRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(ConfirmRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(ResendRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(CancelRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(LinkRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(CodeRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(EntranceRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(SwitchRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(UserNameRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(MergeRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(FederationRefusal::ALL.iter().map(|refusal| refusal.code()));
    codes.extend(SaveRefusal::CODES);
    codes.extend(ProviderFailure::CODES);
    codes.sort_unstable();
    codes.dedup();
    let silent = |code: &&str| {
        Lang::ALL
            .iter()
            .any(|lang| text::refusal::by_code(*lang, code).is_none())
    };
    let without: Vec<&str> = codes.into_iter().filter(silent).collect();
    assert!(without.is_empty(), "without words: {without:#?}");
}
