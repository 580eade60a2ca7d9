//! How many examples a run was trained on, as far as its record tells.

use serde_json::Value;

use crate::data::{held_out_of, share_of, trained_examples};
use crate::runs::record::RunRecord;

/// The settings that say how many training examples there are.
pub(crate) const SIZES: [&str; 2] = ["dataset.train_examples", "dataset.train_fraction"];

/// The examples that a run was trained on: as counted, else as its settings say. None for data of the user's own
/// whose number nothing states.
pub(crate) fn train_examples(run: &RunRecord) -> Option<u64> {
    if let Some(counts) = &run.class_counts {
        let sum = counts.train.iter().fold(0_u64, |sum, n| sum.saturating_add(*n as u64));
        return Some(sum).filter(|sum| *sum > 0);
    }
    let dataset = run.trial.get("dataset")?;
    let number = |key: &str| dataset.get(key).and_then(Value::as_u64);
    let published = || trained_examples(dataset.get("kind")?.as_str()?, None, 0, 1.0);
    let there = number("train_examples").or_else(|| Some(published()? as u64))?;
    let of_fold = || held_out_of(there, number("folds")?, number("fold").unwrap_or(0));
    let held_out = of_fold().or_else(|| number("validation_examples")).unwrap_or(0);
    let left = there.saturating_sub(held_out);
    let fraction = dataset.get("train_fraction").and_then(Value::as_f64).unwrap_or(1.0);
    let is_share = fraction > 0.0 && fraction <= 1.0;
    let examples = share_of(if is_share { fraction } else { 1.0 }, usize::try_from(left).ok()?);
    Some(examples as u64).filter(|examples| *examples > 0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::runs::class_counts::ClassCounts;
    use crate::runs::samples::{row, run, trial};

    fn of(changes: &[(&str, Value)]) -> RunRecord {
        let last = row(3, 0.5, None, 0.5);
        run(trial(changes, 1), last, last)
    }

    #[test]
    fn settings_say_how_many_there_are() {
        assert_eq!(train_examples(&of(&[])), Some(50_000));
        let held_out = [("dataset.validation_examples", json!(5000))];
        assert_eq!(train_examples(&of(&held_out)), Some(45_000));
        let first = [("dataset.train_examples", json!(10_000)), held_out[0].clone()];
        assert_eq!(train_examples(&of(&first)), Some(5000));
        let share = [("dataset.train_fraction", json!(0.25)), held_out[0].clone()];
        assert_eq!(train_examples(&of(&share)), Some(11_250));
    }

    #[test]
    fn counts_come_first_and_own_data_without_them_are_unknown() {
        let own = [("dataset.kind", json!("csv"))];
        let mut record = of(&own);
        assert_eq!(train_examples(&record), None);
        let counts = ClassCounts { train: vec![70, 31], ..ClassCounts::default() };
        record.class_counts = Some(counts.into());
        assert_eq!(train_examples(&record), Some(101));
        for odd in [json!(-1), json!("x"), json!(1e300), json!(0)] {
            train_examples(&of(&[
                ("dataset.train_fraction", odd.clone()),
                ("dataset.validation_examples", odd),
            ]));
        }
        assert_eq!(train_examples(&of(&[("dataset.kind", json!("none such"))])), None);
    }
}
