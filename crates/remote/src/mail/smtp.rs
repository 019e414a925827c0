//! The SMTP client. It walks the dialogue itself, because only the stage at which a connection breaks tells
//! whether the server may already have the letter.

use std::{future::Future, time::Duration};

use lettre::{
    Message,
    message::Mailbox,
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
    },
};
use tokio::time::timeout;

use super::{Letter, Mailer};
use crate::{Handover, Outcome};

/// The longest answer of a server worth keeping.
const LONGEST_REASON: usize = 200;

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Not at all: only for a relay on this machine.
    Plain,
    /// Begins in the clear, then must upgrade (port 587).
    StartTls,
    /// TLS from the first byte (port 465).
    Tls,
}

/// A name and password for the relay.
#[derive(Clone)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The password.
    pub password: String,
}

/// How long each stage may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Connection, TLS, greeting, sign-in.
    pub connect: Duration,
    /// One command.
    pub command: Duration,
    /// The letter itself, until the server says what it thinks of it.
    pub handover: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            connect: seconds(15),
            command: seconds(30),
            handover: seconds(120),
        }
    }
}

/// Where and how to send mail.
#[derive(Clone)]
pub struct SmtpSettings {
    /// The relay's host name, which its certificate must bear.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Protection of the connection.
    pub security: Security,
    /// Sign-in at the relay.
    pub login: Option<Login>,
    /// The sender: `Личный кабинет <no-reply@city.kz>`.
    pub from: String,
    /// The name this server greets with; empty: the domain of the sender.
    pub hello: String,
    /// Authorities of the relay's certificate beside those of the system, in PEM.
    pub authorities: Vec<Vec<u8>>,
    /// Time limits.
    pub patience: Patience,
}

/// Settings that cannot work.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The sender is not `Name <address>`.
    #[error("the sender is not a mailbox")]
    From,
    /// A password would travel in the clear.
    #[error("a password is never sent without TLS")]
    PasswordInTheClear,
    /// The TLS parameters cannot be built.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

/// Sends letters to one relay, a connection each.
pub struct SmtpMailer {
    host: String,
    port: u16,
    security: Security,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
    from: Mailbox,
    hello: ClientId,
    patience: Patience,
}

impl SmtpMailer {
    /// Checks the settings; connects nowhere yet.
    pub fn new(settings: SmtpSettings) -> Result<Self, SettingsError> {
        let from: Mailbox = settings.from.parse().map_err(|_| SettingsError::From)?;
        if settings.login.is_some() && settings.security == Security::Plain {
            return Err(SettingsError::PasswordInTheClear);
        }
        let hello = if settings.hello.is_empty() {
            from.email.domain().to_owned()
        } else {
            settings.hello.clone()
        };
        Ok(Self {
            tls: tls(&settings).map_err(|error| SettingsError::Tls(error.to_string()))?,
            host: settings.host,
            port: settings.port,
            security: settings.security,
            credentials: settings
                .login
                .map(|login| Credentials::new(login.user, login.password)),
            from,
            hello: ClientId::Domain(hello),
            patience: settings.patience,
        })
    }

