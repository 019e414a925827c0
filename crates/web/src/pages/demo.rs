use axum::Router;
use axum::response::Response;
use axum::routing::get;
use cabinet::message::{self, Recent};

use super::show;
use crate::error::Error;
use crate::language::lang;
use crate::view::demo::{Channel, DemoMessage, DemoMessages};
use crate::visitor::Visitor;

const SHOWN: u32 = 50;

pub(super) fn routes() -> Router {
    Router::new().route("/demo/messages", get(messages))
}

/// Every message of the demo, so that a newcomer can follow codes. Not there outside the demo.
async fn messages(visitor: Visitor) -> Result<Response, Error> {
    let session = visitor.session().await?;
    let rules = visitor.app.rules.clone();
    let recent = visitor
        .app
        .db
        .read(move |tx| message::list_recent(tx, &rules, SHOWN))
        .await?;
    let messages = recent
        .into_iter()
        .filter_map(|recent| shown(&visitor, recent))
        .collect();
    show(&DemoMessages {
        page: visitor.page(session.as_ref()),
        messages,
    })
}

fn shown(visitor: &Visitor, recent: Recent) -> Option<DemoMessage> {
    let body = recent.body?;
    let words = || body.text.split_whitespace();
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    let base = visitor.app.rules.base_url.as_str();
    Some(DemoMessage {
        channel: match recent.channel {
            message::Channel::Mail => Channel::Email,
            message::Channel::Sms => Channel::Sms,
        },
        to: recent.to,
        at: visitor.moment(recent.created_at),
        lang: lang(recent.language).code(),
        code: words()
            .map(|word| word.trim_end_matches(['.', ',']))
            .find(is_code)
            .map(str::to_owned),
        link: words().find(|word| word.starts_with(base)).map(str::to_owned),
        subject: body.subject,
        body: body.text,
    })
}
