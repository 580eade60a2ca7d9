//! What is typed after `--where`: an expression or an error that points into it, never more.
#![no_main]

use std::fs;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use runner::analysis::filter::Filter;
use runner::runs::record::RunRecord;
use runner_fuzz::{assert_harmless, scratch};

static RECORD: &str = include_str!("../seeds/record.json");

fn records() -> &'static [RunRecord] {
    static RECORDS: OnceLock<Vec<RunRecord>> = OnceLock::new();
    RECORDS.get_or_init(|| {
        let folder = scratch();
        let path = folder.join("run.json");
        fs::write(&path, RECORD).expect("writable");
        vec![RunRecord::read(&path).expect("readable")]
    })
}

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    match Filter::parse(&text, records(), false) {
        Ok(filter) => drop(records().iter().filter(|record| filter.holds(record)).count()),
        Err(error) => assert_harmless(&error.to_string()),
    }
});
