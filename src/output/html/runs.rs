//! The page's data about each run: figures, settings, provenance. Values shared by many runs are
//! stored once.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::analysis::compare::reason;
use crate::output::export::WhichWeights;
use crate::output::html::curves::{CurveData, four_digits, percent};
use crate::output::html::figures::figures_of;
use crate::output::html::settings::RunSettings;
use crate::output::html::text::safe;
use crate::runs::figures::exact;
use crate::runs::metrics::MetricsRow;
use crate::runs::notes::{Note, Notes};
use crate::runs::record::{Provenance, RunRecord, RunState};
use crate::runs::trial_tables::ReplicateName;

/// Values shared by runs.
#[derive(Debug, Serialize)]
pub(super) struct SharedData {
    settings: Vec<(String, String)>, // that are the same in all runs
    provenance: Vec<Vec<(String, String)>>, // each different one
    experiments: Vec<String>,        // each different list of names
    #[serde(skip)]
    differing: RunSettings,
    #[serde(skip)]
    seen: Vec<Provenance>,
}

/// One run on a page.
#[derive(Debug, Serialize)]
pub(super) struct RunData {
    #[serde(flatten)]
    entry: RunEntry,
    config: usize,
    settings: Vec<(String, String)>, // those in which runs differ
    provenance: usize,
    experiments: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    curves: Option<CurveData>, // absent where the page asks for them
}

/// What is said about a run, whatever stands beside it on the page.
#[derive(Debug, Serialize)]
pub(super) struct RunEntry {
    id: String,
    seed: Option<ReplicateShown>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    total_epochs: u64,
    attempt: u64,
    started: String,
    updated: String,
    train_seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>, // which weights the model of a finished run has, which are also the ones judged
    #[serde(skip_serializing_if = "Option::is_none")]
    result_sha256: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<(String, String)>, // what people wrote about it: tags, and notes with their dates
    figures: BTreeMap<&'static str, f64>, // of a finished run
    last: Option<EpochData>,
    best: Option<EpochData>,
}

/// One row of a run: accuracies in percent, the gap in points.
#[derive(Debug, Serialize)]
pub(super) struct EpochData {
    epoch: u64,
    train: Option<f64>,
    val: Option<f64>,
    test: Option<f64>,
    gap: Option<f64>,
    train_loss: Option<f64>,
    val_loss: Option<f64>,
    test_loss: Option<f64>,
}

/// What tells a run from the other replicates, as the page writes it behind the word "seed".
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum ReplicateShown {
    /// The seed.
    Seed(u64),
    /// `3, fold 1`
    SeedAndFold(String),
}

impl ReplicateShown {
    fn of(replicate: ReplicateName) -> ReplicateShown {
        let ReplicateName { seed, fold } = replicate;
        match fold {
            None => ReplicateShown::Seed(seed),
            Some(fold) => ReplicateShown::SeedAndFold(format!("{seed}, fold {fold}")),
        }
    }
}

impl SharedData {
    pub(super) fn of(records: &[RunRecord]) -> SharedData {
        let differing = RunSettings::of(records);
        SharedData {
            settings: differing.common(),
            provenance: Vec::new(),
            experiments: Vec::new(),
            differing,
            seen: Vec::new(),
        }
    }

    /// One run, a replicate of this config.
    pub(super) fn run(
        &mut self,
        record: &RunRecord,
        config: usize,
        curves: Option<CurveData>,
    ) -> RunData {
        RunData {
            entry: RunEntry::of(record),
            config,
            settings: self.differing.differing(record),
            provenance: self.provenance(&record.provenance),
            experiments: self.experiments(&record.experiments),
            curves,
        }
    }

    fn provenance(&mut self, provenance: &Provenance) -> usize {
        if let Some(index) = self.seen.iter().position(|seen| seen == provenance) {
            return index;
        }
        self.seen.push(provenance.clone());
        self.provenance.push(provenance_lines(provenance));
        self.seen.len() - 1
    }

    fn experiments(&mut self, names: &[String]) -> usize {
        let names = safe(&names.join(", "));
        self.experiments.iter().position(|known| *known == names).unwrap_or_else(|| {
            self.experiments.push(names);
            self.experiments.len() - 1
        })
    }
}

impl RunEntry {
    pub(super) fn of(record: &RunRecord) -> RunEntry {
        RunEntry {
            id: record.id.clone(),
            seed: record.trial.replicate().map(ReplicateShown::of),
            state: record.state.name(),
            reason: reason(record).or_else(|| record.early_stopping_words()),
            total_epochs: record.total_epochs,
            attempt: record.attempt,
            started: safe(&record.started),
            updated: safe(&record.updated),
            train_seconds: (record.train_seconds * 10.0).round() / 10.0,
            model: (record.state == RunState::Finished).then(|| WhichWeights::Last.words(record)),
            result_sha256: record.result_sha256.as_deref().map(safe),
            notes: notes(&record.notes),
            figures: figures_of(record),
            last: record.last.as_ref().map(figures),
            best: record.best.as_ref().map(figures),
        }
    }
}

/// Where the numbers of a run come from; what is not known of its machine is left out.
pub(super) fn provenance_lines(provenance: &Provenance) -> Vec<(String, String)> {
    let line = |name: &str, value: &str| (name.to_owned(), safe(value));
    let mut lines = vec![
        line("version", &provenance.version),
        line("numerics", &provenance.numerics.to_string()),
        line("git commit", provenance.git_commit.as_deref().unwrap_or("-")),
        line("data SHA-256", &provenance.data_sha256),
    ];
    let machine = [line("host", &provenance.host), line("CPU", &provenance.cpu)];
    lines.extend(machine.into_iter().filter(|(_, value)| !value.is_empty()));
    lines
}

/// Tags, and notes with their dates.
pub(super) fn notes(notes: &Notes) -> Vec<(String, String)> {
    let tags: Vec<String> = notes.tags.iter().map(|tag| safe(&format!("#{tag}"))).collect();
    let tags = (!tags.is_empty()).then(|| ("tags".to_owned(), tags.join(" ")));
    let of_note = |note: &Note| (safe(&format!("note of {}", note.date)), safe(&note.text));
    tags.into_iter().chain(notes.notes.iter().map(of_note)).collect()
}

pub(super) fn figures(row: &MetricsRow) -> EpochData {
    let accuracy = |value: f32| value.is_finite().then(|| percent(exact(value)));
    let loss = |value: f32| value.is_finite().then(|| four_digits(f64::from(value)));
    let gap = row.test_accuracy.map(|test| exact(row.train_accuracy) - exact(test));
    EpochData {
        epoch: row.epoch,
        train: accuracy(row.train_accuracy),
        val: row.val_accuracy.and_then(accuracy),
        test: row.test_accuracy.and_then(accuracy),
        gap: gap.filter(|gap| gap.is_finite()).map(percent),
        train_loss: loss(row.train_loss),
        val_loss: row.val_loss.and_then(loss),
        test_loss: row.test_loss.and_then(loss),
    }
}
