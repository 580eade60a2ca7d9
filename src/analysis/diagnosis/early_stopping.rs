//! What early stopping would have saved, by simulating it over the evaluated epochs.

use crate::analysis::diagnosis::curve::held_out_of;
use crate::analysis::diagnosis::finding::{Finding, Severity};
use crate::analysis::diagnosis::list::FindingKind;
use crate::analysis::diagnosis::words::{epoch_over_runs, mean_of, median, percent};
use crate::analysis::diagnosis::{finished, is_majority};
use crate::runs::held_out::HeldOutSplit;
use crate::runs::metrics::MetricsRow;
use crate::runs::read::Curves;

/// Evaluations without a new lowest held-out loss after which it stops. Published recipes use 3 to
/// 10 epochs.
const PATIENCE: usize = 5;
/// Saving less of the run than this is not worth a setting.
const LEAST_SAVED: f64 = 0.1;

/// The most accuracy that stopping may cost without being too early. The lowest loss often comes before the highest
/// accuracy, and on an initial plateau it comes far too early.
const MOST_COST: f64 = 0.01;

struct Stop<'a> {
    epoch: u64,
    kept: &'a MetricsRow, // whose weights it would keep
    last: &'a MetricsRow,
}

/// Finds finished runs that early stopping would have shortened.
pub(super) fn early_stopping(runs: &[&Curves]) -> Option<Finding> {
    let runs = finished(runs);
    if runs
        .iter()
        .any(|run| run.record.trial.pointer("/training/early_stopping/patience").is_some())
    {
        return None; // it is in use
    }
    let held_out = held_out_of(&runs)?;
    let stops: Vec<Stop> = runs.iter().filter_map(|run| stop(run, held_out)).collect();
    if !is_majority(stops.len(), runs.len()) {
        return None;
    }
    let epochs: Vec<u64> = stops.iter().map(|stop| stop.epoch).collect();
    let total = mean_of(&stops, |stop| stop.last.epoch as f64);
    let saved = mean_of(&stops, |stop| (stop.last.epoch - stop.epoch) as f64);
    let name = held_out.name();
    let mut text = format!(
        "early stopping on {name} loss, patience {PATIENCE} evaluations, would have ended at {} and \
         saved {saved:.0} of {total:.0} epochs",
        epoch_over_runs(&epochs, &runs)
    );
    let mut figures = vec![
        ("epoch_median", median(&epochs) as f64),
        ("saved_epochs", saved),
        ("patience_evaluations", PATIENCE as f64),
    ];
    if let Some((measure, kept, last)) = accuracies(&stops) {
        let too_early = if last - kept > MOST_COST { ": too early" } else { "" };
        let (kept_text, last_text) = (percent(kept), percent(last));
        text +=
            &format!("; its weights have {measure} {kept_text}, the last {last_text}{too_early}");
        figures.extend([("kept_accuracy", kept), ("last_accuracy", last)]);
    }
    Some(Finding { kind: FindingKind::EarlyStopping, severity: Severity::Note, text, figures })
}

/// Where it would have stopped; `None` if that saves too little.
fn stop(run: &Curves, held_out: HeldOutSplit) -> Option<Stop<'_>> {
    let last = run.rows.last()?;
    let mut kept: Option<(usize, &MetricsRow)> = None;
    let trained = run.rows.iter().filter(|row| row.step > 0); // as early stopping counts
    for (index, row) in trained.enumerate() {
        let value = held_out.loss(row)?;
        match kept {
            Some((_, best)) if value >= held_out.loss(best)? || value.is_nan() => (),
            _ => kept = Some((index, row)),
        }
        let (best, best_row) = kept?;
        if index - best >= PATIENCE {
            let saved = last.epoch.saturating_sub(row.epoch);
            let is_worth_it = saved as f64 >= LEAST_SAVED * last.epoch as f64;
            return (is_worth_it && saved > 0).then_some(Stop {
                epoch: row.epoch,
                kept: best_row,
                last,
            });
        }
    }
    None
}

/// Mean test accuracy of the kept and of the last weights, or validation accuracy if the test set
/// is sealed.
fn accuracies(stops: &[Stop]) -> Option<(&'static str, f64, f64)> {
    let mean = |figure: &dyn Fn(&Stop) -> Option<f32>| {
        let values: Option<Vec<f32>> = stops.iter().map(figure).collect();
        Some(mean_of(&values?, |value| f64::from(*value)))
    };
    let of = |split: HeldOutSplit| {
        let kept = mean(&|stop| split.accuracy(stop.kept))?;
        Some((split.name(), kept, mean(&|stop| split.accuracy(stop.last))?))
    };
    of(HeldOutSplit::Test).or_else(|| of(HeldOutSplit::Validation))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::{decaying, memorised, run_of, runs_of};

    #[test]
    fn stop_is_patience_after_the_lowest_loss() {
        let turning = run_of(1, 40, |epoch, row| {
            row.test_loss = Some(1.0 + 0.01 * (epoch as f32 - 10.0).abs());
        });
        let finding = early_stopping(&[&turning]).unwrap();
        assert!(
            finding.text.contains("ended at epoch 15 and saved 25 of 40 epochs"),
            "{finding:?}"
        );
    }

    #[test]
    fn it_tells_what_accuracy_stopping_would_have_kept() {
        let runs = runs_of(3, memorised);
        let finding = early_stopping(&runs.iter().collect::<Vec<_>>()).unwrap();
        assert!(finding.text.contains("; its weights have test 5"), "{}", finding.text);
    }

    #[test]
    fn plateau_before_training_gets_under_way_is_too_early_to_stop() {
        let late_start = run_of(1, 40, |epoch, row| {
            row.test_loss = Some(if epoch < 10 { 2.30 + 0.001 * epoch as f32 } else { 1.5 });
            row.test_accuracy = Some(if epoch < 10 { 0.1 } else { 0.5 });
        });
        let finding = early_stopping(&[&late_start]).unwrap();
        assert!(finding.text.ends_with("the last 50.0 %: too early"), "{}", finding.text);
    }

    #[test]
    fn runs_that_improve_to_the_end_have_nothing_to_save() {
        let improving = run_of(1, 40, |epoch, row| row.test_loss = Some(2.0 - 0.02 * epoch as f32));
        assert_eq!(early_stopping(&[&improving]), None);
        let late = run_of(1, 40, |epoch, row| {
            row.test_loss = Some(1.0 + 0.01 * (epoch as f32 - 33.0).abs()); // stops at 38 of 40
        });
        assert_eq!(early_stopping(&[&late]), None);
    }

    #[test]
    fn the_weights_before_training_are_never_kept() {
        let worse = run_of(1, 40, |epoch, row| {
            row.test_loss = Some(if epoch == 0 { 0.5 } else { 1.0 + 0.01 * epoch as f32 });
        });
        let finding = early_stopping(&[&worse]).unwrap();
        assert!(finding.text.contains("ended at epoch 6 and saved 34 of 40"), "{finding:?}");
    }

    #[test]
    fn nothing_is_said_of_runs_that_are_not_finished() {
        let mut run = decaying(1);
        run.record.state = crate::runs::record::RunState::Interrupted;
        assert_eq!(early_stopping(&[&run]), None);
    }
}
