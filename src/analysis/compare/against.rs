//! The third stage of a comparison: what each config changes against the baseline.

use crate::analysis::comparability::label_noise;
use crate::analysis::compare::configs::{Config, Configs, is_finished};
use crate::analysis::compare::measure::Measure;
use crate::analysis::compare::verdict::{ConfigChange, GapChange};
use crate::analysis::naming::BaselineChoice;
use crate::analysis::replicates::replicate;
use crate::analysis::settings::{is_training_choice, keys_that_differ};
use crate::runs::class_counts::ClassCounts;
use crate::runs::figures::Figure;
use crate::stats::{Choice, Design, Replicate, against};

/// How the configs were compared with the baseline.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged {
    /// The figures that were compared.
    pub(super) measure: Measure,
    /// How the baseline was found.
    pub(super) choice: BaselineChoice,
    /// Whether seeds, and folds, were paired.
    pub(super) design: Design,
    /// How many changes have an interval, which hold together.
    pub(super) family: usize,
}

/// Gives each config with finished runs its change against the baseline. None where there is no baseline with
/// finished runs, or where the figures are not comparable.
pub(super) fn judge_changes(configs: &mut Configs, ranked_by: Figure) -> Option<Judged> {
    let choice = configs.choice?;
    if configs.problem(ranked_by).is_some() || !configs.comparability.train {
        return None;
    }
    let baseline = configs.list.iter().position(|c| c.is_baseline && c.finished > 0)?;
    // How runs are evaluated and what seeds draw is no change of the training.
    let is_change = |config: &Config| {
        let settings = &configs.list[baseline].settings;
        let keys = keys_that_differ(&config.settings, settings, &configs.varied);
        keys.into_iter().any(is_training_choice)
    };
    let others: Vec<usize> = (0..configs.list.len())
        .filter(|&index| index != baseline && configs.list[index].finished > 0)
        .filter(|&index| is_change(&configs.list[index]))
        .collect();
    if others.is_empty() {
        return None;
    }
    let measure = Measure::of(&configs.list);
    let list = &configs.list;
    // Labels that nobody can predict make train accuracy another measure of the same training.
    let noise = |index: usize| list[index].runs.first().map(|run| label_noise(run));
    let has_same_labels = |index: usize| noise(index) == noise(baseline);
    let when = match choice {
        BaselineChoice::File | BaselineChoice::MostShared => Choice::Beforehand, // by settings alone
        BaselineChoice::AfterLooking => Choice::AfterLooking,
    };
    let changes_in = |figure: Figure| {
        let of = |index: usize| replicates(&list[index], figure);
        let is_measured = |index: usize| figure == measure.score || has_same_labels(index);
        let unmeasured = |index: usize| {
            of(index).into_iter().map(|run| Replicate { value: f64::NAN, ..run }).collect()
        };
        let changed: Vec<Vec<Replicate>> = others
            .iter()
            .map(|&index| if is_measured(index) { of(index) } else { unmeasured(index) })
            .collect();
        let resolution = resolution(&list[baseline], figure, measure);
        against(&of(baseline), &changed, resolution, when)
    };
    let (score, gap) = (changes_in(measure.score), changes_in(measure.gap));
    let train = changes_in(Figure::TrainAccuracy);
    let mean_gap = |index: usize| list[index].over(measure.gap).map_or(f64::NAN, |gap| gap.mean);
    let of_config = |(place, &index): (usize, &usize)| {
        let gap = GapChange {
            change: gap.changes[place],
            ends: [mean_gap(baseline), mean_gap(index)],
            is_comparable: has_same_labels(index),
        };
        ConfigChange::of(score.changes[place], gap, train.changes[place])
    };
    let changes: Vec<ConfigChange> = others.iter().enumerate().map(of_config).collect();
    for (index, change) in others.into_iter().zip(changes) {
        configs.list[index].change = Some(change);
    }
    let family = score.changes.iter().filter(|change| change.has_interval()).count();
    Some(Judged { measure, choice, design: score.design, family })
}

/// The figure of each run; NaN for runs that are not finished.
fn replicates(config: &Config, figure: Figure) -> Vec<Replicate> {
    let value = |run| if is_finished(run) { figure.of(run) } else { None };
    let runs = config.runs.iter().enumerate();
    runs.map(|(place, run)| replicate(run, place, value(run).unwrap_or(f64::NAN))).collect()
}

/// The part of one example, as far as the runs say how many were scored; else 0. Where they do not say how many
/// training examples were, it is that of the held-out ones, which are fewer.
fn resolution(config: &Config, figure: Figure, measure: Measure) -> f64 {
    let Some(run) = config.runs.first() else { return 0.0 };
    let stated = |key: &str| run.trial.pointer(key).and_then(serde_json::Value::as_u64);
    let counted = |counts: &[usize]| counts.iter().sum::<usize>() as u64;
    let counts = run.class_counts.as_deref();
    let of_train = || {
        let count = |counts: &ClassCounts| match counts.evaluated.is_empty() {
            true => counted(&counts.train),
            false => counted(&counts.evaluated),
        };
        counts.map(count).or(stated("/evaluation/train_examples"))
    };
    let of_held_out = || match measure.score {
        Figure::ValAccuracy => {
            let counts = counts.map(|counts| counted(&counts.validation)).filter(|&n| n > 0);
            counts.or(stated("/dataset/validation_examples"))
        }
        _ => {
            let counts = counts.map(|counts| counted(&counts.test)).filter(|&n| n > 0);
            counts.or(stated("/dataset/test_examples"))
        }
    };
    let of_figure = if figure == Figure::TrainAccuracy { of_train() } else { None };
    match of_figure.or_else(of_held_out).filter(|&n| n > 0) {
        Some(examples) => 1.0 / examples as f64,
        None => 0.0,
    }
}
