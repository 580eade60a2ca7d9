//! The section of a report on the rungs of a halving: plain tables, which need no script.

use crate::analysis::rungs::Rungs;
use crate::output::html::text::html;
use crate::table::ColumnKind;

/// The section as HTML; empty without a halving.
pub(super) fn section(rungs: &[Rungs]) -> String {
    if rungs.is_empty() {
        return String::new();
    }
    let tables: String = rungs.iter().map(table).collect();
    format!(
        "<section id=\"rungs\" aria-labelledby=\"rungs-h\">\n<h2 id=\"rungs-h\">Rungs</h2>\n{tables}</section>\n"
    )
}

fn table(Rungs { table, lines, .. }: &Rungs) -> String {
    let class = |kind| if kind == ColumnKind::Number { " class=\"number\"" } else { "" };
    let head = table.columns.iter().map(|column| {
        format!("<th scope=\"col\"{}>{}</th>", class(column.kind), html(&column.header))
    });
    let row = |cells: &Vec<_>| {
        let cells = table.columns.iter().zip(cells).map(|(column, cell)| {
            format!("<td{}>{}</td>", class(column.kind), html(&column.shown(cell)))
        });
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    };
    let lines: String = lines.iter().map(|line| format!("<p>{}</p>\n", html(line))).collect();
    format!(
        "{lines}<div class=\"scroller\"><table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody></table></div>\n",
        head.collect::<String>(),
        table.rows.iter().map(row).collect::<String>(),
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
        let section =
            section(&[Rungs { table: Table { columns, rows }, lines, problems: Vec::new() }]);
        insta::assert_snapshot!(section);
        assert_eq!(crate::output::html::rungs::section(&[]), "");
    }
}
