//! What is typed after `--where`: an expression or an error that points into it, never more.
#![no_main]

use std::fs;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use runner::report::{Filter, RunRecord, read_record};
use runner_fuzz::{assert_harmless, scratch};

static RECORD: &str = include_str!("../seeds/record.json");

fn records() -> &'static [RunRecord] {
    static RECORDS: OnceLock<Vec<RunRecord>> = OnceLock::new();
    RECORDS.get_or_init(|| {
        let folder = scratch();
        fs::write(folder.join("run.json"), RECORD).expect("writable");
        let record = read_record(&folder, &|_| false).expect("readable");
        record.into_iter().collect()
    })
}

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    match Filter::parse(&text, records(), false) {
        Ok(filter) => drop(records().iter().filter(|record| filter.holds(record)).count()),
        Err(error) => assert_harmless(&error.to_string()),
    }
});
