//! Run folders -> rows -> tables, statistics and plots.

mod answer;
mod columns;
mod compare;
mod configs;
mod escape;
mod notes;
mod record;
mod runs;
#[cfg(test)]
pub(crate) mod samples;
mod settings;
mod statistics;
mod table;

pub use compare::{CompareOptions, Comparison, compare};
pub use escape::escape_controls;
pub use record::{InputRecord, Owner, Provenance, RECORD_VERSION, RunRecord, State};
pub use runs::{FoundRuns, files_of, read_record, read_records, read_rows};
pub use statistics::{Difference, Summary};
pub use table::{Cell, Column, ColumnKind, Format, Table};
