//! A table of typed cells that knows nothing of runs; one file for each output format.

mod csv;
pub(super) use csv::field as csv_field;
mod decimals;
pub(super) use decimals::{hundredfold, hundredfold_with_spread};
mod json;
pub(crate) use json::escape_json;
mod latex;
mod markdown;
pub(crate) mod short;
mod text;
pub(crate) mod value;

use clap::ValueEnum;
use indicatif::HumanBytes;
use serde_json::Value;

use crate::error::Result;
use crate::escape::escape_controls;
use crate::stats::{Spread, Summary};
use decimals::{plain_with_spread, rounded, seven_digits};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// Aligned columns for a terminal.
    #[default]
    Table,
    /// A Markdown table.
    Markdown,
    /// Comma-separated values: raw numbers, accuracies as fractions. Ids may look like numbers (270824670e29):
    /// pandas reads them as text with dtype={"id": str, "ids": str, "config": str}.
    Csv,
    /// An array of objects: raw numbers, accuracies as fractions.
    Json,
    /// A LaTeX tabular with the rules of the booktabs package.
    Latex,
}

impl Format {
    /// Whether it is for people, who want notes under the table, rather than programs.
    pub fn is_prose(self) -> bool {
        matches!(self, Format::Table | Format::Markdown)
    }

    /// Whether it has comments, see [`Format::comment`].
    pub fn has_comments(self) -> bool {
        matches!(self, Format::Markdown | Format::Latex)
    }

    /// Lines as a hidden comment, for evidence with a table; empty in formats without comments.
    pub fn comment(self, lines: &[String]) -> String {
        match self {
            Format::Markdown => markdown::comment(lines),
            Format::Latex => latex::comment(lines),
            Format::Table | Format::Csv | Format::Json => String::new(),
        }
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

/// What a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Its width in characters; none: lines are as long as needed.
    pub width: Option<u16>,
    /// Whether rows are coloured.
    pub color: bool,
    /// Whether it can show only ASCII.
    pub ascii: bool,
}

/// How a row is highlighted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RowMark {
    /// Nothing.
    #[default]
    Plain,
    /// It is the best: bold and green.
    Best,
    /// It has failed: red.
    Bad,
}

/// Heading of a column, for people and for programs.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The heading for people.
    pub header: String,
    /// Shorter heading for narrow terminals.
    pub short: Option<String>,
    /// Name in CSV and JSON; `_mean`, `_std` and the like are appended as the kind says.
    pub name: String,
    /// What its cells hold.
    pub kind: ColumnKind,
    /// What the ± after its means shows.
    pub spread: Spread,
    /// How soon it is dropped in a narrow terminal: the highest first, of equals the rightmost.
    pub goes: u8,
}

/// What the cells of a column hold, which decides how many columns it has in CSV and JSON.
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
    /// A difference with the interval in which the true one plausibly lies: the name itself, `_low` and `_high`.
    Change,
    /// Progress: the name itself, and with `total_` in front.
    Progress,
    /// Text that draws a figure; dropped first if there is no room, without losing information.
    Bar,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing to show: `-`, or an empty field.
    Absent,
    /// A name or the like.
    Text(String),
    /// A setting as in the experiment file.
    Value(Value),
    /// A count.
    Count(u64),
    /// A size, shown in a unit that fits.
    Bytes(u64),
    /// A fraction, shown in percent.
    Percent(Summary),
    /// A difference of fractions, shown in percentage points.
    Points(Summary),
    /// A figure other than a fraction, with this many decimals.
    Plain(Summary, usize),
    /// Lowest and highest.
    Range(u64, u64),
    /// A difference of fractions, shown in percentage points with a sign, and its interval if there is one.
    Change(f64, Option<[f64; 2]>),
    /// Progress: how far of how much.
    Progress(u64, u64),
    /// A moment: how it is shown (an age) and as RFC 3339.
    Time(String, String),
}

impl Column {
    /// A column whose heading is also its name.
    pub fn new(header: &str, kind: ColumnKind) -> Column {
        let (name, spread) = (header.to_owned(), Spread::default());
        let goes = if kind == ColumnKind::Bar { u8::MAX } else { 0 };
        Column { header: header.to_owned(), short: None, name, kind, spread, goes }
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

    /// Another spread after the ± of its means.
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
            Cell::Plain(summary, decimals) => plain_with_spread(summary, *decimals, self.spread),
            _ => cell.shown(),
        }
    }

    /// Names of its columns in CSV and JSON.
    fn raw_names(&self) -> Vec<String> {
        let name = &self.name;
        match self.kind {
            ColumnKind::Text | ColumnKind::Number | ColumnKind::Bar => vec![name.clone()],
            ColumnKind::Spread => {
                ["mean", "std", "ci95"].map(|part| format!("{name}_{part}")).to_vec()
            }
            ColumnKind::Range => vec![format!("{name}_min"), format!("{name}_max")],
            ColumnKind::Change => {
                vec![name.clone(), format!("{name}_low"), format!("{name}_high")]
            }
            ColumnKind::Progress => vec![name.clone(), format!("total_{name}s")],
        }
    }
}

