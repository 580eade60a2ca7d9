//! Settings that a trial leaves out while they have their default have it where runs are compared.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::experiment::{LeftOutSetting, defaults_left_out};

/// The value that a setting has in a trial that leaves it out.
pub(super) fn default_left_out(key: &str) -> Option<&'static Value> {
    defaults_left_out().iter().find(|left_out| left_out.key == key).map(|found| &found.default)
}

/// Gives settings that others of the same trials have, and that some leave out, their default there.
pub(super) fn fill_left_out(all: &mut [BTreeMap<String, Value>]) {
    for LeftOutSetting { key, default } in defaults_left_out() {
        if all.iter().any(|settings| settings.contains_key(key)) {
            for settings in all.iter_mut().filter(|settings| !settings.contains_key(key)) {
                settings.insert(key.clone(), default.clone());
            }
        }
    }
}
