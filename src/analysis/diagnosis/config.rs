//! The diagnosis of several configs: runs are grouped as in the comparison.

use serde::Serialize;

use crate::analysis::compare::configs_by_settings;
use crate::analysis::diagnosis::{Finding, diagnose};
use crate::error::Result;
use crate::runs::read::Curves;
use crate::runs::record::{RunRecord, RunState};

/// One config with the diagnosis of its runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConfigDiagnosis {
    /// The varied settings in words, or the experiment; safe to print.
    pub label: String,
    /// Ids of its runs.
    pub runs: Vec<String>,
    /// States of the unfinished runs, with counts.
    pub unfinished: Vec<(RunState, usize)>,
    /// The findings, the gravest first.
    pub findings: Vec<Finding>,
}

/// Diagnoses every config of `records`; `read` returns the curves of a run; it is called for one
/// config at a time.
///
/// # Errors
/// When `read` fails.
pub fn diagnose_configs(
    records: &[RunRecord],
    mut read: impl FnMut(&RunRecord) -> Result<Curves>,
) -> Result<Vec<ConfigDiagnosis>> {
    let (configs, _) = configs_by_settings(records);
    let mut diagnoses = Vec::new();
    for config in configs {
        let curves: Result<Vec<Curves>> = config.runs.iter().map(|record| read(record)).collect();
        diagnoses.push(ConfigDiagnosis {
            label: config.label,
            runs: config.runs.iter().map(|record| record.id.clone()).collect(),
            unfinished: unfinished(&config.runs),
            findings: diagnose(&curves?),
        });
    }
    Ok(diagnoses)
}

fn unfinished(records: &[&RunRecord]) -> Vec<(RunState, usize)> {
    let mut states: Vec<RunState> = records.iter().map(|record| record.state).collect();
    states.retain(|state| *state != RunState::Finished);
    states.sort_unstable();
    let runs = states.chunk_by(|a, b| a == b);
    runs.map(|same| (same[0], same.len())).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::{decaying, memorised};
    use crate::analysis::diagnosis::{FindingKind, Severity, samples};
    use crate::runs::samples::set;
    use serde_json::json;

    /// Two configs, of two seeds each, one of them unfinished.
    pub(crate) fn two_configs() -> Vec<ConfigDiagnosis> {
        let mut runs: Vec<Curves> = [1, 2].map(memorised).to_vec();
        for seed in [1, 2] {
            let mut run = decaying(seed);
            set(&mut run.record, "network", "dropout", json!(0.3));
            run.record.id = format!("{seed:012x}");
            runs.push(run);
        }
        runs[3].record.state = RunState::Interrupted;
        let records: Vec<RunRecord> = runs.iter().map(|run| run.record.clone()).collect();
        let of = |record: &RunRecord| runs.iter().find(|run| run.record.id == record.id).cloned();
        diagnose_configs(&records, |record| Ok(of(record).expect("one of the runs"))).unwrap()
    }

    #[test]
    fn configs_are_diagnosed_apart() {
        let [memorising, healthy] = two_configs().try_into().unwrap();
        assert_eq!(memorising.findings[0].kind, FindingKind::Memorising);
        assert_eq!((memorising.label.as_str(), memorising.runs.len()), ("baseline", 2));
        assert_eq!(healthy.unfinished, [(RunState::Interrupted, 1)]);
        let grave = healthy.findings.iter().filter(|finding| finding.severity > Severity::Note);
        assert_eq!(grave.count(), 0, "{healthy:?}");
    }

    #[test]
    fn run_that_cannot_be_read_is_an_error() {
        let run = samples::flat(1);
        let refuse = |_: &_| Err(crate::error::Error::Usage("no".to_owned()));
        let error = diagnose_configs(&[run.record], refuse).unwrap_err();
        assert_eq!(error.to_string(), "no");
    }
}