impl ColumnKind {
    /// How many columns it has in CSV and JSON.
    fn width(self) -> usize {
        match self {
            ColumnKind::Text | ColumnKind::Number | ColumnKind::Bar => 1,
            ColumnKind::Range | ColumnKind::Progress => 2,
            ColumnKind::Spread | ColumnKind::Change => 3,
        }
    }
}

impl Cell {
    /// A fraction of a single run, shown in percent.
    pub fn fraction(value: f64) -> Cell {
        Cell::Percent(Summary::single(value))
    }

    /// A difference of fractions of a single run, shown in points.
    pub fn difference(value: f64) -> Cell {
        Cell::Points(Summary::single(value))
    }

    /// What people read if no column chooses the spread, free of control characters.
    pub fn shown(&self) -> String {
        match self {
            Cell::Absent => "-".to_owned(),
            Cell::Text(text) | Cell::Time(text, _) => escape_controls(text).into_owned(),
            Cell::Value(value) => escape_controls(&value::shown_text(value)).into_owned(),
            Cell::Count(count) => count.to_string(),
            Cell::Bytes(bytes) => HumanBytes(*bytes).to_string(),
            Cell::Percent(summary) | Cell::Points(summary) => {
                hundredfold_with_spread(summary, Spread::default())
            }
            Cell::Plain(summary, decimals) => {
                plain_with_spread(summary, *decimals, Spread::default())
            }
            Cell::Range(low, high) if low == high => low.to_string(),
            Cell::Range(low, high) => format!("{low}-{high}"),
            Cell::Progress(done, total) => format!("{done}/{total}"),
            Cell::Change(value, interval) => change_in_points(*value, *interval),
        }
    }

    /// A figure of a summary as CSV and JSON have it.
    fn raw(&self, summary: &Summary, figure: f64) -> Value {
        let size = summary.mean.abs().max(summary.std.unwrap_or(0.0));
        if matches!(self, Cell::Plain(..)) { seven_digits(figure, size) } else { rounded(figure) }
    }

    /// Its values in CSV and JSON, one per raw name of its column.
    fn raw_values(&self, kind: ColumnKind) -> Vec<Value> {
        match self {
            Cell::Absent => vec![Value::Null; kind.width()],
            Cell::Text(text) | Cell::Time(_, text) => vec![Value::from(text.as_str())],
            Cell::Value(value) => vec![value.clone()],
            Cell::Count(number) | Cell::Bytes(number) => vec![Value::from(*number)],
            Cell::Percent(s) | Cell::Points(s) | Cell::Plain(s, _)
                if kind == ColumnKind::Spread =>
            {
                let raw = |figure| self.raw(s, figure);
                let or_null = |spread: Option<f64>| spread.map_or(Value::Null, raw);
                vec![raw(s.mean), or_null(s.std), or_null(s.half_width())]
            }
            Cell::Percent(s) | Cell::Points(s) | Cell::Plain(s, _) => vec![self.raw(s, s.mean)],
            Cell::Range(a, b) | Cell::Progress(a, b) => vec![Value::from(*a), Value::from(*b)],
            Cell::Change(value, interval) => {
                let end = |place: usize| interval.map_or(Value::Null, |ends| rounded(ends[place]));
                vec![rounded(*value), end(0), end(1)]
            }
        }
    }
}

/// `+5.7 [2.5, 8.9]`: a difference of fractions in points, with its interval if there is one.
pub fn change_in_points(value: f64, interval: Option<[f64; 2]>) -> String {
    let shown = signed_points(value);
    match interval {
        Some([low, high]) => format!("{shown} [{}, {}]", hundredfold(low), hundredfold(high)),
        None => shown,
    }
}

/// `+5.7`: a difference of fractions in points; what rounds to zero has no sign.
pub fn signed_points(value: f64) -> String {
    let points = hundredfold(value);
    let is_plain = points.starts_with('-') || points == "0.0" || !value.is_finite();
    if is_plain { points } else { format!("+{points}") }
}

impl Table {
    /// The table as text that ends with a line break. `width` is that of the terminal in
    /// characters; without it, lines are as long as needed. Only `Format::Table` uses it.
    ///
    /// # Errors
    /// When a CSV or JSON writer fails, which text in memory gives no reason for.
    pub fn render(&self, format: Format, width: Option<u16>) -> Result<String> {
        match format {
            Format::Table => Ok(text::render(self, &Look { width, ..Look::default() }, &[])),
            Format::Markdown => Ok(markdown::render(self)),
            Format::Csv => csv::render(self),
            Format::Json => json::render(self),
            Format::Latex => Ok(latex::render(self)),
        }
    }

    /// The table for a terminal, with a mark for each of its first rows. If it is too wide, a
    /// column of bars is dropped first, then others, which are named below it.
    pub fn draw(&self, look: &Look, marks: &[RowMark]) -> String {
        text::render(self, look, marks)
    }

    /// Removes the last column, which is then shown in another way.
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

#[cfg(test)]
mod tests;
