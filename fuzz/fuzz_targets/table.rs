//! A CSV file: its records, its columns, its numbers. The first byte chooses the delimiter.
#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use runner::data::csv::{ColumnPositions, CsvTable};
use runner_fuzz::scratch;

fn file() -> &'static PathBuf {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    FILE.get_or_init(|| scratch().join("table.csv"))
}

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    fs::write(file(), bytes).expect("writable");
    let Ok(table) = CsvTable::open(file(), [b',', b';', b'\t', b' '][usize::from(first) % 4])
    else {
        return;
    };
    let columns = ColumnPositions { label: Some(0), features: (0..table.header.len()).collect() };
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
