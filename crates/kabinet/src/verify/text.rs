//! The findings for people: what was found, why, and what to do, without the words of the trade.

use std::fmt::Write as _;

use ::text::date::moment_with_zone;
use ::text::{Lang, Words, finding, refusal, verify};
use esign::cms::DocumentReport;
use esign::time::UnixTime;
use esign::trust::RevocationRule;
use esign::verdict::{Code, Verdict};

use super::Style;
use super::judge::Judge;
use super::row::{Outcome, Row};
use super::signer;
use super::target::Target;

/// Everything about one file.
pub(super) fn document(report: &DocumentReport, judge: &Judge, target: &Target, style: &Style) -> String {
    let lang = style.lang;
    let mut lines = Lines::default();
    lines.heading(0, &verdict(lang, &report.verdict));
    lines.plain(2, summary(lang, &report.verdict));
    lines.blank();
    lines.pair(2, verify::file(lang), &target.signature.display().to_string());
    let content = match (&target.content, report.is_attached) {
        (Some(content), _) => content.display().to_string(),
        (None, true) => verify::document_inside(lang).into(),
        (None, false) => verify::document_missing(lang).into(),
    };
    lines.pair(2, verify::document(lang), &content);
    if report.signers.is_empty() {
        explain(&mut lines, 2, style, &report.verdict);
    }
    let remarks = report.quirks.iter().map(|quirk| signer::quirk(lang, *quirk));
    lines.list(2, verify::remarks(lang), remarks);
    for (index, found) in report.signers.iter().enumerate() {
        lines.blank();
        let number = index as u64 + 1;
        signer::write(
            &mut lines,
            0,
            &verify::signature(lang, number),
            found,
            judge,
            style,
        );
    }
    lines.blank();
    if judge.revocation == RevocationRule::NotAsked {
        lines.plain(0, verify::not_asked(lang));
    }
    lines.plain(0, &verify::judged_at(lang, &moment(judge.at, style)));
    lines.finish()
}

/// A line for one file among several; more where it is not valid.
pub(super) fn row(target: &Target, report: &anyhow::Result<DocumentReport>, style: &Style) -> Row {
    let outcome = Outcome::of(report.as_ref().ok());
    let word = match outcome {
        Outcome::Valid => verify::row_valid(style.lang),
        Outcome::Invalid => verify::row_invalid(style.lang),
        Outcome::Unknown => verify::row_unknown(style.lang),
    };
    let width = [verify::row_valid, verify::row_invalid, verify::row_unknown]
        .iter()
        .map(|word| word(style.lang).chars().count())
        .max()
        .unwrap_or_default();
    let mut text = format!("{} {word:width$}  {}", mark(outcome), target.signature.display());
    match report {
        Ok(report) => {
            for found in &report.signers {
                if let Some(certificate) = &found.certificate {
                    // writing to a String cannot fail
                    let _ = write!(text, "  {}", signer::name(certificate));
                }
            }
            if let Some(code) = report.verdict.code() {
                let what = words(style.lang, code).map_or(code.describe(), |words| words.what);
                let _ = write!(text, "\n  {what} ({code}, {})", code.clause());
            }
        }
        Err(error) => {
            let _ = write!(text, "\n  {error:#} (file.unreadable)");
        }
    }
    text.push('\n');
    Row { outcome, text }
}

/// A verdict with its sign.
pub(super) fn verdict<T>(lang: Lang, verdict: &Verdict<T>) -> String {
    let (outcome, word) = match verdict {
        Verdict::Valid(_) => (Outcome::Valid, verify::valid(lang)),
        Verdict::Invalid(_) => (Outcome::Invalid, verify::invalid(lang)),
        Verdict::Unknown(_) => (Outcome::Unknown, verify::unknown(lang)),
    };
    format!("{} {word}", mark(outcome))
}

const fn mark(outcome: Outcome) -> char {
    match outcome {
        Outcome::Valid => '✓',
        Outcome::Invalid => '✗',
        Outcome::Unknown => '?',
    }
}

const fn summary(lang: Lang, verdict: &Verdict<()>) -> &'static str {
    match verdict {
        Verdict::Valid(()) => verify::all_valid(lang),
        Verdict::Invalid(_) => verify::not_all_valid(lang),
        Verdict::Unknown(_) => verify::not_all_known(lang),
    }
}

/// What happened, why, what to do, and the code for whoever helps.
pub(super) fn explain<T>(lines: &mut Lines, indent: usize, style: &Style, verdict: &Verdict<T>) {
    let Some(code) = verdict.code() else {
        return;
    };
    let lang = style.lang;
    if let Some(words) = words(lang, code) {
        lines.plain(indent, &format!("{}.", words.what));
        lines.plain(indent, words.why);
        lines.pair(indent, verify::what_to_do(lang), words.now);
    } else {
        lines.plain(indent, code.describe());
    }
    let rule = verify::code_and_clause(lang, code.clause(), code.as_str());
    lines.pair(indent, verify::code(lang), &rule);
}

/// The words about a document; where there are none, those about signing in say what happened.
pub(super) fn words(lang: Lang, code: Code) -> Option<Words> {
    finding::by_code(lang, code.as_str()).or_else(|| refusal::by_code(lang, code.as_str()))
}

pub(super) fn moment(time: UnixTime, style: &Style) -> String {
    moment_with_zone(time.as_seconds(), &style.zone)
}

/// Lines whose values stand in one column.
#[derive(Default)]
pub(super) struct Lines(Vec<Line>);

enum Line {
    Plain(String),
    Pair(usize, String, String),
}

impl Lines {
    pub(super) fn heading(&mut self, indent: usize, text: &str) {
        self.plain(indent, text);
    }

    pub(super) fn plain(&mut self, indent: usize, text: &str) {
        self.0.push(Line::Plain(format!("{}{text}", " ".repeat(indent))));
    }

    pub(super) fn blank(&mut self) {
        self.0.push(Line::Plain(String::new()));
    }

    pub(super) fn pair(&mut self, indent: usize, label: &str, value: &str) {
        self.0.push(Line::Pair(indent, label.into(), value.into()));
    }

    /// The label once, each value on a line of its own.
    pub(super) fn list(
        &mut self,
        indent: usize,
        label: &str,
        values: impl IntoIterator<Item = impl AsRef<str>>,
    ) {
        for (index, value) in values.into_iter().enumerate() {
            self.pair(indent, if index == 0 { label } else { "" }, value.as_ref());
        }
    }

    pub(super) fn finish(self) -> String {
        let label_end = |line: &Line| match line {
            Line::Pair(indent, label, _) => indent + label.chars().count(),
            Line::Plain(_) => 0,
        };
        let column = self.0.iter().map(label_end).max().unwrap_or_default() + 2;
        let mut out = String::new();
        for line in &self.0 {
            match line {
                Line::Plain(text) => out.push_str(text),
                Line::Pair(indent, label, value) => {
                    let width = column - indent;
                    // writing to a String cannot fail
                    let _ = write!(out, "{}{label:width$}{value}", " ".repeat(*indent));
                }
            }
            out.push('\n');
        }
        out
    }
}
