//! A table of typed cells that knows nothing of runs; one file a format renders it.

mod csv;
mod json;
pub(crate) use json::escape_json;
mod markdown;
mod text;

use clap::ValueEnum;
use indicatif::HumanBytes;
use serde_json::Value;

use super::escape::escape_controls;
use super::statistics::{Spread, Summary};
use crate::error::Result;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// Aligned columns for a terminal.
    #[default]
    Table,
    /// A Markdown table.
    Markdown,
    /// Comma-separated values: raw numbers, accuracies as fractions.
    Csv,
    /// An array of objects: raw numbers, accuracies as fractions.
    Json,
}

impl Format {
    /// Whether it is read by people, who want notes under the table, and not by programs.
    pub fn is_prose(self) -> bool {
        matches!(self, Format::Table | Format::Markdown)
    }
}

/// Headers and rows of typed cells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// One per cell of a row.
    pub columns: Vec<Column>,
    /// Each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

/// Heading of a column, for people and for programs.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What people read above it.
    pub header: String,
    /// Shorter heading for a terminal in which the table does not fit otherwise.
    pub short: Option<String>,
    /// Name in CSV and JSON; `_mean`, `_std` and the like are appended as the kind says.
    pub name: String,
    /// What its cells hold.
    pub kind: ColumnKind,
    /// What people see behind the ± of its means.
    pub spread: Spread,
}

/// What the cells of a column hold, and so how many columns it is in CSV and JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text: left-aligned.
    Text,
    /// One value: right-aligned.
    Number,
    /// Mean, standard deviation and half width of the mean's 95 % interval: `_mean`, `_std` and `_ci95`.
    Spread,
    /// Lowest and highest: `_min` and `_max`.
    Range,
    /// How far of how much: the name itself and `total_` before it.
    Progress,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing to show: `-`, or an empty field.
    Absent,
    /// A name or the like.
    Text(String),
    /// A setting as the experiment file gives it.
    Value(Value),
    /// A count.
    Count(u64),
    /// A size, shown in a unit that fits.
    Bytes(u64),
    /// A fraction, shown in percent.
    Percent(Summary),
    /// A difference of fractions, shown in percentage points.
    Points(Summary),
    /// Lowest and highest.
    Range(u64, u64),
    /// How far of how much.
    Progress(u64, u64),
    /// A moment: how it is shown (an age) and as RFC 3339.
    Time(String, String),
}

impl Column {
    /// A column whose heading is also its name.
    pub fn new(header: &str, kind: ColumnKind) -> Column {
        let (name, spread) = (header.to_owned(), Spread::default());
        Column { header: header.to_owned(), short: None, name, kind, spread }
    }

    /// Another name for CSV and JSON.
    #[must_use]
    pub fn named(mut self, name: &str) -> Column {
        self.name = name.to_owned();
        self
    }

    /// A shorter heading for narrow terminals.
    #[must_use]
    pub fn shortened(mut self, short: Option<String>) -> Column {
        self.short = short;
        self
    }

    /// Another spread behind the ± of its means.
    #[must_use]
    pub fn with_spread(mut self, spread: Spread) -> Column {
        self.spread = spread;
        self
    }

    /// What people read in this column's `cell`, free of control characters.
    pub fn shown(&self, cell: &Cell) -> String {
        match cell {
            Cell::Percent(summary) | Cell::Points(summary) => {
                hundredfold_with_spread(summary, self.spread)
            }
            _ => cell.shown(),
        }
    }

    /// Names of the columns that it is in CSV and JSON.
    fn raw_names(&self) -> Vec<String> {
        let name = &self.name;
        match self.kind {
            ColumnKind::Text | ColumnKind::Number => vec![name.clone()],
            ColumnKind::Spread => {
                ["mean", "std", "ci95"].map(|part| format!("{name}_{part}")).to_vec()
            }
            ColumnKind::Range => vec![format!("{name}_min"), format!("{name}_max")],
            ColumnKind::Progress => vec![name.clone(), format!("total_{name}s")],
        }
    }
}

