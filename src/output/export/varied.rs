//! What distinguishes exported runs: the settings that vary, and the config of each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::analysis::compare::configs_by_settings;
use crate::analysis::settings;
use crate::analysis::settings::Settings;
use crate::experiment::config_id;
use crate::runs::record::RunRecord;
use crate::runs::trial_tables::TrialTables;

/// The settings that vary over some runs, seeds aside.
pub(super) struct Varied {
    /// Dotted keys, in alphabetical order.
    pub(super) keys: Vec<String>,
    settings: Vec<Settings>, // only the varied ones of each config: thousands of runs share few
    config_of: Vec<usize>,   // of each run
}

impl Varied {
    /// Looks through all runs.
    pub(super) fn of(records: &[RunRecord]) -> Varied {
        let mut index_of = BTreeMap::new();
        let mut trials = Vec::new();
        let mut config_of = Vec::with_capacity(records.len());
        for record in records {
            let next = trials.len();
            let index = *index_of.entry(config_id(&record.trial.value(), 0)).or_insert(next);
            if index == next {
                trials.push(&record.trial);
            }
            config_of.push(index);
        }
        let mut settings = settings::flatten_all(trials.into_iter().map(TrialTables::value));
        for each in &mut settings {
            settings::forget_replicate(each);
        }
        let keys = match settings.is_empty() {
            true => Vec::new(),
            false => settings::varied_keys(&settings),
        };
        for each in &mut settings {
            each.retain(|key, _| keys.contains(key));
        }
        Varied { keys, settings, config_of }
    }

    /// The value of each key in run `index`; none if its `kind` has no such setting.
    pub(super) fn values(&self, index: usize) -> impl Iterator<Item = Option<&Value>> {
        let settings = &self.settings[self.config_of[index]];
        self.keys.iter().map(|key| settings.get(key))
    }

    /// The values that `key` takes, each once, in order.
    pub(super) fn values_of(&self, key: &str) -> Vec<&Value> {
        let mut values: Vec<&Value> = Vec::new();
        let mut seen = BTreeSet::new();
        for value in self.settings.iter().filter_map(|settings| settings.get(key)) {
            if seen.insert(value.to_string()) {
                values.push(value);
            }
        }
        values.sort_by(|a, b| settings::order_of_values(Some(a), Some(b)));
        values
    }
}

/// What tables call the config of each run.
pub(super) fn labels(records: &[RunRecord]) -> Vec<String> {
    let (by_settings, _) = configs_by_settings(records);
    let mut label_of: HashMap<&str, &str> = HashMap::new();
    for config in &by_settings {
        label_of.extend(config.runs.iter().map(|run| (&*run.id, &*config.label)));
    }
    records.iter().map(|record| label_of[&*record.id].to_owned()).collect() // every run has a config
}

/// The config of each run: equal for replicates. Runs of one trial on different data are not
/// replicates, so the beginning of the data's SHA-256 is appended.
pub(super) fn configs(records: &[RunRecord]) -> Vec<String> {
    let id_of = |record: &RunRecord| config_id(&record.trial.value(), record.provenance.numerics);
    let ids: Vec<String> = records.iter().map(id_of).collect();
    let mut data_of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (id, record) in ids.iter().zip(records) {
        data_of.entry(id).or_default().insert(&record.provenance.data_sha256);
    }
    let with_data = |(id, record): (&String, &RunRecord)| match data_of[&**id].len() {
        0 | 1 => id.clone(),
        _ => {
            let data = record.provenance.data_sha256.chars().filter(char::is_ascii_hexdigit);
            format!("{id}-{}", data.take(8).collect::<String>())
        }
    };
    ids.iter().zip(records).map(with_data).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::runs::samples::{row, run, seeds, trial};

    #[test]
    fn seeds_do_not_vary_and_make_one_config() {
        let mut records = seeds(&[("network.dropout", json!(0.2))], 0.7, 0.5, 0.01);
        records.extend(seeds(&[], 0.9, 0.4, 0.01));
        let varied = Varied::of(&records);
        assert_eq!(varied.keys, ["network.dropout"]);
        assert_eq!(varied.values(0).collect::<Vec<_>>(), [Some(&json!(0.2))]);
        assert_eq!(varied.values_of("network.dropout"), [&json!(0.0), &json!(0.2)]);
        let configs = configs(&records);
        assert_eq!(configs[0], configs[2]);
        assert_ne!(configs[0], configs[3]);
    }

    #[test]
    fn other_data_is_another_config() {
        let run = |seed| run(trial(&[], seed), row(3, 0.5, None, 0.4), row(2, 0.5, None, 0.4));
        let mut records = [run(1), run(2), run(3)];
        records[2].provenance.data_sha256 = "\u{1b}0123456789".to_owned();
        let configs = configs(&records);
        assert_eq!(configs[0], configs[1]);
        assert!(configs[0].ends_with("-abababab") && configs[2].ends_with("-01234567"));
        assert!(Varied::of(&[]).keys.is_empty());
    }
}
