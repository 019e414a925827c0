//! Many files in one call, on all cores; the output is in the order of the files.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use ::text::verify as words;
use esign::trust::RevocationRule;

use super::judge::Judge;
use super::progress::Progress;
use super::row::{Row, Tally};
use super::target::Target;
use super::{Style, json, text};

/// Judges every target and prints a line for each; exits with the worst verdict.
pub(super) fn run(
    judge: &Judge,
    targets: &[Target],
    as_json: bool,
    style: &Style,
) -> anyhow::Result<ExitCode> {
    let next = AtomicUsize::new(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (sender, receiver) = channel();
    let tally = std::thread::scope(|scope| {
        for _ in 0..cores.min(targets.len()) {
            let (next, sender) = (&next, sender.clone());
            scope.spawn(move || work(judge, targets, as_json, style, next, &sender));
        }
        drop(sender);
        print(&receiver, targets.len())
    })?;
    if !as_json {
        println!("\n{}", tally.words(style.lang));
        if judge.revocation == RevocationRule::NotAsked {
            println!("{}", words::not_asked(style.lang));
        }
    }
    Ok(tally.exit())
}

fn work(
    judge: &Judge,
    targets: &[Target],
    as_json: bool,
    style: &Style,
    next: &AtomicUsize,
    sender: &Sender<(usize, Row)>,
) {
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(target) = targets.get(index) else {
            return;
        };
        let report = judge.judge(target);
        let row = if as_json {
            json::row(target, &report, judge)
        } else {
            text::row(target, &report, style)
        };
        if sender.send((index, row)).is_err() {
            return;
        }
    }
}

/// Prints each row as soon as all before it are printed.
fn print(receiver: &Receiver<(usize, Row)>, all: usize) -> anyhow::Result<Tally> {
    let mut progress = Progress::new(all);
    let mut tally = Tally::default();
    let mut waiting = BTreeMap::new();
    let mut due = 0;
    let mut out = std::io::stdout().lock();
    for (index, row) in receiver {
        tally.count(&row);
        waiting.insert(index, row);
        progress.clear();
        while let Some(row) = waiting.remove(&due) {
            out.write_all(row.text.as_bytes())?;
            due += 1;
        }
        progress.step();
    }
    progress.clear();
    Ok(tally)
}
