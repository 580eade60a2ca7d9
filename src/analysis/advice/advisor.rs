//! Which config advice is for, and what has been tried beside it.

use std::path::Path;

use crate::analysis::advice::{Advice, NoAdvice, Sibling, advise};
use crate::analysis::compare::{Comparison, ConfigRuns};
use crate::analysis::diagnosis::Finding;
use crate::analysis::replicates::replicate;
use crate::error;
use crate::experiment::{Trial, config_id};
use crate::runs::figures::Figure;
use crate::runs::folder::file;
use crate::runs::read::Curves;
use crate::runs::record::{RunRecord, RunState};
use crate::stats::{Replicate, Summary, Unit};

/// Gives advice for one config: the baseline, or where there is none the best.
#[derive(Debug)]
pub struct Advisor<'a> {
    /// What tables call the config.
    pub label: &'a str,
    /// The config; its seeds are those of one run.
    pub trial: Trial,
    /// The seeds of its runs.
    pub seeds: Vec<u64>,
    /// Whether its runs validate on several folds.
    pub has_folds: bool,
    /// The score over its finished runs; none if there are none.
    pub over_runs: Option<Summary>,
    /// What the advice is to raise: test accuracy, or validation accuracy where the test set is sealed.
    pub score: Figure,
    siblings: Vec<Sibling<'a>>,
}

impl<'a> Advisor<'a> {
    /// The advisor of a comparison; `folder_of` says where the run with an id is.
    ///
    /// # Errors
    /// When the trial of the config cannot be read, for example because its data are gone.
    pub fn of<'b>(
        comparison: &'a Comparison,
        folder_of: impl Fn(&str) -> Option<&'b Path>,
    ) -> error::Result<Option<Advisor<'a>>> {
        let place = comparison.changes.as_ref().map_or(0, |changes| changes.baseline.config);
        let Some(config) = comparison.configs.get(place) else { return Ok(None) };
        let Some(folder) = config.runs.first().and_then(|run| folder_of(&run.id)) else {
            return Ok(None);
        };
        let trial = Trial::read(&folder.join(file::TRIAL))?;
        let mut seeds: Vec<u64> = config.runs.iter().filter_map(|run| run.trial.seed()).collect();
        seeds.dedup();
        let others = comparison.configs.iter().enumerate().filter(|(other, _)| *other != place);
        let siblings = others.filter_map(|(other, config)| sibling(comparison, other, config));
        let siblings = siblings.collect();
        let score = score(comparison, config);
        let finished = config.runs.iter().filter(|run| run.state == RunState::Finished);
        let figure =
            |(place, run): (usize, &&RunRecord)| Some(replicate(run, place, score.of(run)?));
        let figures: Vec<Replicate> = finished.enumerate().filter_map(figure).collect();
        let unit = Unit::of([&figures[..]]);
        let (label, has_folds) = (config.label.as_str(), unit == Unit::Fold);
        let over_runs = Summary::over(&figures, unit);
        Ok(Some(Advisor { label, trial, seeds, has_folds, over_runs, score, siblings }))
    }

    /// What to try with the config, whose curves and findings these are.
    ///
    /// # Errors
    /// Why there is nothing to try.
    pub fn advice(&self, runs: &[&Curves], findings: &[Finding]) -> Result<Vec<Advice>, NoAdvice> {
        advise(&self.trial, runs, findings, &self.siblings)
    }
}

/// What changes of the config are measured by, or would be.
fn score(comparison: &Comparison, config: &ConfigRuns) -> Figure {
    match &comparison.changes {
        Some(changes) => changes.score,
        None if config.runs.iter().any(|run| run.is_sealed()) => Figure::ValAccuracy,
        None => Figure::TestAccuracy,
    }
}

fn sibling<'a>(
    comparison: &'a Comparison,
    place: usize,
    config: &'a ConfigRuns,
) -> Option<Sibling<'a>> {
    let run = config.runs.first()?;
    let changes = comparison.changes.iter().flat_map(|changes| &changes.list);
    let mut changes = changes.filter(|changed| changed.config == place);
    Some(Sibling {
        config_id: config_id(&run.trial.value(), run.provenance.numerics),
        label: &config.label,
        change: changes.next().map(|changed| &changed.score),
    })
}
