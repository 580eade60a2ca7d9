//! The diagnosis of a config's learning curves, in words with supporting numbers: one rule for each
//! file, with its thresholds as named constants.

mod accuracy_lost;
mod config;
mod curve;
mod diverged;
mod early_stopping;
mod finding;
mod fit;
mod gradients;
mod guess;
mod learning_rate;
mod list;
mod memorising;
mod missing_classes;
mod overconfident;
#[cfg(test)]
pub(crate) mod samples;
mod seed_noise;
mod units;
mod words;

use crate::runs::read::Curves;
use crate::runs::record::RunState;
#[cfg(test)]
pub(crate) use config::tests::two_configs;
pub use config::{ConfigDiagnosis, diagnose_configs};
pub(crate) use curve::{FiniteCurve, held_out_of};
pub use finding::{Finding, Severity};
pub(crate) use guess::Guess;
pub use list::FindingKind;
use list::RULES;
pub use memorising::memorising_since;

/// Findings implied by others: the first is omitted if the second is present.
const IMPLIED: &[(FindingKind, FindingKind)] = &[
    (FindingKind::LearningRateTooHigh, FindingKind::Diverged),
    (FindingKind::NotLearning, FindingKind::Diverged),
    (FindingKind::EarlyStopping, FindingKind::NotLearning),
    (FindingKind::SeedNoise, FindingKind::NotLearning),
    (FindingKind::Underfitting, FindingKind::LearningRateTooLow),
    (FindingKind::StillImproving, FindingKind::LearningRateTooLow),
    (FindingKind::StillImproving, FindingKind::Underfitting),
    (FindingKind::StillImproving, FindingKind::Memorising),
    (FindingKind::Gap, FindingKind::Memorising),
];

/// The findings of one config, whose runs differ by seed alone; the gravest first.
pub fn diagnose(runs: &[Curves]) -> Vec<Finding> {
    diagnose_refs(&runs.iter().collect::<Vec<_>>())
}

fn diagnose_refs(runs: &[&Curves]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = RULES.iter().filter_map(|rule| rule(runs)).collect();
    let kinds: Vec<FindingKind> = findings.iter().map(|finding| finding.kind).collect();
    let is_implied = |kind| IMPLIED.iter().any(|(what, by)| *what == kind && kinds.contains(by));
    findings.retain(|finding| !is_implied(finding.kind));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity)); // stable
    findings
}

/// The runs that came to their end.
fn finished<'a>(runs: &[&'a Curves]) -> Vec<&'a Curves> {
    runs.iter().copied().filter(|run| run.record.state == RunState::Finished).collect()
}

/// Whether a finding in `some` of `all` runs is a finding of their config: in more than half of
/// them. One odd seed of five is chance, not a property.
fn is_majority(some: usize, all: usize) -> bool {
    2 * some > all
}

impl Curves {
    /// A guess on the training examples.
    fn guess(&self) -> Guess {
        Guess::of(self, |counts| &counts.train)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::{decaying, flat, memorised, runs_of};

    fn kinds(runs: &[Curves]) -> Vec<FindingKind> {
        diagnose(runs).iter().map(|finding| finding.kind).collect()
    }

    #[test]
    fn memorising_config_is_told_with_what_it_cost() {
        let found = kinds(&runs_of(3, memorised));
        use FindingKind::*;
        assert_eq!(found[0], Memorising);
        assert!(found.contains(&EarlyStopping) && found.contains(&SeedNoise), "{found:?}");
        assert!(!found.contains(&Gap) && !found.contains(&StillImproving), "{found:?}");
    }

    #[test]
    fn healthy_config_has_nothing_but_notes() {
        let found = diagnose(&runs_of(3, decaying));
        let grave: Vec<_> = found.iter().filter(|f| f.severity > Severity::Note).collect();
        assert!(grave.is_empty(), "{grave:?}");
    }

    #[test]
    fn the_gravest_comes_first() {
        let mut runs = runs_of(3, memorised);
        runs[0].record.state = RunState::Diverged;
        runs[1].record.state = RunState::Diverged;
        assert_eq!(kinds(&runs)[0], FindingKind::Diverged);
    }

    #[test]
    fn odd_input_is_no_panic() {
        assert_eq!(diagnose(&[]), []);
        let mut runs = runs_of(2, flat);
        runs[0].rows.clear();
        runs[1].rows.truncate(1);
        runs[1].record.class_names.clear();
        runs[1].record.trial = serde_json::Value::Null.into();
        diagnose(&runs);
        let mut nan = runs_of(2, memorised);
        for row in &mut nan[0].rows {
            (row.train_loss, row.test_loss, row.train_accuracy) =
                (f32::NAN, Some(f32::INFINITY), f32::NAN);
            row.test_accuracy = None;
        }
        diagnose(&nan);
    }
}
