//! Whether the configs of an experiment can be compared at rungs.

use std::collections::HashMap;

use super::brackets::{brackets, rung_epochs};
use super::{Halving, HalvingConfig};
use crate::config::{Diagnostic, Entry, Origin, Problems, Value};
use crate::data::DatasetConfig;
use crate::experiment::Trial;
use crate::experiment::check::how_to_hold_out;

impl Halving {
    /// The halving of `trials`, or none if something is wrong with it.
    pub(in crate::experiment) fn new(
        entry: Entry,
        trials: &[Trial],
        problems: &Problems,
    ) -> Option<Halving> {
        let place = HalvingPlace::of(&entry);
        let before = problems.len();
        let config = HalvingConfig::from_entry(entry, problems);
        let first = trials.first()?;
        if problems.len() > before {
            return None;
        }
        let total_epochs = first.epochs();
        place.check_trials(trials, problems);
        place.check_rungs(&config, first, problems);
        if problems.len() > before {
            return None;
        }
        let configs = configs_of(trials);
        let brackets = brackets(&config, total_epochs, configs.len());
        Some(Halving { config, total_epochs, configs, brackets })
    }
}

/// The ids of trials that differ only by seed.
fn configs_of(trials: &[Trial]) -> Vec<Vec<String>> {
    let mut positions = HashMap::new();
    let mut configs: Vec<Vec<String>> = Vec::new();
    for trial in trials {
        let position = *positions.entry(trial.config_id()).or_insert(configs.len());
        if position == configs.len() {
            configs.push(Vec::new());
        }
        configs[position].push(trial.id());
    }
    configs
}

/// Where the table and its keys are.
struct HalvingPlace {
    table: Origin,
    min_epochs: Option<Origin>,
}

impl HalvingPlace {
    fn of(entry: &Entry) -> HalvingPlace {
        let min_epochs = match &entry.node.value {
            Value::Table(table) => table.get("min_epochs").map(|key| key.node.origin),
            _ => None,
        };
        HalvingPlace { table: entry.key_origin, min_epochs }
    }

    fn report(&self, problems: &Problems, title: &str, label: String, help: &str) {
        problems.push(Diagnostic::new(self.table, title, label).help(help));
    }

    /// All trials are measured by the same examples at the same epochs.
    fn check_trials(&self, trials: &[Trial], problems: &Problems) {
        let first = &trials[0];
        if trials.iter().any(|trial| trial.dataset.held_out() == 0) {
            let label = "it ranks configs by held-out examples".to_owned();
            let help = how_to_hold_out(&first.dataset);
            self.report(problems, "`halving` needs a validation split", label, &help);
        }
        if let Some(other) = trials.iter().map(Trial::epochs).find(|n| *n != first.epochs()) {
            let label = format!("trials have {} and {other} epochs", first.epochs());
            let help = "give all trials the same `training.epochs`: the rungs decide how far each \
                        is trained";
            self.report(problems, "`halving` needs trials of equal length", label, help);
        }
        let every = |trial: &Trial| trial.evaluation.every_epochs;
        if let Some(other) = trials.iter().map(every).find(|n| *n != every(first)) {
            let label =
                format!("some are evaluated every {} epochs, some every {other}", every(first));
            let help = "`evaluation.every_epochs` must be the same for all";
            self.report(problems, "`halving` needs the same evaluations", label, help);
        }
        let measured_by = |dataset: &DatasetConfig| DatasetConfig {
            scaling: first.dataset.scaling,
            fold: first.dataset.fold, // all parts, for each config
            ..dataset.clone()
        };
        if trials.iter().any(|trial| measured_by(&trial.dataset) != first.dataset) {
            let label = "the trials have different datasets or splits".to_owned();
            let help = "of `[dataset]`, only `scaling` may vary";
            self.report(problems, "`halving` needs one validation split", label, help);
        }
    }

    fn check_rungs(&self, config: &HalvingConfig, trial: &Trial, problems: &Problems) {
        let (total, every) = (trial.epochs(), trial.evaluation.every_epochs);
        let report = |title: &str, label: String, help: String| {
            let origin = self.min_epochs.unwrap_or(self.table);
            problems.push(Diagnostic::new(origin, title, label).help(help));
        };
        if rung_epochs(config, total).len() < 2 {
            let title = "`halving.min_epochs` is beyond the end of training";
            let label = format!("the trials have {total} epochs");
            report(title, label, "the first rung must lie before the end".to_owned());
        } else if !config.min_epochs.is_multiple_of(every) {
            let title = "the epochs of rungs are not evaluated";
            let label = format!("`evaluation.every_epochs` is {every}");
            let help = format!("try `min_epochs = {}`", config.min_epochs.next_multiple_of(every));
            report(title, label, help);
        }
    }
}
