//! Checks that what a trial takes from other runs suits its data.

use std::path::Path;

use crate::experiment::check::Checker;
use crate::runs::other_run::OtherRun;

impl Checker<'_> {
    /// Other runs must not have been trained on what this trial holds out, and a teacher must see what the trial's
    /// network sees. A run that cannot be read was reported with its table.
    pub(super) fn other_runs(&self) {
        let training = &self.trial.training;
        if let Some(start) = &training.start_from {
            self.other_run("training.start_from.run", &start.run, false);
        }
        if let Some(distill) = &training.distill_from {
            self.other_run("training.distill_from.run", &distill.run, true);
        }
    }

    fn other_run(&self, key: &str, run: &str, is_teacher: bool) {
        let Ok(other) = OtherRun::read(Path::new(run)) else { return };
        let tables = self.trial.to_json();
        let own = &tables["dataset"];
        if other.divides_otherwise(own) {
            let title = format!("`{key}` may have been trained on held-out examples of this trial");
            let label = "its `[dataset]` divides the same data otherwise".to_owned();
            let help = "train it with the same `[dataset]`, as its trial.toml has it".to_owned();
            self.report(key, &title, label, Some(help));
        }
        let scaling =
            |table: &serde_json::Value| table["scaling"].as_str().unwrap_or("").to_owned();
        if is_teacher && scaling(&other.dataset) != scaling(own) {
            let title = "the teacher was trained on pixels that are scaled otherwise";
            let (theirs, ours) = (scaling(&other.dataset), scaling(own));
            let label = format!("it has `dataset.scaling = {theirs:?}`, this trial {ours:?}");
            self.report(key, title, label, None);
        }
    }
}
