//! A trial gives the same bytes for any number of threads that work on it.

use runner::train::{Event, Flow, layers_csv, metrics_csv};
use sha2::{Digest, Sha256};

use super::{only_trial, trainer};

/// Wide enough for its products to be divided among 8 threads.
const WIDE: &str = r#"
dataset = { kind = "synthetic", train_examples = 500, test_examples = 100 }
network = { kind = "mlp", hidden_sizes = [300, 200], batch_norm = true, dropout = 0.2 }
optimizer = { kind = "adam", weight_decay = 0.001 }
training = { epochs = 5, batch_size = 100, seeds = 1 }
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
    for text in [WIDE, WATCHED] {
        let expected = hash_with(text, 1);
        println!("1, 2, 3 and 8 threads: {expected}");
        for threads in [2, 3, 8] {
            assert_eq!(hash_with(text, threads), expected, "{threads} threads");
        }
    }
}
