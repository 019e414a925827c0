//! A worker whose clock a test moves, and messages for it to send.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use cabinet::account::{AccountId, Language};
use cabinet::contact::{parse_email, parse_phone};
use cabinet::message::{self, Channel, Message, Notice, Recent, Recipient};
use cabinet::{Entropy, Rules, Visit};
use db::{Db, Timestamp};
use remote::mail::Mailer;
use remote::sms::{LogOnly, SmsGateway};
use testkit::visit::{Elsewhere, NOW, rules, visit};
use text::date::Zone;
use worker::{Worker, deliver_due};

/// Everything around one worker.
#[derive(Clone)]
pub(crate) struct Office {
    pub(crate) worker: Arc<Worker>,
    clock: Arc<AtomicI64>,
}

impl Office {
    pub(crate) fn new(db: Db, mailer: impl Mailer + 'static) -> Self {
        let clock = Arc::new(AtomicI64::new(NOW.as_micros()));
        let told = Arc::clone(&clock);
        let worker = Worker {
            db,
            rules: Arc::new(rules()),
            mailer: Arc::new(mailer),
            sms: Arc::new(LogOnly),
            clock: Arc::new(move || Timestamp::from_micros(told.load(Ordering::SeqCst))),
            entropy: Entropy::system(),
            zone: Zone::named("Asia/Almaty").unwrap(),
            keep_bodies: false,
            parallel: 3,
        };
        Self {
            worker: Arc::new(worker),
            clock,
        }
    }

    fn with(&self, change: impl FnOnce(&mut Worker)) -> Self {
        let mut worker = (*self.worker).clone();
        change(&mut worker);
        Self {
            worker: Arc::new(worker),
            clock: Arc::clone(&self.clock),
        }
    }

    /// The same office with another way to send mail.
    pub(crate) fn with_mailer(&self, mailer: impl Mailer + 'static) -> Self {
        self.with(|worker| worker.mailer = Arc::new(mailer))
    }

    /// The same office with another way to send text messages.
    pub(crate) fn with_sms(&self, sms: Arc<dyn SmsGateway>) -> Self {
        self.with(|worker| worker.sms = sms)
    }

    /// The same office under other rules, which its templates show.
    pub(crate) fn with_rules(&self, change: impl FnOnce(&mut Rules)) -> Self {
        let mut rules = (*self.worker.rules).clone();
        change(&mut rules);
        self.with(|worker| worker.rules = Arc::new(rules))
    }

    pub(crate) fn pass(&self, time: Duration) {
        let micros = i64::try_from(time.as_micros()).unwrap();
        self.clock.fetch_add(micros, Ordering::SeqCst);
    }

    fn visit(&self) -> Visit {
        let passed = (self.worker.clock)().since(NOW);
        visit().later(passed)
    }

    pub(crate) async fn deliver(&self) -> usize {
        deliver_due(&self.worker, Channel::Mail).await.unwrap()
    }

    pub(crate) async fn mail(&self, to: &str, notice: Notice) {
        let to = Recipient::Email(parse_email(to).unwrap().unwrap());
        self.enqueue(None, to, Language::Kk, notice).await;
    }

    pub(crate) async fn sms(&self, to: &str, notice: Notice) {
        let to = Recipient::Phone(parse_phone(to, "KZ").unwrap().unwrap());
        self.enqueue(None, to, Language::Ru, notice).await;
    }

    async fn enqueue(&self, account: Option<AccountId>, to: Recipient, language: Language, notice: Notice) {
        let (rules, visit) = (Arc::clone(&self.worker.rules), self.visit());
        self.worker
            .db
            .write(move |tx| {
                let message = Message {
                    account,
                    to: to.clone(),
                    language,
                    notice: notice.clone(),
                };
                message::enqueue(tx, &rules, &visit, message)
            })
            .await
            .unwrap();
    }

    /// The outbox, the newest first.
    pub(crate) async fn outbox(&self) -> Vec<Recent> {
        let rules = Arc::clone(&self.worker.rules);
        self.worker
            .db
            .read(move |tx| message::list_recent(tx, &rules, 100))
            .await
            .unwrap()
    }
}

/// A letter with a code and a link.
pub(crate) fn email_code() -> Notice {
    let minutes = |minutes: u64| NOW.plus(Duration::from_secs(minutes * 60));
    Notice::EmailCode {
        code: "047215".into(),
        code_until: minutes(10),
        link: "https://kabinet.example/confirm/00ff".into(),
        link_until: minutes(24 * 60),
    }
}
