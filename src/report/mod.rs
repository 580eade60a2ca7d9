//! Run folders -> rows -> tables, statistics and plots.

mod record;

pub use record::{InputRecord, Owner, Provenance, RunRecord, State};
