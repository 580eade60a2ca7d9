//! The length of a training in words: steps, and the epochs that they are.

use serde_json::Value;

use crate::analysis::settings::Settings;
use crate::data::trained_examples;
use crate::table::value::thousands;

/// The key of a length in steps.
pub(super) const STEPS: &str = "training.steps";

/// `4,000 steps (40 epochs)`; without the epochs for data of the user's own, whose size settings do not tell.
pub(super) fn steps_in_words(settings: &Settings, steps: u64) -> String {
    let shown = thousands(steps);
    match epochs(settings, steps) {
        None => format!("{shown} steps"),
        Some(1) => format!("{shown} steps (1 epoch)"),
        Some(epochs) => format!("{shown} steps ({} epochs)", thousands(epochs)),
    }
}

/// How many epochs the steps are; the last may be short.
fn epochs(settings: &Settings, steps: u64) -> Option<u64> {
    let count = |key: &str| settings.get(key).and_then(Value::as_u64);
    let size = |key: &str| count(key).and_then(|count| usize::try_from(count).ok());
    let kind = settings.get("dataset.kind")?.as_str()?;
    let share = settings.get("dataset.train_fraction").and_then(Value::as_f64).unwrap_or(1.0);
    if size("dataset.folds").is_some() {
        return None; // folds may differ by an example, and so in their epochs
    }
    let held_out = size("dataset.validation_examples").unwrap_or(0);
    let examples = trained_examples(kind, size("dataset.train_examples"), held_out, share)?;
    let batch = count("training.batch_size").filter(|batch| *batch > 0)?;
    let drops_last = settings.get("training.drop_last").and_then(Value::as_bool).unwrap_or(false);
    let examples = u64::try_from(examples).ok()?;
    let of_epoch = if drops_last { examples / batch } else { examples.div_ceil(batch) };
    (of_epoch > 0).then(|| steps.div_ceil(of_epoch))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn steps_are_said_in_epochs_where_the_data_is_known() {
        let words = |more: &[(&str, Value)]| {
            let plain = [("dataset.kind", json!("cifar10")), ("training.batch_size", json!(100))];
            let all =
                plain.iter().chain(more).map(|(key, value)| ((*key).to_owned(), value.clone()));
            steps_in_words(&all.collect(), 4000)
        };
        assert_eq!(words(&[]), "4,000 steps (8 epochs)");
        assert_eq!(words(&[("dataset.train_examples", json!(10_000))]), "4,000 steps (40 epochs)");
        let half = [
            ("dataset.train_fraction", json!(0.5)),
            ("dataset.validation_examples", json!(10_000)),
        ];
        assert_eq!(words(&half), "4,000 steps (20 epochs)");
        assert_eq!(words(&[("training.batch_size", json!(100_000))]), "4,000 steps (4,000 epochs)");
        let odd = [("dataset.train_examples", json!(19_999)), ("training.drop_last", json!(true))];
        assert_eq!(words(&odd), "4,000 steps (21 epochs)");
        for unknown in ["csv", "nonsense"] {
            assert_eq!(words(&[("dataset.kind", json!(unknown))]), "4,000 steps");
        }
        assert_eq!(words(&[("training.batch_size", json!(0))]), "4,000 steps");
    }
}
