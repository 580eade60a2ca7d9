//! Settings that came after the first release: a trial leaves them out while they have their default, so
//! that older runs keep their ids. Where runs are compared they have that default.

use std::collections::BTreeMap;

use serde_json::Value;

/// Settings that are left out of a trial while they have their default, with that.
const DEFAULTS_LEFT_OUT: [(&str, LeftOut); 11] = [
    ("evaluation.test", LeftOut::Text("every")),
    ("augmentation.horizontal_flip", LeftOut::Number(0.0)),
    ("augmentation.random_crop.padding", LeftOut::Number(0.0)),
    ("augmentation.random_crop.fill", LeftOut::Number(0.0)),
    ("augmentation.color_jitter.brightness", LeftOut::Number(0.0)),
    ("augmentation.color_jitter.contrast", LeftOut::Number(0.0)),
    ("augmentation.color_jitter.saturation", LeftOut::Number(0.0)),
    ("augmentation.cutout.size", LeftOut::Number(0.0)),
    ("augmentation.mixup.alpha", LeftOut::Number(0.0)),
    ("schedule.kind", LeftOut::Text("constant")),
    ("training.label_smoothing", LeftOut::Number(0.0)),
];

/// A default that trials leave out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum LeftOut {
    Text(&'static str),
    Number(f64),
}

impl From<LeftOut> for Value {
    fn from(default: LeftOut) -> Value {
        match default {
            LeftOut::Text(text) => text.into(),
            LeftOut::Number(number) => number.into(),
        }
    }
}

/// The value that a setting has in a trial that leaves it out.
pub(super) fn default_left_out(key: &str) -> Option<LeftOut> {
    DEFAULTS_LEFT_OUT.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
}

/// Gives settings that others of the same trials have, and that some leave out, their default there.
pub(super) fn fill_left_out(all: &mut [BTreeMap<String, Value>]) {
    for (key, default) in DEFAULTS_LEFT_OUT {
        if all.iter().any(|settings| settings.contains_key(key)) {
            for settings in all.iter_mut().filter(|settings| !settings.contains_key(key)) {
                settings.insert(key.to_owned(), default.into());
            }
        }
    }
}
