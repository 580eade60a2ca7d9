//! Settings introduced after a release: a trial omits them while they have their default, so that
//! older runs keep their ids. In comparisons they have that default.

use std::sync::LazyLock;

use serde_json::Value;

use super::Trial;
use crate::config::keys::{ConfigTable, KeyFacts, Preset, TableFacts, ValueKind};

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

/// A setting of one kind of a table that a trial of this kind omits while it has its default.
struct KindSetting {
    table: String, // its dotted key; for layers, wherever they are, `layers`
    kind: &'static str,
    name: &'static str,
    default: Value,
}

/// The default of the setting `key` if a trial leaves it out for the kind of its table. `kind_of` says the kind of the
/// table with this dotted key, if the trial has one.
pub fn default_of_kind(
    key: &str,
    kind_of: impl FnOnce(&str) -> Option<String>,
) -> Option<&'static Value> {
    static ALL: LazyLock<Vec<KindSetting>> = LazyLock::new(kind_settings);
    let (path, last) = key.rsplit_once('.')?;
    let list = path.rsplit_once('.').map(|(list, _)| list);
    let is_layer = list.is_some_and(|list| list.rsplit('.').next() == Some(LAYERS));
    let table = if is_layer { LAYERS } else { path };
    let mut named = ALL.iter().filter(|one| one.table == table && one.name == last).peekable();
    named.peek()?;
    let kind = kind_of(path)?;
    named.find(|one| one.kind == kind).map(|one| &one.default)
}

/// The key whose elements are layers.
const LAYERS: &str = "layers";

fn kind_settings() -> Vec<KindSetting> {
    let mut all = Vec::new();
    for key in &Trial::facts().keys {
        let ValueKind::Table(facts) = key.kind else { continue };
        let facts = facts();
        add_kinds(key.name, &facts, &mut all);
        if let Some(KeyFacts { kind: ValueKind::Tables(layers), .. }) = facts.key(LAYERS) {
            add_kinds(LAYERS, &layers(), &mut all);
        }
    }
    all
}

fn add_kinds(table: &str, facts: &TableFacts, all: &mut Vec<KindSetting>) {
    for kind in &facts.kinds {
        for key in (kind.facts)().keys.iter().filter(|key| key.is_left_out) {
            if let Some(value) = key.preset.fixed() {
                let (table, default) = (table.to_owned(), value.into());
                all.push(KindSetting { table, kind: kind.name, name: key.name, default });
            }
        }
    }
}

/// Whether a trial without this key means what `false` says.
pub(super) fn is_off_where_absent(path: &[String]) -> bool {
    let Some((last, tables)) = path.split_last() else { return false };
    let mut facts = Trial::facts();
    let mut elements = None;
    for part in tables {
        if let Some(element) = elements.take() {
            facts = element;
            continue;
        }
        match facts.key(part).map(|key| key.kind) {
            Some(ValueKind::Table(inner)) => facts = inner(),
            Some(ValueKind::Tables(inner)) => elements = Some(inner()),
            _ => return false,
        }
    }
    elements.is_none() && facts.key(last).is_some_and(|key| key.can_be_switched_off())
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

    #[test]
    fn a_kind_has_the_defaults_that_it_leaves_out() {
        let found = |key: &str, kind: &str| {
            default_of_kind(key, |_| Some(kind.to_owned())).map(Value::to_string)
        };
        let of = |key: &str, kind: &str| found(key, kind).unwrap_or_default();
        assert_eq!(of("optimizer.decoupled_weight_decay", "sgd"), "false");
        assert_eq!(of("optimizer.decoupled_weight_decay", "adam"), "");
        assert_eq!(of("network.layers.2.momentum", "batch_norm"), "0.1");
        assert_eq!(of("network.layers.4.layers.bn.scale", "batch_norm"), "true");
        assert_eq!(of("network.layers.2.momentum", "linear"), "");
        assert_eq!(of("network.stochastic_depth", "resnet"), "0.0");
        assert_eq!(of("dataset.encoding", "csv"), "\"utf-8\"");
        assert_eq!(default_of_kind("optimizer.decoupled_weight_decay", |_| None), None);
    }

    #[test]
    fn what_may_be_switched_off_is_off_where_it_is_absent() {
        let is_off =
            |key: &str| is_off_where_absent(&key.split('.').map(str::to_owned).collect::<Vec<_>>());
        for key in ["training.ema_decay", "training.lookahead", "evaluation.test_time"] {
            assert!(is_off(key), "{key}");
        }
        for key in ["training.epochs", "optimizer.learning_rate", "training.nonsense.here", ""] {
            assert!(!is_off(key), "{key}");
        }
    }
}
