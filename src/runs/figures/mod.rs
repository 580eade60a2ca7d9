//! Every figure of a run, declared once: its names, unit, split, better direction, and how to
//! compute it. Columns, filters, sorting, plots and exports read this list.

mod accuracy;
mod balanced_accuracy;
mod best;
mod gap;
mod label_noise;
mod list;
mod loss;
mod macro_f1;
mod progress;
mod test_time;

use std::collections::BTreeMap;

use crate::runs::evaluation::Evaluation;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::metrics::MetricsRow;
use crate::runs::record::RunRecord;
use crate::stats::without_rounding;

pub use list::Figure;

/// The declaration of a figure.
#[derive(Debug)]
pub struct FigureKind {
    /// Its name in files, and for `--where`, `--sort` and `--columns`.
    pub name: &'static str,
    /// A shorter name that those accept too.
    pub short: &'static str,
    /// Heading of its column.
    pub header: &'static str,
    /// As in a sentence or on an axis.
    pub words: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// Which of two values is the better one, if any.
    pub better: Option<Better>,
    /// The split, other than train, that it needs.
    pub held_out: Option<HeldOutSplit>,
    /// Its value in a row of `metrics.csv`, if a single row determines it.
    pub of_row: Option<fn(&MetricsRow) -> Option<f32>>,
    /// Its value in a run: at the compared epoch, the last one unless `--epoch` says otherwise.
    pub of_run: Option<fn(&RunRecord) -> Option<f64>>,
    /// Its value from the finished network's predictions on its `held_out` split.
    pub of_evaluation: Option<fn(&Evaluation) -> Option<f64>>,
    /// The same in scikit-learn's `metrics`, from `labels` and `predictions`; the test uses its
    /// numbers.
    pub scikit_learn: Option<&'static str>,
}

/// The unit of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Between 0 and 1, shown in percent.
    Fraction,
    /// A difference of two fractions, shown in points.
    Points,
    /// Mean cross-entropy per example.
    Loss,
    /// A count of epochs.
    Epochs,
    /// Seconds.
    Seconds,
    /// The rate of a step.
    Rate,
}

impl Unit {
    /// Whether it is a fraction between 0 and 1 or a difference of two.
    pub fn is_fraction(self) -> bool {
        matches!(self, Unit::Fraction | Unit::Points)
    }
}

/// The direction in which a figure gets better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// The higher, the better.
    Higher,
    /// The lower, the better.
    Lower,
}

impl Better {
    /// Whether `value` is better than `bound`; NaN never is.
    pub fn is_better(self, value: f64, bound: f64) -> bool {
        match self {
            Better::Higher => value > bound,
            Better::Lower => value < bound,
        }
    }

    /// A value that is worse than every number.
    pub fn worst(self) -> f64 {
        match self {
            Better::Higher => f64::NEG_INFINITY,
            Better::Lower => f64::INFINITY,
        }
    }
}

impl Figure {
    /// The figure with this user-facing name.
    pub fn named(name: &str) -> Option<Figure> {
        Figure::asked().find(|figure| name == figure.name() || name == figure.kind().short)
    }

    /// The figures that users can ask for.
    pub fn asked() -> impl Iterator<Item = Figure> {
        Figure::ALL.iter().copied().filter(|figure| {
            let kind = figure.kind();
            kind.of_run.is_some() || kind.of_evaluation.is_some()
        })
    }

    /// Accuracy on a split that is not trained on.
    pub fn accuracy(split: HeldOutSplit) -> Figure {
        match split {
            HeldOutSplit::Test => Figure::TestAccuracy,
            HeldOutSplit::Validation => Figure::ValAccuracy,
        }
    }

    /// Train accuracy minus that on a split that is not trained on.
    pub fn gap(split: HeldOutSplit) -> Figure {
        match split {
            HeldOutSplit::Test => Figure::Gap,
            HeldOutSplit::Validation => Figure::ValGap,
        }
    }

    /// Its proper name.
    pub fn name(self) -> &'static str {
        self.kind().name
    }

    /// Its value in a row; absent if the row's run has no such split or keeps it sealed.
    pub fn in_row(self, row: &MetricsRow) -> Option<f32> {
        self.kind().of_row.and_then(|of| of(row))
    }

    /// Its value in this run; absent if the run does not have it, such as the validation accuracy
    /// of a trial that holds nothing out. NaN if training produced one.
    pub fn of(self, record: &RunRecord) -> Option<f64> {
        match self.kind().of_run {
            Some(of) => of(record),
            None if is_of_model(record) => record.evaluated.get(self.name()).copied(),
            None => None,
        }
    }

    /// The figures of a finished run's evaluation that its record keeps, by name: those of the split that was
    /// judged. A validation split does not replace the test split, so its figures have names of their own.
    pub fn evaluated(evaluation: &Evaluation) -> BTreeMap<String, f64> {
        let value = |figure: &Figure| {
            let value = figure.kind().of_evaluation?(evaluation)?;
            Some((figure.name().to_owned(), value))
        };
        let is_of_split = |figure: &&Figure| figure.kind().held_out == Some(evaluation.split);
        Figure::ALL.iter().filter(is_of_split).filter_map(value).collect()
    }
}

/// The decimal number that `metrics.csv` shows for an `f32`, so that 0.532 does not become
/// 0.5320000052 on its way into a table of raw numbers.
pub(crate) fn exact(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}

/// Train minus test accuracy, computed from the decimals that `metrics.csv` shows.
pub(crate) fn exact_gap(row: &MetricsRow) -> Option<f64> {
    Some(without_rounding(exact(row.train_accuracy) - exact(row.test_accuracy?)))
}

/// Whether the compared row is of the weights that the run keeps as its model.
fn is_of_model(record: &RunRecord) -> bool {
    let compared = record.last.map(|last| last.epoch);
    record.model_epoch.is_none_or(|epoch| compared == Some(epoch))
}

/// The compared row.
fn last(record: &RunRecord) -> Option<&MetricsRow> {
    record.last.as_ref()
}

/// The row of the best epoch.
fn best(record: &RunRecord) -> Option<&MetricsRow> {
    record.best.as_ref().or(record.last.as_ref())
}

#[cfg(test)]
mod tests;
