//! Every format, from the same cells.

use super::*;

fn sample() -> Table {
    let summary = |values: &[f64]| Summary::of(values).unwrap();
    Table {
        columns: vec![
            Column::new("name", ColumnKind::Text),
            Column::new("network.dropout", ColumnKind::Number)
                .shortened(Some("dropout".to_owned())),
            Column::new("test", ColumnKind::Spread).named("test_accuracy"),
            Column::new("best test (chosen on test)", ColumnKind::Spread).named("best_test"),
            Column::new("best epoch", ColumnKind::Range).named("best_epoch"),
            Column::new("epoch", ColumnKind::Progress),
        ],
        rows: vec![
            vec![
                Cell::Text("a|b \x1b[31m\u{9b}, <c>".to_owned()),
                Cell::Value(Value::from(0.2)),
                Cell::Percent(summary(&[0.53, 0.534])),
                Cell::Percent(summary(&[0.54, 0.55])),
                Cell::Range(10, 14),
                Cell::Progress(12, 200),
            ],
            vec![
                Cell::Text("plain".to_owned()),
                Cell::Absent,
                Cell::Percent(summary(&[f64::NAN])),
                Cell::Absent,
                Cell::Absent,
                Cell::Progress(0, 200),
            ],
        ],
    }
}

#[test]
fn every_format_has_its_shape() {
    for format in Format::value_variants() {
        let name = format!("{format:?}").to_lowercase();
        insta::assert_snapshot!(name, sample().render(*format, None).unwrap());
    }
}

#[test]
fn narrow_terminals_wrap_headers_and_never_numbers() {
    let narrow = sample().render(Format::Table, Some(78)).unwrap();
    assert!(narrow.lines().all(|line| line.chars().count() <= 78));
    insta::assert_snapshot!(narrow);
}

#[test]
fn spread_is_what_the_column_says() {
    let cell = Cell::Percent(Summary::of(&[0.531, 0.535, 0.529]).unwrap());
    let column = Column::new("test", ColumnKind::Spread);
    assert_eq!((column.shown(&cell), cell.shown()), ("53.2 ± 0.8".into(), "53.2 ± 0.8".into()));
    assert_eq!(column.with_spread(Spread::Std).shown(&cell), "53.2 ± 0.3");
}
