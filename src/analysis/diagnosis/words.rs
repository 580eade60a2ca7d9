//! Numbers in words: epochs over seeds, losses, and settings to try as in an experiment file.

use serde_json::Value;

use crate::runs::read::Curves;
use crate::table::hundredfold;
use crate::table::value::toml_text;

/// The median; 0 of nothing.
pub(super) fn median(epochs: &[u64]) -> u64 {
    let mut sorted = epochs.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or(0)
}

/// `epoch 5`, `epoch 5 (4-7 over 5 seeds)` or `epoch 5 (4-7) in 3 of 5 seeds`: the median over the
/// `epochs.len()` of `all` runs that have it.
pub(super) fn epoch_over_seeds(epochs: &[u64], all: usize) -> String {
    let low = epochs.iter().min().copied().unwrap_or(0);
    let high = epochs.iter().max().copied().unwrap_or(0);
    let middle = median(epochs);
    let some = epochs.len();
    match (low == high, some == all) {
        (true, true) if all == 1 => format!("epoch {middle}"),
        (true, true) => format!("epoch {middle} in each of {all} seeds"),
        (false, true) => format!("epoch {middle} ({low}-{high} over {all} seeds)"),
        (true, false) => format!("epoch {middle} in {some} of {all} seeds"),
        (false, false) => format!("epoch {middle} ({low}-{high}) in {some} of {all} seeds"),
    }
}

/// ` in 3 of 5 seeds` if it does not hold for all.
pub(super) fn in_some(some: usize, all: usize) -> String {
    if some == all { String::new() } else { format!(" in {some} of {all} seeds") }
}

/// A loss with two or three significant digits.
pub(super) fn loss(value: f64) -> String {
    match value.abs() {
        v if v >= 0.995 => format!("{value:.2}"),
        v if v >= 0.0995 => format!("{value:.3}"),
        v if v >= 0.000_995 || v == 0.0 => format!("{value:.4}"),
        _ => format!("{value:.1e}"),
    }
}

/// `53.2 %`
pub(super) fn percent(fraction: f64) -> String {
    format!("{} %", hundredfold(fraction))
}

/// `1.0 points`
pub(super) fn points(fraction: f64) -> String {
    let number = hundredfold(fraction);
    let unit = if number == "1.0" { "point" } else { "points" };
    format!("{number} {unit}")
}

/// A number to write into a file, without binary rounding noise.
pub(super) fn number(value: f64) -> String {
    let rounded: f64 = format!("{value:.2e}").parse().unwrap_or(value);
    toml_text(&Value::from(rounded))
}

/// `` `training.epochs` = 12 ``, or the same length in steps if the file gives steps.
pub(super) fn length(run: &Curves, epochs: u64) -> String {
    if run.setting("/training/steps").is_none() {
        return format!("`training.epochs` = {epochs}");
    }
    let last = run.rows.iter().rev().find(|row| row.epoch > 0);
    let steps = last.map_or(0, |row| row.step.saturating_mul(epochs) / row.epoch.max(1));
    format!("`training.steps` = {steps}")
}

/// `` `optimizer.learning_rate` = 0.001 ``: the run's rate times `factor`.
pub(super) fn learning_rate(run: &Curves, factor: f64) -> String {
    match run.setting("/optimizer/learning_rate") {
        Some(rate) => format!("`optimizer.learning_rate` = {}", number(rate * factor)),
        None if factor < 1.0 => "a smaller `optimizer.learning_rate`".to_owned(),
        None => "a larger `optimizer.learning_rate`".to_owned(),
    }
}

/// `` `network.batch_norm` = true ``, if that would be a change: a layer of that name for networks
/// that are lists of layers, and nothing if the network's kind has no such key.
pub(super) fn network(run: &Curves, key: &str, value: Value) -> Option<String> {
    let network = run.record.trial.get("network")?;
    let kind = network.get("kind").and_then(Value::as_str).unwrap_or_default();
    match (kind, key) {
        _ if network.get(key) == Some(&value) => None,
        ("mlp", _) | ("simple_convnet" | "deep_convnet", "batch_norm" | "dropout") => {
            Some(format!("`network.{key}` = {}", toml_text(&value)))
        }
        ("layers", "batch_norm" | "dropout") => Some(format!("`{key}` layers")),
        _ => None,
    }
}

/// `try a, b or c` from the available ideas.
pub(super) fn try_any<const N: usize>(ideas: [Option<String>; N]) -> Option<String> {
    let mut ideas: Vec<String> = ideas.into_iter().flatten().collect();
    let last = ideas.pop()?;
    Some(match ideas.is_empty() {
        true => format!("try {last}"),
        false => format!("try {} or {last}", ideas.join(", ")),
    })
}

/// The mean of a figure over runs; NaN of none.
pub(super) fn mean_of<T>(items: &[T], figure: impl Fn(&T) -> f64) -> f64 {
    items.iter().map(figure).sum::<f64>() / items.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_say_over_how_many_seeds() {
        assert_eq!(epoch_over_seeds(&[5], 1), "epoch 5");
        assert_eq!(epoch_over_seeds(&[5, 5], 2), "epoch 5 in each of 2 seeds");
        assert_eq!(epoch_over_seeds(&[7, 4, 5], 3), "epoch 5 (4-7 over 3 seeds)");
        assert_eq!(epoch_over_seeds(&[7, 4], 3), "epoch 4 (4-7) in 2 of 3 seeds");
        assert_eq!(epoch_over_seeds(&[4], 2), "epoch 4 in 1 of 2 seeds");
        assert_eq!(median(&[]), 0);
    }

    #[test]
    fn losses_keep_the_digits_that_mean_something() {
        let shown = [2.345678, 0.23456, 0.0123456, 0.000012345, 0.0].map(loss);
        assert_eq!(shown, ["2.35", "0.235", "0.0123", "1.2e-5", "0.0000"]);
    }

    #[test]
    fn numbers_to_try_are_short() {
        assert_eq!([0.01 * 10.0, 0.03 / 10.0, 3.0 * 0.1].map(number), ["0.1", "0.003", "0.3"]);
    }
}
