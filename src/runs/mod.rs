//! The only owner of the run folder: all of its files are written and read here.

pub mod class_counts;
pub mod evaluation;
pub mod figures;
pub mod folder;
pub mod held_out;
pub mod input_record;
pub mod layers;
pub mod metrics;
pub mod notes;
pub(crate) mod npy;
pub mod other_run;
pub mod read;
pub mod record;
pub mod role;
pub mod run_files;
#[cfg(test)]
pub(crate) mod samples;
mod seal;
pub mod shared;
pub(crate) mod timing;
pub mod trial_tables;
