//! From the sections of the file to what the rooms take.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cabinet::account::Language;
use cabinet::{
    ContactRules, Demand, NewCertificateRules, Rules, SamePersonId, SecondFactorRules, ServerKey,
    SessionRules, SignInRules,
};
use data_encoding::HEXLOWER_PERMISSIVE;
use db::Engine;
use remote::mail::{Kept, Login, Mailer, Patience, Security, SmtpMailer, SmtpSettings};
use remote::sms::{LogOnly, SmsGateway};
use text::date::Zone;
use url::Url;
use web::view::{Support, SupportKind};
use web::{Proxies, Site};

use super::sections::{
    self, AnchorGroupSection, FirstEntry, MailSecurity, NewCertificate, Newcomer, SmsDriver, WithoutPersonId,
};
use super::{Config, MailSection, Problem, SupportEntry, secret};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

impl Config {
    /// A path of the file, counted from the file's folder.
    pub(crate) fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// What the use cases obey, under the key of this installation.
    pub(crate) fn rules(&self, server_key: ServerKey) -> Result<Rules, Problem> {
        let (sessions, contacts) = (&self.sessions, &self.contacts);
        let mut rules = Rules::new(self.base_url()?, &self.server.product_name, server_key);
        rules.session = SessionRules {
            idle: Duration::from_secs(sessions.idle_minutes * MINUTE),
            absolute: Duration::from_secs(sessions.absolute_hours * HOUR),
            step_up: Duration::from_secs(sessions.step_up_minutes * MINUTE),
            ..SessionRules::default()
        };
        rules.sign_in = SignInRules {
            challenge_life: Duration::from_secs(sessions.challenge_minutes * MINUTE),
            new_certificate: self.new_certificate(),
            ..SignInRules::default()
        };
        rules.merge.undo = Duration::from_secs(sessions.merge_undo_days * DAY);
        rules.recovery.wait = Duration::from_secs(sessions.assisted_recovery_hours * HOUR);
        rules.second_factor = self.second_factor();
        rules.first_entry = match contacts.first_entry {
            FirstEntry::Email => cabinet::FirstEntry::EmailRequired,
            FirstEntry::Phone => cabinet::FirstEntry::PhoneRequired,
            FirstEntry::Either => cabinet::FirstEntry::Either,
            FirstEntry::Nothing => cabinet::FirstEntry::Nothing,
        };
        rules.contact = ContactRules {
            code_life: Duration::from_secs(contacts.code_minutes * MINUTE),
            code_tries: contacts.code_tries,
            link_life: Duration::from_secs(contacts.link_hours * HOUR),
            undo_life: Duration::from_secs(contacts.undo_hours * HOUR),
            sends_per_address: contacts.sends_per_address,
            sends_per_address_by_all: contacts.sends_per_address_by_all,
            sends_per_account: contacts.sends_per_account,
            sends_per_network: contacts.sends_per_network,
            sms_countries: self.sms.countries.clone(),
            sms_per_day: self.sms.per_day,
            sms_per_prefix: self.sms.per_prefix,
            sms_answered_percent: self.sms.answered_percent,
            reconfirm_after: Duration::from_secs(contacts.reconfirm_days * DAY),
            ..ContactRules::default()
        };
        rules.organisation = self.organisations()?;
        rules.default_region.clone_from(&contacts.default_region);
        rules.providers = self.provider_rules()?;
        Ok(rules)
    }

    /// The key of this installation. Only a new one gets a new key: with another one its database cannot be read.
    pub(crate) fn server_key(&self) -> Result<ServerKey, Problem> {
        let file = self.path(&self.secrets.key_file);
        if !file.exists() {
            return Err(Problem::new(format!(
                "{0}: the server key is missing; restore it from its backup, or, for a new installation, run: \
                 (umask 077; openssl rand -hex 32 > {0})",
                file.display()
            )));
        }
        let bytes = HEXLOWER_PERMISSIVE.decode(secret::read(&file)?.as_bytes()).ok();
        let bytes: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
        let bytes = bytes.ok_or_else(|| {
            Problem::new(format!(
                "{}: not 64 hexadecimal digits; restore the file from its backup",
                file.display()
            ))
        })?;
        Ok(ServerKey::new(bytes))
    }

    /// Neither a database file nor a key: what was never started. PostgreSQL cannot tell, so its key is made by hand.
    pub(crate) fn is_new(&self) -> bool {
        let has_key = self.path(&self.secrets.key_file).exists();
        !has_key
            && self
                .storage
                .sqlite
                .as_ref()
                .is_some_and(|database| !self.path(database).exists())
    }

    /// Makes the key of a new installation.
    pub(crate) fn make_server_key(&self) -> Result<(), Problem> {
        secret::create(&self.path(&self.secrets.key_file))
    }

