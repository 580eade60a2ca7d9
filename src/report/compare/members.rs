//! The configs of runs with the runs themselves, for reports that look at more than their means.

use std::collections::HashMap;

use super::super::record::RunRecord;
use super::super::settings::Settings;
use super::configs;

/// A config and its runs.
#[derive(Debug, Clone)]
pub(in crate::report) struct Member<'a> {
    pub(in crate::report) label: String, // the varied settings in words, or the experiment
    pub(in crate::report) settings: Settings,
    pub(in crate::report) records: Vec<&'a RunRecord>,
}

/// Groups runs into configs as [`super::compare`] does, ordered by their varied settings; and the
/// keys in which they differ.
pub(in crate::report) fn members(records: &[RunRecord]) -> (Vec<Member<'_>>, Vec<String>) {
    let by_id: HashMap<&str, &RunRecord> =
        records.iter().rev().map(|record| (record.id.as_str(), record)).collect();
    let configs = configs::group(records);
    let member = |config: configs::Config| Member {
        label: config.label,
        settings: config.settings,
        records: config.ids.iter().filter_map(|id| by_id.get(id.as_str()).copied()).collect(),
    };
    (configs.list.into_iter().map(member).collect(), configs.varied)
}
