//! Experiment files of the tests: small enough to train in a fraction of a second.

/// A trial of `epochs` epochs: batch norm, Dropout, AdaGrad, no validation split.
pub(crate) fn trial(epochs: u32) -> String {
    format!(
        r#"
[dataset]
kind = "synthetic"
train_examples = 300
test_examples = 100

[network]
kind = "mlp"
hidden_sizes = [16, 8]
batch_norm = true
dropout = 0.2

[optimizer]
kind = "adagrad"
learning_rate = 0.01

[training]
epochs = {epochs}
batch_size = 50
seeds = [7]
"#
    )
}

/// Two values of Dropout with two seeds each.
pub(crate) fn dropout_grid(epochs: u32) -> String {
    let grid = "[grid]\nnetwork.dropout = [0.0, 0.3]\n";
    trial(epochs).replace("seeds = [7]", "seeds = [1, 2]") + grid
}

/// Every optimizer, shuffled batches of which the last is smaller, a validation split, Dropout and
/// batch norm.
pub(crate) fn optimizer_grid(epochs: u32, seeds: &str, kinds: &[&str]) -> String {
    let table = |kind: &&str| format!("{{ kind = \"{kind}\", learning_rate = 0.003 }}");
    let tables = kinds.iter().map(table).collect::<Vec<_>>().join(", ");
    trial(epochs)
        .replace("train_examples = 300", "train_examples = 330\nvalidation_examples = 50")
        .replace("seeds = [7]", &format!("seeds = {seeds}"))
        + &format!("[grid]\noptimizer = [{tables}]\n")
}

/// A network of every kind of layer, with two kinds of batches.
pub(crate) fn layers_grid(epochs: u32) -> String {
    let layers = r#"
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

[optimizer]"#;
    let mlp =
        "kind = \"mlp\"\nhidden_sizes = [16, 8]\nbatch_norm = true\ndropout = 0.2\n\n[optimizer]";
    trial(epochs).replace(mlp, layers)
        + "[grid]\ntraining.batches = [\"shuffled\", \"with_replacement\"]\n"
}

/// Three schedules, each with clipping, smoothing, averages, and early stopping that gives the best
/// weights back.
pub(crate) fn watched_grid(epochs: u32) -> String {
    let settings = "clip_norm = 1.0\nlabel_smoothing = 0.1\nema_decay = 0.9\n\
        early_stopping = { patience = 30, restore_best = true }\n";
    let schedules = r#"[grid]
schedule = [
    { kind = "cosine", warmup_epochs = 2 },
    { kind = "reduce_on_plateau", patience = 1, factor = 0.5 },
    { kind = "one_cycle" },
]
"#;
    trial(epochs)
        .replace("train_examples = 300", "train_examples = 330\nvalidation_examples = 50")
        .replace("seeds = [7]", &format!("seeds = [7]\n{settings}"))
        + schedules
}

/// The kinds of [`optimizer_grid`].
pub(crate) const OPTIMIZERS: [&str; 7] =
    ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"];

/// One trial that diverges and one that does not.
pub(crate) fn diverging_grid() -> String {
    let grid = "[grid]\noptimizer.learning_rate = [1e30, 0.01]\n";
    trial(2).replace("adagrad", "sgd") + grid
}
