//! Fills in, for comparisons, the defaults of settings that a trial leaves out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::analysis::names::setting;
use crate::experiment::{LeftOutSetting, default_of_kind, defaults_left_out};
use crate::runs::trial_tables::TrialTables;

/// The value of a setting in a trial that leaves it out. `kind_of` says the kind of the trial's table with this
/// dotted key.
pub(super) fn default_left_out(
    key: &str,
    kind_of: impl FnOnce(&str) -> Option<String>,
) -> Option<&'static Value> {
    let common = defaults_left_out().iter().find(|left_out| left_out.key == key);
    common.map(|found| &found.default).or_else(|| default_of_kind(key, kind_of))
}

/// A setting of a trial, or its default if the trial leaves it out.
pub(super) fn value_or_default<'a>(trial: &'a TrialTables, key: &str) -> Option<&'a Value> {
    let kind_of =
        |table: &str| setting(trial, &format!("{table}.kind"))?.as_str().map(str::to_owned);
    setting(trial, key).or_else(|| default_left_out(key, kind_of))
}

/// The kind of the table with this dotted key, in a trial's settings.
pub(super) fn kind_in(settings: &BTreeMap<String, Value>, table: &str) -> Option<String> {
    settings.get(&format!("{table}.kind"))?.as_str().map(str::to_owned)
}

/// Gives settings that only some of the trials have their default in the others.
pub(super) fn fill_left_out(all: &mut [BTreeMap<String, Value>]) {
    for LeftOutSetting { key, default } in defaults_left_out() {
        if all.iter().any(|settings| settings.contains_key(key)) {
            for settings in all.iter_mut().filter(|settings| !settings.contains_key(key)) {
                settings.insert(key.clone(), default.clone());
            }
        }
    }
    let keys: BTreeSet<String> = all.iter().flat_map(BTreeMap::keys).cloned().collect();
    for key in &keys {
        for settings in all.iter_mut().filter(|settings| !settings.contains_key(key)) {
            if let Some(default) = default_of_kind(key, |table| kind_in(settings, table)) {
                settings.insert(key.clone(), default.clone());
            }
        }
    }
}
