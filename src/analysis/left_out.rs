//! Fills in, for comparisons, the defaults of settings that a trial leaves out.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::experiment::{LeftOutSetting, defaults_left_out};

/// The value of a setting in a trial that leaves it out.
pub(super) fn default_left_out(key: &str) -> Option<&'static Value> {
    defaults_left_out().iter().find(|left_out| left_out.key == key).map(|found| &found.default)
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
}
