//! What was expected of a config, and what came.

use serde::Serialize;

use crate::analysis::compare::{ChangedConfig, Changes};
use crate::runs::record::RunRecord;

/// A prediction and its outcome, in fractions of held-out accuracy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// What tables call the config.
    pub label: String,
    /// The least and the most that it was expected to add.
    pub expected: [f64; 2],
    /// What it added to the baseline's mean.
    pub came: f64,
    /// Where the true change plausibly lies, if seeds can tell.
    pub interval: Option<[f64; 2]>,
    /// How the two compare.
    pub verdict: OutcomeVerdict,
}

/// How what came compares with what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeVerdict {
    /// At least the least that was expected.
    AsSaid,
    /// Something, but less.
    Less,
    /// Nothing, or harm.
    NoHelp,
}

impl OutcomeVerdict {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            OutcomeVerdict::AsSaid => "as said",
            OutcomeVerdict::Less => "less than said",
            OutcomeVerdict::NoHelp => "no help",
        }
    }
}

/// The outcomes of the configs of which something was expected. `runs_of` gives the runs of a config by its place
/// in the comparison.
pub fn outcomes<'a>(
    changes: &Changes,
    runs_of: impl Fn(usize) -> &'a [&'a RunRecord],
) -> Vec<Outcome> {
    let outcome = |changed: &ChangedConfig| {
        let points = runs_of(changed.config).iter().find_map(|run| run.role.expected)?;
        let came = changed.score.value;
        let expected = points.map(|points| points / 100.0);
        let verdict = match came {
            _ if !came.is_finite() => return None,
            _ if came >= expected[0] => OutcomeVerdict::AsSaid,
            _ if came > 0.0 => OutcomeVerdict::Less,
            _ => OutcomeVerdict::NoHelp,
        };
        let interval = changed.score.interval;
        Some(Outcome { label: changed.label.clone(), expected, came, interval, verdict })
    };
    changes.list.iter().filter_map(outcome).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::analysis::compare::{CompareOptions, compare};
    use crate::runs::samples::seeds;

    #[test]
    fn what_came_is_judged_by_the_least_that_was_expected() {
        let mut records = seeds(&[], 0.9, 0.5, 0.003);
        for (dropout, test) in [(0.1, 0.55), (0.2, 0.51), (0.3, 0.48), (0.4, 0.6)] {
            let mut config = seeds(&[("network.dropout", json!(dropout))], 0.8, test, 0.003);
            if dropout < 0.4 {
                config.iter_mut().for_each(|run| run.role.expected = Some([3.0, 6.0]));
            }
            records.extend(config);
        }
        let comparison = compare(&records, &CompareOptions::default()).unwrap();
        let changes = comparison.changes.as_ref().unwrap();
        let found = outcomes(changes, |place| &comparison.configs[place].runs);
        let mut verdicts: Vec<_> =
            found.iter().map(|outcome| (&*outcome.label, outcome.verdict.words())).collect();
        verdicts.sort_unstable();
        let expected = [
            ("dropout 0.1", "as said"),
            ("dropout 0.2", "less than said"),
            ("dropout 0.3", "no help"),
        ];
        assert_eq!(verdicts, expected);
        assert_eq!(found[0].expected, [0.03, 0.06]);
    }
}
