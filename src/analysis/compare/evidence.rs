//! What a table must carry with it when it is published elsewhere: which runs its numbers come
//! from, the hashes of their results, and how often the test set was read for them.

use crate::analysis::compare::configs::Config;
use crate::escape::escape_controls;
use crate::runs::record::RunRecord;

/// A line about all runs of the table, then one line per run in the table's order.
pub(super) fn lines(configs: &[Config]) -> Vec<String> {
    let runs =
        || configs.iter().flat_map(|config| config.runs.iter().map(move |run| (config, run)));
    let count = runs().count();
    let reads: u64 = runs().map(|(_, run)| run.test_read_count()).sum();
    let noun = if count == 1 { "run" } else { "runs" };
    let mut lines = vec![format!("evidence: {count} {noun}, test set read {}", times(reads))];
    lines.extend(runs().map(|(config, run)| line(config, run)));
    lines
}

fn line(config: &Config, run: &RunRecord) -> String {
    let result = match &run.result_sha256 {
        Some(hash) => format!("result {}", escape_controls(hash)),
        None => run.state.to_string(),
    };
    let reads = times(run.test_read_count());
    let which = run.trial.replicate().map_or(String::new(), |which| format!(", {which}"));
    format!("run {}: {result}, test set read {reads}, {}{which}", run.id, config.label)
}

fn times(count: u64) -> String {
    match count {
        1 => "once".to_owned(),
        _ => format!("{count} times"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::runs::record::RunRecord;
    use crate::runs::samples::{row, run, trial};

    #[test]
    fn test_set_is_read_at_every_evaluated_epoch_and_never_while_sealed() {
        let reads = |changes: &[(&str, Value)], epoch| {
            let last = row(epoch, 0.5, None, 0.4);
            let whole = run(trial(changes, 1), last, last);
            RunRecord { total_epochs: epoch, ..whole }.test_read_count()
        };
        assert_eq!(reads(&[], 200), 201);
        let of_epoch_7 = row(7, 0.5, None, 0.4);
        let compared = run(trial(&[], 1), of_epoch_7, of_epoch_7);
        assert_eq!((compared.total_epochs, compared.test_read_count()), (200, 201));
        let every = |n: u64| [("evaluation.every_epochs", json!(n))];
        assert_eq!(reads(&every(5), 10), 3, "epochs 0, 5 and 10");
        assert_eq!(reads(&every(5), 12), 4, "epochs 0, 5, 10 and 12");
        assert_eq!(reads(&every(0), 2), 3, "a damaged record divides by nothing");
        assert_eq!(reads(&every(100), 2), 2);
        assert_eq!(reads(&[("evaluation.test", json!("sealed"))], 200), 0);
        let views = [("evaluation.test_time", json!("mirror"))];
        assert_eq!(reads(&views, 200), 202, "once more for the averages over views");
        let mut untouched = run(trial(&[], 1), row(3, 0.5, None, 0.4), row(3, 0.5, None, 0.4));
        untouched.last = None;
        assert_eq!(untouched.test_read_count(), 0);
    }

    #[test]
    fn control_characters_of_a_damaged_record_are_spelled_out() {
        let last = row(3, 0.5, None, 0.4);
        let mut damaged = run(trial(&[], 1), last, last);
        damaged.result_sha256 = Some("ab\u{7f}".to_owned());
        let records = [damaged];
        let lines = crate::analysis::compare::evidence::lines(
            &crate::analysis::compare::configs::configs_of(&records).list,
        );
        assert!(lines[1].contains(r"result ab\u{7f},"), "{}", lines[1]);
    }
}
