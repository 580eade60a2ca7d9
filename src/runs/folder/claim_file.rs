//! The file of a claim: `claim-n.json` in the run folder, whose modification time is its owner's
//! heartbeat.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use std::{fs, thread};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::runs::folder::process::{Life, Owner};
use crate::runs::folder::read::read_bounded;
use crate::runs::folder::there::says_absent;

/// Added to the timeout when clocks of two hosts are compared.
const CLOCK_DIFFERENCE: Duration = Duration::from_secs(60);
/// Heartbeat timeout of a claim that does not state one.
const UNKNOWN_TIMEOUT: Duration = Duration::from_secs(60);
/// A network file system may briefly show a partial file.
const READS: usize = 3;
const READ_INTERVAL: Duration = Duration::from_millis(50);

/// A claim is a line.
const MOST_BYTES: u64 = 1 << 16;

/// Content of the file of a claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ClaimFile {
    /// The process that holds the claim.
    #[serde(flatten)]
    pub(super) owner: Owner,
    /// Tells the claims of one process apart.
    #[serde(default)]
    pub(super) number: u64,
    /// Without a heartbeat for this long, the owner counts as dead.
    #[serde(default = "unknown_timeout")]
    pub(super) timeout_seconds: f64,
    /// A token that no other claim has, for processes that cannot otherwise be told apart. Empty in
    /// claims of 0.1.0.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) token: String,
}

impl ClaimFile {
    /// Reads a claim with the time of its last heartbeat; none if it is gone. A file with
    /// unreadable content is the claim of an unknown process: nothing proves that it is dead.
    pub(super) fn read(path: &Path) -> Result<Option<(ClaimFile, SystemTime)>> {
        let read = || -> std::io::Result<_> {
            let bytes = read_bounded(path, MOST_BYTES)?; // first: opening makes network file systems refresh
            Ok((bytes, fs::metadata(path)?.modified()?))
        };
        for reads in 1.. {
            let (bytes, beat) = match read() {
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                found => found.map_err(Error::io("read", path))?,
            };
            match serde_json::from_slice(&bytes) {
                Ok(file) => return Ok(Some((file, beat))),
                Err(_) if reads >= READS => return Ok(Some((ClaimFile::of_unknown(), beat))),
                Err(_) => thread::sleep(READ_INTERVAL),
            }
        }
        Ok(None)
    }

    fn of_unknown() -> ClaimFile {
        let (owner, timeout_seconds) = (Owner::default(), unknown_timeout());
        ClaimFile { owner, number: 0, timeout_seconds, token: String::new() }
    }

    /// Whether both are the same claim; it is enough that the newer one has a token.
    pub(super) fn is(&self, other: &ClaimFile) -> bool {
        !self.token.is_empty() && self.token == other.token
    }

    /// Time without a heartbeat after which the owner counts as dead.
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

fn unknown_timeout() -> f64 {
    UNKNOWN_TIMEOUT.as_secs_f64()
}

/// Whether a living process holds the run folder, as far as an instant check can tell: it is not
/// proven to be gone, and its last heartbeat is recent. Before taking a folder over,
/// [`crate::runs::folder::Claims::take`] watches longer. A failed check proves nothing.
pub fn is_held(folder: &Path) -> bool {
    let holds = |attempt: u64| match ClaimFile::read(&claim_path(folder, attempt)) {
        Ok(None) => false,
        Ok(Some((file, beat))) => match file.owner.life() {
            Life::Gone => false,
            Life::There => file.is_recent(beat, Duration::ZERO),
            Life::Unknown => file.is_recent(beat, CLOCK_DIFFERENCE),
        },
        Err(_) => true,
    };
    match claims_in(folder) {
        Ok(claims) => claims.into_iter().any(holds),
        Err(Error::Io { source, .. }) => !says_absent(&source),
        Err(_) => true,
    }
}

pub(super) fn claim_path(folder: &Path, attempt: u64) -> PathBuf {
    folder.join(format!("claim-{attempt}.json"))
}

/// The number of the claim whose file has this name; none if it is not a claim's name.
pub(super) fn claim_number(name: &str) -> Option<u64> {
    name.strip_prefix("claim-")?.strip_suffix(".json")?.parse().ok()
}

/// Numbers of the claims in `folder`.
pub(super) fn claims_in(folder: &Path) -> Result<Vec<u64>> {
    Ok(names_in(folder)?.iter().filter_map(|name| claim_number(name)).collect())
}

pub(super) fn names_in(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(Error::io("read", folder))?;
    let name_of = |entry: std::io::Result<fs::DirEntry>| entry.map(|e| e.file_name());
    let names: std::io::Result<Vec<_>> = entries.map(name_of).collect();
    let names = names.map_err(Error::io("read", folder))?;
    Ok(names.into_iter().filter_map(|name| name.into_string().ok()).collect())
}
