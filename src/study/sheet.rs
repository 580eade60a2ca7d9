//! The experiment of a question: a file that anybody can read, change and run alone.

use super::Question;
use crate::error::Result;
use crate::experiment::{Trial, variant_text};
use crate::remedies::Proposal;

/// One change of the baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What it is called.
    pub name: String,
    /// Dotted keys with their values as TOML.
    pub settings: Vec<(String, String)>,
}

/// A question as an experiment: the baseline, and changes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Its number and name: `2-more-data`.
    pub name: String,
    /// What is asked.
    pub question: Question,
    /// The same in words, for its reader.
    pub description: &'static str,
    /// What is tried beside the baseline.
    pub changes: Vec<Change>,
    /// The seeds of each.
    pub seeds: Vec<u64>,
    /// Whether each seed draws its own share of the examples, or its own noisy labels.
    pub draws_data: bool,
    /// Whether the test set is read, once for each run, with the weights that the run keeps.
    pub reads_test: bool,
}

/// The trials of a sheet.
#[derive(Debug, Clone)]
pub struct SheetTrials {
    /// The baseline with each seed.
    pub baseline: Vec<Trial>,
    /// Each change with each seed.
    pub changes: Vec<Vec<Trial>>,
}

impl Change {
    /// A change with a name.
    pub fn new<'a>(
        name: impl Into<String>,
        settings: impl IntoIterator<Item = (&'a str, String)>,
    ) -> Change {
        let settings = settings.into_iter().map(|(key, value)| (key.to_owned(), value));
        Change { name: name.into(), settings: settings.collect() }
    }

    /// The baseline with this change.
    ///
    /// # Errors
    /// If an experiment file could not say so.
    pub fn of(&self, baseline: &Trial) -> Result<Trial> {
        baseline.changed(self.settings.iter().map(|(key, value)| (&**key, &**value)))
    }
}

impl From<Proposal> for Change {
    fn from(proposal: Proposal) -> Change {
        Change { name: proposal.name, settings: proposal.changes }
    }
}

impl SheetTrials {
    /// All of them, those of the baseline first.
    pub fn all(&self) -> impl Iterator<Item = &Trial> {
        self.baseline.iter().chain(self.changes.iter().flatten())
    }
}

impl Sheet {
    /// A question about changes with these seeds.
    pub fn new(name: &str, question: Question, changes: Vec<Change>, seeds: Vec<u64>) -> Sheet {
        let (draws_data, reads_test) = (false, false);
        let (name, description) = (name.to_owned(), question.heading());
        Sheet { name, question, description, changes, seeds, draws_data, reads_test }
    }

    /// Its trials.
    ///
    /// # Errors
    /// If an experiment file could not state a change.
    pub fn trials(&self, baseline: &Trial) -> Result<SheetTrials> {
        let changed = self.changes.iter().map(|change| change.of(baseline));
        let changed = changed.collect::<Result<Vec<Trial>>>()?;
        Ok(SheetTrials {
            baseline: self.with_seeds(baseline),
            changes: changed.iter().map(|trial| self.with_seeds(trial)).collect(),
        })
    }

    fn with_seeds(&self, trial: &Trial) -> Vec<Trial> {
        let with_seed = |seed: &u64| {
            let mut trial = trial.clone();
            trial.training.seeds = vec![*seed];
            if self.draws_data {
                trial.dataset.subset_seed = *seed;
                trial.dataset = trial.dataset.normalized();
            }
            trial
        };
        self.seeds.iter().map(with_seed).collect()
    }

    /// The text of its file, which extends the file `baseline` beside it.
    pub fn text(&self, baseline: &str, study: &str) -> String {
        let mut text = format!(
            "extends = {}\nname = {}\ndescription = {}\n",
            quoted(baseline),
            quoted(&sheet_name(study, &self.name)),
            quoted(self.description)
        );
        let seeds: Vec<String> = self.seeds.iter().map(u64::to_string).collect();
        match self.draws_data {
            false => text.push_str(&format!("training.seeds = [{}]\n", seeds.join(", "))),
            true => text.push_str(&format!(
                "\n# Each seed draws its own part of the data.\n[[grid.zip]]\n\
                 training.seeds = [[{}]]\ndataset.subset_seed = [{}]\n",
                seeds.join("], ["),
                seeds.join(", ")
            )),
        }
        for Change { name, settings } in &self.changes {
            text.push_str(&variant_text(name, None, settings));
        }
        text
    }
}

/// The experiment's name of a sheet of a study.
pub fn sheet_name(study: &str, sheet: &str) -> String {
    format!("{study}: {sheet}")
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
