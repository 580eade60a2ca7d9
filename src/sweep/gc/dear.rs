//! The rule for checkpoints of finished runs: after a sweep they are kept while together they are cheap.

use std::path::Path;

use super::find::checkpoints_in;
use super::{Removal, Waste, remove_waste};
use crate::error::{Error, Result};
use crate::runs::folder::{Claims, run_path};

/// What was removed because it was not cheap.
#[derive(Debug, Default)]
pub struct DearCheckpoints {
    /// Runs that have lost their checkpoints.
    pub runs: usize,
    /// Bytes that were removed.
    pub bytes: u64,
    /// Removals that failed; not fatal.
    pub problems: Vec<Error>,
}

/// Removes the checkpoints of the finished and diverged runs among `ids`, if together they take more than
/// `most` bytes. A run that continues or is read by another process keeps its own, as with `gc`.
///
/// # Errors
/// When an id is none.
pub fn drop_dear_checkpoints<'a>(
    runs_dir: &Path,
    ids: impl Iterator<Item = &'a str>,
    most: u64,
    claims: &Claims,
) -> Result<DearCheckpoints> {
    let mut dropped = DearCheckpoints::default();
    let mut found: Vec<Vec<Waste>> = Vec::new();
    for id in ids {
        match checkpoints_in(&run_path(runs_dir, id)?) {
            Ok(items) => found.push(items),
            Err(problem) => dropped.problems.push(problem),
        }
    }
    let bytes = |items: &[Waste]| items.iter().map(|item| item.bytes).sum::<u64>();
    let all: u64 = found.iter().map(|items| bytes(items)).sum();
    if all <= most {
        return Ok(DearCheckpoints::default());
    }
    for items in &found {
        let mut is_any_gone = false;
        for item in items {
            match remove_waste(item, claims) {
                Ok(Removal::Removed) => {
                    is_any_gone = true;
                    dropped.bytes += item.bytes;
                }
                Ok(Removal::NotOurs) => {}
                Err(problem) => dropped.problems.push(problem),
            }
        }
        dropped.runs += usize::from(is_any_gone);
    }
    Ok(dropped)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::runs::folder::{RealDisk, file};
    use crate::runs::record::RunState;
    use crate::runs::samples::{seeds, write_run};

    #[test]
    fn checkpoints_of_finished_runs_go_together_once_they_are_dear() {
        let runs = tempfile::tempdir().unwrap();
        let mut records = seeds(&[], 0.9, 0.5, 0.0);
        records[2].state = RunState::Interrupted;
        let mut ids = Vec::new();
        for record in &records {
            let folder = write_run(runs.path(), record);
            fs::write(folder.join(file::CHECKPOINT), [0; 100]).unwrap();
            fs::write(folder.join(file::PREVIOUS_CHECKPOINT), [0; 50]).unwrap();
            ids.push(record.id.clone());
        }
        let claims = Claims::new(Arc::new(RealDisk), Duration::from_secs(60)).unwrap();
        let drop = |most: u64| {
            let ids = ids.iter().map(String::as_str);
            let dropped = drop_dear_checkpoints(runs.path(), ids, most, &claims).unwrap();
            assert!(dropped.problems.is_empty(), "{:?}", dropped.problems);
            (dropped.runs, dropped.bytes)
        };
        let has_checkpoint = |place: usize| {
            run_path(runs.path(), &ids[place]).unwrap().join(file::CHECKPOINT).exists()
        };
        assert_eq!(drop(300), (0, 0), "as much as is kept");
        assert!((0..3).all(has_checkpoint));
        assert_eq!(drop(299), (2, 300));
        assert_eq!(
            [0, 1, 2].map(has_checkpoint),
            [false, false, true],
            "the unfinished one keeps it"
        );
        assert_eq!(drop(0), (0, 0));
    }
}
