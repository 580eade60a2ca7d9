//! How well the train split itself is learnt: not at all, too little, or not yet to the end.

use crate::analysis::diagnosis::curve::{FiniteCurve, held_out_of};
use crate::analysis::diagnosis::finding::{Finding, Severity};
use crate::analysis::diagnosis::guess::{Guess, has_class_weights};
use crate::analysis::diagnosis::list::FindingKind;
use crate::analysis::diagnosis::words::{in_some, loss, mean_of, percent, points};
use crate::analysis::diagnosis::{finished, is_majority};
use crate::runs::figures::Figure;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::metrics::MetricsRow;
use crate::runs::read::Curves;

/// Accuracy less than this above a guess counts as a guess: ten classes with 1,000 examples vary by
/// one point. If one class is frequent, a guess leaves less room above it, so the limit is lower.
const NOTHING_LEARNT: f64 = 0.02;
/// Below this share of a guess's loss something is learnt, even if the most frequent class is
/// always predicted.
const STILL_A_GUESS: f64 = 0.9;
/// A train accuracy below this share of the way from a guess to perfect is low. A network that could
/// memorise passes it easily.
const LOW_FIT: f64 = 0.6;
/// A gap below this share of what was learnt counts as no gap.
const NO_GAP: f64 = 0.1;
/// Points of train accuracy gained over the last fifth that count as rising.
const STILL_RISES: f64 = 0.005;
/// Share by which the last fifth must reduce the loss to count as improving.
const STILL_FALLS: f64 = 0.01;
/// The same in standard deviations of the curve's noise.
const CHANGE_IN_NOISE: f64 = 2.0;
/// How far from the end, as a share of the evaluations, the lowest loss may be.
const AT_THE_END: f64 = 0.1;

/// Finds finished runs with the train accuracy of a guess.
pub(super) fn not_learning(runs: &[&Curves]) -> Option<Finding> {
    let runs = finished(runs);
    let idle: Vec<_> = runs.iter().filter(|run| is_idle(run)).collect();
    if !is_majority(idle.len(), runs.len()) {
        return None;
    }
    let run = idle.first()?;
    let accuracy = mean_of(&idle, |each| train_accuracy(each).unwrap_or(f64::NAN));
    let end = mean_of(&idle, |each| each.rows.last().map_or(f64::NAN, |row| row.train_loss.into()));
    let some = in_some(idle.len(), &runs);
    let (shown, guess) = (percent(accuracy), run.guess());
    let whose = match guess.is_even {
        true => format!("a guess among {:.0} classes", guess.classes),
        false => format!("naming the most frequent of {:.0} classes each time", guess.classes),
    };
    let what = format!("train accuracy{}", on_clean_labels(run));
    let is = match guess.accuracy - accuracy < nothing_learnt(guess) {
        true => "that of".to_owned(),
        false => format!("below the {} of", percent(guess.accuracy)),
    };
    Some(Finding {
        kind: FindingKind::NotLearning,
        severity: Severity::Problem,
        text: format!(
            "nothing is learnt: {what} {shown} is {is} {whose}, train loss {} (a guess: {}){some}",
            loss(end),
            loss(guess.loss)
        ),
        figures: vec![("train_accuracy", accuracy), ("train_loss", end)],
    })
}

fn is_idle(run: &Curves) -> bool {
    let guess = run.guess();
    let Some(last) = run.rows.last() else { return false };
    let is_guessed = guess.is_even || f64::from(last.train_loss) > STILL_A_GUESS * guess.loss;
    is_guessed
        && !tells_classes_apart(run, guess)
        && train_accuracy(run)
            .is_some_and(|accuracy| accuracy - guess.accuracy < nothing_learnt(guess))
}

/// Whether a network whose classes have weights is above a guess where all classes count the same: it gives up
/// accuracy on the frequent ones for the rare ones.
fn tells_classes_apart(run: &Curves, guess: Guess) -> bool {
    let on_test = Figure::BalancedAccuracy.of(&run.record);
    let balanced = on_test.or_else(|| Figure::ValBalancedAccuracy.of(&run.record));
    has_class_weights(run)
        && balanced.is_some_and(|accuracy| accuracy - 1.0 / guess.classes >= NOTHING_LEARNT)
}

/// How far above a guess an accuracy must be: a share of the room above a guess with classes of
/// equal size.
fn nothing_learnt(guess: Guess) -> f64 {
    NOTHING_LEARNT * ((1.0 - guess.accuracy) / (1.0 - 1.0 / guess.classes)).min(1.0)
}

fn train_accuracy(run: &Curves) -> Option<f64> {
    let last = run.rows.last().filter(|row| row.step > 0)?;
    Some(fitted(last).into())
}

/// The share of what can be learnt: noisy labels can only be learnt by heart, which no network should.
fn fitted(row: &MetricsRow) -> f32 {
    row.train_clean_accuracy.unwrap_or(row.train_accuracy)
}

