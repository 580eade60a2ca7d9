//! The whole picture as lines of text: what is watched, how far it is, the list, what went wrong. Knows no
//! terminal.

use super::progress::{counts, progress, text};
use super::table::TrialTable;
use super::trial::WatchedTrial;
use crate::runs::record::RunState;

/// Heights from which on there is room for a line at the bottom, and for the names of the columns.
const WITH_FOOT: usize = 4;
const WITH_HEADER: usize = 6;

/// How a line is highlighted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Emphasis {
    Plain,
    Bold,
    Dim,
    Alive, // in progress
    Wrong, // went wrong
}

/// A line; it may be longer than the terminal is wide and have any character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) emphasis: Emphasis,
}

/// A terminal's columns and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) columns: usize,
    pub(super) rows: usize,
}

/// What is to be shown.
#[derive(Debug, Default)]
pub(super) struct View {
    pub(super) title: String,
    pub(super) trials: Vec<WatchedTrial>,
    pub(super) problem: Option<String>,
    pub(super) ascii: bool, // the terminal shows nothing else
}

impl View {
    /// As many lines as the terminal has rows.
    pub(super) fn lines(&self, size: Size) -> Vec<Line> {
        let counts = match self.trials.is_empty() {
            true => "no runs yet".to_owned(),
            false => counts(&self.trials),
        };
        let mut lines = vec![
            Line { text: format!("{}  {counts}", self.title), emphasis: Emphasis::Bold },
            Line { text: self.bar(size.columns), emphasis: Emphasis::Alive },
        ];
        lines.extend(self.list(size));
        lines.resize(size.rows, Line { text: String::new(), emphasis: Emphasis::Plain });
        if size.rows >= WITH_FOOT {
            lines[size.rows - 1] = match &self.problem {
                Some(problem) => Line { text: problem.clone(), emphasis: Emphasis::Wrong },
                None => Line { text: "q leaves".to_owned(), emphasis: Emphasis::Dim },
            };
        }
        lines
    }

    /// The trials that have a line, from the first; the others are counted in the last one.
    pub(super) fn shown(&self, size: Size) -> usize {
        let others =
            [2, usize::from(size.rows >= WITH_FOOT), usize::from(size.rows >= WITH_HEADER)];
        let room = size.rows.saturating_sub(others.iter().sum());
        match self.trials.len() {
            all if all <= room => all,
            _ => room.saturating_sub(1),
        }
    }

    fn bar(&self, columns: usize) -> String {
        let progress = progress(&self.trials);
        let text = text(progress);
        let (full, empty) = if self.ascii { ("#", "-") } else { ("█", "░") };
        let length = columns.saturating_sub(text.chars().count() + 1);
        let done = (progress.share * length as f64).floor() as usize;
        let bar = full.repeat(done) + &empty.repeat(length.saturating_sub(done));
        format!("{bar} {text}")
    }

    fn list(&self, size: Size) -> Vec<Line> {
        let (shown, hidden) = self.trials.split_at(self.shown(size));
        let table = TrialTable::new(shown, size.columns, self.ascii);
        let mut lines = Vec::new();
        if size.rows >= WITH_HEADER {
            lines.push(Line { text: table.header(), emphasis: Emphasis::Bold });
        }
        lines.extend(
            shown.iter().map(|trial| Line { text: table.row(trial), emphasis: emphasis(trial) }),
        );
        if !hidden.is_empty() {
            let text = format!("and {} more: {}", hidden.len(), counts(hidden));
            lines.push(Line { text, emphasis: Emphasis::Dim });
        }
        lines
    }
}

fn emphasis(trial: &WatchedTrial) -> Emphasis {
    match trial.record.as_ref().map(|record| record.state) {
        Some(RunState::Running) => Emphasis::Alive,
        Some(RunState::Failed | RunState::Diverged | RunState::Lost) => Emphasis::Wrong,
        Some(RunState::Interrupted | RunState::Finished | RunState::Paused) => Emphasis::Plain,
        None => Emphasis::Dim,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::watch::trial::{samples, sort};
    use crate::runs::samples::row;

    fn view() -> View {
        let mut trials = samples::sweep();
        sort(&mut trials);
        View { title: "dropout.toml".to_owned(), trials, ..View::default() }
    }

    fn drawn(view: &View, columns: usize, rows: usize) -> String {
        let lines = view.lines(Size { columns, rows });
        assert_eq!(lines.len(), rows);
        let lines =
            lines.iter().map(|line| format!("{:<6}|{}", format!("{:?}", line.emphasis), line.text));
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn sweep_in_its_middle() {
        insta::assert_snapshot!(drawn(&view(), 100, 12));
    }

    #[test]
    fn what_has_no_room_is_counted() {
        insta::assert_snapshot!(drawn(&view(), 80, 8));
    }

    #[test]
    fn small_terminal_and_a_problem() {
        let problem = Some("runs/x/run.json: cannot be read as a run record".to_owned());
        insta::assert_snapshot!(drawn(&View { problem, ascii: true, ..view() }, 50, 5));
    }

    #[test]
    fn nothing_yet() {
        insta::assert_snapshot!(drawn(
            &View { title: "runs".to_owned(), ..View::default() },
            60,
            6
        ));
    }

    #[test]
    fn no_size_and_no_rows_panic() {
        let mut hostile = view();
        for trial in &mut hostile.trials {
            trial.label = "ü漢字\x1b[2J".repeat(99);
            trial.rows = vec![row(u64::MAX / 1000, f32::NAN, Some(f32::INFINITY), -1e30); 3].into();
        }
        for view in [&hostile, &view(), &View::default()] {
            for (columns, rows) in [(0, 0), (1, 1), (20, 5), (5, 40), (300, 3), (3, 18), (120, 4)] {
                drawn(view, columns, rows);
            }
        }
    }
}
