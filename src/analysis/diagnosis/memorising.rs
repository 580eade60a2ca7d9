//! Memorising: the held-out loss turns for good while the train loss goes on falling. And a gap
//! without such a turn.

use crate::analysis::diagnosis::curve::{FiniteCurve, held_out_of};
use crate::analysis::diagnosis::finding::{Finding, Severity};
use crate::analysis::diagnosis::list::FindingKind;
use crate::analysis::diagnosis::words::{epoch_over_runs, loss, mean_of, median, percent, points};
use crate::analysis::diagnosis::{finished, is_majority};
use crate::runs::held_out::HeldOutSplit;
use crate::runs::metrics::MetricsRow;
use crate::runs::read::Curves;

/// Smallest rise that counts, as a share of the lowest loss: smaller ones are a plateau.
const LEAST_RISE: f64 = 0.02;
/// The same in standard deviations of the curve's noise.
const RISE_IN_NOISE: f64 = 3.0;
/// The train loss must fall by this share after the turn: if it rises too, there is another cause.
const LEAST_FALL: f64 = 0.02;
/// Fewest evaluated epochs after the turn: fewer cannot show a lasting rise.
const FEWEST_AFTER: usize = 3;
/// In the second half after the turn the loss may not come back below this share of its rise.
const STAYS_ABOVE: f64 = 0.25;
/// Smallest gap that is reported. Ten points are more than the noise of two accuracies.
const WIDE_GAP: f64 = 0.10;

/// The point where the held-out loss of a run turned for good.
#[derive(Debug, Clone, PartialEq)]
struct LossTurn {
    epoch: u64,
    held: [f64; 2],  // its lowest value and its end
    train: [f64; 2], // the train loss then and at the end
}

/// Finds runs that memorise.
pub(super) fn memorising(runs: &[&Curves]) -> Option<Finding> {
    let held_out = held_out_of(runs)?;
    let turns: Vec<LossTurn> = runs.iter().filter_map(|run| turn(&run.rows, held_out)).collect();
    if !is_majority(turns.len(), runs.len()) {
        return None;
    }
    let epochs: Vec<u64> = turns.iter().map(|turn| turn.epoch).collect();
    let mean = |figure: fn(&LossTurn) -> f64| mean_of(&turns, figure);
    let (lowest, end) = (mean(|turn| turn.held[0]), mean(|turn| turn.held[1]));
    let (then, train_end) = (mean(|turn| turn.train[0]), mean(|turn| turn.train[1]));
    let text = format!(
        "memorising since {}: {} loss rose from {} to {} while train loss fell from {} to {}",
        epoch_over_runs(&epochs, runs),
        held_out.name(),
        loss(lowest),
        loss(end),
        loss(then),
        loss(train_end)
    );
    let figures = vec![
        ("epoch_median", median(&epochs) as f64),
        ("epoch_min", epochs.iter().min().copied().unwrap_or(0) as f64),
        ("epoch_max", epochs.iter().max().copied().unwrap_or(0) as f64),
        ("held_out_loss_lowest", lowest),
        ("held_out_loss_end", end),
        ("train_loss_then", then),
        ("train_loss_end", train_end),
        ("runs", turns.len() as f64),
        ("of_runs", runs.len() as f64),
    ];
    Some(Finding { kind: FindingKind::Memorising, severity: Severity::Warning, text, figures })
}

/// The epoch from which on runs memorise: the median over those whose loss on the split turned for good; none unless
/// most of them did.
pub fn memorising_since(curves: &[Vec<MetricsRow>], held_out: HeldOutSplit) -> Option<u64> {
    let turns = curves.iter().filter_map(|rows| Some(turn(rows, held_out)?.epoch));
    let epochs: Vec<u64> = turns.collect();
    is_majority(epochs.len(), curves.len()).then(|| median(&epochs))
}

fn turn(rows: &[MetricsRow], held_out: HeldOutSplit) -> Option<LossTurn> {
    let held = FiniteCurve::of(rows, |row| held_out.loss(row))?;
    let train = FiniteCurve::train_loss(rows)?;
    let at = held.lowest();
    let after = held.len() - 1 - at;
    if after < FEWEST_AFTER || train.len() != held.len() {
        return None;
    }
    let (lowest, end) = (held.smooth[at], held.end());
    let rise = end - lowest;
    let is_large = rise >= LEAST_RISE * lowest && rise >= RISE_IN_NOISE * held.noise;
    let second_half = &held.smooth[at + after.div_ceil(2)..];
    let lasts = second_half.iter().all(|value| value - lowest >= STAYS_ABOVE * rise);
    let fell = train.end() <= (1.0 - LEAST_FALL) * train.smooth[at];
    (is_large && lasts && fell).then(|| LossTurn {
        epoch: held.epochs[at],
        held: [lowest, end],
        train: [train.smooth[at], train.end()],
    })
}

