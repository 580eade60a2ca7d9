//! `--group-by`: one row for each value of the chosen settings, averaged over all other settings.
//! Such a mean is over different configs, so its spread says nothing about seeds, and no effect is
//! named.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::analysis::comparability::{Comparability, Incomparable, numbered};
use crate::analysis::compare::configs::{Config, Configs, order_of_configs, set_unit, summarise};
use crate::analysis::compare::notes;
use crate::analysis::names::{Name, Names, setting};
use crate::analysis::settings::{Settings, is_of_replicates};
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::few::{Between, first_few};
use crate::runs::figures::Figure;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::record::RunRecord;
use crate::table::hundredfold;

/// Facts about rows that average over configs.
pub(super) struct Grouped {
    others: Vec<String>, // settings that vary within rows
    is_mixed: bool,      // a row has several configs
    is_balanced: bool,   // all rows average over the same other settings
}

/// The keys that the user named.
///
/// # Errors
/// When one is no setting.
pub(super) fn keys(names: &Names, wanted: &[String]) -> Result<Vec<String>> {
    let mut keys = Vec::new();
    for name in wanted {
        let key = match names.resolve(name.trim()) {
            Ok(Name::Setting(key)) if is_of_replicates(&key) => {
                return Err(Error::Usage(format!(
                    "--group-by takes settings of configs, and `{}` tells the runs of one config apart",
                    escape_controls(name.trim())
                )));
            }
            Ok(Name::Setting(key)) => key,
            Ok(_) => {
                let name = escape_controls(name);
                return Err(Error::Usage(format!(
                    "--group-by takes settings, and `{name}` is not one"
                )));
            }
            Err(unknown) => {
                return Err(Error::Usage(format!(
                    "--group-by: {}: {}",
                    unknown.title, unknown.help
                )));
            }
        };
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Ok(keys)
}

/// One config for each combination of values of `keys`, with the runs of all configs that have it.
pub(super) fn pool<'a>(configs: Configs<'a>, keys: &[String]) -> (Configs<'a>, Grouped) {
    let others: Vec<String> =
        configs.varied.iter().filter(|key| !keys.contains(key)).cloned().collect();
    let mut rows: BTreeMap<String, (Settings, Vec<Config<'a>>)> = BTreeMap::new();
    for config in configs.list {
        let values: Settings = keys.iter().filter_map(|key| value_of(&config, key)).collect();
        let identity = format!("{values:?}");
        rows.entry(identity).or_insert_with(|| (values, Vec::new())).1.push(config);
    }
    let contexts: BTreeSet<BTreeSet<String>> =
        rows.values().map(|(_, row)| row.iter().map(|c| context(c, &others)).collect()).collect();
    let is_mixed = rows.values().any(|(_, row)| row.len() > 1);
    let is_balanced = contexts.len() < 2;
    let of_rows: Vec<&[Config]> = rows.values().map(|(_, row)| row.as_slice()).collect();
    let comparability = match is_balanced && rows_share_examples(&of_rows) {
        true => Comparability::EQUAL,
        false => configs.comparability,
    };
    let pooled = rows.into_values().map(|(values, row)| {
        let runs: Vec<&'a RunRecord> = row.into_iter().flat_map(|config| config.runs).collect();
        summarise(runs, values, keys)
    });
    let mut list: Vec<Config<'a>> = pooled.collect();
    list.sort_by(|a, b| order_of_configs(a, b, keys));
    set_unit(&mut list);
    let facts = Grouped { others, is_mixed, is_balanced };
    (Configs { list, varied: keys.to_vec(), comparability, choice: None }, facts)
}

/// Whether all rows average over figures of the same examples, as they do if each row covers all of
/// the data.
fn rows_share_examples(rows: &[&[Config]]) -> bool {
    let finished = |row: &'_ [Config]| row.iter().filter(|config| config.finished > 0).count();
    let runs = || {
        let configs = rows.iter().flat_map(|row| row.iter());
        configs.filter(|config| config.finished > 0).map(|config| config.runs.as_slice())
    };
    [HeldOutSplit::Test, HeldOutSplit::Validation].into_iter().all(|split| {
        let mut numbers = numbered(runs(), split).into_iter();
        let mut of_row = |row: &&[Config]| {
            let mut in_row: Vec<usize> = numbers.by_ref().take(finished(row)).collect();
            in_row.sort_unstable();
            in_row
        };
        let of_rows: Vec<Vec<usize>> = rows.iter().map(&mut of_row).collect();
        of_rows.windows(2).all(|pair| pair[0] == pair[1])
    })
}

fn value_of(config: &Config, key: &String) -> Option<(String, Value)> {
    let of_config = config.settings.get(key);
    let value = of_config.or_else(|| setting(&config.runs.first()?.trial, key))?;
    Some((key.clone(), value.clone()))
}

/// The other settings of a config, and how many of its runs count.
fn context(config: &Config, others: &[String]) -> String {
    let values: Vec<_> = others.iter().map(|key| config.settings.get(key)).collect();
    format!("{values:?} {}", config.finished)
}

/// The answer: which row is highest, and a warning that this is not an effect. The rows are sorted
/// by `ranked_by`.
pub(super) fn answer(configs: &Configs, ranked_by: Figure) -> Vec<String> {
    if let Some(Incomparable { why, .. }) = configs.problem(ranked_by) {
        return vec![format!("No row is named: {why}.")];
    }
    let best = configs.list.first().and_then(|c| Some((c, c.over(ranked_by)?.mean)));
    let Some((config, mean)) = best.filter(|(_, mean)| mean.is_finite()) else {
        return vec!["No finished run to compare yet.".to_owned()];
    };
    let percent = hundredfold(mean);
    let runs = if config.finished == 1 { "run" } else { "runs" };
    let highest = format!(
        "Highest mean {}: {}, {percent} % over {} {runs}.",
        ranked_by.kind().words,
        config.label,
        config.finished
    );
    let no_effect = "No effect is named: rows of --group-by average over configs, whose spread is \
                     not that of seeds.";
    vec![highest, no_effect.to_owned()]
}

impl Grouped {
    /// The meaning of the numbers, in place of the legend of configs.
    pub(super) fn legend(&self, legend: String) -> String {
        match self.is_mixed {
            true => legend.replace("over n seeds", "over n runs of different configs"),
            false => legend,
        }
    }

    /// The lines under the table.
    pub(super) fn notes(
        &self,
        configs: &Configs,
        ranked_by: Figure,
        sorted_by: Option<&str>,
    ) -> Vec<String> {
        let mut lines = vec![notes::order(configs, ranked_by, sorted_by)];
        if self.is_mixed {
            let others = shown_keys(&self.others);
            lines.push(format!("each row is a mean over configs that differ in {others}"));
        }
        if !self.is_balanced {
            let line = "the rows do not average over the same other settings or numbers of runs, \
                        which may explain differences between them";
            lines.push(line.to_owned());
        }
        lines.extend(notes::capped(notes::left_out(&configs.list)));
        lines.extend(notes::capped(notes::missing_classes(&configs.list)));
        lines
    }
}

/// A few keys, the rest counted.
fn shown_keys(keys: &[String]) -> String {
    const MOST: usize = 4;
    let shown: Vec<_> = keys.iter().map(|key| escape_controls(key)).collect();
    first_few(&shown, MOST, Between::Commas).unwrap_or_default()
}
