//! The settings that vary, as factors of a design: which config has which value.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::analysis::compare::ConfigRuns;
use crate::analysis::effects::trends::FEWEST_POINTS;
use crate::analysis::settings;
use crate::analysis::settings::Settings;
use crate::escape::escape_controls;
use crate::table::value::value_text;

/// A setting, or several that only ever change together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Factor {
    pub(super) keys: Vec<String>,
    /// Its values as tables show them, in order.
    pub(super) values: Vec<String>,
    /// For each config the index of its value; `None` where its kind does not have the setting.
    pub(super) level_of: Vec<Option<usize>>,
    /// Whether its values are points on an axis, see [`crate::analysis::effects::Trend`]: other
    /// factors are matched by it, but it has no effects of its own.
    pub(super) has_many_values: bool,
}

/// The factors of these configs. Keys with fewer than two values are not factors.
pub(super) fn factors(configs: &[ConfigRuns], varied: &[String]) -> Vec<Factor> {
    let mut factors: Vec<Factor> = Vec::new();
    let mut by_partition: BTreeMap<Vec<Option<usize>>, usize> = BTreeMap::new();
    for key in varied {
        let factor = factor(configs, key, varied);
        if factor.values.len() < 2 {
            continue;
        }
        if factor.has_many_values {
            factors.push(factor);
            continue;
        }
        let place = by_partition.entry(partition(&factor.level_of)).or_insert(factors.len());
        match factors.get_mut(*place) {
            Some(same) => tie(same, factor),
            None => factors.push(factor),
        }
    }
    factors
}

fn factor(configs: &[ConfigRuns], key: &str, varied: &[String]) -> Factor {
    let has = |settings: &Settings| settings::label_of(settings, key, varied).is_some();
    let values_of =
        || configs.iter().map(|config| has(&config.settings).then(|| config.settings.get(key)));
    let mut values: Vec<_> = values_of().flatten().collect();
    values.sort_by(|a, b| settings::order_of_values(*a, *b));
    values.dedup();
    let text = |value: &Option<&Value>| value.map(Value::to_string);
    let places: HashMap<Option<String>, usize> =
        values.iter().enumerate().map(|(place, value)| (text(value), place)).collect();
    let level_of = values_of().map(|value| places.get(&text(&value?)).copied()).collect();
    let shown = |value: &Option<&Value>| value.map_or("default".to_owned(), value_text);
    let texts = values.iter().map(|value| escape_controls(&shown(value)).into_owned()).collect();
    let has_many_values = has_many_values(configs, key);
    let keys = vec![escape_controls(key).into_owned()];
    Factor { keys, values: texts, level_of, has_many_values }
}

/// Levels numbered in the order in which they first occur, so that equal partitions are equal.
fn partition(level_of: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut numbers = BTreeMap::new();
    let mut number = |level: usize| {
        let next = numbers.len();
        *numbers.entry(level).or_insert(next)
    };
    level_of.iter().map(|level| level.map(&mut number)).collect()
}

/// Joins `factor` with one that always changes with it.
fn tie(factor: &mut Factor, other: Factor) {
    factor.keys.extend(other.keys);
    for (level, value) in factor.values.iter_mut().enumerate() {
        let config = factor.level_of.iter().position(|of| *of == Some(level));
        let other_level = config.and_then(|config| other.level_of[config]);
        let beside = other_level.map_or("default", |index| other.values[index].as_str());
        *value = format!("{value} + {beside}");
    }
}

/// Whether configs have more numbers at a key than a factor has levels, or as many as a trend needs where a search drew
/// them.
pub(super) fn has_many_values(configs: &[ConfigRuns], key: &str) -> bool {
    let values = || configs.iter().filter_map(|config| config.settings.get(key));
    let is_drawn = || configs.iter().flat_map(|c| &c.runs).any(|run| run.role.draws(key));
    settings::has_many_numbers(values())
        || (settings::different_numbers(values()) >= FEWEST_POINTS && is_drawn())
}
