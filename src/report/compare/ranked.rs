//! Runs grouped into configs as the table has them, the best first, for what draws them instead of averaging them.

use super::super::record::RunRecord;
use super::super::settings::Settings;
use super::columns::{Content, Figure};
use super::{configs, ranking, sort};

/// The runs of one config.
#[derive(Debug, Clone)]
pub(in crate::report) struct RankedConfig {
    /// The varied settings in words, or the experiment.
    pub(in crate::report) label: String,
    pub(in crate::report) settings: Settings,
    /// Ids of its runs, finished or not.
    pub(in crate::report) ids: Vec<String>,
}

/// All configs of a comparison.
#[derive(Debug, Clone)]
pub(in crate::report) struct RankedConfigs {
    /// Best first, by the figure that ranks the table.
    pub(in crate::report) configs: Vec<RankedConfig>,
    /// The keys in which they differ.
    pub(in crate::report) varied: Vec<String>,
    /// Whether validation ranks them; else test does.
    pub(in crate::report) by_validation: bool,
}

/// Groups runs into configs.
pub(in crate::report) fn ranked(records: &[RunRecord]) -> RankedConfigs {
    let mut configs = configs::group(records);
    let ranked_by = ranking(&configs.list);
    sort(&mut configs.list, &Content::Figure(ranked_by), false);
    let list = configs.list.into_iter().map(|config| RankedConfig {
        label: config.label,
        settings: config.settings,
        ids: config.runs.iter().map(|run| run.id.clone()).collect(),
    });
    RankedConfigs {
        configs: list.collect(),
        varied: configs.varied,
        by_validation: ranked_by == Figure::Val,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::samples::seeds;
    use super::*;

    #[test]
    fn best_config_comes_first_with_all_its_runs() {
        let mut records = seeds(&[], 0.94, 0.48, 0.003);
        records.extend(seeds(&[("network.dropout", json!(0.2))], 0.67, 0.53, 0.003));
        let RankedConfigs { configs, varied, by_validation } = ranked(&records);
        assert!(!by_validation);
        assert_eq!(varied, ["network.dropout"]);
        let labels: Vec<&str> = configs.iter().map(|config| &*config.label).collect();
        assert_eq!(labels, ["dropout 0.2", "no dropout"]);
        assert_eq!(configs[1].ids, [0, 1, 2].map(|run| records[run].id.clone()));
    }
}
