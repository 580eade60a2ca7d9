//! What is known of the files of a run folder, and what a look at them finds: a file whose time and size are
//! those of before is not read again.

use std::path::Path;
use std::time::Instant;

use crate::error::Result;
use crate::runs::folder::{Stamp, file, is_held, stamp};
use crate::runs::metrics::MetricsRow;
use crate::runs::read::{RecordReader, read_rows};
use crate::runs::record::{RunRecord, RunState};

/// How often a folder is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attention {
    /// A process trains it.
    Live,
    /// A process may go on with it, or has just created it.
    Open,
    /// Nothing is expected.
    Quiet,
}

/// What is known of a run folder.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// The run in it; none without a record, or if another folder has the same run.
    pub(super) id: Option<String>,
    pub(super) attention: Attention,
    /// When nothing was there yet.
    pub(super) since: Instant,
    /// When its turn comes if nothing is expected.
    pub(super) turn: usize,
    /// The newest epoch that pages know.
    pub(super) epoch: Option<u64>,
    pub(super) stamps: Stamps,
}

/// The files that change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stamps {
    record: Stamp,
    notes: Stamp,
    metrics: Stamp,
}

/// What a look at a folder finds.
#[derive(Debug)]
pub(super) enum Look {
    /// Nothing has changed.
    Same,
    /// There is no run.
    Absent,
    /// A run, and its rows if they may have changed.
    Run(Box<RunRecord>, Option<Vec<MetricsRow>>, Stamps),
}

/// Looks at a folder.
///
/// # Errors
/// When a file cannot be read, or is damaged.
pub(super) fn look(folder: &Path, seen: &Seen, reader: &RecordReader) -> Result<Look> {
    let mut stamps = Stamps {
        record: stamp(&folder.join(file::RECORD))?,
        notes: stamp(&folder.join(file::NOTES))?,
        metrics: seen.stamps.metrics,
    };
    if stamps.record.is_none() {
        return Ok(Look::Absent);
    }
    let is_live = seen.attention == Attention::Live;
    if is_live {
        stamps.metrics = stamp(&folder.join(file::METRICS))?;
    }
    // A process that is gone writes nothing: its claim says so.
    let is_as_before = seen.id.is_some() && stamps == seen.stamps;
    if is_as_before && (!is_live || is_held(folder)) {
        return Ok(Look::Same);
    }
    let Some(record) = reader.read(folder)? else { return Ok(Look::Absent) };
    let has_rows = is_live || record.state == RunState::Running;
    if !has_rows {
        return Ok(Look::Run(Box::new(record), None, stamps));
    }
    if !is_live {
        stamps.metrics = stamp(&folder.join(file::METRICS))?;
    }
    let rows = (stamps.metrics != seen.stamps.metrics).then(|| read_rows(&record, folder));
    let rows = rows.transpose()?;
    Ok(Look::Run(Box::new(record), rows, stamps))
}
