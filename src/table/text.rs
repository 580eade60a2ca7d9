//! Aligned columns for a terminal or a code block: no frame, a rule under the heading.

use std::borrow::Cow;

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, TableStyle, Width,
};

use crate::escape::escape_controls;
use crate::table::{Column, ColumnKind, Look, RowMark, Table};

/// Longer words may be cut in a narrow terminal.
const LONGEST_WORD: usize = 24;

/// Marks the first cell of a row during layout, so that the row's lines can be found again. It has
/// no width and occurs in no shown text.
const ROW_BEGINS: char = '\u{200b}';

/// Bold and green, red, and the end of both.
const BEST: &str = "\u{1b}[1;32m";
const BAD: &str = "\u{1b}[31m";
const PLAIN: &str = "\u{1b}[0m";

/// A table on its way to the screen: the texts of its cells and their layout.
struct TextGrid<'a> {
    columns: Vec<&'a Column>,
    rows: Vec<Vec<Cow<'a, str>>>,
    ascii: bool,
}

/// The table, with the rows marked if colours are wanted.
pub(super) fn render(table: &Table, look: &Look, marks: &[RowMark]) -> String {
    let shown =
        |(cell, column): (&crate::table::Cell, &Column)| in_look(column.shown(cell), look.ascii);
    let mut grid = TextGrid {
        columns: table.columns.iter().collect(),
        rows: table
            .rows
            .iter()
            .map(|row| row.iter().zip(&table.columns).map(shown).map(Cow::Owned).collect())
            .collect(),
        ascii: look.ascii,
    };
    let full = match grid.is_simple() {
        true => grid.aligned(),
        false => grid.layout(|column| Cow::Borrowed(&*column.header), None),
    };
    let (drawn, left_out) = match look.width {
        Some(width) if widest_line(&full) > usize::from(width) => {
            let left_out = grid.shrink_to(usize::from(width));
            let drawn = grid.layout(short_header, Some(width));
            (without_overhang(&drawn, usize::from(width)), left_out)
        }
        _ => (full, Vec::new()),
    };
    let mut text = marked(&drawn, if look.color { marks } else { &[] });
    if !left_out.is_empty() {
        let line = format!("no room for: {}", left_out.join(", "));
        text.push_str(&format!("\n{}\n", wrapped(&line, look.width.map_or(0, usize::from))));
    }
    text
}

