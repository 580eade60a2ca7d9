//! One figure of a run over its evaluated epochs, smoothed, with an estimate of its noise.

use crate::analysis::diagnosis::finding::{Finding, Severity};
use crate::analysis::diagnosis::guess::Guess;
use crate::analysis::diagnosis::is_majority;
use crate::analysis::diagnosis::list::FindingKind;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::metrics::MetricsRow;
use crate::runs::read::Curves;

/// Fewest evaluated epochs to judge a curve: a fifth of fewer is a single point.
const FEWEST_EVALUATIONS: usize = 8;
/// How many values at a curve's end are averaged to its final value.
const TAIL: usize = 3;
/// Ratio of a normal distribution's standard deviation to its median absolute value.
const STD_OF_MEDIAN: f64 = 1.4826;

/// Finite values in the order of their epochs, without epoch 0.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FiniteCurve {
    pub(crate) epochs: Vec<u64>,
    pub(crate) values: Vec<f64>,
    /// Mean of the values around each; narrower at the ends, so that it is not biased.
    pub(crate) smooth: Vec<f64>,
    /// Standard deviation of the values around the trend.
    pub(crate) noise: f64,
}

impl FiniteCurve {
    /// The figure of `rows` up to the first that is not finite; `None` if a row lacks it or too few
    /// are left to judge.
    pub(crate) fn of(
        rows: &[MetricsRow],
        figure: impl Fn(&MetricsRow) -> Option<f32>,
    ) -> Option<FiniteCurve> {
        let (mut epochs, mut values) = (Vec::new(), Vec::new());
        for row in rows.iter().filter(|row| row.step > 0) {
            let value = figure(row)?;
            if !value.is_finite() {
                break;
            }
            epochs.push(row.epoch);
            values.push(f64::from(value));
        }
        let (smooth, noise) = (smoothed(&values), noise(&values));
        (values.len() >= FEWEST_EVALUATIONS).then_some(FiniteCurve {
            epochs,
            values,
            smooth,
            noise,
        })
    }

    /// The loss on the train split.
    pub(super) fn train_loss(rows: &[MetricsRow]) -> Option<FiniteCurve> {
        FiniteCurve::of(rows, |row| Some(row.train_loss))
    }

    /// How many values there are, at least [`FEWEST_EVALUATIONS`].
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Where the curve ended: the mean of its last values.
    pub(crate) fn end(&self) -> f64 {
        mean(&self.values[self.len() - TAIL..])
    }

    /// Index of the lowest smoothed value, the first of equals.
    pub(super) fn lowest(&self) -> usize {
        let lower =
            |best: usize, i: usize| if self.smooth[i] < self.smooth[best] { i } else { best };
        (0..self.len()).fold(0, lower)
    }

    /// Means of the last fifth of the values and of the fifth before it.
    pub(crate) fn last_fifths(&self) -> Fifths {
        let size = self.len().div_ceil(5).max(2);
        let (before, last) = self.values[self.len() - 2 * size..].split_at(size);
        Fifths {
            before: mean(before),
            last: mean(last),
            epochs: self.epochs[self.len() - 1] - self.epochs[self.len() - 1 - size],
            // Of the difference of two means of `size` values each.
            noise: self.noise * (2.0 / size as f64).sqrt(),
        }
    }
}

/// The end of a curve.
pub(crate) struct Fifths {
    pub(crate) before: f64,
    pub(crate) last: f64,
    pub(crate) epochs: u64, // spanned by the last fifth
    pub(crate) noise: f64,  // standard deviation of the difference
}

/// The held-out split that all runs have: validation before test.
pub(crate) fn held_out_of(runs: &[&Curves]) -> Option<HeldOutSplit> {
    let all_have = |split: HeldOutSplit| {
        runs.iter().all(|run| run.rows.iter().all(|row| split.loss(row).is_some()))
    };
    [HeldOutSplit::Validation, HeldOutSplit::Test].into_iter().find(|split| all_have(*split))
}

/// A guess on the split.
pub(super) fn guess(split: HeldOutSplit, run: &Curves) -> Guess {
    match split {
        HeldOutSplit::Validation => Guess::of(run, |counts| &counts.validation),
        HeldOutSplit::Test => Guess::of(run, |counts| &counts.test),
    }
}

