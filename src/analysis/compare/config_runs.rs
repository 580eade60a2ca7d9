//! The configs of runs with the runs themselves, for reports that need more than their means.

use crate::analysis::comparability::Incomparable;
use crate::analysis::compare::configs::{Config, configs_of};
use crate::analysis::compare::rank::sort_by_rank;
use crate::analysis::settings::Settings;
use crate::runs::figures::Figure;
use crate::runs::record::RunRecord;
use crate::stats::Unit;

/// A config and its runs.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigRuns<'a> {
    /// The varied settings in words, or the experiment.
    pub label: String,
    /// The settings that are not the same in all configs.
    pub settings: Settings,
    /// Its runs by seed, finished or not.
    pub runs: Vec<&'a RunRecord>,
    /// What the figures of all configs are averaged over.
    pub unit: Unit,
}

/// All configs, the best first.
#[derive(Debug, Clone)]
pub(crate) struct RankedConfigs<'a> {
    /// Ordered by the figure that ranks the table.
    pub(crate) configs: Vec<ConfigRuns<'a>>,
    /// The keys in which they differ.
    pub(crate) varied: Vec<String>,
    /// Whether validation ranks them; else test does.
    pub(crate) by_validation: bool,
    /// Why none of them is the best by that figure, if so.
    pub(crate) problem: Option<Incomparable>,
}

/// Groups runs into configs as [`crate::analysis::compare::compare`] does, ordered by their varied settings; and the
/// keys in which they differ.
pub(crate) fn configs_by_settings(records: &[RunRecord]) -> (Vec<ConfigRuns<'_>>, Vec<String>) {
    let configs = configs_of(records);
    (configs.list.into_iter().map(ConfigRuns::of).collect(), configs.varied)
}

/// Like [`configs_by_settings`], but in the order of the table.
pub(crate) fn ranked_configs(records: &[RunRecord]) -> RankedConfigs<'_> {
    let mut configs = configs_of(records);
    let ranked_by = sort_by_rank(&mut configs.list);
    RankedConfigs {
        problem: configs.problem(ranked_by),
        configs: configs.list.into_iter().map(ConfigRuns::of).collect(),
        varied: configs.varied,
        by_validation: ranked_by == Figure::ValAccuracy,
    }
}

impl<'a> ConfigRuns<'a> {
    pub(super) fn of(config: Config<'a>) -> ConfigRuns<'a> {
        let Config { label, settings, runs, unit, .. } = config;
        ConfigRuns { label, settings, runs, unit }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::runs::samples::seeds;

    #[test]
    fn best_config_comes_first_with_all_its_runs() {
        let mut records = seeds(&[], 0.94, 0.48, 0.003);
        records.extend(seeds(&[("network.dropout", json!(0.2))], 0.67, 0.53, 0.003));
        let RankedConfigs { configs, varied, by_validation, .. } = ranked_configs(&records);
        assert!(!by_validation);
        assert_eq!(varied, ["network.dropout"]);
        let labels: Vec<&str> = configs.iter().map(|config| &*config.label).collect();
        assert_eq!(labels, ["dropout 0.2", "baseline"]);
        assert_eq!(configs[1].runs, [0, 1, 2].map(|run| &records[run]));
    }
}
