//! More data? The baseline on nested shares of its training examples: a power law of the error, if the smaller
//! shares predict the full set (Hestness et al., 2017, arXiv:1712.00409; Rosenfeld et al., 2020, arXiv:1909.12673).

use super::{Answers, Change, Figures, Limits, Question, Sheet};
use crate::experiment::Trial;
use crate::remedies::in_steps;
use crate::stats::{ROUNDING, t_quantile};

/// Of the training examples, besides all of them.
const SHARES: [f64; 5] = [0.5, 0.25, 0.125, 0.0625, 0.03125];

/// How accuracy grows with the number of training examples.
#[derive(Debug, Clone, PartialEq)]
pub struct MoreData {
    /// The number of examples and the figures, from the smallest share to all.
    pub points: Vec<(f64, Figures)>,
    /// The power law, or why there is none.
    pub law: Result<Law, NoLaw>,
}

/// Why what more data would bring cannot be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoLaw {
    /// Too few shares could be trained.
    FewShares,
    /// With all examples no error is left.
    NoError,
    /// The error is the same with every share, or grows with the number of examples.
    NoFall,
    /// The smaller shares do not predict the full set.
    OtherShape,
}

/// Validation error = `scale` * examples^-`exponent`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Law {
    /// The error of one example.
    pub scale: f64,
    /// How fast the error falls.
    pub exponent: f64,
    /// Half width of the 95 % interval of a prediction at twice the data, of the error's logarithm.
    pub log_half_width: f64,
    /// The number of examples that there are.
    pub examples: f64,
}

impl Law {
    /// The predicted error at `times` the data.
    pub fn error_at(&self, times: f64) -> f64 {
        self.scale * libm::pow(times * self.examples, -self.exponent)
    }

    /// What twice the data would add to accuracy.
    pub fn gain(&self) -> f64 {
        self.error_at(1.0) - self.error_at(2.0)
    }

    /// The 95 % interval of the predicted error at twice the data.
    pub fn interval_at_twice(&self) -> [f64; 2] {
        [-1.0, 1.0].map(|side| self.error_at(2.0) * libm::exp(side * self.log_half_width))
    }
}

/// The question, with as many shares as the limits allow; the small ones go first.
pub(super) fn sheet(baseline: &Trial, limits: &Limits) -> Option<Sheet> {
    let (changes, _) = shares(baseline, limits);
    let sheet = Sheet::new("2-more-data", Question::MoreData, changes, limits.seeds());
    (!sheet.changes.is_empty()).then_some(Sheet { draws_data: true, ..sheet })
}

/// The names of shares that cannot be asked about, because the file's other settings do not allow so few examples.
pub(super) fn impossible(baseline: &Trial, limits: &Limits) -> Vec<String> {
    shares(baseline, limits).1.into_iter().map(|change| change.name).collect()
}

/// The shares that can be trained, and those that cannot.
fn shares(baseline: &Trial, limits: &Limits) -> (Vec<Change>, Vec<Change>) {
    let shares = SHARES.iter().take(limits.shares).map(|share| change(baseline, *share));
    shares.partition(|change| change.of(baseline).is_ok())
}

/// The same number of passes over a share of the examples.
fn change(baseline: &Trial, share: f64) -> Change {
    let fraction = share * baseline.dataset.train_fraction;
    let mut settings = vec![("dataset.train_fraction", fraction.to_string())];
    settings.extend(in_steps(baseline, share));
    let examples = share * baseline.dataset.train_sizes().1 as f64;
    if baseline.evaluation.train_examples.is_some_and(|count| count as f64 > examples) {
        settings.push(("evaluation.train_examples", "false".to_owned())); // there are fewer: all of them
    }
    let percent = percent(fraction);
    Change::new(format!("{percent} % of the training examples"), settings)
}

/// A share in percent, with two decimals, or with as many as it needs to be told from others.
fn percent(share: f64) -> f64 {
    let exact = 100.0 * share;
    let mut unit = 100.0;
    while unit < 1e12 && ((exact * unit).round() / unit - exact).abs() > 0.01 * exact {
        unit *= 10.0;
    }
    (exact * unit).round() / unit
}

impl MoreData {
    pub(super) fn of(sheet: &Sheet, answers: &Answers, baseline: &Trial) -> Option<MoreData> {
        let examples = |trial: &Trial| trial.dataset.train_sizes().1 as f64;
        let all = (examples(baseline), Figures::of(&answers.baseline)?);
        let of_change = |(change, outcomes): (&Change, &Vec<_>)| {
            Some((examples(&change.of(baseline).ok()?), Figures::of(outcomes)?))
        };
        let smaller = sheet.changes.iter().zip(&answers.changes).filter_map(of_change);
        let mut points: Vec<(f64, Figures)> = smaller.chain([all]).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let errors: Vec<(f64, f64)> =
            points.iter().map(|(n, of)| (*n, 1.0 - of.val.mean)).collect();
        Some(MoreData { law: law(&errors), points })
    }
}

/// A straight line through the logarithms.
struct Line {
    slope: f64,
    mean_x: f64,
    mean_y: f64,
    sum_squares: f64, // of x about its mean
    std: f64,         // of the residuals
    freedom: f64,
}

