//! The state of a halving's brackets, read only from the run folders: so every process sees the
//! same, and the same configs go on, whichever process trained them.

mod slow_starters;
mod table;

pub use table::Rungs;

use std::path::Path;

use crate::error::{Error, Result};
use crate::experiment::{Bracket, Halving, Rung};
use crate::optim::Monitor;
use crate::runs::figures::Better;
use crate::runs::folder::{Patience, run_path};
use crate::runs::metrics::MetricsRow;
use crate::runs::read::{read_record, read_rows};
use crate::runs::record::{RunRecord, RunState};

/// A rung with the figures of its configs.
#[derive(Debug, Clone, PartialEq)]
pub struct RungState {
    /// Its epochs and the number of its configs.
    pub rung: Rung,
    /// The configs by their positions in the halving, in that order, with the figure that ranks
    /// them: the mean over their replicates; none until all replicates have reached the rung.
    pub configs: Vec<(usize, Option<f64>)>,
    /// Those that go on to the next rung, the best first; none at the last rung, or while a figure
    /// is missing.
    pub promoted: Option<Vec<usize>>,
}

impl RungState {
    /// Whether every config has its figure.
    pub fn is_complete(&self) -> bool {
        self.configs.iter().all(|(_, figure)| figure.is_some())
    }
}

/// The rungs of a bracket so far.
#[derive(Debug, Default)]
pub struct Followed {
    /// Up to the first that cannot be decided yet, or all.
    pub states: Vec<RungState>,
    /// Runs without a figure because their files are damaged or cannot be read.
    pub unread: Vec<UnreadRun>,
}

/// A run with an unreadable file.
#[derive(Debug)]
pub struct UnreadRun {
    /// Its id.
    pub id: String,
    /// Why.
    pub problem: Error,
}

/// The runs of a halving.
pub struct HalvedRuns<'a> {
    /// What is halved.
    pub halving: &'a Halving,
    /// The folder of the run folders.
    pub runs_dir: &'a Path,
}

impl HalvedRuns<'_> {
    /// The rungs of a bracket. A run that cannot be read has no figure, so its rung waits for it.
    pub fn follow(&self, bracket: &Bracket) -> Followed {
        let mut followed = Followed::default();
        let mut configs = bracket.configs.clone();
        for (index, rung) in bracket.rungs.iter().enumerate() {
            let mut figures = Vec::with_capacity(configs.len());
            for config in configs {
                let figure = self.figure(config, rung.epochs, &mut followed.unread);
                figures.push((config, figure));
            }
            let next = bracket.rungs.get(index + 1);
            let promoted = next.and_then(|next| self.best(&figures, next.configs));
            let mut going_on = promoted.clone();
            followed.states.push(RungState { rung: *rung, configs: figures, promoted });
            let Some(going_on) = going_on.as_mut() else { break };
            going_on.sort_unstable();
            configs = std::mem::take(going_on);
        }
        followed
    }

    /// The mean over the replicates of a config.
    fn figure(&self, config: usize, epochs: u64, unread: &mut Vec<UnreadRun>) -> Option<f64> {
        let ids = &self.halving.configs[config];
        let monitor = self.halving.config.monitor;
        let mut sum = Some(0.0);
        for id in ids {
            let read = || figure_at(&self.folder(id)?, epochs, monitor);
            let figure = Patience::BRIEF.read(read).unwrap_or_else(|problem| {
                unread.push(UnreadRun { id: id.clone(), problem });
                None
            });
            sum = sum.zip(figure).map(|(sum, figure)| sum + figure);
        }
        sum.map(|sum| sum / ids.len() as f64)
    }

    fn folder(&self, id: &str) -> Result<std::path::PathBuf> {
        run_path(self.runs_dir, id)
    }

    /// The best `count` configs; of equals, those that the file names first. None while any has no
    /// figure.
    fn best(&self, figures: &[(usize, Option<f64>)], count: usize) -> Option<Vec<usize>> {
        let figures: Option<Vec<(usize, f64)>> =
            figures.iter().map(|(config, figure)| Some((*config, (*figure)?))).collect();
        let mut figures = figures?;
        let sign = match self.halving.config.monitor.better() {
            Better::Lower => 1.0,
            Better::Higher => -1.0,
        };
        figures.sort_by(|(_, a), (_, b)| (sign * a).total_cmp(&(sign * b))); // stable
        Some(figures.into_iter().take(count).map(|(config, _)| config).collect())
    }
}

/// A run's figure after `epochs` epochs; none until it gets there. A run that diverged earlier is
/// worse than all others; a run that early stopping ended earlier has its final figure.
///
/// # Errors
/// When the run folder is damaged or cannot be read.
pub fn figure_at(folder: &Path, epochs: u64, monitor: Monitor) -> Result<Option<f64>> {
    let Some(record) = read_record(folder)? else { return Ok(None) };
    let Some(rows) = whole_rows(&record, folder)? else { return Ok(None) };
    let row = rows.iter().find(|row| row.epoch == epochs);
    Ok(match (row, record.state) {
        (Some(row), _) => monitor.in_row(row),
        (None, RunState::Diverged) => Some(monitor.better().worst()),
        (None, RunState::Finished) => rows.last().and_then(|last| monitor.in_row(last)),
        (None, _) => None,
    })
}

/// Whether a run needs no more training for a rung of `epochs` epochs. A run that was killed before
/// it could save its state is resumed once more, even if it was on its way to a later epoch, so a
/// finished search leaves nothing `lost`.
///
/// # Errors
/// When the run folder is damaged or cannot be read.
pub fn stands_at(folder: &Path, epochs: u64) -> Result<bool> {
    let Some(record) = read_record(folder)? else { return Ok(false) };
    let epoch = record.last.map_or(0, |last| last.epoch);
    Ok(match record.state {
        _ if record.is_done() => true,
        RunState::Running => epoch >= epochs,
        RunState::Lost => false,
        RunState::Paused => epoch >= epochs && whole_rows(&record, folder)?.is_some(),
        _ => epoch > epochs,
    })
}

/// The rows of a run. A run that is not done rewrites a damaged file when it is resumed.
fn whole_rows(record: &RunRecord, folder: &Path) -> Result<Option<Vec<MetricsRow>>> {
    match read_rows(record, folder) {
        Err(Error::Damaged { .. }) if !record.is_done() => Ok(None),
        rows => rows.map(Some),
    }
}

#[cfg(test)]
mod tests;
