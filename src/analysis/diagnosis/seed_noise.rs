//! How much seeds alone make runs of one config differ, and so which differences mean nothing.

use crate::analysis::diagnosis::finding::{Finding, Severity};
use crate::analysis::diagnosis::finished;
use crate::analysis::diagnosis::list::FindingKind;
use crate::analysis::diagnosis::words::points;
use crate::runs::figures::exact;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::read::Curves;
use crate::stats::{Summary, t_quantile};

/// Level of the interval that defines noise.
const LEVEL: f64 = 0.95;

/// The spread over seeds of the last accuracy, or a note that one seed cannot show it.
pub(super) fn seed_noise(runs: &[&Curves]) -> Option<Finding> {
    let runs = finished(runs);
    let kind = FindingKind::SeedNoise;
    let severity = Severity::Note;
    if let [_] = runs.as_slice() {
        let text = "one seed: how much another seed would differ is unknown".to_owned();
        let advice = Some("try `training.seeds` = 3".to_owned());
        return Some(Finding { kind, severity, text, figures: vec![("runs", 1.0)], advice });
    }
    let (name, summary) = last_accuracy(&runs)?;
    let (std, n) = (summary.std?, summary.n as f64);
    if summary.agrees() {
        let text = format!(
            "noise floor unknown: the last {name} accuracy happens to be the same with all {n} seeds, \
             which shows no spread"
        );
        let advice = Some(format!("try `training.seeds` = {}", 2 * summary.n));
        return Some(Finding { kind, severity, text, figures: vec![("runs", n)], advice });
    }
    // Two configs of n seeds each with this spread: Student's interval of their difference.
    let floor = t_quantile(LEVEL, 2.0 * n - 2.0) * std * (2.0 / n).sqrt();
    let text = format!(
        "noise floor: the last {name} accuracy varies by {} (standard deviation over {n} seeds); \
         differences of less than {} between two such configs are noise",
        points(std),
        points(floor)
    );
    let figures = vec![("accuracy_std", std), ("noise_floor", floor), ("runs", n)];
    Some(Finding { kind, severity, text, figures, advice: None })
}

/// Of the test split, or of the validation split where the test split is sealed.
fn last_accuracy(runs: &[&Curves]) -> Option<(&'static str, Summary)> {
    let of = |split: HeldOutSplit| {
        let last = |run: &&Curves| split.accuracy(run.record.last.as_ref()?).map(exact);
        let values: Option<Vec<f64>> = runs.iter().map(last).collect();
        Some((split.name(), Summary::of(&values?)?))
    };
    of(HeldOutSplit::Test).or_else(|| of(HeldOutSplit::Validation))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::run_of;

    fn ending_at(accuracies: &[f32]) -> Option<Finding> {
        let ending = |(seed, accuracy): (usize, &f32)| {
            run_of(seed as u64, 10, |_, row| row.test_accuracy = Some(*accuracy))
        };
        let runs: Vec<Curves> = accuracies.iter().enumerate().map(ending).collect();
        seed_noise(&runs.iter().collect::<Vec<_>>())
    }

    #[test]
    fn floor_is_the_interval_of_a_difference() {
        let finding = ending_at(&[0.50, 0.51, 0.52]).unwrap();
        // t(0.975, 4) = 2.776, times 0.01 * sqrt(2 / 3)
        assert!((finding.figures[1].1 - 0.02267).abs() < 1e-5, "{finding:?}");
        assert!(
            finding.text.ends_with("less than 2.3 points between two such configs are noise"),
            "{}",
            finding.text
        );
    }

    #[test]
    fn seeds_that_agree_are_no_floor() {
        let finding = ending_at(&[0.5, 0.5]).unwrap();
        let text = "noise floor unknown: the last test accuracy happens to be the same with all 2 seeds, \
                    which shows no spread";
        assert_eq!((&*finding.text, finding.figures), (text, vec![("runs", 2.0)]));
    }

    #[test]
    fn one_seed_shows_no_noise() {
        assert!(ending_at(&[0.5]).unwrap().text.starts_with("one seed"));
        assert_eq!(ending_at(&[]), None);
    }
}
