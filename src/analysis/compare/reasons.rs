//! Why a mean leaves runs out: a line for each run that failed, diverged or was lost.

use crate::escape::escape_controls;
use crate::few::few_lines;
use crate::runs::record::{RunRecord, RunState};

/// Why `record` is not finished; none if it is, or still may be.
pub(crate) fn reason(record: &RunRecord) -> Option<String> {
    let reason = match (record.state, &record.reason) {
        (RunState::Failed | RunState::Diverged, Some(reason)) => reason.clone(),
        (RunState::Lost, _) => format!("{} gives no sign of life", *record.owner),
        _ => return None,
    };
    Some(escape_controls(&reason).into_owned())
}

/// One line for each run that has a reason.
pub fn reasons(records: &[RunRecord]) -> Vec<String> {
    let line =
        |record: &RunRecord| Some(format!("{} {}: {}", record.id, record.state, reason(record)?));
    let lines = records.iter().filter_map(line).collect();
    few_lines(lines, |more| format!("and {more} more; `runner show ID` says why"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::samples::seeds;

    #[test]
    fn each_state_that_needs_a_reason_has_one() {
        let mut records = seeds(&[], 0.94, 0.48, 0.003);
        (records[0].state, records[0].reason) = (RunState::Failed, Some("disk\x1b[2J".to_owned()));
        records[1].state = RunState::Lost;
        let owner = records[1].owner.to_string();
        let lines = reasons(&records);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].ends_with(r" failed: disk\u{1b}[2J"), "{lines:?}");
        assert!(lines[1].ends_with(&format!(" lost: {owner} gives no sign of life")), "{lines:?}");
    }

    #[test]
    fn many_reasons_are_counted() {
        let mut record = seeds(&[], 0.94, 0.48, 0.003).remove(0);
        (record.state, record.reason) = (RunState::Failed, Some("disk".to_owned()));
        assert_eq!(reasons(&vec![record.clone(); 6]).len(), 6);
        let lines = reasons(&vec![record; 9]);
        assert_eq!((lines.len(), &*lines[5]), (6, "and 4 more; `runner show ID` says why"));
    }
}
