//! Which examples each step takes: a function of (seed, epoch).

use super::{Batches, TrainingConfig};
use crate::memory;
use crate::rng::{Purpose, stream};

/// The draw of one epoch, in a buffer that is reused.
#[derive(Debug, Clone)]
pub(super) struct EpochOrder {
    batches: Batches,
    examples: usize,
    batch_size: usize,
    kept: usize, // of the order; the rest is a batch that is left out
    order: Vec<u32>,
}

impl EpochOrder {
    pub(super) fn new(training: &TrainingConfig, examples: usize) -> EpochOrder {
        let TrainingConfig { batches, batch_size, .. } = *training;
        let of_full_batches = training.steps_per_epoch(examples) as usize * batch_size;
        let drawn = match batches {
            Batches::WithReplacement => of_full_batches,
            Batches::Shuffled | Batches::Sequential => examples,
        };
        let kept = drawn.min(of_full_batches);
        EpochOrder { batches, examples, batch_size, kept, order: memory::filled(drawn, 0) }
    }

    /// Draws the epoch numbered `epoch`, from 0.
    pub(super) fn draw(&mut self, seed: u64, epoch: u64) {
        let mut stream = stream(seed, Purpose::Batches, 0, epoch);
        match self.batches {
            Batches::WithReplacement => {
                let bound = self.examples as u32;
                self.order.fill_with(|| stream.below(bound));
            }
            Batches::Shuffled | Batches::Sequential => {
                self.order.iter_mut().zip(0..).for_each(|(slot, i)| *slot = i);
            }
        }
        if self.batches == Batches::Shuffled {
            stream.shuffle(&mut self.order);
        }
    }

    /// The step of the epoch that takes an example, and its position in the batch; none if no step
    /// does.
    pub(super) fn place_of(&self, example: u32) -> Option<(u64, usize)> {
        let place = self.order[..self.kept].iter().position(|drawn| *drawn == example)?;
        Some(((place / self.batch_size) as u64, place % self.batch_size))
    }

    /// The examples of the epoch's step `step`, from 0.
    pub(super) fn batch(&self, step: u64) -> &[u32] {
        let start = step as usize * self.batch_size;
        &self.order[start..self.kept.min(start + self.batch_size)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(batches: Batches, drop_last: bool) -> EpochOrder {
        let training =
            TrainingConfig { batches, batch_size: 4, drop_last, ..TrainingConfig::default() };
        EpochOrder::new(&training, 10)
    }

    fn epoch(batches: Batches, epoch: u64) -> Vec<Vec<u32>> {
        let mut order = order(batches, false);
        order.draw(1, epoch);
        (0..3).map(|step| order.batch(step).to_vec()).collect()
    }

    #[test]
    fn a_smaller_last_batch_can_be_left_out() {
        for batches in [Batches::Shuffled, Batches::Sequential, Batches::WithReplacement] {
            for number in [0, 5] {
                let mut dropping = order(batches, true);
                dropping.draw(1, number);
                let kept: Vec<Vec<u32>> =
                    (0..2).map(|step| dropping.batch(step).to_vec()).collect();
                assert_eq!(kept, epoch(batches, number)[..2], "the first are the same");
                let all = epoch(batches, number).concat();
                for example in 0..10 {
                    let place = all[..8].iter().position(|drawn| *drawn == example);
                    let place = place.map(|place| (place as u64 / 4, place % 4));
                    assert_eq!(dropping.place_of(example), place);
                }
            }
        }
    }

    #[test]
    fn shuffled_takes_each_example_once_in_another_order_every_epoch() {
        let batches = epoch(Batches::Shuffled, 0);
        assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 2]);
        assert_ne!(batches, epoch(Batches::Shuffled, 1));
        let mut all = batches.concat();
        all.sort_unstable();
        assert_eq!(all, (0..10).collect::<Vec<_>>());
    }

    #[test]
    fn every_example_is_found_where_it_is() {
        let mut order = order(Batches::Shuffled, false);
        order.draw(1, 2);
        for example in 0..10 {
            let (step, row) = order.place_of(example).unwrap();
            assert_eq!(order.batch(step)[row], example);
        }
        assert_eq!(order.place_of(10), None);
    }

    #[test]
    fn with_replacement_fills_every_batch() {
        let batches = epoch(Batches::WithReplacement, 0);
        assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 4]);
        assert!(batches.concat().iter().all(|&i| i < 10));
    }

    #[test]
    fn sequential_is_the_order_of_the_file() {
        assert_eq!(epoch(Batches::Sequential, 3), [vec![0, 1, 2, 3], vec![4, 5, 6, 7], vec![8, 9]]);
    }
}
