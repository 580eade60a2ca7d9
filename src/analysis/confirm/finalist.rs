//! One of the best configs: its score in the search and with each fresh seed.

use std::collections::BTreeSet;

use crate::analysis::compare::ConfigRuns;
use crate::analysis::replicates::replicate;
use crate::runs::figures::Figure;
use crate::runs::record::{RunRecord, RunState};
use crate::stats::{Lead, ROUNDING, Replicate, Summary, Unit};

/// The split whose accuracy is the score.
pub(super) fn split_of(score: Figure) -> &'static str {
    score.kind().short
}

/// A config of the final.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Finalist<'a> {
    pub(super) label: &'a str,
    pub(super) searched: Summary,         // its score in the search
    pub(super) searched_runs: usize,      // that it is of
    pub(super) scores: Vec<Replicate>,    // of the finished runs with fresh seeds
    pub(super) tests: Vec<Replicate>,     // test accuracies likewise
    pub(super) unfinished: Vec<RunState>, // of the other fresh runs
}

/// The configs of the final in the order of the search, which had `searched` configs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Final<'a> {
    pub(super) finalists: Vec<Finalist<'a>>, // never empty
    pub(super) searched: usize,
}

impl<'a> Finalist<'a> {
    pub(super) fn of(
        config: &'a ConfigRuns<'_>,
        fresh: &[RunRecord],
        score: Figure,
    ) -> Finalist<'a> {
        let searched: Vec<Replicate> = of_runs(config.runs.iter().copied(), score);
        let finished = || fresh.iter().filter(|run| run.state == RunState::Finished);
        let states = fresh.iter().map(|run| run.state);
        Finalist {
            label: &config.label,
            searched: summary(&searched).unwrap_or_else(Summary::nothing),
            searched_runs: searched.len(),
            scores: of_runs(finished(), score),
            tests: of_runs(finished(), Figure::TestAccuracy),
            unfinished: states.filter(|state| *state != RunState::Finished).collect(),
        }
    }

    /// Fresh seeds of finished runs.
    pub(super) fn fresh_seeds(&self) -> usize {
        self.scores.iter().map(|run| run.seed).collect::<BTreeSet<u64>>().len()
    }

    /// Whether its fresh runs are of several folds.
    pub(super) fn has_folds(&self) -> bool {
        Unit::of([&self.scores[..]]) == Unit::Fold
    }

    /// Score over the fresh seeds; none if none is finished.
    pub(super) fn fresh(&self) -> Option<Summary> {
        summary(&self.scores)
    }
}

/// The figure of each run that has it.
fn of_runs<'r>(runs: impl Iterator<Item = &'r RunRecord>, figure: Figure) -> Vec<Replicate> {
    let of = |(place, run)| Some(replicate(run, place, figure.of(run)?));
    runs.enumerate().filter_map(of).collect()
}

/// Over the seeds, or the folds if there are several.
pub(super) fn summary(runs: &[Replicate]) -> Option<Summary> {
    Summary::over(runs, Unit::of([runs]))
}

impl<'a> Final<'a> {
    /// The winner of the search.
    pub(super) fn winner(&self) -> &Finalist<'a> {
        &self.finalists[0]
    }

    /// The others, the best first.
    pub(super) fn others(&self) -> &[Finalist<'a>] {
        &self.finalists[1..]
    }

    /// The winner's lead over another finalist in the score, over the fresh seeds that both finished.
    pub(super) fn lead(&self, other: &Finalist<'_>) -> Option<Lead> {
        self.lead_in(&self.winner().scores, &other.scores)
    }

    /// The same in test accuracy.
    pub(super) fn test_lead(&self, other: &Finalist<'_>) -> Option<Lead> {
        self.lead_in(&self.winner().tests, &other.tests)
    }

    fn lead_in(&self, ours: &[Replicate], theirs: &[Replicate]) -> Option<Lead> {
        Lead::over(ours, theirs, self.others().len())
    }

    /// Standard deviation of the score between fresh seeds, pooled over the configs; none if no
    /// config finished two, or all that did agree.
    pub(super) fn seed_std(&self) -> Option<f64> {
        let fresh = self.finalists.iter().filter_map(Finalist::fresh);
        let spreads = fresh.filter_map(|s| Some((s.std? * s.std?, (s.n - 1) as f64)));
        let (squares, freedom) =
            spreads.fold((0.0, 0.0), |(sum, all), (variance, n)| (sum + variance * n, all + n));
        (freedom > 0.0).then(|| (squares / freedom).sqrt()).filter(|std| *std > ROUNDING)
    }

    /// The finalist with the highest mean over the fresh seeds; the first of equals.
    pub(super) fn first_with_fresh_seeds(&self) -> Option<&Finalist<'a>> {
        let means = self.finalists.iter().rev().filter_map(|f| Some((f, f.fresh()?.mean)));
        means.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(finalist, _)| finalist)
    }
}
