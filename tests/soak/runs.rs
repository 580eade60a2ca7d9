//! Records of runs that nobody trained.

use runner::runs::metrics::MetricsRow;
use runner::runs::record::RunRecord;
use serde_json::json;

/// A finished run of a config with this dropout and seed, and its train and test accuracy.
pub(crate) fn run(dropout: f64, seed: u64, [train, test]: [f32; 2]) -> RunRecord {
    let last = MetricsRow {
        epoch: 200,
        step: 100_000,
        learning_rate: 0.01,
        batch_loss: Some(2.3 - 2.0 * train),
        train_loss: 2.3 - 2.0 * train,
        train_accuracy: train,
        val_loss: None,
        val_accuracy: None,
        test_loss: Some(2.3 - 1.5 * test),
        test_accuracy: Some(test),
        gap: Some(train - test),
        train_clean_accuracy: None,
        train_noisy_accuracy: None,
    };
    let record = json!({
        "version": 1,
        "id": format!("{:06x}{seed:06x}", (100.0 * dropout) as u64),
        "state": "finished",
        "attempt": 1,
        "owner": {"host": "host", "pid": 42, "boot_id": "boot", "process_start": 7},
        "trial": {
            "dataset": {"kind": "cifar10", "validation_examples": 0, "split_seed": 0},
            "network": {"kind": "mlp", "hidden_sizes": [100, 100, 50], "dropout": dropout},
            "optimizer": {"kind": "adagrad", "learning_rate": 0.01},
            "training": {"epochs": 200, "batch_size": 100, "seeds": [seed]},
            "evaluation": {"every_epochs": 1},
        },
        "total_epochs": 200,
        "last": last,
        "best": last,
        "class_names": ["airplane", "automobile"],
        "input": {"shape": [3, 32, 32], "mean": [0.0, 0.0, 0.0], "std": [1.0, 1.0, 1.0]},
        "experiments": ["simulated"],
        "provenance": {
            "version": "0.1.0",
            "numerics": 1,
            "host": "host",
            "cpu": "Example CPU",
            "data_sha256": "ab".repeat(32),
        },
        "started": "2025-01-02T03:04:05Z",
        "updated": "2025-01-02T04:04:05Z",
        "train_seconds": 1234.5,
    });
    serde_json::from_value(record).expect("a record")
}
