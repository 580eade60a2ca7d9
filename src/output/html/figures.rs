//! The figures that the page can show: the list, and their values in a run.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::output::html::curves::{four_digits, percent};
use crate::runs::figures::{Figure, Unit};
use crate::runs::record::{RunRecord, RunState};

/// A figure as the page's scripts see it.
#[derive(Debug, Serialize)]
pub(super) struct FigureData {
    key: &'static str,
    name: &'static str,
    unit: &'static str,
}

/// All figures that users can ask for except the epoch, because the plots show the last one.
fn drawn() -> impl Iterator<Item = Figure> {
    Figure::asked().filter(|figure| *figure != Figure::Epoch)
}

/// The list that the page chooses from.
pub(super) fn figures() -> Vec<FigureData> {
    let data = |figure: Figure| {
        let kind = figure.kind();
        let unit = match kind.unit {
            Unit::Fraction => "%",
            Unit::Points => "points",
            Unit::Loss | Unit::Rate => "loss",
            Unit::Epochs => "epochs",
            Unit::Seconds => "seconds",
        };
        FigureData { key: kind.short, name: kind.words, unit }
    };
    drawn().map(data).collect()
}

/// The figures of a finished run, by key: in percent, in points, or unchanged.
pub(super) fn figures_of(run: &RunRecord) -> BTreeMap<&'static str, f64> {
    let value = |figure: Figure| {
        let value = figure.of(run).filter(|value| value.is_finite())?;
        let shown = match figure.kind().unit {
            Unit::Fraction | Unit::Points => percent(value),
            Unit::Loss | Unit::Rate => four_digits(value),
            Unit::Epochs => value,
            Unit::Seconds => (value * 10.0).round() / 10.0,
        };
        Some((figure.kind().short, shown))
    };
    drawn().filter(|_| run.state == RunState::Finished).filter_map(value).collect()
}
