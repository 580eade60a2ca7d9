//! A Markdown table, padded so that its source reads well too.

use crate::escape::escape_controls;
use crate::table::{ColumnKind, Table};

pub(super) fn render(table: &Table) -> String {
    let header: Vec<String> = table.columns.iter().map(|c| escape(&c.header)).collect();
    let shown = |row: &Vec<crate::table::Cell>| {
        row.iter().zip(&table.columns).map(|(cell, column)| escape(&column.shown(cell))).collect()
    };
    let rows: Vec<Vec<String>> = table.rows.iter().map(shown).collect();
    let widths: Vec<usize> =
        (0..header.len()).map(|i| width_of_column(&header, &rows, i)).collect();
    let is_text = |i: usize| table.columns[i].kind == ColumnKind::Text;
    let rule = (0..widths.len()).map(|i| match is_text(i) {
        true => "-".repeat(widths[i]),
        false => format!("{}:", "-".repeat(widths[i] - 1)),
    });
    let pad = |row: &[String]| {
        let cells = row.iter().enumerate().map(|(i, text)| match is_text(i) {
            true => format!("{text:<0$}", widths[i]),
            false => format!("{text:>0$}", widths[i]),
        });
        line(cells)
    };
    let mut text = pad(&header);
    text.push_str(&line(rule));
    text.extend(rows.iter().map(|row| pad(row)));
    text
}

/// A comment in HTML, which a text cannot end.
pub(super) fn comment(lines: &[String]) -> String {
    let harmless =
        |line: &String| escape_controls(line).replace("-->", "--&gt;").replace("--!>", "--!&gt;");
    let lines: Vec<String> = lines.iter().map(harmless).collect();
    format!("<!--\n{}\n-->\n", lines.join("\n"))
}

fn width_of_column(header: &[String], rows: &[Vec<String>], index: usize) -> usize {
    let cells = rows.iter().map(|row| &row[index]).chain([&header[index]]);
    cells.map(|text| text.chars().count()).max().unwrap_or(0).max(3)
}

fn line(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

/// Text stays text: no cell borders, HTML, links, emphasis or code from a name.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in escape_controls(text).chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '|' | '\\' | '*' | '`' => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    escaped.replace("](", "]\\(") // a list such as [100, 50] stays readable, but a link does not link
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text_as_on_the_page() {
        let cases = include_str!("../../tests/page/tests/markdown_cases.json");
        let cases: Vec<(String, String)> = serde_json::from_str(cases).unwrap();
        for (text, escaped) in &cases {
            assert_eq!(escape(text), *escaped);
        }
    }
}
