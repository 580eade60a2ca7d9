//! What a table that is printed elsewhere has to carry with it: which runs its numbers come from,
//! the hashes of their results, and how often the test set was read for them.

use serde_json::Value;

use super::super::names::setting;
use super::super::record::RunRecord;
use super::configs::{Config, seed};

/// A line on all runs of the table, then one a run, in the table's order.
pub(super) fn lines(configs: &[Config]) -> Vec<String> {
    let runs =
        || configs.iter().flat_map(|config| config.runs.iter().map(move |run| (config, run)));
    let count = runs().count();
    let reads: u64 = runs().map(|(_, run)| test_reads(run)).sum();
    let noun = if count == 1 { "run" } else { "runs" };
    let mut lines = vec![format!("evidence: {count} {noun}, test set read {}", times(reads))];
    lines.extend(runs().map(|(config, run)| line(config, run)));
    lines
}

fn line(config: &Config, run: &RunRecord) -> String {
    let result = match &run.result_sha256 {
        Some(hash) => format!("result {hash}"),
        None => run.state.to_string(),
    };
    let reads = times(test_reads(run));
    let seed = seed(&run.trial).map_or(String::new(), |seed| format!(", seed {seed}"));
    format!("run {}: {result}, test set read {reads}, {}{seed}", run.id, config.label)
}

fn times(count: u64) -> String {
    match count {
        1 => "once".to_owned(),
        _ => format!("{count} times"),
    }
}

/// How often the test set was read for a run: at every evaluated epoch, or not at all while it is
/// sealed.
pub(super) fn test_reads(record: &RunRecord) -> u64 {
    if setting(&record.trial, "evaluation.test").and_then(Value::as_str) == Some("sealed") {
        return 0; // plus the unsealings that the record will have
    }
    let every = setting(&record.trial, "evaluation.every_epochs").and_then(Value::as_u64);
    let every = every.unwrap_or(1).max(1);
    let Some(last) = &record.last else { return 0 };
    // Before the first step, at every multiple, and after the last epoch.
    1 + last.epoch / every + u64::from(last.epoch % every > 0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::samples::{row, run, trial};
    use super::*;

    #[test]
    fn test_set_is_read_at_every_evaluated_epoch_and_never_while_sealed() {
        let reads = |changes: &[(&str, Value)], epoch| {
            let last = row(epoch, 0.5, None, 0.4);
            test_reads(&run(trial(changes, 1), last, last))
        };
        assert_eq!(reads(&[], 200), 201);
        let every = |n: u64| [("evaluation.every_epochs", json!(n))];
        assert_eq!(reads(&every(5), 10), 3, "epochs 0, 5 and 10");
        assert_eq!(reads(&every(5), 12), 4, "epochs 0, 5, 10 and 12");
        assert_eq!(reads(&every(0), 2), 3, "a damaged record divides by nothing");
        assert_eq!(reads(&every(100), 2), 2);
        assert_eq!(reads(&[("evaluation.test", json!("sealed"))], 200), 0);
        let mut untouched = run(trial(&[], 1), row(3, 0.5, None, 0.4), row(3, 0.5, None, 0.4));
        untouched.last = None;
        assert_eq!(test_reads(&untouched), 0);
    }
}
