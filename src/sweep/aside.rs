//! Moves runs that are to be trained again out of the way.

use std::path::{Path, PathBuf};

use super::Job;
use super::status::recorded_attempt;
use crate::error::{Error, Result};
use crate::run_dir::{ClaimResult, Claims, REPLACED, run_path};

/// Moves the folders of the jobs' runs to `.replaced/`, which no `runs/*` of a shell names: all of
/// them, or none if a living process trains in one.
pub(super) fn move_aside(jobs: &[Job], runs_dir: &Path, claims: &Claims) -> Result<()> {
    let mut claimed = Vec::new();
    for Job { id, .. } in jobs {
        let folder = run_path(runs_dir, id);
        if !folder.is_dir() {
            continue;
        }
        // A damaged record is a reason to train again.
        match claims.take(&folder, || Ok(recorded_attempt(&folder).unwrap_or(0)))? {
            ClaimResult::Granted(claim) => claimed.push((id, claim)),
            ClaimResult::HeldBy(owner) | ClaimResult::Silent(owner) => {
                return Err(Error::Refused(format!("run {id} is being trained by {owner}")));
            }
        }
    }
    let replaced = runs_dir.join(REPLACED);
    for (id, claim) in claimed {
        claims.create_folder(&replaced)?;
        let is_free = |path: &PathBuf| !path.exists();
        let mut names = (1..).map(|n| replaced.join(format!("{id}-{n}")));
        claim.move_folder(&names.find(is_free).expect("some number is free"))?;
    }
    Ok(())
}
