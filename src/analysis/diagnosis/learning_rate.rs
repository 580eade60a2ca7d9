//! A learning rate too high (the loss grows, or goes up and down) or too low (it falls slowly and
//! in a straight line).

use crate::analysis::diagnosis::curve::{FiniteCurve, mean};
use crate::analysis::diagnosis::finding::{Finding, Severity};
use crate::analysis::diagnosis::is_majority;
use crate::analysis::diagnosis::list::FindingKind;
use crate::analysis::diagnosis::words::{in_some, loss, mean_of};
use crate::runs::read::Curves;

/// An epoch's mean loss of this many times the initial one is not chance. Dropout, which is on in
/// the former and off in the latter, alone makes it 1.3 times in the first epoch.
const GROWTH: f64 = 1.5;
/// Ratio of noise to mean of the train loss at which it counts as going up and down. Dropout and
/// batch norm cause one or two percent.
const LEAST_WOBBLE: f64 = 0.10;
/// Below this share of a guess's loss, noise is harmless: the examples are learnt.
const STILL_HIGH: f64 = 0.2;
/// Share of rises among the steps from epoch to epoch; pure noise has a half.
const LEAST_RISES: f64 = 0.3;
/// A network that only guesses has a loss slightly above a guess's because its steps move it
/// around: half a percent takes large steps.
const THROWN_ABOUT: f64 = 1.005;
/// A loss that falls in at least this share of the steps falls steadily.
const STEADY: f64 = 0.9;
/// Above this share of the guess's loss little was learnt.
const LITTLE_LEARNT: f64 = 0.6;
/// A straight line falls as much in its second half as in its first; a healthy curve falls far
/// less, and a curve after a plateau far more.
const STRAIGHT: std::ops::RangeInclusive<f64> = 0.6..=1.67;
/// The fall must exceed the noise.
const FALL_IN_NOISE: f64 = 3.0;

/// The symptoms of an unsteady loss.
enum Lively {
    Grew { from: f64, to: f64 },
    Wobbles { share: f64, around: f64 },
    ThrownAbout { around: f64, guess: f64 },
}

/// Finds runs whose loss grows or goes up and down.
pub(super) fn too_high(runs: &[&Curves]) -> Option<Finding> {
    let lively: Vec<Lively> = runs.iter().filter_map(|run| lively(run)).collect();
    if !is_majority(lively.len(), runs.len()) {
        return None;
    }
    let (what, figures) = match lively.first()? {
        Lively::Grew { from, to } => (
            format!("an epoch's loss grew to {} from {} at the start", loss(*to), loss(*from)),
            vec![("initial_loss", *from), ("highest_batch_loss", *to)],
        ),
        Lively::Wobbles { share, around } => (
            format!(
                "train loss goes up and down by {:.0} % around {}",
                100.0 * share,
                loss(*around)
            ),
            vec![("wobble", *share), ("train_loss", *around)],
        ),
        Lively::ThrownAbout { around, guess } => (
            format!(
                "train loss stays around {}, above the {} of a guess",
                loss(*around),
                loss(*guess)
            ),
            vec![("train_loss", *around), ("guess_loss", *guess)],
        ),
    };
    let some = in_some(lively.len(), runs);
    Some(Finding {
        kind: FindingKind::LearningRateTooHigh,
        severity: Severity::Warning,
        text: format!("the learning rate looks too high: {what}{some}"),
        figures,
    })
}

fn lively(run: &Curves) -> Option<Lively> {
    let first = run.rows.first()?;
    let guess = run.guess().loss;
    let from = f64::from(first.train_loss).max(guess);
    // Not the evaluated loss, because batch norm's running statistics lag in the first epochs.
    let batch_losses = run.rows.iter().filter_map(|row| row.batch_loss).map(f64::from);
    let to = batch_losses.fold(0.0, f64::max);
    if first.step == 0 && to > GROWTH * from {
        return Some(Lively::Grew { from, to });
    }
    let curve = FiniteCurve::train_loss(&run.rows)?;
    let half = &curve.values[curve.len() / 2..];
    let around = mean(half);
    let share = curve.noise / around;
    let rises = 1.0 - falling_share(half);
    if share >= LEAST_WOBBLE && rises >= LEAST_RISES && around > STILL_HIGH * guess {
        return Some(Lively::Wobbles { share, around });
    }
    let is_thrown = around > THROWN_ABOUT * guess && rises >= LEAST_RISES;
    is_thrown.then_some(Lively::ThrownAbout { around, guess })
}

/// Finds runs whose loss falls steadily and far too slowly.
pub(super) fn too_low(runs: &[&Curves]) -> Option<Finding> {
    let falls: Vec<[f64; 3]> = runs.iter().filter_map(|run| slow_fall(run)).collect();
    if !is_majority(falls.len(), runs.len()) {
        return None;
    }
    let [start, middle, end] = [0, 1, 2].map(|i| mean_of(&falls, |fall| fall[i]));
    let some = in_some(falls.len(), runs);
    Some(Finding {
        kind: FindingKind::LearningRateTooLow,
        severity: Severity::Warning,
        text: format!(
            "the learning rate looks too low: train loss falls steadily and slowly, {} at the first \
             epoch, {} in the middle, {} at the end{some}",
            loss(start),
            loss(middle),
            loss(end)
        ),
        figures: vec![
            ("train_loss_first", start),
            ("train_loss_middle", middle),
            ("train_loss_end", end),
        ],
    })
}

