//! Whether the values of a setting can be averaged over the other settings: only if each of its values has been
//! trained with the same others. One change at a time is no such design: there, the mean over all runs without a
//! change is that of the other changes, not of the baseline.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::analysis::settings::{Settings, is_training_choice};
use crate::few::{Between, FEW_LINES, first_few};

/// Whether every value of `key` occurs with the same combinations of the other varied settings. Settings that only
/// ever change together with it are not others; neither are seeds and how runs are evaluated.
pub(crate) fn is_crossed(configs: &[&Settings], key: &str, varied: &[String]) -> bool {
    let of_key = partition(configs, key);
    let is_other = |other: &&String| {
        *other != key && is_training_choice(other) && partition(configs, other) != of_key
    };
    let others: Vec<&String> = varied.iter().filter(is_other).collect();
    let mut contexts: BTreeMap<Option<String>, BTreeSet<Vec<Option<String>>>> = BTreeMap::new();
    for config in configs {
        let context = others.iter().map(|other| text(config.get(*other))).collect();
        contexts.entry(text(config.get(key))).or_default().insert(context);
    }
    let mut all = contexts.values();
    let first = all.next();
    all.all(|contexts| Some(contexts) == first)
}

/// Says in one line which plots of means by the values of a setting are left out.
pub(crate) fn not_crossed(plots: &[String]) -> Option<String> {
    let shown = first_few(plots, FEW_LINES, Between::Commas)?;
    let they_average = if plots.len() == 1 { "it averages" } else { "they average" };
    Some(format!(
        "left out {shown}: {they_average} over the other settings, and these configs are not a full grid of them"
    ))
}

fn text(value: Option<&Value>) -> Option<String> {
    value.map(Value::to_string)
}

/// The values of a key, numbered as they first occur, so that keys that change together have the same.
fn partition(configs: &[&Settings], key: &str) -> Vec<usize> {
    let mut numbers = BTreeMap::new();
    let mut number = |value| {
        let next = numbers.len();
        *numbers.entry(value).or_insert(next)
    };
    configs.iter().map(|config| number(text(config.get(key)))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config(values: [f64; 3]) -> Settings {
        let keys = ["network.dropout", "optimizer.weight_decay", "augmentation.horizontal_flip"];
        keys.into_iter().map(str::to_owned).zip(values.map(|value| json!(value))).collect()
    }

    fn crossed(configs: &[[f64; 3]]) -> Vec<bool> {
        let configs: Vec<Settings> = configs.iter().map(|values| config(*values)).collect();
        let configs: Vec<&Settings> = configs.iter().collect();
        let varied: Vec<String> = configs[0].keys().cloned().collect();
        varied.iter().map(|key| is_crossed(&configs, key, &varied)).collect()
    }

    #[test]
    fn only_a_full_grid_is_crossed_in_every_setting() {
        let grid: Vec<[f64; 3]> = (0..8).map(|i| [i & 1, i & 2, i & 4].map(f64::from)).collect();
        assert_eq!(crossed(&grid), [true; 3]);
        assert_eq!(crossed(&grid[..7]), [false; 3]);
        let one_at_a_time = [[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        assert_eq!(crossed(&one_at_a_time), [false; 3]);
    }

    #[test]
    fn a_setting_is_crossed_with_variants_of_the_others() {
        // Dropout with each of three variants; keys by name: flip, dropout, decay.
        let variants = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]];
        let configs: Vec<[f64; 3]> =
            [0.0, 0.2].into_iter().flat_map(|d| variants.map(|[a, b]| [d, a, b])).collect();
        assert_eq!(crossed(&configs), [false, true, false]);
    }

    #[test]
    fn settings_that_change_together_count_as_one() {
        let zipped = [[0.0; 3], [1.0, 1.0, 0.0], [2.0, 2.0, 0.0]];
        assert_eq!(crossed(&zipped), [true; 3]);
        assert!(is_crossed(&[], "a", &[]));
    }
}