impl TextGrid<'_> {
    /// Whether every character is as wide as any other.
    fn is_simple(&self) -> bool {
        let is_simple = |c: char| c.is_ascii() || matches!(c, '±' | '…' | '▓' | '░');
        let headers = self.columns.iter().map(|column| &*column.header);
        let mut texts = headers.chain(self.rows.iter().flatten().map(|text| &**text));
        texts.all(|text| text.chars().all(is_simple))
    }

    /// The same as [`TextGrid::layout`] if nothing wraps, in a tenth of the time, which matters for
    /// thousands of rows.
    fn aligned(&self) -> String {
        let header = |c: &&Column| in_look(escape_controls(&c.header).into_owned(), self.ascii);
        let headers: Vec<Cow<str>> = self.columns.iter().map(|c| Cow::Owned(header(c))).collect();
        let width = |i: usize| {
            let cells = self.rows.iter().map(|row| &row[i]).chain([&headers[i]]);
            cells.map(|text| text.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..headers.len()).map(width).collect();
        let mut text = String::new();
        let mut line = |begin: &str, cells: &[Cow<str>]| {
            text.push_str(begin);
            for (i, cell) in cells.iter().enumerate() {
                let space = " ".repeat(widths[i] - cell.chars().count());
                let is_left = is_left_aligned(self.columns[i]);
                let (before, after) = if is_left { ("", &*space) } else { (&*space, "") };
                let gap = if i == 0 { "" } else { "   " };
                text.extend([gap, before, cell, after]);
            }
            text.push('\n');
        };
        line("", &headers);
        let begin = ROW_BEGINS.to_string();
        self.rows.iter().for_each(|row| line(&begin, row));
        let rule = if self.ascii { "-" } else { "─" };
        let length = widths.iter().sum::<usize>() + (3 * widths.len()).saturating_sub(2);
        let end_of_header = text.find('\n').unwrap_or(0);
        text.insert_str(end_of_header, &format!("\n{}", rule.repeat(length)));
        text
    }

    fn layout(&self, header: impl Fn(&Column) -> Cow<'_, str>, width: Option<u16>) -> String {
        let mut grid = comfy_table::Table::new();
        let rule = if self.ascii { '-' } else { '─' };
        grid.load_style(
            TableStyle::new().header_separator(LineStyle::none().fill(rule).junction(rule)),
        );
        let heading =
            |column: &&Column| in_look(escape_controls(&header(column)).into_owned(), self.ascii);
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
            // In a narrow terminal there is one space less between columns.
            drawn.set_padding((u16::from(index > 0 && width.is_none()), 1));
            if !is_left_aligned(column) {
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

    /// Removes columns until the rest fits; two always stay. Returns the headings of the removed
    /// ones, except bars.
    fn shrink_to(&mut self, width: usize) -> Vec<String> {
        let widths: Vec<usize> = (0..self.columns.len()).map(|i| self.narrowest(i)).collect();
        let mut stay: Vec<usize> = (0..widths.len()).collect();
        let fits = |stay: &[usize]| {
            let spaces = 2 * stay.len().saturating_sub(1);
            stay.iter().map(|i| widths[*i]).sum::<usize>() + spaces <= width
        };
        while stay.len() > 2 && !fits(&stay) {
            let last = stay.iter().enumerate().max_by_key(|(_, i)| self.columns[**i].goes);
            stay.remove(last.map_or(0, |(position, _)| position));
        }
        let is_gone = |i: &usize| !stay.contains(i) && self.columns[*i].kind != ColumnKind::Bar;
        let gone = (0..widths.len()).filter(is_gone).map(|i| &*self.columns[i].header);
        let gone = gone.map(|header| escape_controls(header).into_owned()).collect();
        let only = |i: usize| stay.contains(&i);
        retain(&mut self.columns, only);
        self.rows.iter_mut().for_each(|row| retain(row, only));
        gone
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

/// Keeps the items whose index satisfies `stays`.
fn retain<T>(items: &mut Vec<T>, stays: impl Fn(usize) -> bool) {
    let mut index = 0..;
    items.retain(|_| index.next().is_some_and(&stays));
}

/// The words in lines of this width, or longer where a word is.
fn wrapped(line: &str, width: usize) -> String {
    let mut text = String::new();
    let mut used = 0;
    for word in line.split(' ') {
        let length = word.chars().count();
        let fits = used + 1 + length <= width;
        text.push_str(if used == 0 {
            ""
        } else if fits {
            " "
        } else {
            "\n"
        });
        text.push_str(word);
        used = if used > 0 && fits { used + 1 + length } else { length };
    }
    text
}

fn is_left_aligned(column: &Column) -> bool {
    matches!(column.kind, ColumnKind::Text | ColumnKind::Bar)
}

/// The lines, of which the rule under the headings is as long as all columns with the space behind the last:
/// where they fill the terminal, that space has no room.
fn without_overhang(drawn: &str, width: usize) -> String {
    let cut = |line: &str| match line.starts_with(['─', '-']) {
        true => line.chars().take(width).collect::<String>() + "\n",
        false => format!("{line}\n"),
    };
    drawn.lines().map(cut).collect()
}

/// The lines without layout marks; marked rows are coloured.
fn marked(drawn: &str, marks: &[RowMark]) -> String {
    let mut text = String::with_capacity(drawn.len());
    let mut rows = 0;
    for line in drawn.lines() {
        rows += usize::from(line.contains(ROW_BEGINS));
        let mark = rows.checked_sub(1).and_then(|row| marks.get(row)).copied().unwrap_or_default();
        let color = match mark {
            RowMark::Plain => "",
            RowMark::Best => BEST,
            RowMark::Bad => BAD,
        };
        text.push_str(color);
        text.extend(line.trim_end().chars().filter(|c| *c != ROW_BEGINS));
        text.push_str(if color.is_empty() { "\n" } else { PLAIN });
        text.push_str(if color.is_empty() { "" } else { "\n" });
    }
    text
}

/// The text, with this program's own non-ASCII characters replaced if the terminal cannot show them.
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
