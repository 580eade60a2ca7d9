//! A sweep through the library, on a disk of the test's own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use runner::Result;
use runner::data::DataOptions;
use runner::experiment::{Experiment, MAX_TRIALS};
use runner::runs::folder::Disk;
use runner::runs::role::ConfigRole;
use runner::sweep::{Job, JobOutcome, OnFailure, StopSignal, Sweep, SweepOptions};

/// Files that are the same bytes whatever happened while they were made.
const RESULTS: [&str; 9] = [
    "metrics.csv",
    "model.safetensors",
    "best.safetensors",
    "test_predictions.npy",
    "layers.csv",
    "evaluation.json",
    "confusion.csv",
    "trial.toml",
    "checkpoint.safetensors",
];

const EXPERIMENT: &str = r#"
[dataset]
kind = "synthetic"
train_examples = 60
test_examples = 20
validation_examples = 10

[network]
kind = "mlp"
hidden_sizes = [4]
batch_norm = true
dropout = 0.2

[optimizer]
kind = "momentum"
learning_rate = 0.01

[training]
epochs = 2
batch_size = 20
seeds = [1, 2]
"#;

/// The jobs of the experiment's first `count` seeds.
pub(crate) fn jobs(count: usize) -> Vec<Job> {
    jobs_of(EXPERIMENT, count)
}

/// The job of the first seed, three times as long.
pub(crate) fn longer_jobs() -> Vec<Job> {
    jobs_of(&EXPERIMENT.replace("epochs = 2", "epochs = 6"), 1)
}

fn jobs_of(text: &str, count: usize) -> Vec<Job> {
    let path = Path::new("faults.toml");
    let experiment = Experiment::from_bytes(path, text.as_bytes(), &[], MAX_TRIALS, false);
    let trials = experiment.unwrap_or_else(|error| panic!("{error}")).trials;
    let job = |trial: runner::experiment::Trial| {
        let (label, experiments) = (String::new(), vec!["faults".to_owned()]);
        let (role, to_the_end, until_epoch) = (ConfigRole::default(), true, None);
        Job { id: trial.id(), trial, label, experiments, role, to_the_end, until_epoch }
    };
    trials.into_iter().take(count).map(job).collect()
}

/// Trains the jobs one after the other, with a checkpoint after every epoch.
pub(crate) fn sweep(jobs: &[Job], runs_dir: &Path, disk: Arc<dyn Disk>) -> Result<Vec<JobOutcome>> {
    let options = SweepOptions {
        runs_dir: runs_dir.to_owned(),
        data: DataOptions::unheard("no data is needed".into(), true),
        jobs: 1,
        checkpoint_interval: Duration::ZERO,
        claim_timeout: Duration::from_secs(600),
        wait: false,
        max_failures: usize::MAX,
        on_failure: OnFailure::default(),
        save_initial: false,
        disk,
        retrain: false,
        from_scratch: false,
        progress: false,
        quiet: true,
        verbose: false,
    };
    Sweep::prepare(jobs, &options)?.train(&StopSignal::default())
}

/// The result files of every run, by `id/name`.
pub(crate) fn results(runs_dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut results = BTreeMap::new();
    for folder in folders(runs_dir) {
        let id = folder.file_name().expect("a name").to_string_lossy().into_owned();
        for name in RESULTS {
            if let Ok(bytes) = fs::read(folder.join(name)) {
                results.insert(format!("{id}/{name}"), bytes);
            }
        }
    }
    results
}

/// Names of all files in the run folders, but the checkpoint before the newest, which a run has if it
/// was ever checkpointed twice.
pub(crate) fn files(runs_dir: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for folder in folders(runs_dir) {
        for entry in fs::read_dir(folder).expect("readable") {
            names.push(
                entry
                    .expect("readable")
                    .path()
                    .strip_prefix(runs_dir)
                    .map(path_text)
                    .expect("below"),
            );
        }
    }
    names.retain(|name| !name.ends_with("checkpoint.previous.safetensors"));
    names.sort();
    names
}

fn path_text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The `run.json` of a run, if it is there.
pub(crate) fn record(runs_dir: &Path, id: &str) -> Option<serde_json::Value> {
    let bytes = fs::read(runs_dir.join(id).join("run.json")).ok()?;
    Some(serde_json::from_slice(&bytes).expect("never half-written"))
}

/// Makes the claims that are left those of a process that is gone, as they are after a power cut.
pub(crate) fn end_claims(runs_dir: &Path) {
    for folder in folders(runs_dir) {
        for entry in fs::read_dir(folder).expect("readable") {
            let path = entry.expect("readable").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if name.starts_with("claim-")
                && let Ok(mut claim) =
                    serde_json::from_slice::<serde_json::Value>(&fs::read(&path).expect("readable"))
            {
                claim["pid"] = 2_000_000_000.into(); // more than there are
                fs::write(&path, claim.to_string()).expect("writable");
            }
        }
    }
}

fn folders(runs_dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(runs_dir) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("readable").path());
    paths.filter(|path| path.is_dir()).collect()
}
