//! SHA-256 of tiny runs: `cargo test` checks on every machine that its results are ours.
//!
//! The hashes may change only together with `numerics_version`, which moves every run id: results
//! of another program are not to be mistaken for those of this one. (They also change with the
//! images of the synthetic dataset, whose own test pins them.)

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::workspace::Workspace;

/// The data of small networks.
const DATASET: &str = r#"
[dataset]
kind = "synthetic"
train_examples = 330
test_examples = 120
validation_examples = 50
"#;

/// Trains one trial, by the CPU's best instructions, by those of an older one and in plain Rust, and
/// returns the hashes of `metrics.csv` and `model.safetensors`.
fn hashes(trial: &str) -> [String; 2] {
    let (best, results) = hashes_by("auto", trial);
    for kernel in ["second", "portable"] {
        let (hashes, others) = hashes_by(kernel, trial);
        assert_eq!(best, hashes, "the instructions change results: {kernel}");
        assert!(results == others, "the instructions change what is recorded: {kernel}");
    }
    best
}

/// The hashes, and all files that are the same bytes everywhere.
fn hashes_by(kernel: &str, trial: &str) -> ([String; 2], BTreeMap<String, Vec<u8>>) {
    let workspace = Workspace::with(trial);
    workspace.succeed(&["run", "experiment.toml", "--kernel", kernel]);
    let run = workspace.only_run();
    let hashes = ["metrics.csv", "model.safetensors"].map(|name| {
        let bytes = std::fs::read(workspace.path(&format!("{run}/{name}"))).expect("finished");
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    });
    (hashes, workspace.results())
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
        "52e75046b142e67fdea052cf810210ed8c05840a93d7da631bc58294563ea5e1",
        "be9b4aad3c9cd974b8e3fae21297ffbe2e5a5a40e7d9e685d90417299cb1154d",
    ];
    assert_eq!(hashes(&format!("{DATASET}{trial}")), expected);
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
        "0a2b175c20120c2785ad9c1a3332d9e37134f2b2b33f0cca949458155e4f938e",
        "012cc0b72b21a8901bad6097d70db2affa969cca757337be5baa66f197c3b5c4",
    ];
    assert_eq!(hashes(&format!("{DATASET}{trial}")), expected);
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
        "d625650f61e0741043d52e3a822de92990e2bbfdd5feb95885dc9c46c25b702f",
        "ff8a24e7804404cc43524d43d7a98a99645f36210a2bd76ed764a1d648276669",
    ];
    assert_eq!(hashes(&format!("{DATASET}{trial}")), expected);
}

#[test]
fn gelu_and_leaky_relu_are_pinned() {
    let trial = |activation| {
        format!(
            r#"
[network]
kind = "mlp"
hidden_sizes = [17, 9]
activation = "{activation}"

[optimizer]
kind = "momentum"
learning_rate = 0.01

[training]
steps = 25
batch_size = 48
"#
        )
    };
    let expected = [
        "8daa916860618e86e0e744084f2181d4696dac28b0e36a636aae89ce1c78d5ca",
        "703e6dd4a34c19f0ae0c1ad9e71fd665871a4d1d33473e7e319112a2c1446a86",
    ];
    assert_eq!(hashes(&format!("{DATASET}{}", trial("gelu"))), expected);
    let expected = [
        "62debbbd6f7f43f79aefa254d301a5029ef3ecb65a98617b4567edefb01c0d48",
        "0fb0571b53cd316a6e00d24e99f4e19991174c4201d72607e1b93d6ef39202c4",
    ];
    assert_eq!(hashes(&format!("{DATASET}{}", trial("leaky_relu"))), expected);
}

#[test]
fn networks_of_all_layers_are_pinned() {
    let trial = r#"
[network]
kind = "layers"
layers = [
    { kind = "conv2d", filters = 5, kernel_size = 5, stride = 2 },
    { kind = "relu" },
    { kind = "spatial_dropout", rate = 0.1 },
    { kind = "max_pool", kernel_size = 2 },
    { kind = "residual", shortcut = "projection", layers = [
        { kind = "conv2d", filters = 17, kernel_size = 3, padding = 1, bias = false },
        { kind = "batch_norm" },
        { kind = "gelu" },
        { kind = "conv2d", filters = 17, kernel_size = 3, padding = 1 },
    ] },
    { kind = "leaky_relu", negative_slope = 0.1 },
    { kind = "residual", shortcut = "pad", layers = [
        { kind = "conv2d", filters = 20, kernel_size = 3, stride = 2, padding = 1 },
        { kind = "layer_norm" },
    ] },
    { kind = "average_pool", kernel_size = 2, stride = 1 },
    { kind = "residual", layers = [{ kind = "conv2d", filters = 20, kernel_size = 1 }, { kind = "sigmoid" }] },
    { kind = "max_pool", kernel_size = 3, stride = 1, padding = 1 },
    { kind = "flatten" },
    { kind = "dropout", rate = 0.2 },
    { kind = "linear", units = 12 },
    { kind = "tanh" },
    { kind = "linear", bias = false },
]

[optimizer]
kind = "adam"

[training]
epochs = 2
batch_size = 48
"#;
    let expected = [
        "a3abd5e27ef1c39865a406b7848a0b1a9973e899a79c9c8e3cccbcb4b1dfc6bc",
        "c6b103c435e69bca392ae500e82fa80b0a4b41e905ac5303e624e2dcd9a772c5",
    ];
    assert_eq!(hashes(&format!("{DATASET}{trial}")), expected);
}

