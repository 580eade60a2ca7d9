//! Which configs of a search are confirmed: those that count, ranked as `compare` ranks them.

use std::collections::HashSet;

use crate::analysis::comparability::Incomparable;
use crate::analysis::compare::{
    CompareOptions, ConfigRuns, RankedConfigs, capped, compare, ranked_configs,
};
use crate::analysis::confirm::finalist::split_of;
use crate::error::{Error, Result};
use crate::runs::figures::Figure;
use crate::runs::record::{RunRecord, RunState};
use crate::table::Table;

/// Suffix of the names of experiments that trained a config with fresh seeds.
const CONFIRMATION: &str = "(confirm)";

/// The configs of a search, ranked.
#[derive(Debug, Clone)]
pub struct RankedSearch<'a> {
    /// The best ones, the winner first.
    pub finalists: Vec<ConfigRuns<'a>>,
    /// How many configs were ranked.
    pub searched: usize,
    pub(super) score: Figure,
    pub(super) seeds: Option<usize>, // of each config, where all have as many
    pub(super) table: Table,         // settings, n and score of the finalists
}

/// The name of the experiment that trains the configs of `experiment` with fresh seeds.
pub fn confirmation_name(experiment: &str) -> String {
    match experiment.ends_with(CONFIRMATION) {
        true => experiment.to_owned(),
        false => format!("{experiment} {CONFIRMATION}"),
    }
}

impl RunRecord {
    /// Whether only a confirmation asked for this run. Then it is not part of any search; otherwise
    /// a second confirmation of `runs/*` would choose by it.
    pub fn is_confirmation(&self) -> bool {
        let mut names = self.experiments.iter();
        !self.experiments.is_empty() && names.all(|name| name.ends_with(CONFIRMATION))
    }
}

/// The runs of configs whose runs are all finished, and what was left out, a line each.
///
/// # Errors
/// When no config is left.
pub fn settled(mut records: Vec<RunRecord>) -> Result<(Vec<RunRecord>, Vec<String>)> {
    let all = records.len();
    records.retain(|run| !run.is_confirmation());
    let mut lines = Vec::new();
    match all - records.len() {
        0 => (),
        1 => lines.push("1 run of a confirmation is not part of the search".to_owned()),
        n => lines.push(format!("{n} runs of confirmations are not part of the search")),
    }
    let mut left_out = keep_configs(&mut records, unfinished);
    // Only now, because the ranking figure depends on which configs are left.
    let score = score_of(ranked_configs(&records).by_validation);
    left_out.extend(keep_configs(&mut records, |config| unscored(config, score)));
    lines.extend(capped(left_out));
    match records.is_empty() {
        true => {
            lines.insert(0, "no config to confirm".to_owned());
            Err(Error::NothingMatched(lines.join("\n  ")))
        }
        false => Ok((records, lines)),
    }
}

fn score_of(by_validation: bool) -> Figure {
    if by_validation { Figure::ValAccuracy } else { Figure::TestAccuracy }
}

/// Keeps the configs that have no reason to be left out; returns the reasons of the others.
fn keep_configs(
    records: &mut Vec<RunRecord>,
    reason: impl Fn(&ConfigRuns<'_>) -> Option<String>,
) -> Vec<String> {
    let mut kept = HashSet::new();
    let mut reasons = Vec::new();
    for config in &ranked_configs(records).configs {
        match reason(config) {
            Some(reason) => reasons.push(format!("{} is left out: {reason}", config.label)),
            None => kept.extend(config.runs.iter().map(|run| run.id.clone())),
        }
    }
    records.retain(|run| kept.contains(&run.id));
    reasons
}

fn unfinished(config: &ConfigRuns<'_>) -> Option<String> {
    let total = config.runs.len();
    let runs = if total == 1 { "run" } else { "runs" };
    let states = states_in_words(config.runs.iter().map(|run| run.state))?;
    Some(format!("of {total} {runs}, {states}"))
}

/// `1 diverged, 2 lost`; none if all are finished.
pub(super) fn states_in_words(states: impl Iterator<Item = RunState> + Clone) -> Option<String> {
    let count_of = |state| states.clone().filter(|other| *other == state).count();
    let others = RunState::ALL.into_iter().filter(|state| *state != RunState::Finished);
    let parts = others.map(|state| (count_of(state), state)).filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, state)| format!("{count} {state}")).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn unscored(config: &ConfigRuns<'_>, score: Figure) -> Option<String> {
    let is_scored = |run: &&RunRecord| score.of(run).is_some_and(f64::is_finite);
    let split = split_of(score);
    (!config.runs.iter().all(is_scored)).then(|| format!("it has no {split} accuracy"))
}

impl<'a> RankedSearch<'a> {
    /// Ranks the configs of [`settled`] runs and takes the first `top` of them, or all.
    ///
    /// # Errors
    /// When configs are measured on different examples, so that none is best.
    pub fn rank(records: &'a [RunRecord], top: usize) -> Result<RankedSearch<'a>> {
        let RankedConfigs { configs, varied, by_validation, problem } = ranked_configs(records);
        if let Some(Incomparable { why, key }) = problem {
            return Err(Error::Usage(format!(
                "{why} ({key}), so none is the best; choose runs of one with --where"
            )));
        }
        let score = score_of(by_validation);
        let mut columns = varied;
        if columns.is_empty() {
            columns.push("config".to_owned());
        }
        columns.extend(["n", score.name()].map(str::to_owned));
        let options = CompareOptions { columns, top: Some(top), ..CompareOptions::default() };
        let counts: HashSet<usize> = configs.iter().map(|config| config.runs.len()).collect();
        let searched = configs.len();
        let finalists: Vec<ConfigRuns> = configs.into_iter().take(top).collect();
        Ok(RankedSearch {
            searched,
            score,
            seeds: counts.iter().next().copied().filter(|_| counts.len() == 1),
            table: compare(records, &options)?.table,
            finalists,
        })
    }

    /// Whether validation accuracy ranks; else test accuracy does.
    pub fn by_validation(&self) -> bool {
        self.score == Figure::ValAccuracy
    }
}
