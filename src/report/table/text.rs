//! Aligned columns for a terminal or a code block: no frame, a rule under the heading.

use std::borrow::Cow;

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, TableStyle, Width,
};

use super::{Column, ColumnKind, Table};
use crate::report::escape::escape_controls;

const STYLE: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// Longer words may be cut in a narrow terminal.
const LONGEST_WORD: usize = 24;

pub(super) fn render(table: &Table, width: Option<u16>) -> String {
    let full = layout(table, |column| Cow::Borrowed(&*column.header), None);
    let drawn = match width {
        Some(width) if widest_line(&full) > usize::from(width) => {
            layout(table, short_header, Some(width))
        }
        _ => full,
    };
    drawn.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

fn layout(table: &Table, header: impl Fn(&Column) -> Cow<'_, str>, width: Option<u16>) -> String {
    let mut grid = comfy_table::Table::new();
    grid.load_style(STYLE);
    let headers = table.columns.iter().map(|c| escape_controls(&header(c)).into_owned());
    grid.set_header(headers);
    let shown = |row: &Vec<super::Cell>| -> Vec<String> {
        row.iter().zip(&table.columns).map(|(cell, column)| column.shown(cell)).collect()
    };
    grid.add_rows(table.rows.iter().map(shown));
    if let Some(width) = width {
        grid.set_content_arrangement(ContentArrangement::Dynamic);
        grid.set_width(width);
    }
    for (index, column) in table.columns.iter().enumerate() {
        let Some(drawn) = grid.column_mut(index) else {
            continue;
        };
        drawn.set_padding((u16::from(index > 0), 1));
        if column.kind != ColumnKind::Text {
            drawn.set_cell_alignment(CellAlignment::Right);
        }
        if width.is_some() {
            drawn.set_constraint(never_narrower_than_its_words(table, index));
        }
    }
    grid.to_string()
}

/// Text may wrap between words, a number such as `53.2 ± 0.3` must not. Padding is part of a
/// column's width.
fn never_narrower_than_its_words(table: &Table, index: usize) -> ColumnConstraint {
    let column = &table.columns[index];
    let is_text = column.kind == ColumnKind::Text;
    let widest_part = |text: &str| match is_text {
        true => widest_word(text).min(LONGEST_WORD),
        false => text.chars().count(),
    };
    let cells = table.rows.iter().map(|row| widest_part(&column.shown(&row[index])));
    let widest = cells.max().unwrap_or(0).max(widest_word(&short_header(column)));
    let padded = u16::try_from(widest + 2).unwrap_or(u16::MAX);
    ColumnConstraint::LowerBoundary(Width::Fixed(padded))
}

fn widest_word(text: &str) -> usize {
    let words = text.split(' ').map(|word| word.chars().count());
    words.max().unwrap_or(0)
}

/// The short heading in words, which can wrap.
fn short_header(column: &Column) -> Cow<'_, str> {
    let short = column.short.as_ref().map(|short| Cow::Owned(short.replace('_', " ")));
    short.unwrap_or(Cow::Borrowed(&column.header))
}

fn widest_line(text: &str) -> usize {
    let widths = text.lines().map(|line| line.trim_end().chars().count());
    widths.max().unwrap_or(0)
}
