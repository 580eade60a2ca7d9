//! Levels of Welch's interval beside Dunnett's.

use crate::stats::many_to_one::Design;
use crate::stats::pairwise::FALSE_ALARMS;

/// The level for one of `changes` changes with `seeds` seeds, and a baseline with `of_baseline`.
pub(super) fn level(changes: usize, _seeds: usize, _of_baseline: usize, _design: Design) -> f64 {
    FALSE_ALARMS / changes as f64
}