/// Train loss at the first epoch, in the middle and at the end, if it falls in a straight line or
/// stays above that of a guess.
fn slow_fall(run: &Curves) -> Option<[f64; 3]> {
    let curve = FiniteCurve::train_loss(&run.rows)?;
    let guess = run.guess().loss;
    let [start, middle, end] = [0, curve.len() / 2, curve.len() - 1].map(|i| curve.smooth[i]);
    let falls = falling_share(&curve.values) >= STEADY && start - end > FALL_IN_NOISE * curve.noise;
    let is_straight = STRAIGHT.contains(&((middle - end) / (start - middle)));
    let is_far_from_done = end > guess || (is_straight && end > LITTLE_LEARNT * guess);
    (falls && is_far_from_done).then_some([start, middle, end])
}

/// Share of the steps from value to value that go down.
fn falling_share(values: &[f64]) -> f64 {
    let falls = values.windows(2).filter(|pair| pair[1] < pair[0]).count();
    falls as f64 / (values.len().max(2) - 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::{decaying, flat, memorised, run_of, runs_of, wobble};

    fn with_loss(loss: impl Fn(f64) -> f64) -> Curves {
        run_of(1, 30, |epoch, row| {
            row.train_loss = loss(epoch as f64) as f32;
            row.batch_loss = (epoch > 0).then_some(row.train_loss);
        })
    }

    #[test]
    fn growing_loss_and_loss_that_goes_up_and_down_are_too_high() {
        let text = |run: &Curves| too_high(&[run]).unwrap().text;
        let grown = with_loss(|t| 2.3 + if t == 2.0 { 9.0 } else { 0.0 });
        assert!(text(&grown).contains("grew to 11.30 from 2.30"), "{}", text(&grown));
        let wobbling = with_loss(|t| 1.2 + 0.4 * wobble(t as u64));
        assert!(text(&wobbling).contains("up and down"), "{}", text(&wobbling));
        let thrown = with_loss(|t| 2.33 + 0.02 * wobble(t as u64));
        assert!(text(&thrown).contains("above the 2.30 of a guess"), "{}", text(&thrown));
    }

    #[test]
    fn healthy_memorising_and_idle_runs_are_not_too_high() {
        for run in [decaying(1), memorised(1), flat(1)] {
            assert_eq!(too_high(&[&run]), None);
        }
        // Noise from Dropout, and a learnt train split whose small loss jumps.
        assert_eq!(too_high(&[&with_loss(|t| 1.2 + 0.03 * wobble(t as u64))]), None);
        assert_eq!(too_high(&[&with_loss(|t| 0.05 + 0.03 * wobble(t as u64))]), None);
        // Dropout's training-mode loss compared with the initial evaluation-mode loss.
        let dropped = run_of(1, 30, |epoch, row| {
            row.train_loss = 2.45 - 0.03 * epoch as f32;
            row.batch_loss = (epoch > 0).then_some(3.13 - 0.05 * epoch as f32);
        });
        assert_eq!(too_high(&[&dropped]), None);
        // An unlucky start is not growth.
        assert_eq!(too_high(&[&with_loss(|t| 1.0 + 8.0 * (-t).exp())]), None);
    }

    #[test]
    fn straight_slow_falls_are_too_low() {
        let line = with_loss(|t| 2.3 - 0.01 * t + 0.0005 * wobble(t as u64));
        let finding = too_low(&[&line]).unwrap();
        assert!(finding.text.contains("2.29 at the first epoch"), "{}", finding.text);
        // Not yet down to a guess's loss: a start worse than a guess that improves slowly.
        assert!(too_low(&[&with_loss(|t| 2.33 + 0.15 * (-t / 10.0).exp())]).is_some());
    }

    #[test]
    fn curved_finished_and_noisy_falls_are_not_too_low() {
        for run in [decaying(1), memorised(1), flat(1)] {
            assert_eq!(too_low(&[&run]), None);
        }
        assert_eq!(too_low(&[&with_loss(|t| 2.3 - 0.06 * t)]), None); // straight and far
        assert_eq!(too_low(&[&with_loss(|t| 1.5 + 0.8 * (-t / 6.0).exp())]), None);
        assert_eq!(too_low(&[&with_loss(|t| 2.3 - 0.01 * t + 0.1 * wobble(t as u64))]), None);
        // A plateau that ends means a slow start, not a low learning rate.
        assert_eq!(too_low(&[&with_loss(|t| 2.3 - 0.0008 * t * t)]), None);
    }

    #[test]
    fn one_seed_of_three_is_no_property_of_the_config() {
        let mut runs = runs_of(3, decaying);
        runs[0] = with_loss(|t| 1.2 + 0.4 * wobble(t as u64));
        assert_eq!(too_high(&runs.iter().collect::<Vec<_>>()), None);
    }
}
