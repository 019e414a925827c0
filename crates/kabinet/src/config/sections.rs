//! The sections of the file, as they are written.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

use super::by_purpose::ByPurpose;
use super::directory::DirectorySection;
use super::kerberos::KerberosSection;
use super::one_or_more::one_or_more;
use super::remote_keys::{ClientCertificateSection, EgovMobileSection};

/// The whole file.
#[derive(Debug, Deserialize)]
pub(crate) struct Config {
    pub(crate) secrets: SecretsSection,
    pub(crate) server: ServerSection,
    pub(crate) storage: StorageSection,
    #[serde(default)]
    pub(crate) sessions: SessionsSection,
    #[serde(default)]
    pub(crate) second_factor: SecondFactorSection,
    #[serde(default)]
    pub(crate) contacts: ContactsSection,
    #[serde(default)]
    pub(crate) organisations: OrganisationsSection,
    /// Without it nothing is sent: the demo shows its messages on a page instead.
    pub(crate) mail: Option<MailSection>,
    #[serde(default)]
    pub(crate) sms: SmsSection,
    #[serde(default)]
    pub(crate) log: LogSection,
    #[serde(default)]
    pub(crate) outgoing: OutgoingSection,
    #[serde(default)]
    pub(crate) revocation: RevocationSection,
    #[serde(default)]
    pub(crate) keys: KeysSection,
    #[serde(default)]
    pub(crate) anchor_group: Vec<AnchorGroupSection>,
    #[serde(default)]
    pub(crate) provider: Vec<ProviderSection>,
    #[serde(default)]
    pub(crate) directory: Vec<DirectorySection>,
    #[serde(default)]
    pub(crate) kerberos: Vec<KerberosSection>,
    pub(crate) client_certificate: Option<ClientCertificateSection>,
    pub(crate) egov_mobile: Option<EgovMobileSection>,
    /// The folder of the file: relative paths count from here.
    #[serde(skip)]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SecretsSection {
    pub(crate) key_file: PathBuf,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ServerSection {
    #[serde(default = "default::listen")]
    pub(crate) listen: SocketAddr,
    pub(crate) base_url: String,
    #[serde(default = "default::product_name")]
    pub(crate) product_name: String,
    #[serde(default = "default::time_zone")]
    pub(crate) time_zone: String,
    #[serde(default)]
    pub(crate) support: Vec<SupportEntry>,
    #[serde(default)]
    pub(crate) trusted_proxies: Vec<String>,
    pub(crate) operator_listen: Option<SocketAddr>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SupportEntry {
    pub(crate) label: String,
    pub(crate) phone: Option<String>,
    pub(crate) mail: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct StorageSection {
    pub(crate) sqlite: Option<PathBuf>,
    pub(crate) postgres: Option<String>,
    pub(crate) postgres_ca: Option<PathBuf>,
    pub(crate) password_file: Option<PathBuf>,
    #[serde(default = "default::connections")]
    pub(crate) connections: usize,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
pub(crate) struct SessionsSection {
    pub(crate) idle_minutes: u64,
    pub(crate) absolute_hours: u64,
    pub(crate) step_up_minutes: u64,
    pub(crate) challenge_minutes: u64,
    pub(crate) new_certificate: NewCertificate,
    pub(crate) merge_undo_days: u64,
    pub(crate) assisted_recovery_hours: u64,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum NewCertificate {
    Bind,
    Prove,
}

/// A certificate of a person who was never here.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Newcomer {
    Register,
    Warn,
    Ask,
}

/// A certificate that states no number of a person.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum WithoutPersonId {
    Refuse,
    Prove,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
pub(crate) struct SecondFactorSection {
    pub(crate) password: Demand,
    pub(crate) minutes: u64,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Demand {
    Nobody,
    Enrolled,
    Everybody,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
pub(crate) struct ContactsSection {
    pub(crate) first_entry: FirstEntry,
    pub(crate) default_region: String,
    pub(crate) code_minutes: u64,
    pub(crate) code_tries: u32,
    pub(crate) link_hours: u64,
    pub(crate) undo_hours: u64,
    pub(crate) reconfirm_days: u64,
    pub(crate) sends_per_address: u32,
    pub(crate) sends_per_address_by_all: u32,
    pub(crate) sends_per_account: u32,
    pub(crate) sends_per_network: u32,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FirstEntry {
    Email,
    Phone,
    Either,
    Nothing,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct OrganisationsSection {
    pub(crate) kinds: Option<Vec<OrganisationKindEntry>>,
    pub(crate) methods: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct OrganisationKindEntry {
    pub(crate) id: String,
    pub(crate) label: LabelEntry,
}

/// One text in every language.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct LabelEntry {
    pub(crate) ru: String,
    pub(crate) kk: String,
    pub(crate) en: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct MailSection {
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
    #[serde(default)]
    pub(crate) tls: MailSecurity,
    pub(crate) from: String,
    pub(crate) user: Option<String>,
    pub(crate) password_file: Option<PathBuf>,
    #[serde(default)]
    pub(crate) authorities: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum MailSecurity {
    None,
    #[default]
    Starttls,
    Tls,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
pub(crate) struct SmsSection {
    pub(crate) driver: SmsDriver,
    pub(crate) countries: Vec<u16>,
    pub(crate) per_day: u32,
    pub(crate) per_prefix: u32,
    pub(crate) answered_percent: u32,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SmsDriver {
    #[default]
    Log,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct LogSection {
    pub(crate) format: Option<LogFormat>,
    pub(crate) level: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LogFormat {
    Json,
    Pretty,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct OutgoingSection {
    pub(crate) internal_hosts: Vec<String>,
    pub(crate) authorities: Vec<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
pub(crate) struct RevocationSection {
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct KeysSection {
    pub(crate) sources: Option<Vec<String>>,
    pub(crate) crypto_pro_extensions: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct AnchorGroupSection {
    pub(crate) id: String,
    pub(crate) profile: Profile,
    pub(crate) anchors: Vec<PathBuf>,
    #[serde(default)]
    pub(crate) intermediates: Vec<PathBuf>,
    pub(crate) sign_in: Option<PurposeSection>,
    pub(crate) sign: Option<PurposeSection>,
    #[serde(default)]
    pub(crate) person_ids: Vec<String>,
    #[serde(default)]
    pub(crate) head_titles: Vec<String>,
    pub(crate) revocation: ByPurpose<Revocation>,
    #[serde(default)]
    pub(crate) unknown_status: ByPurpose<UnknownStatus>,
    #[serde(default)]
    pub(crate) check_digits: bool,
    #[serde(default)]
    pub(crate) crls: Vec<PathBuf>,
    #[serde(default)]
    pub(crate) crl_sources: Vec<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    pub(crate) ocsp: Vec<String>,
    #[serde(default)]
    pub(crate) ocsp_hosts: Vec<String>,
    #[serde(default)]
    pub(crate) grace_hours: u32,
    #[serde(default = "default::ocsp_max_age_hours")]
    pub(crate) ocsp_max_age_hours: u32,
    #[serde(default)]
    pub(crate) time_stamps: TimeStampSection,
    pub(crate) second_factor: Option<Demand>,
    pub(crate) new_certificate: Option<NewCertificate>,
    pub(crate) newcomer: Option<Newcomer>,
    pub(crate) without_person_id: Option<WithoutPersonId>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ProviderSection {
    pub(crate) id: String,
    pub(crate) label: LabelSection,
    pub(crate) kind: ProviderKind,
    pub(crate) issuer: String,
    #[serde(default)]
    pub(crate) hosts: Vec<String>,
    pub(crate) client_id: String,
    pub(crate) client_secret_file: Option<PathBuf>,
    pub(crate) client_key_file: Option<PathBuf>,
    pub(crate) client_key_id: Option<String>,
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) algorithms: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) claims: ClaimsSection,
    #[serde(default)]
    pub(crate) person_ids: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) trusts_email: bool,
    #[serde(default)]
    pub(crate) trusts_phone: bool,
    #[serde(default)]
    pub(crate) required_assurance: Vec<String>,
    #[serde(default)]
    pub(crate) offered: Offered,
    pub(crate) host: Option<String>,
    pub(crate) certificate: Option<PathBuf>,
    pub(crate) key_file: Option<PathBuf>,
    pub(crate) sign_command: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) trusted: Vec<PathBuf>,
    #[serde(default)]
    pub(crate) organisation_scopes: Vec<String>,
    #[serde(default)]
    pub(crate) permissions: Vec<PermissionSection>,
    pub(crate) second_factor: Option<Demand>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct LabelSection {
    pub(crate) ru: String,
    pub(crate) kk: String,
    pub(crate) en: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ProviderKind {
    Oidc,
    Esia,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PermissionSection {
    pub(crate) name: String,
    pub(crate) responsible: Option<String>,
    pub(crate) minutes: Option<u32>,
    #[serde(default)]
    pub(crate) actions: Vec<String>,
    #[serde(default)]
    pub(crate) purposes: Vec<String>,
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ClaimsSection {
    pub(crate) surname: Option<String>,
    pub(crate) given_name: Option<String>,
    pub(crate) patronymic: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Offered {
    #[default]
    Everywhere,
    ByOrganisation,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Profile {
    Kz,
    Ru,
    Eidas,
    Plain,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PurposeSection {
    pub(crate) eku: Vec<String>,
    pub(crate) policies: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TimeStampSection {
    pub(crate) anchors: Vec<PathBuf>,
    pub(crate) policies: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Revocation {
    NotAsked,
    Required,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum UnknownStatus {
    #[default]
    Refuse,
    Allow,
}

impl Default for SessionsSection {
    fn default() -> Self {
        Self {
            idle_minutes: 30,
            absolute_hours: 12,
            step_up_minutes: 5,
            challenge_minutes: 5,
            new_certificate: NewCertificate::Bind,
            merge_undo_days: 7,
            assisted_recovery_hours: 72,
        }
    }
}

impl Default for SecondFactorSection {
    fn default() -> Self {
        Self {
            password: Demand::Enrolled,
            minutes: 10,
        }
    }
}

impl Default for RevocationSection {
    fn default() -> Self {
        Self {
            folder: PathBuf::from("revocation"),
        }
    }
}

impl Default for SmsSection {
    fn default() -> Self {
        Self {
            driver: SmsDriver::Log,
            countries: vec![7],
            per_day: 10_000,
            per_prefix: 2_000,
            answered_percent: 20,
        }
    }
}

impl Default for ContactsSection {
    fn default() -> Self {
        Self {
            first_entry: FirstEntry::Email,
            default_region: "KZ".to_owned(),
            code_minutes: 10,
            code_tries: 5,
            link_hours: 24,
            undo_hours: 72,
            reconfirm_days: 365,
            sends_per_address: 5,
            sends_per_address_by_all: 15,
            sends_per_account: 20,
            sends_per_network: 100,
        }
    }
}

pub(super) mod default {
    use std::net::SocketAddr;

    use super::Offered;

    pub(super) fn listen() -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], 8080))
    }

    pub(super) fn product_name() -> String {
        "Kabinet".to_owned()
    }

    pub(super) fn time_zone() -> String {
        "Asia/Almaty".to_owned()
    }

    pub(super) const fn ocsp_max_age_hours() -> u32 {
        24
    }

    pub(super) const fn connections() -> usize {
        8
    }

    pub(in crate::config) const fn by_organisation() -> Offered {
        Offered::ByOrganisation
    }

    pub(in crate::config) const fn directory_seconds() -> u64 {
        5
    }
}