impl ColumnKind {
    /// How many columns it is in CSV and JSON.
    fn width(self) -> usize {
        match self {
            ColumnKind::Text | ColumnKind::Number => 1,
            ColumnKind::Range | ColumnKind::Progress => 2,
            ColumnKind::Spread => 3,
        }
    }
}

impl Cell {
    /// A fraction of a single run, shown in percent.
    pub fn fraction(value: f64) -> Cell {
        Cell::Percent(Summary { mean: value, std: None, n: 1 })
    }

    /// A difference of fractions of a single run, shown in points.
    pub fn difference(value: f64) -> Cell {
        Cell::Points(Summary { mean: value, std: None, n: 1 })
    }

    /// What people read where no column says which spread, free of control characters.
    pub fn shown(&self) -> String {
        match self {
            Cell::Absent => "-".to_owned(),
            Cell::Text(text) | Cell::Time(text, _) => escape_controls(text).into_owned(),
            Cell::Value(value) => escape_controls(&super::settings::value_text(value)).into_owned(),
            Cell::Count(count) => count.to_string(),
            Cell::Bytes(bytes) => HumanBytes(*bytes).to_string(),
            Cell::Percent(summary) | Cell::Points(summary) => {
                hundredfold_with_spread(summary, Spread::default())
            }
            Cell::Range(low, high) if low == high => low.to_string(),
            Cell::Range(low, high) => format!("{low}-{high}"),
            Cell::Progress(done, total) => format!("{done}/{total}"),
        }
    }

    /// Its values in CSV and JSON, one per raw name of its column.
    fn raw_values(&self, kind: ColumnKind) -> Vec<Value> {
        match self {
            Cell::Absent => vec![Value::Null; kind.width()],
            Cell::Text(text) | Cell::Time(_, text) => vec![Value::from(text.as_str())],
            Cell::Value(value) => vec![value.clone()],
            Cell::Count(number) | Cell::Bytes(number) => vec![Value::from(*number)],
            Cell::Percent(s) | Cell::Points(s) if kind == ColumnKind::Spread => {
                let or_null = |spread: Option<f64>| spread.map_or(Value::Null, rounded);
                vec![rounded(s.mean), or_null(s.std), or_null(s.half_width())]
            }
            Cell::Percent(summary) | Cell::Points(summary) => vec![rounded(summary.mean)],
            Cell::Range(a, b) | Cell::Progress(a, b) => vec![Value::from(*a), Value::from(*b)],
        }
    }
}

impl Table {
    /// The table as text that ends with a line break. `width` is that of the terminal in
    /// characters; without it lines are as long as they need to be. Only `Format::Table` uses it.
    ///
    /// # Errors
    /// When a CSV or JSON writer fails, which text in memory gives no reason for.
    pub fn render(&self, format: Format, width: Option<u16>) -> Result<String> {
        match format {
            Format::Table => Ok(text::render(self, width)),
            Format::Markdown => Ok(markdown::render(self)),
            Format::Csv => csv::render(self),
            Format::Json => json::render(self),
        }
    }

    /// Takes the last column away, which is then told in another way.
    pub fn without_last_column(mut self) -> Table {
        self.columns.pop();
        self.rows.iter_mut().for_each(|row| drop(row.pop()));
        self
    }

    /// Names of the columns in CSV and JSON.
    fn raw_names(&self) -> Vec<String> {
        self.columns.iter().flat_map(Column::raw_names).collect()
    }

    /// Values of a row in CSV and JSON, in the order of [`Table::raw_names`].
    fn raw_row<'a>(&'a self, row: &'a [Cell]) -> impl Iterator<Item = Value> + 'a {
        let cells = row.iter().zip(&self.columns);
        cells.flat_map(|(cell, column)| cell.raw_values(column.kind))
    }
}

