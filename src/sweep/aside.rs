//! Moves runs that are to be trained again out of the way.

use std::path::{Path, PathBuf};

use super::Job;
use super::status::recorded_attempt;
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::messages::say;
use crate::runs::folder::{ClaimResult, Claims, REPLACED, entry_at, is_folder, run_path};

/// Moves the folders of the jobs' runs to `.replaced/`, which a shell's `runs/*` does not match:
/// all of them, or none if a living process trains in one.
pub(super) fn move_aside(jobs: &[Job], runs_dir: &Path, claims: &Claims) -> Result<()> {
    let mut claimed = Vec::new();
    for Job { id, .. } in jobs {
        let folder = run_path(runs_dir, id)?;
        if !is_folder(&folder)? {
            continue;
        }
        // An unreadable record is a reason to train again.
        let attempt = || Ok(recorded_attempt(&folder).unwrap_or(0));
        match claims.take(&folder, attempt) {
            Ok(ClaimResult::Granted(claim)) => claimed.push((id, claim)),
            Ok(ClaimResult::HeldBy(owner) | ClaimResult::Silent(owner)) => {
                return Err(Error::Refused(format!("run {id} is being trained by {owner}")));
            }
            // It does not prevent moving the others.
            Err(error) => say(&format!(
                "warning: run {id} stays as it is: {}",
                escape_controls(&error.chain())
            )),
        }
    }
    let replaced = runs_dir.join(REPLACED);
    for (id, claim) in claimed {
        claims.create_folder(&replaced)?;
        claim.move_folder(&free_name(&replaced, id)?)?;
    }
    Ok(())
}

/// The first number that no run of `id` has in the folder.
fn free_name(replaced: &Path, id: &str) -> Result<PathBuf> {
    let mut number = 1;
    loop {
        let path = replaced.join(format!("{id}-{number}"));
        if entry_at(&path)?.is_none() {
            return Ok(path);
        }
        number += 1;
    }
}
