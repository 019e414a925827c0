use std::process::ExitCode;

use esign::cms::DocumentReport;
use esign::verdict::Verdict;
use text::Lang;

/// What came out for one file among several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    Valid,
    Unknown,
    Invalid,
}

/// A line of the output.
pub(super) struct Row {
    pub(super) outcome: Outcome,
    pub(super) text: String,
}

impl Outcome {
    /// A file that cannot be read is not known to be wrong.
    pub(super) const fn of(report: Option<&DocumentReport>) -> Self {
        match report {
            Some(report) => match report.verdict {
                Verdict::Valid(()) => Self::Valid,
                Verdict::Invalid(_) => Self::Invalid,
                Verdict::Unknown(_) => Self::Unknown,
            },
            None => Self::Unknown,
        }
    }
}

/// How many of each.
#[derive(Debug, Default)]
pub(super) struct Tally {
    valid: u64,
    invalid: u64,
    unknown: u64,
}

impl Tally {
    pub(super) fn count(&mut self, row: &Row) {
        match row.outcome {
            Outcome::Valid => self.valid += 1,
            Outcome::Invalid => self.invalid += 1,
            Outcome::Unknown => self.unknown += 1,
        }
    }

    pub(super) fn words(&self, lang: Lang) -> String {
        let number = |count: u64| text::number::grouped(count);
        text::verify::totals(
            lang,
            &number(self.valid + self.invalid + self.unknown),
            &number(self.invalid),
            &number(self.unknown),
            &number(self.valid),
        )
    }

    /// The worst: one invalid signature outweighs everything.
    pub(super) fn exit(&self) -> ExitCode {
        ExitCode::from(match (self.invalid, self.unknown) {
            (0, 0) => 0,
            (0, _) => 2,
            _ => 1,
        })
    }
}