/// Reports if most runs are too short for the rules on curves.
pub(super) fn too_short(runs: &[&Curves]) -> Option<Finding> {
    let evaluations = |run: &Curves| run.rows.iter().filter(|row| row.step > 0).count();
    let short = runs.iter().filter(|run| evaluations(run) < FEWEST_EVALUATIONS).count();
    if !is_majority(short, runs.len()) {
        return None;
    }
    let counts = || runs.iter().map(|run| evaluations(run));
    let (least, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
    let epochs = if most == 1 { "epoch" } else { "epochs" };
    let range = if least == most { most.to_string() } else { format!("{least} to {most}") };
    let too_few = match most < FEWEST_EVALUATIONS {
        true => format!("too few to judge curves, which needs {FEWEST_EVALUATIONS}"),
        false => format!(
            "{short} of {} runs have fewer than the {FEWEST_EVALUATIONS} that it takes to judge curves",
            runs.len()
        ),
    };
    Some(Finding {
        kind: FindingKind::TooShort,
        severity: Severity::Note,
        text: format!("{range} evaluated {epochs}: {too_few}"),
        figures: vec![("evaluated_epochs", most as f64)],
    })
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn smoothed(values: &[f64]) -> Vec<f64> {
    // Wide enough to damp noise, narrow enough for a minimum a few epochs wide.
    let half = match values.len() {
        ..30 => 1,
        30..100 => 2,
        _ => 4,
    };
    let around = |i: usize| {
        let half = half.min(i).min(values.len() - 1 - i);
        mean(&values[i - half..=i + half])
    };
    (0..values.len()).map(around).collect()
}

/// From second differences, which a straight trend does not affect; their variance is six times
/// that of the values. The median ignores the few large ones of a steep start.
fn noise(values: &[f64]) -> f64 {
    let second = |w: &[f64]| (w[0] - 2.0 * w[1] + w[2]).abs();
    let mut differences: Vec<f64> = values.windows(3).map(second).collect();
    differences.sort_by(f64::total_cmp);
    let median = differences.get(differences.len() / 2);
    STD_OF_MEDIAN * median.copied().unwrap_or(0.0) / 6.0_f64.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::{run_of, wobble};

    fn curve(values: impl Fn(u64) -> f64) -> FiniteCurve {
        let run = run_of(1, 40, |epoch, row| row.train_loss = values(epoch) as f32);
        FiniteCurve::train_loss(&run.rows).unwrap()
    }

    #[test]
    fn noise_is_that_of_the_values_and_not_of_the_trend() {
        let exact = curve(|epoch| 3.0 - 0.05 * epoch as f64);
        assert!(exact.noise < 1e-6, "{}", exact.noise);
        let noisy = curve(|epoch| 3.0 - 0.05 * epoch as f64 + 0.1 * wobble(epoch));
        assert!((0.03..0.3).contains(&noisy.noise), "{}", noisy.noise);
    }

    #[test]
    fn smoothing_follows_straight_lines_to_their_ends() {
        let line = curve(|epoch| epoch as f64);
        assert_eq!(line.smooth, line.values);
        assert_eq!((line.epochs[0], line.lowest()), (1, 0));
    }

    #[test]
    fn curves_end_where_they_are_no_number_and_short_ones_are_none() {
        let mut run = run_of(1, 20, |_, _| ());
        run.rows[15].train_loss = f32::NAN;
        assert_eq!(FiniteCurve::train_loss(&run.rows).unwrap().len(), 14); // epoch 0 is not included
        run.rows[8].train_loss = f32::NAN;
        assert_eq!(FiniteCurve::train_loss(&run.rows), None);
    }

    #[test]
    fn few_epochs_are_said_to_be_few() {
        let (seven, eight) = (run_of(1, 7, |_, _| ()), run_of(1, 8, |_, _| ()));
        assert!(too_short(&[&seven]).unwrap().text.starts_with("7 evaluated epochs"));
        assert_eq!(too_short(&[&eight]), None);
        let four = run_of(1, 4, |_, _| ());
        assert!(
            too_short(&[&seven, &four])
                .unwrap()
                .text
                .starts_with("4 to 7 evaluated epochs: too few")
        );
        let text = too_short(&[&seven, &eight, &four]).unwrap().text;
        assert!(
            text.starts_with("4 to 8 evaluated epochs: 2 of 3 runs have fewer than the 8 "),
            "{text}"
        );
    }
}
