//! Shared by tests of schedules: the rates that PyTorch computed, and tables as text.

use serde_json::Value;

use super::ScheduleConfig;
use crate::config::keys::ConfigTable;
use crate::config::{Problems, TableReader, parse_document};

/// The numbers of `tests/parity/make_schedules.py`.
pub(super) fn fixtures() -> Value {
    serde_json::from_str(include_str!("../../../tests/parity/schedules.json")).unwrap()
}

/// Reads the keys of a `[schedule]` table.
pub(super) fn schedule(keys: &str) -> ScheduleConfig {
    let problems = Problems::new();
    let table = parse_document(keys, 0, &problems);
    let mut reader = TableReader::root(&table, 0, &problems);
    let config = ScheduleConfig::read(&mut reader);
    reader.finish();
    assert!(problems.is_empty(), "{keys}: {:?}", problems.into_sorted());
    config
}
