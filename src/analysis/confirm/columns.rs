//! The table: settings and score from the search, then the results of the fresh seeds.

use crate::analysis::confirm::finalist::{Final, Finalist, split_of, summary};
use crate::analysis::confirm::search::RankedSearch;
use crate::stats::Summary;
use crate::table::{Cell, Column, ColumnKind, Table};

/// One row for each finalist, in the order of the search.
pub(super) fn table(search: &RankedSearch<'_>, last: &Final<'_>) -> Table {
    let mut table = search.table.clone();
    let score = search.score.name();
    let split = split_of(search.score);
    // The base ends with the number of seeds and the score of the search.
    let settings = table.columns.len() - 2;
    rename(&mut table.columns[settings], "n", "search_n");
    table.columns[settings].goes = 2;
    rename(
        &mut table.columns[settings + 1],
        &format!("{split} in search"),
        &format!("search_{score}"),
    );
    let mut count = Column::new("fresh n", ColumnKind::Number).named("fresh_n");
    count.goes = 1;
    let fresh = format!("{split}, fresh seeds");
    let mut columns = vec![
        count,
        Column::new(&fresh, ColumnKind::Spread).named(&format!("fresh_{score}")),
        Column::new("change", ColumnKind::Number).named("change"),
    ];
    let has_test = search.by_validation() && last.finalists.iter().any(|f| !f.tests.is_empty());
    if has_test {
        let mut column =
            Column::new("test, fresh seeds", ColumnKind::Spread).named("fresh_test_accuracy");
        column.goes = 3;
        columns.push(column);
    }
    table.columns.extend(columns);
    for (row, finalist) in table.rows.iter_mut().zip(&last.finalists) {
        row.extend(cells(finalist));
        row.truncate(table.columns.len());
    }
    table
}

fn rename(column: &mut Column, header: &str, name: &str) {
    (column.header, column.name) = (header.to_owned(), name.to_owned());
}

fn cells(finalist: &Finalist<'_>) -> [Cell; 4] {
    let percent = |summary: Option<Summary>| summary.map_or(Cell::Absent, Cell::Percent);
    let fresh = finalist.fresh();
    let change = fresh.map(|fresh| fresh.mean - finalist.searched.mean);
    [
        Cell::Count(finalist.scores.len() as u64),
        percent(fresh),
        change.map_or(Cell::Absent, Cell::difference),
        percent(summary(&finalist.tests)),
    ]
}
