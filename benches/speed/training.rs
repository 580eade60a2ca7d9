//! Training steps through the training loop, and evaluation, on pixels of CIFAR-10's shape.

use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::Criterion;
use runner::data::{Dataset, Examples, Splits};
use runner::experiment::{Experiment, MAX_TRIALS, Trial};
use runner::train::{Event, Flow, Trainer, Workers};

use crate::augmentation;
use crate::table::Table;

const BATCH: usize = 100;
/// Examples that a probe of the layers looks at.
const PROBE_EXAMPLES: usize = 128;
/// Examples that an evaluation is measured with.
const TEST_EXAMPLES: usize = 10_000;

/// What a step is measured of: name, lines of `[network]`, optimizer, threads (0: all cores).
const STEPS: [(&str, &str, &str, usize); 16] = [
    ("100-100-50 adagrad", "hidden_sizes = [100, 100, 50]\nbatch_norm = true", "adagrad", 1),
    (
        "100-100-50 adagrad dropout",
        "hidden_sizes = [100, 100, 50]\nbatch_norm = true\ndropout = 0.5",
        "adagrad",
        1,
    ),
    ("100-100-50 adagrad no batch norm", "hidden_sizes = [100, 100, 50]", "adagrad", 1),
    ("100-100-50 tanh adagrad", "hidden_sizes = [100, 100, 50]\nactivation = 'tanh'", "adagrad", 1),
    ("100-100-50 sgd", "hidden_sizes = [100, 100, 50]\nbatch_norm = true", "sgd", 1),
    ("100-100-50 momentum", "hidden_sizes = [100, 100, 50]\nbatch_norm = true", "momentum", 1),
    ("100-100-50 nesterov", "hidden_sizes = [100, 100, 50]\nbatch_norm = true", "nesterov", 1),
    ("100-100-50 rmsprop", "hidden_sizes = [100, 100, 50]\nbatch_norm = true", "rmsprop", 1),
    ("100-100-50 adam", "hidden_sizes = [100, 100, 50]\nbatch_norm = true", "adam", 1),
    ("100-100-50 adamw", "hidden_sizes = [100, 100, 50]\nbatch_norm = true", "adamw", 1),
    ("1000-1000-500 adagrad", "hidden_sizes = [1000, 1000, 500]\nbatch_norm = true", "adagrad", 1),
    (
        "1000-1000-500 adagrad all cores",
        "hidden_sizes = [1000, 1000, 500]\nbatch_norm = true",
        "adagrad",
        0,
    ),
    ("simple_convnet adam", "kind = 'simple_convnet'", "adam", 1),
    ("deep_convnet adam", "kind = 'deep_convnet'\ndropout = 0.5", "adam", 1),
    ("deep_convnet adam all cores", "kind = 'deep_convnet'\ndropout = 0.5", "adam", 0),
    ("resnet adam", "kind = 'resnet'\ndepth = 20", "adam", 1),
];

/// Measures a step of each, and evaluation.
pub(crate) fn measure(criterion: &mut Criterion, table: &mut Table) {
    let splits = splits();
    for (name, network, optimizer, threads) in STEPS {
        let trial = trial(network, optimizer);
        let cost = (BATCH, step_flops(&trial));
        table.measure(criterion, ("step", name), cost, |bencher| {
            let pool = pool(threads);
            let mut trainer = trainer(&trial, &splits, pool.current_num_threads());
            bencher.iter_custom(|steps| pool.install(|| seconds_of(&mut trainer, steps)));
        });
    }
    let recipe = recipe();
    for (name, threads) in [("recipe of 94 %", 1), ("recipe of 94 % all cores", 0)] {
        let cost = (recipe.training.batch_size, step_flops(&recipe));
        table.measure(criterion, ("step", name), cost, |bencher| {
            let pool = pool(threads);
            let mut trainer = trainer(&recipe, &splits, pool.current_num_threads());
            bencher.iter_custom(|steps| pool.install(|| seconds_of(&mut trainer, steps)));
        });
    }
    augmentation::measure(criterion, table, &splits);
    let trial = trial("hidden_sizes = [100, 100, 50]\nbatch_norm = true", "adagrad");
    let forward = trial.network.size([3, 32, 32].into(), 10).flops as f64 * TEST_EXAMPLES as f64;
    table.measure(criterion, ("evaluation", "100-100-50"), (TEST_EXAMPLES, forward), |bencher| {
        let mut trainer = trainer(&trial, &splits, 1);
        bencher.iter(|| trainer.judge());
    });
    // To be set against an epoch of 500 steps.
    table.measure(criterion, ("probe", "100-100-50"), (PROBE_EXAMPLES, 0.0), |bencher| {
        let mut trainer = trainer(&trial, &splits, 1);
        bencher.iter(|| trainer.probe());
    });
}

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads start")
}

