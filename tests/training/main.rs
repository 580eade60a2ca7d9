//! Training through the library: the quick start's networks overfit as the dataset promises, threads
//! change no bit, and a step allocates nothing.

mod allocations;
mod presets;
mod threads;

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use runner::data::{DataOptions, Splits, load};
use runner::experiment::{Experiment, MAX_TRIALS, Trial};
use runner::nn::NetworkConfig;
use runner::runs::metrics::MetricsRow;
use runner::train::{Event, Flow, Outcome, Trainer, Workers};

/// Replicates of each config: one is enough to tell, since every bit is the same each time.
const SEEDS: u64 = 1;

fn quickstart() -> Vec<Trial> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments/quickstart.toml");
    let experiment = Experiment::read(&path, &[], MAX_TRIALS, false).expect("a valid file");
    experiment.trials.into_iter().filter(|trial| trial.seed() < SEEDS).collect()
}

/// A trainer of `trial` that may use `threads` threads of the current pool.
fn trainer(trial: &Trial, splits: &Arc<Splits>, threads: usize) -> Trainer {
    let workers = Arc::new(Workers::new(threads));
    Trainer::new(Arc::clone(splits), &trial.trainer_config(), workers).expect("the network fits")
}

/// The only trial of an experiment.
fn read_only_trial(text: &str) -> Trial {
    let path = Path::new("test.toml");
    let experiment = Experiment::from_bytes(path, text.as_bytes(), &[], MAX_TRIALS, false);
    let mut trials = experiment.unwrap_or_else(|error| panic!("{error}")).trials;
    assert_eq!(trials.len(), 1);
    trials.remove(0)
}

/// The only trial of an experiment, and its data.
fn only_trial(text: &str) -> (Trial, Arc<Splits>) {
    let trial = read_only_trial(text);
    let splits = splits(&trial);
    (trial, splits)
}

fn splits(trial: &Trial) -> Arc<Splits> {
    let options = DataOptions::unheard("no data is needed".into(), true);
    let dataset = Arc::new(load(&trial.dataset.source, &options).expect("it is generated"));
    Arc::new(Splits::new(dataset, &trial.dataset).expect("enough examples"))
}

fn last_row(trial: &Trial, splits: &Arc<Splits>) -> MetricsRow {
    let mut trainer = trainer(trial, splits, 1);
    let mut last = None;
    let outcome = trainer.run(&mut |event, _| {
        if let Event::Evaluated(row, ..) = event {
            last = Some(row);
        }
        Ok(Flow::Continue)
    });
    assert_eq!(outcome.expect("no error"), Outcome::Finished);
    last.expect("at least one row")
}

fn dropout_of(trial: &Trial) -> f64 {
    match &trial.network {
        NetworkConfig::Mlp(mlp) => mlp.dropout,
        other => panic!("{other:?} is no mlp"),
    }
}

#[test]
fn quickstart_overfits_without_dropout_and_less_with_it() {
    let trials = quickstart();
    let splits = splits(&trials[0]);
    let rows: Vec<MetricsRow> = trials.par_iter().map(|trial| last_row(trial, &splits)).collect();
    let mean = |with_dropout: bool, figure: fn(&MetricsRow) -> f32| {
        let of_config =
            trials.iter().zip(&rows).filter(|(t, _)| (dropout_of(t) > 0.0) == with_dropout);
        let values: Vec<f32> = of_config.map(|(_, row)| figure(row)).collect();
        assert_eq!(values.len() as u64, SEEDS);
        values.iter().sum::<f32>() / SEEDS as f32
    };
    let (train, test) =
        (mean(false, |row| row.train_accuracy), mean(false, |row| row.test_accuracy.unwrap()));
    assert!(train >= 0.9, "train accuracy without Dropout: {train}");
    assert!((0.4..=0.6).contains(&test), "test accuracy without Dropout: {test}");
    let narrowed = mean(false, |row| row.gap.unwrap()) - mean(true, |row| row.gap.unwrap());
    assert!(narrowed >= 0.05, "Dropout narrows the gap by {narrowed}");
}
