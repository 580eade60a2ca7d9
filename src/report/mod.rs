//! Run folders -> rows -> tables, statistics and plots.

mod comparability;
mod compare;
mod confirm;
mod diagnosis;
mod diff;
mod effects;
mod evaluation;
mod export;
mod figures;
mod filter;
mod html;
mod input_record;
mod left_out;
mod list;
mod names;
pub(crate) mod npy;
mod pictures;
mod plots;
mod record;
mod row_figures;
mod run_files;
mod rungs;
mod runs;
#[cfg(test)]
pub(crate) mod samples;
mod seal;
mod settings;
mod shared;
mod sharing;
mod show;
mod statistics;
mod table;
mod target;
mod trial_tables;

use crate::escape;

pub use comparability::incomparable;
pub use compare::{
    AtEpoch, CompareOptions, Comparison, ConfigRuns, EpochChoice, at_epoch, compare, reasons,
};
pub use confirm::{Confirmation, Search, confirm, confirmation_name, settled};
pub use diagnosis::{
    ConfigDiagnosis, Curves, Finding, FindingKind, Severity, diagnose, diagnose_configs,
    diagnosis_json, diagnosis_text,
};
pub use diff::{Diff, DiffFormat, diff};
pub use effects::{
    Correlation, Effects, Estimate, Figures, Interaction, LevelEffect, SettingEffect, Trend,
    effects_text, main_effects,
};
pub use escape::escape_controls;
pub use evaluation::{
    CalibrationBin, ClassScore, Confusion, EVALUATION_VERSION, Evaluation, EvaluationFiles,
    MOST_IN_SQUARE, Mistake, read_confusion, read_evaluation,
};
pub use export::{
    CheckedExamples, CsvExport, MakeCheck, ModelCheck, SavedWeights, WhichWeights, export_csv,
    export_file, export_npz, export_safetensors, export_tensorboard, export_torch,
    is_standard_output, no_folder, write_csv,
};
pub use filter::{Filter, keep_where};
pub use html::{ReportSource, report_html};
pub use input_record::InputRecord;
pub use list::{age as age_text, list_table, with_states};
pub use pictures::{augmented_sheet, example_sheet, weight_sheet};
pub use plots::{Plot, accuracy_plot, experiment_plots, loss_plot};
pub use record::{ContinuedFrom, Provenance, RECORD_VERSION, RunRecord, State, TestRead};
pub use run_files::{RunFiles, RunFolder};
pub use rungs::{Followed, HalvedRuns, RungState, Rungs, UnreadRun, figure_at, stands_at};
pub use runs::{
    FoundRuns, ReadCurves, files_of, read_curves, read_layers, read_record, read_records, read_rows,
};
pub use settings::trial_labels;
pub use shared::Shared;
pub use sharing::shareable;
pub use show::show_text;
pub use statistics::{Difference, Pairwise, Spread, Summary};
pub(crate) use table::escape_json;
pub use table::{Cell, Column, ColumnKind, Format, Look, Mark, Table};
pub use target::{AskedRuns, Lookup, Resolved};
pub use trial_tables::TrialTables;

pub use crate::train::JudgedSplit;
