//! Two tables: every remedy alone, and the steps from the baseline to the recipe.

use super::Answer;
use crate::study::{Figures, time_in_words};
use crate::table::{Cell, Column, ColumnKind, Format, Table};

/// The table; none before remedies were combined, or if nothing was kept.
pub(super) fn table(answer: &Answer<'_>) -> Option<String> {
    let (start, recipe) = answer.start()?;
    let first = Column::new("step", ColumnKind::Text);
    let last = Column::new("one training", ColumnKind::Text);
    let columns: Vec<Column> = [first].into_iter().chain(figure_columns()).chain([last]).collect();
    let price = |times: f64| Cell::Text(time_in_words(times * answer.baseline_seconds));
    let row = |name: &str, figures: &Figures, gain: Cell, times: f64| {
        let Figures { train, val, gap } = *figures;
        let name = Cell::Text(name.to_owned());
        vec![name, Cell::Percent(train), Cell::Percent(val), Cell::Points(gap), gain, price(times)]
    };
    let mut rows = vec![row("baseline", &start, Cell::Absent, 1.0)];
    rows.extend(recipe.steps.iter().map(|kept| {
        let gain = Cell::Change(kept.gain.mean(), None);
        row(&kept.label(), &kept.figures, gain, kept.cost)
    }));
    Table { columns, rows }.render(Format::default(), None).ok()
}

/// Every remedy alone, the best first; none before they were tried.
pub(super) fn alone(answer: &Answer<'_>) -> Option<String> {
    let tried = answer.findings.remedies.as_ref().filter(|tried| !tried.is_empty())?;
    let first = [Column::new("change", ColumnKind::Text), Column::new("seeds", ColumnKind::Number)];
    let columns: Vec<Column> = first.into_iter().chain(figure_columns()).collect();
    let rows = tried.iter().map(|tried| {
        let Figures { train, val, gap } = tried.figures;
        vec![
            Cell::Text(tried.change.name.clone()),
            Cell::Count(val.n as u64),
            Cell::Percent(train),
            Cell::Percent(val),
            Cell::Points(gap),
            Cell::Change(tried.gain.mean(), tried.interval),
        ]
    });
    Table { columns, rows: rows.collect() }.render(Format::default(), None).ok()
}

/// The figures of a config, and what it adds to validation accuracy.
fn figure_columns() -> [Column; 4] {
    [
        Column::new("train", ColumnKind::Spread),
        Column::new("val", ColumnKind::Spread),
        Column::new("gap", ColumnKind::Spread),
        Column::new("gain", ColumnKind::Change),
    ]
}