/// A figure for CSV and JSON: 6 decimals, which tell apart two accuracies over 100,000 examples,
/// without the noise of binary fractions behind them. Never `-0.0`; NaN is `null`.
fn rounded(figure: f64) -> Value {
    Value::from((figure * 1e6).round() / 1e6 + 0.0)
}

/// A fraction times 100 with one decimal: percent or points. Never `-0.0`.
pub(super) fn hundredfold(fraction: f64) -> String {
    let text = format!("{:.1}", 100.0 * fraction);
    if text == "-0.0" { "0.0".to_owned() } else { text }
}

/// `53.2 ± 0.3`, or `53.2` where there is no spread.
pub(super) fn hundredfold_with_spread(summary: &Summary, spread: Spread) -> String {
    match spread.of(summary) {
        Some(spread) if spread.is_finite() => {
            format!("{} ± {}", hundredfold(summary.mean), hundredfold(spread))
        }
        _ => hundredfold(summary.mean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        let summary = |values: &[f64]| Summary::of(values).unwrap();
        Table {
            columns: vec![
                Column::new("name", ColumnKind::Text),
                Column::new("network.dropout", ColumnKind::Number)
                    .shortened(Some("dropout".to_owned())),
                Column::new("test", ColumnKind::Spread).named("test_accuracy"),
                Column::new("best test (chosen on test)", ColumnKind::Spread).named("best_test"),
                Column::new("best epoch", ColumnKind::Range).named("best_epoch"),
                Column::new("epoch", ColumnKind::Progress),
            ],
            rows: vec![
                vec![
                    Cell::Text("a|b \x1b[31m\u{9b}, <c>".to_owned()),
                    Cell::Value(Value::from(0.2)),
                    Cell::Percent(summary(&[0.53, 0.534])),
                    Cell::Percent(summary(&[0.54, 0.55])),
                    Cell::Range(10, 14),
                    Cell::Progress(12, 200),
                ],
                vec![
                    Cell::Text("plain".to_owned()),
                    Cell::Absent,
                    Cell::Percent(summary(&[f64::NAN])),
                    Cell::Absent,
                    Cell::Absent,
                    Cell::Progress(0, 200),
                ],
            ],
        }
    }

    #[test]
    fn every_format_has_its_shape() {
        for format in Format::value_variants() {
            let name = format!("{format:?}").to_lowercase();
            insta::assert_snapshot!(name, sample().render(*format, None).unwrap());
        }
    }

    #[test]
    fn narrow_terminals_wrap_headers_and_never_numbers() {
        let narrow = sample().render(Format::Table, Some(78)).unwrap();
        assert!(narrow.lines().all(|line| line.chars().count() <= 78));
        insta::assert_snapshot!(narrow);
    }

    #[test]
    fn spread_is_what_the_column_says() {
        let cell = Cell::Percent(Summary::of(&[0.531, 0.535, 0.529]).unwrap());
        let column = Column::new("test", ColumnKind::Spread);
        assert_eq!((column.shown(&cell), cell.shown()), ("53.2 ± 0.8".into(), "53.2 ± 0.8".into()));
        assert_eq!(column.with_spread(Spread::Std).shown(&cell), "53.2 ± 0.3");
    }

    #[test]
    fn rounding_to_zero_has_no_sign() {
        assert_eq!(hundredfold(-0.0004), "0.0");
        assert_eq!(hundredfold(0.94151), "94.2");
        assert_eq!(hundredfold(f64::NAN), "NaN");
        assert_eq!(rounded(-1e-9).to_string(), "0.0");
    }

    #[test]
    fn raw_figures_have_no_noise_behind_six_decimals() {
        assert_eq!(rounded(0.529 - 0.53), Value::from(-0.001));
        assert_eq!(rounded(2.0 / 3.0), Value::from(0.666667));
        assert_eq!(rounded(f64::NAN), Value::Null);
    }
}
