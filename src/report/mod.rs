//! Run folders -> rows -> tables, statistics and plots.

mod record;

pub use record::{InputRecord, Provenance, RunRecord, State};
