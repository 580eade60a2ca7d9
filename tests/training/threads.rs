//! A trial gives the same bytes for any number of threads that work on it.

use runner::runs::layers::layers_csv;
use runner::runs::metrics::metrics_csv;
use runner::train::{Event, Flow};
use sha2::{Digest, Sha256};

use super::{only_trial, trainer};

/// Wide enough for its products to be divided among 8 threads.
const WIDE: &str = r#"
dataset = { kind = "synthetic", train_examples = 500, test_examples = 100 }
network = { kind = "mlp", hidden_sizes = [300, 200], batch_norm = true, dropout = 0.2 }
optimizer = { kind = "adam", weight_decay = 0.001 }
training = { epochs = 5, batch_size = 100, seeds = 1 }
"#;

const AUGMENTED: &str = r#"
dataset = { kind = "synthetic", train_examples = 500, test_examples = 100 }
network = { kind = "mlp", hidden_sizes = [50], batch_norm = true }
optimizer = { kind = "adam" }
training = { epochs = 3, batch_size = 150, seeds = 1 }
[augmentation]
horizontal_flip = 0.5
random_crop = { padding = 4 }
color_jitter = { brightness = 0.2, contrast = 0.2, saturation = 0.2 }
cutout = { size = 8 }
mixup = { alpha = 0.4 }
"#;

/// The same with all that reads gradients or weights as a whole.
const WATCHED: &str = r#"
dataset = { kind = "synthetic", train_examples = 600, validation_examples = 100, test_examples = 100 }
network = { kind = "mlp", hidden_sizes = [300, 200], batch_norm = true, dropout = 0.2 }
optimizer = { kind = "adam", weight_decay = 0.001 }
schedule = { kind = "cosine", warmup_steps = 7 }

[training]
epochs = 5
batch_size = 100
seeds = 1
clip_norm = 0.5
label_smoothing = 0.1
ema_decay = 0.9
early_stopping = { patience = 2, restore_best = true }
"#;

/// Every kind of layer.
const LAYERS: &str = r#"
dataset = { kind = "synthetic", train_examples = 150, test_examples = 70 }
optimizer = { kind = "momentum", learning_rate = 0.01 }
training = { epochs = 2, batch_size = 40, seeds = 1 }

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
"#;

/// A residual network as its preset has it, with batches whose size is no multiple of anything.
const RESNET: &str = r#"
dataset = { kind = "synthetic", train_examples = 62, test_examples = 65 }
network = { kind = "resnet", depth = 8 }
optimizer = { kind = "adam" }
training = { epochs = 1, batch_size = 31, seeds = 1 }
"#;

/// SHA-256 over `metrics.csv`, `layers.csv`, the judged examples and `model.safetensors`.
fn hash_with(text: &str, threads: usize) -> String {
    let (trial, splits) = only_trial(text);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("they start");
    pool.install(|| {
        let mut trainer = trainer(&trial, &splits, threads);
        let (mut rows, mut layers) = (Vec::new(), Vec::new());
        let trained = trainer.run(&mut |event, _| {
            if let Event::Evaluated(row, _, figures) = event {
                rows.push(row);
                layers.extend_from_slice(figures);
            }
            Ok(Flow::Continue)
        });
        trained.expect("no error");
        trainer.restore_best();
        let mut hash = Sha256::new();
        hash.update(metrics_csv(&rows));
        hash.update(layers_csv(&layers));
        for example in trainer.judge().examples {
            hash.update(example.predicted.to_le_bytes());
            hash.update(example.confidence.to_le_bytes());
        }
        hash.update(trainer.state_mut().model());
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    })
}

#[test]
fn threads_within_a_trial_change_no_bit() {
    for text in [WIDE, WATCHED, LAYERS, RESNET, AUGMENTED] {
        let expected = hash_with(text, 1);
        println!("1, 2, 3 and 8 threads: {expected}");
        for threads in [2, 3, 8] {
            assert_eq!(hash_with(text, threads), expected, "{threads} threads");
        }
    }
}