    async fn hand_over(&self, letter: &Letter) -> Outcome {
        let message = match letter.compose(&self.from) {
            Ok(message) => message,
            Err(error) => return Outcome::Refused(error.to_string()),
        };
        let mut connection = match within(self.patience.connect, self.connect()).await {
            Ok(connection) => connection,
            // Whatever the relay dislikes here, it is not the recipient.
            Err(broken) => return Outcome::TryLater(broken.reason),
        };
        let outcome = match self.announce(&mut connection, &message).await {
            Ok(()) => self.transfer(&mut connection, &message).await,
            Err(outcome) => outcome,
        };
        // The letter's fate is known; a relay slow to say goodbye must not change it.
        let _ = timeout(self.patience.command, connection.abort()).await;
        outcome
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let (implicit, upgrade) = match self.security {
            Security::Plain => (None, None),
            Security::StartTls => (None, self.tls.clone()),
            Security::Tls => (self.tls.clone(), None),
        };
        let server = (self.host.as_str(), self.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            server,
            Some(self.patience.connect),
            &self.hello,
            implicit,
            None,
        )
        .await?;
        if let Some(tls) = upgrade {
            connection.starttls(tls, &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], credentials)
                .await?;
        }
        Ok(connection)
    }

    /// Up to the permission to send the content: until then the server has nothing.
    async fn announce(&self, connection: &mut AsyncSmtpConnection, message: &Message) -> Result<(), Outcome> {
        let limit = self.patience.command;
        let from = Mail::new(message.envelope().from().cloned(), vec![]);
        within(limit, connection.command(from))
            .await
            .map_err(|broken| Outcome::TryLater(broken.reason))?;
        for to in message.envelope().to() {
            let recipient = Rcpt::new(to.clone(), vec![]);
            within(limit, connection.command(recipient))
                .await
                .map_err(Broken::before_content)?;
        }
        within(limit, connection.command(Data))
            .await
            .map_err(Broken::before_content)?;
        Ok(())
    }

    /// The content: a break here leaves the outcome unknown, an answer settles it.
    async fn transfer(&self, connection: &mut AsyncSmtpConnection, message: &Message) -> Outcome {
        match within(self.patience.handover, connection.message(&message.formatted())).await {
            Ok(_) => Outcome::Accepted,
            Err(broken) if broken.verdict == Verdict::None => Outcome::Unknown(broken.reason),
            Err(broken) => broken.before_content(),
        }
    }
}

impl Mailer for SmtpMailer {
    fn send<'a>(&'a self, letter: &'a Letter) -> Handover<'a> {
        Box::pin(self.hand_over(letter))
    }
}

/// What the server itself said before the dialogue ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    None,
    Temporary,
    Permanent,
}

/// A stage that did not succeed.
struct Broken {
    verdict: Verdict,
    reason: String,
}

impl Broken {
    fn before_content(self) -> Outcome {
        match self.verdict {
            Verdict::Permanent => Outcome::Refused(self.reason),
            Verdict::Temporary | Verdict::None => Outcome::TryLater(self.reason),
        }
    }
}

async fn within<T>(limit: Duration, stage: impl Future<Output = Result<T, Error>>) -> Result<T, Broken> {
    match timeout(limit, stage).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => {
            let verdict = match (error.is_permanent(), error.is_transient()) {
                (true, _) => Verdict::Permanent,
                (_, true) => Verdict::Temporary,
                _ => Verdict::None,
            };
            Err(Broken {
                verdict,
                reason: error.to_string().chars().take(LONGEST_REASON).collect(),
            })
        }
        Err(_) => Err(Broken {
            verdict: Verdict::None,
            reason: "the server did not answer in time".into(),
        }),
    }
}

/// Reads the system's authorities, which takes a while: only for those who need them.
fn tls(settings: &SmtpSettings) -> Result<Option<TlsParameters>, Error> {
    if settings.security == Security::Plain {
        return Ok(None);
    }
    let mut builder = TlsParameters::builder(settings.host.clone());
    for pem in &settings.authorities {
        builder = builder.add_root_certificate(Certificate::from_pem(pem)?);
    }
    builder.build().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> SmtpSettings {
        SmtpSettings {
            host: "127.0.0.1".into(),
            port: 25,
            security: Security::Plain,
            login: None,
            from: "Кабинет <no-reply@city.kz>".into(),
            hello: String::new(),
            authorities: vec![],
            patience: Patience::default(),
        }
    }

    #[test]
    fn a_password_never_travels_in_the_clear() {
        let login = Some(Login {
            user: "u".into(),
            password: "p".into(),
        });
        let refused = SmtpMailer::new(SmtpSettings { login, ..settings() });
        assert!(matches!(refused, Err(SettingsError::PasswordInTheClear)));
    }

    #[test]
    fn the_sender_must_be_a_mailbox() {
        let refused = SmtpMailer::new(SmtpSettings {
            from: "nobody".into(),
            ..settings()
        });
        assert!(matches!(refused, Err(SettingsError::From)));
        assert!(SmtpMailer::new(settings()).is_ok());
    }
}
