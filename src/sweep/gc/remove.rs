//! Removes one item, after checking again that it can be removed.

use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::Path;

use super::find::{is_done, measure};
use super::{Waste, WasteKind};
use crate::error::{Error, Result};
use crate::runs::folder::{
    ClaimResult, Claims, entry_at, is_abandoned, is_in_use, remove_leftover, remove_scratch,
};
use crate::sweep::status::recorded_attempt;

/// The result of a removal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// It is gone.
    Removed,
    /// It is needed again, or somebody else removed it.
    NotOurs,
}

/// Removes `waste`, unless something has changed since it was found.
///
/// # Errors
/// If it cannot be removed.
pub fn remove_waste(waste: &Waste, claims: &Claims) -> Result<Removal> {
    let path = &waste.path;
    let is_removed = match waste.kind {
        WasteKind::Temporary => remove_temporary(path)?,
        WasteKind::Checkpoint => remove_checkpoint(path, claims)?,
        WasteKind::Scratch => remove_abandoned(path)?,
    };
    Ok(if is_removed { Removal::Removed } else { Removal::NotOurs })
}

/// Without a claim: otherwise a sweep that wants the run at that moment would find it taken and
/// skip it.
fn remove_temporary(path: &Path) -> Result<bool> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if is_in_use(folder)? {
        return Ok(false);
    }
    remove_leftover(path)
}

/// With a claim: the folder may meanwhile be moved aside and started again, and then the checkpoint
/// with the same name is needed.
fn remove_checkpoint(path: &Path, claims: &Claims) -> Result<bool> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if !is_done(folder)? {
        return Ok(false); // and claiming it would recreate the folder
    }
    match claims.take(folder, || recorded_attempt(folder))? {
        ClaimResult::HeldBy(_) | ClaimResult::Silent(_) => Ok(false),
        ClaimResult::Granted(claim) => {
            let is_file = entry_at(path)?.as_ref().is_some_and(Metadata::is_file);
            if !is_file || !is_done(folder)? {
                return Ok(false);
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            claim.remove(&name).map(|()| true)
        }
    }
}

fn remove_abandoned(path: &Path) -> Result<bool> {
    let is_folder = entry_at(path)?.is_some_and(|data| data.is_dir());
    if !is_folder || !is_abandoned(path, measure(path)?.1)? {
        return Ok(false);
    }
    match remove_scratch(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(Error::io("remove", path)(error));
        }
        _ => {}
    }
    if let Some(parent) = path.parent() {
        let _ = fs::remove_dir(parent); // which works only for an empty folder
    }
    Ok(true)
}
