//! How often folds of the same examples call noise a difference, with and without the correction for the training
//! examples that they share (`src/stats/folds.rs`).
//!
//! The tables are of real learners, whose figures depend on which examples they get as those of networks do: each config
//! classifies by the nearest class mean, in features of its own that are as good as those of every other config. So all
//! configs are equal, whatever the examples; on some examples one of them is luckier. Seeds disturb the weights.

use std::fmt::Write;

use runner::rng::{Purpose, Stream, stream};
use runner::stats::{Choice, Fold, Replicate, against};

use super::{asked, chance, parallel, simulations};

const SEED: u64 = 2003;
/// Features of each config.
const FEATURES: usize = 5;

/// Which figure of a run is compared.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Scored {
    /// On the fold that was held out.
    Fold,
    /// On endless test examples.
    Test,
}

/// A kind of table.
#[derive(Debug, Clone, Copy)]
struct Cell {
    configs: usize,
    folds: usize,
    seeds: usize,
    examples: usize,
    noise: f64, // that a seed adds to the weights
}

/// A classifier: the sign of the product with the weights, minus the threshold.
struct Learner {
    weights: [f64; FEATURES],
    threshold: f64,
}

/// The distance of each class mean from the middle, in every feature.
fn mean() -> f64 {
    1.0 / (FEATURES as f64).sqrt()
}

/// The class of an example: they take turns, so that folds by number are stratified.
fn class(example: usize) -> f64 {
    if example.is_multiple_of(2) { 1.0 } else { -1.0 }
}

impl Learner {
    fn trained(
        x: &[[f64; FEATURES]],
        is_in: impl Fn(usize) -> bool,
        noise: [f64; FEATURES],
    ) -> Learner {
        let mut means = [[0.0; FEATURES]; 2];
        let mut counts = [0.0; 2];
        for (i, example) in x.iter().enumerate().filter(|(i, _)| is_in(*i)) {
            let of_class = i % 2;
            counts[of_class] += 1.0;
            means[of_class].iter_mut().zip(example).for_each(|(sum, value)| *sum += value);
        }
        let [a, b] = [0, 1].map(|of| means[of].map(|sum| sum / counts[of]));
        let weights: [f64; FEATURES] = std::array::from_fn(|j| a[j] - b[j] + noise[j]);
        let threshold = (0..FEATURES).map(|j| weights[j] * 0.5 * (a[j] + b[j])).sum();
        Learner { weights, threshold }
    }

    fn is_right(&self, example: &[f64; FEATURES], class: f64) -> bool {
        let sum: f64 = self.weights.iter().zip(example).map(|(w, x)| w * x).sum();
        class * (sum - self.threshold) > 0.0
    }

    /// Its accuracy on all examples that there could be.
    fn accuracy(&self) -> f64 {
        let norm = self.weights.iter().map(|w| w * w).sum::<f64>().sqrt();
        let along: f64 = self.weights.iter().map(|w| w * mean()).sum();
        let below = |z: f64| 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
        0.5 * (below((along - self.threshold) / norm) + below((along + self.threshold) / norm))
    }
}

fn normals(stream: &mut Stream, deviation: f64) -> [f64; FEATURES] {
    std::array::from_fn(|_| deviation * stream.normal())
}

impl Cell {
    /// The runs of each config, scored on the fold and on the test set.
    fn draw(&self, index: u64) -> Vec<[Vec<Replicate>; 2]> {
        let key = ((self.configs * 100 + self.folds) * 100 + self.seeds) * 2
            + usize::from(self.noise > 0.0);
        let mut draws = stream(SEED, Purpose::Synthetic, key as u64, index);
        let fold_of = |example: usize| example / 2 % self.folds;
        let config = |_| {
            let x: Vec<[f64; FEATURES]> = (0..self.examples)
                .map(|i| normals(&mut draws, 1.0).map(|noise| noise + class(i) * mean()))
                .collect();
            let mut runs = [Vec::new(), Vec::new()];
            for (seed, fold) in
                (0..self.seeds).flat_map(|seed| (0..self.folds).map(move |k| (seed, k)))
            {
                let noise = normals(&mut draws, self.noise);
                let learner = Learner::trained(&x, |i| fold_of(i) != fold, noise);
                let held_out = || (0..self.examples).filter(|i| fold_of(*i) == fold);
                let right = held_out().filter(|i| learner.is_right(&x[*i], class(*i))).count();
                let of_fold = right as f64 / held_out().count() as f64;
                let part = Fold { of: self.folds as u64, number: fold as u64 };
                for (runs, value) in runs.iter_mut().zip([of_fold, learner.accuracy()]) {
                    runs.push(Replicate { seed: seed as u64, fold: Some(part), value });
                }
            }
            runs
        };
        (0..self.configs).map(config).collect()
    }