    /// Where the data are.
    pub(crate) fn engine(&self) -> Result<Engine, Problem> {
        let storage = &self.storage;
        match (&storage.sqlite, &storage.postgres) {
            (Some(path), None) => Ok(Engine::Sqlite {
                path: self.path(path),
            }),
            (None, Some(url)) => Ok(Engine::Postgres {
                url: self.postgres(url)?,
                ca: storage.postgres_ca.as_deref().map(|file| self.path(file)),
                connections: storage.connections,
            }),
            _ => Err(Problem::new(
                "[storage] needs either `sqlite` or `postgres`; leave exactly one of them",
            )),
        }
    }

    /// What pages say of the installation.
    pub(crate) fn site(&self) -> Result<Site, Problem> {
        let zone = &self.server.time_zone;
        let zone = Zone::named(zone).ok_or_else(|| {
            Problem::new(format!(
                "[server] time_zone = \"{zone}\" is no IANA zone; write one such as Asia/Almaty"
            ))
        })?;
        let support = self
            .server
            .support
            .iter()
            .map(support)
            .collect::<Result<_, _>>()?;
        Ok(Site {
            support,
            zone,
            language: Language::Ru,
            keys: self.key_sources()?,
            demo: false,
        })
    }

    /// Whose word on the visitor's address counts.
    pub(crate) fn proxies(&self) -> Result<Proxies, Problem> {
        Proxies::parse(&self.server.trusted_proxies).map_err(|text| {
            Problem::new(format!(
                "[server] trusted_proxies: \"{text}\" is neither an address nor a network"
            ))
        })
    }

    /// What sends mail; without `[mail]` every message stays in the outbox.
    pub(crate) fn mailer(&self) -> Result<Arc<dyn Mailer>, Problem> {
        match &self.mail {
            Some(mail) => Ok(Arc::new(self.smtp(mail)?)),
            None => Ok(Arc::new(Kept)),
        }
    }

    /// What sends text messages.
    pub(crate) fn sms_gateway(&self) -> Arc<dyn SmsGateway> {
        match self.sms.driver {
            SmsDriver::Log => Arc::new(LogOnly),
        }
    }

    fn base_url(&self) -> Result<Url, Problem> {
        let text = &self.server.base_url;
        let url = Url::parse(text)
            .ok()
            .filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
        let url = url.filter(|url| url.path() == "/" && url.query().is_none() && url.fragment().is_none());
        url.ok_or_else(|| {
            Problem::new(format!(
                "[server] base_url = \"{text}\" is not the root of a site; write one such as https://cabinet.example.kz"
            ))
        })
    }

    fn postgres(&self, url: &str) -> Result<String, Problem> {
        let Some(file) = &self.storage.password_file else {
            return Ok(url.to_owned());
        };
        let mut with_password = Url::parse(url).map_err(|error| {
            Problem::new(format!(
                "[storage] postgres: {error}; write postgres://user@host/database"
            ))
        })?;
        let password = secret::read(&self.path(file))?;
        with_password.set_password(Some(&password)).map_err(|()| {
            Problem::new("[storage] postgres: the address cannot carry a password; name a host")
        })?;
        Ok(with_password.into())
    }

    fn second_factor(&self) -> SecondFactorRules {
        let named = self
            .anchor_group
            .iter()
            .filter_map(|group| Some((group.id.clone(), demand(group.second_factor?))));
        SecondFactorRules {
            password: demand(self.second_factor.password),
            anchor_groups: named.collect(),
            life: Duration::from_secs(self.second_factor.minutes * MINUTE),
        }
    }

    /// What becomes of certificates that no account holds.
    fn new_certificate(&self) -> NewCertificateRules {
        let usual = cabinet::NewCertificate {
            same_person: same_person(self.sessions.new_certificate),
            ..cabinet::NewCertificate::default()
        };
        let of_group = |group: &AnchorGroupSection| cabinet::NewCertificate {
            same_person: group.new_certificate.map_or(usual.same_person, same_person),
            newcomer: match group.newcomer {
                Some(Newcomer::Register) => cabinet::Newcomer::Register,
                Some(Newcomer::Warn) => cabinet::Newcomer::Warn,
                Some(Newcomer::Ask) => cabinet::Newcomer::Ask,
                None => usual.newcomer,
            },
            without_person_id: match group.without_person_id {
                Some(WithoutPersonId::Refuse) => cabinet::WithoutPersonId::Refuse,
                Some(WithoutPersonId::Prove) => cabinet::WithoutPersonId::Prove,
                None => usual.without_person_id,
            },
        };
        let groups = self.anchor_group.iter();
        NewCertificateRules {
            usual,
            anchor_groups: groups.map(|group| (group.id.clone(), of_group(group))).collect(),
        }
    }

