//! Settings introduced after a release: a trial omits them while they have their default, so that
//! older runs keep their ids. In comparisons they have that default.

use std::sync::LazyLock;

use serde_json::Value;

use super::Trial;
use crate::config::keys::{ConfigTable, Preset, TableFacts, ValueKind};

/// A setting that a trial omits while it has its default.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOutSetting {
    /// The dotted key.
    pub key: String,
    /// The default.
    pub default: Value,
}

/// All of them.
pub fn defaults_left_out() -> &'static [LeftOutSetting] {
    static ALL: LazyLock<Vec<LeftOutSetting>> = LazyLock::new(|| {
        let mut all = Vec::new();
        add("", &Trial::facts(), false, &mut all);
        all
    });
    &ALL
}

/// Adds those of a table; if the table itself is omitted, all that have a default.
fn add(path: &str, table: &TableFacts, is_left_out: bool, all: &mut Vec<LeftOutSetting>) {
    if let (true, Some(first)) = (is_left_out, table.kinds.first()) {
        all.push(LeftOutSetting { key: format!("{path}.kind"), default: first.name.into() });
    }
    for key in &table.keys {
        let dot = if path.is_empty() { "" } else { "." };
        let name = format!("{path}{dot}{}", key.name);
        let is_left_out = is_left_out || key.is_left_out;
        match (&key.kind, &key.preset) {
            (ValueKind::Table(facts), _) => add(&name, &facts(), is_left_out, all),
            (_, Preset::Fixed(value)) if is_left_out => {
                all.push(LeftOutSetting { key: name, default: value.into() });
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_after_a_release_is_known_with_its_default() {
        let keys: Vec<String> =
            defaults_left_out().iter().map(|one| format!("{} {}", one.key, one.default)).collect();
        for expected in [
            "augmentation.horizontal_flip 0.0",
            "augmentation.random_crop.fill 0",
            "evaluation.test \"every\"",
            "schedule.kind \"constant\"",
            "training.label_smoothing 0.0",
        ] {
            assert!(keys.iter().any(|key| key == expected), "{expected}: {keys:?}");
        }
        assert!(!keys.iter().any(|key| key.starts_with("network.") || key.contains("clip")));
    }
}
