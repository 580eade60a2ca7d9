//! Run folders -> rows -> tables, statistics and plots.

mod compare;
mod diff;
mod export;
mod figures;
mod list;
pub(crate) mod npy;
mod plots;
mod record;
mod runs;
#[cfg(test)]
pub(crate) mod samples;
mod settings;
mod show;
mod statistics;
mod table;
mod target;

use crate::escape;

pub use compare::{CompareOptions, Comparison, compare, reasons};
pub use diff::{Diff, DiffFormat, diff};
pub use escape::escape_controls;
pub use export::{
    CsvExport, WhichWeights, export_csv, export_npz, export_safetensors, export_tensorboard,
    export_torch, write_csv,
};
pub use list::{age as age_text, list_table, with_states};
pub use plots::{Plot, accuracy_plot, loss_plot};
pub use record::{InputRecord, Provenance, RECORD_VERSION, RunRecord, State};
pub use runs::{FoundRuns, files_of, read_record, read_records, read_rows};
pub use settings::trial_labels;
pub use show::show_text;
pub use statistics::{Difference, Summary};
pub(crate) use table::escape_json;
pub use table::{Cell, Column, ColumnKind, Format, Table};
pub use target::{Lookup, Resolved};
