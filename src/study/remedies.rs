//! What closes it? Every remedy that fits, alone: one seed for all, more seeds for the better half. Halving by
//! seeds and not by epochs, because after a few epochs what learns slowly looks bad, and Dropout and deformed images
//! learn slowly.

use super::{Answers, Change, Figures, Outcome, Plan, Question, Sheet};
use crate::stats::{self, Choice, Replicate, Summary, against, without_rounding};

/// A remedy at one strength.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// The remedy: `dropout`.
    pub remedy: &'static str,
    /// What it changes.
    pub change: Change,
    /// How it does; with one seed only if the first seed put it into the worse half.
    pub figures: Figures,
    /// What it adds to validation accuracy. An estimate that helped to choose: the best of many is partly luck.
    pub gain: Gain,
    /// Where the true gain plausibly lies, by the rule of `runner compare`: for all changes with several seeds at once.
    pub interval: Option<[f64; 2]>,
}

/// What a config adds to the baseline's validation accuracy, seed by seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Gain {
    /// Each seed that both have, with the difference.
    of_seeds: Vec<(u64, f64)>,
    /// How many seeds were asked for: where runs diverged, there are fewer.
    asked: usize,
}

impl Gain {
    /// None if the two share no seed of those that were asked for.
    pub(super) fn of(answers: &Answers, outcomes: &[Outcome], asked: usize) -> Option<Gain> {
        let of_seed = |outcome: &Outcome| {
            let baseline = answers.baseline.iter().find(|other| other.seed == outcome.seed)?;
            Some((outcome.seed, outcome.val - baseline.val))
        };
        let of_seeds: Vec<(u64, f64)> = outcomes.iter().filter_map(of_seed).collect();
        (!of_seeds.is_empty()).then_some(Gain { of_seeds, asked })
    }

    /// That of the baseline itself.
    pub(super) fn none(seeds: &[u64]) -> Gain {
        let of_seeds = seeds.iter().map(|seed| (*seed, 0.0)).collect();
        Gain { of_seeds, asked: seeds.len() }
    }

    /// Its mean.
    pub fn mean(&self) -> f64 {
        self.of_seeds.iter().map(|(_, gain)| gain).sum::<f64>() / self.of_seeds.len() as f64
    }

    /// The seeds that both have.
    pub fn seeds(&self) -> impl Iterator<Item = u64> {
        self.of_seeds.iter().map(|(seed, _)| *seed)
    }

    /// The difference from `other` with each seed that both have.
    fn minus(&self, other: &Gain) -> Vec<f64> {
        let of_seed = |(seed, gain): &(u64, f64)| {
            let (_, before) = other.of_seeds.iter().find(|(other, _)| other == seed)?;
            Some(gain - before)
        };
        self.of_seeds.iter().filter_map(of_seed).collect()
    }

    /// Whether it is at least as much as `other`, with the seeds that both have. Where one is left because others
    /// diverged, it is not.
    pub(super) fn is_as_much_as(&self, other: &Gain) -> bool {
        let differences = self.minus(other);
        let is_judged = differences.len() > 1 || self.asked.min(other.asked) == 1;
        let as_much = |summary: Summary| without_rounding(summary.mean) >= 0.0;
        is_judged && Summary::of(&differences).is_some_and(as_much)
    }

    /// Whether it is more than `other` by more than the standard error of the difference, paired by seed; where a single
    /// seed was asked for, it is judged by `noise`, the spread between seeds. That nominates, and shows nothing. Where one
    /// is left because others diverged, or where the noise is unknown, it is never more.
    pub(super) fn exceeds(&self, other: &Gain, noise: Option<f64>) -> bool {
        Summary::of(&self.minus(other)).is_some_and(|summary| {
            let is_single = self.asked.min(other.asked) == 1;
            let single = noise.filter(|_| is_single).map(|noise| noise * std::f64::consts::SQRT_2);
            let error = summary.std.map(|std| std / (summary.n as f64).sqrt()).or(single);
            error.is_some_and(|error| summary.mean > error && summary.mean > 0.0)
        })
    }
}

