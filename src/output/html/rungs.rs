//! The rungs of a halving: plain tables, which a report has as HTML and the live page makes itself.

use serde::Serialize;

use crate::analysis::rungs::Rungs;
use crate::output::html::text::{html, safe};
use crate::table::ColumnKind;

/// The rungs of one experiment in words.
#[derive(Debug, Serialize)]
pub(super) struct RungsData {
    lines: Vec<String>,
    head: Vec<HeadData>,
    rows: Vec<Vec<String>>, // each as long as the head
}

/// The head of a column.
#[derive(Debug, Serialize)]
struct HeadData {
    header: String,
    is_number: bool,
}

impl RungsData {
    pub(super) fn of(Rungs { table, lines, .. }: &Rungs) -> RungsData {
        let head = table.columns.iter().map(|column| HeadData {
            header: safe(&column.header),
            is_number: column.kind == ColumnKind::Number,
        });
        let cells = |cells: &Vec<_>| {
            let cells = table.columns.iter().zip(cells);
            cells.map(|(column, cell)| safe(&column.shown(cell))).collect()
        };
        RungsData {
            lines: lines.iter().map(|line| safe(line)).collect(),
            head: head.collect(),
            rows: table.rows.iter().map(cells).collect(),
        }
    }

    fn table(&self) -> String {
        let class = |head: &HeadData| if head.is_number { " class=\"number\"" } else { "" };
        let head = self
            .head
            .iter()
            .map(|head| format!("<th scope=\"col\"{}>{}</th>", class(head), html(&head.header)));
        let row = |cells: &Vec<String>| {
            let cells = self.head.iter().zip(cells);
            let cells = cells.map(|(head, cell)| format!("<td{}>{}</td>", class(head), html(cell)));
            format!("<tr>{}</tr>\n", cells.collect::<String>())
        };
        let lines: String =
            self.lines.iter().map(|line| format!("<p>{}</p>\n", html(line))).collect();
        format!(
            "{lines}<div class=\"scroller\"><table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody></table></div>\n",
            head.collect::<String>(),
            self.rows.iter().map(row).collect::<String>(),
        )
    }
}

/// The section as HTML; empty without a halving.
pub(super) fn section(rungs: &[RungsData]) -> String {
    if rungs.is_empty() {
        return String::new();
    }
    let tables: String = rungs.iter().map(RungsData::table).collect();
    format!(
        "<section id=\"rungs\" aria-labelledby=\"rungs-h\">\n<h2 id=\"rungs-h\">Rungs</h2>\n{tables}</section>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Cell, Column, Table};

    #[test]
    fn figures_stand_in_a_table_and_names_stay_text() {
        let columns =
            vec![Column::new("epoch", ColumnKind::Number), Column::new("<b>", ColumnKind::Text)];
        let rows = vec![vec![Cell::Count(3), Cell::Text("<script>".to_owned())]];
        let lines = vec!["9 of 81 epochs & more".to_owned()];
        let rungs = Rungs { table: Table { columns, rows }, lines, problems: Vec::new() };
        let section = section(&[RungsData::of(&rungs)]);
        insta::assert_snapshot!(section);
        assert_eq!(crate::output::html::rungs::section(&[]), "");
    }
}