#[test]
fn presets_of_convolutional_networks_are_pinned() {
    let trial = |kind| {
        format!(
            r#"
[dataset]
kind = "synthetic"
train_examples = 24
test_examples = 10

[network]
kind = "{kind}"

[optimizer]
kind = "momentum"
learning_rate = 0.01

[training]
steps = 3
batch_size = 8
"#
        )
    };
    let expected = [
        [
            "802cab483c3a294c862ff227e4ae22269e85fc7f904ed8337e8f0228b694f273",
            "b98c8648e45441836b5719df9622fa7bb926e23e7f8f2696a7cd8ee68561ce57",
        ],
        [
            "54c62d9799290db5abc30c4903513b4c4cfa75a061d19faef30523687e428e9f",
            "100b4cc37465207defa4df7a32dc6db19e49db57cf86208979bfd1ac92a7622a",
        ],
    ];
    let presets = ["simple_convnet\"\ndropout = 0.5 #", "resnet\"\ndepth = 8 #"];
    assert_eq!(presets.map(|kind| hashes(&trial(kind))), expected);
}

/// The recipe of 94 % on small images: whitening and Dirac kernels, groups of parameters, a frozen weight,
/// lookahead, decay on all, views at test time; and sharpness-aware steps on top.
#[test]
fn the_recipe_of_94_percent_is_pinned() {
    let trial = r#"
[augmentation]
horizontal_flip = "alternating"
random_crop = { padding = 2, border = "reflect" }

[network]
kind = "layers"
weight_init = "pytorch_default"
layers = [
    { kind = "conv2d", filters = 24, kernel_size = 2, stride = 2, weight_init = "whitening" },
    { kind = "gelu" },
    { kind = "conv2d", filters = 26, kernel_size = 3, padding = 1, bias = false, weight_init = "dirac" },
    { kind = "max_pool", kernel_size = 3 },
    { kind = "batch_norm", momentum = 0.4, eps = 1e-12, scale = false },
    { kind = "gelu" },
    { kind = "residual", layers = [
        { kind = "conv2d", filters = 26, kernel_size = 1, weight_init = "orthogonal" },
        { kind = "stochastic_depth", rate = 0.2 },
    ] },
    { kind = "max_pool", kernel_size = 5 },
    { kind = "flatten" },
    { kind = "linear", bias = false },
    { kind = "scale", factor = 0.125 },
]

[optimizer]
kind = "nesterov"
learning_rate = 0.5
momentum = 0.85
weight_decay = 0.0013
weight_decay_on = "all"

[[optimizer.groups]]
parameters = "norms.bias"
learning_rate_factor = 64
weight_decay = 0.00002

[[optimizer.groups]]
parameters = "first.weight"
trainable = false

[[optimizer.groups]]
parameters = "first.bias"
trainable_epochs = 1

[schedule]
kind = "linear"
warmup_steps = 3
warmup_start_fraction = 0.2
final_fraction = 0.07

[training]
epochs = 2
batch_size = 48
drop_last = true
label_smoothing = 0.2
lookahead = { every_steps = 5, decay = 0.77, decay_power = 3 }
sam = { rho = 0.05 }

[evaluation]
test_time = "mirror_and_shift"
"#;
    let expected = [
        "555dbab2412bdeec9686069d83e51c97aafb3a1924f2c33490a227ea0052e867",
        "043227f3f135736f7317b1a0f05f8bffd447fbddbd3ac805a426858774385652",
    ];
    assert_eq!(hashes(&format!("{DATASET}{trial}")), expected);
}

#[test]
fn muon_penalties_and_averages_are_pinned() {
    let trial = r#"
[network]
kind = "mlp"
hidden_sizes = [17, 9]
batch_norm = true
weight_init = "orthogonal"

[optimizer]
kind = "muon"

[training]
epochs = 4
batch_size = 48
l1_penalty = 0.0001
max_norm = 1.5
swa = { start_epoch = 1 }
"#;
    let expected = [
        "327ba6e5d450ac630678fb5ffacdc2fcc85f359afdc8a8f79f0ad1c9dfec49a6",
        "a138184b8e3dd64c08c907e2fa296bb9fd68e5efe287ac8a5364dff6c26cabfc",
    ];
    assert_eq!(hashes(&format!("{DATASET}{trial}")), expected);
}
