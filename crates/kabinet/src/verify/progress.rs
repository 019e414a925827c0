use std::io::{IsTerminal as _, Write as _, stderr};

const WIDTH: usize = 30;

/// A bar on the standard error, where that is a terminal.
pub(super) struct Progress {
    all: usize,
    done: usize,
    shown: bool,
}

impl Progress {
    pub(super) fn new(all: usize) -> Self {
        Self {
            all,
            done: 0,
            shown: stderr().is_terminal(),
        }
    }

    /// One more is done.
    pub(super) fn step(&mut self) {
        self.done += 1;
        let step = (self.all / 200).max(1);
        if self.shown && (self.done.is_multiple_of(step) || self.done == self.all) {
            // a bar that cannot be drawn is no reason to stop
            let _ = write!(stderr(), "\r{}", self.bar());
        }
    }

    /// Makes room for lines.
    pub(super) fn clear(&self) {
        if self.shown {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }

    fn bar(&self) -> String {
        let filled = (self.done * WIDTH).checked_div(self.all).unwrap_or(WIDTH);
        format!(
            "[{}{}] {} / {}",
            "█".repeat(filled),
            "·".repeat(WIDTH - filled.min(WIDTH)),
            self.done,
            self.all
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_shows_counts() {
        let progress = Progress {
            all: 4,
            done: 2,
            shown: false,
        };
        assert!(progress.bar().ends_with("] 2 / 4"));
        assert_eq!(progress.bar().matches('█').count(), WIDTH / 2);
    }
}