    fn smtp(&self, mail: &MailSection) -> Result<SmtpMailer, Problem> {
        let (security, usual_port) = match mail.tls {
            MailSecurity::None => (Security::Plain, 25),
            MailSecurity::Starttls => (Security::StartTls, 587),
            MailSecurity::Tls => (Security::Tls, 465),
        };
        let login = match (&mail.user, &mail.password_file) {
            (None, None) => None,
            (Some(user), Some(file)) => Some(Login {
                user: user.clone(),
                password: secret::read(&self.path(file))?,
            }),
            _ => {
                return Err(Problem::new(
                    "[mail] `user` and `password_file` go together; give both or neither",
                ));
            }
        };
        let authorities = mail.authorities.iter().map(|file| {
            let file = self.path(file);
            fs::read(&file).map_err(|error| Problem::unreadable(&file, &error))
        });
        let settings = SmtpSettings {
            host: mail.host.clone(),
            port: mail.port.unwrap_or(usual_port),
            security,
            login,
            from: mail.from.clone(),
            hello: String::new(),
            authorities: authorities.collect::<Result<_, _>>()?,
            patience: Patience::default(),
        };
        SmtpMailer::new(settings)
            .map_err(|error| Problem::new(format!("[mail] {error}; check `from` and `tls`")))
    }
}

const fn same_person(policy: NewCertificate) -> SamePersonId {
    match policy {
        NewCertificate::Bind => SamePersonId::Bind,
        NewCertificate::Prove => SamePersonId::Prove,
    }
}

pub(super) const fn demand(of: sections::Demand) -> Demand {
    match of {
        sections::Demand::Nobody => Demand::Nobody,
        sections::Demand::Enrolled => Demand::Enrolled,
        sections::Demand::Everybody => Demand::Everybody,
    }
}

fn support(entry: &SupportEntry) -> Result<Support, Problem> {
    let (kind, value) = match (&entry.phone, &entry.mail) {
        (Some(phone), None) => (SupportKind::Phone, phone),
        (None, Some(mail)) => (SupportKind::Mail, mail),
        _ => {
            let label = &entry.label;
            return Err(Problem::new(format!(
                "[server] support: \"{label}\" needs either `phone` or `mail`"
            )));
        }
    };
    Ok(Support {
        label: entry.label.clone(),
        kind,
        value: value.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{EXAMPLE, read};

    fn config(folder: &Path, change: impl Fn(String) -> String) -> Config {
        let config = read::parse(&change(EXAMPLE.to_owned()), "example.toml", &[]).unwrap();
        Config {
            folder: folder.to_owned(),
            ..config
        }
    }

    fn refused<T>(outcome: Result<T, Problem>) -> String {
        outcome.err().unwrap().to_string()
    }

    #[test]
    fn a_new_installation_gets_a_server_key() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path(), |toml| toml);
        assert!(config.is_new());
        config.make_server_key().unwrap();
        config.server_key().unwrap();
        assert!(!config.is_new());
    }

    #[test]
    fn a_lost_server_key_is_never_replaced_in_silence() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("kabinet.db"), "").unwrap();
        let config = config(folder.path(), |toml| toml);
        assert!(!config.is_new());
        let lost = refused(config.server_key());
        assert!(lost.contains("the server key is missing; restore it"), "{lost}");
    }

    #[test]
    fn a_base_url_is_the_root_of_a_site() {
        let folder = tempfile::tempdir().unwrap();
        for wrong in [
            "cabinet.example.kz",
            "ftp://example.kz",
            "https://example.kz/cabinet",
            "https://example.kz/?a=b",
        ] {
            let config = config(folder.path(), |toml| {
                toml.replace("https://cabinet.example.kz", wrong)
            });
            assert!(
                refused(config.rules(ServerKey::new([0; 32]))).contains("is not the root of a site"),
                "{wrong}"
            );
        }
    }

    #[test]
    fn the_storage_is_one_of_two() {
        let folder = tempfile::tempdir().unwrap();
        let both = config(folder.path(), |toml| toml.replace("#postgres =", "postgres ="));
        assert!(refused(both.engine()).contains("leave exactly one"));
        let none = config(folder.path(), |toml| toml.replace("sqlite =", "#sqlite ="));
        assert!(refused(none.engine()).contains("leave exactly one"));
    }

    #[test]
    fn the_password_of_the_database_comes_from_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path(), |toml| {
            toml.replace("sqlite =", "#sqlite =")
                .replace("#postgres =", "postgres =")
                .replace(
                    "#password_file = \"postgres.password\"",
                    "password_file = \"secret.key\"",
                )
        });
        secret::create(&folder.path().join("secret.key")).unwrap();
        let Ok(Engine::Postgres {
            url,
            ca: None,
            connections: 8,
        }) = config.engine()
        else {
            unreachable!()
        };
        assert!(url.starts_with("postgres://kabinet:"), "{url}");
    }

    #[test]
    fn support_is_a_phone_or_a_mailbox() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path(), |toml| {
            toml.replace("phone = \"1414\"", "phone = \"1\", mail = \"a@b\"")
        });
        assert!(refused(config.site()).contains("needs either `phone` or `mail`"));
    }
}