/// The time of `steps` steps of the training loop, each with its gather and update.
fn seconds_of(trainer: &mut Trainer, steps: u64) -> Duration {
    let (mut started, mut done, mut took) = (None, 0, Duration::ZERO);
    let trained = trainer.run(&mut |event, _| {
        let (Event::Step | Event::Epoch) = event else { return Ok(Flow::Continue) };
        // From the end of the first step, so that the call's own draw of an epoch does not count.
        let started = *started.get_or_insert_with(Instant::now);
        took = started.elapsed();
        done += 1;
        Ok(if done > steps { Flow::Stop } else { Flow::Continue })
    });
    trained.expect("nothing fails here");
    took
}

/// Multiply-adds of all products; a multiply-add is two operations.
fn step_flops(trial: &Trial) -> f64 {
    let size = trial.network.size([3, 32, 32].into(), 10);
    trial.training.batch_size as f64 * (3 * size.flops - size.first_flops) as f64
}

/// `experiments/cifar10_94.toml`, without an end.
fn recipe() -> Trial {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/experiments/cifar10_94.toml");
    let sets = ["training.steps=1_000_000_000", "evaluation.every_epochs=1_000_000"];
    let sets = sets.map(str::to_owned);
    let experiment = Experiment::read(std::path::Path::new(file), &sets, MAX_TRIALS, false);
    experiment.unwrap_or_else(|error| panic!("{error}")).trials.remove(0)
}

/// A network is an `mlp` unless it says what it is.
fn trial(network: &str, optimizer: &str) -> Trial {
    let kind = if network.contains("kind") { "" } else { "kind = 'mlp'\n" };
    let text = format!(
        "dataset.kind = 'cifar10'\noptimizer.kind = '{optimizer}'\n\
         training = {{ steps = 1_000_000_000, batch_size = {BATCH} }}\n\
         evaluation = {{ every_epochs = 1_000_000, train_examples = 100 }}\n\
         [network]\n{kind}{network}\n"
    );
    let path = std::path::Path::new("bench.toml");
    let experiment = Experiment::from_bytes(path, text.as_bytes(), &[], MAX_TRIALS, false);
    experiment.unwrap_or_else(|error| panic!("{error}")).trials.remove(0)
}

fn trainer(trial: &Trial, splits: &Arc<Splits>, threads: usize) -> Trainer {
    let workers = Arc::new(Workers::new(threads));
    let trainer = Trainer::new(Arc::clone(splits), &trial.trainer_config(), workers);
    trainer.expect("a network that fits")
}

/// Noise in the shape and number of CIFAR-10's images: only its memory matters here.
fn splits() -> Arc<Splits> {
    let examples = |n: usize| Examples {
        pixels: (0..n * 3072).map(|i| (i.wrapping_mul(i) >> 7) as u8).collect(),
        labels: (0..n).map(|i| (i % 10) as u16).collect(),
    };
    let names = (0..10).map(|class| class.to_string()).collect();
    let dataset = Dataset::new([3, 32, 32], names, examples(50_000), examples(TEST_EXAMPLES));
    let config = trial("hidden_sizes = []", "sgd").dataset;
    Arc::new(Splits::new(Arc::new(dataset), &config).expect("enough examples"))
}
