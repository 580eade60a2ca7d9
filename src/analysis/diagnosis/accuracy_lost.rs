//! Accuracy lost from the best epoch to the last, with and without the bias of picking the best of
//! many noisy epochs.

use crate::analysis::diagnosis::curve::{FiniteCurve, held_out_of};
use crate::analysis::diagnosis::finding::{Finding, Severity};
use crate::analysis::diagnosis::finished;
use crate::analysis::diagnosis::list::FindingKind;
use crate::analysis::diagnosis::words::{epoch_over_runs, mean_of, percent, points};
use crate::runs::held_out::HeldOutSplit;
use crate::runs::metrics::best_row;
use crate::runs::read::Curves;

/// Half a point is a difference worth noticing in comparison tables.
const LEAST_LOSS: f64 = 0.005;
/// The loss along the smoothed curve must be this many standard deviations of the curve's noise:
/// the highest of several smoothed values is itself above the trend by about one.
const LOSS_IN_NOISE: f64 = 2.0;

struct Lost {
    epoch: u64,
    best: f64,     // test accuracy of the best epoch
    last: f64,     // and of the last one
    smoothed: f64, // what was lost along the smoothed curve
    noise: f64,
}

/// Finds finished runs whose best epoch was better than their last.
pub(super) fn accuracy_lost(runs: &[&Curves]) -> Option<Finding> {
    let runs = finished(runs);
    let held_out = held_out_of(&runs)?;
    let lost: Option<Vec<Lost>> = runs.iter().map(|run| lost(run)).collect();
    let lost = lost.filter(|lost| !lost.is_empty())?;
    let (best, last) = (mean_of(&lost, |l| l.best), mean_of(&lost, |l| l.last));
    let smoothed = mean_of(&lost, |l| l.smoothed);
    let noise = mean_of(&lost, |l| l.noise) / (lost.len() as f64).sqrt();
    if best - last < LEAST_LOSS || smoothed < LEAST_LOSS || smoothed < LOSS_IN_NOISE * noise {
        return None;
    }
    let epochs: Vec<u64> = lost.iter().map(|l| l.epoch).collect();
    let chosen = match held_out {
        HeldOutSplit::Validation => "the best by validation",
        HeldOutSplit::Test => "the best on test (flattered by the choice)",
    };
    let text = format!(
        "{} of test accuracy lost since {}, {chosen}: {} then, {} at the end; {} without the luck of \
         single epochs",
        points(best - last),
        epoch_over_runs(&epochs, &runs),
        percent(best),
        percent(last),
        points(smoothed)
    );
    let figures = vec![
        ("best_test_accuracy", best),
        ("last_test_accuracy", last),
        ("lost", best - last),
        ("lost_smoothed", smoothed),
    ];
    Some(Finding { kind: FindingKind::AccuracyLost, severity: Severity::Warning, text, figures })
}

fn lost(run: &Curves) -> Option<Lost> {
    let curve = FiniteCurve::of(&run.rows, |row| row.test_accuracy)?;
    let best = best_row(&run.rows)?;
    let highest = curve.smooth.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (at_best, last) = (f64::from(best.test_accuracy?), run.rows.last()?.test_accuracy?.into());
    Some(Lost {
        epoch: best.epoch,
        best: at_best,
        last,
        // A last epoch above the end's mean is not a loss either.
        smoothed: (highest - curve.end()).min(at_best - last),
        noise: curve.noise,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::{decaying, memorised, run_of, runs_of, wobble};

    fn found(runs: &[Curves]) -> Option<Finding> {
        accuracy_lost(&runs.iter().collect::<Vec<_>>())
    }

    #[test]
    fn loss_is_said_with_both_accuracies() {
        let finding = found(&runs_of(3, memorised)).unwrap();
        assert!(finding.text.contains("the best on test"), "{}", finding.text);
        let [best, last, lost, smoothed] = [0, 1, 2, 3].map(|i| finding.figures[i].1);
        assert!((best - last - lost).abs() < 1e-9);
        assert!(smoothed < lost && smoothed > 0.02, "{finding:?}");
    }

    #[test]
    fn best_of_noisy_epochs_is_no_loss() {
        assert_eq!(found(&runs_of(3, decaying)), None);
        let noisy = |seed| {
            run_of(seed, 40, |epoch, row| {
                row.test_accuracy = Some((0.5 + 0.02 * wobble(epoch + 50 * seed)) as f32);
            })
        };
        assert_eq!(found(&runs_of(3, noisy)), None);
    }
}
