//! The figures of a config: over its seeds, in a table and by name.

use crate::analysis::compare::configs::Config;
use crate::runs::evaluation::JudgedSplit;
use crate::stats::{Pairwise, Summary};
use crate::table::{Cell, Column, ColumnKind};

/// Figures of a config that have a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    Train,
    Val,
    Test,
    Gap,
    ValGap,
    BestByVal,
    BestOnTest,
    BestEpoch,
    Fall,
}

impl Figure {
    /// The split whose examples it is measured on, where it ranks.
    pub(super) fn split(self) -> JudgedSplit {
        match self {
            Figure::Val | Figure::ValGap => JudgedSplit::Validation,
            _ => JudgedSplit::Test,
        }
    }

    /// Summary over the seeds, where it is a mean.
    pub(super) fn summary(self, config: &Config) -> Option<Summary> {
        match self {
            Figure::Train => config.train,
            Figure::Val => config.val,
            Figure::Test => config.test,
            Figure::Gap => config.gap,
            Figure::ValGap => config.val_gap,
            Figure::BestByVal => config.best_test.filter(|_| config.has_validation),
            Figure::BestOnTest => config.best_test.filter(|_| !config.has_validation),
            Figure::Fall => config.fall,
            Figure::BestEpoch => None,
        }
    }

    /// Its differences between all of these configs; one without the figure shows none.
    pub(super) fn pairwise(self, configs: &[&Config]) -> Pairwise {
        let absent = Summary { mean: f64::NAN, std: None, n: 0 };
        let summaries = configs.iter().map(|config| self.summary(config).unwrap_or(absent));
        Pairwise::of(&summaries.collect::<Vec<_>>())
    }

    /// What sorts: NaN is last.
    pub(super) fn number(self, config: &Config) -> f64 {
        match self {
            Figure::BestEpoch => config.best_epoch.map_or(f64::NAN, |(low, _)| low as f64),
            Figure::BestByVal | Figure::BestOnTest => {
                config.best_test.map_or(f64::NAN, |summary| summary.mean)
            }
            _ => self.summary(config).map_or(f64::NAN, |summary| summary.mean),
        }
    }

    pub(super) fn cell(self, config: &Config) -> Cell {
        if self == Figure::BestEpoch {
            let epochs = config.best_epoch;
            return epochs.map_or(Cell::Absent, |(low, high)| Cell::Range(low, high));
        }
        let is_difference = matches!(self, Figure::Gap | Figure::ValGap | Figure::Fall);
        let cell = if is_difference { Cell::Points } else { Cell::Percent };
        self.summary(config).map_or(Cell::Absent, cell)
    }

    pub(super) fn column(self) -> Column {
        let (header, name) = match self {
            Figure::Train => ("train", "train_accuracy"),
            Figure::Val => ("val", "val_accuracy"),
            Figure::Test => ("test", "test_accuracy"),
            Figure::Gap => ("gap", "gap"),
            Figure::ValGap => ("gap to val", "val_gap"),
            Figure::BestByVal => ("best test (by val)", "best_test_by_val"),
            Figure::BestOnTest => ("best test (chosen on test)", "best_test_chosen_on_test"),
            Figure::BestEpoch => ("best epoch", "best_epoch"),
            Figure::Fall => ("fall", "fall"),
        };
        let kind = match self {
            Figure::BestEpoch => ColumnKind::Range,
            _ => ColumnKind::Spread,
        };
        Column::new(header, kind).named(name)
    }

    /// What `--sort` takes for it, the proper one first.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Figure::Train => &["train", "train_accuracy"],
            Figure::Val => &["val", "val_accuracy"],
            Figure::Test => &["test", "test_accuracy"],
            Figure::Gap => &["gap"],
            Figure::ValGap => &["val_gap", "gap_to_val"],
            Figure::BestByVal => &["best_test", "best_test_by_val", "best_test_(by_val)"],
            Figure::BestOnTest => {
                &["best_test", "best_test_chosen_on_test", "best_test_(chosen_on_test)"]
            }
            Figure::BestEpoch => &["best_epoch"],
            Figure::Fall => &["fall"],
        }
    }
}
