//! Invented runs for tests.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::runs::folder::Owner;
use crate::runs::input_record::{ChannelScale, InputRecord};
use crate::runs::metrics::MetricsRow;
use crate::runs::notes::Notes;
use crate::runs::record::{Provenance, RECORD_VERSION, RunRecord, RunState};
use crate::runs::role::ConfigRole;
use crate::runs::run_files::RunFiles;

/// A trial of the 100-100-50 network with one value changed per dotted key.
pub(crate) fn trial(changes: &[(&str, Value)], seed: u64) -> Value {
    let mut trial = json!({
        "dataset": {"kind": "cifar10", "validation_examples": 0, "split_seed": 0, "scaling": "unit"},
        "network": {"kind": "mlp", "hidden_sizes": [100, 100, 50], "activation": "relu",
                    "weight_init": "lecun", "batch_norm": true, "dropout": 0.0},
        "optimizer": {"kind": "adagrad", "learning_rate": 0.01, "eps": 1e-10, "weight_decay": 0.0},
        "training": {"epochs": 200, "batch_size": 100, "batches": "shuffled", "seeds": [seed]},
        "evaluation": {"every_epochs": 1},
    });
    for (key, value) in changes {
        match key.split_once('.') {
            Some((table, key)) => trial[table][key] = value.clone(),
            None => trial[key] = value.clone(),
        }
    }
    trial
}

/// A row with losses derived from the accuracies.
pub(crate) fn row(epoch: u64, train: f32, val: Option<f32>, test: f32) -> MetricsRow {
    MetricsRow {
        epoch,
        step: epoch * 500,
        learning_rate: 0.01,
        batch_loss: (epoch > 0).then_some(2.3 - 2.0 * train),
        train_loss: 2.3 - 2.0 * train,
        train_accuracy: train,
        val_loss: val.map(|val| 2.3 - 1.5 * val),
        val_accuracy: val,
        test_loss: Some(2.3 - 1.5 * test),
        test_accuracy: Some(test),
        gap: Some(train - test),
        train_clean_accuracy: None,
        train_noisy_accuracy: None,
    }
}

/// A finished run of `trial`; the id is a count, not the trial's hash.
pub(crate) fn run(trial: Value, last: MetricsRow, best: MetricsRow) -> RunRecord {
    let id = trial.to_string().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    RunRecord {
        version: RECORD_VERSION,
        id: format!("{:012x}", id >> 16),
        state: RunState::Finished,
        reason: None,
        attempt: 1,
        owner: Owner {
            host: "host".to_owned(),
            pid: 42,
            boot_id: "boot".to_owned(),
            process_start: 7,
            ..Owner::default()
        }
        .into(),
        trial: trial.into(),
        total_epochs: 200,
        last: Some(last),
        best: Some(best),
        class_names: vec!["airplane".to_owned(), "automobile".to_owned()].into(),
        class_counts: None,
        input: InputRecord {
            shape: [3, 32, 32],
            scale: ChannelScale { mean: vec![0.0; 3], std: vec![1.0; 3], wide: Vec::new() },
            words: Vec::new(),
        },
        experiments: vec!["cifar10_dropout".to_owned()],
        role: ConfigRole::default(),
        provenance: Provenance {
            version: "0.1.0".to_owned(),
            numerics: 1,
            git_commit: Some("0123456789abcdef0123456789abcdef01234567".to_owned()),
            host: "host".to_owned(),
            cpu: "Example CPU".to_owned(),
            data_sha256: "ab".repeat(32),
            data_left_out: 0,
        }
        .into(),
        started: "2025-01-02T03:04:05Z".to_owned(),
        updated: "2025-01-02T04:04:05Z".to_owned(),
        train_seconds: 1234.5,
        result_sha256: Some("cd".repeat(32)),
        stopped_early: None,
        model_epoch: None,
        until_epoch: None,
        continued_from: None,
        test_reads: Vec::new(),
        evaluated: std::collections::BTreeMap::new(),
        files: RunFiles::default(),
        is_checked: true,
        notes: Notes::default(),
    }
}

/// Three finished seeds without validation: accuracies (train, test) wander by `spread`, one up where the other
/// goes down, so that gaps wander too.
pub(crate) fn seeds(
    changes: &[(&str, Value)],
    train: f32,
    test: f32,
    spread: f32,
) -> Vec<RunRecord> {
    (1..=3_u64)
        .map(|seed| {
            let shift = spread * (seed as f32 - 2.0);
            let last = row(200, train - shift, None, test + shift);
            let best = row(10 * seed + 20, train - 0.2, None, test + shift + 0.02);
            run(trial(changes, seed), last, best)
        })
        .collect()
}

/// Three finished seeds with a validation split.
pub(crate) fn seeds_with_val(
    changes: &[(&str, Value)],
    accuracies: [f32; 3], // train, val, test
    spread: f32,
) -> Vec<RunRecord> {
    let [train, val, test] = accuracies;
    let mut changes = changes.to_vec();
    changes.push(("dataset.validation_examples", json!(5000)));
    (1..=3_u64)
        .map(|seed| {
            let shift = spread * (seed as f32 - 2.0);
            let last = row(200, train - shift, Some(val + shift), test + shift);
            let best = row(30, train - 0.1, Some(val + shift + 0.01), test + shift + 0.008);
            run(trial(&changes, seed), last, best)
        })
        .collect()
}

/// Writes the run's folder with its `run.json`.
pub(crate) fn write_run(runs_dir: &Path, record: &RunRecord) -> PathBuf {
    let folder = runs_dir.join(&record.id);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("run.json"), record.to_bytes()).unwrap();
    folder
}

/// Changes one value of a record's trial.
pub(crate) fn set(record: &mut RunRecord, table: &str, key: &str, value: Value) {
    let mut trial = record.trial.value();
    trial[table][key] = value;
    record.trial = trial.into();
}
