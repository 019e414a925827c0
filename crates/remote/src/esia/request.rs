//! Signed requests: the version 2 of `ac` and the version 3 of `te`.

use esign::time::UnixTime;
use url::form_urlencoded::Serializer;

use super::EsiaSettings;
use crate::provider::ProviderFailure;

/// What both requests carry and sign.
pub(super) struct Signed<'a> {
    pub(super) state: &'a str,
    pub(super) redirect_uri: &'a str,
    /// Only in the exchange.
    pub(super) code: Option<&'a str>,
    pub(super) at: UnixTime,
}

impl Signed<'_> {
    /// The parameters with their signature. What is signed is their values, one after another without separators.
    pub(super) async fn parameters(
        &self,
        settings: &EsiaSettings,
    ) -> Result<Serializer<'static, String>, ProviderFailure> {
        let scope = settings.scope();
        let organisation = settings.organisation_scopes.join(" ");
        let timestamp = timestamp(self.at);
        let message = [
            settings.client_id.as_str(),
            &scope,
            &organisation,
            &timestamp,
            self.state,
            self.redirect_uri,
            self.code.unwrap_or_default(),
        ];
        let secret = settings.signer.sign(&message.concat()).await?;
        let mut form = Serializer::new(String::new());
        form.append_pair("client_id", &settings.client_id)
            .append_pair("client_secret", &secret)
            .append_pair("client_certificate_hash", &settings.certificate_hash())
            .append_pair("redirect_uri", self.redirect_uri)
            .append_pair("scope", &scope)
            .append_pair("state", self.state)
            .append_pair("timestamp", &timestamp);
        if !organisation.is_empty() {
            form.append_pair("scope_org", &organisation);
        }
        if let Some(code) = self.code {
            form.append_pair("code", code);
        }
        Ok(form)
    }
}

/// `2026.11.22 21:30:00 +0000`
fn timestamp(at: UnixTime) -> String {
    let written = at.to_string();
    let date = written.get(..10).unwrap_or_default().replace('-', ".");
    let time = written.get(11..19).unwrap_or_default();
    format!("{date} {time} +0000")
}

/// A state of the exchange's own, in the form of a UUID (RFC 9562 §5.4).
pub(super) fn new_state() -> Result<String, ProviderFailure> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| ProviderFailure::Unreachable(format!("no randomness: {error}")))?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = data_encoding::HEXLOWER.encode(&bytes);
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| text.get(part).unwrap_or_default());
    Ok(parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_esia_reads_them() {
        assert_eq!(timestamp(UnixTime(1_795_383_000)), "2026.11.22 21:30:00 +0000");
    }

    #[test]
    fn a_state_is_a_uuid() {
        let state = new_state().unwrap();
        let lengths: Vec<usize> = state.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(&state[14..15], "4");
        assert_ne!(state, new_state().unwrap());
    }
}
