//! The length of a training: when the steps of an epoch become more or fewer, and when it is cut.

use crate::experiment::Trial;

/// The keys in steps, multiplied by `factor`, so that the passes over the examples stay the same. `training.epochs` and `warmup_epochs` stay as they are.
pub fn in_steps(trial: &Trial, factor: f64) -> Vec<(&'static str, String)> {
    let keys = [
        ("training.steps", trial.training.steps),
        ("schedule.warmup_steps", trial.schedule.warmup_steps.filter(|steps| *steps > 0)),
    ];
    let scaled = |steps: u64| ((steps as f64 * factor).round() as u64).max(1).to_string();
    keys.into_iter().filter_map(|(key, steps)| Some((key, scaled(steps?)))).collect()
}

/// All lengths divided by `divisor`, rounded down to at least one.
pub fn cut_to(trial: &Trial, divisor: u64) -> Vec<(&'static str, String)> {
    let keys = [
        ("training.steps", trial.training.steps),
        ("training.epochs", trial.training.epochs),
        ("schedule.warmup_steps", trial.schedule.warmup_steps.filter(|steps| *steps > 0)),
        ("schedule.warmup_epochs", trial.schedule.warmup_epochs.filter(|epochs| *epochs > 0)),
    ];
    let cut = |length: u64| (length / divisor).max(1).to_string();
    keys.into_iter().filter_map(|(key, length)| Some((key, cut(length?)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remedies::tests::baseline;

    #[test]
    fn only_what_is_stated_in_steps_changes() {
        let of = |more| {
            let network = "kind = 'mlp', hidden_sizes = [3]";
            in_steps(&baseline("dataset.kind = 'synthetic'", network, more), 0.5)
        };
        assert_eq!(of(""), []);
        assert_eq!(of("training.steps = 301"), [("training.steps", "151".to_owned())]);
        let warmup = of("schedule = { kind = 'linear', warmup_steps = 40 }");
        assert_eq!(warmup, [("schedule.warmup_steps", "20".to_owned())]);
        assert_eq!(of("schedule = { kind = 'linear', warmup_epochs = 4 }"), []);
    }
}
