//! Run folders -> rows -> tables, statistics and plots.

mod record;

pub use record::{InputRecord, Provenance, RECORD_VERSION, RunRecord, State};
