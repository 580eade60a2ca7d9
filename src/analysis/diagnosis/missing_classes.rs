//! Parts of the examples that lack some classes: their figures can mislead.

use crate::analysis::diagnosis::finding::{Finding, Severity};
use crate::analysis::diagnosis::list::FindingKind;
use crate::runs::class_counts::{MissingClasses, Part};
use crate::runs::read::Curves;

/// Reports which classes are missing where. The runs of a config have the same examples.
pub(super) fn missing_classes(runs: &[&Curves]) -> Option<Finding> {
    let record = runs.iter().map(|run| &run.record).find(|record| record.class_counts.is_some())?;
    let missing = record.class_counts.as_ref()?.missing();
    let first = missing.first()?;
    let severity = match first.part {
        Part::Train => Severity::Problem,
        _ => Severity::Warning,
    };
    let cuts_test = record.trial.pointer("/dataset/test_examples").is_some();
    let mut text = record.missing_classes().join("; ");
    if let Some(what) = what_to_do(first, cuts_test) {
        text.push_str(&format!(" ({what})"));
    }
    Some(Finding {
        kind: FindingKind::MissingClasses,
        severity,
        text,
        figures: vec![("classes", first.classes.len() as f64)],
    })
}

/// What to do about it.
fn what_to_do(missing: &MissingClasses, cuts_test: bool) -> Option<String> {
    let shuffled = "shuffle the examples in their file, or take more";
    match missing.part {
        Part::Train => Some(format!("{shuffled}: `dataset.train_examples`")),
        Part::Evaluated => Some(format!("{shuffled}: `evaluation.train_examples`")),
        Part::Validation => Some("hold out more: `dataset.validation_examples`".to_owned()),
        Part::Test => cuts_test.then(|| format!("{shuffled}: `dataset.test_examples`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::{decaying, imbalanced};
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
}
