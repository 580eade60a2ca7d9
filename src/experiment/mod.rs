//! One TOML file -> an experiment -> its trials, with errors that point at the line, and ids.
//!
//! [`Experiment::read`] parses the file and the `--set` texts into one spanned tree, takes the axes
//! of grid and search out of it, and makes a separate tree for each point, which is read and
//! checked as if it were a file. Since every value keeps its origin, an error found in a grid point
//! underlines the value in the grid.

mod axis;
mod changed;
mod check;
mod described;
mod exclude;
mod expand;
mod extends;
mod file;
mod halving;
mod id;
#[cfg(test)]
mod key_table;
mod keys;
mod left_out;
mod merge;
mod overrides;
mod read;
mod schema;
mod search;
mod text;
mod trial;
mod variant_text;
mod variants;

pub use described::{Described, described};
pub use halving::{Bracket, Halving, HalvingConfig, HalvingKind, Rung};
pub use id::{any_length_id, config_id, recorded_id};
pub use keys::{any_element, key_names};
pub use left_out::{LeftOutSetting, default_of_kind, defaults_left_out};
pub use read::{Experiment, MOST_BASELINE_SEEDS, read_network};
pub use schema::{schema, schema_text};
pub use search::{BestPoint, Constraint, Ended, Goal, Learning, RepeatedPoints, Tpe, TpeAxis};
pub use trial::Trial;
pub use variant_text::variant_text;

/// The default of `--max-trials`.
pub const MAX_TRIALS: usize = 100_000;
