//! A CSV file: its records, its columns, its numbers. The first byte chooses the delimiter, how the file is
//! written, and what the values may be.
#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use runner::data::csv::{
    ColumnPositions, CsvTable, Decimal, Encoding, FeatureValues, TextFormat,
};
use runner_fuzz::scratch;

fn file() -> &'static PathBuf {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    FILE.get_or_init(|| scratch().join("table.csv"))
}

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    fs::write(file(), bytes).expect("writable");
    let choice = usize::from(first);
    let format = TextFormat {
        delimiter: [b',', b';', b'\t', b' '][choice % 4],
        decimal: [Decimal::Point, Decimal::Comma][choice / 4 % 2],
        encoding: [Encoding::Utf8, Encoding::Latin1, Encoding::Windows1252][choice / 8 % 3],
    };
    let values = [FeatureValues::Numbers, FeatureValues::NumbersOrWords, FeatureValues::Pixels];
    let values = values[choice / 24 % 3].clone();
    let Ok(table) = CsvTable::open(file(), format) else { return };
    let features = (0..table.header.len()).collect();
    let columns = ColumnPositions { label: Some(0), features, values };
    let (mut last, mut count) = (0, 0);
    let read = table.read(&columns, |row| {
        let line = match row {
            Ok(row) => {
                assert!(row.features.iter().all(|number| number.narrow.is_finite()));
                row.line
            }
            Err(bad) => bad.line,
        };
        assert!(line > last, "lines go on");
        (last, count) = (line, count + 1);
    });
    assert!(read.is_ok(), "nothing so short is too long");
    assert!(count <= bytes.len());
});
