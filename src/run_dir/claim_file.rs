//! The file of a claim: `claim-n.json` in the run folder, whose time of change is its owner's heartbeat.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::process::{Life, Owner};
use super::read::read_bounded;
use crate::error::{Error, Result};

/// Added to the timeout where clocks of two hosts are compared.
const CLOCK_DIFFERENCE: Duration = Duration::from_secs(60);

/// A claim is a line.
const MOST_BYTES: u64 = 1 << 16;

/// Content of the file of a claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ClaimFile {
    /// The process that holds the claim.
    #[serde(flatten)]
    pub(super) owner: Owner,
    /// Tells the claims of one process apart.
    pub(super) number: u64,
    /// Without a heartbeat for this long, the owner is taken for dead.
    pub(super) timeout_seconds: f64,
}

impl ClaimFile {
    /// Reads a claim with the time of its last heartbeat; none if it is gone or is not readable as one.
    pub(super) fn read(path: &Path) -> Result<Option<(ClaimFile, SystemTime)>> {
        let read = || -> std::io::Result<_> {
            let bytes = read_bounded(path, MOST_BYTES)?; // first: opening makes network file systems look again
            Ok((bytes, fs::metadata(path)?.modified()?))
        };
        match read() {
            Ok((bytes, beat)) => Ok(serde_json::from_slice(&bytes).ok().map(|file| (file, beat))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("read", path)(error)),
        }
    }

    /// Time without a heartbeat after which the owner is taken for dead.
    pub(super) fn timeout(&self) -> Duration {
        Duration::try_from_secs_f64(self.timeout_seconds).unwrap_or(Duration::MAX)
    }

    /// Whether a heartbeat at `beat` is recent, by this host's clock.
    pub(super) fn is_recent(&self, beat: SystemTime, tolerance: Duration) -> bool {
        let now = SystemTime::now();
        let age = now.duration_since(beat).or_else(|_| beat.duration_since(now));
        age.is_ok_and(|age| age <= self.timeout().saturating_add(tolerance))
    }
}

/// Whether a living process holds the run folder, as far as can be told at once: it is there, and its
/// last heartbeat is recent. To take a folder over, [`super::Claims::take`] looks longer.
pub fn is_held(folder: &Path) -> bool {
    let holds = |attempt: u64| {
        let Ok(Some((file, beat))) = ClaimFile::read(&claim_path(folder, attempt)) else {
            return false;
        };
        match file.owner.life() {
            Life::Gone => false,
            Life::There => file.is_recent(beat, Duration::ZERO),
            Life::Unknown => file.is_recent(beat, CLOCK_DIFFERENCE),
        }
    };
    claims_in(folder).is_ok_and(|claims| claims.into_iter().any(holds))
}

pub(super) fn claim_path(folder: &Path, attempt: u64) -> PathBuf {
    folder.join(format!("claim-{attempt}.json"))
}

/// The number of the claim whose file has this name; none if it is no claim's.
pub(super) fn claim_number(name: &str) -> Option<u64> {
    name.strip_prefix("claim-")?.strip_suffix(".json")?.parse().ok()
}

/// Numbers of the claims in `folder`.
pub(super) fn claims_in(folder: &Path) -> Result<Vec<u64>> {
    Ok(names_in(folder)?.iter().filter_map(|name| claim_number(name)).collect())
}

pub(super) fn names_in(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(Error::io("read", folder))?;
    let name = |entry: std::io::Result<fs::DirEntry>| entry.map(|e| e.file_name());
    let names: std::io::Result<Vec<_>> = entries.map(name).collect();
    let names = names.map_err(Error::io("read", folder))?;
    Ok(names.into_iter().filter_map(|name| name.into_string().ok()).collect())
}
