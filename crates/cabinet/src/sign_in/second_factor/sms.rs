use aws_lc_rs::constant_time::verify_slices_are_equal;
use data_encoding::HEXLOWER;
use db::{Timestamp, Tx};
use serde::{Deserialize, Serialize};

use super::{Pending, SecondFactorRefusal, pending};
use crate::account::AccountId;
use crate::binding::SecondFactor;
use crate::contact::{self, E164, FieldRefusal, Value};
use crate::message::Notice;
use crate::ticket::{self, New, Purpose, TicketId};
use crate::{BrowserHash, Decision, Failure, Rules, Secret, Visit, refuse};

/// A code that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentCode {
    /// Where to.
    pub phone: E164,
    /// Until when it is good.
    pub until: Timestamp,
}

/// What a code is good for: one waiting proof.
#[derive(Serialize, Deserialize)]
struct CodeFor {
    pending: TicketId,
    /// Keyed, in hexadecimal.
    hash: String,
}

/// Sends a code to the confirmed phone, within the budgets of messages (threats, SMS-1). A new code kills the old.
pub fn send_code(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Decision<SentCode, SecondFactorRefusal> {
    let Some(pending) = pending(tx, rules, visit, browser, secret)? else {
        refuse!(SecondFactorRefusal::Gone);
    };
    let Some(phone) = pending.way(SecondFactor::Sms).and_then(|own| own.phone.clone()) else {
        refuse!(SecondFactorRefusal::NotYours);
    };
    send_code_for(tx, rules, visit, browser, pending.owner(), phone)
}

/// Sends a code to a confirmed phone of the account, for what waits in this ticket.
pub(in crate::sign_in) fn send_code_for(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    (account, waiting): (AccountId, TicketId),
    phone: E164,
) -> Decision<SentCode, SecondFactorRefusal> {
    let soon = visit.now.minus(rules.contact.resend_pause);
    if !ticket::list_since(tx, rules, visit, Purpose::SmsCode, account, soon)?.is_empty() {
        refuse!(SecondFactorRefusal::TooSoon);
    }
    let code = contact::new_code(visit);
    let code_until = visit.now.plus(rules.contact.code_life);
    let notice = Notice::SignInCode {
        code: code.clone(),
        code_until,
    };
    if let Err(refusal) = contact::send_code(tx, rules, visit, account, &Value::Phone(phone.clone()), notice)?
    {
        refuse!(match refusal {
            FieldRefusal::CountryNotServed => SecondFactorRefusal::CountryNotServed,
            _ => SecondFactorRefusal::TooManyMessages,
        });
    }
    ticket::discard_kind(tx, visit, account, Purpose::SmsCode)?;
    let payload = CodeFor {
        pending: waiting,
        hash: HEXLOWER.encode(&hash(rules, waiting, &code)),
    };
    let new = New {
        purpose: Purpose::SmsCode,
        browser: Some(browser),
        account: Some(account),
        session: None,
        life: rules.contact.code_life,
        tries: rules.contact.code_tries,
        payload: &serde_json::to_vec(&payload)?,
    };
    ticket::issue(tx, rules, visit, new)?;
    Ok(Ok(SentCode {
        phone,
        until: code_until,
    }))
}

/// Uses the code up that was sent for this proof, if it is that one (threats, OTP-2).
pub(super) fn take_code(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    pending: &Pending,
    code: &str,
) -> Result<bool, Failure> {
    take_code_for(tx, rules, visit, pending.owner(), code)
}

/// Uses the code up that was sent for what waits in this ticket.
pub(in crate::sign_in) fn take_code_for(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    (account, waiting): (AccountId, TicketId),
    code: &str,
) -> Result<bool, Failure> {
    let since = visit.now.minus(rules.contact.code_life);
    let sent = ticket::list_since(tx, rules, visit, Purpose::SmsCode, account, since)?;
    for ticket in sent {
        let expected: CodeFor = serde_json::from_slice(&ticket.payload)?;
        if expected.pending != waiting || !ticket::count_try(tx, visit, ticket.id)? {
            continue;
        }
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let given = HEXLOWER.encode(&hash(rules, waiting, &digits));
        return Ok(
            verify_slices_are_equal(given.as_bytes(), expected.hash.as_bytes()).is_ok()
                && ticket::take_by_id(tx, rules, visit, Purpose::SmsCode, ticket.id)?.is_some(),
        );
    }
    Ok(false)
}

/// Six digits are guessed in no time from a plain hash: only the server key can check them.
fn hash(rules: &Rules, pending: TicketId, code: &str) -> [u8; 32] {
    let text = format!("{pending}\0{code}");
    rules.server_key.keyed_hash("second-factor.code", text.as_bytes())
}
