//! Run records in, values out: what runs have in common, how they differ, and what that shows.

pub mod advice;
pub mod comparability;
pub mod compare;
pub mod confirm;
pub(crate) mod crossed;
pub mod diagnosis;
pub mod diff;
pub mod effects;
pub mod filter;
mod left_out;
pub(crate) mod names;
pub mod naming;
pub mod pareto;
pub mod progress;
pub(crate) mod replicates;
pub mod rungs;
pub mod settings;
pub(crate) mod train_sizes;
