//! A LaTeX tabular with the rules of `booktabs`; numbers are set in math, units are in the heading.

use crate::escape::escape_controls;
use crate::table::{Cell, Column, ColumnKind, Table};

pub(super) fn render(table: &Table) -> String {
    let is_text = |column: &Column| matches!(column.kind, ColumnKind::Text | ColumnKind::Bar);
    let alignment: String =
        table.columns.iter().map(|c| if is_text(c) { 'l' } else { 'r' }).collect();
    let headings = table.columns.iter().enumerate().map(|(i, column)| heading(table, column, i));
    let mut text = format!("\\begin{{tabular}}{{{alignment}}}\n\\toprule\n");
    text.push_str(&line(headings));
    text.push_str("\\midrule\n");
    text.extend(table.rows.iter().map(|row| line(row.iter().map(cell))));
    text.push_str("\\bottomrule\n\\end{tabular}\n");
    text
}

/// Comment lines.
pub(super) fn comment(lines: &[String]) -> String {
    let comment =
        |line: &String| format!("% {}", escape_controls(line)).trim_end().to_owned() + "\n";
    lines.iter().map(comment).collect()
}

fn line(cells: impl Iterator<Item = String>) -> String {
    format!("{} \\\\\n", cells.collect::<Vec<_>>().join(" & "))
}

fn heading(table: &Table, column: &Column, index: usize) -> String {
    let name = column.short.as_ref().map(|short| short.replace('_', " "));
    let name = escape(name.as_ref().unwrap_or(&column.header));
    let unit = table.rows.iter().find_map(|row| match row[index] {
        Cell::Percent(_) => Some(" (\\%)"),
        Cell::Points(_) => Some(" (points)"),
        Cell::Plain(..) if column.name == "seconds" => Some(" (s)"),
        _ => None,
    });
    // The unit of seconds is their name.
    match unit {
        Some(" (s)") => "time (s)".to_owned(),
        unit => format!("{name}{}", unit.unwrap_or_default()),
    }
}

fn cell(cell: &Cell) -> String {
    let shown = cell.shown();
    match cell {
        Cell::Absent => "--".to_owned(),
        Cell::Percent(_) | Cell::Points(_) | Cell::Plain(..) => number(&shown),
        Cell::Value(value) if value.is_number() => number(&shown),
        Cell::Range(..) => escape(&shown).replace('-', "--"),
        _ => escape(&shown),
    }
}

/// `$53.2 \pm 0.3$`, `$10^{-10}$`: a minus is not a hyphen. NaN and infinity are words.
fn number(shown: &str) -> String {
    if shown.contains("NaN") || shown.contains("inf") {
        return escape(shown).replace('±', "$\\pm$");
    }
    let shown = match shown.split_once('e') {
        Some(("1", exponent)) => format!("10^{{{exponent}}}"),
        Some((digits, exponent)) => format!("{digits} \\times 10^{{{exponent}}}"),
        None => shown.replace('±', "\\pm"),
    };
    format!("${shown}$")
}

/// Text stays text: no commands, and no bracket or star that the previous row's end would take as
/// its argument.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in escape_controls(text).chars() {
        match c {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '<' => escaped.push_str("\\textless{}"),
            '>' => escaped.push_str("\\textgreater{}"),
            '|' => escaped.push_str("\\textbar{}"),
            '"' => escaped.push_str("\\textquotedbl{}"),
            '{' | '}' | '#' | '$' | '%' | '&' | '_' => escaped.extend(['\\', c]),
            '[' | ']' | '*' => escaped.extend(['{', c, '}']),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_command() {
        assert_eq!(
            escape("a_b & 50% {x} \\y #1 $z$"),
            "a\\_b \\& 50\\% \\{x\\} \\textbackslash{}y \\#1 \\$z\\$"
        );
        assert_eq!(escape("[100, 50]*~^"), "{[}100, 50{]}{*}\\textasciitilde{}\\textasciicircum{}");
        assert_eq!(comment(&["a\n\\end{document}".to_owned()]), "% a\\u{a}\\end{document}\n");
    }

    #[test]
    fn numbers_are_math() {
        assert_eq!(number("53.2 ± 0.3"), "$53.2 \\pm 0.3$");
        assert_eq!(number("-1.0"), "$-1.0$");
        assert_eq!(number("1e-10"), "$10^{-10}$");
        assert_eq!(number("2.5e-8"), "$2.5 \\times 10^{-8}$");
        assert_eq!(number("NaN"), "NaN");
    }
}
