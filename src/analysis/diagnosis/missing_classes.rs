//! Parts of the examples that lack some classes: their figures can mislead.

use std::collections::BTreeSet;

use crate::analysis::diagnosis::finding::{Finding, Severity};
use crate::analysis::diagnosis::list::FindingKind;
use crate::analysis::diagnosis::words::in_some;
use crate::runs::class_counts::{MissingClasses, Part};
use crate::runs::read::Curves;

/// Reports which classes are missing where. The seeds of a config have the same examples, its folds have not.
pub(super) fn missing_classes(runs: &[&Curves]) -> Option<Finding> {
    let mut lines: Vec<(String, usize)> = Vec::new();
    let mut missing: Vec<MissingClasses> = Vec::new();
    for run in runs {
        for line in run.record.missing_classes() {
            match lines.iter_mut().find(|(known, _)| *known == line) {
                Some((_, count)) => *count += 1,
                None => lines.push((line, 1)),
            }
        }
        missing.extend(run.record.class_counts.iter().flat_map(|counts| counts.missing()));
    }
    let record = &runs.first()?.record;
    let first = missing.iter().min_by_key(|missing| missing.part)?; // the gravest
    let severity = match first.part {
        Part::Train => Severity::Problem,
        _ => Severity::Warning,
    };
    let cuts_test = record.trial.pointer("/dataset/test_examples").is_some();
    let has_folds = record.trial.folds().is_some();
    let line = |(line, count): (String, usize)| line + &in_some(count, runs);
    let mut text = lines.into_iter().map(line).collect::<Vec<_>>().join("; ");
    if let Some(what) = what_to_do(first, cuts_test, has_folds) {
        text.push_str(&format!(" ({what})"));
    }
    let alike = missing.iter().filter(|missing| missing.part == first.part);
    let classes: BTreeSet<usize> = alike.flat_map(|missing| &missing.classes).copied().collect();
    Some(Finding {
        kind: FindingKind::MissingClasses,
        severity,
        text,
        figures: vec![("classes", classes.len() as f64)],
    })
}

/// What to do about it.
fn what_to_do(missing: &MissingClasses, cuts_test: bool, has_folds: bool) -> Option<String> {
    let shuffled = "shuffle the examples in their file, or take more";
    match missing.part {
        Part::Train => Some(format!("{shuffled}: `dataset.train_examples`")),
        Part::Evaluated => Some(format!("{shuffled}: `evaluation.train_examples`")),
        Part::Validation if has_folds => Some("hold out more: fewer `dataset.folds`".to_owned()),
        Part::Validation => Some("hold out more: `dataset.validation_examples`".to_owned()),
        Part::Test => cuts_test.then(|| format!("{shuffled}: `dataset.test_examples`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::{decaying, imbalanced, of_fold};
    use crate::runs::class_counts::ClassCounts;

    #[test]
    fn class_without_examples_is_named_with_its_part() {
        let mut run = imbalanced(&[5, 95], decaying(1));
        assert_eq!(missing_classes(&[&run]), None);
        let counts =
            ClassCounts { train: vec![5, 95], test: vec![0, 20], ..ClassCounts::default() };
        run.record.class_counts = Some(counts.into());
        let finding = missing_classes(&[&run]).unwrap();
        assert!(
            finding.text.starts_with("none of the 20 test examples belongs to class \"0\": "),
            "{}",
            finding.text
        );
        assert_eq!(missing_classes(&[&decaying(1)]), None);
    }

    #[test]
    fn a_class_that_one_fold_lacks_is_named() {
        let mut runs: Vec<Curves> = [0, 1, 2].map(|fold| of_fold(fold, decaying(1))).to_vec();
        runs.iter_mut().for_each(|run| *run = imbalanced(&[5, 95], run.clone()));
        let all = |runs: &[Curves]| missing_classes(&runs.iter().collect::<Vec<_>>());
        assert_eq!(all(&runs), None);
        let counts = ClassCounts {
            train: vec![5, 95],
            validation: vec![0, 20],
            test: vec![1, 19],
            ..ClassCounts::default()
        };
        runs[2].record.class_counts = Some(counts.into());
        let text = all(&runs).unwrap().text;
        assert!(
            text.contains("say nothing about it in 1 of 3 folds (hold out more: fewer "),
            "{text}"
        );
    }
}
