//! From a notice to the words and the frame around them.

use askama::Template;
use cabinet::Failure;
use cabinet::account::Language;
use cabinet::message::{Body, Channel, Claim, Notice};
use text::{Lang, message as say};

use crate::Worker;
use crate::wording::{self, Block, Wording};

/// Words a message in its recipient's language, once for all attempts.
pub(crate) fn write(worker: &Worker, claim: &Claim, notice: &Notice) -> Result<Body, Failure> {
    let (lang, written_at) = (lang(claim.language), worker.now());
    let tone = wording::Tone {
        lang,
        rules: &worker.rules,
        zone: &worker.zone,
    };
    match claim.channel {
        Channel::Sms => {
            let text = wording::sms(&tone, notice);
            Ok(Body {
                written_at,
                subject: String::new(),
                text,
                html: String::new(),
            })
        }
        Channel::Mail => {
            let wording = wording::letter(&tone, notice);
            let frame = Frame::new(&tone, &wording);
            let html = frame.render().map_err(Failure::new)?;
            Ok(Body {
                written_at,
                text: plain(&frame),
                html,
                subject: wording.subject,
            })
        }
    }
}

/// The one place where the domain's languages meet those of the texts.
const fn lang(language: Language) -> Lang {
    match language {
        Language::Ru => Lang::Ru,
        Language::Kk => Lang::Kk,
        Language::En => Lang::En,
    }
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Frame<'a> {
    lang: &'static str,
    product: &'a str,
    subject: &'a str,
    blocks: &'a [Block],
    footer: &'static str,
    footer_why: String,
    home: &'a str,
}

impl<'a> Frame<'a> {
    fn new(tone: &wording::Tone<'a>, wording: &'a Wording) -> Self {
        Self {
            lang: tone.lang.code(),
            product: &tone.rules.product_name,
            subject: &wording.subject,
            blocks: &wording.blocks,
            footer: say::footer(tone.lang),
            footer_why: say::footer_why(tone.lang, &tone.rules.product_name),
            home: tone.rules.base_url.as_str(),
        }
    }
}

/// The text part: the same blocks without the frame.
fn plain(frame: &Frame<'_>) -> String {
    let mut parts = vec![frame.subject.to_owned()];
    for block in frame.blocks {
        parts.push(match block {
            Block::Paragraph(text) | Block::Note(text) => text.clone(),
            Block::Code(code) => format!("    {code}"),
            Block::Facts(facts) => facts
                .iter()
                .map(|(label, value)| format!("{label}: {value}"))
                .collect::<Vec<_>>()
                .join("\n"),
            Block::Button(label, url) => format!("{label}:\n{url}"),
        });
    }
    parts.push(format!(
        "--\n{}\n{}\n{}",
        frame.footer, frame.footer_why, frame.home
    ));
    parts.join("\n\n") + "\n"
}
