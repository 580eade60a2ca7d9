//! The list of trials: as many columns as the width has room for.

use super::sparkline::{Point, range, sparkline};
use super::trial::WatchedTrial;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::metrics::MetricsRow;

/// The curve's column: an eighth of the terminal, up to this.
const WIDEST_CURVE: usize = 30;
const CURVE: usize = 6;

/// A column, from some width of the terminal on.
struct Column {
    from: usize,
    width: usize,
    is_number: bool, // numbers are right-aligned
}

/// Id, state, epoch, train, held-out, gap, curve (as wide as said above), label.
const COLUMNS: [Column; 8] = [
    Column { from: 96, width: 12, is_number: false },
    Column { from: 40, width: 11, is_number: false },
    Column { from: 0, width: 9, is_number: true },
    Column { from: 64, width: 6, is_number: true },
    Column { from: 64, width: 6, is_number: true },
    Column { from: 64, width: 6, is_number: true },
    Column { from: 80, width: 0, is_number: false },
    Column { from: 0, width: 0, is_number: false },
];

/// What the lines have in common.
pub(super) struct TrialTable {
    width: usize,
    ascii: bool,
    split: HeldOutSplit,
    curve_width: usize,
    curve_range: [f32; 2],
}

impl TrialTable {
    /// For these trials in a terminal of this width.
    pub(super) fn new(trials: &[WatchedTrial], width: usize, ascii: bool) -> TrialTable {
        let split = split(trials);
        let points: Vec<Point> = trials.iter().flat_map(|trial| points(trial, split)).collect();
        let curve_width = (width / 8).min(WIDEST_CURVE);
        TrialTable { width, ascii, split, curve_width, curve_range: range(points.iter()) }
    }

    /// The names of the columns.
    pub(super) fn header(&self) -> String {
        let split = self.split.short();
        let names = ["id", "state", "epoch", "train", split, "gap", "curve", "trial"];
        self.line(names.map(str::to_owned))
    }

    /// A trial: accuracies in percent, the gap in points.
    pub(super) fn row(&self, trial: &WatchedTrial) -> String {
        let last = trial.record.as_ref().and_then(|record| record.last.as_ref());
        let train = last.map(|row| row.train_accuracy);
        let held_out = last.and_then(|row| self.split.accuracy(row));
        let gap = train.zip(held_out).map(|(train, held_out)| train - held_out);
        let [train, held_out, gap] = [train, held_out, gap].map(|share| match share {
            Some(share) => format!("{:.1}", 100.0 * share),
            None => "-".to_owned(),
        });
        let (done, all) = trial.epochs().unwrap_or((0, 1));
        let epochs = match &trial.record {
            Some(_) => format!("{done}/{all}"),
            None => "-".to_owned(),
        };
        let points: Vec<Point> = points(trial, self.split).collect();
        let curve = sparkline(&points, all, self.curve_width, self.curve_range);
        let state = trial.state_word().to_owned();
        let (id, label) = (trial.id.clone(), trial.label.clone());
        self.line([id, state, epochs, train, held_out, gap, curve, label])
    }

    fn line(&self, cells: [String; COLUMNS.len()]) -> String {
        let shown = COLUMNS.iter().zip(cells).enumerate().filter(|(place, (column, _))| {
            // A terminal of ASCII has no blocks to draw curves with.
            self.width >= column.from && !(self.ascii && *place == CURVE)
        });
        let cells = shown.map(|(place, (column, text))| {
            let width = if place == CURVE { self.curve_width } else { column.width };
            match column.is_number {
                true => format!("{text:>width$}"),
                false => format!("{text:<width$}"),
            }
        });
        cells.collect::<Vec<_>>().join(" ")
    }
}

/// Sealed runs have no test figures; before there is any figure, the usual one is expected.
fn split(trials: &[WatchedTrial]) -> HeldOutSplit {
    let last_rows = || trials.iter().filter_map(|trial| trial.record.as_ref()?.last.as_ref());
    let is_sealed = last_rows().any(|row| row.val_accuracy.is_some());
    match last_rows().any(|row| row.test_accuracy.is_some()) || !is_sealed {
        true => HeldOutSplit::Test,
        false => HeldOutSplit::Validation,
    }
}

/// Without epoch 0: the untrained network would take up half of the height.
fn points(trial: &WatchedTrial, split: HeldOutSplit) -> impl Iterator<Item = Point> {
    let point = move |row: &MetricsRow| Some((row.epoch, split.accuracy(row)?));
    let points = trial.rows.iter().filter_map(point);
    points.filter(|(epoch, accuracy)| *epoch > 0 && accuracy.is_finite())
}
