//! Memory? The baseline on labels drawn anew: whether it could learn the training examples by heart, and how many noisy
//! labels it does learn by heart (Zhang et al., 2017, arXiv:1611.03530; Arpit et al., 2017, arXiv:1706.05394).

use super::answers::mean;
use super::{Answers, Change, Limits, Outcome, Question, Sheet};
use crate::experiment::Trial;
use crate::runs::metrics::MetricsRow;
use crate::stats::Summary;

/// Shares of the training labels that are drawn anew.
const NOISES: [f64; 2] = [1.0, 0.2];

/// What the baseline learns by heart.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    /// The best train accuracy of each run on labels that are all drawn anew, whichever weights it keeps.
    pub of_random: Option<Summary>,
    /// What becomes of noisy labels among clean ones.
    pub of_noisy: Option<NoisyLabels>,
}

/// Training with a share of noisy labels.
#[derive(Debug, Clone, PartialEq)]
pub struct NoisyLabels {
    /// The share of the labels that is drawn anew.
    pub share: f64,
    /// Of the noisy labels, the share that is learnt by heart at the end.
    pub learnt: f64,
    /// Accuracy on the training examples with clean labels at the end.
    pub clean: f64,
    /// The first evaluated epoch from which on half of the noisy labels are learnt by heart, for the first seed; none if
    /// they are not at the end.
    pub half_by: Option<u64>,
    /// Validation accuracy at the end.
    pub val: f64,
    /// Each seed's evaluated epochs.
    pub curves: Vec<Vec<MetricsRow>>,
}

/// The question.
pub(super) fn sheet(baseline: &Trial, limits: &Limits) -> Option<Sheet> {
    if baseline.dataset.label_noise > 0.0 {
        return None; // it is noisy already
    }
    let noise = |share: &f64| {
        let percent = (100.0 * share).round();
        Change::new(
            format!("{percent} % of the labels at random"),
            [("dataset.label_noise", share.to_string())],
        )
    };
    let changes: Vec<Change> = NOISES.iter().take(limits.noises).map(noise).collect();
    let sheet = Sheet::new("3-memory", Question::Memory, changes, limits.seeds());
    (!sheet.changes.is_empty()).then_some(Sheet { draws_data: true, ..sheet })
}

impl Memory {
    pub(super) fn of(answers: &Answers) -> Memory {
        let mut changes = answers.changes.iter();
        let best = |outcome: &Outcome| {
            outcome
                .rows
                .iter()
                .map(|row| f64::from(row.train_accuracy))
                .fold(outcome.train, f64::max)
        };
        let best_of = |outcomes: &Vec<Outcome>| outcomes.iter().map(best).collect::<Vec<f64>>();
        let of_random = changes.next().and_then(|outcomes| Summary::of(&best_of(outcomes)));
        let of_noisy = changes.next().and_then(|outcomes| NoisyLabels::of(NOISES[1], outcomes));
        Memory { of_random, of_noisy }
    }
}

impl NoisyLabels {
    fn of(share: f64, outcomes: &[Outcome]) -> Option<NoisyLabels> {
        let at_end = |of: fn(&MetricsRow) -> Option<f32>| {
            let values: Vec<f64> = outcomes
                .iter()
                .filter_map(|outcome| of(outcome.rows.last()?).map(f64::from))
                .collect();
            (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
        };
        let has_half =
            |row: &&MetricsRow| row.epoch > 0 && row.train_noisy_accuracy.is_some_and(|x| x >= 0.5);
        let rows = &outcomes.first()?.rows;
        let with_half = rows.iter().rev().take_while(has_half);
        Some(NoisyLabels {
            share,
            learnt: at_end(|row| row.train_noisy_accuracy)?,
            clean: at_end(|row| row.train_clean_accuracy)?,
            half_by: with_half.last().map(|row| row.epoch),
            val: mean(outcomes, |outcome| outcome.val)?,
            curves: outcomes.iter().map(|outcome| outcome.rows.clone()).collect(),
        })
    }
}
