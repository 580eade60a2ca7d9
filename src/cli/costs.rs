//! What the runs of a comparison cost, from the trials in their folders.

use std::collections::HashMap;

use crate::experiment::Trial;
use crate::runs::folder::file;
use crate::runs::read::FoundRuns;
use crate::sweep::cost;
use crate::threads;

/// The floating-point operations of each run, by its id; none of a run whose trial cannot be read.
pub(super) fn flops_by_id(found: &FoundRuns) -> HashMap<String, f64> {
    let runs: Vec<_> = found.records.iter().zip(&found.folders).collect();
    let each = threads::map(&runs, |(record, folder)| {
        let trial = Trial::read(&folder.join(file::TRIAL)).ok()?;
        Some((record.id.clone(), cost(&trial).flops))
    });
    each.into_iter().flatten().collect()
}
