//! What the curves of a config show, as far as remedies ask.

use crate::analysis::advice::NoAdvice;
use crate::analysis::diagnosis::{Finding, FindingKind, FiniteCurve, Guess, Severity, held_out_of};
use crate::remedies::{LearningRateFault, Situation};
use crate::runs::read::Curves;
use crate::runs::record::RunState;

/// The situation of a config with these runs and findings, or why it is not known.
pub(super) fn situation(runs: &[&Curves], findings: &[Finding]) -> Result<Situation, NoAdvice> {
    let ended = |run: &&&Curves| run.record.state == RunState::Finished;
    let finished: Vec<&Curves> = runs.iter().filter(ended).copied().collect();
    let has = |kind| findings.iter().any(|finding| finding.kind == kind);
    let is_problem =
        |kind| findings.iter().any(|f| f.kind == kind && f.severity == Severity::Problem);
    let rate = match () {
        () if has(FindingKind::Diverged) || has(FindingKind::LearningRateTooHigh) => {
            LearningRateFault::TooHigh
        }
        () if has(FindingKind::LearningRateTooLow) => LearningRateFault::TooLow,
        () => LearningRateFault::None,
    };
    if has(FindingKind::TooShort) && rate == LearningRateFault::None {
        return Err(NoAdvice::TooShort);
    }
    let first = runs.first().ok_or(NoAdvice::Unfinished)?;
    let guess_accuracy = Guess::of(first, |counts| &counts.train).accuracy;
    let of_a_guess = Situation {
        train_accuracy: guess_accuracy,
        held_out_accuracy: guess_accuracy,
        guess_accuracy,
        late_gain: 0.0,
        fall: 0.0,
        rate,
        has_dead_units: is_problem(FindingKind::DeadUnits),
        has_vanishing_gradients: has(FindingKind::VanishingGradients),
    };
    if finished.is_empty() {
        let has_diverged = runs.iter().any(|run| run.record.state == RunState::Diverged);
        return has_diverged.then_some(of_a_guess).ok_or(NoAdvice::Unfinished);
    }
    of_finished(&finished, of_a_guess).ok_or(NoAdvice::NotEvaluated)
}

/// The situation of finished runs. None where not all of them were evaluated.
fn of_finished(finished: &[&Curves], of_a_guess: Situation) -> Option<Situation> {
    let split = held_out_of(finished)?;
    let mean = |figure: &dyn Fn(&Curves) -> Option<f64>| -> Option<f64> {
        let values: Option<Vec<f64>> = finished.iter().map(|run| figure(run)).collect();
        let values = values?;
        Some(values.iter().sum::<f64>() / values.len() as f64)
    };
    let last = |run: &Curves| run.rows.last().copied();
    let curve = |run: &Curves| FiniteCurve::of(&run.rows, |row| split.accuracy(row));
    Some(Situation {
        train_accuracy: mean(&|run| Some(last(run)?.train_accuracy.into()))?,
        held_out_accuracy: mean(&|run| split.accuracy(&last(run)?).map(f64::from))?,
        late_gain: mean(&|run| curve(run).map(|curve| late_gain(&curve))).unwrap_or(0.0),
        fall: mean(&|run| curve(run).map(|curve| fall(&curve))).unwrap_or(0.0),
        ..of_a_guess
    })
}

/// Mean of the last fifth minus that of the fifth before it; 0 where that is less than its noise.
fn late_gain(curve: &FiniteCurve) -> f64 {
    let end = curve.last_fifths();
    let gain = end.last - end.before;
    if gain > end.noise { gain } else { 0.0 }
}

/// The highest smoothed value minus the end; no more than single epochs fell, so that a curve that rises to its end
/// has not fallen below the mean of its last ones.
fn fall(curve: &FiniteCurve) -> f64 {
    let highest = |values: &[f64]| values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let last = curve.values.last().copied().unwrap_or(f64::NAN);
    (highest(&curve.smooth) - curve.end()).min(highest(&curve.values) - last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::run_of;

    #[test]
    fn a_curve_that_rises_to_its_end_does_not_fall() {
        let fall_of = |accuracy: fn(u64) -> f32| {
            let run = run_of(1, 9, |epoch, row| row.test_accuracy = Some(accuracy(epoch)));
            fall(&FiniteCurve::of(&run.rows, |row| row.test_accuracy).unwrap())
        };
        assert_eq!(fall_of(|epoch| 0.05 * epoch as f32), 0.0);
        let fallen = fall_of(|epoch| if epoch < 6 { 0.8 } else { 0.5 });
        assert!((fallen - 0.3).abs() < 1e-6, "{fallen}");
    }
}
