//! Aligned columns for a terminal or a code block: no frame, a rule under the heading.

use std::borrow::Cow;

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, TableStyle, Width,
};

use super::{Column, ColumnKind, Look, Mark, Table};
use crate::report::escape::escape_controls;

/// Longer words may be cut in a narrow terminal.
const LONGEST_WORD: usize = 24;

/// Stands before the first cell of a row while it is laid out, so that the lines of the row are
/// found again. It has no width, and no text that is shown holds one.
const ROW_BEGINS: char = '\u{200b}';

/// Bold and green, red, and the end of both.
const BEST: &str = "\u{1b}[1;32m";
const BAD: &str = "\u{1b}[31m";
const PLAIN: &str = "\u{1b}[0m";

/// A table on its way to the screen: what its cells show, and where they stand.
struct Grid<'a> {
    columns: Vec<&'a Column>,
    rows: Vec<Vec<Cow<'a, str>>>,
    ascii: bool,
}

/// The table, with the rows marked where colours are wanted.
pub(super) fn render(table: &Table, look: &Look, marks: &[Mark]) -> String {
    let shown = |cell: &super::Cell| in_look(cell.shown(), look.ascii);
    let mut grid = Grid {
        columns: table.columns.iter().collect(),
        rows: table.rows.iter().map(|row| row.iter().map(shown).map(Cow::Owned).collect()).collect(),
        ascii: look.ascii,
    };
    let full = grid.layout(|column| Cow::Borrowed(&*column.header), None);
    let (drawn, left_out) = match look.width {
        Some(width) if widest_line(&full) > usize::from(width) => {
            let left_out = grid.shrink_to(usize::from(width));
            (grid.layout(short_header, Some(width)), left_out)
        }
        _ => (full, Vec::new()),
    };
    let mut text = marked(&drawn, if look.color { marks } else { &[] });
    if !left_out.is_empty() {
        text.push_str(&format!("\nno room for: {}\n", left_out.join(", ")));
    }
    text
}

impl<'a> Grid<'a> {
    fn layout(&self, header: impl Fn(&Column) -> Cow<'_, str>, width: Option<u16>) -> String {
        let mut grid = comfy_table::Table::new();
        let rule = if self.ascii { '-' } else { '─' };
        grid.load_style(
            TableStyle::new().header_separator(LineStyle::none().fill(rule).junction(rule)),
        );
        let heading = |column: &&Column| in_look(escape_controls(&header(column)).into_owned(), self.ascii);
        grid.set_header(self.columns.iter().map(heading));
        grid.add_rows(self.rows.iter().map(|row| {
            let begin = |i| if i == 0 { ROW_BEGINS.to_string() } else { String::new() };
            row.iter().enumerate().map(move |(i, text)| begin(i) + text).collect::<Vec<_>>()
        }));
        if let Some(width) = width {
            grid.set_content_arrangement(ContentArrangement::Dynamic);
            grid.set_width(width);
        }
        for (index, column) in self.columns.iter().enumerate() {
            let Some(drawn) = grid.column_mut(index) else {
                continue;
            };
            // A narrow terminal has one space less between columns.
            drawn.set_padding((u16::from(index > 0 && width.is_none()), 1));
            if !matches!(column.kind, ColumnKind::Text | ColumnKind::Bar) {
                drawn.set_cell_alignment(CellAlignment::Right);
            }
            if width.is_some() {
                // Padding is part of a column's width.
                let padded = u16::try_from(self.narrowest(index) + 1).unwrap_or(u16::MAX);
                drawn.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(padded)));
            }
        }
        grid.to_string()
    }

    /// Takes columns away until the rest fits: first the bars, then from the right. The first two
    /// stay in any case. Returns the headings of those that are gone, the bars' not among them.
    fn shrink_to(&mut self, width: usize) -> Vec<String> {
        let mut widths: Vec<usize> = (0..self.columns.len()).map(|i| self.narrowest(i)).collect();
        let mut left_out = Vec::new();
        loop {
            let spaces = 2 * widths.len().saturating_sub(1);
            let is_bar = |column: &&Column| column.kind == ColumnKind::Bar;
            let bar = self.columns.iter().position(is_bar);
            if widths.iter().sum::<usize>() + spaces <= width || (bar.is_none() && widths.len() < 3) {
                left_out.reverse();
                return left_out;
            }
            let gone = bar.unwrap_or(widths.len() - 1);
            widths.remove(gone);
            let column = self.columns.remove(gone);
            self.rows.iter_mut().for_each(|row| drop(row.remove(gone)));
            if bar.is_none() {
                left_out.push(escape_controls(&column.header).into_owned());
            }
        }
    }

    /// Text may wrap between words, a number such as `53.2 ± 0.3` must not.
    fn narrowest(&self, index: usize) -> usize {
        let column = self.columns[index];
        let widest_part = |text: &str| match column.kind {
            ColumnKind::Text => widest_word(text).min(LONGEST_WORD),
            _ => text.chars().count(),
        };
        let cells = self.rows.iter().map(|row| widest_part(&row[index]));
        cells.max().unwrap_or(0).max(widest_word(&short_header(column)))
    }
}

/// The lines without the marks of the layout, those of marked rows in their colour.
fn marked(drawn: &str, marks: &[Mark]) -> String {
    let mut text = String::with_capacity(drawn.len());
    let mut rows = 0;
    for line in drawn.lines() {
        rows += usize::from(line.contains(ROW_BEGINS));
        let mark = rows.checked_sub(1).and_then(|row| marks.get(row)).copied().unwrap_or_default();
        let color = match mark {
            Mark::Plain => "",
            Mark::Best => BEST,
            Mark::Bad => BAD,
        };
        text.push_str(color);
        text.extend(line.trim_end().chars().filter(|c| *c != ROW_BEGINS));
        text.push_str(if color.is_empty() { "\n" } else { PLAIN });
        text.push_str(if color.is_empty() { "" } else { "\n" });
    }
    text
}

/// The text with what this program itself draws beyond ASCII replaced, where that is not shown.
fn in_look(text: String, ascii: bool) -> String {
    match ascii {
        true => text.replace('±', "+-").replace('…', "...").replace('▓', "#").replace('░', "."),
        false => text,
    }
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
    let width = |line: &str| line.trim_end().chars().filter(|c| *c != ROW_BEGINS).count();
    text.lines().map(width).max().unwrap_or(0)
}