/// Finds a wide gap at the end, where the held-out loss has not turned.
pub(super) fn gap(runs: &[&Curves]) -> Option<Finding> {
    let runs = finished(runs);
    let held_out = held_out_of(&runs)?;
    let ends: Option<Vec<[f64; 2]>> = runs
        .iter()
        .map(|run| {
            let last = run.rows.last()?;
            Some([last.train_accuracy.into(), held_out.accuracy(last)?.into()])
        })
        .collect();
    let ends = ends?;
    let (train, held) = (mean_of(&ends, |end| end[0]), mean_of(&ends, |end| end[1]));
    let gap = train - held;
    let name = held_out.name();
    (gap >= WIDE_GAP).then(|| Finding {
        kind: FindingKind::Gap,
        severity: Severity::Warning,
        text: format!(
            "a gap of {}: train {}, {name} {}, though {name} loss has not turned for good",
            points(gap),
            percent(train),
            percent(held)
        ),
        figures: vec![("train_accuracy", train), ("held_out_accuracy", held), ("gap", gap)],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::{decaying, memorised, run_of, runs_of, wobble};

    fn found(runs: &[Curves]) -> Option<Finding> {
        memorising(&runs.iter().collect::<Vec<_>>())
    }

    /// Train loss falls; test loss is `test`.
    fn with_test_loss(test: impl Fn(f64) -> f64) -> [Curves; 1] {
        [run_of(1, 40, |epoch, row| {
            row.train_loss = (2.3 * (-(epoch as f64) / 8.0).exp()) as f32;
            row.test_loss = Some(test(epoch as f64) as f32);
        })]
    }

    #[test]
    fn turn_is_dated_within_two_epochs_over_seeds() {
        let finding = found(&runs_of(3, memorised)).unwrap();
        let epoch = finding.figures[0].1;
        assert!((6.0..=10.0).contains(&epoch), "{finding:?}");
        assert!(finding.text.contains("over 3 seeds"), "{}", finding.text);
    }

    #[test]
    fn healthy_curves_and_plateaus_are_no_memorising() {
        assert_eq!(found(&runs_of(3, decaying)), None);
        let plateau = |t: f64| 1.2 + (-t / 3.0).exp() + 0.01 * wobble(t as u64);
        assert_eq!(found(&with_test_loss(plateau)), None);
    }

    #[test]
    fn rise_that_noise_explains_is_none() {
        assert_eq!(found(&with_test_loss(|t| 1.2 + 0.002 * t + 0.3 * wobble(t as u64))), None);
    }

    #[test]
    fn hump_that_comes_down_again_is_none() {
        let hump = |t: f64| 1.2 + (-t / 2.0).exp() + 0.3 * (-(t - 20.0).powi(2) / 20.0).exp();
        assert_eq!(found(&with_test_loss(hump)), None);
    }

    #[test]
    fn train_loss_that_rises_too_is_another_trouble() {
        let rising = [run_of(1, 40, |epoch, row| {
            let loss = 1.0 + 0.02 * (epoch as f32 - 8.0).abs();
            (row.train_loss, row.test_loss) = (loss, Some(loss));
        })];
        assert_eq!(found(&rising), None);
    }

    #[test]
    fn one_seed_of_three_is_luck() {
        let mut runs = runs_of(3, decaying);
        runs[0] = memorised(1);
        assert_eq!(found(&runs), None);
        runs[1] = memorised(2);
        assert!(found(&runs).unwrap().text.contains("in 2 of 3 seeds"));
    }

    #[test]
    fn validation_loss_is_asked_where_there_is_one() {
        let mut runs = runs_of(1, memorised);
        for row in &mut runs[0].rows {
            (row.val_loss, row.val_accuracy) = (row.test_loss, row.test_accuracy);
            (row.test_loss, row.test_accuracy) = (None, None); // sealed
        }
        assert!(found(&runs).unwrap().text.contains("validation loss rose"));
    }

    #[test]
    fn gap_without_a_turn_has_a_word_of_its_own() {
        let wide = run_of(1, 20, |_, row| {
            (row.train_accuracy, row.test_accuracy) = (0.9, Some(0.75));
        });
        let text = gap(&[&wide]).unwrap().text;
        assert!(text.starts_with("a gap of 15.0 points: train 90.0 %, test 75.0 %"), "{text}");
        let narrow = run_of(1, 20, |_, row| row.test_accuracy = Some(0.41));
        assert_eq!(gap(&[&narrow]), None);
    }
}
