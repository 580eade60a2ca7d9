//! A config's figures over its seeds in a table: as a cell, a column and a sort key.

use crate::analysis::compare::configs::Config;
use crate::runs::figures::{Figure, Unit};
use crate::runs::held_out::HeldOutSplit;
use crate::stats::{Pairwise, Summary};
use crate::table::{Cell, Column, ColumnKind};

/// Decimals of losses and of seconds.
const LOSS_DECIMALS: usize = 3;
const SECONDS_DECIMALS: usize = 1;

/// The differences of a figure between all of these configs; a config without the figure has none.
pub(super) fn pairwise(figure: Figure, configs: &[&Config]) -> Pairwise {
    let summaries =
        configs.iter().map(|config| config.over(figure).unwrap_or_else(Summary::nothing));
    Pairwise::of(&summaries.collect::<Vec<_>>())
}

/// The sort key: NaN is last.
pub(super) fn number(figure: Figure, config: &Config) -> f64 {
    match figure.kind().unit {
        Unit::Epochs => config.range(figure).map_or(f64::NAN, |(low, _)| low as f64),
        _ => config.over(figure).map_or(f64::NAN, |summary| summary.mean),
    }
}

pub(super) fn cell(figure: Figure, config: &Config) -> Cell {
    let unit = figure.kind().unit;
    if unit == Unit::Epochs {
        return config.range(figure).map_or(Cell::Absent, |(low, high)| Cell::Range(low, high));
    }
    let Some(summary) = config.over(figure) else { return Cell::Absent };
    match unit {
        Unit::Fraction => Cell::Percent(summary),
        Unit::Points => Cell::Points(summary),
        Unit::Seconds => Cell::Plain(summary, SECONDS_DECIMALS),
        Unit::Loss | Unit::Epochs | Unit::Rate => Cell::Plain(summary, LOSS_DECIMALS),
    }
}

pub(super) fn column(figure: Figure) -> Column {
    let kind = figure.kind();
    let of_column = match kind.unit {
        Unit::Epochs => ColumnKind::Range,
        _ => ColumnKind::Spread,
    };
    Column::new(kind.header, of_column).named(kind.name)
}

/// The column of the test accuracy at the best epochs, headed by what chose them.
pub(super) fn best_test_column(chosen_by: HeldOutSplit) -> Column {
    let (header, name) = match chosen_by {
        HeldOutSplit::Validation => ("best test (by val)", "best_test_by_val"),
        HeldOutSplit::Test => ("best test (chosen on test)", "best_test_chosen_on_test"),
    };
    Column::new(header, ColumnKind::Spread).named(name)
}

/// The names that `--sort` accepts for it, the canonical one first.
pub(super) fn best_test_names(chosen_by: HeldOutSplit) -> [&'static str; 3] {
    match chosen_by {
        HeldOutSplit::Validation => ["best_test", "best_test_by_val", "best_test_(by_val)"],
        HeldOutSplit::Test => {
            ["best_test", "best_test_chosen_on_test", "best_test_(chosen_on_test)"]
        }
    }
}

/// The test accuracy at the best epochs, in the column headed by what chose them.
pub(super) fn best_test(config: &Config, chosen_by: HeldOutSplit) -> Option<Summary> {
    config.best_test().filter(|_| config.chosen_by() == chosen_by)
}
