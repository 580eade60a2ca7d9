//! Simulated tables of a baseline and its changes: which seeds, which spreads, how many test examples.

use runner::rng::{Purpose, Stream, stream};
use runner::stats::Replicate;

use super::draws::{normal, uniform};

/// How the figures of the configs scatter around their means; 1 is the usual standard deviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spreads {
    /// Normal, all the same.
    Equal,
    /// Normal, rising evenly from 1 of the baseline to 5 of the last change.
    OneToFive,
    /// Normal, falling evenly from 5 of the baseline to 1.
    FiveToOne,
    /// Normal, 5 for one change.
    OneIsFive,
    /// Normal, 5 for the baseline.
    BaselineIsFive,
    /// Student's t with 3 degrees of freedom.
    Heavy,
    /// Exponential.
    Skewed,
    /// Normal, 5 for three changes.
    ThreeAreFive,
    /// Normal, 5 for half of the configs.
    HalfAreFive,
    /// Normal, 20 for one change.
    OneIsTwenty,
}

/// Those for which 5 % is promised.
pub(crate) const PROMISED: [Spreads; 7] = [
    Spreads::Equal,
    Spreads::OneToFive,
    Spreads::FiveToOne,
    Spreads::OneIsFive,
    Spreads::BaselineIsFive,
    Spreads::Heavy,
    Spreads::Skewed,
];

/// Further ones.
pub(crate) const BEYOND: [Spreads; 3] =
    [Spreads::ThreeAreFive, Spreads::HalfAreFive, Spreads::OneIsTwenty];

/// The seeds of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seeds {
    /// The same for all configs; the baseline may have more.
    Same,
    /// Others for each config.
    Apart,
}

/// One kind of table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    pub(crate) changes: usize,
    pub(crate) seeds: usize, // of each change
    pub(crate) of_baseline: usize,
    pub(crate) kind: Seeds,
    pub(crate) spreads: Spreads,
    pub(crate) shared: f64, // standard deviation of what a seed does to all configs
    pub(crate) examples: u32, // of the test set; 0: figures are not rounded
}

/// One standard deviation in accuracy.
const UNIT: f64 = 0.01;

impl Cell {
    pub(crate) fn new(changes: usize, seeds: usize, of_baseline: usize, spreads: Spreads) -> Cell {
        let (kind, shared, examples) = (Seeds::Same, 0.0, 0);
        Cell { changes, seeds, of_baseline, kind, spreads, shared, examples }
    }

    /// The size of one example.
    pub(crate) fn resolution(&self) -> f64 {
        if self.examples == 0 { 0.0 } else { 1.0 / f64::from(self.examples) }
    }

    /// Table number `index`, the baseline first; `true_means` are in standard deviations, 0 where not given.
    pub(crate) fn draw(&self, seed: u64, index: u64, true_means: &[f64]) -> Vec<Vec<Replicate>> {
        let size = (self.changes * 1000 + self.seeds) as u64 * 1000 + self.of_baseline as u64;
        let shared = u64::from(self.shared > 0.0) + 2 * self.kind as u64;
        let cell =
            (size * 32 + self.spreads as u64 * 4 + shared) * 100_000 + u64::from(self.examples);
        let mut stream = stream(seed, Purpose::Synthetic, cell, index);
        let effects: Vec<f64> = match self.shared > 0.0 {
            true => (0..self.most()).map(|_| self.shared * normal(&mut stream)).collect(),
            false => vec![0.0; self.most()],
        };
        let middle = 0.5 + self.resolution() * uniform(&mut stream);
        let mut figure = |config: usize, seed: usize| {
            let mean = true_means.get(config).copied().unwrap_or(0.0);
            let value = mean + effects[seed] + self.noise(&mut stream, config);
            let value = self.rounded(middle + UNIT * value, &mut stream);
            let of_config = if self.kind == Seeds::Apart { 1000 * config } else { 0 };
            Replicate::of_seed((of_config + seed) as u64, value)
        };
        (0..=self.changes)
            .map(|config| {
                let seeds = if config == 0 { self.of_baseline } else { self.seeds };
                (0..seeds).map(|seed| figure(config, seed)).collect()
            })
            .collect()
    }

    fn most(&self) -> usize {
        self.seeds.max(self.of_baseline)
    }

    /// A count of the examples, up or down so that its mean is the accuracy.
    fn rounded(&self, accuracy: f64, stream: &mut Stream) -> f64 {
        if self.examples == 0 {
            return accuracy;
        }
        let examples = f64::from(self.examples);
        (accuracy * examples + uniform(stream)).floor() / examples
    }

    fn noise(&self, stream: &mut Stream, config: usize) -> f64 {
        match self.spreads {
            Spreads::Heavy => {
                let squares: f64 = (0..3).map(|_| normal(stream)).map(|drawn| drawn * drawn).sum();
                normal(stream) / (squares / 3.0).sqrt()
            }
            Spreads::Skewed => -libm::log(uniform(stream)) - 1.0,
            _ => normal(stream) * self.deviation(config),
        }
    }

    fn deviation(&self, config: usize) -> f64 {
        let share = config as f64 / self.changes as f64;
        let five_if = |is_five| if is_five { 5.0 } else { 1.0 };
        match self.spreads {
            Spreads::OneToFive => 1.0 + 4.0 * share,
            Spreads::FiveToOne => 5.0 - 4.0 * share,
            Spreads::OneIsFive => five_if(config == self.changes),
            Spreads::BaselineIsFive => five_if(config == 0),
            Spreads::ThreeAreFive => five_if(config > 0 && config + 3 > self.changes),
            Spreads::HalfAreFive => five_if(2 * config > self.changes),
            Spreads::OneIsTwenty if config == self.changes => 20.0,
            _ => 1.0,
        }
    }
}