/// Which examples [`fitted`] is about, after "train accuracy".
fn on_clean_labels(run: &Curves) -> &'static str {
    let has_noise = run.rows.last().is_some_and(|row| row.train_clean_accuracy.is_some());
    if has_noise { " on clean labels" } else { "" }
}

/// Finds configs that do not even fit their training examples. With weights for classes of unequal size, accuracy is not
/// what training is after, and nothing is said.
pub(super) fn underfitting(runs: &[&Curves]) -> Option<Finding> {
    let runs = finished(runs);
    let held_out = held_out_of(&runs)?;
    if runs.iter().any(|run| has_class_weights(run) && !run.guess().is_even) {
        return None;
    }
    let ends: Option<Vec<[f64; 2]>> = runs
        .iter()
        .map(|run| Some([train_accuracy(run)?, held_out.accuracy(run.rows.last()?)?.into()]))
        .collect();
    let ends = ends.filter(|ends| !ends.is_empty())?;
    let (train, held) = (mean_of(&ends, |end| end[0]), mean_of(&ends, |end| end[1]));
    let guess = runs[0].guess();
    let chance = guess.accuracy;
    let fit = (train - chance) / (1.0 - chance);
    let has_gap = train - held > NO_GAP * (train - chance);
    if !(fit < LOW_FIT && !has_gap && train - chance >= nothing_learnt(guess)) {
        return None;
    }
    let gains: Vec<(f64, u64)> = runs.iter().filter_map(|run| gain(run)).collect();
    let rises = is_majority(gains.len(), runs.len());
    let trend = match rises {
        true => {
            let gained = mean_of(&gains, |gain| gain.0);
            format!("still rising, {} over the last {} epochs", points(gained), gains[0].1)
        }
        false => "not rising any more".to_owned(),
    };
    let name = held_out.name();
    Some(Finding {
        kind: FindingKind::Underfitting,
        severity: Severity::Warning,
        text: format!(
            "underfitting: train accuracy{} is only {} and {name} {} is not much lower; it is \
             {trend}",
            on_clean_labels(runs[0]),
            percent(train),
            percent(held)
        ),
        figures: vec![
            ("train_accuracy", train),
            ("held_out_accuracy", held),
            ("still_rising", f64::from(u8::from(rises))),
        ],
    })
}

/// Train accuracy that the last fifth of a run gained, and its epochs, if more than noise.
fn gain(run: &Curves) -> Option<(f64, u64)> {
    let end = FiniteCurve::of(&run.rows, |row| Some(fitted(row)))?.last_fifths();
    let gained = end.last - end.before;
    let rises = gained >= STILL_RISES && gained >= CHANGE_IN_NOISE * end.noise;
    rises.then_some((gained, end.epochs))
}

/// Finds finished runs whose held-out loss still falls when they end.
pub(super) fn still_improving(runs: &[&Curves]) -> Option<Finding> {
    let runs = finished(runs);
    let held_out = held_out_of(&runs)?;
    let falls: Vec<_> = runs.iter().filter_map(|run| late_fall(run, held_out)).collect();
    if !is_majority(falls.len(), runs.len()) {
        return None;
    }
    let (before, last) = (mean_of(&falls, |fall| fall.0), mean_of(&falls, |fall| fall.1));
    let (epochs, name) = (falls[0].2, held_out.name());
    let some = in_some(falls.len(), &runs);
    Some(Finding {
        kind: FindingKind::StillImproving,
        severity: Severity::Note,
        text: format!(
            "still improving at the end: {name} loss fell from {} to {} over the last {epochs} \
             epochs{some}",
            loss(before),
            loss(last)
        ),
        figures: vec![("held_out_loss_before", before), ("held_out_loss_last", last)],
    })
}