impl Line {
    fn through(points: &[(f64, f64)]) -> Option<Line> {
        let n = points.len() as f64;
        if points.len() < 3 {
            return None;
        }
        let mean_x = points.iter().map(|p| p.0).sum::<f64>() / n;
        let mean_y = points.iter().map(|p| p.1).sum::<f64>() / n;
        let sum_squares: f64 = points.iter().map(|p| (p.0 - mean_x) * (p.0 - mean_x)).sum();
        let products: f64 = points.iter().map(|p| (p.0 - mean_x) * (p.1 - mean_y)).sum();
        let slope = products / sum_squares;
        let residual = |p: &(f64, f64)| p.1 - mean_y - slope * (p.0 - mean_x);
        let squares: f64 = points.iter().map(|p| residual(p) * residual(p)).sum();
        let freedom = n - 2.0;
        Some(Line { slope, mean_x, mean_y, sum_squares, std: (squares / freedom).sqrt(), freedom })
    }

    fn at(&self, x: f64) -> f64 {
        self.mean_y + self.slope * (x - self.mean_x)
    }

    /// Half width of the 95 % interval of a further point at `x`.
    fn half_width(&self, x: f64) -> f64 {
        let away = x - self.mean_x;
        let n = self.freedom + 2.0;
        let spread = (1.0 + 1.0 / n + away * away / self.sum_squares).sqrt();
        t_quantile(0.95, self.freedom) * self.std * spread
    }
}

/// How far the predicted error of the full set may be off, as a share of it.
const MOST_OFF: f64 = 0.1;

/// The law of these numbers of examples and errors, if the smaller ones predict the last: within a tenth of it.
fn law(errors: &[(f64, f64)]) -> Result<Law, NoLaw> {
    let logs: Vec<(f64, f64)> =
        errors.iter().map(|(n, error)| (libm::log(*n), libm::log(*error))).collect();
    let (last, smaller) = logs.split_last().ok_or(NoLaw::FewShares)?;
    let of_smaller = Line::through(smaller).ok_or(NoLaw::FewShares)?;
    let line = Line::through(&logs).ok_or(NoLaw::FewShares)?;
    if errors.last().is_some_and(|(_, error)| *error <= ROUNDING) {
        return Err(NoLaw::NoError);
    }
    let predicts = of_smaller.at(last.0) - last.1;
    if predicts.is_nan() || predicts.abs() > libm::log1p(MOST_OFF) {
        return Err(NoLaw::OtherShape);
    }
    if line.slope > -ROUNDING {
        return Err(NoLaw::NoFall);
    }
    let at_twice = last.0 + std::f64::consts::LN_2;
    Ok(Law {
        scale: libm::exp(line.at(0.0)),
        exponent: -line.slope,
        log_half_width: line.half_width(at_twice),
        examples: libm::exp(last.0),
    })
}

impl MoreData {
    /// What the last doubling of the data added to validation accuracy; none without a share of a half.
    pub fn last_doubling(&self) -> Option<f64> {
        let (all, figures) = self.points.last()?;
        let is_half = |point: &&(f64, Figures)| (0.45..0.55).contains(&(point.0 / all));
        let half = self.points.iter().find(is_half)?;
        Some(figures.val.mean - half.1.val.mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_law_is_found_and_predicts_twice_the_data() {
        let of = |n: f64| (n, 3.0 * libm::pow(n, -0.2));
        let errors = [1000.0, 2000.0, 4000.0, 8000.0, 16000.0].map(of);
        let law = law(&errors).unwrap();
        assert!((law.exponent - 0.2).abs() < 1e-9);
        assert!((law.error_at(2.0) - of(32_000.0).1).abs() < 1e-9);
        let [low, high] = law.interval_at_twice();
        assert!(high - low < 1e-6);
    }

    #[test]
    fn shares_have_as_many_decimals_as_they_need() {
        let shares = [1.0, 0.5, 0.03125, 0.0005, 0.00003125];
        assert_eq!(shares.map(percent), [100.0, 50.0, 3.13, 0.05, 0.0031]);
    }

    #[test]
    fn a_curve_that_bends_is_no_law() {
        // The error stops falling: the smaller shares promise more than the full set keeps.
        let of = |errors: [f64; 4]| {
            let points: Vec<(f64, f64)> = [1e3, 2e3, 4e3, 8e3].into_iter().zip(errors).collect();
            law(&points).unwrap_err()
        };
        assert_eq!(of([0.8, 0.6, 0.45, 0.45]), NoLaw::OtherShape);
        assert_eq!(of([0.1, 0.0, 0.1, 0.1]), NoLaw::OtherShape);
        assert_eq!(of([0.4, 0.5, 0.6, 0.7]), NoLaw::NoFall);
        assert_eq!(law(&[(1000.0, 0.5), (2000.0, 0.4)]), Err(NoLaw::FewShares));
    }

    #[test]
    fn an_error_that_is_gone_or_stays_is_no_curve_that_bends() {
        let of = |error: f64| law(&[1e3, 2e3, 4e3, 8e3].map(|n| (n, error))).unwrap_err();
        assert_eq!((of(0.0), of(0.3)), (NoLaw::NoError, NoLaw::NoFall));
    }
}
