//! The settings of runs for the page: those that all runs share, once, and for each run those in which runs differ.
//! Runs share most tables of their trials, so each different table is flattened once, not once for each run.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value};

use crate::analysis::settings::{self, Settings};
use crate::output::html::text::safe;
use crate::runs::record::RunRecord;
use crate::table::value::toml_text;

/// A setting as the page shows it: its key and its value.
pub(super) type Shown = (String, String);

/// A key and its value in TOML.
pub(super) fn setting(key: &str, value: &Value) -> Shown {
    (safe(key), safe(&toml_text(value)))
}

/// The settings of runs, table by table.
#[derive(Debug)]
pub(super) struct RunSettings {
    tables: Vec<TableSettings>,
}

/// One table of the trials, such as `training`.
#[derive(Debug)]
struct TableSettings {
    name: String,
    /// Which of the different tables a run has, by its place in memory: runs share it.
    index_of: HashMap<Option<*const Value>, usize>,
    common: Vec<(String, Value)>,
    /// Of each different table: the settings that not all of them have alike.
    differing: Vec<Vec<(String, Value)>>,
}

impl RunSettings {
    pub(super) fn of(records: &[RunRecord]) -> RunSettings {
        let names = records.iter().flat_map(|record| record.trial.iter().map(|(name, _)| name));
        let names: BTreeSet<&str> = names.collect();
        RunSettings { tables: names.iter().map(|name| TableSettings::of(name, records)).collect() }
    }

    /// Those that all runs share.
    pub(super) fn common(&self) -> Vec<Shown> {
        in_order(self.tables.iter().flat_map(|table| &table.common))
    }

    /// Those of one of the runs that not all of them share.
    pub(super) fn differing(&self, record: &RunRecord) -> Vec<Shown> {
        in_order(self.tables.iter().flat_map(|table| table.differing(record)))
    }
}

impl TableSettings {
    fn of(name: &str, records: &[RunRecord]) -> TableSettings {
        let mut index_of = HashMap::new();
        let mut different: Vec<Value> = Vec::new();
        for record in records {
            let table = record.trial.get(name);
            index_of.entry(table.map(std::ptr::from_ref)).or_insert_with(|| {
                let named = table.map(|table| (name.to_owned(), table.clone()));
                different.push(Value::Object(named.into_iter().collect::<Map<_, _>>()));
                different.len() - 1
            });
        }
        let mut all = settings::flatten_each(different.iter());
        let keys: BTreeSet<&String> = all.iter().flat_map(Settings::keys).collect();
        let is_common = |key: &&String| all.iter().all(|one| one.get(*key) == all[0].get(*key));
        let common: BTreeSet<String> = keys.into_iter().filter(is_common).cloned().collect();
        let mut shared = Vec::new();
        for settings in &mut all {
            let (same, differing): (Vec<_>, Vec<_>) =
                std::mem::take(settings).into_iter().partition(|(key, _)| common.contains(key));
            shared = same;
            settings.extend(differing);
        }
        let differing = all.into_iter().map(|settings| settings.into_iter().collect()).collect();
        TableSettings { name: name.to_owned(), index_of, common: shared, differing }
    }

    fn differing(&self, record: &RunRecord) -> &[(String, Value)] {
        let table = record.trial.get(&self.name).map(std::ptr::from_ref);
        self.index_of.get(&table).map_or(&[], |index| &self.differing[*index])
    }
}

fn in_order<'a>(settings: impl Iterator<Item = &'a (String, Value)>) -> Vec<Shown> {
    let mut settings: Vec<_> = settings.collect();
    settings.sort_by(|(a, _), (b, _)| settings::order_of_keys(a, b));
    settings.into_iter().map(|(key, value)| setting(key, value)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::runs::samples::seeds;

    /// What is shown, one by one as `key = value`.
    fn shown(settings: &[Shown]) -> Vec<String> {
        settings.iter().map(|(key, value)| format!("{key} = {value}")).collect()
    }

    #[test]
    fn what_differs_is_of_each_run_and_the_rest_is_shared() {
        let dropout = [("network.dropout", json!(0.2))];
        let records = [seeds(&[], 0.9, 0.5, 0.003), seeds(&dropout, 0.7, 0.5, 0.003)].concat();
        let settings = RunSettings::of(&records);
        let common = shown(&settings.common());
        assert!(common.contains(&"network.kind = \"mlp\"".to_owned()), "{common:?}");
        assert!(!common.iter().any(|line| line.starts_with("training.seeds")), "{common:?}");
        let last = records.last().map(|record| shown(&settings.differing(record)));
        assert_eq!(last.unwrap(), ["network.dropout = 0.2", "training.seeds = [3]"]);
    }

    /// As without tables: everything flattened at once.
    #[test]
    fn tables_one_by_one_say_what_all_at_once_say() {
        let changes = [("optimizer.kind", json!("adam")), ("schedule", json!({"kind": "cosine"}))];
        let clipped = [("training.clip_norm", json!(1.0))];
        let records = [seeds(&changes, 0.9, 0.5, 0.003), seeds(&clipped, 0.7, 0.5, 0.003)].concat();
        let all = settings::flatten_each(records.iter().map(|record| record.trial.value()));
        let settings = RunSettings::of(&records);
        for (record, whole) in records.iter().zip(all) {
            let mut both = [settings.common(), settings.differing(record)].concat();
            both.sort();
            let mut whole: Vec<Shown> = whole.iter().map(|(k, v)| setting(k, v)).collect();
            whole.sort();
            assert_eq!(both, whole);
        }
    }
}