    /// The share of tables in which a config is called different from the first: as if folds were independent, and as
    /// they are. `None` if no table had an interval.
    fn alarms(&self, scored: Scored, tables: u64) -> [f64; 2] {
        let resolution = match scored {
            Scored::Fold => self.folds as f64 / self.examples as f64,
            Scored::Test => 0.0,
        };
        let mut counts = [0_u64; 2];
        for index in 0..tables {
            let table: Vec<Vec<Replicate>> = self
                .draw(index)
                .into_iter()
                .map(|[fold, test]| if scored == Scored::Fold { fold } else { test })
                .collect();
            for (count, is_corrected) in counts.iter_mut().zip([false, true]) {
                let named = |(place, run): (usize, &Replicate)| match is_corrected {
                    true => *run,
                    false => Replicate::of_seed(place as u64, run.value),
                };
                let runs = |runs: &Vec<Replicate>| runs.iter().enumerate().map(named).collect();
                let table: Vec<Vec<Replicate>> = table.iter().map(runs).collect();
                let got = against(&table[0], &table[1..], resolution, Choice::Beforehand);
                *count += u64::from(got.changes.iter().any(|change| change.is_shown()));
            }
        }
        counts.map(|count| count as f64 / tables as f64)
    }
}

/// Configs, folds and seeds.
const SIZES: [[usize; 3]; 8] =
    [[2, 2, 1], [2, 5, 1], [2, 5, 3], [2, 10, 1], [2, 10, 3], [6, 5, 1], [6, 5, 3], [6, 10, 3]];

#[test]
fn folds_show_no_more_than_they_can() {
    let tables = simulations(60);
    let cells: Vec<Cell> = SIZES
        .iter()
        .flat_map(|[configs, folds, seeds]| {
            [0.0, 0.5].map(|noise| Cell {
                configs: *configs,
                folds: *folds,
                seeds: *seeds,
                examples: 100,
                noise,
            })
        })
        .collect();
    let asked_of: Vec<(Cell, Scored)> =
        cells.iter().flat_map(|cell| [(*cell, Scored::Fold), (*cell, Scored::Test)]).collect();
    let rates = parallel(&asked_of, |(cell, scored)| cell.alarms(*scored, tables));
    let mut text = "configs folds seeds noise scored: independent, corrected (%)\n".to_owned();
    let mut worst = [0.0_f64; 2];
    for ((cell, scored), [plain, corrected]) in asked_of.iter().zip(&rates) {
        let Cell { configs, folds, seeds, noise, .. } = cell;
        let [of_plain, of_corrected] = [plain, corrected].map(|rate| 100.0 * rate);
        let _ = writeln!(
            text,
            "{configs:7} {folds:5} {seeds:5} {noise:5} {scored:?}: {of_plain:.1}, {of_corrected:.1}"
        );
        assert!(corrected <= plain, "{cell:?}");
        if *scored == Scored::Fold {
            worst = [worst[0].max(*plain), worst[1].max(*corrected)];
        }
    }
    if asked().is_some() {
        println!("{text}");
    }
    // On folds, of figures that are counted on examples of their own.
    assert!(worst[0] > 0.05, "there is nothing to correct:\n{text}");
    assert!(worst[1] <= 0.05 + chance(0.22, tables), "{text}");
}
