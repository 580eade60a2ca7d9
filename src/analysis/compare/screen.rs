//! A comparison on a terminal: the gap as a bar beside the figures, the best row and failed ones in
//! colour.

use crate::analysis::compare::configs::Config;
use crate::runs::figures::Figure;
use crate::runs::record::RunState;
use crate::table::{Cell, Column, ColumnKind, Look, RowMark, Table};

/// Characters of a bar.
const BAR_LENGTH: f64 = 20.0;
/// Fill characters of a bar: up to the test accuracy, and from there to the train accuracy.
const TEST: &str = "▓";
const GAP: &str = "░";

/// The accuracies that the bar of a row shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Levels {
    pub(super) train: f64,
    pub(super) test: f64,
}

/// The table with a bar for each of its rows where the width is known, with a mark for each in any
/// case.
pub(super) fn draw(
    table: &Table,
    marks: &[RowMark],
    levels: &[Option<Levels>],
    look: &Look,
) -> String {
    let highest = highest(levels);
    if look.width.is_none() || highest == 0.0 {
        return table.draw(look, marks);
    }
    with_bars(table.clone(), levels, highest).draw(look, marks)
}

/// What the bar of a config shows, where that is known.
pub(super) fn levels(config: &Config) -> Option<Levels> {
    let held_out = config.over(Figure::TestAccuracy).or_else(|| config.over(Figure::ValAccuracy));
    let (train, test) = (config.over(Figure::TrainAccuracy)?.mean, held_out?.mean);
    (train.is_finite() && test.is_finite()).then_some(Levels { train, test })
}

/// How a config's row is highlighted.
pub(super) fn mark(config: &Config) -> RowMark {
    let is_bad = |state: &RunState| matches!(state, RunState::Diverged | RunState::Failed);
    match config {
        _ if config.is_best => RowMark::Best,
        _ if config.finished == 0 && config.states.iter().any(is_bad) => RowMark::Bad,
        _ => RowMark::Plain,
    }
}

/// The highest accuracy of all rows, rounded up to 10 %: where bars end.
fn highest(levels: &[Option<Levels>]) -> f64 {
    let levels = levels.iter().flatten();
    let highest = levels.fold(0.0, |high, Levels { train, test }| train.max(*test).max(high));
    ((highest * 10.0).ceil() / 10.0).min(1.0)
}

fn with_bars(mut table: Table, levels_of_rows: &[Option<Levels>], highest: f64) -> Table {
    let heading = format!("0 {TEST} test {GAP} train {:.0} %", 100.0 * highest);
    table.columns.push(Column::new(&heading, ColumnKind::Bar));
    for (row, levels) in table.rows.iter_mut().zip(levels_of_rows) {
        row.push(levels.map_or(Cell::Absent, |levels| Cell::Text(bar(levels, highest))));
    }
    table
}

/// Filled up to test, light from there to train; where train is not above test there is no gap.
fn bar(Levels { train, test }: Levels, highest: f64) -> String {
    let length =
        |level: f64| (level / highest * BAR_LENGTH).round().clamp(0.0, BAR_LENGTH) as usize;
    let (train, test) = (length(train), length(test));
    TEST.repeat(test) + &GAP.repeat(train.saturating_sub(test))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::analysis::compare::{CompareOptions, compare};
    use crate::runs::record::RunRecord;
    use crate::runs::samples::{row, seeds, seeds_with_val};

    fn drawn(look: &Look) -> String {
        let at = |init: &str, dropout: f64, train, test| {
            let changes =
                [("network.weight_init", json!(init)), ("network.dropout", json!(dropout))];
            seeds_with_val(&changes, [train, test, test], 0.003)
        };
        let mut records =
            [at("he", 0.0, 0.94, 0.48), at("he", 0.5, 0.67, 0.53), at("lecun", 0.5, 0.1, 0.1)]
                .concat();
        for record in &mut records[6..] {
            let nan = row(3, f32::NAN, Some(f32::NAN), f32::NAN);
            (record.state, record.last) = (RunState::Diverged, Some(nan));
        }
        compare(&records, &CompareOptions::default()).unwrap().draw(look)
    }

    #[test]
    fn table_fits_every_width_and_bars_go_first() {
        let mut shown = String::new();
        for width in [60, 80, 100, 120, 200] {
            let text = drawn(&Look { width: Some(width), ..Look::default() });
            let fits = |line: &str| line.chars().count() <= usize::from(width);
            assert!(text.lines().all(fits), "{width}:\n{text}");
            shown.push_str(&format!("{width}\n{text}\n"));
        }
        insta::assert_snapshot!(shown);
        let narrowest = drawn(&Look { width: Some(1), ..Look::default() });
        assert!(narrowest.contains("room\nfor:\nstate,\nn,\ntest\nchange,"), "{narrowest}");
    }

    #[test]
    fn best_row_is_green_and_diverged_ones_are_red() {
        let look = Look { color: true, ..Look::default() };
        let colored = drawn(&look);
        assert!(colored.lines().nth(2).unwrap().starts_with("\u{1b}[1;32m"), "{colored}");
        assert_eq!(colored.matches("\u{1b}[1;32m").count(), 1, "{colored}");
        assert!(colored.lines().nth(4).unwrap().starts_with("\u{1b}[31m"), "{colored}");
        let narrow = drawn(&Look { width: Some(60), ..look });
        assert_eq!(narrow.matches("\u{1b}[0m").count(), 3, "the last row has two lines: {narrow}");
        let plain = drawn(&Look::default());
        assert!(!plain.contains(['\u{1b}', '\u{200b}']), "{plain}");
    }

    #[test]
    fn nothing_but_ascii_where_nothing_else_is_shown() {
        let look = Look { width: Some(200), ascii: true, color: false };
        let drawn = drawn(&look);
        assert!(drawn.is_ascii());
        insta::assert_snapshot!(drawn);
    }

    #[test]
    fn single_config_is_not_marked_and_no_gap_has_no_light_part() {
        let marks =
            |records: &[RunRecord]| compare(records, &CompareOptions::default()).unwrap().marks;
        assert_eq!(marks(&seeds(&[], 0.9, 0.5, 0.0)), [RowMark::Plain]);
        let levels = |train, test| Levels { train, test };
        assert_eq!(bar(levels(0.94, 0.48), 1.0), "▓▓▓▓▓▓▓▓▓▓░░░░░░░░░");
        assert_eq!(bar(levels(0.5, 0.6), 1.0), "▓▓▓▓▓▓▓▓▓▓▓▓");
        assert_eq!(bar(levels(0.0, 0.0), 0.1), "");
        assert_eq!(highest(&[Some(levels(0.62, 0.5)), None]), 0.7);
        assert_eq!(highest(&[]), 0.0);
    }
}
