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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cabinet::binding::Kind;
    use cabinet::contact::Slot;
    use cabinet::{Rules, ServerKey};
    use db::Timestamp;
    use text::date::Zone;

    use super::*;
    use crate::wording::Tone;

    const LINK: &str = "https://kabinet.example/undo/0123";

    fn notices() -> Vec<Notice> {
        let at = Timestamp::from_seconds(1_795_341_600);
        let later = at.plus(Duration::from_secs(600));
        let link = || LINK.to_owned();
        let certificate = || ("СЕРІК АСХАТ".to_owned(), "00ff".to_owned());
        let ((owner, serial), (gone, its_serial)) = (certificate(), certificate());
        vec![
            Notice::EmailCode {
                code: "047215".into(),
                code_until: later,
                link: link(),
                link_until: later,
            },
            Notice::PhoneCode {
                code: "047215".into(),
                code_until: later,
            },
            Notice::AddressInUse,
            Notice::ContactChanged {
                slot: Slot::ExtraPhone,
                new_masked: "+7 707 ***-**-55".into(),
                undo_link: link(),
                undo_until: later,
            },
            Notice::ContactRemoved {
                slot: Slot::Phone,
                undo_link: link(),
                undo_until: later,
            },
            Notice::ContactConfirmed {
                slot: Slot::ExtraEmail,
                masked: "a***n@mail.kz".into(),
            },
            Notice::ContactUndone { slot: Slot::Email },
            Notice::NewDevice {
                by: Kind::Password,
                device: "Firefox/141 Linux".into(),
                address: "192.0.2.7".into(),
                at,
                link: link(),
            },
            Notice::CertificateBound {
                owner,
                serial,
                at,
                link: link(),
            },
            Notice::RenewalPrepared {
                owner: "СЕРІК АСХАТ".into(),
                serial: "00ff".into(),
                at,
                link: link(),
            },
            Notice::CertificateRemoved {
                owner: gone,
                serial: its_serial,
                at,
                link: link(),
            },
            Notice::CertificateEnds {
                owner: "СЕРІК АСХАТ".into(),
                serial: "00ff".into(),
                until: later,
                link: link(),
            },
            Notice::CertificateEnded {
                owner: "СЕРІК АСХАТ".into(),
                serial: "00ff".into(),
                until: at,
                link: link(),
            },
            Notice::PasswordSet { at, link: link() },
            Notice::PasswordChanged { at, link: link() },
            Notice::IdentityLinked {
                provider: "Госуслуги".into(),
                name: "Сериков Асхат".into(),
                at,
                link: link(),
            },
            Notice::IdentityUnlinked {
                provider: "Госуслуги".into(),
                name: String::new(),
                at,
                link: link(),
            },
            Notice::SessionsEnded { at },
        ]
    }

    fn rules() -> Rules {
        let base_url = "https://kabinet.example/".parse().unwrap();
        Rules::new(base_url, "Кабинет <города>", ServerKey::new([7; 32]))
    }

    fn html(lang: Lang, notice: &Notice) -> String {
        let (rules, zone) = (rules(), Zone::utc());
        let tone = Tone {
            lang,
            rules: &rules,
            zone: &zone,
        };
        let wording = wording::letter(&tone, notice);
        let frame = Frame::new(&tone, &wording);
        assert!(plain(&frame).starts_with(&wording.subject));
        frame.render().unwrap()
    }

    #[test]
    fn four_11_4_every_notice_has_words_in_every_language() {
        let (rules, zone) = (rules(), Zone::utc());
        for notice in notices() {
            let kind = notice.kind();
            let letters = Lang::ALL.map(|lang| html(lang, &notice));
            assert!(letters[0] != letters[1] && letters[1] != letters[2], "{kind}");
            for lang in Lang::ALL {
                let sms = wording::sms(
                    &Tone {
                        lang,
                        rules: &rules,
                        zone: &zone,
                    },
                    &notice,
                );
                assert!(sms.contains("Кабинет"), "{kind}: {sms}");
                assert!(html(lang, &notice).contains("Кабинет &#60;города&#62;"), "{kind}");
            }
        }
    }

    #[test]
    fn con_1_whoever_is_told_of_a_change_has_the_link_that_undoes_it() {
        let (rules, zone) = (rules(), Zone::utc());
        for notice in notices() {
            let (Notice::ContactChanged { .. } | Notice::ContactRemoved { .. }) = &notice else {
                continue;
            };
            let tone = Tone {
                lang: Lang::Ru,
                rules: &rules,
                zone: &zone,
            };
            assert!(wording::sms(&tone, &notice).ends_with(LINK));
            assert!(html(Lang::Ru, &notice).contains(LINK));
        }
    }

    #[test]
    fn msg_3_a_browser_that_calls_itself_an_advertisement_is_not_repeated() {
        for device in [
            "Buy at http://evil.example",
            "evil.example",
            "a\r\nBcc: b@evil.example",
            "<b>x</b>",
        ] {
            let at = Timestamp::from_seconds(0);
            let (device, address) = (device.to_owned(), "192.0.2.7".to_owned());
            let letter = html(
                Lang::En,
                &Notice::NewDevice {
                    by: Kind::Password,
                    device,
                    address,
                    at,
                    link: LINK.into(),
                },
            );
            assert!(
                letter.contains("Unknown device") && !letter.contains("evil"),
                "{letter}"
            );
        }
    }
}
