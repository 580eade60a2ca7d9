//! Settings of many values, as a search draws them: no two configs share one, so there are no means
//! by value to compare. Reported are the range of the best configs, and whether a figure rises or
//! falls along the setting.

use serde::Serialize;
use serde_json::Value;

use crate::analysis::compare::ConfigRuns;
use crate::analysis::effects::cells::ConfigCell;
use crate::escape::escape_controls;
use crate::runs::figures::Figure;
use crate::runs::held_out::HeldOutSplit;
use crate::stats::{spearman, t_quantile};

/// Fewest points for a trend: with fewer, nearly any order can be chance.
pub(super) const FEWEST_POINTS: usize = 10;
/// The best ones among this many.
const BEST_OF: usize = 5;
/// Probability that any of the intervals misses the true value.
const MISS: f64 = 0.05;
/// Degrees of freedom for which Student's t is the normal distribution.
const NORMAL: f64 = 1e9;

/// A setting of many values, and the trends of figures along it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// The key.
    pub key: String,
    /// Its different numbers with finished runs. A grid makes several configs of each; figures are their
    /// means.
    pub points: usize,
    /// The lowest and the highest of them.
    pub values: [f64; 2],
    /// How many count as the best, by held-out accuracy: a fifth.
    pub best_points: usize,
    /// The lowest and the highest of those.
    pub best_values: [f64; 2],
    /// Rank correlation with the held-out accuracy.
    pub held_out_accuracy: Correlation,
    /// Rank correlation with the gap.
    pub gap: Correlation,
}

/// Spearman's rank correlation with a 95 % interval; those of all trends hold together (Bonferroni).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Correlation {
    /// -1 where the figure always falls as the setting rises, 1 where it always rises.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Correlation {
    /// Whether the configs show that the figure rises or falls at all: an end of the interval that
    /// is shown as 0.00 does not count.
    pub fn is_beyond_chance(&self) -> bool {
        self.low >= 0.005 || self.high <= -0.005
    }
}

/// A number of a setting, with the mean figures of its configs.
struct TrendPoint {
    x: f64,
    held_out: f64,
    gap: f64,
}

/// The trends of these keys, if there are enough numbers.
pub(super) fn trends(
    configs: &[ConfigRuns],
    cells: &[ConfigCell],
    split: HeldOutSplit,
    keys: &[&String],
) -> Vec<Trend> {
    let all = keys.iter().map(|key| (*key, points(configs, cells, split, key)));
    let all: Vec<(&String, Vec<TrendPoint>)> =
        all.filter(|(_, points)| points.len() >= FEWEST_POINTS).collect();
    let family = 2 * all.len();
    all.into_iter().map(|(key, points)| trend(key, points, family)).collect()
}

/// Configs with the same number count as one, because they are not independent draws.
fn points(
    configs: &[ConfigRuns],
    cells: &[ConfigCell],
    split: HeldOutSplit,
    key: &str,
) -> Vec<TrendPoint> {
    let number = |config: &ConfigRuns| config.settings.get(key).and_then(Value::as_f64);
    let pairs = configs.iter().zip(cells);
    let mut pairs: Vec<(f64, &ConfigCell)> =
        pairs.filter_map(|(config, cell)| Some((number(config)?, cell))).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let point = |same: &[(f64, &ConfigCell)]| {
        let of = |figure: Figure| same.iter().map(move |(_, cell)| cell.summary(figure).mean);
        let mean = |figure: Figure| of(figure).sum::<f64>() / same.len() as f64;
        TrendPoint {
            x: same[0].0,
            held_out: mean(Figure::accuracy(split)),
            gap: mean(Figure::gap(split)),
        }
    };
    pairs.chunk_by(|a, b| a.0 == b.0).map(point).collect()
}

fn trend(key: &str, mut points: Vec<TrendPoint>, family: usize) -> Trend {
    points.sort_by(|a, b| b.held_out.total_cmp(&a.held_out));
    let best_points = points.len().div_ceil(BEST_OF);
    let column = |of: fn(&TrendPoint) -> f64| points.iter().map(of).collect::<Vec<f64>>();
    let xs = column(|point| point.x);
    Trend {
        key: escape_controls(key).into_owned(),
        points: points.len(),
        values: ends(&xs),
        best_points,
        best_values: ends(&xs[..best_points]),
        held_out_accuracy: correlation(&xs, &column(|point| point.held_out), family),
        gap: correlation(&xs, &column(|point| point.gap), family),
    }
}

fn ends(numbers: &[f64]) -> [f64; 2] {
    let start = [f64::INFINITY, f64::NEG_INFINITY];
    numbers.iter().fold(start, |[low, high], x| [low.min(*x), high.max(*x)])
}

/// Spearman's correlation and its interval by Fisher's transformation with the standard error of Bonett
/// & Wright (2000, <https://doi.org/10.1007/BF02294183>).
fn correlation(xs: &[f64], ys: &[f64], family: usize) -> Correlation {
    let value = spearman(xs, ys);
    let error = ((1.0 + value * value / 2.0) / (xs.len() as f64 - 3.0)).sqrt();
    let half = t_quantile(1.0 - MISS / family.max(1) as f64, NORMAL) * error;
    let middle = libm::atanh(value.clamp(-0.999_999, 0.999_999));
    Correlation { value, low: libm::tanh(middle - half), high: libm::tanh(middle + half) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_correlation_by_hand() {
        // Ranks 0 1 2 3 4 5 and 1 0 3.5 3.5 5 2.
        let seen = correlation(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[2.0, 1.0, 4.0, 4.0, 9.0, 3.0], 1);
        assert!((seen.value - 0.579_771_0).abs() < 1e-6, "{seen:?}");
        // tanh(atanh(r) ± 1.959964 sqrt((1 + r²/2) / 3))
        assert!(
            (seen.low + 0.508_62).abs() < 1e-5 && (seen.high - 0.954_94).abs() < 1e-5,
            "{seen:?}"
        );
    }

    #[test]
    fn intervals_of_more_trends_are_wider() {
        let xs: Vec<f64> = (0..20).map(f64::from).collect();
        let ys: Vec<f64> = xs.iter().map(|x| (x * 7.0) % 20.0).collect();
        let [one, six] = [1, 6].map(|family| correlation(&xs, &ys, family));
        assert!(six.low < one.low && six.high > one.high && six.value == one.value);
    }

    #[test]
    fn what_does_not_vary_has_no_trend() {
        let seen = correlation(&[1.0, 2.0, 3.0, 4.0, 5.0], &[0.5; 5], 1);
        assert!(seen.value == 0.0 && !seen.is_beyond_chance(), "{seen:?}");
        let rising = correlation(&[1.0, 2.0, 3.0, 4.0, 5.0], &[1.0, 2.0, 3.0, 4.0, 5.0], 1);
        assert!(rising.value == 1.0 && rising.is_beyond_chance(), "{rising:?}");
    }
}
