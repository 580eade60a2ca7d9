//! SHA-256 of two tiny runs: `cargo test` checks on every machine that its results are ours.
//!
//! The hashes may change only together with `NUMERICS_VERSION`, which moves every run id: results
//! of another program are not to be mistaken for those of this one. (They also change with the
//! images of the synthetic dataset, whose own test pins them.)

use sha2::{Digest, Sha256};

use crate::workspace::Workspace;

const DATASET: &str = r#"
[dataset]
kind = "synthetic"
train_examples = 330
test_examples = 120
validation_examples = 50
"#;

/// Trains one trial and returns the hashes of `metrics.csv` and `model.safetensors`.
fn hashes(trial: &str) -> [String; 2] {
    let workspace = Workspace::with(&format!("{DATASET}{trial}"));
    workspace.succeed(&["run", "experiment.toml"]);
    let run = workspace.only_run();
    ["metrics.csv", "model.safetensors"].map(|name| {
        let bytes = std::fs::read(workspace.path(&format!("{run}/{name}"))).expect("finished");
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    })
}

#[test]
fn dropout_batch_norm_and_adagrad_are_pinned() {
    let trial = r#"
[network]
kind = "mlp"
hidden_sizes = [17, 9]
batch_norm = true
dropout = 0.25

[optimizer]
kind = "adagrad"
learning_rate = 0.01
weight_decay = 0.001

[training]
epochs = 4
batch_size = 48
"#;
    let expected = [
        "8ba17802863a34fe4fd85498187aae1354cc9016d07303271bddb8c30782e01d",
        "c43178322310e2a7f54efe6bc6b0d4d9ed760607f84a26b87f56d48fbd5c7a8e",
    ];
    assert_eq!(hashes(trial), expected);
}

#[test]
fn sigmoid_xavier_and_adam_are_pinned() {
    let trial = r#"
[network]
kind = "mlp"
hidden_sizes = [17, 9]
activation = "sigmoid"
weight_init = "xavier"

[optimizer]
kind = "adam"
learning_rate = 0.003

[training]
steps = 25
batch_size = 48
batches = "with_replacement"
"#;
    let expected = [
        "c54c0bf847158168048655cabd7eb4d156ff8bd7b868c5f38ff6a5e472eed985",
        "b470477c563d8e259741ae74e02c443c0da74426bf7c9ba6c62bdde4b1d73da1",
    ];
    assert_eq!(hashes(trial), expected);
}

#[test]
fn tanh_lecun_and_rmsprop_are_pinned() {
    let trial = r#"
[network]
kind = "mlp"
hidden_sizes = [17, 9]
activation = "tanh"
weight_init = "lecun"

[optimizer]
kind = "rmsprop"
learning_rate = 0.001

[training]
steps = 25
batch_size = 48
batches = "sequential"
"#;
    let expected = [
        "7e1a5a0723bb409df1f6275cccc7ca4c35abdbc1e3c23f3295a8cfd566a5844b",
        "216e769cdfafedc4d4b7f87d4ab11a370ec99f45e34778a01350ab27ded4496b",
    ];
    assert_eq!(hashes(trial), expected);
}