fn late_fall(run: &Curves, held_out: HeldOutSplit) -> Option<(f64, f64, u64)> {
    let curve = FiniteCurve::of(&run.rows, |row| held_out.loss(row))?;
    let from_end = curve.len() - 1 - curve.lowest();
    let is_lowest_at_end = from_end as f64 <= AT_THE_END * curve.len() as f64;
    let end = curve.last_fifths();
    let fell = end.before - end.last;
    let falls = fell >= STILL_FALLS * end.before && fell >= CHANGE_IN_NOISE * end.noise;
    (is_lowest_at_end && falls).then_some((end.before, end.last, end.epochs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::{
        decaying, flat, imbalanced, memorised, run_of, runs_of,
    };
    use crate::runs::samples::set;
    use serde_json::json;

    /// Accuracies with the given final values, rising over `scale` epochs.
    fn fitted_to(train: f64, test: f64, scale: f64) -> Curves {
        run_of(1, 40, |epoch, row| {
            let share = 1.0 - (-(epoch as f64) / scale).exp();
            row.train_accuracy = (0.1 + (train - 0.1) * share) as f32;
            row.test_accuracy = Some((0.1 + (test - 0.1) * share) as f32);
        })
    }

    #[test]
    fn guess_is_nothing_learnt_and_little_is_something() {
        let finding = not_learning(&[&flat(1)]).unwrap();
        assert!(finding.text.contains("10.0 % is that of a guess among 10 classes"));
        assert_eq!(not_learning(&[&fitted_to(0.16, 0.15, 3.0)]), None);
    }

    #[test]
    fn naming_the_most_frequent_class_is_a_guess_and_more_is_not() {
        let at = |loss, accuracy| {
            let run = run_of(1, 10, |_, row| {
                (row.train_loss, row.train_accuracy) = (loss, accuracy);
            });
            not_learning(&[&imbalanced(&[5, 95], run)])
        };
        let text = at(0.199, 0.95).unwrap().text;
        assert_eq!(
            text,
            "nothing is learnt: train accuracy 95.0 % is that of naming the most frequent of 2 classes \
             each time, train loss 0.199 (a guess: 0.199)"
        );
        assert_eq!(at(0.12, 0.95), None); // the loss shows more knowledge than the class shares
        assert_eq!(at(0.19, 0.96), None);
        assert_eq!(not_learning(&[&fitted_to(0.999, 0.99, 3.0)]), None);
    }

    #[test]
    fn less_than_a_guess_is_not_called_a_guess_and_weights_trade_accuracy_for_rare_classes() {
        let rare = || {
            let run = run_of(1, 10, |_, row| (row.train_loss, row.train_accuracy) = (0.9, 0.8));
            imbalanced(&[5, 95], run)
        };
        let text = not_learning(&[&rare()]).unwrap().text;
        let begins = "nothing is learnt: train accuracy 80.0 % is below the 95.0 % of naming the most frequent of 2 ";
        assert!(text.starts_with(begins), "{text}");
        let mut weighted = rare();
        set(&mut weighted.record, "training", "class_weights", json!("balanced"));
        let learnt = |run: &Curves| not_learning(&[run]).is_none();
        weighted.record.evaluated.insert("balanced_accuracy".to_owned(), 0.5);
        assert!(!learnt(&weighted), "one class for all");
        weighted.record.evaluated.insert("balanced_accuracy".to_owned(), 0.9);
        assert!(learnt(&weighted));
        // A guess with weights has a loss of 0.693.
        weighted.record.evaluated.clear();
        weighted.rows.iter_mut().for_each(|row| row.train_loss = 0.3);
        assert!(learnt(&weighted));
        assert_eq!(underfitting(&[&weighted]), None);
    }

    #[test]
    fn noisy_labels_that_are_not_learnt_by_heart_are_no_underfitting() {
        let mut run = fitted_to(0.45, 0.44, 3.0);
        assert!(underfitting(&[&run]).is_some());
        run.rows.iter_mut().for_each(|row| row.train_clean_accuracy = Some(0.98));
        assert_eq!(underfitting(&[&run]), None);
        run.rows.iter_mut().for_each(|row| row.train_clean_accuracy = Some(0.45));
        let text = underfitting(&[&run]).unwrap().text;
        assert!(
            text.starts_with("underfitting: train accuracy on clean labels is only 45.0 %"),
            "{text}"
        );
    }

    #[test]
    fn low_train_accuracy_without_a_gap_is_underfitting() {
        let mut done = fitted_to(0.45, 0.44, 3.0);
        set(&mut done.record, "network", "dropout", json!(0.5));
        let finding = underfitting(&[&done]).unwrap();
        assert!(finding.text.ends_with("it is not rising any more"), "{}", finding.text);
        let rising = underfitting(&[&fitted_to(0.6, 0.59, 30.0)]).unwrap();
        assert!(rising.text.contains("still rising, "), "{}", rising.text);
    }

    #[test]
    fn high_train_accuracy_a_gap_and_a_guess_are_no_underfitting() {
        for run in [fitted_to(0.9, 0.89, 3.0), fitted_to(0.45, 0.35, 3.0), flat(1)] {
            assert_eq!(underfitting(&[&run]), None);
        }
    }

    #[test]
    fn loss_that_falls_to_the_end_is_still_improving() {
        let falling = run_of(1, 40, |epoch, row| row.test_loss = Some(2.0 - 0.02 * epoch as f32));
        let finding = still_improving(&[&falling]).unwrap();
        assert!(finding.text.contains("over the last 8 epochs"), "{}", finding.text);
        for run in [decaying(1), memorised(1), flat(1)] {
            assert_eq!(still_improving(&[&run]), None);
        }
        let runs = runs_of(2, decaying);
        assert_eq!(still_improving(&runs.iter().collect::<Vec<_>>()), None);
    }
}
