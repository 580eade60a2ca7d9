//! The columns of the page's table, in the order in which a reader needs them: the name, then the score, the gap and
//! what they changed by, with the verdict; the rest stands behind buttons.

use serde::Serialize;

use crate::analysis::compare::{ChangedConfig, Comparison};
use crate::output::html::text::safe;
use crate::table::{Cell, Column, ColumnKind};

/// A column of the page's table.
#[derive(Debug, Serialize)]
pub(super) struct ColumnData {
    header: String,
    group: ColumnGroup,
    is_number: bool,
    /// Of a column of means or changes: how many times their numbers it shows, 100 of fractions.
    #[serde(skip_serializing_if = "Option::is_none")]
    scale: Option<u8>,
}

/// When a column is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum ColumnGroup {
    /// Always.
    Main,
    /// With the other figures.
    Figure,
    /// With the settings.
    Setting,
}

/// What stands in a column of the page.
#[derive(Debug, Clone, Copy)]
enum Source {
    /// The name of the config.
    Label,
    /// The verdict in words.
    Verdict,
    /// A column of the comparison.
    Column(usize),
}

/// The text of a cell, and the number to sort it by.
pub(super) type CellData = (String, Option<f64>);

/// The columns of a comparison.
pub(super) struct PageColumns<'a> {
    comparison: &'a Comparison<'a>,
    order: Vec<(Source, ColumnGroup)>,
}

impl<'a> PageColumns<'a> {
    pub(super) fn of(comparison: &'a Comparison<'a>) -> PageColumns<'a> {
        let has = |name: &str| comparison.table.columns.iter().any(|column| column.name == name);
        let score = match &comparison.changes {
            Some(changes) => changes.score.kind().name,
            None if has("test_accuracy") => "test_accuracy",
            None => "val_accuracy",
        };
        let mut order = vec![(Source::Label, 0, ColumnGroup::Main)];
        for (index, column) in comparison.table.columns.iter().enumerate() {
            let (place, group) = match column.name.as_str() {
                // The name of a config is the first column in any case.
                "label" | "experiment" => continue,
                key if comparison.varied.iter().any(|varied| varied == key) => {
                    (9, ColumnGroup::Setting)
                }
                _ if column.kind == ColumnKind::Change => (3, ColumnGroup::Main),
                "verdict" => {
                    order.push((Source::Verdict, 4, ColumnGroup::Main));
                    continue;
                }
                name if name == score => (1, ColumnGroup::Main),
                name => place_of(name),
            };
            order.push((Source::Column(index), place, group));
        }
        order.sort_by_key(|(_, place, group)| (*group, *place));
        let order = order.into_iter().map(|(source, _, group)| (source, group)).collect();
        PageColumns { comparison, order }
    }

    pub(super) fn data(&self) -> Vec<ColumnData> {
        let data = |(source, group): &(Source, ColumnGroup)| match source {
            Source::Label => ColumnData::of_text("config", *group),
            Source::Verdict => ColumnData::of_text("verdict", *group),
            Source::Column(index) => {
                let column = &self.comparison.table.columns[*index];
                let short = column.short.as_ref().filter(|_| *group == ColumnGroup::Setting);
                ColumnData {
                    header: safe(short.unwrap_or(&column.header)).replace('_', " "),
                    group: *group,
                    is_number: column.kind != ColumnKind::Text,
                    scale: self.comparison.table.rows.iter().find_map(|row| scale(&row[*index])),
                }
            }
        };
        self.order.iter().map(data).collect()
    }

    /// The cells of one config.
    pub(super) fn cells(&self, config: usize) -> Vec<CellData> {
        let Comparison { configs, table, changes, .. } = self.comparison;
        let words = || {
            let list = changes.as_ref().map_or(&[][..], |changes| &changes.list[..]);
            let is_it = |one: &&ChangedConfig| one.config == config;
            list.iter().find(is_it).map_or("-".to_owned(), |one| safe(&one.words))
        };
        let cell = |(source, _): &(Source, ColumnGroup)| match source {
            Source::Label => (safe(&configs[config].label), None),
            Source::Verdict => (words(), None),
            Source::Column(index) => cell_data(&table.columns[*index], &table.rows[config][*index]),
        };
        self.order.iter().map(cell).collect()
    }
}

impl ColumnData {
    fn of_text(header: &str, group: ColumnGroup) -> ColumnData {
        ColumnData { header: header.to_owned(), group, is_number: false, scale: None }
    }
}

/// How many times its number a mean or a change shows; none of what is neither.
fn scale(cell: &Cell) -> Option<u8> {
    match cell {
        Cell::Percent(_) | Cell::Points(_) | Cell::Change(..) => Some(100),
        Cell::Plain(..) => Some(1),
        _ => None,
    }
}

/// Where a figure stands that is not the score.
fn place_of(name: &str) -> (u8, ColumnGroup) {
    match name {
        "gap" | "val_gap" => (2, ColumnGroup::Main),
        "train_accuracy" | "test_accuracy" | "val_accuracy" => (5, ColumnGroup::Main),
        "state" => (6, ColumnGroup::Main),
        "n" => (7, ColumnGroup::Main),
        _ => (8, ColumnGroup::Figure),
    }
}

fn cell_data(column: &Column, cell: &Cell) -> CellData {
    (column.shown(cell), number(cell))
}

/// The number to sort a cell by; none: sort by its text.
fn number(cell: &Cell) -> Option<f64> {
    let number = match cell {
        Cell::Value(value) => value.as_f64()?,
        Cell::Count(count) => *count as f64,
        Cell::Percent(summary) | Cell::Points(summary) | Cell::Plain(summary, _) => summary.mean,
        Cell::Range(low, _) => *low as f64,
        Cell::Change(value, _) => *value,
        _ => return None,
    };
    number.is_finite().then_some((number * 1e6).round() / 1e6)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::analysis::compare::{CompareOptions, compare};
    use crate::runs::record::RunRecord;
    use crate::runs::samples::seeds;

    fn headers(records: &[RunRecord]) -> Vec<String> {
        let options = CompareOptions { for_programs: true, ..CompareOptions::default() };
        let comparison = compare(records, &options).unwrap();
        let columns = PageColumns::of(&comparison);
        columns.cells(0);
        columns.data().into_iter().map(|column| column.header).collect()
    }

    #[test]
    fn what_is_asked_for_comes_right_after_the_name() {
        let dropout = [("network.dropout", json!(0.2))];
        let records = [seeds(&[], 0.94, 0.48, 0.003), seeds(&dropout, 0.67, 0.53, 0.003)].concat();
        let first = ["config", "test", "gap", "test change", "gap change", "verdict", "train", "n"];
        let headers = headers(&records);
        assert_eq!(headers[..8], first, "{headers:?}");
        assert_eq!(headers.last().map(String::as_str), Some("dropout"));
    }

    #[test]
    fn means_say_what_they_show_and_counts_and_ranges_are_none() {
        let records = seeds(&[], 0.94, 0.48, 0.003);
        let options = CompareOptions { for_programs: true, ..CompareOptions::default() };
        let comparison = compare(&records, &options).unwrap();
        let columns = PageColumns::of(&comparison).data();
        let scale = |header: &str| columns.iter().find(|one| one.header == header).unwrap().scale;
        assert_eq!(["test", "gap", "n", "config"].map(scale), [Some(100), Some(100), None, None]);
    }

    #[test]
    fn without_a_baseline_there_is_a_name_too() {
        let headers = headers(&seeds(&[], 0.94, 0.48, 0.003));
        assert_eq!(headers[..3], ["config", "test", "gap"], "{headers:?}");
    }
}
