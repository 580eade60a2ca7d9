//! How much seeds alone make runs of one config differ. Which differences between configs this explains is
//! told by the comparison with the baseline.

use crate::analysis::diagnosis::finding::{Finding, Severity};
use crate::analysis::diagnosis::finished;
use crate::analysis::diagnosis::list::FindingKind;
use crate::analysis::diagnosis::words::points;
use crate::runs::figures::exact;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::read::Curves;
use crate::stats::Summary;

/// The spread over seeds of the last accuracy, or a note that one seed cannot show it.
pub(super) fn seed_noise(runs: &[&Curves]) -> Option<Finding> {
    let runs = finished(runs);
    let kind = FindingKind::SeedNoise;
    let severity = Severity::Note;
    if let [_] = runs.as_slice() {
        let text = "one seed: how much another seed would differ is unknown (`training.seeds` = 3 shows it)";
        let figures = vec![("runs", 1.0)];
        return Some(Finding { kind, severity, text: text.to_owned(), figures });
    }
    let (name, summary) = last_accuracy(&runs)?;
    let (std, n) = (summary.std?, summary.n as f64);
    let noun = match runs.iter().any(|run| run.record.trial.fold().is_some()) {
        true => "runs, a seed and a fold each",
        false => "seeds",
    };
    if summary.agrees() {
        let text = format!(
            "seed noise unknown: the last {name} accuracy happens to be the same with all {n} {noun}, \
             which shows no spread"
        );
        return Some(Finding { kind, severity, text, figures: vec![("runs", n)] });
    }
    let text = format!(
        "seed noise: the last {name} accuracy varies by {} (standard deviation over {n} {noun})",
        points(std)
    );
    let figures = vec![("accuracy_std", std), ("runs", n)];
    Some(Finding { kind, severity, text, figures })
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
    fn spread_is_the_standard_deviation_over_seeds() {
        let finding = ending_at(&[0.50, 0.51, 0.52]).unwrap();
        assert!((finding.figures[0].1 - 0.01).abs() < 1e-6, "{finding:?}");
        assert!(
            finding.text.ends_with("varies by 1.0 point (standard deviation over 3 seeds)"),
            "{}",
            finding.text
        );
    }

    #[test]
    fn seeds_that_agree_show_no_spread() {
        let finding = ending_at(&[0.5, 0.5]).unwrap();
        let text = "seed noise unknown: the last test accuracy happens to be the same with all 2 seeds, \
                    which shows no spread";
        assert_eq!((&*finding.text, finding.figures), (text, vec![("runs", 2.0)]));
    }

    #[test]
    fn one_seed_shows_no_noise() {
        assert!(ending_at(&[0.5]).unwrap().text.starts_with("one seed"));
        assert_eq!(ending_at(&[]), None);
    }
}
