//! Runs whose loss became NaN or infinite.

use crate::analysis::diagnosis::finding::{Finding, Severity};
use crate::analysis::diagnosis::list::FindingKind;
use crate::analysis::diagnosis::words::epoch_over_runs;
use crate::runs::read::Curves;
use crate::runs::record::RunState;

/// Reports how many runs diverged and where. Even one of many is worth reporting, because no mean
/// includes it.
pub(super) fn diverged(runs: &[&Curves]) -> Option<Finding> {
    let is_diverged = |run: &&&Curves| run.record.state == RunState::Diverged;
    let diverged: Vec<_> = runs.iter().filter(is_diverged).collect();
    diverged.first()?;
    let epoch = |run: &&&Curves| run.record.last.as_ref().map_or(0, |row| row.epoch);
    let epochs: Vec<u64> = diverged.iter().map(epoch).collect();
    let when = epoch_over_runs(&epochs, runs);
    Some(Finding {
        kind: FindingKind::Diverged,
        severity: Severity::Problem,
        text: format!(
            "diverged: the loss became NaN or infinite after {when}; a tenth of the learning rate usually \
             prevents that"
        ),
        figures: vec![("runs", diverged.len() as f64), ("of_runs", runs.len() as f64)],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnosis::samples::{decaying, runs_of};

    #[test]
    fn one_diverged_seed_is_worth_a_word() {
        let mut runs = runs_of(3, decaying);
        assert_eq!(diverged(&runs.iter().collect::<Vec<_>>()), None);
        runs[1].record.state = RunState::Diverged;
        let finding = diverged(&runs.iter().collect::<Vec<_>>()).unwrap();
        assert!(finding.text.contains("after epoch 40 in 1 of 3 seeds;"), "{}", finding.text);
    }
}
