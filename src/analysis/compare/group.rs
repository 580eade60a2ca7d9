//! The first stage of a comparison: runs become its rows: one config each, or several configs if
//! the user groups them.

use crate::analysis::compare::CompareOptions;
use crate::analysis::compare::configs::{Configs, configs_of};
use crate::analysis::compare::epoch::EpochChoice;
use crate::analysis::compare::grouped::{Grouped, keys, pool};
use crate::analysis::names::Names;
use crate::error::Result;
use crate::runs::record::RunRecord;

/// The rows of a comparison, in the order of the configs.
pub(super) struct ComparisonRows<'a> {
    pub(super) configs: Configs<'a>,
    /// For rows that average over configs.
    pub(super) grouped: Option<Grouped>,
    /// A note that a search stopped some configs at a rung; they are not rows.
    pub(super) paused: Option<String>,
}

/// Groups runs that differ only in the seed, then by the settings in `options`.
///
/// # Errors
/// When a setting to group by does not exist.
pub(super) fn group<'a>(
    records: &'a [RunRecord],
    options: &CompareOptions,
) -> Result<ComparisonRows<'a>> {
    let mut configs = configs_of(records);
    let paused = configs.leave_out_paused();
    let (mut configs, grouped) = match options.group_by.is_empty() {
        true => (configs, None),
        false => {
            let keys = keys(&Names::of(records), &options.group_by)?;
            let (pooled, of_rows) = pool(configs, &keys);
            (pooled, Some(of_rows))
        }
    };
    if options.epoch == EpochChoice::Best {
        configs.comparability = configs.comparability.of_best_epochs(records.iter());
    }
    Ok(ComparisonRows { configs, grouped, paused })
}