/// The question with one seed for all.
pub(super) fn first_sheet(plan: &Plan, seed: u64) -> Option<Sheet> {
    let changes: Vec<Change> = plan.proposals.iter().map(|(_, change)| change.clone()).collect();
    let is_asked = !changes.is_empty();
    is_asked.then(|| Sheet::new("6-remedies", Question::Remedies, changes, vec![seed]))
}

/// The better half, with all seeds.
pub(super) fn second_sheet(plan: &Plan, tried: &[Tried]) -> Option<Sheet> {
    let half = tried.len().div_ceil(2);
    let changes = tried[..half].iter().map(|tried| tried.change.clone());
    let description = "What closes it? The better half, with more seeds.";
    let is_asked = plan.limits.seeds > 1 && half > 0;
    let (question, seeds) = (Question::Remedies, plan.limits.seeds());
    let sheet = || Sheet::new("7-remedies", question, changes.collect(), seeds);
    is_asked.then(|| Sheet { description, ..sheet() })
}

/// The answers to a sheet, the best first; what diverged is left out.
pub(super) fn tried(plan: &Plan, sheet: &Sheet, answers: &Answers) -> Vec<Tried> {
    let replicate = |outcome: &Outcome| Replicate::of_seed(outcome.seed, outcome.val);
    let replicates = |outcomes: &Vec<Outcome>| outcomes.iter().map(replicate).collect::<Vec<_>>();
    let others: Vec<Vec<Replicate>> = answers.changes.iter().map(replicates).collect();
    let resolution = 1.0 / plan.baseline.dataset.held_out().max(1) as f64;
    let baseline = replicates(&answers.baseline);
    let against = against(&baseline, &others, resolution, Choice::Beforehand);
    let outcomes = answers.changes.iter().zip(against.changes);
    let of_change = |(change, (outcomes, against)): (&Change, (&Vec<_>, stats::Change))| {
        let (remedy, _) = plan.proposals.iter().find(|(_, known)| known == change)?;
        let gain = Gain::of(answers, outcomes, sheet.seeds.len())?;
        let figures = Figures::over(outcomes, &gain)?;
        let interval = against.interval();
        Some(Tried { remedy, change: change.clone(), figures, gain, interval })
    };
    let mut tried: Vec<Tried> = sheet.changes.iter().zip(outcomes).filter_map(of_change).collect();
    tried.sort_by(|a, b| b.gain.mean().total_cmp(&a.gain.mean())); // stable: of equals, the earlier remedy
    tried
}

/// The better half with what more seeds showed, the best first, and the others with one seed behind.
pub(super) fn merged(first: Vec<Tried>, second: Vec<Tried>) -> Vec<Tried> {
    let is_again = |tried: &Tried| second.iter().any(|other| other.change == tried.change);
    let rest: Vec<Tried> = first.into_iter().filter(|tried| !is_again(tried)).collect();
    second.into_iter().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_away_is_judged_by_the_seeds_that_are_left() {
        let gain = |of_seeds: &[(u64, f64)], asked| Gain { of_seeds: of_seeds.to_vec(), asked };
        let full = gain(&[(0, 0.30), (1, 0.10), (2, 0.11)], 3);
        // With seed 0 alone its mean is above that of the three.
        assert!(!gain(&[(0, 0.35)], 3).is_as_much_as(&full));
        assert!(!gain(&[(0, 0.29), (1, 0.10)], 3).is_as_much_as(&full));
        assert!(gain(&[(0, 0.30), (1, 0.10)], 3).is_as_much_as(&full));
        assert!(gain(&[(0, 0.30), (1, 0.10), (2, 0.11)], 3).is_as_much_as(&full));
        let single = gain(&[(0, 0.30)], 1);
        assert!(single.is_as_much_as(&single), "a single seed was asked for");
    }
}
