//! The last stage of a comparison: its rows as a table.

use crate::analysis::compare::asked::AskedColumns;
use crate::analysis::compare::columns::{Content, by_importance};
use crate::analysis::compare::configs::{Config, Configs};
use crate::stats::Spread;
use crate::table::Table;

/// The table with the requested columns.
pub(super) fn tabulate(configs: &Configs, columns: &AskedColumns, spread: Spread) -> Table {
    match columns {
        AskedColumns::Usual(columns) => by_importance(table(configs, columns, spread), columns),
        AskedColumns::Chosen(columns) => table(configs, columns, spread),
    }
}

fn table(configs: &Configs, columns: &[Content], spread: Spread) -> Table {
    let row = |config: &Config| columns.iter().map(|content| content.cell(config)).collect();
    Table {
        columns: columns.iter().map(|c| c.column(configs).with_spread(spread)).collect(),
        rows: configs.list.iter().map(row).collect(),
    }
}
